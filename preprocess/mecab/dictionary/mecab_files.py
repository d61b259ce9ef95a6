"""The files of a compiled dictionary as bytes, and what to say when they cannot be used."""

from __future__ import annotations

import hashlib
from pathlib import Path

from preprocess.core.errors import UsageError, reason_of

FILES = ("dicrc", "char.bin", "matrix.bin", "sys.dic", "unk.dic")
_REMEDY = "give a folder that `mecab-dict-index` of MeCab 0.996 has written"


def read_files(folder: Path) -> dict[str, bytes]:
    """The content of each of `FILES`.

    Raises:
      UsageError: one cannot be read.
    """
    try:
        return {name: (folder / name).read_bytes() for name in FILES}
    except OSError as error:
        raise UsageError(
            f"{folder}: got a folder without a readable {Path(error.filename).name} "
            f"({reason_of(error)}), expected {', '.join(FILES)}; {_REMEDY}"
        ) from error


def hash_of(files: dict[str, bytes]) -> str:
    """SHA-256 over name, size and content of each file, in the order of `FILES`; hexadecimal."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(f"{name} {len(files[name])}\n".encode())
        digest.update(files[name])
    return digest.hexdigest()


def unusable(file: str, got: str, expected: str, remedy: str = _REMEDY) -> UsageError:
    """The error for a file of a dictionary that cannot be used."""
    return UsageError(f"{file}: got {got}, expected {expected}; {remedy}")
