"""Files that are not what their names say, recognised before any row is read."""

from __future__ import annotations

import zlib

from beam_jobs.sources.formats import format_of
from beam_jobs.sources.input_format import InputFormat
from beam_jobs.sources.input_split import SourceFile
from beam_jobs.sources.raw_files import open_stored, reading
from preprocess.core.errors import InputError
from preprocess.core.first_bytes import (
    HEAD_BYTES,
    is_lfs_pointer,
    looks_like_html,
    packed_as,
    wide_encoding,
)

_GZIP_WINDOW = 31


def refuse_foreign(file: SourceFile) -> None:
    """Refuses a file whose first bytes show that it cannot be read as its name says.

    Of a group some are looked at.

    Raises:
      InputError: it is missing, of a packed format, in UTF-16 or UTF-32, or a pointer of Git LFS.
    """
    for sample in file.samples:
        _refuse_foreign(sample)


def _refuse_foreign(file: SourceFile) -> None:
    head = _head(file)
    if is_lfs_pointer(head, file.size):
        raise InputError(
            f"{file.path}: got a pointer of Git LFS, expected the file that it stands for; "
            "fetch it with `git lfs pull`"
        )
    if file.is_compressed and head:
        _refuse_not_gzip(file, head)
        head = _decompressed(head)
    _refuse_content(file, head)


def is_html(file: SourceFile) -> bool:
    """Whether a file begins as an HTML page does, such as that of a server's error."""
    file = file.samples[0]
    head = _head(file)
    return looks_like_html(_decompressed(head) if file.is_compressed else head)


def _head(file: SourceFile) -> bytes:
    with reading(file.path), open_stored(file) as raw:
        return raw.read(HEAD_BYTES)


def _decompressed(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(_GZIP_WINDOW).decompress(head, HEAD_BYTES)
    except zlib.error:  # which the reader reports, as it knows where
        return b""


def _refuse_not_gzip(file: SourceFile, head: bytes) -> None:
    found = packed_as(head)
    if found == "gzip":
        return
    plain = "an HTML page" if looks_like_html(head) else "data that are not compressed"
    raise InputError(
        f"{file.path}: got {found or plain}, expected gzip as the suffix .gz says; rename the "
        "file, compress it with gzip, or fetch it again"
    )


def _refuse_content(file: SourceFile, head: bytes) -> None:
    if format_of(file).is_begun_by(head):
        return
    if found := packed_as(head):
        raise InputError(
            f"{file.path}: got {found}, expected {_expected(format_of(file))}; unpack or convert "
            "the file, or correct its suffix (gzip's is .gz)"
        )
    if format_of(file).is_text and (encoding := wide_encoding(head)):
        raise InputError(
            f"{file.path}: got text in {encoding}, expected UTF-8; convert the file, such as with "
            "`iconv -f UTF-16 -t UTF-8`"
        )


def _expected(file_format: InputFormat) -> str:
    named = f" of {file_format.suffix}" if file_format.suffix else ""
    return f"the content{named} as the suffix says"
