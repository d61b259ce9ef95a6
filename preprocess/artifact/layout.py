"""Where things lie in an artifact."""

from __future__ import annotations

from dataclasses import dataclass

from preprocess.core.output import FolderKind
from preprocess.core.storage import as_local


def bucket_name(boundary: int) -> str:
    """`bucket-00064` for a boundary of 64 tokens."""
    return f"bucket-{boundary:05d}"


def shard_name(shard: int, shards: int, suffix: str) -> str:
    """The name of a file of a bucket, such as `part-00000-of-00004.tfrecord`."""
    return f"part-{shard:05d}-of-{shards:05d}{suffix}"


VOCABULARY, EXAMPLES, REJECTED = "vocabulary", "examples", "rejected"
_FOLDERS = ("transform", "serving", VOCABULARY, EXAMPLES, "schema", REJECTED)
_MANIFEST, _STATISTICS = "manifest.json", "statistics.json"

ARTIFACT = FolderKind(
    name="artifact",
    command="text2seq build",
    run="build",
    manifest=_MANIFEST,
    members=(_STATISTICS, *_FOLDERS),
)
"""What `text2seq build` leaves in a folder."""


@dataclass(frozen=True)
class Layout:
    """The paths of an artifact below `root`, which may be a URI such as `gs://bucket/artifact`.

    Attributes:
      root: the folder.
      workspace: holds everything temporary while a build runs.
    """

    root: str
    workspace: str = ""

    def __post_init__(self) -> None:
        local = as_local(self.root)
        root = self.root if local is None else local
        object.__setattr__(self, "root", root.rstrip("/") or "/")

    def path(self, relative: str) -> str:
        """`relative` (as the manifest lists it) below the root."""
        return f"{self.root}/{relative}"

    def relative(self, path: str) -> str:
        """The name under which the manifest lists `path`."""
        return path.removeprefix(f"{self.root}/")

    @property
    def folders(self) -> list[str]:
        """The folders of a finished artifact."""
        return [self.path(name) for name in _FOLDERS]

    @property
    def manifest(self) -> str:
        return self.path(_MANIFEST)

    @property
    def transform(self) -> str:
        return self.path("transform")

    @property
    def serving(self) -> str:
        return self.path("serving")

    @property
    def statistics(self) -> str:
        return self.path(_STATISTICS)

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
