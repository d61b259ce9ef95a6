"""`transform/`: what `TFTransformOutput` opens."""

from __future__ import annotations

from typing import Any

import apache_beam as beam
import tensorflow as tf
from google.protobuf import text_format

from beam_jobs.runtime.beam_transform import BeamDatasetMetadata, schema_utils, tft, tft_beam
from preprocess.core.columns import RawColumn
from preprocess.core.storage import read_bytes, storage_of, write_file
from preprocess.spec import Spec

# tf.Transform's own notes, beside the model in its temporary folder.
_NOTES = ".tft_metadata/"
_SCHEMA = "schema.pbtxt"  # the name that it reads

TransformFn = tuple[beam.PCollection[Any], Any]


class WriteTransform(beam.PTransform[TransformFn, beam.PCollection[Any]]):
    """Writes a transform function, file by file, so that every step may run twice.

    `tft_beam.WriteTransformFn` renames folders at its end: a runner that does that again fails.
    """

    def __init__(self, path: str, spec: Spec) -> None:
        super().__init__()
        self._path, self._spec = path, spec

    def _extract_input_pvalues(self, transform_fn: tuple[Any, Any]) -> tuple[Any, list[Any]]:
        # Beam cannot see into tf.Transform's metadata by itself.
        model, metadata = transform_fn
        is_deferred = isinstance(metadata, BeamDatasetMetadata)
        return transform_fn, [model, metadata.deferred_metadata] if is_deferred else [model]

    def expand(self, transform_fn: TransformFn) -> beam.PCollection[Any]:
        """Builds the stages; the collection has elements once all files are written."""
        model, metadata = transform_fn
        output = tft.TFTransformOutput
        schema = metadata | "WriteMetadata" >> tft_beam.WriteMetadata(
            f"{self._path}/{output.TRANSFORMED_METADATA_DIR}", model.pipeline
        )
        copied = model | "CopyModel" >> beam.Map(
            _copy_model, f"{self._path}/{output.TRANSFORM_FN_DIR}"
        )
        raw = model | "WriteRawMetadata" >> beam.Map(
            _write_raw, f"{self._path}/{output.RAW_METADATA_DIR}", self._spec
        )
        written: beam.PCollection[Any] = (schema, copied, raw) | "Written" >> beam.Flatten()
        return written


def _write_raw(_model: str, folder: str, spec: Spec) -> str:
    """Writes what `TFTransformOutput.raw_metadata` reads: the raw columns of the features."""
    columns = {name: _parsed(spec.raw_columns[name]) for name in spec.features}
    schema = schema_utils.schema_from_feature_spec(columns)
    write_file(f"{folder}/{_SCHEMA}", [text_format.MessageToString(schema).encode()])
    return folder


def _parsed(raw: RawColumn) -> tf.io.FixedLenFeature | tf.io.RaggedFeature:
    if raw.is_ragged:
        return tf.io.RaggedFeature(raw.dtype, value_key=None, row_splits_dtype=tf.int64)
    return tf.io.FixedLenFeature([], raw.dtype)


def _copy_model(source: str, destination: str) -> str:
    for file in storage_of(source).list(source):
        relative = file.path.removeprefix(f"{source}/")
        if not relative.startswith(_NOTES):
            write_file(f"{destination}/{relative}", [read_bytes(file.path)])
    return destination
