"""Which words there are, how often, and how many of the tokens they cover."""

from __future__ import annotations

from collections.abc import Sequence

from preprocess.report.artifact_data import ArtifactData
from preprocess.report.charts.word_charts import word_charts
from preprocess.report.page import Block, Cell, Figure, Heading, Paragraph, Section, Table
from preprocess.report.prose import Text, code, join, listing, markup, percent, plural, word
from preprocess.report.vocabulary_counts import VocabularyCounts
from preprocess.spec import TRAIN

_FREQUENT = 20
_COVERED = (0.5, 0.8, 0.9, 0.95, 0.99)


def words_section(data: ArtifactData) -> Section:
    """The section on words: a part for each vocabulary."""
    blocks: list[Block] = []
    for vocabulary in data.words:
        if len(data.words) > 1:
            blocks.append(Heading(code(vocabulary)))
        blocks += _vocabulary(data, vocabulary)
    return Section("words", "Words", blocks)


def _vocabulary(data: ArtifactData, vocabulary: str) -> list[Block]:
    counts = VocabularyCounts.of(data, vocabulary)
    if not len(counts.words):
        return [Paragraph(markup("The vocabulary {} has no word.", code(vocabulary)))]
    blocks: list[Block] = [Paragraph(join([_covered(counts), _halved(counts), _slope(counts)]))]
    if counts.slope is not None:
        blocks += [Figure(*word_charts(counts, counts.slope, vocabulary)), _needed(counts)]
    blocks.append(Paragraph(_describe_unknown(data, vocabulary)))
    return [*blocks, _unknown(data, vocabulary), _frequent(counts)]


def _covered(counts: VocabularyCounts) -> Text:
    first = min(len(counts.words), 100)
    if first == len(counts.words):
        return markup(
            "The {} cover {} of the train tokens.", _words(first), percent(counts.covered())
        )
    return markup(
        "The {} most frequent words cover {} of the train tokens, all {} <b>{}</b>.",
        first,
        percent(counts.covered(first)),
        f"{len(counts.words):,}",
        percent(counts.covered()),
    )


def _words(number: int) -> str:
    return plural(number, "word")


def _halved(counts: VocabularyCounts) -> Text:
    """Whether so many words are needed."""
    half = len(counts.words) // 2
    if half < 50:
        return ""
    lost = counts.covered() - counts.covered(half)
    if lost < 0.01:
        verdict = "so the rarer half earns little"
    elif lost < 0.03:
        verdict = "so the rarer half earns something"
    else:
        verdict = "so the rarer half is needed"
    return markup(
        "Half as many ({}) would cover {} less, {}.",
        f"{half:,}",
        f"{100 * lost:.2g} points",
        verdict,
    )


def _slope(counts: VocabularyCounts) -> Text:
    slope = counts.slope
    if slope is None:
        return ""
    if abs(slope + 1) < 0.25:
        verdict = "close to Zipf's law, as in natural text"
    elif slope > -1:
        verdict = "flatter than Zipf's law: the words are used more evenly"
    else:
        verdict = "steeper than Zipf's law: few words make up most of the text"
    return markup(
        "Counts fall as rank to the power of {}, {}.",
        f"{slope:.2f}".replace("-", "−"),
        verdict,
    )


def _describe_unknown(data: ArtifactData, vocabulary: str) -> Text:
    rates = {split: _rate(data, split, vocabulary) for split in data.splits}
    train = rates.pop(TRAIN, None)
    known = {split: rate for split, rate in rates.items() if rate is not None}
    if not any([train, *known.values()]):
        return "No token of any split is unknown to the vocabulary."
    if train is None or not known:
        return markup("{} of the tokens are unknown to the vocabulary.", percent(train or 0.0))
    text = listing([markup("{} of {}", percent(rate), split) for split, rate in known.items()])
    worst = max(known.values())
    if worst < 0.001:
        verdict = "hardly a word of a new text is unknown"
    elif worst > 0.1:
        verdict = "a model does not see these words; a larger vocabulary would help"
    elif worst > 1.5 * train + 0.001:
        verdict = "texts to come will hold more unknown words than the train split does"
    else:
        verdict = "new texts hold about as many unknown words as the train split"
    return markup(
        "Unknown words make up {} of the train tokens and {}: {}.", percent(train), text, verdict
    )


def _rate(data: ArtifactData, split: str, vocabulary: str) -> float | None:
    tokens, oov = data.tokens(split, vocabulary)
    return oov / tokens if tokens else None


def _unknown(data: ArtifactData, vocabulary: str) -> Table:
    features = data.spec.features_of(vocabulary)
    rates = [_oov(data, split, name) for split in data.splits for name in features]
    most = max([rate for _, _, rate in rates if rate], default=0.0)
    rows: list[list[Text | Cell]] = []
    for split in data.splits:
        for name in features:
            tokens, oov, rate = _oov(data, split, name)
            share = (rate or 0.0) / most if most else None
            bar = Cell(percent(rate), bar=share, colour=data.colour(split))
            rows.append([Cell(split, is_header=True), code(name), f"{tokens:,}", f"{oov:,}", bar])
    columns = ["split", "feature", ">tokens", ">unknown", ">rate"]
    return Table("Tokens that the vocabulary lacks, before cutting.", columns, rows)


def _oov(data: ArtifactData, split: str, name: str) -> tuple[int, int, float | None]:
    counted = data.feature(split, name)
    rate = counted.oov_fraction if counted.tokens else None
    return counted.tokens, counted.oov, rate


def _needed(counts: VocabularyCounts) -> Table:
    rows: list[Sequence[Text | Cell]] = []
    for fraction in _COVERED:
        number = counts.needed(fraction)
        text = "more than there are" if number is None else f"{number:,}"
        rows.append([f"{100 * fraction:.0f} %", text])
    caption = "Words needed to cover so much of the train tokens."
    return Table(caption, [">coverage", ">words"], rows)


def _frequent(counts: VocabularyCounts) -> Table:
    most = max(int(counts.counts[0]), 1)
    rows: list[list[Text | Cell]] = []
    for rank, (token, number) in enumerate(counts.items(_FREQUENT), 1):
        share = number / counts.tokens if counts.tokens else 0.0
        bar = Cell(f"{number:,}", bar=number / most)
        id = f"{counts.ids[rank - 1]:,}"
        rows.append([f"{rank}", Cell(word(token), is_header=True), id, bar, percent(share)])
    columns = [">rank", "word", ">id", ">count", ">share"]
    return Table("The most frequent words of the train split.", columns, rows)
