"""Opens raw files, and reports plainly when one cannot be read."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

import pyarrow as pa

from preprocess.core.errors import InputError, one_line
from preprocess.core.storage import storage_of

# pa.ArrowInvalid is a ValueError; the other Arrow errors that reading raises are OSErrors.
_DAMAGE = (OSError, EOFError, zlib.error, pa.ArrowException)


@contextmanager
def reading(path: str, remedy: str = "write the file again") -> Iterator[None]:
    """Turns whatever goes wrong while `path` is read into an `InputError` that names it.

    Raises:
      InputError: the file is missing, cut short or damaged.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise InputError(
            f"{path}: got no such file, expected it to stay while it is read"
        ) from error
    except _DAMAGE as error:
        what = one_line(error) or type(error).__name__
        raise InputError(
            f"{path}: got data that cannot be read ({what}), "
            f"expected a whole, undamaged file; {remedy}"
        ) from error


@contextmanager
def open_raw(path: str) -> Iterator[BinaryIO]:
    """Opens the bytes of `path` as they are stored."""
    with storage_of(path).open(path) as file:
        yield file


@contextmanager
def open_content(path: str) -> Iterator[BinaryIO]:
    """Opens the bytes of `path`, decompressed if its name ends in .gz.

    The gzip module checks length and CRC at the end and raises EOFError for a file cut short.
    """
    with open_raw(path) as raw:
        if not path.endswith(".gz"):
            yield raw
            return
        with gzip.GzipFile(fileobj=raw, mode="rb") as file:
            yield cast(BinaryIO, file)
