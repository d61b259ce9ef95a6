"""Listed files: what is not as it was written is named, whoever asks for it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest

from preprocess.artifact.layout import ARTIFACT
from preprocess.artifact.listed_files import ListedFiles
from preprocess.artifact.output_file import OutputFile, described_below
from preprocess.core.errors import ArtifactError

DATA = b"the\t1\t7\ncat\t2\t3\n"


@pytest.fixture
def files(tmp_path: Path) -> ListedFiles:
    (tmp_path / "serving/variables").mkdir(parents=True)
    for name in ("words.tsv", "serving/saved_model.pb", "serving/variables/index"):
        (tmp_path / name).write_bytes(DATA)
    listed = described_below(
        str(tmp_path), [str(tmp_path / "words.tsv"), str(tmp_path / "serving")]
    )
    return ListedFiles(str(tmp_path), listed, ARTIFACT)


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4] ^= 1
    path.write_bytes(data)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _link(path: Path) -> None:
    path.unlink()
    outside = Path(mkdtemp()) / "outside"
    outside.write_bytes(DATA[::-1])
    path.symlink_to(outside)


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "deleted": (Path.unlink, "got no such file, expected 16 bytes as manifest.json says"),
    "cut": (lambda path: path.write_bytes(DATA[:5]), "got 5 bytes, expected 16 bytes as"),
    "longer": (lambda path: path.write_bytes(DATA * 2), "got 32 bytes, expected 16 bytes as"),
    "flipped": (_flip, "got the SHA-256 "),
    "lines exchanged": (lambda p: p.write_bytes(DATA[8:] + DATA[:8]), "got the SHA-256 "),
    "a folder": (_folder, "got a folder, expected 16 bytes as"),
    "a link": (_link, "got the SHA-256 "),
    "a pipe": (_pipe, "got no such file, expected 16 bytes as"),
}
REMEDY = "; copy the artifact again or run `text2seq build` again"


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", ["words.tsv", "serving/variables/index"])
def test_damage_is_named(files: ListedFiles, name: str, damage: str) -> None:
    path, (harm, message) = f"{files.root}/{name}", DAMAGE[damage]
    harm(Path(path))
    ways = [
        lambda: files.read(path),
        lambda: files.read_text(path),
        lambda: files.check(path),
        lambda: files.check(f"{files.root}/{name.split('/')[0]}"),
        lambda: files.check_all(lambda *_: None),
    ]
    for ask in ways:
        with pytest.raises(ArtifactError) as raised:
            ask()
        assert str(raised.value).startswith(f"{path}: {message}")
        assert str(raised.value).endswith(REMEDY) and "\n" not in str(raised.value)


def test_what_is_whole_is_handed_on(files: ListedFiles) -> None:
    path, seen = f"{files.root}/words.tsv", []
    assert files.read(path) == DATA and files.read_text(path) == DATA.decode()
    assert files.check(path) == path
    assert files.check(f"{files.root}/serving") == f"{files.root}/serving"
    files.check_all(lambda *counts: seen.append(counts))
    assert seen == [("hashed", 1, 16)] * 3


@pytest.mark.parametrize("name", ["other.tsv", "transform", "words", "words.tsv/x", ""])
def test_what_is_not_listed_is_not_read(files: ListedFiles, name: str) -> None:
    for ask in (files.read, files.check):
        with pytest.raises(ArtifactError, match=r"got a file that manifest\.json does not list"):
            ask(f"{files.root}/{name}")


def test_a_folder_holds_what_is_listed_alone(files: ListedFiles) -> None:
    Path(files.root, "serving/saved_model.cpb").write_bytes(b"what TensorFlow would prefer")
    with pytest.raises(ArtifactError, match=r"saved_model\.cpb: got a file that manifest\.json"):
        files.check(f"{files.root}/serving")


@pytest.mark.parametrize(
    "name",
    [
        "examples/train/bucket-00008/part-00002-of-00003.tfrecord.gz",
        "transform/assets/more",
        "serving/saved_model.cpb",
        "vocabulary/a\nb.tsv",
        "schema/.hidden",
        "rejected/part-00001-of-00002.jsonl",
    ],
)
def test_a_file_among_ours_that_is_not_listed_is_refused(files: ListedFiles, name: str) -> None:
    path = Path(files.root, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    with pytest.raises(ArtifactError) as raised:
        files.check_all(lambda *_: None)
    assert str(raised.value).startswith(f"{path}: got a file that manifest.json does not list, ")
    assert str(raised.value).endswith(REMEDY)


def test_a_users_own_files_stand_beside_ours(files: ListedFiles) -> None:
    for name in ("notes.txt", "notebooks/a.ipynb", "report.html", "examples.tfrecord"):
        Path(files.root, name).parent.mkdir(exist_ok=True)
        Path(files.root, name).write_bytes(b"mine")
    files.check_all(lambda *_: None)


def test_text_is_utf8(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff")
    files = ListedFiles(str(tmp_path), described_below(str(tmp_path), [f"{tmp_path}/a"]), ARTIFACT)
    with pytest.raises(ArtifactError, match="/a: got bytes that are no UTF-8"):
        files.read_text(f"{tmp_path}/a")


def test_last_bytes_show_an_exchange(tmp_path: Path) -> None:
    listed = []
    for name, data in (
        ("a", b"first ending"),
        ("b", b"other ending"),
        ("c", b"ending.."),
        ("d", b""),
    ):
        (tmp_path / name).write_bytes(data)
        [file] = described_below(str(tmp_path), [f"{tmp_path}/{name}"])
        listed.append(file.model_copy(update={"tail": data[-8:].hex()}))
    files = ListedFiles(str(tmp_path), listed, ARTIFACT)
    files.check_quickly(listed)
    (tmp_path / "a").write_bytes(b"first endinh")
    with pytest.raises(ArtifactError, match=r"/a: got the last bytes .*, expected .* as manifest"):
        files.check_quickly(listed)
    (tmp_path / "a").unlink()
    with pytest.raises(ArtifactError, match="/a: got no such file"):
        files.check_quickly([OutputFile(path="a", bytes=12, sha256="0" * 64)])
