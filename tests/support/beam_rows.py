"""Rows of every kind, and the plain path from texts to records: the real parts, without Beam."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import tensorflow as tf
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx_bsl.tfxio.tensor_adapter import TensorAdapter

from beam_jobs.analysis import TokenizedBatch
from beam_jobs.analysis.analysis_columns import analysis_columns
from beam_jobs.analysis.token_counts import table_of
from beam_jobs.analysis.vocabulary_files import write_classes, write_vocabulary
from beam_jobs.analysis.vocabulary_parts import VocabularyPart, vocabulary_part
from beam_jobs.job import Job
from beam_jobs.records import RecordPlan
from beam_jobs.runtime.spill import Spill
from beam_jobs.sources import SourceFile
from preprocess.artifact.bucket_plan import BucketPlan
from preprocess.artifact.layout import Layout
from preprocess.artifact.record_layout import RecordLayout
from preprocess.graph.preprocessing import AnalyzedTensors, preprocessing_fn, token_bytes, tokenize
from preprocess.spec import Vocabulary, parse_spec

SPEC = parse_spec("""
features:
  text: {max_length: 4, truncating: pre}
  title: {vocabulary: letters, padding: pre, max_length: 3}
  stars: {kind: numeric, scale: z_score}
labels:
  label: {kind: binary}
  topic: {kind: category}
  tags: {kind: multilabel}
  score: {kind: number}
  place: {kind: number, size: 2}
vocabularies:
  words: {max_size: 3, oov: {hash_buckets: 2}, reserved_tokens: ["[MASK]"]}
  letters: {tokenizer: {kind: characters}, oov: drop}
keep: [id, source]
output: {shards: 2}
""")

SCHEMA = text_format.Parse(
    "feature { name: 'id' type: INT } feature { name: 'source' type: BYTES }", schema_pb2.Schema()
)
JOB = Job(SPEC, [SourceFile(0, "a.csv", 100, None, "csv")], SCHEMA, Layout("/artifact"))
RAW = JOB.raw
RECORDS = RecordLayout(
    SPEC,
    BucketPlan(by="text", boundaries=[2, 4], lengths={"title": 3}),
    {"topic": ["art", "sport"], "tags": ["a", "b", "c"]},
    JOB.kept,
)
PLAN = RecordPlan(RECORDS, [[2, 2], [2, 2]])
SCALES = {"stars": (2.5, 0.5)}


def rows_of(texts: Sequence[str], titles: Sequence[str] | None = None) -> pa.RecordBatch:
    """A batch as a source gives it; every other value follows from the number of the row."""
    numbers = range(len(texts))
    values = {
        "_source": [0 for _ in numbers],
        "_row": list(numbers),
        "_split": [0 for _ in numbers],
        "text": [text.encode() for text in texts],
        "title": [title.encode() for title in titles or texts],
        "stars": [n / 2 for n in numbers],
        "label": [n % 2 for n in numbers],
        "topic": [RECORDS.classes["topic"][n % 2].encode() for n in numbers],
        "tags": [[tag.encode() for tag in RECORDS.classes["tags"][: n % 4]] for n in numbers],
        "score": [n / 4 for n in numbers],
        "place": [[float(n), -0.5] for n in numbers],
        "id": list(numbers),
        "source": [f"row {n}".encode() for n in numbers],
    }
    schema = pa.schema(list(RAW.types.items()))
    return pa.RecordBatch.from_pydict(values, schema=schema)


@dataclass(frozen=True)
class Found:
    """The assets of vocabularies and classes, as a build writes them."""

    assets: dict[str, str]

    @classmethod
    def write(
        cls, folder: Path, texts: Sequence[str], titles: Sequence[str] | None = None
    ) -> Found:
        """Counts the tokens of a corpus in plain Python."""
        layout = Layout(str(folder))
        corpora = {"words": texts, "letters": titles or texts}
        assets = {
            name: write_vocabulary(
                name, [_part(corpora[name], vocabulary, layout)], vocabulary, layout
            ).path
            for name, vocabulary in SPEC.vocabularies.items()
        }
        for label, names in RECORDS.classes.items():
            counts = {name.encode(): 1 for name in names}
            assets[label] = write_classes(label, [counts], layout).path
        return cls(assets)

    @property
    def by_name(self) -> dict[str, str | tuple[float, float]]:
        """What a `Sequencer` takes."""
        return {**self.assets, **SCALES}

    def statistics(self, *_: object) -> AnalyzedTensors:
        """What the transform graph takes."""
        paths = {name: tf.constant(path) for name, path in self.assets.items()}
        scales = {name: tf.constant(scale, tf.float64) for name, scale in SCALES.items()}
        return AnalyzedTensors(paths, paths, scales)


def _part(texts: Sequence[str], vocabulary: Vocabulary, layout: Layout) -> VocabularyPart:
    tokens = vocabulary.tokenizer(tf.constant(list(texts), tf.string)).flat_values.numpy().tolist()
    counts = Counter(tokens)
    array = pa.array(list(counts), pa.binary())
    table = table_of(array, np.array(list(counts.values()), np.int64), None)
    with closing(Spill(layout.workspace)) as spill:
        return vocabulary_part([table], vocabulary, spill)


def inputs_of(batch: pa.RecordBatch) -> dict[str, tf.Tensor | tf.RaggedTensor]:
    """The tensors that tf.Transform makes of a batch."""
    return TensorAdapter(RAW.config()).ToBatchTensors(RAW.feed(batch))


def tokenized(batch: pa.RecordBatch) -> TokenizedBatch:
    """What the analysis keeps of a batch."""
    inputs = inputs_of(batch)
    tokens = token_bytes(inputs, tokenize(inputs, SPEC), SPEC)
    columns = analysis_columns(JOB)
    arrays = {
        key: tensor.numpy()
        for column in columns
        for key, tensor in zip(column.keys, column.tensors(inputs, tokens), strict=True)
    }
    return TokenizedBatch.of(arrays, columns)


def transformed(batch: pa.RecordBatch, found: Found) -> dict[str, list]:
    """What the transform graph answers for a batch, as lists."""
    outputs = preprocessing_fn(inputs_of(batch), SPEC, found.statistics)
    return {
        name: value.to_list() if isinstance(value, tf.RaggedTensor) else value.numpy().tolist()
        for name, value in outputs.items()
    }
