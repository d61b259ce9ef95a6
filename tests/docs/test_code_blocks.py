"""What README.md and docs/ print is run, in order, as printed, and read, where it is declared."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from documents import BLOCKS, DOCUMENTS, RUN, SHOWN, Block, blocks_of
from printed_commands import mistakes_in
from processes import run_block
from published_files import write_published

from preprocess.core.errors import SpecError
from preprocess.model_file import load_model_file
from preprocess.spec import load_spec

LEFT_OUT = [block for block in BLOCKS if block.not_run is not None]
TO_RUN = {path.name: [b for b in blocks_of(path) if b.is_run] for path in DOCUMENTS}
DECLARED = [block for block in BLOCKS if block.declared]


def where(block: Block) -> str:
    return block.where


def run_all(blocks: Iterable[Block], folder: Path) -> None:
    """Runs blocks one after the other, each in its own process, and names the one that fails."""
    for block in blocks:
        try:
            run_block(block.language, block.code, folder)
        except AssertionError as error:
            raise AssertionError(f"{block.where}: {error}") from None


def load(block: Block, folder: Path) -> None:
    """Reads what a block declares; a part of a spec gets the features that it lacks."""
    path = folder / "declared.yaml"
    path.write_text(block.code, encoding="utf-8")
    if block.declared == "model file":
        load_model_file(str(path))
        return
    declared: dict[str, Any] = yaml.safe_load(block.code)
    if "features" not in declared:
        names = declared.get("vocabularies", ())
        named = {name: {"vocabulary": name} for name in names} or {"text": None}
        features = {"features": named}
        path.write_text(f"{block.code}{yaml.safe_dump(features)}", encoding="utf-8")
    load_spec(str(path))


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("document", [name for name, blocks in TO_RUN.items() if blocks])
def test_blocks_run_as_printed(document: str, tmp_path: Path) -> None:
    write_published(tmp_path)
    run_all(TO_RUN[document], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    "code", [("sh", "true | false; true"), ("sh", "text2seq inspct"), ("python", "preproces")]
)
def test_a_block_can_fail(code: tuple[str, str], tmp_path: Path) -> None:
    good, bad = Block("a.md:1", "sh", "touch ran", None), Block("a.md:5", *code, None)
    with pytest.raises(AssertionError, match=r"^a\.md:5: exit code [1-9]"):
        run_all([good, bad, Block("a.md:9", "sh", "touch after", None)], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["ran"]


def test_every_block_says_what_it_is() -> None:
    assert [b.where for b in BLOCKS if b.language not in RUN | SHOWN] == []
    assert [b.where for b in LEFT_OUT if not b.not_run or b.language not in RUN] == []


@pytest.mark.parametrize("block", LEFT_OUT, ids=where)
def test_a_block_that_is_not_run_can_be_read(block: Block) -> None:
    """Lists what is not run, by its ids; the reasons stand in the documents."""
    if block.language == "python":
        compile(block.code, block.where, "exec")


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.language == "sh"], ids=where)
def test_commands_and_options_exist(block: Block) -> None:
    assert mistakes_in(block.code) == []


MISTAKES = {
    "command": ("text2seq inspct --artifact a", "no command 'inspct'"),
    "option": ("text2seq verify --artefact a", "verify: No such option: --artefact"),
    "beam": ("text2seq build --spec s --input 'a b' --output o --runer X", "got --runer"),
    "several": ("cd x && text2seq inspect --artifact a --split b | head", "option: --split"),
    "continued": ("text2seq train --artifact a \\\n --models m", "such option: --models"),
    "required": ("text2seq train --artifact a --model m", "train: Missing"),
    "value": ("text2seq train --artifact a --model m --output o --epochs few", "a valid integer"),
    "flag": ("text2seq train --artifact a --model m --output o few", "unexpected extra argument"),
}


@pytest.mark.parametrize(("code", "mistake"), MISTAKES.values(), ids=MISTAKES)
def test_a_wrong_command_is_seen(code: str, mistake: str) -> None:
    [found] = mistakes_in(code)
    assert mistake in found


@pytest.mark.parametrize(
    "code",
    [
        "text2seq --version",
        "text2seq build --help",
        "text2seq build --spec s --input a=b --output o --runner=FlinkRunner --flink_master=h:1",
        "text2seq predict --model m --text 'A; b | c' > out.jsonl  # text2seq's answers",
    ],
)
def test_a_right_command_is_none(code: str) -> None:
    assert mistakes_in(code) == []


@pytest.mark.parametrize("block", DECLARED, ids=where)
def test_declarations_can_be_read(block: Block, tmp_path: Path) -> None:
    load(block, tmp_path)


@pytest.mark.parametrize(
    "code", ["features: {a: {lenght: 5}}", "training: {epoch: 3}", "splits: {by: 5}", "model: a"]
)
def test_a_wrong_declaration_is_seen(code: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError):
        load(Block("a.md:1", "yaml", f"{code}\n", None), tmp_path)


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.language == "json"], ids=where)
def test_json_can_be_read(block: Block) -> None:
    """One value, or one a line."""
    try:
        json.loads(block.code)
    except ValueError:
        assert [json.loads(line) for line in block.code.splitlines()]
