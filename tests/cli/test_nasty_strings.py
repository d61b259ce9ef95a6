"""Whatever data, file names and specs hold, a command prints what shows and commands nothing."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from preprocess.cli import main
from preprocess.cli.command_line import _complain
from preprocess.cli.terminal import VisibleFormatter

pytestmark = pytest.mark.slow

NASTY = {
    "an escape sequence": "\x1b[31mred\x1b]0;title\x07",
    "CSI in one character": "a\x9b31m",
    "delete": "a\x7fb",
    "right to left": "abc\u202edcba",
    "line and page": "a\u2028b\x0cc\x85d\x0be",
    "a lone surrogate": "a\udc9bb",
    "zero width": "a\u200b\u2060\ufeffb",
    "tags beyond the BMP": "a\U000e0041b",
    "carriage return": "all is well\rfound",
    "newline": "a\ntext2seq: error: forged\n",
}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command; whatever it prints must be printable."""
    monkeypatch.chdir(tmp_path)

    def run_one(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exited:
            main(list(arguments))
        output, error = capsys.readouterr()
        for line in (output + error).split("\n"):
            assert line.isprintable(), ascii(line)
        return int(exited.value.code or 0), output, error

    return run_one


@pytest.fixture(params=NASTY)
def nasty(request: pytest.FixtureRequest) -> str:
    return NASTY[request.param]


def _command_lines(name: str) -> list[list[str]]:
    """Each command with a name in every place that takes one."""
    build = ["build", "--spec", name, "--input", "r.jsonl", "--output", "o"]
    return [
        build,
        [*build[:2], "s.yaml", *build[3:4], name, *build[5:]],
        [*build, f"--{name}"],
        ["verify", "--artifact", name],
        ["inspect", "--artifact", name],
        ["report", "--artifact", name, "--output", "r.html"],
        ["report", "--artifact", name, "--output", f"s.yaml/{name}"],
        ["train", "--artifact", name, "--model", name, "--output", name],
        ["vectors", "--artifact", name, "--output", name],
        ["evaluate", "--model", name, "--artifact", name],
        ["predict", "--model", name, "--text", name],
        ["predict", "--model", name, "--input", name],
        ["dictionary", "--from", name, "--output", name],
        ["demo", "--language", name],
        [name],
    ]


def test_names_that_lead_nowhere(run: Run, nasty: str) -> None:
    Path("s.yaml").write_text("features: {text: }")
    Path("r.jsonl").write_text('{"text": "a"}\n')
    for arguments in _command_lines(nasty):
        code, output, error = run(*arguments)
        assert (code, output, error.count("\n")) == (2, "", 1), arguments
        assert error.startswith("text2seq: error: ")


@pytest.mark.parametrize("where", ["features", "labels", "vocabularies", "keep"])
def test_specs_of_nasty_names(run: Run, nasty: str, where: str) -> None:
    value = {"features": {nasty: {"kind": nasty}}, "keep": [nasty]}.get(where, {nasty: {}})
    spec = {"features": {"text": {}}, where: value}
    Path("s.yaml").write_text(json.dumps(spec))
    Path("r.jsonl").write_text('{"text": "a"}\n')
    code, _, error = run("build", "--spec", "s.yaml", "--input", "r.jsonl", "--output", "o")
    assert code == 2 and error.count("\n") >= 1


def _rows() -> list[dict[str, object]]:
    """Rows that hold each string in every place; half a pair of surrogates has no UTF-8."""
    shown = [text.encode("utf-8", "replace").decode() for text in NASTY.values()]
    rows: list[dict[str, object]] = [{"text": f"{s} word", "topic": s, "id": s} for s in shown]
    return [*rows, *rows, {"text": "a", "topic": None, "id": shown[0]}]


def test_data_of_nasty_values(run: Run, build_in: Callable[..., Path]) -> None:
    spec = "features: {text: }\nlabels: {topic: {kind: category}}\nkeep: [id]"
    rows = _rows()
    artifact = str(build_in(f"{spec}\nrejects: {{max_fraction: 0.5}}", {"train=r.jsonl": rows}))
    source = Path(artifact).parent / "artifact-files/r.jsonl"
    assert run("inspect", "--artifact", artifact)[0] == 0
    changed = [{**row, "text": f"{row['text']} {row['text']}"} for row in rows]
    Path("changed.jsonl").write_text("".join(json.dumps(row) + "\n" for row in changed))
    code, output, _ = run("verify", "--artifact", artifact, "--input", "train=changed.jsonl")
    assert code == 1 and "differ" in output
    Path("m.yaml").write_text("training: {epochs: 1}\ntext: {encoder: {kind: average}}")
    assert run("train", "--artifact", artifact, "--model", "m.yaml", "--output", "m")[0] == 0
    odd = [text for text in NASTY.values() if "\udc9b" not in text]
    for text in odd:
        shutil.copy(source, f"odd-{text}.jsonl")
    code, output, error = run("predict", "--model", "m", "--input", "odd-*.jsonl")
    assert error == ""
    answers = [json.loads(line) for line in output.split("\n")[:-1]]
    assert code == 0 and len(answers) == len(rows) * len(odd)
    assert {answer["id"] for answer in answers} == {row["id"] for row in rows}
    assert set(answers[0]["topic"]["probabilities"]) == {row["topic"] for row in rows[:-1]}
    code, output, _ = run("evaluate", "--model", "m", "--artifact", artifact, "--split", "train")
    assert code == 0 and json.loads(output)["topic"]["examples"] == len(rows) - 1
    page = f"{NASTY['CSI in one character']}.html"
    assert run("report", "--artifact", artifact, "--output", page)[0] == 0
    assert Path(page).exists()


def test_inputs_that_no_manifest_can_name(run: Run) -> None:
    Path("s.yaml").write_text("features: {text: }")
    Path("a\udc9bb.jsonl").write_text('{"text": "a b"}\n')
    code, output, error = run("build", "--spec", "s.yaml", "--input", "*.jsonl", "--output", "o")
    assert (code, output, error.count("\n")) == (2, "", 1)
    assert r"a\udc9bb.jsonl: got a name that is not UTF-8" in error and not Path("o").exists()


def test_an_error_is_as_many_lines_as_it_has(capsys: pytest.CaptureFixture) -> None:
    assert _complain(["one\u2028\x0c\nline", "another"], 2) == 2
    error = capsys.readouterr().err
    assert error == "text2seq: error: one\\u2028\\x0c\\nline\ntext2seq: error: another\n"


def test_each_mistake_in_a_spec_is_one_line(run: Run, nasty: str) -> None:
    Path("s.yaml").write_text(json.dumps({"features": {nasty: 1, "b": {nasty: 1}}}))
    code, _, error = run("build", "--spec", "s.yaml", "--input", "r.jsonl", "--output", "o")
    lines = error.split("\n")[:-1]
    # No YAML holds half a pair of surrogates, so that there is but one mistake.
    is_text = not any("\ud800" <= char <= "\udfff" for char in nasty)
    assert code == 2 and len(lines) > is_text
    assert all(line.startswith("text2seq: error: s.yaml: ") for line in lines)


def test_a_log_line_is_one_line(nasty: str) -> None:
    record = logging.LogRecord("preprocess", logging.INFO, "", 0, "read %s", (nasty,), None)
    line = VisibleFormatter("%(message)s").format(record)
    assert line.isprintable() and line.startswith("read ")
