"""A few texts as the model reads them, with what it answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from preprocess.artifact.word_index import OOV_TOKEN, WordIndex
from preprocess.data.batching import Batching
from preprocess.data.datasets import DatasetOptions, open_dataset
from preprocess.data.reading import reading_splits
from preprocess.report.answers.answer_kinds import answer_kind
from preprocess.report.artifact_data import ArtifactData
from preprocess.report.chosen_records import choose_records
from preprocess.report.evaluated_model import EvaluatedModel
from preprocess.report.original_texts import OnRows, Originals, RawRows, find_originals
from preprocess.report.page import Block, Paragraph, RecordSample, Section, Token
from preprocess.report.prose import (
    Text,
    code,
    join,
    markup,
    name,
    number,
    plural,
    word,
)
from preprocess.spec.features import length_key

_SHOWN = 60  # tokens of a text
_LONGEST = 600  # characters of an original text
_BATCH = 256

Record = Mapping[str, Any]


def samples_section(
    data: ArtifactData, evaluated: EvaluatedModel, rows: RawRows, on_rows: OnRows
) -> Section:
    """Records that the model answers best and worst, and the shortest one."""
    choices = {choice.row: choice for choice in choose_records(evaluated)}
    records, shortest = _read(data, evaluated.split, set(choices))
    chosen: list[tuple[int, Text, bool | None]] = [
        (row, markup("{} <small>on {}</small>", choice.why, code(choice.label)), choice.good)
        for row, choice in choices.items()
    ]
    if shortest not in choices:
        chosen.append((shortest, "The shortest", None))
    shown = {row: records[row] for row, _, _ in chosen}
    originals = find_originals(data.artifact, rows, evaluated.split, shown, on_rows)
    blocks: list[Block] = [Paragraph(_summary(data, evaluated, originals))]
    blocks += [_sample(data, evaluated, records[one[0]], one, originals) for one in chosen]
    return Section("texts", "A few texts", blocks)


def _summary(data: ArtifactData, evaluated: EvaluatedModel, originals: Originals) -> Text:
    has_oov = any(vocabulary.ids.oov for vocabulary in data.spec.vocabularies.values())
    return join(
        [
            markup(
                "Records of {}, as the model reads them: words and ids, {} of each at most.",
                code(evaluated.split),
                _SHOWN,
            ),
            markup(
                '<span class="token oov">{}<i>1</i></span> marks a word that the vocabulary lacks.',
                OOV_TOKEN,
            )
            if has_oov
            else "",
            markup("Original texts are missing: {}.", originals.missing.rstrip("."))
            if originals.missing
            else "Above them the text as it was read, of the first row that gives this record.",
        ]
    )


def _read(data: ArtifactData, split: str, wanted: set[int]) -> tuple[dict[int, Record], int]:
    """The wanted records by row, in the order of the predictions, and the row of the shortest."""
    by = length_key(data.manifest.buckets.by)
    records: dict[int, Record] = {}
    start, shortest, least = 0, 0, np.inf
    options = DatasetOptions(Batching(_BATCH), shuffle=False, keep=True)
    for features, labels in _batches(data, split, options):
        lengths = features[by].numpy()
        place = int(lengths.argmin())
        rows = {row for row in wanted if start <= row < start + len(lengths)}
        if lengths[place] < least:
            least, shortest = lengths[place], start + place
            rows.add(shortest)
        if rows:
            records |= _rows({**features, **labels}, start, rows)
        start += len(lengths)
    return records, shortest


def _batches(data: ArtifactData, split: str, options: DatasetOptions) -> Iterator[Any]:
    with reading_splits(data.artifact, [split]):
        yield from open_dataset(data.artifact, split, options)


def _rows(features: Mapping[str, Any], start: int, rows: set[int]) -> dict[int, Record]:
    columns = {key: tensor.numpy() for key, tensor in features.items()}
    return {row: {key: column[row - start] for key, column in columns.items()} for row in rows}


def _sample(
    data: ArtifactData,
    evaluated: EvaluatedModel,
    record: Record,
    chosen: tuple[int, Text, bool | None],
    originals: Originals,
) -> RecordSample:
    row, title, good = chosen
    facts: list[tuple[Text, Text]] = [
        (label, answer_kind(evaluated, label).answer(evaluated, label, row))
        for label in evaluated.manifest.labels
    ]
    for column in (*data.spec.numeric_features, *data.spec.kept):
        facts.append((column, _value(record[column])))
    if row in originals.places:
        place = originals.places[row]
        file = place.file.rsplit("/", 1)[-1]
        facts.append(("from", name(f"{file}, {place.unit} {place.number:,}")))
    texts = [
        (
            f"{feature}, {plural(int(record[length_key(feature)]), 'token')}",
            *_tokens(data, feature, record),
        )
        for feature in data.spec.text_features
    ]
    raw = [
        (f"{feature}, as it was read", name(_cut(text)))
        for feature, text in originals.texts.get(row, {}).items()
    ]
    return RecordSample(title, facts, texts, raw, good)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()} …"


def _tokens(data: ArtifactData, feature: str, record: Record) -> tuple[list[Token], int]:
    vocabulary = data.spec.text_features[feature].vocabulary
    index, layout = data.words[vocabulary], data.spec.vocabularies[vocabulary].ids
    ids = [int(i) for i in record[feature] if i]
    tokens = [Token(_word(index, i), i, layout.is_oov(i)) for i in ids[:_SHOWN]]
    return tokens, len(ids) - len(tokens)


def _word(index: WordIndex, token_id: int) -> Any:
    token = index.word(token_id)
    return word(OOV_TOKEN if token is None else token)


def _value(value: Any) -> Text:
    if isinstance(value, bytes):
        return name(value.decode(errors="replace"))
    return str(value) if isinstance(value, np.integer) else number(float(value))
