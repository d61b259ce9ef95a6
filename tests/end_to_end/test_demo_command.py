"""`text2seq demo`: all of it on a generated corpus."""

import json

import pytest
from artifact_files import manifest_of, stray_files

from preprocess.cli import main
from preprocess.demo import write_corpus, write_japanese

pytestmark = [pytest.mark.slow, pytest.mark.long]

STEPS = ("build", "verify", "inspect", "train", "evaluate", "predict", "report")


def test_the_demo_runs_through(tmp_path, capsys):
    with pytest.raises(SystemExit) as exited:
        main(["demo", "--rows", "600", "--output", str(tmp_path)])
    output = capsys.readouterr().out
    assert exited.value.code == 0
    assert [line.split()[:3] for line in output.splitlines() if line.startswith("$ ")] == [
        ["$", "text2seq", step] for step in STEPS
    ]
    artifact = tmp_path / "artifact"
    assert "600 rows read, 599 written" in output
    assert f"{artifact}: 599 of 599 records agree with what serving/ answers" in output
    assert "A record of train in bucket-" in output
    new = [json.loads(line) for line in output.splitlines() if line.startswith('{"id": "new-')]
    assert [row["id"] for row in new] == ["new-0", "new-1", "new-2", "new-3"]
    assert all(set(row) == {"id", "label", "topic"} for row in new)
    assert "<html" in (tmp_path / "report.html").read_text()
    assert manifest_of(artifact)["rows"]["read"] == 600 and stray_files(artifact) == set()


def test_the_japanese_demo_runs_through(tmp_path, capsys):
    with pytest.raises(SystemExit) as exited:
        main(["demo", "--language", "japanese", "--rows", "300", "--output", str(tmp_path)])
    output = capsys.readouterr().out
    assert exited.value.code == 0
    assert [line.split()[2] for line in output.splitlines() if line.startswith("$ ")] == [
        *STEPS[:3],
        "vectors",
        *STEPS[3:],
    ]
    artifact = tmp_path / "artifact"
    assert "300 rows read, 299 written" in output
    assert f"{artifact}: 299 of 299 records agree with what serving/ answers" in output
    assert manifest_of(artifact)["dictionaries"]["words"]["name"] == "ipadic"
    new = [json.loads(line) for line in output.splitlines() if line.startswith('{"id": "new-')]
    assert all(set(row) == {"id", "label", "room", "food", "place", "staff"} for row in new)
    assert len({json.dumps(row["food"]) for row in new}) == len(new) == 4


@pytest.mark.parametrize(("write", "files"), [(write_corpus, 8), (write_japanese, 4)])
def test_the_corpus_is_the_same_at_every_call(tmp_path, write, files):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        write(folder, 300)
    first, second = ({p.name: p.read_bytes() for p in f.iterdir()} for f in folders)
    assert first == second and len(first) == files
