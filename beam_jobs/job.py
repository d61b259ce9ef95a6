"""Everything that a build is made of, as one value that its stages are handed."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.sources import SourceFile, split_names
from beam_jobs.sources.columns.raw_schema import DTYPES
from beam_jobs.sources.columns.raw_tensors import RawTensors
from preprocess.artifact.layout import Layout
from preprocess.core.columns import Dtype
from preprocess.core.progress import Progress
from preprocess.spec import TRAIN, Spec
from preprocess.tokenizers import UsedDictionary


@dataclass(frozen=True)
class Job:
    """Everything that a build is made of.

    Attributes:
      spec: what to do.
      files: the raw files.
      schema: tf.Metadata schema of their columns.
      layout: of the artifact.
      progress: counts rows read and written; None on remote runners.
      dictionaries: as `check_tokenizers` gives them.
    """

    spec: Spec
    files: Sequence[SourceFile]
    schema: schema_pb2.Schema
    layout: Layout
    progress: Progress | None = None
    dictionaries: Mapping[str, UsedDictionary] = field(default_factory=dict)

    @functools.cached_property
    def splits(self) -> list[str]:
        """Names of the splits, by index."""
        return split_names(self.spec, self.files)

    @functools.cached_property
    def train(self) -> int:
        """Index of the train split."""
        return self.splits.index(TRAIN)

    @functools.cached_property
    def raw(self) -> RawTensors:
        """The raw columns as tensors."""
        return RawTensors.of(self.spec, self.schema)

    @property
    def kept(self) -> dict[str, Dtype]:
        """dtype of each kept column."""
        types = {feature.name: DTYPES[feature.type] for feature in self.schema.feature}
        return {name: types[name] for name in self.spec.kept}
