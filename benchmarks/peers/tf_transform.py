"""tf.Transform with its own vocabulary, on our runner, as its documentation would have it.

Arrow in and out, no Python value a row but the serialized record. A read for each pass, as two
passes that share one keep its rows in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import tensorflow as tf
import tensorflow_transform as tft
import tensorflow_transform.beam as tft_beam
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx_bsl.coders.example_coder import RecordBatchToExamples
from tfx_bsl.tfxio.tensor_adapter import TensorAdapterConfig

from beam_jobs.runtime.options import parse_options, runner_of
from peers.job import COLUMNS, LABEL, LENGTH, SHARDS, TEXT, WORDS, Job
from preprocess.tokenizers import Keras

_BATCH_ROWS = 3_000  # about 4 MB of film reviews, as `build` takes them
_SCHEMA = pa.schema([(TEXT, pa.list_(pa.binary())), (LABEL, pa.list_(pa.int64()))])


def run(job: Job) -> None:
    """Analyzes train, transforms and writes both splits."""
    options = parse_options([])
    temporary = str(job.output / "temporary")
    with (
        beam.Pipeline(runner=runner_of(options), options=options) as pipeline,
        tft_beam.Context(temp_dir=temporary),
    ):
        rows = _read(pipeline, "analyze", job.train)
        transform = (rows, _config()) | tft_beam.AnalyzeDataset(_preprocessing_fn)
        _ = transform | tft_beam.WriteTransformFn(str(job.output / "transform"))
        for split, path in job.splits.items():
            _transform(pipeline, transform, split, path, job)


def _transform(pipeline: beam.Pipeline, transform: object, split: str, path: Path, job: Job):
    rows = _read(pipeline, split, path)
    transformed, _ = ((rows, _config()), transform) | f"Transform[{split}]" >> (
        tft_beam.TransformDataset(output_record_batches=True)
    )
    _ = (
        transformed
        | f"Encode[{split}]" >> beam.FlatMapTuple(lambda batch, _: RecordBatchToExamples(batch))
        | f"Write[{split}]"
        >> beam.io.WriteToTFRecord(
            str(job.shard(split, 0).parent / "part"),
            file_name_suffix=".tfrecord.gz",
            num_shards=SHARDS,
        )
    )


def _preprocessing_fn(inputs: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
    tokens = Keras()(inputs[TEXT])
    ids = tft.compute_and_apply_vocabulary(tokens, top_k=WORDS, num_oov_buckets=1)
    # From 1 on, as 0 is padding.
    ids = ids.with_flat_values(ids.flat_values + 1)[:, :LENGTH]
    padded = tf.ensure_shape(ids.to_tensor(shape=[None, LENGTH]), [None, LENGTH])
    return {TEXT: padded, f"{TEXT}_length": ids.row_lengths(), LABEL: inputs[LABEL]}


def _read(pipeline: beam.Pipeline, name: str, path: Path) -> beam.PCollection:
    groups = range(pq.read_metadata(path).num_row_groups)
    return (
        pipeline
        | f"Groups[{name}]" >> beam.Create(list(groups), reshuffle=False)
        | f"Spread[{name}]" >> beam.Reshuffle()
        | f"Read[{name}]" >> beam.FlatMap(_batches, str(path))
    )


def _batches(group: int, path: str) -> Iterator[pa.RecordBatch]:
    file = pq.ParquetFile(path)
    for batch in file.iter_batches(_BATCH_ROWS, row_groups=[group], columns=COLUMNS):
        one_each = pa.array(np.arange(batch.num_rows + 1, dtype=np.int32))
        text, label = batch.column(TEXT).cast(pa.binary()), batch.column(LABEL)
        columns = [pa.ListArray.from_arrays(one_each, column) for column in (text, label)]
        yield pa.RecordBatch.from_arrays(columns, schema=_SCHEMA)


def _config() -> TensorAdapterConfig:
    return TensorAdapterConfig(_SCHEMA, {name: _scalar(name) for name in COLUMNS})


def _scalar(name: str) -> schema_pb2.TensorRepresentation:
    representation = schema_pb2.TensorRepresentation()
    representation.dense_tensor.column_name = name
    representation.dense_tensor.shape.SetInParent()
    return representation
