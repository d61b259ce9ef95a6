"""tf.Transform's part for Beam, imported as `tokenizers.transform_library` imports the rest."""

from __future__ import annotations

from preprocess.tokenizers.transform_library import own_environment, schema_utils, tft

with own_environment():
    import tensorflow_transform.beam as tft_beam
    from tensorflow_transform.beam.tft_beam_io.beam_metadata_io import BeamDatasetMetadata

__all__ = ["BeamDatasetMetadata", "schema_utils", "tft", "tft_beam"]
