"""`transform/`: what `TFTransformOutput` opens."""

from __future__ import annotations

from typing import Any

import apache_beam as beam
import tensorflow_transform as tft
import tensorflow_transform.beam as tft_beam
from tensorflow_transform.beam.tft_beam_io.beam_metadata_io import BeamDatasetMetadata

from preprocess.core.storage import read_bytes, storage_of, write_file

# tf.Transform's own notes, beside the model in its temporary folder.
_NOTES = ".tft_metadata/"

TransformFn = tuple[beam.PCollection[Any], Any]


class WriteTransform(beam.PTransform[TransformFn, beam.PCollection[Any]]):
    """Writes a transform function, file by file, so that every step may run twice.

    `tft_beam.WriteTransformFn` renames folders at its end: a runner that does that again fails.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path

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
        written: beam.PCollection[Any] = (schema, copied) | "Written" >> beam.Flatten()
        return written


def _copy_model(source: str, destination: str) -> str:
    for file in storage_of(source).list(source):
        relative = file.path.removeprefix(f"{source}/")
        if not relative.startswith(_NOTES):
            write_file(f"{destination}/{relative}", [read_bytes(file.path)])
    return destination
