"""What every storage does, tried on the local one and on Beam's file systems."""

from __future__ import annotations

import os
from contextlib import nullcontext
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
@pytest.mark.parametrize("exclusive", [False, True])
def test_a_file_takes_the_place_of_another_when_it_is_whole(
    storage: Storage, tmp_path: Path, before: bytes | None, exclusive: bool
) -> None:
    path = tmp_path / "成果 a" / "b"
    path.parent.mkdir()
    refused = exclusive and before is not None
    with pytest.raises(FileExistsError) if refused else nullcontext():  # noqa: SIM117
        with storage.replacing(str(path), exclusive=exclusive) as file:
            file.write(b"new")
            assert not path.exists()
            if before is not None:  # somebody else is quicker
                path.write_bytes(before)
    assert path.read_bytes() == (before if refused else b"new")
    assert [p.name for p in path.parent.iterdir()] == ["b"]


def test_what_is_no_regular_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(OSError, match="is no regular file"):
            LocalStorage().replacing(str(tmp_path / name)).__enter__()
    assert (tmp_path / "pipe").is_fifo() and (tmp_path / "folder").is_dir()


@pytest.mark.parametrize("named", [False, True])
def test_a_planted_link_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    if named:  # as on a file system that knows no files without a name
        monkeypatch.setattr(os, "O_TMPFILE", os.O_DIRECTORY)
    (tmp_path / "precious").write_text("years of work")
    (tmp_path / "out").symlink_to(tmp_path / "precious")
    with LocalStorage().replacing(str(tmp_path / "out")) as file:
        file.write(b"new")
    assert (tmp_path / "precious").read_text() == "years of work"
    assert not (tmp_path / "out").is_symlink()
    with pytest.raises(OSError, match="symbolic links"), LocalStorage().locked(_planted(tmp_path)):
        pass


def _planted(folder: Path) -> str:
    (folder / "marker").symlink_to(folder / "precious")
    return str(folder / "marker")


def test_one_process_at_a_time_holds_a_file(tmp_path: Path) -> None:
    path, local = str(tmp_path / "new" / "held"), LocalStorage()
    with local.locked(path) as held:
        assert held.is_exclusive and held.read() == ""
        held.write("first, and longer")
        held.write("second")
        with pytest.raises(BlockingIOError), local.locked(path):
            pass
    with local.locked(path) as held:
        assert held.read() == "second"


def test_a_storage_without_locks_says_so(tmp_path: Path) -> None:
    path = str(tmp_path / "held")
    with BeamStorage().locked(path) as held, BeamStorage().locked(path) as other:
        held.write("mine")
        assert other.read() == "mine" and not other.is_exclusive


def test_subfolders(storage: Storage, tmp_path: Path) -> None:
    for name in ("b", "a/2", "c/d/e", ".hidden/x"):
        _write(storage, tmp_path / name)
    assert storage.subfolders(str(tmp_path)) == [".hidden", "a", "c"]
    assert storage.subfolders(str(tmp_path / "none")) == []


def test_a_move_can_be_completed(storage: Storage, tmp_path: Path) -> None:
    for name in ("new/a/1", "new/a/2", "new/b"):
        _write(storage, tmp_path / name, name.encode())
    for name in ("a", "b", "none"):
        storage.move(str(tmp_path / "new" / name), str(tmp_path / name))
    storage.move(str(tmp_path / "new" / "a"), str(tmp_path / "a"))
    assert (tmp_path / "a" / "2").read_bytes() == b"new/a/2"
    assert (tmp_path / "b").read_bytes() == b"new/b"
    assert storage.list(str(tmp_path / "new")) == []


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
