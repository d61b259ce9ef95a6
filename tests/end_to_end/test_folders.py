"""Film reviews as they are published: a file is a review, its folder the sentiment.

Oracle: the same texts as rows of JSON.
"""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
from artifact_files import contents, manifest_of, rejected_of, tree

from beam_jobs.build import build
from preprocess import train
from preprocess.cli import main
from preprocess.core.errors import RejectsError

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/imdb-folders.yaml"
SCHEMA = ROOT / "schemas/imdb-folders.pbtxt"
WORDS = ["a", "an", "fine", "film", "<br", "/>", "good", "bad", "it's", "not\n", "the", "映画"]
SPLITS = ("train", "test")


def written(folder):
    """Writes a tree of the published shape; returns its texts by path."""
    chosen, texts = random.Random(7), {}
    for split in SPLITS:
        for number in range(30):
            path = f"imdb/{split}/{chosen.choice(['neg', 'pos'])}/{number}_{number % 10}.txt"
            texts[path] = " ".join(chosen.choices(WORDS, k=chosen.choice([0, 1, 5, 40])))
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    (folder / "imdb/train/unsup").mkdir()
    (folder / "imdb/train/unsup/0_0.txt").write_text("none of them")
    return texts


def inputs(folder):
    return [f"{split}={folder}/imdb/{split}/[np]*/*.txt" for split in SPLITS]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("published")


@pytest.fixture(scope="module")
def texts(folder):
    return written(folder)


@pytest.fixture(scope="module")
def artifact(folder, texts):
    build(str(EXAMPLE), inputs(folder), str(folder / "artifact"), schema=str(SCHEMA))
    return folder / "artifact"


@pytest.fixture
def moved(folder, artifact, tmp_path):
    """A copy of data and artifact that a test may change."""
    shutil.copytree(folder, tmp_path / "moved")
    return tmp_path / "moved"


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as exited:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return exited.value.code, printed.out, printed.err


def test_rows_of_json_give_the_same_records(artifact, texts, tmp_path):
    for split in SPLITS:
        chosen = {path: text for path, text in texts.items() if f"/{split}/" in path}
        rows = [
            {"text": text, "label": int("/pos/" in path), "id": Path(path).stem}
            for path, text in chosen.items()
        ]
        (tmp_path / f"{split}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    globs = [f"{split}={tmp_path / split}.jsonl" for split in SPLITS]
    build(str(ROOT / "examples/imdb.yaml"), globs, str(tmp_path / "artifact"))
    assert contents(artifact) == contents(tmp_path / "artifact")


MODES = {
    "two processes": ["--direct_num_workers=2", "--direct_running_mode=multi_processing"],
    "two threads": ["--direct_num_workers=2", "--direct_running_mode=multi_threading"],
}


@pytest.mark.parametrize("mode", MODES)
def test_workers_and_modes(artifact, folder, tmp_path, monkeypatch, mode):
    monkeypatch.setattr("beam_jobs.sources.readers.file_rows.SPLIT_BYTES", 20_000)
    again = tmp_path / "artifact"
    build(str(EXAMPLE), inputs(folder), str(again), beam_options=MODES[mode], schema=str(SCHEMA))
    assert tree(again, "examples", "vocabulary", "schema") == tree(
        artifact, "examples", "vocabulary", "schema"
    )
    assert manifest_of(again)["inputs"] == manifest_of(artifact)["inputs"]


def test_the_manifest_lists_patterns(artifact, folder, texts):
    listed = manifest_of(artifact)["inputs"]
    assert [(file["path"], file["split"], file["files"]) for file in listed] == [
        (f"{folder}/imdb/train/[np]*/*.txt", "train", 30),
        (f"{folder}/imdb/test/[np]*/*.txt", "test", 30),
    ]
    sizes = {
        split: sum(len(t.encode()) for path, t in texts.items() if f"/{split}/" in path)
        for split in SPLITS
    }
    assert [file["bytes"] for file in listed] == [sizes["train"], sizes["test"]]
    assert len(json.dumps(listed)) < 1000


def test_verify_reads_them_again(artifact, agrees):
    agrees(artifact)


def test_verify_of_moved_files(artifact, moved, capsys):
    given = [part for glob in inputs(moved) for part in ("--input", glob)]
    code, out, _ = run(capsys, "verify", "--artifact", artifact, *given)
    assert code == 0 and "60 of 60 records agree" in out


CHANGES = {
    "vanished": lambda root, path: (root / path).unlink(),
    "added": lambda root, path: (root / path).with_name("new.txt").write_text(""),
    "renamed": lambda root, path: (root / path).rename((root / path).with_name("new.txt")),
    "longer": lambda root, path: (root / path).write_text("another text, longer than it was"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_files_that_changed_since(tmp_path, capsys, change):
    texts = written(tmp_path)
    build(str(EXAMPLE), inputs(tmp_path), str(tmp_path / "artifact"))
    path = next(path for path in texts if "/test/" in path)
    CHANGES[change](tmp_path, path)
    code, _, err = run(capsys, "verify", "--artifact", tmp_path / "artifact")
    assert code == 2
    assert f"{tmp_path}/imdb/test/[np]*/*.txt: got " in err and err.count("\n") == 1
    assert "by name and size, that the artifact was built of" in err


def test_other_words_of_the_same_size_are_found(artifact, moved, texts, capsys):
    path = next(path for path, text in texts.items() if "good" in text)
    (moved / path).write_text(texts[path].replace("good", "evil"))
    given = [part for glob in inputs(moved) for part in ("--input", glob)]
    code, out, _ = run(capsys, "verify", "--artifact", artifact, *given)
    assert code == 1 and path in out


def test_rejected_files_are_named(tmp_path):
    written(tmp_path)
    odd = tmp_path / "imdb/train/neutral/1_1.txt"
    odd.parent.mkdir()
    odd.write_text("so so")
    (tmp_path / "imdb/train/pos/x.txt").write_bytes(b"\xff")
    spec = tmp_path / "spec.yaml"
    spec.write_text(EXAMPLE.read_text() + "rejects: {max_fraction: 0.5}\n")
    build(str(spec), inputs(tmp_path), str(tmp_path / "artifact"))
    found = {reject["source"]: reject["row"] for reject in rejected_of(tmp_path / "artifact")}
    assert found == {str(odd): 0, str(tmp_path / "imdb/train/pos/x.txt"): 0}
    [train, _] = manifest_of(tmp_path / "artifact")["inputs"]
    assert (train["files"], train["read"], train["rejected"]) == (32, 32, 2)
    with pytest.raises(RejectsError, match=rf"first in {odd}, row 0"):
        build(str(EXAMPLE), inputs(tmp_path), str(tmp_path / "other"))


def test_predict_reads_them(artifact, folder, texts, tmp_path, capsys):
    (tmp_path / "model.yaml").write_text("training: {epochs: 1, batch_size: 16}")
    train(str(artifact), str(tmp_path / "model.yaml"), str(tmp_path / "model"))
    (folder / "imdb/test/pos/0_bad.txt").write_bytes(b"\xff")
    try:
        glob = f"{folder}/imdb/test/[np]*/*.txt"
        code, out, _ = run(capsys, "predict", "--model", tmp_path / "model", "--input", glob)
    finally:
        (folder / "imdb/test/pos/0_bad.txt").unlink()
    answers = [json.loads(line) for line in out.splitlines()]
    paths = sorted([p for p in texts if "/test/" in p] + ["imdb/test/pos/0_bad.txt"])
    assert code == 0
    names = [answer["id"] if "id" in answer else Path(answer["source"]).stem for answer in answers]
    assert names == [Path(path).stem for path in paths]
    [bad] = [answer for answer in answers if "error" in answer]
    assert bad["source"].endswith("imdb/test/pos/0_bad.txt") and bad["row"] == 0
