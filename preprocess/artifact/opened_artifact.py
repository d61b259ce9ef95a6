"""An artifact that has been opened: its manifest is read and checked once."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from preprocess.artifact.class_file import parse_classes
from preprocess.artifact.layout import ARTIFACT, REJECTED, Layout
from preprocess.artifact.listed_files import ListedFiles
from preprocess.artifact.manifest import FORMAT_VERSION, Manifest
from preprocess.artifact.manifest_file import read_manifest_file
from preprocess.artifact.opening import opening
from preprocess.artifact.output_file import OutputFile
from preprocess.artifact.rejected_reasons import Reason, parse_reasons
from preprocess.artifact.statistics import Statistics, parse_statistics
from preprocess.artifact.word_index import WordIndex
from preprocess.core.errors import ArtifactError, UsageError
from preprocess.core.output import settle
from preprocess.core.storage import storage_of
from preprocess.spec import Spec


@dataclass(frozen=True)
class OpenedArtifact:
    """A finished artifact; what is read of it beside the manifest is read when first asked for.

    Attributes:
      layout: where its files lie.
      manifest: what it declares.
    """

    layout: Layout
    manifest: Manifest
    _words: dict[str, WordIndex] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(cls, path: str) -> OpenedArtifact:
        """Opens an artifact.

        Args:
          path: folder or URI that `text2seq build` made.

        Raises:
          ArtifactError: it has no manifest, one of a newer format, or one that does not fit this
            package.
        """
        layout = Layout(path)
        with opening(path, ARTIFACT):
            settle(layout.root, ARTIFACT)
            is_there = storage_of(layout.manifest).exists(layout.manifest)
        if not is_there:
            raise ArtifactError(
                f"{path}: has no manifest.json, so it is no finished artifact; "
                "run `text2seq build` to its end"
            )
        manifest = read_manifest_file(layout.manifest, Manifest, FORMAT_VERSION, ARTIFACT)
        return cls(layout, manifest)

    @property
    def path(self) -> str:
        """The folder or URI."""
        return self.layout.root

    @cached_property
    def files(self) -> ListedFiles:
        """What its manifest lists, as it was written."""
        return ListedFiles(self.path, self.manifest.files, ARTIFACT)

    @property
    def spec(self) -> Spec:
        """What the build declared."""
        return self.manifest.spec

    @cached_property
    def statistics(self) -> Statistics:
        """The counts of its records.

        Raises:
          ArtifactError: `statistics.json` is missing or damaged, or counts classes that the
            manifest lacks.
        """
        path = self.layout.statistics
        statistics = parse_statistics(self.files.read_text(path), path)
        for label, counts in statistics.total().labels.items():
            names = self.manifest.class_names(label) if label in self.spec.labels else ()
            if not counts.keys() <= set(range(len(names))):
                raise self._contradicted(path, f"class {max(counts)} of {label}", "classes")
        return statistics

    def word_index(self, vocabulary: str) -> WordIndex:
        """The words of a vocabulary, with ids and counts.

        Raises:
          UsageError: the artifact has no such vocabulary.
          ArtifactError: its file is missing or damaged.
        """
        self._check("vocabulary", vocabulary, list(self.manifest.vocabulary_sizes))
        if vocabulary not in self._words:
            path = self.layout.words_tsv(vocabulary)
            words = WordIndex.parse(self.files.read_text(path), path)
            self._check_size(vocabulary, words)
            self._words[vocabulary] = words
        return self._words[vocabulary]

    def first_words(self, vocabulary: str, size: int) -> WordIndex:
        """The words of the first `size` ids; the rest of the file is neither read nor checked.

        Raises:
          ArtifactError: its file is missing, or one of these lines is damaged.
        """
        path = self.layout.words_tsv(vocabulary)
        with opening(path, ARTIFACT), storage_of(path).open(path) as file:
            text = b"".join(itertools.islice(file, size)).decode()
        return WordIndex.parse(text, path)

    def classes(self, label: str) -> Sequence[str]:
        """The name of each value that a label takes in a record, by value; none for a number.

        Raises:
          UsageError: the artifact has no such label.
        """
        self._check("label", label, list(self.spec.labels))
        return self.manifest.class_names(label)

    def shards(self, split: str, boundary: int) -> list[OutputFile]:
        """The record files of a bucket, in order.

        Raises:
          UsageError: the artifact has no such split or bucket.
        """
        self.check_split(split)
        self.check_bucket(boundary)
        return self.manifest.files_in(self.layout.relative(self.layout.bucket(split, boundary)))

    def records(self, split: str, boundary: int) -> int:
        """Number of records of a bucket."""
        return sum(file.records or 0 for file in self.shards(split, boundary))

    def rejected_reasons(self) -> list[Reason]:
        """Why rows were rejected, the most frequent reason first.

        Raises:
          ArtifactError: a file is missing or damaged.
        """
        files = [file for file in self.manifest.files_in(REJECTED) if file.records]
        paths = [self.layout.path(file.path) for file in files]
        return parse_reasons((path, self.files.read_text(path)) for path in paths)

    def check_vocabularies(self) -> None:
        """Compares words and classes with what the manifest says of them.

        Raises:
          ArtifactError: a file is missing or damaged, or holds others.
        """
        for vocabulary in self.manifest.vocabulary_sizes:
            self.word_index(vocabulary)
        for label, classes in self.manifest.classes.items():
            path = self.layout.classes(label)
            found = parse_classes(self.files.read_text(path))
            if found != classes:
                raise self._contradicted(path, f"{len(found):,} classes", f"classes.{label}")

    def _check_size(self, vocabulary: str, words: WordIndex) -> None:
        size = self.spec.vocabularies[vocabulary].ids.first_token + len(words)
        if size != self.manifest.vocabulary_sizes[vocabulary]:
            path = self.layout.words_tsv(vocabulary)
            raise self._contradicted(path, f"{size:,} ids", f"vocabulary_sizes.{vocabulary}")

    def _contradicted(self, path: str, got: str, key: str) -> ArtifactError:
        return ArtifactError(
            f"{path}: got {got}, expected those of {key} in {ARTIFACT.manifest}; {ARTIFACT.remedy}"
        )

    def check_split(self, split: str) -> None:
        """Refuses a split that the artifact lacks.

        Raises:
          UsageError: lists the splits.
        """
        self._check("split", split, self.manifest.splits)

    def check_bucket(self, boundary: int) -> None:
        """Refuses a bucket that the artifact lacks.

        Raises:
          UsageError: lists the buckets.
        """
        self._check("bucket", boundary, self.manifest.buckets.boundaries)

    def _check(self, what: str, got: str | int, known: Sequence[str | int]) -> None:
        if got not in known:
            listed = ", ".join(map(str, known)) or "none"
            raise UsageError(f"{self.path}: got the {what} {got!r}, expected one of {listed}")
