"""What a file is by its first bytes: text in UTF-8, or something that is to be refused by name.

Sources: the formats' own specifications, and file(1)'s magic numbers.
"""

from __future__ import annotations

import codecs
import re
import zlib
from typing import NamedTuple

HEAD_BYTES = 1 << 16
"""How much of the beginning of a file these functions look at."""
UTF8_BOM = codecs.BOM_UTF8
"""What some editors put before a text in UTF-8; no part of it."""

# No UTF-8 text begins with these: they hold bytes that UTF-8 has not, or control characters.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
    (b"PK\x07\x08", "a zip archive"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x04\x22\x4d\x18", "LZ4"),
    (b"\x02\x21\x4c\x18", "LZ4"),
    (b"\x1f\x9d", "compress"),
    (b"LZIP\x01", "lzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\xff\x06\x00\x00sNaPpY", "Snappy (framed)"),
    (b"PAR1\x15", "Parquet"),  # Thrift's mark of the first field follows, a 32-bit integer
    (b"ARROW1\x00\x00", "an Arrow IPC file"),
    (b"\xff\xff\xff\xff", "an Arrow IPC stream"),
    (b"Obj\x01", "Avro"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"\x89HDF\r\n\x1a\n", "HDF5"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel 97 workbook"),
    (b"\x93NUMPY", "NumPy"),
)
# A text may begin with these, so that what follows decides.
_ASCII_MAGIC: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)"), "bzip2"),
    (re.compile(rb"[P-_]\*M\x18"), "Zstandard"),  # a frame to be skipped comes first
    (re.compile(rb"PAR[1E]"), "Parquet"),
    (re.compile(rb"FEA1"), "Feather of version 1"),
    (re.compile(rb"ORC"), "ORC"),
    (re.compile(rb"%PDF-"), "PDF"),
)

_BOMS = (  # UTF-32's first, as UTF-16's begins it
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = {
    "utf-32-le": "UTF-32 (little-endian)",
    "utf-32-be": "UTF-32 (big-endian)",
    "utf-16-le": "UTF-16 (little-endian)",
    "utf-16-be": "UTF-16 (big-endian)",
}
_NUL_SHARE = 0.3
# A stray NUL is data, also where it is most of every other byte of a short text.
_LEAST_NULS = 2

_LFS_BYTES = 1024
_LFS_VERSION = re.compile(
    rb"version (https://(git-lfs|hawser)\.github\.com/spec/v1|http://git-media\.io/v/2)"
)
_LFS_LINE = re.compile(rb"[a-z0-9.-]+ [^\n]+")
_LFS_OID = re.compile(rb"oid sha256:[0-9a-f]+")
_LFS_SIZE = re.compile(rb"size [0-9]+")

_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<!--.*?-->|<\?xml.*?\?>)*+(<!doctype\s+html|<html)[\s>]",
    re.DOTALL | re.IGNORECASE,
)


class Foreign(NamedTuple):
    """What a file is in place of the text that was asked for, and what to do about it."""

    what: str
    remedy: str


def foreign(head: bytes, size: int) -> Foreign | None:
    """What a file is instead of text in UTF-8, for errors; None if it may be one.

    Args:
      head: the first `HEAD_BYTES` of the file, or all of it.
      size: how many bytes the file has.
    """
    if name := packed_as(head):
        return Foreign(name, "unpack it, and give what it holds")
    if name := wide_encoding(head):
        return Foreign(f"text in {name}", "write it again in UTF-8")
    if is_lfs_pointer(head, size):
        return Foreign("a pointer of Git LFS", "fetch what it points to with git lfs pull")
    if looks_like_html(head):
        return Foreign("a page of HTML", "fetch the file itself")
    return None


def packed_as(head: bytes) -> str | None:
    """The name of the compressed or packed format that a file begins as, or None.

    Args:
      head: the first `HEAD_BYTES` of the file, or all of it. Text in UTF-8 is none of them, though
        it begins with `BZh`, `PK`, `ORC` or `%PDF`.
    """
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if _is_tar(head):
        return "a tar archive"
    if _is_zlib(head):
        return "zlib"
    names = (name for magic, name in _ASCII_MAGIC if magic.match(head))
    return None if _reads_as(head, "utf-8") else next(names, None)


def _is_tar(head: bytes) -> bool:
    """Whether a header of tar comes first; its sum decides, as the rest of it may be text."""
    header, stated = head[:512], head[148:156].strip(b" \0")
    if header[257:262] != b"ustar" or not re.fullmatch(rb"[0-7]+", stated):
        return False
    return int(stated, 8) == sum(header[:148]) + sum(b" " * 8) + sum(header[156:])


def _is_zlib(head: bytes) -> bool:
    """Whether `head` really decompresses; of text some bytes may seem to, up to no checksum."""
    if not re.match(rb"x[\x01\x5e\x9c\xda]", head):
        return False
    stream = zlib.decompressobj()
    try:
        decompressed = stream.decompress(head, HEAD_BYTES)
    except zlib.error:
        return False
    return stream.eof or (bool(decompressed) and not _reads_as(head, "utf-8"))


def wide_encoding(head: bytes) -> str | None:
    """The encoding of a text in UTF-16 or UTF-32, such as `UTF-16 (little-endian)`, or None.

    A byte order mark decides, or else NULs in at least 30 % of the odd or of the even bytes. A
    stray NUL is data.

    Args:
      head: the first bytes of the file, of which `HEAD_BYTES` count.
    """
    head = head[:HEAD_BYTES]
    marked = (encoding for bom, encoding in _BOMS if head.startswith(bom))
    encoding = next(marked, None) or _by_nuls(head)
    return _WIDE[encoding] if encoding else None


def _by_nuls(head: bytes) -> str | None:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < max(_LEAST_NULS, _NUL_SHARE * len(head) / 2):
        return None
    utf16 = "utf-16-be" if even > odd else "utf-16-le"
    wider = (encoding for encoding in ("utf-32-le", "utf-32-be") if _reads_as(head, encoding))
    return next(wider, utf16)


def _reads_as(head: bytes, encoding: str) -> bool:
    """Whether `head` is text in an encoding, be its last character cut."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def is_lfs_pointer(content: bytes, size: int) -> bool:
    """Whether a whole file is what Git LFS leaves in place of a file that was not fetched.

    Args:
      content: its bytes, or its first thousand.
      size: how many bytes it has.

    Source: github.com/git-lfs/git-lfs/blob/main/docs/spec.md.
    """
    if size >= _LFS_BYTES or len(content) < size:
        return False
    version, *lines = content[:size].rstrip(b"\r\n").replace(b"\r\n", b"\n").split(b"\n")
    return (
        _LFS_VERSION.fullmatch(version) is not None
        and all(map(_LFS_LINE.fullmatch, lines))
        and any(map(_LFS_OID.fullmatch, lines))
        and any(map(_LFS_SIZE.fullmatch, lines))
    )


def looks_like_html(head: bytes) -> bool:
    """Whether a page of HTML begins, such as a server sends in place of the file asked for.

    Blanks, a byte order mark, comments and an XML declaration may come first.
    """
    return _HTML.match(head) is not None
