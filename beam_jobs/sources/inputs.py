"""`--input [SPLIT=]GLOB`: which files are read, in which order, and into which split."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from beam_jobs.sources.file_group import FileGroup
from beam_jobs.sources.formats import ARROW, DECLARED, FILE_ROWS, SUFFIXES
from beam_jobs.sources.input_split import MAX_ROW_BYTES, SourceFile
from beam_jobs.sources.stored_tables import StoredTable
from preprocess.core.errors import InputError, UsageError, one_line
from preprocess.core.storage import StoredFile, is_uri, matching, storage_of
from preprocess.spec import TRAIN, Dialect, FileRows, Spec

SPLIT_NAME = r"[A-Za-z][A-Za-z0-9_-]*"
"""What a split may be called where it is given with its files or table."""

_WITH_SPLIT = re.compile(f"({SPLIT_NAME})=(.*)", re.DOTALL)


@dataclass(frozen=True)
class Input:
    """One value of `--input`.

    Attributes:
      split: the split of its rows, or None.
      pattern: a path or glob.
    """

    split: str | None
    pattern: str


Given: TypeAlias = str | Input | StoredTable
"""What a program may give as input: a value of `--input`, that in parts, or a table."""


def parse_inputs(values: Sequence[Given]) -> list[Input | StoredTable]:
    """Parses the values of `--input`, but those that are parsed already.

    `NAME=REST` is a path if the whole matches files and REST no others, so that folders such as
    `date=2026-01-01` need no escape, and a split in the reverse case. NAME is a plain name.

    Raises:
      UsageError: a split without a pattern, or a value that may mean both.
      InputError: a value that matches neither way, or a file system that cannot be reached.
    """
    return [_parsed(value) if isinstance(value, str) else value for value in values]


def _parsed(value: str) -> Input:
    match = _WITH_SPLIT.fullmatch(value)
    if match is None:
        return Input(None, value)
    split, pattern = match.groups()
    as_path = _named(value)
    as_split = _named(pattern) - as_path  # `year=*/a.csv` is no split though `*/a.csv` matches too
    if as_path and as_split:
        raise _ambiguous(value, split, pattern)
    if not as_path and not as_split:
        raise _neither(value, split, pattern)
    return Input(None, value) if as_path else Input(split, pattern)


def _named(pattern: str) -> set[str]:
    """The paths that a pattern names: a folder's too, which is refused as one later."""
    try:
        if storage_of(pattern).is_folder(pattern):
            return {pattern}
        return {file.path for file in matching(pattern)}
    except (OSError, ValueError) as error:
        raise _unreadable(pattern, error) from error


def expand(inputs: Sequence[Input | StoredTable], spec: Spec | None = None) -> list[SourceFile]:
    """The files of all inputs: inputs in the given order, the files of each sorted by path.

    Those of an input that are a row each come last, as one group.

    Args:
      inputs: as `parse_inputs` gives them.
      spec: says how files of cells are written, and how long a row may be.

    Raises:
      InputError: a pattern that matches nothing, a directory, an unknown suffix, or a file that
        two splits claim.
    """
    splits: dict[str, str | None] = {}
    files: list[SourceFile] = []
    for item in inputs:
        if isinstance(item, StoredTable):
            files.append(_table(item, spec))
            continue
        fresh: list[SourceFile] = []
        for stored in _found(item):
            local = stored.path.removeprefix("file://")
            key = stored.path if is_uri(local) else os.path.abspath(local)
            if key not in splits:
                splits[key] = item.split
                fresh.append(_source(stored, item.split, spec))
            elif (splits[key] or TRAIN) != (item.split or TRAIN):
                raise _claimed_twice(stored.path, splits[key], item.split)
        files += _grouped(fresh, item.pattern)
    return [replace(file, index=index) for index, file in enumerate(files)]


def _source(stored: StoredFile, split: str | None, spec: Spec | None) -> SourceFile:
    declared = {f".{suffix}": how for suffix, how in (spec.formats if spec else {}).items()}
    name, dialect = _format(stored.path, declared)
    return SourceFile(
        0, stored.path, stored.size, split, name, dialect, max_row_bytes=_longest(spec)
    )


def _table(table: StoredTable, spec: Spec | None) -> SourceFile:
    return SourceFile(
        0,
        table.name,
        table.size,
        table.split,
        ARROW.name,
        max_row_bytes=_longest(spec),
        stored=table.path,
        sha256=table.sha256,
    )


def _longest(spec: Spec | None) -> int:
    return spec.rejects.max_bytes if spec else MAX_ROW_BYTES


def _grouped(files: Sequence[SourceFile], pattern: str) -> Iterator[SourceFile]:
    """The files of a pattern, those that are a row each as one group behind the others."""
    yield from (file for file in files if file.format != FILE_ROWS.name)
    rows = [file for file in files if file.format == FILE_ROWS.name]
    if rows:
        group = FileGroup.of([StoredFile(file.path, file.size) for file in rows])
        size = sum(file.size for file in rows)
        yield replace(rows[0], path=pattern, size=size, group=group)


def split_of(file: SourceFile) -> str:
    """The split of a file's rows when splits are made by input."""
    return file.split or TRAIN


def _found(item: Input) -> list[StoredFile]:
    files = _matches(item.pattern)
    if not files:
        raise InputError(
            f"--input {item.pattern}: got no file that matches, expected at least one; "
            f"check the path (the working directory is {os.getcwd()})"
        )
    return files


def _matches(pattern: str) -> list[StoredFile]:
    try:
        is_folder = storage_of(pattern).is_folder(pattern)
        files = [] if is_folder else matching(pattern)
    except (OSError, ValueError) as error:
        raise _unreadable(pattern, error) from error
    if is_folder:
        raise _directory(pattern)
    return files


def _format(path: str, declared: Mapping[str, Dialect | FileRows]) -> tuple[str, Dialect | None]:
    """The format of a file by its suffix, and how its cells are written if that is declared."""
    stem = path.removesuffix(".gz")
    for suffix, how in declared.items():
        if stem.endswith(suffix):
            return (FILE_ROWS.name, None) if isinstance(how, FileRows) else (DECLARED.name, how)
    for suffix, name in SUFFIXES.items():
        if path.endswith(suffix):
            return name, None
    known = [*SUFFIXES, *declared]
    raise InputError(
        f"{path}: got an unknown suffix, expected one of {', '.join(known)}; rename the file, "
        "declare its suffix under formats in the spec, or narrow the glob so that it leaves the "
        "file out"
    )


def _ambiguous(value: str, split: str, pattern: str) -> UsageError:
    start = "" if is_uri(pattern) else "file://" if os.path.isabs(pattern) else "./"
    return UsageError(
        f"--input {value}: got files at {value} and at {pattern}, expected one of them; "
        f"give ./{value} for the path, {split}={start}{pattern} for the split {split}"
    )


def _neither(value: str, split: str, pattern: str) -> UsageError | InputError:
    if not pattern:
        return UsageError(f"--input {value}: got no path after '=', expected {split}=GLOB")
    return InputError(
        f"--input {value}: got no file that matches {pattern}, for the split {split}, and none "
        f"that matches {value}, expected at least one; check the path (the working directory is "
        f"{os.getcwd()})"
    )


def _unreadable(pattern: str, error: Exception) -> InputError:
    what = one_line(error)
    return InputError(f"--input {pattern}: its file system cannot be read ({what})")


def _directory(path: str) -> InputError:
    glob = os.path.join(path, "*.parquet")
    return InputError(f"{path}: got a directory, expected files; give a glob such as {glob}")


def _claimed_twice(path: str, first: str | None, second: str | None) -> InputError:
    return InputError(
        f"{path}: got it in two splits ({first or TRAIN} and {second or TRAIN}), "
        "expected a file in one; narrow one of the globs"
    )
