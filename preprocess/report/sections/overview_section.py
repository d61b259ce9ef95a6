"""What the data are: rows, features, labels, vocabularies, versions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydantic import BaseModel

from preprocess.inspection.text_tables import size
from preprocess.report.artifact_data import ArtifactData
from preprocess.report.page import Cell, KeyFigure, Paragraph, Section, Table
from preprocess.report.prose import Text, code, join, listing, markup, name, percent, plural
from preprocess.report.sections.lengths_section import padding_without_buckets
from preprocess.spec import TRAIN

_KINDS = {
    "text": "text",
    "numeric": "number",
    "binary": "yes/no label",
    "category": "category",
    "multilabel": "set of tags",
    "number": "number to predict",
}
_MOST_FILES = 10
_MOST_NAMED = 3  # files at the top of the page
_MOST_FIGURES = 2  # vocabularies at the top of the page


def headline(data: ArtifactData) -> Text:
    """`19,950 records: text and stars → label and topic`."""
    parts = [plural(data.records, "record"), ": ", listing(list(data.spec.features))]
    if data.spec.labels:
        parts += [" → ", listing(list(data.spec.labels))]
    return markup("{}{}" + "{}" * (len(parts) - 2), *parts)


def summary(data: ArtifactData) -> Text:
    """What the headline's names mean, and where they come from."""
    spec, rows = data.spec, data.manifest.rows
    features = listing([_named(n, f.kind) for n, f in spec.features.items()])
    labels = listing([_named(n, label.kind) for n, label in spec.labels.items()])
    total = sum(file.bytes for file in data.manifest.inputs)
    return join(
        [
            markup(
                "Each record has {}{}{}.",
                features,
                ", and is labelled with " if labels else "; there are no labels",
                labels,
            ),
            markup(
                "{} of {} ({}) became {}; {}.",
                plural(rows.read, "row"),
                plural(sum(file.files or 1 for file in data.manifest.inputs), "file"),
                size(total),
                plural(data.records, "record"),
                f"{rows.rejected:,} ({percent(rows.rejected / rows.read)}) could not be used"
                if rows.rejected
                else "none was rejected",
            ),
        ]
    )


def corpus(data: ArtifactData) -> Text:
    """The files that were read, the first of them by name."""
    files = data.manifest.inputs
    shown = [code(file.path.rsplit("/", 1)[-1]) for file in files[:_MOST_NAMED]]
    if hidden := len(files) - len(shown):
        shown.append(markup("{}", plural(hidden, "more file")))
    return markup("Corpus: {}. Artifact: {}.", listing(shown), name(data.path))


def _named(column: str, kind: str) -> Text:
    return markup("a {} ({})", _KINDS[kind], code(column))


def key_figures(data: ArtifactData) -> Iterator[KeyFigure]:
    """The numbers that one looks for first."""
    rows, manifest = data.manifest.rows, data.manifest
    shares = " · ".join(f"{split} {n:,}" for split, n in rows.written.items())
    yield KeyFigure(f"{data.records:,}", "records", shares)
    rejected = percent(rows.rejected / rows.read if rows.read else 0)
    yield KeyFigure(f"{rows.rejected:,}", "rows rejected", f"{rejected} of those read")
    for vocabulary in list(data.words)[:_MOST_FIGURES]:
        called = "words" if len(data.words) == 1 else f"words of {vocabulary}"
        yield KeyFigure(f"{_words(data, vocabulary):,}", called, _oov(data, vocabulary))
    if (without := padding_without_buckets(data)) is not None:
        note = f"of {manifest.buckets.by}; {percent(without)} if padded to the longest"
        yield KeyFigure(percent(manifest.padding_fraction), "padding", note)


def _words(data: ArtifactData, vocabulary: str) -> int:
    return len(data.words[vocabulary]) - data.spec.vocabularies[vocabulary].ids.reserved


def _oov(data: ArtifactData, vocabulary: str) -> str:
    held_out = next((split for split in reversed(data.splits) if split != TRAIN), TRAIN)
    tokens, oov = data.tokens(held_out, vocabulary)
    return f"{percent(oov / tokens)} of {held_out}'s tokens are unknown" if tokens else ""


def overview_section(data: ArtifactData) -> Section:
    """The section of tables of what was declared and read."""
    tables = [_splits(data), _columns(data), _vocabularies(data), _files(data), _made(data)]
    return Section("overview", "Overview", [Paragraph(_summary(data)), *tables])


def _summary(data: ArtifactData) -> Text:
    written = data.manifest.rows.written
    largest = max(written, key=written.__getitem__, default="")
    empty = [code(split) for split, records in written.items() if not records]
    return join(
        [
            markup(
                "{} of the records are for {}.",
                percent(written[largest] / data.records),
                code(largest),
            )
            if data.records
            else "There are no records at all.",
            markup("There are none for {}: check the inputs.", listing(empty)) if empty else "",
            "Vocabularies, scales and classes come from the train split alone, so the other splits "
            "are as new to a model as later texts will be.",
        ]
    )


def _splits(data: ArtifactData) -> Table:
    columns = ["split", ">records", ">share", *(f">tokens of {n}" for n in data.spec.text_features)]
    rows: list[list[Text | Cell]] = []
    totals = np.zeros(len(data.spec.text_features), np.int64)
    for split, records in data.manifest.rows.written.items():
        tokens = [data.feature(split, n).tokens for n in data.spec.text_features]
        totals += tokens
        share = percent(records / data.records if data.records else 0)
        rows.append(
            [Cell(split, is_header=True), f"{records:,}", share, *(f"{n:,}" for n in tokens)]
        )
    rows.append(["all", f"{data.records:,}", "", *(f"{n:,}" for n in totals)])
    return Table("Records and tokens of each split; tokens before cutting.", columns, rows, True)


def _columns(data: ArtifactData) -> Table:
    rows: list[list[Text | Cell]] = []
    for role, items in (("feature", data.spec.features), ("label", data.spec.labels)):
        for column, item in items.items():
            rows.append([Cell(code(column), is_header=True), role, item.kind, _options(item)])
    rows += [
        [Cell(code(column), is_header=True), "kept", "", "carried along"]
        for column in data.spec.kept
    ]
    return Table("Columns that were declared.", ["column", "role", "kind", "options"], rows)


def _tokenizer(data: ArtifactData, vocabulary: str) -> str:
    kind = data.spec.vocabularies[vocabulary].tokenizer.kind
    used = data.manifest.dictionaries.get(vocabulary)
    return f"{kind} ({used.name} {used.version})" if used else kind


def _vocabularies(data: ArtifactData) -> Table:
    rows: list[list[Text | Cell]] = []
    for vocabulary, declared in data.spec.vocabularies.items():
        unused = declared.unused_keys
        options = _options(declared, leave_out=("tokenizer", "reserved_tokens", *unused))
        ids = data.manifest.vocabulary_sizes[vocabulary]
        words = _words(data, vocabulary)
        rows.append(
            [
                Cell(code(vocabulary), is_header=True),
                _tokenizer(data, vocabulary),
                f"{words:,}",
                f"{ids:,}",
                options,
            ]
        )
    columns = ["vocabulary", "tokenizer", ">words", ">ids", "options"]
    caption = "Vocabularies. Ids are the words and those for padding, unknown and reserved tokens."
    return Table(caption, columns, rows)


def _options(item: BaseModel, leave_out: tuple[str, ...] = ()) -> Text:
    options = item.model_dump(mode="json", exclude_none=True, exclude={"kind", *leave_out})
    return ", ".join(f"{key} {value}" for key, value in options.items())


def _files(data: ArtifactData) -> Table:
    inputs = data.manifest.inputs
    rows: list[list[Text | Cell]] = [
        [
            name(file.title),
            size(file.bytes),
            *(f"{n:,}" for n in (file.read, file.written, file.rejected)),
        ]
        for file in inputs[:_MOST_FILES]
    ]
    if hidden := inputs[_MOST_FILES:]:
        sums = (sum(getattr(f, key) for f in hidden) for key in ("read", "written", "rejected"))
        total = size(sum(file.bytes for file in hidden))
        rows.append([f"and {plural(len(hidden), 'more file')}", total, *(f"{n:,}" for n in sums)])
    columns = ["file", ">size", ">rows read", ">written", ">rejected"]
    return Table("Input files. Rows read = rows written + rows rejected.", columns, rows)


def _made(data: ArtifactData) -> Table:
    versions = ", ".join(f"{name} {version}" for name, version in data.manifest.versions.items())
    output = data.spec.output
    rows: list[list[Text | Cell]] = [
        [Cell("artifact", is_header=True), name(data.path)],
        [Cell("made by", is_header=True), versions],
        [
            Cell("files", is_header=True),
            f"{plural(len(data.manifest.files), 'file')}, "
            f"{size(sum(file.bytes for file in data.manifest.files))}; seed {output.seed}, "
            f"compression {output.compression}",
        ],
    ]
    return Table("How it was made.", ["", ""], rows)
