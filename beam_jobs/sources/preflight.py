"""Looks at every input file before any pipeline starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain

import pyarrow as pa
from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.sources.columns.convert import is_listed
from beam_jobs.sources.columns.input_column import InputColumn, input_columns, split_column
from beam_jobs.sources.columns.raw_schema import (
    FLOAT,
    INT,
    carried,
    fits,
    kept_type,
    listed,
    made_of,
    narrowed,
    schema_type,
    type_name,
)
from beam_jobs.sources.file_header import FileHeader
from beam_jobs.sources.foreign_files import is_html, refuse_foreign
from beam_jobs.sources.formats import format_of
from beam_jobs.sources.input_split import SourceFile
from beam_jobs.sources.inputs import split_of
from preprocess.core.errors import InputError, UsageError
from preprocess.spec import TRAIN, Spec

_THREADS = 8


def check_inputs(
    files: Sequence[SourceFile], spec: Spec, schema: schema_pb2.Schema | None = None
) -> schema_pb2.Schema:
    """Checks what can be known of the files without reading them through.

    Args:
      files: as `expand` gives them.
      spec: names the columns and what they are.
      schema: types and domains of the raw columns, as `load_schema` gives them.

    Returns:
      BYTES, INT or FLOAT of each column of the spec by its canonical name, the split column last:
      those of `schema` with its domains, or as found in footers, headers and first rows.

    Raises:
      UsageError: `SPLIT=` beside `splits` in the spec.
      InputError: a file whose name is not UTF-8, that is damaged or lacks a column, a column whose
        type cannot serve, no rows at all, or none for the train split.
    """
    _check_names(files)
    _check_splits(files, spec)
    declared = narrowed(schema, _sources(spec)) if schema is not None else None
    headers = _headers(files, spec)
    if not any(header.has_rows for header in headers.values()):
        raise InputError(
            f"{', '.join(file.path for file in files[:3])}: got no rows, "
            "expected at least one; check what wrote the input"
        )
    _refuse_unseen(headers, spec)
    kept = {
        name: kept_type(header.types.get(spec.source_columns[name]) for header in headers.values())
        for name in spec.kept
    }
    if declared is None:
        return made_of({**_inferred(files, headers, spec), **kept})
    for file in files:
        _compare(file, headers[file.path], declared, spec)
    is_declared = all(format_of(file).types == "declared" for file in files)
    return carried(declared, kept, is_declared)


def _sources(spec: Spec) -> dict[str, str]:
    """The raw column of each canonical one, and the split column, unless its name is taken."""
    split = {spec.split_column: spec.split_column} if spec.split_column else {}
    return {**spec.source_columns, **split, **spec.source_columns}


def _check_names(files: Sequence[SourceFile]) -> None:
    """Refuses names that neither a manifest nor a rejected row can hold, as they are JSON."""
    for path in chain.from_iterable(file.paths for file in files):
        try:
            path.encode()
        except UnicodeEncodeError as error:
            raise InputError(
                f"{path}: got a name that is not UTF-8, expected one that JSON can hold; "
                "rename the file"
            ) from error


def _check_splits(files: Sequence[SourceFile], spec: Spec) -> None:
    named = next((file.split for file in files if file.split), None)
    if spec.splits is not None and named:
        raise UsageError(
            f"--input {named}=...: got a split beside `splits` in the spec, expected one of the "
            f"two; leave out {named}= or remove `splits`"
        )
    if spec.splits is None and all(split_of(file) != TRAIN for file in files):
        found = listed(dict.fromkeys(split_of(file) for file in files))
        raise InputError(
            f"--input: got files for {found} only, expected some for train, as vocabularies come "
            "from it alone; give --input train=GLOB"
        )


def _headers(files: Sequence[SourceFile], spec: Spec) -> dict[str, FileHeader]:
    # In threads, as on a remote file system the time goes into waiting.
    with ThreadPoolExecutor(_THREADS) as pool:
        found = pool.map(partial(_checked, spec=spec), files)
        return {file.path: header for file, header in zip(files, found, strict=True)}


def _checked(file: SourceFile, spec: Spec) -> FileHeader:
    refuse_foreign(file)
    try:
        header = _header(file, spec)
        is_strange = header.has_rows and not header.types
    except InputError:
        if is_html(file):
            raise _html(file) from None
        raise
    if is_strange and is_html(file):
        raise _html(file)
    return header


def _header(file: SourceFile, spec: Spec) -> FileHeader:
    columns = _wanted(file, spec)
    _check_format(file, spec)
    header = format_of(file).read_header(file, list(dict.fromkeys(c.source for c in columns)))
    for column in columns:
        if header.is_complete and column.source not in header.types:
            remedy = "correct the name in the spec"
            if format_of(file).has_cells and len(header.types) == 1:
                remedy += ", or say under its formats how the file's cells are written"
            raise InputError(
                f"{file.path}: got no column {column.source!r}, expected it as the spec names it "
                f"(the file has {listed(header.types)}); {remedy}"
            )
        if format_of(file).types == "declared":
            check_type(file, column, header.types[column.source])
    return header


def _html(file: SourceFile) -> InputError:
    return InputError(
        f"{file.path}: got an HTML page, expected rows of .{file.format}; fetch the file itself, "
        "as the page may be a server's error or its view of the file"
    )


def _refuse_unseen(headers: Mapping[str, FileHeader], spec: Spec) -> None:
    """Refuses a column that none of the first rows of any file has.

    It is a mistake in its name; one that some row has is missed row by row.
    """
    seen = dict.fromkeys(name for header in headers.values() for name in header.types)
    for name in spec.columns:
        if name not in seen:
            raise InputError(
                f"{', '.join(list(headers)[:3])}: got no row with the column {name!r} in the first "
                f"megabyte, expected it as the spec names it (the rows have {listed(seen)}); "
                "correct the name in the spec"
            )


def _wanted(file: SourceFile, spec: Spec) -> list[InputColumn]:
    columns = input_columns(spec, None, format_of(file).has_cells)
    if spec.split_column:
        columns.append(split_column(spec.split_column))
    return columns


def _check_format(file: SourceFile, spec: Spec) -> None:
    file_format = format_of(file)
    columns = [name for name in spec.columns if name not in file_format.path_columns]
    if file_format.has_one_column and len(columns) > 1:
        raise InputError(
            f"{file.path}: got plain text, which holds one column, expected the columns "
            f"{listed(columns)}; write the rows as .jsonl, .csv or .parquet"
        )
    for name, raw in spec.raw_columns.items():
        if file_format.has_cells and raw.shape and raw.separator is None:
            [size] = raw.shape
            lists = f"lists of {raw.content}s" if size is None else f"lists of {size} numbers"
            raise InputError(
                f"{file.path}: column {spec.source_columns[name]!r}: got a column of cells, "
                f"expected {lists}, which a cell cannot hold; write the rows as .jsonl or .parquet"
            )


def check_type(file: SourceFile, column: InputColumn, kind: pa.DataType | None) -> None:
    """Checks that a type that a file declares can hold the values of a column.

    Raises:
      InputError: it cannot.
    """
    if kind is not None and not column.accepts(kind):
        raise InputError(
            f"{file.path}: column {column.source!r}: got the type {kind}, "
            f"expected {column.expected}; {_remedy(kind)}"
        )


def _remedy(kind: pa.DataType) -> str:
    if pa.types.is_nested(kind) and not is_listed(kind):
        return "write the nested fields as columns of their own"
    if schema_type(kind) in (INT, FLOAT) and not is_listed(kind):
        return "cast the column to string, or declare it as numeric or number"
    return "cast the column, or declare it as another kind"


def _inferred(
    files: Sequence[SourceFile], headers: Mapping[str, FileHeader], spec: Spec
) -> dict[str, int]:
    types: dict[str, int] = {}
    roles = {column.name: column for column in reversed(_wanted(files[0], spec))}
    for name in _sources(spec):
        found = (_type_in(file, headers[file.path], roles[name]) for file in files)
        types[name] = next((kind for kind in found if kind is not None), roles[name].default)
    return types


def _type_in(file: SourceFile, header: FileHeader, column: InputColumn) -> int | None:
    if format_of(file).has_cells:  # a cell is what the spec says it is
        return column.default if header.types else None
    kind = header.types.get(column.source)
    if kind is not None and pa.types.is_decimal(kind):
        return column.default
    return schema_type(kind)


def _compare(file: SourceFile, header: FileHeader, schema: schema_pb2.Schema, spec: Spec) -> None:
    """Compares the types that `file` has with those that `schema` declares."""
    sources = _sources(spec)
    for feature in schema.feature:
        source = sources[feature.name]
        kind = header.types.get(source)
        got = schema_type(kind)
        if got is None or fits(format_of(file), kind, feature.type):
            continue
        raise InputError(
            f"{file.path}: column {source!r}: got {type_name(got)} ({kind}), expected "
            f"{type_name(feature.type)} as in --schema; correct the schema or the file"
        )
