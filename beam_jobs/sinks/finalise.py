"""The last step of a build: balance the books, export serving, and write the manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.analysis import RawTensors
from beam_jobs.records.record_plan import RecordPlan
from beam_jobs.records.record_schema import record_schema
from beam_jobs.sinks.books import Books
from beam_jobs.sources.columns.raw_schema import DTYPES
from beam_jobs.subwords import in_manifest, is_trained
from preprocess.artifact.layout import Layout
from preprocess.artifact.manifest import FORMAT_VERSION, Manifest, OutputFile
from preprocess.core.errors import Text2SeqError, across_workers
from preprocess.core.storage import (
    TEMPORARY,
    StoredFile,
    delete_tree,
    read_bytes,
    storage_of,
    write_file,
)
from preprocess.graph.serving import export_serving, op_libraries
from preprocess.spec import Spec
from preprocess.tokenizers import UsedDictionary

_LIBRARIES = (
    "text2seq",
    "tensorflow",
    "tensorflow-transform",
    "apache-beam",
    "pyarrow",
    "numpy",
)
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Finaliser:
    """Turns what a build has written into an artifact; the manifest comes last."""

    spec: Spec
    raw: RawTensors
    schema: schema_pb2.Schema
    layout: Layout
    dictionaries: Mapping[str, UsedDictionary] = field(default_factory=dict)

    def __call__(self, books: Books, plan: RecordPlan, statistics: dict[int, Any]) -> Manifest:
        """Checks, exports, writes.

        Raises:
          RuntimeError: carries a `BooksError`, `RejectsError` or `InputError` to the launcher.
        """
        try:
            books.check()
            books.check_rejects(self.spec)
            books.check_statistics(statistics, self.spec)
        except Text2SeqError as error:
            raise across_workers(error) from error
        named = {books.splits[index]: counts for index, counts in sorted(statistics.items())}
        write_file(self.layout.statistics, [_json(_with_fractions(named))])
        self._write_schemas(plan)
        self._delete_leftovers()
        export_serving(self.layout.transform, self.spec, self.layout.serving)
        delete_tree(self.layout.workspace)
        manifest = self._manifest(books, plan, named)
        write_file(self.layout.manifest, [manifest.to_json().encode()])
        return manifest

    def _delete_leftovers(self) -> None:
        """Deletes what `write_file` began in an attempt that failed."""
        for file in self._found():
            if file.path.endswith(TEMPORARY):
                delete_tree(file.path)

    def _write_schemas(self, plan: RecordPlan) -> None:
        raw = text_format.MessageToString(self.schema)
        write_file(self.layout.raw_schema, [raw.encode()])
        for boundary in plan.buckets.boundaries:
            schema = record_schema(self.spec, self.raw, plan, boundary)
            write_file(self.layout.schema(boundary), [text_format.MessageToString(schema).encode()])

    def _manifest(self, books: Books, plan: RecordPlan, statistics: dict[str, Any]) -> Manifest:
        known = [shard.file for shard in books.shards] + [part.file for part in books.rejected]
        return Manifest(
            format_version=FORMAT_VERSION,
            versions=_versions(self.spec),
            spec=in_manifest(self.spec),
            inputs=books.inputs(),
            rows=books.rows(),
            buckets=plan.buckets,
            padding_fraction=padding_fraction(statistics.values()),
            padding_fractions={s: padding_fraction([counts]) for s, counts in statistics.items()},
            vocabulary_sizes={name: self._size(name) for name in self.spec.vocabularies},
            classes=plan.classes,
            kept={name: self._dtype(name) for name in self.spec.keep},
            op_libraries=op_libraries(self.spec),
            dictionaries=dict(self.dictionaries),
            files=sorted([*known, *self._others(known)], key=lambda file: file.path),
        )

    def _dtype(self, kept: str) -> str:
        [kind] = {feature.type for feature in self.schema.feature if feature.name == kept}
        return DTYPES[kind]

    def _size(self, vocabulary: str) -> int:
        lines = read_bytes(self.layout.words_tsv(vocabulary)).count(b"\n")
        return lines + self.spec.vocabularies[vocabulary].ids.first_token

    def _others(self, known: Iterable[OutputFile]) -> Iterator[OutputFile]:
        """Every file of the artifact that no writer has described."""
        described = {file.path for file in known}
        for path in [self.layout.statistics, *(file.path for file in self._found())]:
            relative = self.layout.relative(path)
            if relative not in described:
                yield _described(path, relative)

    def _found(self) -> Iterator[StoredFile]:
        """The files in the folders of the artifact."""
        for folder in self.layout.folders:
            yield from storage_of(folder).list(folder)


def padding_fraction(statistics: Iterable[dict[str, Any]]) -> float:
    """Padding among all tokens of the bucket feature; 0 where there are no records."""
    buckets = [bucket for counts in statistics for bucket in counts.get("buckets", {}).values()]
    padded = sum(bucket["padded_tokens"] for bucket in buckets)
    tokens = sum(bucket["tokens"] for bucket in buckets)
    return 1 - tokens / padded if padded else 0.0


def _with_fractions(statistics: dict[str, Any]) -> dict[str, Any]:
    """Adds the rates that a reader would work out first."""
    for counts in statistics.values():
        counts["padding_fraction"] = padding_fraction([counts])
        for bucket in counts.get("buckets", {}).values():
            bucket["padding_fraction"] = 1 - bucket["tokens"] / bucket["padded_tokens"]
        for feature in counts.get("features", {}).values():
            feature["oov_fraction"] = feature["oov"] / max(feature["tokens"], 1)
    return statistics


def _described(path: str, relative: str) -> OutputFile:
    digest, size = hashlib.sha256(), 0
    with storage_of(path).open(path) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return OutputFile(path=relative, bytes=size, sha256=digest.hexdigest())


def _versions(spec: Spec) -> dict[str, str]:
    """Versions of what made the artifact, by the names of distributions."""
    others = [library.replace("_", "-") for library in op_libraries(spec)]
    trainer = ["sentencepiece"] if is_trained(spec) else []
    return {name: version(name) for name in [*_LIBRARIES, *others, *trainer]}


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
