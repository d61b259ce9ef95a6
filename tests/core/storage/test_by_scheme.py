"""The backend of a URI scheme: an installed package's entry point, imported for a URI alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from processes import run_python

from preprocess.core.storage import is_uri, storage_of
from preprocess.core.storage.local_storage import LocalStorage

BACKEND = """
import io
from preprocess.core.storage import Guarantees, Storage, StoredFile

class Memory(Storage):
    guarantees = Guarantees(False, True, True, True)
    files = {}
    def open(self, path): return io.BytesIO(self.files[path])
    def create(self, path, *, exclusive=False):
        file = io.BytesIO()
        file.close = lambda: self.files.__setitem__(path, file.getvalue())
        return file
    def rename(self, source, destination): self.files[destination] = self.files.pop(source)
    def list(self, folder, depth=None):
        return [StoredFile(p, len(b)) for p, b in self.files.items() if p.startswith(folder + "/")]
    def size(self, path): return len(self.files[path]) if path in self.files else None
    def is_folder(self, path): return False
    def delete_tree(self, path): self.files.pop(path, None)
"""

USE = """
import json, sys
from preprocess.core.storage import matching, read_bytes, storage_of, write_file
storage_of("a/local/path")
early = "memory_backend" in sys.modules
write_file("mem://x/a.txt", [b"one", b"two"])
write_file("mem://x/y/b.txt", [b""])
print(json.dumps([early, read_bytes("mem://x/a.txt").decode(), matching("mem://x/*.txt"),
                  matching("mem://x/**"), "apache_beam" in sys.modules]))
"""


def test_a_backend_is_registered_by_its_package(tmp_path: Path) -> None:
    (tmp_path / "memory_backend.py").write_text(BACKEND)
    info = tmp_path / "memory_backend-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: memory-backend\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[text2seq.storage]\nmem = memory_backend:Memory\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{USE}"
    early, read, top, everything, beam = json.loads(run_python("-c", code).stdout)
    assert (early, beam) == (False, False)
    assert read == "onetwo"
    assert top == [["mem://x/a.txt", 6]]
    assert everything == [["mem://x/a.txt", 6], ["mem://x/y/b.txt", 0]]


@pytest.mark.parametrize("scheme", ["gs", "s3", "hdfs", "azfs"])
def test_object_stores_go_through_beam(scheme: str) -> None:
    storage = storage_of(f"{scheme}://bucket/a")
    assert type(storage).__name__ == "BeamStorage"
    assert storage is storage_of(f"{scheme}://other")


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(OSError, match=r"got xx://, expected a local path or one of azfs://, file"):
        storage_of("xx://a/b")


def test_paths_are_local() -> None:
    for path in ("/a/b", "a:b", "c:/d", "a//b", ""):
        assert isinstance(storage_of(path), LocalStorage)


@pytest.mark.parametrize("path", ["train=gs://bucket/a", "a b://c", "1x://y", "d/gs://bucket/a"])
def test_what_is_no_scheme_is_local(path: str) -> None:
    assert not is_uri(path)
    assert isinstance(storage_of(path), LocalStorage)
