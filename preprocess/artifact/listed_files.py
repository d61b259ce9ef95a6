"""The files that a manifest lists: none is handed on that is not as it was written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from preprocess.artifact.output_file import TAIL_BYTES, OutputFile, described
from preprocess.core.errors import ArtifactError, reason_of
from preprocess.core.output import FolderKind
from preprocess.core.storage import storage_of

# Files that are looked at side by side, as each may be a round trip to a store.
_THREADS = 16
_SHOWN_DIGITS = 16

T = TypeVar("T")

Watch = Callable[[str, int, int], None]


@dataclass(frozen=True)
class ListedFiles:
    """Files below a folder, by the list in its manifest.

    Every method that takes a path takes one below `root`, as the layouts give it.

    Attributes:
      root: folder or URI.
      listed: what the manifest says of each file.
      kind: what the folder is.
    """

    root: str
    listed: Iterable[OutputFile]
    kind: FolderKind

    @cached_property
    def _by_path(self) -> dict[str, OutputFile]:
        return {file.path: file for file in self.listed}

    def read(self, path: str) -> bytes:
        """The bytes of a file.

        Raises:
          ArtifactError: the manifest does not list it, or it is missing or not as it was written.
        """
        file = self._sized(path)
        data = self._got(path, lambda: storage_of(path).read(path))
        self._compare(path, file.sha256, hashlib.sha256(data).hexdigest())
        return data

    def read_text(self, path: str) -> str:
        """The text of a file in UTF-8.

        Raises:
          ArtifactError: as for `read`, or it is no UTF-8.
        """
        try:
            return self.read(path).decode("utf-8")
        except UnicodeDecodeError as error:
            raise self._damaged(path, f"bytes that are no UTF-8 ({error})", "text") from error

    def check(self, path: str) -> str:
        """Checks a file, or all files in a folder, that another library opens.

        Returns:
          `path`.

        Raises:
          ArtifactError: as for `read`, or the folder holds a file that the manifest does not list.
        """
        prefix = f"{self._relative(path)}/"
        below = [name for name in self._by_path if name.startswith(prefix)]
        if not below:
            self._check_file(path)
            return path
        self._refuse_others(path)
        for name in below:
            self._check_file(self._path(name))
        return path

    def check_all(self, watch: Watch) -> None:
        """Checks every file that is listed, and that there are no others among them.

        What a user keeps beside the folders that are ours is no concern of ours.

        Args:
          watch: called with "hashed", 1 and the bytes of each file.

        Raises:
          ArtifactError: names the first that is missing, not as it was written, or not listed in
            a folder where readers would take it for one of ours.
        """
        for member in self.kind.members:
            if member not in self.kind.state:  # what a run resumes from is not listed
                self._refuse_others(self._path(member))
        files = list(self._by_path.values())
        with ThreadPoolExecutor(_THREADS) as pool:
            checked = pool.map(lambda file: self._check_file(self._path(file.path)), files)
            for file, _ in zip(files, checked, strict=True):
                watch("hashed", 1, file.bytes)

    def check_quickly(self, files: Iterable[OutputFile]) -> None:
        """Compares sizes and last bytes alone, by which files differ that were exchanged.

        Raises:
          ArtifactError: names the first file that is missing or another.
        """
        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(self._glance, files))

    def _glance(self, file: OutputFile) -> None:
        path = self._path(file.path)
        self._sized(path)
        if file.tail is not None:
            start = max(file.bytes - TAIL_BYTES, 0)
            tail = self._got(path, lambda: storage_of(path).read_range(path, start, TAIL_BYTES))
            if tail.hex() != file.tail:
                raise self._damaged(path, f"the last bytes {tail.hex()}", file.tail)

    def _refuse_others(self, folder: str) -> None:
        for file in self._got(folder, lambda: storage_of(folder).list(folder)):
            self._listed(file.path)

    def _check_file(self, path: str) -> None:
        file = self._sized(path)
        found = self._got(path, lambda: described(path, file.path))
        self._compare(path, file.sha256, found.sha256)

    def _sized(self, path: str) -> OutputFile:
        """What is listed of a file that has the size that is listed."""
        file = self._listed(path)
        size = self._got(path, lambda: storage_of(path).size(path))
        if size != file.bytes:
            raise self._damaged(path, _sized_as(path, size), f"{file.bytes:,} bytes")
        return file

    def _listed(self, path: str) -> OutputFile:
        file = self._by_path.get(self._relative(path))
        if file is None:
            raise ArtifactError(
                f"{path}: got a file that {self.kind.manifest} does not list, expected those "
                f"that `{self.kind.command}` wrote; {self.kind.remedy}"
            )
        return file

    def _compare(self, path: str, expected: str, got: str) -> None:
        if got != expected:
            raise self._damaged(
                path, f"the SHA-256 {got[:_SHOWN_DIGITS]}…", f"{expected[:_SHOWN_DIGITS]}…"
            )

    def _got(self, path: str, read: Callable[[], T]) -> T:
        try:
            return read()
        except OSError as error:
            raise ArtifactError(
                f"{path}: cannot be read ({reason_of(error)}); {self.kind.remedy}"
            ) from error

    def _damaged(self, path: str, got: str, expected: str) -> ArtifactError:
        return ArtifactError(
            f"{path}: got {got}, expected {expected} as {self.kind.manifest} says; "
            f"{self.kind.remedy}"
        )

    def _path(self, relative: str) -> str:
        return f"{self.root}/{relative}"

    def _relative(self, path: str) -> str:
        return path.removeprefix(f"{self.root}/")


def _sized_as(path: str, size: int | None) -> str:
    if size is not None:
        return f"{size:,} bytes"
    return "a folder" if storage_of(path).is_folder(path) else "no such file"
