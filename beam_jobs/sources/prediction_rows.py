"""Rows to predict: the columns that a model takes, in the order of the raw files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

import pyarrow as pa

from beam_jobs.sources import (
    Input,
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
from beam_jobs.sources.columns.raw_schema import SCHEMA_TYPES, fits, listed, made_of
from beam_jobs.sources.file_header import FileHeader
from beam_jobs.sources.formats import format_of
from preprocess.core.columns import Dtype
from preprocess.core.errors import InputError
from preprocess.core.row_position import ROW
from preprocess.spec import Spec
from preprocess.trained_model.model_manifest import ModelManifest

PredictionRow: TypeAlias = pa.RecordBatch | Reject

_THREADS = 8


def rows_to_predict(inputs: Sequence[str], manifest: ModelManifest) -> Iterator[PredictionRow]:
    """Reads rows of any source format, without labels and splits.

    Every input split is read twice: a first time for the rejected rows, which some formats report
    long after the rows around them.

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
    files = expand([Input(None, item.pattern) for item in parse_inputs(inputs)])
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
        sources = manifest.spec.source_columns
        wanted = [sources[name] for name in (*manifest.features, *manifest.kept)]
        header = format_of(file).read_header(file, list(dict.fromkeys(wanted)))
        _check_features(file, header, manifest)
        kept = [name for name in manifest.kept if _has(file, header, sources[name])]
        _check_kept(file, header, {name: manifest.kept[name] for name in kept}, manifest.spec)
        spec, schema = _features_only(manifest.spec, kept), made_of(_types(manifest, kept))
        return cls(file, RowReader(spec, schema, split_names(spec, [file])))

    def rows(self) -> Iterator[PredictionRow]:
        """Reads all rows of the file in order."""
        for input_split in input_splits(self.file):
            yield from self._input_split(input_split)

    def _input_split(self, input_split: InputSplit) -> Iterator[PredictionRow]:
        rejects = [item for item in self.reader.read(input_split) if isinstance(item, Reject)]
        rejects.sort(key=lambda reject: reject.row)
        batches = (
            item for item in self.reader.read(input_split) if isinstance(item, pa.RecordBatch)
        )
        return merged(batches, rejects)


def _check_features(file: SourceFile, header: FileHeader, manifest: ModelManifest) -> None:
    for name in manifest.features:
        source = manifest.spec.source_columns[name]
        if header.is_complete and source not in header.types:
            raise InputError(
                f"{file.path}: got no column {source!r}, expected it as the model takes it (the "
                f"file has {listed(header.types)}); rename the column in the file"
            )


def _has(file: SourceFile, header: FileHeader, name: str) -> bool:
    if format_of(file).has_one_column:  # its header claims every column that is asked for
        return False
    kind = header.types.get(name)
    return kind is not None and not pa.types.is_null(kind)


def _check_kept(file: SourceFile, header: FileHeader, kept: dict[str, Dtype], spec: Spec) -> None:
    """Refuses kept columns of other types than those of the training."""
    types = {name: SCHEMA_TYPES[dtype] for name, dtype in kept.items()}
    columns = {c.name: c for c in input_columns(spec, made_of(types), format_of(file).has_cells)}
    for name, dtype in kept.items():
        kind = header.types[columns[name].source]
        # Types found in the first rows are no promise: a row that differs is rejected.
        is_sure = format_of(file).types == "declared"
        if (is_sure and not columns[name].accepts(kind)) or not fits(
            format_of(file), kind, types[name]
        ):
            raise InputError(
                f"{file.path}: column {columns[name].source!r}: got the type {kind}, expected "
                f"{dtype} as in the training, where the column was kept; cast the column, or "
                "leave it out"
            )


def _types(manifest: ModelManifest, kept: Iterable[str]) -> dict[str, int]:
    features = {name: feature.raw.dtype for name, feature in manifest.spec.features.items()}
    dtypes = features | {name: manifest.kept[name] for name in kept}
    return {name: SCHEMA_TYPES[dtype] for name, dtype in dtypes.items()}


def merged(batches: Iterable[pa.RecordBatch], rejects: Sequence[Reject]) -> Iterator[PredictionRow]:
    """Batches, cut where a rejected row belongs, and the rejected rows; both ascend by row."""
    at = 0
    for batch in batches:
        rows, start = batch.column(ROW).to_numpy(), 0
        while at < len(rejects) and rejects[at].row < rows[-1]:
            stop = int(rows.searchsorted(rejects[at].row))
            if stop > start:
                yield batch.slice(start, stop - start)
            yield rejects[at]
            start, at = stop, at + 1
        yield batch.slice(start)
    yield from rejects[at:]
