"""A small artifact written by hand: no Beam, no tf.Transform."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tensorflow as tf
from word_blocks import tsv_of

from preprocess.artifact.bucket_plan import BucketPlan
from preprocess.artifact.layout import Layout, bucket_name, shard_name
from preprocess.artifact.manifest import (
    FORMAT_VERSION,
    InputFile,
    Manifest,
    RowCounts,
)
from preprocess.artifact.number_statistics import NumberStatistics
from preprocess.artifact.output_file import OutputFile
from preprocess.artifact.word_index import Word
from preprocess.core.buckets import bucket_of
from preprocess.spec import Spec

WORDS = [Word("the", 2, 90), Word("cat", 3, 40), Word("tab\t", 4, 7), Word("[b]", 5, 1)]
CLASSES = {"topic": ["art", "sport"], "tags": ["a", "b", "c"]}
SIDE_LENGTH = 3
FULL = {
    "features": {
        "text": {"kind": "text", "max_length": 8},
        "title": {"kind": "text", "max_length": SIDE_LENGTH, "padding": "pre"},
        "stars": {"kind": "numeric"},
    },
    "labels": {
        "label": {"kind": "binary"},
        "topic": {"kind": "category"},
        "tags": {"kind": "multilabel"},
        "score": {"kind": "number"},
        "place": {"kind": "number", "size": 2},
    },
    "keep": ["id", "source"],
}
PLAIN = {"features": {"text": {"max_length": 8}}, "labels": {"label": None}, "keep": ["id"]}
_KEPT = {"id": "int64", "source": "string"}


@dataclass(frozen=True)
class SmallArtifact:
    """What to write.

    Attributes:
      lengths: tokens of each record's `text`, by split.
      boundaries: of the buckets.
      declared: the spec; `id` is kept, and numbers the records of a split from 0.
    """

    lengths: Mapping[str, Sequence[int]]
    boundaries: Sequence[int] = (2, 4, 8)
    declared: Mapping[str, object] = field(default_factory=lambda: PLAIN)
    shards: int = 2
    compression: str = "gzip"
    rejected: Sequence[str] = ()

    def write(self, folder: Path) -> str:
        """Writes records, vocabulary, statistics and, last, the manifest."""
        layout = Layout(str(folder))
        files = [f for split in self.lengths for f in self._write_split(layout, split)]
        files += self._write_others(layout)
        manifest = self._manifest(files)
        Path(layout.manifest).write_text(manifest.to_json())
        return layout.root

    @property
    def spec(self) -> Spec:
        output = {"shards": self.shards, "compression": self.compression}
        return Spec.model_validate({**self.declared, "output": output})

    def _write_split(self, layout: Layout, split: str) -> list[OutputFile]:
        lengths = np.asarray(self.lengths[split], np.int64)
        buckets = bucket_of(lengths, list(self.boundaries))
        files = []
        for index, boundary in enumerate(self.boundaries):
            ids = np.flatnonzero(buckets == index)
            for shard in range(self.shards):
                records = [
                    self.record(int(i), int(lengths[i]), boundary)
                    for i in ids[shard :: self.shards]
                ]
                gzip = self.compression == "gzip"
                name = shard_name(shard, self.shards, ".tfrecord.gz" if gzip else ".tfrecord")
                path = f"{layout.bucket(split, boundary)}/{name}"
                files.append(_write_records(layout, path, records, "GZIP" if gzip else ""))
        return files

    def record(self, number: int, length: int, boundary: int) -> bytes:
        """A record; every value follows from its number."""
        words = [2 + (number + place) % 4 for place in range(length)]
        values = {
            "text": words + [0] * (boundary - length),
            "text_length": [length],
            "title": [0] * (SIDE_LENGTH - 1) + [1],
            "title_length": [1],
            "stars": [number / 2],
            "label": [number % 2],
            "topic": [number % 2],
            "tags": [1, 0, number % 2],
            "score": [number / 4],
            "place": [number / 4, -1.0],
            "id": [number],
            "source": [f"row {number}".encode()],
        }
        spec = self.spec
        names = [
            *spec.features,
            *(f"{n}_length" for n in spec.text_features),
            *spec.labels,
            *spec.kept,
        ]
        features = {name: _feature(values[name]) for name in names}
        return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()

    def _write_others(self, layout: Layout) -> list[OutputFile]:
        texts = {layout.words_tsv("words"): tsv_of(WORDS)}
        for label in self.spec.class_labels:
            texts[layout.classes(label)] = "".join(f"{c}\t5\n" for c in CLASSES[label])
        lines = [
            json.dumps({"source": "a.csv", "row": i, "reason": r})
            for i, r in enumerate(self.rejected)
        ]
        texts[layout.rejected(0, 1)] = "".join(f"{line}\n" for line in lines)
        texts[layout.statistics] = json.dumps({s: self._statistics(s) for s in self.lengths})
        return [_write_text(layout, path, text) for path, text in texts.items()]

    def _statistics(self, split: str) -> dict:
        lengths = np.asarray(self.lengths[split], np.int64)
        buckets = bucket_of(lengths, list(self.boundaries))
        counts: dict = {
            "records": len(lengths),
            "padding_fraction": self._padding([split]),
            "buckets": {},
            "labels": {},
        }
        for index in np.unique(buckets):
            own, boundary = lengths[buckets == index], self.boundaries[index]
            tokens, padded = int(own.sum()), len(own) * boundary
            counts["buckets"][bucket_name(boundary)] = {
                "records": len(own),
                "tokens": tokens,
                "padded_tokens": padded,
                "padding_fraction": 1 - tokens / padded,
            }
        histogram = {
            str(n): int(c) for n, c in zip(*np.unique(lengths, return_counts=True), strict=True)
        }
        tokens = int(lengths.sum())
        counts["features"] = {
            name: {
                "tokens": tokens,
                "oov": min(tokens, 3),
                "longest": int(lengths.max(initial=0)) + 2,
                "oov_fraction": min(tokens, 3) / max(tokens, 1),
                "lengths": histogram,
            }
            for name in self.spec.text_features
        }
        even = sum(1 for number in range(len(lengths)) if number % 2 == 0)
        by_class = {key: n for key, n in (("0", even), ("1", len(lengths) - even)) if n}
        kinds = {name: label.kind for name, label in self.spec.labels.items()}
        counts["labels"] = {name: by_class for name, kind in kinds.items() if kind != "number"}
        counts["numbers"] = {
            name: NumberStatistics.of(np.array(self._numbers(name, len(lengths)))).model_dump()
            for name, kind in kinds.items()
            if kind == "number" and len(lengths)
        }
        return counts

    def _numbers(self, label: str, records: int) -> list:
        """The values that `record` gives a number label."""
        scores = [number / 4 for number in range(records)]
        return scores if label == "score" else [[score, -1.0] for score in scores]

    def _padding(self, splits: Iterable[str]) -> float:
        lengths = np.concatenate([np.asarray(self.lengths[s], np.int64) for s in splits])
        boundaries = np.asarray(self.boundaries)
        padded = boundaries[bucket_of(lengths, list(self.boundaries))].sum()
        return 1 - float(lengths.sum()) / float(padded) if len(lengths) else 0.0

    def _manifest(self, files: list[OutputFile]) -> Manifest:
        spec = self.spec
        written = {split: len(lengths) for split, lengths in self.lengths.items()}
        rejected, total = len(self.rejected), sum(written.values())
        source = {"path": "data/a.csv", "split": None, "bytes": 1234}
        return Manifest(
            format_version=FORMAT_VERSION,
            versions={"text2seq": "0.1.0", "tensorflow": tf.__version__},
            spec=spec,
            inputs=[InputFile(**source, read=total + rejected, written=total, rejected=rejected)],
            rows=RowCounts(read=total + rejected, written=written, rejected=rejected),
            buckets=BucketPlan(
                by="text",
                boundaries=list(self.boundaries),
                lengths={n: SIDE_LENGTH for n in spec.text_features if n != "text"},
            ),
            padding_fraction=self._padding(written),
            padding_fractions={split: self._padding([split]) for split in written},
            vocabulary_sizes={"words": 6},
            classes={name: CLASSES[name] for name in spec.class_labels},
            kept={name: _KEPT[name] for name in spec.kept},
            op_libraries=[],
            files=sorted(files, key=lambda file: file.path),
        )


def _feature(values: list) -> tf.train.Feature:
    if isinstance(values[0], bytes):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))
    if isinstance(values[0], float):
        return tf.train.Feature(float_list=tf.train.FloatList(value=values))
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def _write_records(layout: Layout, path: str, records: list[bytes], compression: str) -> OutputFile:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with tf.io.TFRecordWriter(path, compression) as writer:
        for record in records:
            writer.write(record)
    return _described(layout, path, len(records), Path(path).read_bytes()[-8:].hex())


def _write_text(layout: Layout, path: str, text: str) -> OutputFile:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8", newline="\n")
    return _described(layout, path, text.count("\n"))


def _described(layout: Layout, path: str, records: int, tail: str | None = None) -> OutputFile:
    data = Path(path).read_bytes()
    return OutputFile(
        path=layout.relative(path),
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        records=records,
        tail=tail,
    )
