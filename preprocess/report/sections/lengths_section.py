"""How long the texts are, and what padding them costs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from preprocess.core.buckets import best_boundaries, padded_tokens
from preprocess.report.artifact_data import ArtifactData
from preprocess.report.charts.length_chart import length_chart
from preprocess.report.page import Block, Cell, Figure, Heading, Paragraph, Section, Table
from preprocess.report.palette import PADDING
from preprocess.report.prose import Text, code, join, markup, percent, plural


def lengths_section(data: ArtifactData) -> Section:
    """The section on lengths: a part for each text feature, that of the buckets first."""
    by = data.manifest.buckets.by
    others = [name for name in data.spec.text_features if name != by]
    blocks: list[Block] = []
    for name in (by, *others):
        if others:
            blocks.append(Heading(code(name)))
        blocks += _feature(data, name)
    return Section("lengths", "Lengths and padding", blocks)


def padding_without_buckets(data: ArtifactData) -> float | None:
    """Fraction of padding if every text were padded to the longest; None without texts."""
    histogram = data.lengths(data.manifest.buckets.by)
    return _padding(histogram, [max(len(histogram) - 1, 1)])


def _feature(data: ArtifactData, name: str) -> list[Block]:
    histogram = data.lengths(name)
    if not histogram.sum():
        return [Paragraph("There are no texts.")]
    blocks: list[Block] = [
        Paragraph(join([_long(data, name), _cut(data, name), _empty(histogram)])),
        *([Figure(*length_chart(data, name))] if np.count_nonzero(histogram) > 1 else []),
        _quantiles(data, name),
    ]
    if name == data.manifest.buckets.by:
        blocks += [Paragraph(_describe_buckets(data, histogram)), _buckets(data, histogram)]
    else:
        blocks.append(Paragraph(_describe_fixed(data, name, histogram)))
    return blocks


def _long(data: ArtifactData, name: str) -> Text:
    split = data.main_split
    middle, most, longest = data.feature(split, name).quantiles((0.5, 0.95, 1.0))
    if longest == int(np.flatnonzero(data.lengths(name, split))[0]):
        return markup("All {} texts have {}.", split, plural(longest, "token"))
    return markup(
        "Half of the {} texts have at most <b>{}</b>, 95 % at most {:,}; the longest has {:,}.",
        split,
        plural(middle, "token"),
        most,
        longest,
    )


def _cut(data: ArtifactData, name: str) -> Text:
    """How much `max_length` took away."""
    limit = data.spec.text_features[name].max_length
    if limit is None:
        return "Nothing was cut."
    tokens = cut = 0
    for split in data.splits:
        before, after = _before(data, split, name), _after(data.lengths(name, split))
        tokens, cut = tokens + before, cut + before - after
    if cut <= 0:
        return markup("None is longer than the limit of {:,}, so nothing was cut.", limit)
    histogram = data.lengths(name)
    longest = max(data.feature(split, name).longest for split in data.splits)
    full = histogram[limit] / histogram.sum() if limit < len(histogram) else 0.0
    end = data.spec.text_features[name].truncating
    return markup(
        "{} of all texts reach the limit of {}{}; what was cut beyond it, at the {}, is {} of all "
        "tokens.",
        percent(full),
        plural(limit, "token"),
        f", the longest had {longest:,}" if longest else "",
        "beginning" if end == "pre" else "end",
        percent(cut / tokens),
    )


def _before(data: ArtifactData, split: str, name: str) -> int:
    """Tokens before cutting, without those that the vocabulary drops."""
    counted = data.feature(split, name)
    vocabulary = data.spec.vocabularies[data.spec.text_features[name].vocabulary]
    return counted.tokens - (counted.oov if vocabulary.drops_oov else 0)


def _after(histogram: NDArray[np.int64]) -> int:
    return int(np.arange(len(histogram)) @ histogram)


def _empty(histogram: NDArray[np.int64]) -> Text:
    if not histogram[0]:
        return ""
    has = "has" if histogram[0] == 1 else "have"
    return markup("{} {} no token at all.", plural(int(histogram[0]), "text"), has)


def _quantiles(data: ArtifactData, name: str) -> Table:
    fractions = (0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
    rows: list[list[Text | Cell]] = []
    for split in data.splits:
        counted = data.lengths(name, split)
        lengths = data.feature(split, name).quantiles(fractions)
        mean = f"{_after(counted) / counted.sum():,.1f}" if counted.sum() else ""
        rows.append([Cell(split, is_header=True), mean, *(f"{n:,}" for n in lengths)])
    columns = ["split", ">mean", ">5 %", ">25 %", ">median", ">75 %", ">95 %", ">longest"]
    caption = markup("Tokens of {} after cutting: 5 % of the texts have at most so many, …", name)
    return Table(caption, columns, rows)


def _padding(histogram: NDArray[np.int64], boundaries: list[int]) -> float | None:
    padded, tokens = padded_tokens(histogram, boundaries)
    return 1 - tokens / padded if padded else None


def _describe_buckets(data: ArtifactData, histogram: NDArray[np.int64]) -> Text:
    boundaries = data.manifest.buckets.boundaries
    longest = max(len(histogram) - 1, 1)
    ours, tokens = padded_tokens(histogram, boundaries)
    alone, _ = padded_tokens(histogram, [longest])
    return join(
        [
            markup(
                "A text is padded to the boundary of its bucket. With {}, <b>{}</b> of the places "
                "that a model reads are padding.",
                plural(len(boundaries), "bucket"),
                percent(1 - tokens / ours),
            ),
            markup(
                "Padded to the longest text ({}) it would be {}: {} times as many places.",
                plural(longest, "token"),
                percent(1 - tokens / alone),
                f"{alone / ours:.1f}",
            )
            if alone > ours
            else "",
            _better(histogram, boundaries, 1 - tokens / ours),
        ]
    )


def _better(histogram: NDArray[np.int64], boundaries: list[int], now: float) -> Text:
    """What twice as many buckets could save."""
    more = best_boundaries(histogram, 2 * len(boundaries))
    least = _padding(histogram, more)
    if least is None or len(more) <= len(boundaries):
        return ""
    verdict = (
        "worth a try where batches stay full"
        if now - least > 0.03
        else "hardly worth smaller buckets"
    )
    return markup(
        "{} would leave {} at best: {}.",
        plural(len(more), "bucket").capitalize(),
        percent(least),
        verdict,
    )


def _buckets(data: ArtifactData, histogram: NDArray[np.int64]) -> Table:
    boundaries, splits = data.manifest.buckets.boundaries, data.splits
    columns = [">tokens up to", *(f">{split}" for split in splits), ">share", ">padding"]
    rows: list[list[Text | Cell]] = []
    for boundary in boundaries:
        counted = data.bucket(boundary)
        padding = counted.padding_fraction if counted.padded_tokens else None
        rows.append(
            [
                f"{boundary:,}",
                *(f"{data.bucket(boundary, split).records:,}" for split in splits),
                percent(counted.records / data.records),
                Cell(percent(padding), bar=padding or 0.0, colour=PADDING),
            ]
        )
    rows.append(_all(data, histogram))
    caption = markup(
        "Buckets by {}: records of each split, share of all records, and the padding among the "
        "tokens of the bucket.",
        code(data.manifest.buckets.by),
    )
    return Table(caption, columns, rows, total=True)


def _all(data: ArtifactData, histogram: NDArray[np.int64]) -> list[Text | Cell]:
    records = [data.manifest.rows.written[split] for split in data.splits]
    padding = _padding(histogram, data.manifest.buckets.boundaries)
    bar = Cell(percent(padding), bar=padding or 0.0, colour=PADDING)
    return ["all", *(f"{n:,}" for n in records), "", bar]


def _describe_fixed(data: ArtifactData, name: str, histogram: NDArray[np.int64]) -> Text:
    """What padding to one length costs a feature that does not choose the bucket."""
    length = data.manifest.buckets.lengths[name]
    longest = max(len(histogram) - 1, 1)
    text = markup(
        "Every text of {} is padded to {}, as {} chooses the bucket: <b>{}</b> of its places are "
        "padding.",
        code(name),
        plural(length, "token"),
        code(data.manifest.buckets.by),
        percent(_padding(histogram, [max(length, longest)])),
    )
    if longest >= length:
        return text
    least = percent(_padding(histogram, [longest]))
    advice = markup(
        "The longest has {}, so {} would lose nothing and leave {}.",
        plural(longest, "token"),
        code(f"max_length: {longest}"),
        least,
    )
    return join([text, advice])
