"""Opens raw files, and reports plainly when one cannot be read."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

import pyarrow as pa

from beam_jobs.sources.input_split import SourceFile
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
def open_stored(file: SourceFile) -> Iterator[BinaryIO]:
    """Opens the bytes of `file` as they are stored.

    Raises:
      InputError: the file has not the size, before it is read or after, that the job was planned
        with: it would be read in part, or rows twice.
    """
    check_size(file)
    with open_raw(file.location) as raw:
        try:
            yield raw
        except Exception:  # which may well come from a file that was cut short meanwhile
            check_size(file)
            raise
    check_size(file)


@contextmanager
def open_content(file: SourceFile) -> Iterator[BinaryIO]:
    """Opens the bytes of `file`, decompressed if its name ends in .gz.

    The gzip module checks length and CRC at the end and raises EOFError for a file cut short.
    """
    with open_stored(file) as raw:
        if not file.is_compressed:
            yield raw
            return
        with gzip.GzipFile(fileobj=raw, mode="rb") as content:
            yield cast(BinaryIO, content)


def ended_early(file: SourceFile, at: int) -> InputError:
    """The error of a file whose data end at byte `at`, before its end when the job was planned."""
    return InputError(
        f"{file.path}: got data that end at byte {at:,}, expected {file.size:,} bytes as when the "
        "job began; run it again once nothing writes the file any more"
    )


def check_size(file: SourceFile) -> None:
    """Refuses a file that has not the size that the job was planned with.

    Raises:
      InputError: names both sizes.
      FileNotFoundError: it is gone.
    """
    size = storage_of(file.location).size(file.location)
    if size is None:
        raise FileNotFoundError(file.path)
    if size != file.size:
        raise InputError(
            f"{file.path}: got {size:,} bytes, expected {file.size:,} as when the job began; run "
            "it again once nothing writes the file any more"
        )
