"""Files that are seen whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from preprocess.core.storage import delete_tree, read_bytes, read_text, write_file


def _listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_write_and_read(tmp_path: Path) -> None:
    path = str(tmp_path / "a" / "b" / "c.gz")  # no suffix means compression here
    write_file(path, iter([b"one\r\n", b"", b"\xff\x00"]))
    assert read_bytes(path) == b"one\r\n\xff\x00" == Path(path).read_bytes()
    assert _listed(tmp_path) == ["c.gz"]


def test_an_empty_file(tmp_path: Path) -> None:
    write_file(str(tmp_path / "a"), [])
    assert read_text(str(tmp_path / "a")) == ""


def test_a_file_is_replaced(tmp_path: Path) -> None:
    for text in (b"first, and long", b"second"):
        write_file(str(tmp_path / "a"), [text])
    assert read_bytes(str(tmp_path / "a")) == b"second"
    assert _listed(tmp_path) == ["a"]


def _broken() -> Iterator[bytes]:
    yield b"half"
    raise RuntimeError("the rest is missing")


@pytest.mark.parametrize("before", [None, b"whole"])
def test_nothing_is_left_of_a_writer_that_fails(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "a"
    if before is not None:
        path.write_bytes(before)
    with pytest.raises(RuntimeError, match="the rest is missing"):
        write_file(str(path), _broken())
    assert _listed(tmp_path) == ([] if before is None else ["a"])
    assert before is None or path.read_bytes() == before


def test_the_file_is_not_there_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a"

    def chunks() -> Iterator[bytes]:
        yield b"one"
        assert not path.exists()
        yield b"two"

    write_file(str(path), chunks())
    assert path.read_bytes() == b"onetwo"


def test_delete_tree(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_text("x")
    for _ in range(2):  # the second time there is nothing
        delete_tree(str(tmp_path / "a"))
    assert list(tmp_path.iterdir()) == []
