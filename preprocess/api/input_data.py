"""What a program gives as data: globs, and tables in memory."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from preprocess.core.errors import InputError, UsageError, one_line
from preprocess.core.lazy import lazy_imports
from preprocess.core.output import clearing
from preprocess.core.storage import delete_tree
from preprocess.spec import TRAIN, Spec

with lazy_imports():
    import pyarrow as pa

    from beam_jobs.sources import inputs, stored_tables

if TYPE_CHECKING:
    from beam_jobs.sources import Given

Data: TypeAlias = Any
"""A glob, a list of globs, a table, or a mapping from splits to these."""

_EXPECTED = (
    "a glob, a list of globs, a table (pyarrow, pandas, polars, a Hugging Face Dataset), or a dict "
    "with one of these for each split"
)


@dataclass(frozen=True)
class GivenTable:
    """A table in memory, in Arrow's form.

    Attributes:
      name: what a manifest, or an error, calls it: `table:SPLIT`.
      split: the split of its rows, or None.
      table: the rows.
    """

    name: str
    split: str | None
    table: pa.Table


@dataclass(frozen=True)
class GivenData:
    """Data that a program gives.

    Attributes:
      items: values of `--input`, splits with their globs, and tables.
    """

    items: Sequence[Any]

    @property
    def has_tables(self) -> bool:
        """Whether some of it is in memory."""
        return any(isinstance(item, GivenTable) for item in self.items)

    @contextmanager
    def stored(self, wanted: Collection[str]) -> Iterator[list[Given]]:
        """Has all of it on disk for as long as the block runs.

        Args:
          wanted: names of the columns that are read.
        """
        if not self.has_tables:
            yield list(self.items)
            return
        folder = tempfile.mkdtemp(prefix="text2seq-")
        with clearing(lambda: delete_tree(folder), gone=folder):
            yield [_stored(item, wanted, folder) for item in self.items]


def given_data(data: Data, spec: Spec | None = None) -> GivenData:
    """Recognises what was given.

    Args:
      data: a glob, a list of globs, a table, or a mapping from splits to these.
      spec: where it assigns splits, a table is `table:rows` rather than `table:train`.

    Raises:
      UsageError: it is none of these, or a key is no name of a split.
      InputError: a table that Arrow cannot hold.
    """
    if isinstance(data, Mapping):
        return GivenData([item for split, value in data.items() for item in _of(split, value)])
    table = table_of(data, "data")
    if table is not None:
        name = "rows" if spec is not None and spec.splits is not None else TRAIN
        return GivenData([GivenTable(f"table:{name}", None, table)])
    return GivenData(_globs(data, "data"))


def columns_of(spec: Spec) -> set[str]:
    """The raw columns that a build reads."""
    split = {spec.split_column} if spec.split_column else set()
    return {*spec.source_columns.values(), *split}


def table_of(value: Data, where: str) -> pa.Table | None:
    """A table in Arrow's form; None for what is none.

    Raises:
      InputError: Arrow cannot hold it; `where` says what it was given as.
    """
    if hasattr(value, "with_format") and hasattr(value, "select"):  # of Hugging Face
        value = value.with_format("arrow")[:]
    if not _is_table(value):
        return None
    try:
        if hasattr(value, "iloc"):  # pandas, whose index may be a column
            return pa.Table.from_pandas(value)
        return value if isinstance(value, pa.Table) else pa.table(value)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise InputError(
            f"{where}: got a table that Arrow cannot hold ({one_line(error)}), expected columns of "
            "one type each; convert the column"
        ) from error


def path_of(value: object, what: str) -> str:
    """A path as text.

    Raises:
      UsageError: it is no path.
    """
    try:
        return os.fsdecode(os.fspath(value))  # type: ignore[call-overload]
    except TypeError:
        raise UsageError(
            f"{what}: got {type(value).__name__}, expected a path, str or os.PathLike; give one"
        ) from None


def _of(split: object, value: Data) -> Iterator[Any]:
    if not isinstance(split, str) or not re.fullmatch(inputs.SPLIT_NAME, split):
        raise UsageError(
            f"data: got the split {split!r}, expected letters, digits, _ and -, a letter first, "
            "such as train; rename it"
        )
    table = table_of(value, f"data[{split!r}]")
    if table is not None:
        yield GivenTable(f"table:{split}", split, table)
        return
    for glob in _globs(value, f"data[{split!r}]"):
        yield inputs.Input(split, glob)


def _globs(value: Data, where: str) -> list[str]:
    """One glob or several."""
    if isinstance(value, str | os.PathLike):
        return [path_of(value, where)]
    if not isinstance(value, list | tuple) or not value:
        raise UsageError(f"{where}: got {type(value).__name__}, expected {_EXPECTED}; give one")
    for item in value:
        if not isinstance(item, str | os.PathLike):
            raise UsageError(
                f"{where}: got a list with {type(item).__name__} in it, expected globs; give "
                "tables in a dict, one for each split"
            )
    return [path_of(item, where) for item in value]


def _is_table(value: Data) -> bool:
    return hasattr(value, "__arrow_c_stream__") or hasattr(value, "iloc")


def _stored(item: Any, wanted: Collection[str], folder: str) -> Given:
    if not isinstance(item, GivenTable):
        given: Given = item
        return given
    return stored_tables.store_table(item.table, item.name, item.split, wanted, folder)
