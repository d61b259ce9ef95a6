"""An artifact, as a program sees it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, Unpack

from preprocess.api.decoding import Ids, decoded
from preprocess.api.input_data import Data, GivenData, columns_of, given_data, path_of
from preprocess.api.notebook import artifact_table
from preprocess.api.quiet_libraries import quiet_libraries
from preprocess.artifact.manifest import Manifest
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.artifact.statistics import Statistics
from preprocess.artifact.word_index import WordIndex
from preprocess.core.errors import InputError, UsageError, VerificationError
from preprocess.core.lazy import lazy_imports
from preprocess.spec import Spec

with lazy_imports():
    from preprocess import prediction
    from preprocess.api import verifying
    from preprocess.data import datasets

if TYPE_CHECKING:
    import numpy as np
    import tensorflow as tf
    from numpy.typing import NDArray

    from preprocess.data.datasets import DatasetKeywords


class Artifact:
    """What `text2seq build` made: a folder, or a URI, whose manifest has been read and checked.

    Example:
      >>> artifact = Artifact.open("artifact")
      >>> artifact.manifest.splits
      ['train', 'test']
    """

    def __init__(self, opened: OpenedArtifact) -> None:
        """Shows an opened artifact; a program calls `Artifact.open`."""
        self._opened = opened
        self._given = GivenData(())

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Artifact:
        """Opens an artifact.

        Args:
          path: folder or URI that `text2seq build` made.

        Raises:
          ArtifactError: it is missing, incomplete or of another format.
        """
        return cls(OpenedArtifact.open(path_of(path, "path")))

    def __repr__(self) -> str:
        return f"Artifact({self.path!r})"

    @property
    def path(self) -> str:
        """The folder or URI."""
        return self._opened.path

    @property
    def manifest(self) -> Manifest:
        """What the artifact declares: inputs, counts of rows, buckets, files."""
        return self._opened.manifest

    @property
    def spec(self) -> Spec:
        """What was declared of the build."""
        return self._opened.spec

    @property
    def statistics(self) -> Statistics:
        """What was counted of the records: tokens, lengths, classes and padding of each split.

        Raises:
          ArtifactError: `statistics.json` is missing or damaged.
        """
        return self._opened.statistics

    def word_index(self, vocabulary: str) -> WordIndex:
        """The words of a vocabulary, with ids and counts.

        Raises:
          UsageError: there is no such vocabulary.
          ArtifactError: its file is missing or damaged.
        """
        return self._opened.word_index(vocabulary)

    def classes(self, label: str) -> Sequence[str]:
        """The name of each value that a label takes in a record, by value; none for a number.

        Raises:
          UsageError: there is no such label.
        """
        return self._opened.classes(label)

    def verify(self, data: Data = None) -> None:
        """Compares every record with what `serving/` answers to the raw rows, in a fresh process.

        Args:
          data: the rows, as for `preprocess.build`; default: the files that the manifest lists,
            and the tables that the artifact was built from, which only the object that `build`
            returned holds.

        Raises:
          VerificationError: records differ; a line for each of the first differences.
          InputError: an input is missing, or has changed since the build.
          ArtifactError: a part of the artifact is missing or damaged.
        """
        with given_rows(self, data) as inputs:
            report = verifying.verification_report(self._opened, inputs)
        if not report.is_good:
            verdict = f"{self.path}: {verifying.verdict(report)}"
            raise VerificationError(verdict, *report.differences)

    def _check_held(self, inputs: Sequence[Any]) -> None:
        """Refuses held tables that have changed, as arrays of NumPy may."""
        listed = {file.path: file.sha256 for file in self.manifest.inputs}
        for table in (item for item in inputs if hasattr(item, "sha256")):
            if listed.get(table.name) != table.sha256:
                raise InputError(
                    f"{table.name}: got other rows than when the artifact was built, expected the "
                    "table as it was; build again, or give the rows: verify(data)"
                )

    def encode(
        self, texts: str | Sequence[Any], feature: str | None = None
    ) -> list[NDArray[np.int64]]:
        """The ids of texts, by the artifact's own graph: as in the records, without padding.

        Args:
          texts: one or several; of a feature of tokens, a list of tokens or several.
          feature: the text feature whose vocabulary and lengths count; default: the one there is,
            or the first declared.

        Returns:
          int64 (tokens,) for each text.

        Raises:
          UsageError: there is no such text feature, or an item is no text.
          ArtifactError: `serving/` is missing or damaged.
        """
        chosen = self._text_feature(feature)
        given = self._several(texts, chosen)
        with quiet_libraries():
            return self._encoder.encode(given, chosen)

    def decode(self, ids: Ids, vocabulary: str | None = None) -> list[str] | list[list[str]]:
        """The words of ids; padding is left out, an id without a word is `[OOV]`.

        Args:
          ids: a sequence of ids, or several: a list of lists or arrays, an array or tensor of two
            dimensions.
          vocabulary: whose ids they are; default: that of the first text feature.

        Returns:
          The words of one sequence; a list of them of several.

        Raises:
          UsageError: there is no such vocabulary, or it has no such id.
        """
        name = vocabulary or self.spec.text_features[self._text_feature(None)].vocabulary
        words, size = self.word_index(name), self.manifest.vocabulary_sizes[name]
        return decoded(ids, words, size)

    def dataset(self, split: str = "train", **options: Unpack[DatasetKeywords]) -> tf.data.Dataset:
        """The records of a split in batches, each from one bucket; every record once.

        Args:
          split: one of the artifact's splits.
          **options: `batch_size` or `batch_tokens`, `shuffle`, `seed`, `epoch`, `shuffle_buffer`,
            `keep`, `drop_remainder`; see `preprocess.dataset`.

        Returns:
          `(features, labels)`, two dicts of tensors.

        Raises:
          UsageError: an unknown split, or options that contradict each other.
          ArtifactError: a record file is missing or of another size than in the manifest.
        """
        with quiet_libraries():
            return datasets.open_split(self._opened, split, **options)

    def _text_feature(self, feature: str | None) -> str:
        texts = list(self.spec.text_features)
        if feature is not None and feature not in texts:
            raise UsageError(
                f"feature: got {feature!r}, expected a text feature of the artifact "
                f"({', '.join(texts)}); give one of them"
            )
        return feature or texts[0]

    def _several(self, texts: str | Sequence[Any], feature: str) -> list[Any]:
        """A list of texts, or of lists of tokens, also where one is given."""
        is_list = not isinstance(texts, str | bytes)
        if self.spec.raw_columns[feature].is_ragged:
            is_list = is_list and not any(isinstance(item, str | bytes) for item in texts)
        return list(texts) if is_list else [texts]

    @cached_property
    def _encoder(self) -> prediction.SignatureEncoder:
        return prediction.SignatureEncoder(self._opened)

    def _holding(self, given: GivenData) -> Artifact:
        """This artifact, which verifies with the tables that it was built from."""
        if given.has_tables:
            self._given = given
        return self

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return artifact_table(self.path, self.manifest)


ArtifactLike: TypeAlias = str | os.PathLike[str] | Artifact
"""An artifact, or the folder or URI of one."""


def opened_artifact(artifact: ArtifactLike) -> OpenedArtifact:
    """The opened value behind an artifact, or below a path.

    Raises:
      ArtifactError: it is missing, incomplete or of another format.
      UsageError: it is neither an artifact nor a path.
    """
    if isinstance(artifact, Artifact):
        return artifact._opened
    return OpenedArtifact.open(path_of(artifact, "artifact"))


@contextmanager
def given_rows(artifact: Artifact, data: Data) -> Iterator[list[Any]]:
    """The rows of an artifact as values of `--input` and tables; none: those of the manifest.

    Args:
      artifact: whose rows they are.
      data: as for `preprocess.build`; None: the tables that the artifact holds, if any.

    Raises:
      InputError: a table that is held has changed since the build.
    """
    given = artifact._given if data is None else given_data(data, artifact.spec)
    with given.stored(columns_of(artifact.spec)) as inputs:
        if data is None:
            artifact._check_held(inputs)
        yield inputs


def read_manifest(artifact: str | os.PathLike[str]) -> Manifest:
    """Reads and checks the manifest of an artifact, a folder or URI.

    Raises:
      ArtifactError: there is none, it is of a newer format, or it does not fit this package.
    """
    return opened_artifact(artifact).manifest
