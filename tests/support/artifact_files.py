"""What stands in an artifact, read without the readers of the package."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tensorflow as tf

Record = dict[str, Any]


def manifest_of(artifact: Path) -> dict[str, Any]:
    return json.loads((artifact / "manifest.json").read_text())


def statistics_of(artifact: Path) -> dict[str, Any]:
    return json.loads((artifact / "statistics.json").read_text())


def words_of(artifact: Path, vocabulary: str = "words") -> dict[str, int]:
    """The word index."""
    return json.loads((artifact / f"vocabulary/{vocabulary}.json").read_text())


def rejected_of(artifact: Path) -> list[dict[str, Any]]:
    paths = sorted(artifact.glob("rejected/*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text().splitlines()]


def shards_of(artifact: Path, split: str = "*", bucket: str = "*") -> list[Path]:
    return sorted(artifact.glob(f"examples/{split}/{bucket}/part-*"))


def stream_of(shard: Path) -> bytes:
    """The bytes of a shard before compression."""
    data = shard.read_bytes()
    return gzip.decompress(data) if shard.suffix == ".gz" else data


def raw_records(shard: Path) -> list[bytes]:
    """Serialized records, by TensorFlow's own reader."""
    compression = "GZIP" if shard.suffix == ".gz" else ""
    return [bytes(record.numpy()) for record in tf.data.TFRecordDataset(str(shard), compression)]


def records_of(artifact: Path, split: str = "*", bucket: str = "*") -> list[Record]:
    """Decoded records: every value a list of Python values, or one where there is one."""
    shards = shards_of(artifact, split, bucket)
    return [decoded(record) for shard in shards for record in raw_records(shard)]


def decoded(record: bytes) -> Record:
    features = tf.train.Example.FromString(record).features.feature
    return {name: _values(features[name]) for name in sorted(features)}


def _values(feature: tf.train.Feature) -> Any:
    values = list(getattr(feature, feature.WhichOneof("kind")).value)
    return values[0] if len(values) == 1 else values


def by_id(records: list[Record], key: str = "id") -> dict[Any, Record]:
    """Records by a kept column, whose texts of digits count as numbers; each value once."""
    found = {_number(record[key]): record for record in records}
    assert len(found) == len(records)
    return found


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, bytes) and value.isdigit() else value


def tree(folder: Path, *below: str) -> dict[str, str]:
    """SHA-256 of every file below some folders, or below all, by path."""
    roots = [folder / name for name in below] or [folder]
    paths = sorted(path for root in roots for path in root.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}


def contents(artifact: Path) -> dict[str, str]:
    """What must be equal for equal input: vocabularies and records."""
    return tree(artifact, "vocabulary", "examples")


def stray_files(artifact: Path) -> set[str]:
    """Files that the manifest does not list, and those that it lists in vain."""
    listed = {file["path"] for file in manifest_of(artifact)["files"]}
    return set(tree(artifact)) ^ (listed | {"manifest.json", ".text2seq"})


def rewrite(shard: Path, records: list[bytes]) -> None:
    """Replaces the records of a shard, with right lengths and checksums."""
    options = "GZIP" if shard.suffix == ".gz" else ""
    with tf.io.TFRecordWriter(str(shard), options) as writer:
        for record in records:
            writer.write(record)


def rows_of(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """The rows of JSON-lines files that parse."""
    for path in paths:
        data = path.read_bytes()
        for line in (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue
