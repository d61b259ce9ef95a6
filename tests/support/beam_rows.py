"""Rows of every kind, and the plain path from texts to records: the real parts, without Beam."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import tensorflow as tf
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx_bsl.tfxio.tensor_adapter import TensorAdapter

from beam_jobs.analysis import RawTensors, TokenizedBatch
from beam_jobs.analysis.analysis import analysis_tensors
from beam_jobs.analysis.token_counts import table_of
from beam_jobs.analysis.vocabulary_files import write_classes, write_vocabulary
from beam_jobs.records import RecordPlan
from beam_jobs.runtime.packing import pack_table
from preprocess.artifact.layout import Layout
from preprocess.artifact.manifest import BucketPlan
from preprocess.graph.preprocessing import Statistics, preprocessing_fn, tokenize
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
RAW = RawTensors.of(SPEC, SCHEMA)
PLAN = RecordPlan(
    BucketPlan(by="text", boundaries=[2, 4], lengths={"title": 3}),
    {"topic": ["art", "sport"], "tags": ["a", "b", "c"]},
)
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
        "topic": [PLAN.classes["topic"][n % 2].encode() for n in numbers],
        "tags": [[tag.encode() for tag in PLAN.classes["tags"][: n % 4]] for n in numbers],
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
                name, [(0, _counts(corpora[name], vocabulary))], vocabulary, layout
            ).path
            for name, vocabulary in SPEC.vocabularies.items()
        }
        for label, names in PLAN.classes.items():
            counts = {name.encode(): 1 for name in names}
            assets[label] = write_classes(label, [counts], layout).path
        return cls(assets)

    @property
    def by_name(self) -> dict[str, str | tuple[float, float]]:
        """What a `Sequencer` takes."""
        return {**self.assets, **SCALES}

    def statistics(self, *_: object) -> Statistics:
        """What the transform graph takes."""
        paths = {name: tf.constant(path) for name, path in self.assets.items()}
        scales = {name: tf.constant(scale, tf.float64) for name, scale in SCALES.items()}
        return Statistics(paths, paths, scales)


def _counts(texts: Sequence[str], vocabulary: Vocabulary) -> bytes:
    tokens = vocabulary.tokenizer(tf.constant(list(texts), tf.string)).flat_values.numpy().tolist()
    counts = Counter(tokens)
    array = pa.array(list(counts), pa.binary())
    return pack_table(table_of(array, np.array(list(counts.values()), np.int64), None))


def inputs_of(batch: pa.RecordBatch) -> dict[str, tf.Tensor | tf.RaggedTensor]:
    """The tensors that tf.Transform makes of a batch."""
    return TensorAdapter(RAW.config()).ToBatchTensors(RAW.feed(batch))


def tokenized(batch: pa.RecordBatch) -> TokenizedBatch:
    """What the analysis keeps of a batch."""
    inputs = inputs_of(batch)
    tensors = analysis_tensors(inputs, tokenize(inputs, SPEC), SPEC, RAW)
    arrays = {name: tensor.numpy() for name, tensor in tensors.items()}
    return TokenizedBatch.of(arrays, SPEC, RAW)


def transformed(batch: pa.RecordBatch, found: Found) -> dict[str, list]:
    """What the transform graph answers for a batch, as lists."""
    outputs = preprocessing_fn(inputs_of(batch), SPEC, found.statistics)
    return {
        name: value.to_list() if isinstance(value, tf.RaggedTensor) else value.numpy().tolist()
        for name, value in outputs.items()
    }
