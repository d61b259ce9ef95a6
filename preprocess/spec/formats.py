"""How files of a suffix are read: what stands between cells and around them, or a text a file."""

from __future__ import annotations

import re
from collections import Counter
from typing import Annotated, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from preprocess.core.declared import Declared, RawName
from preprocess.core.maxima import MAX_NAME
from preprocess.core.problem import problem

MAX_CELLS = 10_000
"""Cells of a row whose columns a spec names."""
_CHARACTER = r"^[\x01-\x09\x0b\x0c\x0e-\x7f]$"
_SUFFIX = rf"^[A-Za-z0-9][A-Za-z0-9_\-]{{0,{MAX_NAME - 1}}}$"


def _one_character(value: str) -> str:
    if not re.match(_CHARACTER, value):
        got, remedy = f"got {value!r}", 'write a tab as "\\t", and no character as null'
        raise problem(got, "one ASCII character that breaks no line", remedy)
    return value


def _plain_suffix(value: str) -> str:
    if not re.match(_SUFFIX, value):
        got, remedy = f"got {value!r}", "write it without its dot"
        raise problem(got, "the suffix of a file, such as csv, tsv or txt", remedy)
    return value


Character = Annotated[
    str, AfterValidator(_one_character), Field(json_schema_extra={"pattern": _CHARACTER})
]
Suffix = Annotated[str, AfterValidator(_plain_suffix)]

TYPED_SUFFIXES = ("gz", "arrow", "arrows", "feather", "jsonl", "parquet", "tfrecord")
"""Suffixes of files that are no cells of text, whatever a spec says."""


class Dialect(Declared):
    """How the cells of a file are written; the defaults are those of CSV (RFC 4180)."""

    delimiter: Character = ","
    """Stands between the cells of a row; by default a tab in tsv, and to be given but in csv."""
    quote: Character | None = '"'
    """Stands around a cell that holds delimiters, line breaks or quotes, which are doubled.
    Null: no character does, and a row is a line; so it is in all but csv by default."""
    escape: Character | None = None
    """Takes its meaning from the character after it, which stands for itself; null: none does."""
    header: bool | None = None
    """Whether the first row holds names; null: it does unless `columns` gives them."""
    columns: Annotated[list[RawName], Field(min_length=1, max_length=MAX_CELLS)] | None = None
    """The name of every column, in order; instead of those in the header, if there is one."""

    @model_validator(mode="after")
    def _characters_differ(self) -> Dialect:
        given = {key: getattr(self, key) for key in ("delimiter", "quote", "escape")}
        seen: dict[str, str] = {}
        for key, character in given.items():
            if character in seen:
                raise problem(
                    f"got {character!r}, which is the {seen[character]} too",
                    "characters that differ",
                    "leave out escape where quotes are doubled, or choose another character",
                    at=key,
                )
            if character is not None:
                seen[character] = key
        return self

    @model_validator(mode="after")
    def _names_are_known(self) -> Dialect:
        if self.header is False and self.columns is None:
            raise problem(
                "got false without columns",
                "the names of the columns, as no row holds them",
                "add columns: [NAME, ...]",
                at="header",
            )
        names = Counter(self.columns)
        for name, count in names.items():
            if count > 1:
                raise problem(
                    f"got {name!r} twice", "names that differ", "rename one of them", at="columns"
                )
        return self

    @property
    def has_header(self) -> bool:
        """Whether the first row holds names, be they used or not."""
        return self.columns is None if self.header is None else self.header


class FileRows(Declared):
    """Files of which each is a row: the whole text of one column without a name."""

    row: Literal["file"]
    """A file is a row; `_folder` and `_file` are its columns too."""


def _tag(value: object) -> str:
    is_row = "row" in value if isinstance(value, dict) else isinstance(value, FileRows)
    return "FileRows" if is_row else "Dialect"


Format = Annotated[
    Annotated[Dialect, Tag("Dialect")] | Annotated[FileRows, Tag("FileRows")], Discriminator(_tag)
]

DIALECTS = {"csv": Dialect(), "tsv": Dialect(delimiter="\t", quote=None)}
"""How files are written unless a spec says otherwise, by suffix.

CSV is that of RFC 4180; TSV is text/tab-separated-values as registered with IANA, without quotes.
"""


def with_defaults(suffix: object, dialect: object) -> object:
    """A declaration of `formats`, completed by the defaults of its suffix.

    Raises:
      PydanticCustomError: a `problem`, as neither it nor the suffix names a delimiter.
    """
    if dialect is None:
        dialect = {}
    if not isinstance(dialect, dict) or "row" in dialect:
        return dialect
    if suffix in DIALECTS:
        return {**DIALECTS[str(suffix)].model_dump(include={"delimiter", "quote"}), **dialect}
    if isinstance(suffix, str) and re.match(_SUFFIX, suffix) and "delimiter" not in dialect:
        raise problem(
            "got no delimiter",
            "the character between the cells of a row",
            'add one, such as delimiter: "\\t"',
            at=f"formats.{suffix}",
        )
    return {"quote": None, **dialect}
