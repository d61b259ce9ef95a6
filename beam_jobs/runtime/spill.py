"""Arrow data between two stages, kept in files of the workspace instead of the runner's memory.

A local runner holds everything that waits for a later stage, several times over while it is
handed to workers; only references to these files wait there.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import BinaryIO

from preprocess.core.storage import storage_of


@dataclass(frozen=True)
class Reference:
    """Where a spilled stream of Arrow IPC lies; small and picklable.

    Attributes:
      path: of the file.
      offset: of the first byte.
      size: bytes.
    """

    path: str
    offset: int
    size: int

    def read(self) -> bytes:
        """Reads what was written.

        Raises:
          EOFError: the file ends before.
        """
        data = storage_of(self.path).read_range(self.path, self.offset, self.size)
        if len(data) < self.size:
            raise EOFError(f"{self.path}: ends at byte {self.offset + len(data)}")
        return data


class Spill:
    """Writes packed batches (`packing.pack`) to one new file, to be read once it is closed.

    Nothing that is read from a file here is ever run, as a pickle would be.

    A bundle that is tried again writes to another file, and only the references of the attempt
    that succeeded are handed on; the rest is deleted with the workspace.
    """

    def __init__(self, folder: str) -> None:
        self._path = f"{folder}/{uuid.uuid4().hex}.spill"
        self._file: BinaryIO | None = None
        self._offset = 0

    def write(self, packed: bytes) -> Reference:
        """Appends a batch, and gives the reference to read it by."""
        self._open().write(packed)
        reference = Reference(self._path, self._offset, len(packed))
        self._offset += len(packed)
        return reference

    def close(self) -> None:
        """Makes what has been written readable."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> BinaryIO:
        if self._file is None:
            self._file = storage_of(self._path).create(self._path, exclusive=True)
        return self._file
