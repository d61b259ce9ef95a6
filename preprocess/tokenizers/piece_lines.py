"""A vocabulary as BERT's `vocab.txt`: a piece a line, whose number is the piece's id from 0."""

from __future__ import annotations

from collections.abc import Iterator

from preprocess.core.errors import SpecError
from preprocess.core.first_bytes import UTF8_BOM, foreign

_FORMAT = "a vocabulary in UTF-8, one piece a line"


def read_pieces(path: str, content: bytes) -> list[str]:
    r"""The pieces of a file, by their ids.

    A line ends with `\n` or `\r\n` and with nothing else; any character may stand in it but the
    two that readers of such files cut or drop. A blank line is the empty piece, which no text has.

    Args:
      path: names the file in errors.
      content: its bytes.

    Raises:
      SpecError: it is no text in UTF-8, or a line cannot be a piece of its own.
    """
    if other := foreign(content, len(content)):
        raise SpecError(f"{path}: got {other.what}, expected {_FORMAT}; {other.remedy}")
    lines = content.removeprefix(UTF8_BOM).split(b"\n")
    if not lines[-1]:  # what follows the last newline
        lines.pop()
    pieces = [_piece(path, n, line.removesuffix(b"\r")) for n, line in enumerate(lines, 1)]
    for number, piece, first in _repeated(pieces):
        raise _refused(
            path, number, f"the piece {piece!r} of line {first} again", "every piece once"
        )
    return pieces


def _piece(path: str, number: int, line: bytes) -> str:
    if b"\0" in line:
        raise _refused(path, number, f"a NUL in {line!r}", "a piece without, as none may hold it")
    if b"\r" in line:
        raise _refused(path, number, f"a carriage return in {line!r}", "one before a newline alone")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        raise _refused(path, number, f"{line!r}, which is no UTF-8", _FORMAT) from None


def _repeated(pieces: list[str]) -> Iterator[tuple[int, str, int]]:
    """Line, piece and the line where it stood first."""
    first: dict[str, int] = {}
    for number, piece in enumerate(pieces, 1):
        if first.setdefault(piece, number) != number:
            yield number, piece, first[piece]


def _refused(path: str, number: int, got: str, expected: str) -> SpecError:
    return SpecError(
        f"{path}:{number}: got {got}, expected {expected}; mend the line, or give another file"
    )
