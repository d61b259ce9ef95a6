"""How often each class occurs, in each split."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from preprocess.artifact.number_statistics import NumberStatistics
from preprocess.core.columns import RawColumn
from preprocess.report.artifact_data import ArtifactData
from preprocess.report.page import Block, Cell, Heading, Paragraph, Section, Table
from preprocess.report.prose import Text, code, join, markup, name, number, percent

_MOST = 25
_MOST_PLACES = 8


def labels_section(data: ArtifactData) -> Section:
    """The section on labels: a part for each."""
    blocks: list[Block] = []
    for label, declared in data.spec.labels.items():
        blocks.append(Heading(markup("{} <small>({})</small>", code(label), declared.kind)))
        if not declared.has_classes:
            blocks += _number(data, label, declared.raw)
        elif data.splits:
            blocks += [Paragraph(_summary(data, label)), _table(data, label)]
    if not blocks:
        blocks.append(Paragraph("The spec declares no labels: there is nothing to predict."))
    return Section("labels", "Labels", blocks)


def _number(data: ArtifactData, label: str, column: RawColumn) -> list[Block]:
    what = f"a list of {column.shape[0]:,} numbers" if column.shape else "a number"
    text = markup(
        "{} is {}. A model learns it by its distance from the mean of the train split, in standard "
        "deviations, and answers in its own units.",
        code(label),
        what,
    )
    counted = {s: data.artifact.statistics.of(s).numbers.get(label) for s in data.splits}
    known = {split: numbers for split, numbers in counted.items() if numbers is not None}
    return [Paragraph(text), _means(known)] if known else [Paragraph(text)]


def _means(counted: Mapping[str, NumberStatistics]) -> Table:
    places = len(next(iter(counted.values())).mean)
    rows: list[list[Text | Cell]] = [
        [
            Cell(split, is_header=True),
            *([str(place)] if places > 1 else []),
            number(numbers.mean[place]),
            number(numbers.deviation[place]),
        ]
        for split, numbers in counted.items()
        for place in range(min(places, _MOST_PLACES))
    ]
    columns = ["split", *([">place"] if places > 1 else []), ">mean", ">standard deviation"]
    rest = f" The first {_MOST_PLACES} of {places:,} places." if places > _MOST_PLACES else ""
    return Table(f"Mean and standard deviation of each split.{rest}", columns, rows)


def _summary(data: ArtifactData, label: str) -> Text:
    split = data.main_split
    shares = _shares(data, split, label)
    has_one = data.spec.labels[label].has_one_class
    text = _balance(data, split, label) if has_one else _sets(data, split, label)
    return join([text, _unseen(data, label, shares), _drift(data, split, label)])


def _shares(data: ArtifactData, split: str, label: str) -> NDArray[np.float64]:
    """Share of a split's records that bear each class."""
    return data.class_counts(split, label) / max(data.manifest.rows.written[split], 1)


def _balance(data: ArtifactData, split: str, label: str) -> Text:
    shares, classes = _shares(data, split, label), data.classes(label)
    most, least = int(shares.argmax()), int(shares.argmin())
    if shares[most] == 1:
        template = "Every {} record has the class {}: there is nothing to learn."
        return markup(template, split, name(classes[most]))
    if shares[most] == shares[least]:
        return markup("Every class has <b>{}</b> of the {} records.", percent(shares[most]), split)
    ratio = shares[most] / shares[least] if shares[least] else np.inf
    if ratio < 1.5:
        verdict = "are balanced"
    elif ratio < 3:
        verdict = "are somewhat uneven"
    else:
        verdict = "are uneven, so look at each class rather than at the accuracy"
    return markup(
        "The classes {}: {} has {} of the {} records, {} {}. Always answering {} would be right "
        "for <b>{}</b>.",
        verdict,
        name(classes[most]),
        percent(shares[most]),
        split,
        name(classes[least]),
        percent(shares[least]),
        name(classes[most]),
        percent(shares[most]),
    )


def _sets(data: ArtifactData, split: str, label: str) -> Text:
    shares, classes = _shares(data, split, label), data.classes(label)
    if not len(shares):
        return "There are no classes."
    return markup(
        "A {} record bears {} of the {} classes on average; {} is the most frequent, with {} of "
        "the records.",
        split,
        f"{shares.sum():.2f}",
        len(classes),
        name(classes[int(shares.argmax())]),
        percent(shares.max()),
    )


def _unseen(data: ArtifactData, label: str, train: NDArray[np.float64]) -> Text:
    missing = [c for c, share in zip(data.classes(label), train, strict=True) if not share]
    if not missing:
        return ""
    return markup("{} does not occur in train, so it cannot be learnt.", name(missing[0]))


def _drift(data: ArtifactData, split: str, label: str) -> Text:
    """How far the other splits are from the first."""
    train = _shares(data, split, label)
    others = [_shares(data, other, label) for other in data.splits if other != split]
    if not others or not len(train):
        return ""
    points = 100 * max(float(np.abs(other - train).max()) for other in others)
    if points < 0.05:
        return "The splits are alike: all shares are the same."
    if points < 3:
        return markup(
            "The splits are alike: no share differs by more than {} points.", f"{points:.1f}"
        )
    return markup(
        "The splits differ: the share of a class by up to {} points, so judge with care.",
        f"{points:.1f}",
    )


def _table(data: ArtifactData, label: str) -> Table:
    counts = {split: data.class_counts(split, label) for split in data.splits}
    shares = {split: _shares(data, split, label) for split in data.splits}
    first, classes = counts[data.splits[0]], data.classes(label)
    order = np.argsort(-first, kind="stable") if len(classes) > _MOST else np.arange(len(classes))
    most = max((float(s.max(initial=0)) for s in shares.values()), default=0) or 1.0
    rows: list[list[Text | Cell]] = []
    for index in order[:_MOST]:
        cells: list[Text | Cell] = [Cell(name(classes[index]), is_header=True)]
        for split in data.splits:
            share = float(shares[split][index])
            text = markup("{:,} <small>({})</small>", int(counts[split][index]), percent(share))
            cells.append(Cell(text, bar=share / most, colour=data.colour(split)))
        rows.append(cells)
    hidden = len(classes) - _MOST
    rest = f" The {_MOST} most frequent of {len(classes):,} classes." if hidden > 0 else ""
    caption = markup("Records with each class, and their share of the split.{}", rest)
    return Table(caption, ["class", *(f">{split}" for split in data.splits)], rows)
