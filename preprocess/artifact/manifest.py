"""The manifest: written last, and what makes a folder an artifact."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, model_validator

from preprocess.artifact.bucket_plan import BucketPlan
from preprocess.artifact.contradictions import (
    check_declared,
    check_keys,
    check_paths,
    check_records,
    check_shards,
    contradiction,
)
from preprocess.artifact.manifest_file import dump_manifest
from preprocess.artifact.output_file import OutputFile
from preprocess.artifact.record_layout import RecordLayout
from preprocess.core.columns import Dtype
from preprocess.core.declared import Count, Declared
from preprocess.core.op_libraries import OpLibrary
from preprocess.spec import Spec
from preprocess.tokenizers import UsedDictionary

FORMAT_VERSION = 2


class InputFile(Declared):
    """A file, a group of files or a table that was read, and what became of its rows."""

    path: str
    """Path of the file, the pattern that a group of files matches, each of them a row, or
    `table:SPLIT` for a table that was in memory."""
    split: str | None
    """The split that `--input SPLIT=` gave; null where the spec assigns splits."""
    bytes: Count
    read: Count
    written: Count
    rejected: Count
    files: Count | None = None
    """How many files a group has; null for one file."""
    sha256: str | None = None
    """SHA-256, in hex: of the names and sizes of a group's files, below the folder that holds them
    all; of a table's Arrow data; null for one file."""

    @property
    def is_table(self) -> bool:
        """Whether it was in memory."""
        return self.sha256 is not None and self.files is None

    @property
    def title(self) -> str:
        """The path, and how many files it stands for."""
        return self.path if self.files is None else f"{self.path} ({self.files:,} files)"


class RowCounts(Declared):
    """The books: read = the sum of written + rejected."""

    read: Count
    written: dict[str, Count]
    """Records by split."""
    rejected: Count


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
    vocabulary_sizes: dict[str, Count]
    """Number of ids of each vocabulary, padding and OOV ids included: rows of an embedding."""
    classes: dict[str, list[str]]
    """Classes of each category or multilabel, in the order of their indices."""
    kept: dict[str, Dtype]
    """dtype of each kept column: int64, float32 or string."""
    op_libraries: list[OpLibrary]
    """Python packages whose ops `transform/` and `serving/` need beside TensorFlow's."""
    dictionaries: dict[str, UsedDictionary] = Field(default_factory=dict)
    """Dictionaries that are part of the graph, by vocabulary."""
    files: list[OutputFile]

    @model_validator(mode="after")
    def _fits_the_spec(self) -> Manifest:
        check_declared(self.spec, self.vocabulary_sizes, self.classes, self.kept)
        by, texts = self.buckets.by, list(self.spec.text_features)
        check_keys("buckets.by and buckets.lengths", [by, *self.buckets.lengths], texts)
        if by in self.buckets.lengths:
            raise contradiction("buckets.lengths", by, "every other text feature")
        return self

    @model_validator(mode="after")
    def _lists_what_was_written(self) -> Manifest:
        rows, counted = self.rows, sum(self.rows.written.values()) + self.rows.rejected
        if rows.read != counted:
            expected = f"the {counted:,} that were written or rejected"
            raise contradiction("rows.read", f"{rows.read:,} rows", expected)
        check_paths(self.files)
        boundaries = self.buckets.boundaries
        check_records(self.files, rows.written, boundaries)
        check_shards(self.files, rows.written, boundaries, self.spec.output.shards)
        return self

    def to_json(self) -> str:
        return dump_manifest(self.model_dump(mode="json"))

    @property
    def splits(self) -> list[str]:
        """The splits of the artifact."""
        return list(self.rows.written)

    @property
    def record_layout(self) -> RecordLayout:
        """What the records hold."""
        return RecordLayout(self.spec, self.buckets, self.classes, self.kept)

    def class_names(self, label: str) -> Sequence[str]:
        """The name of each value that a label takes in a record, by value; none for a number."""
        return self.spec.labels[label].names(self.classes.get(label, ()))

    def files_in(self, folder: str) -> list[OutputFile]:
        """The files of one of the folders that `layout` names, such as `EXAMPLES`."""
        return [file for file in self.files if file.path.startswith(f"{folder}/")]
