"""The output folder: what is refused, what is deleted, what stays, and how the new comes in."""

from __future__ import annotations

import errno
import os
import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from processes import run_python

from preprocess.core.errors import ArtifactError, SystemFailure, UsageError
from preprocess.core.output import ClaimedFolder, FolderKind, claimed, folder_lock, settle
from preprocess.core.storage import write_file
from preprocess.core.storage.local_storage import LocalStorage

KIND = FolderKind(
    "artifact", "text2seq build", "build", "manifest.json", ("statistics.json", "examples")
)
MODEL = FolderKind(
    "model",
    "text2seq train",
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


FULL = os.strerror(errno.ENOSPC)


@pytest.mark.parametrize("finished", [False, True])
@pytest.mark.parametrize(
    ("error", "named"),
    [
        (OSError(errno.ENOSPC, FULL), ""),
        (RuntimeError(f"TensorFlow: {FULL} [Op:SaveV2]"), ""),
        (OSError(errno.ENOSPC, FULL, "OUT/.work-1/x"), "/.work-1/x"),
    ],
)
def test_nothing_is_left_of_a_run_that_fails(
    tmp_path: Path, finished: bool, error: Exception, named: str
) -> None:
    out = tmp_path / "out"
    if named:
        error = OSError(errno.ENOSPC, FULL, f"{out}{named}")
    if finished:
        _made(out)
    before = _texts(out)
    with pytest.raises(SystemFailure) as raised, claimed(str(out), KIND, overwrite=True) as folder:
        _write(folder, "new")
        raise error
    assert str(raised.value).startswith(f"{out}{named}: cannot be read or written (No space left ")
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


def _half_swapped(folder: ClaimedFolder) -> Path:
    """Moves the old manifest out of the way, as the first step of a swap does."""
    manifest, work = Path(folder.root, "manifest.json"), Path(folder.work)
    old = work.with_name(work.name.replace(".work", ".old"))
    (work / "begun").touch()
    old.mkdir()
    return manifest.rename(old / "manifest.json")


def test_who_opens_a_folder_in_the_middle_of_a_swap_waits_for_its_end(
    artifact: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with claimed(str(artifact), KIND, overwrite=True) as folder:
        _write(folder, "new")
        old = _half_swapped(folder)
        with monkeypatch.context() as patched:
            patched.setattr(folder_lock, "_PATIENCE", 0)
            with pytest.raises(
                ArtifactError, match=r"that a build is replacing .* process \d+ on "
            ):
                settle(str(artifact), KIND)
        waiting = threading.Thread(target=settle, args=(str(artifact), KIND))
        waiting.start()
        old.rename(artifact / "manifest.json")
        (Path(folder.work) / "begun").unlink()
        folder.publish()
    waiting.join()
    assert _texts(artifact)["manifest.json"] == "new"


def test_the_old_content_is_read_where_it_cannot_be_replaced(artifact: Path) -> None:
    before = _texts(artifact)
    with claimed(str(artifact), KIND, overwrite=True) as folder:
        _write(folder, "new")
        (Path(folder.work) / "begun").touch()
        settle(str(artifact), KIND)  # somebody holds the folder
        assert _texts(artifact)["manifest.json"] == _texts(artifact)["examples/train/a"] == "old"
        (Path(folder.work) / "begun").unlink()
    assert _texts(artifact) == before


@pytest.mark.parametrize("fails_at", range(1, 5))
def test_a_swap_that_fails_is_undone(
    artifact: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    before, calls = _texts(artifact), []
    rename = LocalStorage.rename

    def failing(self: LocalStorage, source: str, destination: str) -> None:
        calls.append(source)
        if len(calls) == fails_at:
            raise OSError(errno.EACCES, "Permission denied", source)
        rename(self, source, destination)

    with (
        pytest.raises(SystemFailure, match="Permission denied"),
        claimed(str(artifact), KIND, overwrite=True) as folder,
    ):
        _write(folder, "new")
        monkeypatch.setattr(LocalStorage, "rename", failing)
        folder.publish()
    monkeypatch.undo()
    if fails_at < 4:  # the old manifest, the only member, the sign that both are out of the way
        assert _texts(artifact) == before
    settle(str(artifact), KIND)
    assert _texts(artifact)["examples/train/a"] == ("old" if fails_at < 4 else "new")
    assert [name for name in os.listdir(artifact) if name.startswith((".work", ".old"))] == []


@pytest.mark.parametrize("member", ["examples", "manifest.json"])
def test_a_half_deleted_workspace_is_never_taken_for_whole(artifact: Path, member: str) -> None:
    before = _texts(artifact)
    with claimed(str(artifact), KIND, overwrite=True) as folder:
        _write(folder, "new")
        kept = {n: t for n, t in _texts(Path(folder.new)).items() if n.startswith(member)}
    for name, text in kept.items():
        _file(artifact / ".work-abc" / "new" / name, text)
    settle(str(artifact), KIND)
    assert {n: t for n, t in _texts(artifact).items() if n in before} == before
    _made(artifact, "newer")
    assert sorted(os.listdir(artifact)) == sorted(
        [".text2seq", "examples", "manifest.json", "models", "notes.txt"]
    )


def test_two_runs_of_one_process_share_the_temporary_folder(tmp_path: Path) -> None:
    before = tempfile.gettempdir(), os.environ.get("TMPDIR")
    first = claimed(str(tmp_path / "one"), KIND, overwrite=False)
    second = claimed(str(tmp_path / "two"), KIND, overwrite=False)
    with ExitStack() as of_second:
        with first:
            inner = of_second.enter_context(second)
            assert tempfile.mkdtemp().startswith(inner.scratch)
        assert tempfile.mkdtemp().startswith(inner.scratch)
    assert (tempfile.gettempdir(), os.environ.get("TMPDIR")) == before


def test_only_a_whole_content_is_published(artifact: Path) -> None:
    before = _texts(artifact)
    with (
        pytest.raises(SystemFailure, match="No such file"),
        claimed(str(artifact), KIND, overwrite=True) as folder,
    ):
        write_file(f"{folder.new}/examples/train/a", [b"new"])
        folder.publish()
    assert _texts(artifact) == before


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
        whole = _texts(artifact)["manifest.json"]
        assert whole == _texts(artifact)["examples/train/a"]
        if whole == "old":  # the swap had not begun: the next run clears the rest away
            assert [name for name in os.listdir(artifact) if name.startswith(".old")] == []
            _made(artifact, "newer")
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


def test_a_swap_whose_new_content_is_gone_is_undone(artifact: Path) -> None:
    before = _texts(artifact)
    for name in ("manifest.json", "examples"):
        (artifact / ".old-0123").mkdir(exist_ok=True)
        (artifact / name).rename(artifact / ".old-0123" / name)
    _file(artifact / "examples" / "train" / "half")
    settle(str(artifact), KIND)
    assert _texts(artifact) == before


STRANGE: dict[str, tuple[str, ...]] = {
    "nothing new": (".work-1/moving",),
    "a file of that name": (".work-2",),
    "old members without manifest": (".old-3/examples/x",),
    "another kind's": (".work-4/moving", ".work-4/new/model.json", ".work-4/new/serving/x"),
}


@pytest.mark.parametrize("names", STRANGE.values(), ids=STRANGE)
def test_strange_leftovers_change_nothing(artifact: Path, names: tuple[str, ...]) -> None:
    before = _texts(artifact)
    for name in names:
        _file(artifact / name)
    settle(str(artifact), KIND)
    assert {n: t for n, t in _texts(artifact).items() if n not in names} == before


def test_a_folder_of_another_command_is_refused_and_stays(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _made(out, kind=MODEL)
    before = _texts(out)
    with pytest.raises(UsageError) as raised, claimed(str(out), KIND, overwrite=True):
        pass
    assert str(raised.value) == (
        f"{out}: got a folder that `text2seq train` made, expected one of this command, or a new "
        "or empty one; choose another --output"
    )
    assert _texts(out) == before


@pytest.mark.parametrize("name", ["成果物", "out"])
def test_nothing_is_left_of_a_run_that_is_refused(tmp_path: Path, name: str) -> None:
    _made(tmp_path / name)
    with pytest.raises(UsageError), claimed(str(tmp_path / name), KIND, overwrite=False):
        pass
    assert _files(tmp_path / name) == OURS
    assert sorted(os.listdir(tmp_path / name)) == [".text2seq", "examples", "manifest.json"]


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
