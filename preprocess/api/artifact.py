"""An artifact, as a program sees it."""

from __future__ import annotations

from collections.abc import Sequence

from preprocess.artifact.manifest import Manifest
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.artifact.statistics import Statistics
from preprocess.artifact.word_index import WordIndex
from preprocess.spec import Spec


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

    @classmethod
    def open(cls, path: str) -> Artifact:
        """Opens an artifact.

        Args:
          path: folder or URI that `text2seq build` made.

        Raises:
          ArtifactError: it is missing, incomplete or of another format.
        """
        return cls(OpenedArtifact.open(path))

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


def read_manifest(artifact: str) -> Manifest:
    """Reads and checks the manifest of an artifact, a folder or URI.

    Raises:
      ArtifactError: there is none, it is of a newer format, or it does not fit this package.
    """
    return OpenedArtifact.open(artifact).manifest
