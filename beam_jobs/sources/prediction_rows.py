"""Rows to predict: the columns that a model takes, in the order of the raw files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from operator import attrgetter
from typing import TypeAlias

import pyarrow as pa

from beam_jobs.sources import (
    Given,
    InputSplit,
    Reject,
    RowReader,
    SourceFile,
    check_inputs,
    expand,
    input_splits,
    parse_inputs,
    split_names,
)
from beam_jobs.sources.columns.input_column import input_columns
from beam_jobs.sources.columns.raw_schema import kept_type, listed, made_of
from beam_jobs.sources.file_header import FileHeader
from beam_jobs.sources.foreign_files import refuse_foreign
from beam_jobs.sources.formats import format_of
from beam_jobs.sources.preflight import check_type
from preprocess.core.errors import InputError
from preprocess.core.row_position import ROW
from preprocess.spec import Spec
from preprocess.trained_model.model_manifest import ModelManifest

PredictionRow: TypeAlias = pa.RecordBatch | Reject

_THREADS = 8


def rows_to_predict(inputs: Sequence[Given], manifest: ModelManifest) -> Iterator[PredictionRow]:
    """Reads rows of any source format, without labels and splits.

    Every input split is read twice: a first time for the rejected rows, which some formats report
    later than the rows around them.

    Args:
      inputs: as `--input` of a build; a `SPLIT=` is ignored.
      manifest: of the model that is to answer.

    Returns:
      Canonical batches (see `beam_jobs.sources`) of the model's features, in the order of the
      spec, and of the kept columns that a file has; between them, where they stand in the input,
      the rows that cannot be used. A file has a kept column when one of its first rows or its
      header has.

    Raises:
      InputError: at once for files that are missing or lack a feature, a column of a type that
        does not fit, or no rows at all; while reading for a file that is damaged.
    """
    files = expand([replace(item, split=None) for item in parse_inputs(inputs)], manifest.spec)
    with ThreadPoolExecutor(_THREADS) as pool:  # each may be a round trip to a store
        found = list(pool.map(lambda file: _PredictionFile.of(file, manifest), files))
    check_inputs(files, _features_only(manifest.spec, []))
    return chain.from_iterable(file.rows() for file in found)


def _features_only(spec: Spec, names: Sequence[str]) -> Spec:
    """`spec` of rows that have no label and belong to no split."""
    kept = [column for column in spec.keep if column.name in names]
    return spec.model_copy(update={"labels": {}, "splits": None, "keep": kept})


@dataclass(frozen=True)
class _PredictionFile:
    """A file, and how it is read.

    Attributes:
      file: the file.
      reader: reads features and the kept columns that the file has.
    """

    file: SourceFile
    reader: RowReader

    @classmethod
    def of(cls, file: SourceFile, manifest: ModelManifest) -> _PredictionFile:
        """Looks into the file for the columns that it has."""
        refuse_foreign(file)
        sources = manifest.spec.source_columns
        wanted = [sources[name] for name in (*manifest.features, *manifest.kept)]
        header = format_of(file).read_header(file, list(dict.fromkeys(wanted)))
        _check_features(file, header, manifest)
        kept = {
            name: kept_type([header.types.get(sources[name])])
            for name in manifest.kept
            if _may_have(file, header, sources[name])
        }
        spec = _features_only(manifest.spec, list(kept))
        schema = made_of(kept)
        for column in input_columns(spec, schema, format_of(file).has_cells):
            if column.name in kept and format_of(file).types == "declared":
                check_type(file, column, header.types[column.source])
        return cls(file, RowReader(spec, schema, split_names(spec, [file]), frozenset(kept)))

    def rows(self) -> Iterator[PredictionRow]:
        """Reads all rows of the file in order."""
        for input_split in input_splits(self.file):
            yield from self._input_split(input_split)

    def _input_split(self, input_split: InputSplit) -> Iterator[PredictionRow]:
        rejects = [item for item in self.reader.read(input_split) if isinstance(item, Reject)]
        rejects.sort(key=self._row)
        batches = (
            item for item in self.reader.read(input_split) if isinstance(item, pa.RecordBatch)
        )
        return merged(batches, rejects, self._row)

    def _row(self, reject: Reject) -> int:
        return self.file.row(reject.source, reject.row)


def _check_features(file: SourceFile, header: FileHeader, manifest: ModelManifest) -> None:
    for name in manifest.features:
        source = manifest.spec.source_columns[name]
        if header.is_complete and source not in header.types:
            raise InputError(
                f"{file.path}: got no column {source!r}, expected it as the model takes it (the "
                f"file has {listed(header.types)}); rename the column in the file"
            )


def _may_have(file: SourceFile, header: FileHeader, name: str) -> bool:
    """Whether rows of the file may have a kept column; those that lack it are answered without."""
    if format_of(file).has_one_column:  # its header claims every column that is asked for
        return name in format_of(file).path_columns
    if not header.is_complete:
        return True
    return name in header.types and not pa.types.is_null(header.types[name] or pa.null())


def merged(
    batches: Iterable[pa.RecordBatch],
    rejects: Sequence[Reject],
    row_of: Callable[[Reject], int] = attrgetter("row"),
) -> Iterator[PredictionRow]:
    """Batches, cut where a rejected row belongs, and the rejected rows; both ascend by row.

    Args:
      batches: of a file.
      rejects: of the same.
      row_of: the row that a rejected one would have in a batch.
    """
    at = 0
    for batch in batches:
        rows, start = batch.column(ROW).to_numpy(), 0
        while at < len(rejects) and row_of(rejects[at]) < rows[-1]:
            stop = int(rows.searchsorted(row_of(rejects[at])))
            if stop > start:
                yield batch.slice(start, stop - start)
            yield rejects[at]
            start, at = stop, at + 1
        yield batch.slice(start)
    yield from rejects[at:]
