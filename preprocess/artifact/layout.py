"""Where things lie in an artifact."""

from __future__ import annotations

from dataclasses import dataclass

from preprocess.core.output_paths import MARKER


def bucket_name(boundary: int) -> str:
    """`bucket-00064` for a boundary of 64 tokens."""
    return f"bucket-{boundary:05d}"


def shard_name(shard: int, shards: int, suffix: str) -> str:
    """The name of a file of a bucket, such as `part-00000-of-00004.tfrecord`."""
    return f"part-{shard:05d}-of-{shards:05d}{suffix}"


VOCABULARY, EXAMPLES, REJECTED = "vocabulary", "examples", "rejected"
_FOLDERS = ("transform", "serving", VOCABULARY, EXAMPLES, "schema", REJECTED)


@dataclass(frozen=True)
class Layout:
    """The paths of an artifact below `root`, which may be a URI such as `gs://bucket/artifact`."""

    root: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", self.root.rstrip("/") or "/")

    def path(self, relative: str) -> str:
        """`relative` (as the manifest lists it) below the root."""
        return f"{self.root}/{relative}"

    def relative(self, path: str) -> str:
        """The name under which the manifest lists `path`."""
        return path.removeprefix(f"{self.root}/")

    @property
    def marker(self) -> str:
        """Says that the folder is ours, and may be deleted on a rerun or with `--overwrite`."""
        return self.path(MARKER)

    @property
    def members(self) -> list[str]:
        """Everything that a build may write, the manifest first, but not the marker."""
        return [self.manifest, self.workspace, self.statistics, *self.folders]

    @property
    def folders(self) -> list[str]:
        """The folders of a finished artifact."""
        return [self.path(name) for name in _FOLDERS]

    @property
    def manifest(self) -> str:
        return self.path("manifest.json")

    @property
    def transform(self) -> str:
        return self.path("transform")

    @property
    def serving(self) -> str:
        return self.path("serving")

    @property
    def statistics(self) -> str:
        return self.path("statistics.json")

    @property
    def workspace(self) -> str:
        """Holds everything temporary while a build runs."""
        return self.path(".work")

    def words_tsv(self, vocabulary: str) -> str:
        return self.path(f"{VOCABULARY}/{vocabulary}.tsv")

    def words_json(self, vocabulary: str) -> str:
        return self.path(f"{VOCABULARY}/{vocabulary}.json")

    def subwords(self, vocabulary: str, suffix: str) -> str:
        """The file that a subword tokenizer reads: a model, or a list of pieces."""
        return self.path(f"{VOCABULARY}/{vocabulary}{suffix}")

    def classes(self, label: str) -> str:
        return self.path(f"{VOCABULARY}/{label}.classes.txt")

    @property
    def raw_schema(self) -> str:
        """The tf.Metadata schema of the raw columns."""
        return self.path("schema/raw.pbtxt")

    def schema(self, boundary: int) -> str:
        return self.path(f"schema/{bucket_name(boundary)}.pbtxt")

    def rejected(self, part: int, parts: int) -> str:
        return self.path(f"{REJECTED}/part-{part:05d}-of-{parts:05d}.jsonl")

    def bucket(self, split: str, boundary: int) -> str:
        """The folder of a bucket's shards."""
        return self.path(f"{EXAMPLES}/{split}/{bucket_name(boundary)}")
