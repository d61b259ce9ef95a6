"""The output folder: what is refused, what is deleted, what stays, and how the new comes in."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import run_python

from preprocess.core.errors import UsageError
from preprocess.core.output import ClaimedFolder, FolderKind, claimed, settle
from preprocess.core.storage import write_file

KIND = FolderKind(
    "artifact", "text2seq build", "build", "manifest.json", ("statistics.json", "examples")
)
MODEL = FolderKind(
    "model",
    "train",
    "training",
    "model.json",
    ("serving", "checkpoints", "logs"),
    ("checkpoints", "logs"),
)
FOREIGN = (
    "got a folder that is not empty and not made by text2seq, expected a new or empty one; "
    "choose another --output"
)


def _file(path: Path, text: str = "x") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def _texts(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text() for name in _files(folder)}


def _write(
    folder: ClaimedFolder, text: str, names: tuple[str, ...] = ("examples/train/a",)
) -> None:
    for name in (*names, folder.kind.manifest):
        write_file(f"{folder.new}/{name}", [text.encode()])


def _made(root: Path, text: str = "old", kind: FolderKind = KIND) -> None:
    with claimed(str(root), kind, overwrite=True) as folder:
        _write(folder, text)
        folder.publish()


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    """What a build leaves, and some files of the user's."""
    _made(tmp_path / "out")
    for name in MINE:
        _file(tmp_path / "out" / name, "mine")
    return tmp_path / "out"


MINE = ["models/mine/model.keras", "notes.txt"]
OURS = [".text2seq", "examples/train/a", "manifest.json"]


@pytest.mark.parametrize("name", ["new", "deep/er/new", "new/", "成果物", "a b", "x'y\"z"])
def test_a_new_folder(tmp_path: Path, name: str) -> None:
    with claimed(f"{tmp_path}/{name}", KIND, overwrite=False) as folder:
        _write(folder, "new")
        assert folder.new.isascii()
        names = {Path(path).parts[0] for path in _files(tmp_path / name)}
        assert names == {".text2seq", os.path.basename(folder.work)}
        assert os.path.basename(folder.work).startswith(".work-")
        folder.publish()
    assert _files(tmp_path / name) == OURS


def test_an_empty_folder(tmp_path: Path) -> None:
    _made(tmp_path)
    assert _files(tmp_path) == OURS


def test_a_relative_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _made(Path("out"))
    assert _files(tmp_path) == [f"out/{name}" for name in OURS]


FOREIGN_FILES: dict[str, Callable[[Path], None]] = {
    "file": lambda folder: _file(folder / "a.txt"),
    "hidden file": lambda folder: _file(folder / ".env"),
    "only a folder": lambda folder: _file(folder / "examples" / "a.txt"),
    "only an empty folder": lambda folder: (folder / "examples").mkdir(parents=True),
    "only a hidden folder": lambda folder: _file(folder / ".git" / "config"),
    "an artifact without marker": lambda folder: _file(folder / "manifest.json"),
    "a file in its place": lambda folder: _file(folder),
}


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("make", FOREIGN_FILES.values(), ids=FOREIGN_FILES)
def test_what_is_not_ours_is_refused_and_stays(
    tmp_path: Path, make: Callable[[Path], None], overwrite: bool
) -> None:
    folder = tmp_path / "out"
    make(folder)
    before = _files(tmp_path)
    with (
        pytest.raises(UsageError) as raised,
        claimed(str(folder), KIND, overwrite=overwrite),
    ):
        pass
    assert str(raised.value) == f"{folder}: {FOREIGN}"
    assert _files(tmp_path) == before


@pytest.mark.parametrize("name", ["out[1]", "out*", "out?/deeper", "a\\b", "a\udcff", ""])
def test_paths_that_tensorflow_cannot_read_are_refused(tmp_path: Path, name: str) -> None:
    path = f"{tmp_path}/{name}" if name else ""
    with (
        pytest.raises(UsageError, match=r"got an? (empty )?path.* --output"),
        claimed(path, KIND, overwrite=True),
    ):
        pass
    assert _files(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with (
        pytest.raises(UsageError, match=r"cannot be written \(Not a directory\)"),
        claimed(f"{tmp_path}/file/out", KIND, overwrite=True),
    ):
        pass


def test_a_finished_folder_is_refused(artifact: Path) -> None:
    before = _texts(artifact)
    with pytest.raises(UsageError) as raised, claimed(str(artifact), KIND, overwrite=False):
        pass
    assert str(raised.value) == (
        f"{artifact}: got a folder with a finished artifact, expected a new one; "
        "choose another --output or add --overwrite"
    )
    assert _texts(artifact) == before


def test_a_finished_folder_stays_until_its_successor_is_whole(artifact: Path) -> None:
    before = _texts(artifact)
    with claimed(str(artifact), KIND, overwrite=True) as folder:
        _write(folder, "new", ("examples/test/b", "statistics.json"))
        written = {n: t for n, t in _texts(artifact).items() if not n.startswith(".")}
        assert written == {n: t for n, t in before.items() if not n.startswith(".")}
        folder.publish()
    after = _texts(artifact)
    assert after.pop(".text2seq") == before[".text2seq"]
    assert after == {
        **dict.fromkeys(MINE, "mine"),
        **dict.fromkeys(["examples/test/b", "statistics.json", "manifest.json"], "new"),
    }


@pytest.mark.parametrize("finished", [False, True])
def test_nothing_is_left_of_a_run_that_fails(tmp_path: Path, finished: bool) -> None:
    out = tmp_path / "out"
    if finished:
        _made(out)
    before = _texts(out)
    with pytest.raises(OSError, match="full"), claimed(str(out), KIND, overwrite=True) as folder:
        _write(folder, "new")
        raise OSError("the disk is full")
    assert _texts(out) == (before or {".text2seq": KIND.marker_text})
    assert [name for name in os.listdir(out) if name.startswith((".work", ".old"))] == []


@pytest.mark.parametrize("overwrite", [False, True])
def test_an_unfinished_folder_is_cleared(artifact: Path, overwrite: bool) -> None:
    (artifact / "manifest.json").unlink()
    _file(artifact / ".work-abc" / "new" / "examples" / "b")
    with claimed(str(artifact), KIND, overwrite=overwrite):
        assert _files(artifact) == [".text2seq", *MINE]


# ---- two at once ---------------------------------------------------------------------------


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_second_run_is_refused_and_disturbs_nothing(tmp_path: Path, overwrite: bool) -> None:
    out = str(tmp_path / "out")
    with claimed(out, KIND, overwrite=False) as folder:
        _write(folder, "first")
        with pytest.raises(UsageError) as raised, claimed(out, KIND, overwrite=overwrite):
            pass
        assert f"in use by `text2seq build`, process {os.getpid()} on " in str(raised.value)
        assert " since 20" in str(raised.value)
        folder.publish()
    assert _texts(tmp_path / "out")["manifest.json"] == "first"


DIES = """
import os, sys
from test_claimed_folder import KIND, _write
from preprocess.core.output import claimed
with claimed(sys.argv[1], KIND, overwrite=True) as folder:
    _write(folder, "new")
    left = int(sys.argv[2])
    def count(event, _):
        global left
        if event in ("os.rename", "os.rmdir", "os.remove", "open", "os.mkdir"):
            left -= 1
            if not left:
                os._exit(9)
    sys.addaudithook(count)
    folder.publish()
"""


def _killed(root: Path, steps: int) -> int:
    here = Path(__file__).parent
    paths = os.pathsep.join([str(here), str(here.parents[1] / "support"), *os.sys.path])
    environment = {**os.environ, "PYTHONPATH": paths}
    return run_python("-c", DIES, root, str(steps), check=False, env=environment).returncode


@pytest.mark.parametrize("opens", [settle, "overwrite"])
@pytest.mark.parametrize("steps", range(1, 16))
def test_a_killed_swap_is_finished_by_whoever_opens_the_folder(
    artifact: Path, steps: int, opens: object
) -> None:
    code = _killed(artifact, steps)
    if opens is settle:
        settle(str(artifact), KIND)
        assert _texts(artifact)["manifest.json"] == _texts(artifact)["examples/train/a"] == "new"
    else:
        _made(artifact, "newer")
        assert _texts(artifact)["examples/train/a"] == "newer"
    assert _files(artifact) == sorted([*OURS, *MINE])
    assert sorted(os.listdir(artifact)) == sorted(
        [".text2seq", "examples", "manifest.json", "models", "notes.txt"]
    )
    assert code in (0, 9)


def test_a_kill_is_met_at_every_step(artifact: Path) -> None:
    assert _killed(artifact, 1) == 9
    assert _killed(artifact, 1000) == 0


def test_what_a_killed_run_left_is_told_and_cleared(
    artifact: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with claimed(str(artifact), KIND, overwrite=True) as folder:
        held = (artifact / ".text2seq").read_text()
        _write(folder, "half")
    _file(artifact / ".text2seq", held)
    _file(artifact / ".work-0123" / "scratch" / "x")
    _made(artifact, "new")
    assert "clears away what a run that was killed has left: in use by `text2" in caplog.text
    assert _files(artifact) == sorted([*OURS, *MINE])


# ---- links ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [".text2seq", "examples", "examples/train/a", "statistics.json"])
def test_a_planted_link_is_refused_before_anything_is_deleted(artifact: Path, name: str) -> None:
    target = artifact.parent / "precious"
    _file(target / "thesis.txt", "years of work")
    path = artifact / name
    if path.is_dir():
        path.rename(artifact.parent / "moved")
    else:
        path.unlink(missing_ok=True)
    path.symlink_to(target if name == "examples" else target / "thesis.txt")
    before = _texts(artifact.parent)
    with (
        pytest.raises(UsageError, match=r"got the symbolic link .* remove the link"),
        claimed(str(artifact), KIND, overwrite=True),
    ):
        pass
    assert _texts(artifact.parent) == before


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    _made(tmp_path / "link")
    assert _files(tmp_path / "real") == OURS


# ---- state that a run resumes from ---------------------------------------------------------


def test_the_state_of_a_first_run_lies_where_it_will_be(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with claimed(str(out), MODEL, overwrite=False) as folder:
        assert folder.state == str(out)
        _file(out / "checkpoints" / "1")
    assert _files(out) == [".text2seq", "checkpoints/1"]
    with claimed(str(out), MODEL, overwrite=False, resume=True) as folder:
        _write(folder, "new", ("serving/a",))
        folder.publish()
    assert _files(out) == [".text2seq", "checkpoints/1", "model.json", "serving/a"]


def test_a_finished_state_stays_until_its_successor_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with claimed(str(out), MODEL, overwrite=False) as folder:
        _file(out / "checkpoints" / "1", "old")
        _file(out / "logs" / "1", "old")
        _write(folder, "old", ("serving/a",))
        folder.publish()
    with claimed(str(out), MODEL, overwrite=True) as folder:
        _file(Path(folder.state) / "checkpoints" / "1", "new")
        assert (out / "checkpoints" / "1").read_text() == "old"
        _write(folder, "new", ("serving/b",))
        folder.publish()
    texts = _texts(out)
    assert texts.pop(".text2seq") == MODEL.marker_text
    assert texts == dict.fromkeys(["checkpoints/1", "model.json", "serving/b"], "new")
    assert sorted(os.listdir(out)) == [".text2seq", "checkpoints", "model.json", "serving"]


@pytest.mark.parametrize("resume", [False, True])
def test_the_state_of_a_run_that_was_cut_short_is_there_for_a_resumption(
    tmp_path: Path, resume: bool
) -> None:
    out = tmp_path / "out"
    _made(out, kind=MODEL)
    with claimed(str(out), MODEL, overwrite=True) as folder:
        _file(Path(folder.state) / "checkpoints" / "1")
    with claimed(str(out), MODEL, overwrite=not resume, resume=resume) as folder:
        assert (Path(folder.state) / "checkpoints" / "1").exists() == resume
