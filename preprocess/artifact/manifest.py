"""The manifest: written last, and what makes a folder an artifact."""

from __future__ import annotations

import json
from typing import NamedTuple

from pydantic import Field

from preprocess.artifact.layout import Layout
from preprocess.artifact.manifest_file import read_manifest_file
from preprocess.core.declared import Declared
from preprocess.core.errors import ArtifactError, UsageError
from preprocess.core.storage import storage_of
from preprocess.spec import MultilabelLabel, NumberLabel, Spec
from preprocess.spec.features import length_key
from preprocess.tokenizers import UsedDictionary

FORMAT_VERSION = 1


class InputFile(Declared):
    """A file that was read, and what became of its rows."""

    path: str
    split: str | None
    """The split that `--input SPLIT=` gave; null where the spec assigns splits."""
    bytes: int
    read: int
    written: int
    rejected: int


class OutputFile(Declared):
    """A file of the artifact."""

    path: str
    """Path relative to the artifact."""
    bytes: int
    sha256: str
    records: int | None = None
    sha256_records: str | None = None
    """SHA-256 of the TFRecord stream before compression."""


class RowCounts(Declared):
    """The books: read = the sum of written + rejected."""

    read: int
    written: dict[str, int]
    """Records by split."""
    rejected: int


class RecordColumn(NamedTuple):
    """One value of every record of a bucket: `int64`, `float32` or `string`, and its shape."""

    dtype: str
    shape: tuple[int, ...] = ()


class BucketPlan(Declared):
    """How long the sequences of a record are.

    A record goes to the least boundary that is not below the length of the text feature `by`.
    """

    by: str
    boundaries: list[int]
    lengths: dict[str, int]
    """Padded length of each other text feature."""

    def padded_length(self, feature: str, boundary: int) -> int:
        """Length of `feature` in the records of the bucket `boundary`, in tokens."""
        return boundary if feature == self.by else self.lengths[feature]


class Manifest(Declared):
    """Everything a reader needs to know about an artifact."""

    format_version: int
    versions: dict[str, str]
    """Versions of this package and of the libraries that made the artifact."""
    spec: Spec
    inputs: list[InputFile]
    rows: RowCounts
    buckets: BucketPlan
    padding_fraction: float
    """Padding among all tokens of the bucket feature, over all splits."""
    padding_fractions: dict[str, float]
    """Padding among all tokens of the bucket feature, by split."""
    vocabulary_sizes: dict[str, int]
    """Number of ids of each vocabulary, padding and OOV ids included: rows of an embedding."""
    classes: dict[str, list[str]]
    """Classes of each category or multilabel, in the order of their indices."""
    kept: dict[str, str]
    """dtype of each kept column: int64, float32 or string."""
    op_libraries: list[str]
    """Python packages whose ops `transform/` and `serving/` need beside TensorFlow's."""
    dictionaries: dict[str, UsedDictionary] = Field(default_factory=dict)
    """Dictionaries that are part of the graph, by vocabulary."""
    files: list[OutputFile]

    def to_json(self) -> str:
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"

    @property
    def splits(self) -> list[str]:
        """The splits of the artifact."""
        return list(self.rows.written)

    def columns(self, boundary: int) -> dict[str, RecordColumn]:
        """What the records of the bucket `boundary` hold, by key, as in `schema/`."""
        columns = {}
        for name in self.spec.text_features:
            columns[name] = RecordColumn("int64", (self.buckets.padded_length(name, boundary),))
            columns[length_key(name)] = RecordColumn("int64")
        columns |= {name: RecordColumn("float32") for name in self.spec.numeric_features}
        columns |= {name: self._label(name) for name in self.spec.labels}
        return columns | {name: RecordColumn(dtype) for name, dtype in self.kept.items()}

    def _label(self, name: str) -> RecordColumn:
        label = self.spec.labels[name]
        if isinstance(label, MultilabelLabel):
            return RecordColumn("int64", (len(self.classes[name]),))
        if isinstance(label, NumberLabel):
            return RecordColumn("float32", () if label.size is None else (label.size,))
        return RecordColumn("int64")

    def files_in(self, folder: str) -> list[OutputFile]:
        """The files of one of the folders that `layout` names, such as `EXAMPLES`."""
        return [file for file in self.files if file.path.startswith(f"{folder}/")]

    def check_split(self, artifact: str, split: str) -> None:
        """Refuses a split that the artifact lacks.

        Raises:
          UsageError: names `artifact`, and lists the splits.
        """
        if split not in self.splits:
            known = ", ".join(self.splits)
            raise UsageError(f"{artifact}: got the split {split!r}, expected one of {known}")

    def check_bucket(self, artifact: str, boundary: int) -> None:
        """Refuses a bucket that the artifact lacks.

        Raises:
          UsageError: names `artifact`, and lists the buckets.
        """
        if boundary not in self.buckets.boundaries:
            known = ", ".join(map(str, self.buckets.boundaries))
            raise UsageError(f"{artifact}: got the bucket {boundary}, expected one of {known}")

    def shards(self, split: str, boundary: int) -> list[OutputFile]:
        """The record files of a bucket, in order.

        Raises:
          UsageError: the artifact has no such split or bucket.
        """
        self.check_split("artifact", split)
        self.check_bucket("artifact", boundary)
        return self.files_in(Layout("").bucket(split, boundary).lstrip("/"))

    def records(self, split: str, boundary: int) -> int:
        """Number of records of a bucket."""
        return sum(file.records or 0 for file in self.shards(split, boundary))


def read_manifest(artifact: str) -> Manifest:
    """Reads and checks the manifest of an artifact.

    Raises:
      ArtifactError: there is none, it is of a newer format, or it does not fit this package.
    """
    layout = Layout(artifact)
    if not storage_of(layout.manifest).exists(layout.manifest):
        raise ArtifactError(
            f"{artifact}: has no manifest.json, so it is no finished artifact; "
            "run `text2seq build` to its end"
        )
    return read_manifest_file(layout.manifest, Manifest, FORMAT_VERSION, "text2seq build")
