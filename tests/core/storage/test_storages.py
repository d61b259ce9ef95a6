"""What every storage does, tried on the local one and on Beam's file systems."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from beam_jobs.runtime.beam_storage import BeamStorage
from preprocess.core.storage import Storage, StoredFile, storage_of
from preprocess.core.storage.local_storage import LocalStorage

STORAGES = {"local": LocalStorage(), "beam": BeamStorage()}


@pytest.fixture(params=STORAGES)
def storage(request: pytest.FixtureRequest) -> Storage:
    return STORAGES[request.param]


def _write(storage: Storage, path: Path, data: bytes = b"x") -> str:
    with storage.create(str(path)) as file:
        file.write(data)
    return str(path)


def test_read(storage: Storage, tmp_path: Path) -> None:
    path = _write(storage, tmp_path / "new" / "folder" / "a.gz", b"0123456789")
    assert storage.read(path) == b"0123456789"
    assert storage.read_range(path, 3, 4) == b"3456"
    assert storage.read_range(path, 8, 4) == b"89"
    assert storage.size(path) == 10


@pytest.mark.parametrize("read", ["open", "read"])
def test_a_missing_file(storage: Storage, tmp_path: Path, read: str) -> None:
    path = str(tmp_path / "none")
    with pytest.raises(FileNotFoundError):
        getattr(storage, read)(path)
    assert storage.size(path) is None
    assert not storage.exists(path)


def test_create_replaces_unless_it_is_exclusive(storage: Storage, tmp_path: Path) -> None:
    path = tmp_path / "a"
    with storage.create(str(path), exclusive=True) as file:
        file.write(b"first")
    with pytest.raises(FileExistsError):
        storage.create(str(path), exclusive=True)
    assert path.read_bytes() == b"first"
    _write(storage, path, b"2nd")
    assert path.read_bytes() == b"2nd"


@pytest.mark.parametrize("before", [None, b"old, and longer"])
def test_rename(storage: Storage, tmp_path: Path, before: bytes | None) -> None:
    source, destination = tmp_path / "new", tmp_path / "b" / "c"
    if before is not None:
        _write(storage, destination, before)
    storage.rename(_write(storage, source, b"new"), str(destination))
    assert destination.read_bytes() == b"new"
    assert not source.exists()


def test_list(storage: Storage, tmp_path: Path) -> None:
    for name in ("b", "a/2", "a/1", "a/z/3", ".hidden", "a-b"):
        _write(storage, tmp_path / name, name.encode())
    (tmp_path / "empty").mkdir()
    everything = [".hidden", "a-b", "a/1", "a/2", "a/z/3", "b"]

    def listed(depth: int | None) -> list[str]:
        found = storage.list(str(tmp_path), depth)
        assert found == [StoredFile(f.path, os.path.getsize(f.path)) for f in found]
        return [os.path.relpath(file.path, tmp_path) for file in found]

    assert listed(None) == listed(2) == everything
    assert listed(1) == [name for name in everything if name != "a/z/3"]
    assert listed(0) == [".hidden", "a-b", "b"]
    assert storage.list(str(tmp_path / "none")) == []


def test_delete_tree(storage: Storage, tmp_path: Path) -> None:
    kept = _write(storage, tmp_path / "ab")
    _write(storage, tmp_path / "a" / "b" / "c")
    (tmp_path / "a" / "empty").mkdir()
    for path in ("a", "a", "none"):  # what is gone may be deleted again
        storage.delete_tree(str(tmp_path / path))
    assert [str(path) for path in tmp_path.iterdir()] == [kept]
    storage.delete_tree(kept)
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_a_folder_is_deleted_alone(tmp_path: Path) -> None:
    inside = _write(LocalStorage(), tmp_path / "real" / "a")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert [file.path for file in LocalStorage().list(str(tmp_path))] == [inside]
    LocalStorage().delete_tree(str(tmp_path / "link"))
    assert Path(inside).exists()
    assert not (tmp_path / "link").exists()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    local = LocalStorage()
    assert local.is_folder(str(tmp_path))
    assert local.size(str(tmp_path)) is None
    assert not local.is_folder(_write(local, tmp_path / "a"))


def test_a_file_uri_is_local(tmp_path: Path) -> None:
    uri = f"file://{tmp_path}/a/b"
    storage = storage_of(uri)
    with storage.create(uri) as file:
        file.write(b"x")
    assert (tmp_path / "a" / "b").read_bytes() == b"x"
    assert storage.list(f"file://{tmp_path}") == [StoredFile(uri, 1)]
