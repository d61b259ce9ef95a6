"""Values between two stages, kept in files of the workspace instead of the runner's memory.

A local runner holds everything that waits for a later stage, several times over while it is
handed to workers; only references to these files wait there.
"""

from __future__ import annotations

import pickle
import uuid
from dataclasses import dataclass
from typing import Any, BinaryIO

from preprocess.core.storage import storage_of


@dataclass(frozen=True)
class Reference:
    """Where a spilled value lies; small and picklable.

    Attributes:
      path: of the file.
      offset: of the first byte.
      size: bytes.
    """

    path: str
    offset: int
    size: int

    def read(self) -> Any:
        """Reads the spilled value."""
        storage = storage_of(self.path)
        return pickle.loads(storage.read_range(self.path, self.offset, self.size))


class Spill:
    """Writes values to one new file; they can be read once it is closed.

    A bundle that is tried again writes to another file, and only the references of the attempt
    that succeeded are handed on; the rest is deleted with the workspace.
    """

    def __init__(self, folder: str) -> None:
        self._path = f"{folder}/{uuid.uuid4().hex}.spill"
        self._file: BinaryIO | None = None
        self._offset = 0

    def write(self, value: Any) -> Reference:
        """Appends a value, and gives the reference to read it by."""
        data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
        self._open().write(data)
        reference = Reference(self._path, self._offset, len(data))
        self._offset += len(data)
        return reference

    def close(self) -> None:
        """Makes what has been written readable."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> BinaryIO:
        if self._file is None:
            self._file = storage_of(self._path).create(self._path)
        return self._file
