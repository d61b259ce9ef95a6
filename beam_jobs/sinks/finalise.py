"""The last step of a build: balance the books, export serving, and write the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version

from google.protobuf import text_format

from beam_jobs.job import Job
from beam_jobs.records.record_schema import record_schema
from beam_jobs.sinks.books import Books
from beam_jobs.subwords import in_manifest, is_trained
from preprocess.artifact.manifest import FORMAT_VERSION, Manifest
from preprocess.artifact.output_file import OutputFile, described
from preprocess.artifact.record_layout import RecordLayout
from preprocess.core.errors import Text2SeqError, across_workers
from preprocess.core.storage import (
    TEMPORARY,
    StoredFile,
    delete_tree,
    storage_of,
    write_file,
)
from preprocess.graph.serving import export_serving, op_libraries
from preprocess.spec import Spec

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

    job: Job

    def __call__(self, books: Books, records: RecordLayout) -> Manifest:
        """Checks, exports, writes.

        Raises:
          RuntimeError: carries a `BooksError`, `RejectsError` or `InputError` to the launcher.
        """
        try:
            books.check()
        except Text2SeqError as error:
            raise across_workers(error) from error
        layout = self.job.layout
        write_file(layout.statistics, [books.statistics.to_json().encode()])
        self._write_schemas(records)
        self._delete_leftovers()
        export_serving(layout.transform, self.job.spec, layout.serving)
        manifest = self._manifest(books, records)
        write_file(layout.manifest, [manifest.to_json().encode()])
        return manifest

    def _delete_leftovers(self) -> None:
        """Deletes what `write_file` began in an attempt that failed."""
        for file in self._found():
            if file.path.endswith(TEMPORARY):
                delete_tree(file.path)

    def _write_schemas(self, records: RecordLayout) -> None:
        layout = self.job.layout
        schemas = {layout.raw_schema: self.job.schema}
        for boundary in records.buckets.boundaries:
            schemas[layout.schema(boundary)] = record_schema(records, boundary)
        for path, schema in schemas.items():
            write_file(path, [text_format.MessageToString(schema).encode()])

    def _manifest(self, books: Books, records: RecordLayout) -> Manifest:
        spec, statistics = self.job.spec, books.statistics
        known = [shard.file for shard in books.shards] + [part.file for part in books.rejected]
        return Manifest(
            format_version=FORMAT_VERSION,
            versions=_versions(spec),
            spec=in_manifest(spec),
            inputs=books.inputs,
            rows=books.rows,
            buckets=records.buckets,
            padding_fraction=statistics.total().padding_fraction,
            padding_fractions={s: of.padding_fraction for s, of in statistics.root.items()},
            vocabulary_sizes={name: self._size(name) for name in spec.vocabularies},
            classes=dict(records.classes),
            kept=dict(records.kept),
            op_libraries=op_libraries(spec),
            dictionaries=dict(self.job.dictionaries),
            files=sorted([*known, *self._others(known)], key=lambda file: file.path),
        )

    def _size(self, vocabulary: str) -> int:
        path, lines = self.job.layout.words_tsv(vocabulary), 0
        with storage_of(path).open(path) as file:
            while block := file.read(_BLOCK):
                lines += block.count(b"\n")
        return lines + self.job.spec.vocabularies[vocabulary].ids.first_token

    def _others(self, known: Iterable[OutputFile]) -> Iterator[OutputFile]:
        """Every file of the artifact that no writer has described."""
        written = {file.path for file in known}
        for path in [self.job.layout.statistics, *(file.path for file in self._found())]:
            relative = self.job.layout.relative(path)
            if relative not in written:
                yield described(path, relative)

    def _found(self) -> Iterator[StoredFile]:
        """The files in the folders of the artifact."""
        for folder in self.job.layout.folders:
            yield from storage_of(folder).list(folder)


def _versions(spec: Spec) -> dict[str, str]:
    """Versions of what made the artifact, by the names of distributions."""
    others = [library.replace("_", "-") for library in op_libraries(spec)]
    trainer = ["sentencepiece"] if is_trained(spec) else []
    return {name: version(name) for name in [*_LIBRARIES, *others, *trainer]}
