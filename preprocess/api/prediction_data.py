"""What a program gives to be predicted: texts, rows, columns or a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from preprocess.api.input_data import GivenData, GivenTable, table_of
from preprocess.core.errors import InputError, UsageError, one_line
from preprocess.core.lazy import lazy_imports
from preprocess.trained_model.model_manifest import ModelManifest

with lazy_imports():
    import pyarrow as pa

    from beam_jobs.sources import prediction_rows
    from preprocess import prediction

Rows: TypeAlias = Any
"""A text, texts, a list of dicts, a dict of columns, or a table."""

_NAME = "table:rows"


@contextmanager
def stored_rows(rows: Rows, manifest: ModelManifest) -> Iterator[Iterable[Any]]:
    """Batches and rejected rows for `prediction.predict_rows`, for as long as the block runs.

    Raises:
      UsageError: texts for a model of several columns, or what is no row.
      InputError: a column is missing, or of a type that does not fit.
    """
    if isinstance(rows, str):
        rows = [rows]
    if isinstance(rows, list | tuple) and all(isinstance(row, str) for row in rows):
        yield [prediction.text_row(manifest, rows)] if rows else []
        return
    sources = manifest.spec.source_columns
    wanted = {sources[name] for name in (*manifest.features, *manifest.kept)}
    given = GivenData([GivenTable(_NAME, None, _as_table(rows))])
    with given.stored(wanted) as inputs:
        yield prediction_rows.rows_to_predict(inputs, manifest)


def _as_table(rows: Rows) -> pa.Table:
    if isinstance(rows, Mapping):
        return _table(rows)
    if isinstance(rows, list | tuple):
        return _table(_columns(rows))
    table = table_of(rows, "rows")
    if table is None:
        raise UsageError(
            f"rows: got {type(rows).__name__}, expected texts, a list of dicts, a dict of columns, "
            "or a table (pyarrow, pandas, polars, a Hugging Face Dataset); give one of these"
        )
    return table


def _columns(rows: Sequence[Any]) -> dict[str, list[Any]]:
    """Rows as columns; a row that lacks one has None there."""
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise UsageError(
                f"rows: row {number}: got {type(row).__name__}, expected a dict as the other rows, "
                "or texts alone; correct it"
            )
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def _table(columns: Mapping[str, Any]) -> pa.Table:
    arrays = {}
    for name, values in columns.items():
        try:
            arrays[name] = pa.array(values)
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            raise InputError(
                f"rows: column {name!r}: got values that Arrow cannot hold ({one_line(error)}), "
                "expected values of one type; convert them"
            ) from error
    try:
        return pa.table(arrays)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise InputError(
            f"rows: got columns that are no table ({one_line(error)}), expected as many values in "
            "each; correct them"
        ) from error
