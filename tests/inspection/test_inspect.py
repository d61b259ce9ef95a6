"""What `inspect` shows of a hand-made artifact, in colour and as plain text."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from processes import run_python
from rich.console import Console
from small_artifact import FULL, SmallArtifact
from vouching import edit_manifest

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import ArtifactError
from preprocess.inspection.artifact_summary import inspect_artifact
from preprocess.inspection.record_samples import _shares
from preprocess.inspection.text_tables import percent, plain, size

LENGTHS = {"train": [n % 9 for n in range(41)], "validation": [1], "empty": []}
REJECTED = ["label: got 'x', expected 0 or 1", *["text: got nothing, expected a text"] * 3]


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> str:
    small = SmallArtifact(LENGTHS, declared=FULL, rejected=REJECTED)
    return small.write(tmp_path_factory.mktemp("artifact"))


def _shown(artifact: str, width: int = 100, records: int = 2, terminal: bool = False) -> str:
    file = io.StringIO()
    Console(file=file, width=width, force_terminal=terminal).print(
        inspect_artifact(OpenedArtifact.open(artifact), records)
    )
    return file.getvalue()


def _rows(shown: str) -> list[list[str]]:
    """Lines with their runs of blanks cut into cells."""
    return [
        [cell.strip() for cell in line.split("  ") if cell.strip()] for line in shown.splitlines()
    ]


@pytest.mark.parametrize("width", [80, 120])
def test_is_plain_text_that_fits(artifact: str, width: int) -> None:
    shown = _shown(artifact, width)
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) <= width


def test_has_style_on_a_terminal(artifact: str) -> None:
    assert "\x1b[1m" in _shown(artifact, terminal=True)


def test_summary_and_spec(artifact: str) -> None:
    rows = _rows(_shown(artifact))
    assert rows[0] == [artifact]
    assert ["records", "42 (train 41, validation 1, empty 0)"] in rows
    assert ["rows", "46 read, 4 rejected"] in rows
    assert ["padding", "22.5 % of the tokens of text"] in rows
    assert ["op libraries", "none beside TensorFlow's own"] in rows
    text = "text: text, vocabulary words, max_length 8, truncating post, padding post"
    assert ["features", text] in rows
    assert ["place: number, size 2"] in rows
    vocabulary = "words: tokenizer {kind: keras}, min_count 1, oov token, ties bytes"
    assert ["vocabularies", vocabulary] in rows
    assert ["splits", "as the inputs name them"] in rows
    assert ["keep", "id, source"] in rows
    assert ["output", "shards 2, compression gzip, seed 0"] in rows


def test_tables(artifact: str) -> None:
    rows = _rows(_shown(artifact))
    assert ["data/a.csv", "1.2 kB", "46", "42", "4"] in rows
    assert ["train", "2", "15", "2", "36.6 %", "50.0 %"] in rows
    assert ["8", "16", "2", "39.0 %", "18.8 %"] in rows
    assert ["all", "41", "22.2 %"] in rows
    assert ["empty", "2", "0", "2", "0.0 %"] in rows
    assert ["train", "text", "154", "1.9 %", "4", "8", "8", "10"] in rows
    assert ["words", "6", "4", r"the 90 · cat 40 · tab\t 7 · [b] 1"] in rows
    assert ["topic", "category", "train", "2", "art 21 · sport 20"] in rows
    assert ["score", "number"] in rows


def test_splits_come_in_the_order_of_the_manifest(tmp_path: Path) -> None:
    rows = _rows(_shown(SmallArtifact({"train": [1], "dev": [1]}).write(tmp_path), records=0))
    splits = [row[0] for row in rows if row[1:2] == ["text"]]
    assert splits == ["train", "dev"]


def test_rejected_rows_by_reason(artifact: str, tmp_path: Path) -> None:
    rows = _rows(_shown(artifact))
    first = rows.index(["3", "text: got nothing, expected a text"])
    assert rows[first + 1] == ["1", "label: got 'x', expected 0 or 1"]
    assert "Rejected" not in _shown(SmallArtifact({"train": [1]}).write(tmp_path), records=0)


def test_many_inputs_and_reasons_are_cut(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [1]}, rejected=[f"reason {n}" for n in range(13)]).write(
        tmp_path
    )
    edit_manifest(artifact, lambda manifest: manifest["inputs"].extend(manifest["inputs"] * 11))
    rows = _rows(_shown(artifact, records=0))
    assert ["and 2 more files"] in rows
    assert ["3", "3 other reasons"] in rows


def test_records_are_decoded(artifact: str) -> None:
    shown = _shown(artifact)
    assert shown.count("A record of train") == 2
    assert shown.count("A record of validation") == 1
    assert "A record of empty" not in shown
    start = shown.index("A record of validation in bucket-00002")
    rows = {row[0]: row[1:] for row in _rows(shown[start:]) if row}
    assert rows["text"] == ["the (1 token)"]
    assert rows["title"] == ["[OOV] (1 token)"]
    assert rows["topic"] == ["art"]
    assert rows["tags"] == ["a"]
    assert rows["place"] == ["0, -1"]
    assert rows["source"] == ["row 0"]


def test_awkward_words_survive(artifact: str) -> None:
    shown = _shown(artifact, records=41)
    assert r"the cat tab\t [b]" in shown  # neither a tab nor markup
    assert "\t" not in shown
    assert "(0 tokens)" in shown


def test_long_texts_are_cut(tmp_path: Path) -> None:
    declared = {"features": {"text": {"max_length": 99}}}
    small = SmallArtifact({"train": [99]}, boundaries=(99,), declared=declared)
    assert "… and 39 more (99 tokens)" in " ".join(_shown(small.write(tmp_path)).split())


@pytest.mark.parametrize(
    ("available", "wanted", "shares"),
    [
        ([9, 9, 9], 1, [0, 1, 0]),
        ([9, 9, 9, 9], 2, [0, 1, 1, 0]),
        ([9, 0, 9], 2, [1, 0, 1]),
        ([9], 5, [5]),
        ([1], 5, [1]),
        ([0, 0], 3, [0, 0]),
        ([], 3, []),
    ],
)
def test_shares(available: list[int], wanted: int, shares: list[int]) -> None:
    assert _shares(available, wanted) == shares


def test_numbers() -> None:
    assert [size(n) for n in (0, 999, 1000, 33_100_000, 10**13)] == [
        "0 B", "999 B", "1.0 kB", "33.1 MB", "10.0 TB",
    ]  # fmt: skip
    assert [percent(f) for f in (None, 0.0, 0.1234, 1.0)] == ["", "0.0 %", "12.3 %", "100.0 %"]


def test_control_characters_are_shown_not_sent() -> None:
    assert plain("a\x1b[31m\u2028 語").plain == r"a\x1b[31m\u2028 語"


def test_without_records_needs_no_tensorflow(artifact: str) -> None:
    program = (
        "import sys\n"
        "from preprocess.artifact.opened_artifact import OpenedArtifact\n"
        "from preprocess.inspection.artifact_summary import inspect_artifact\n"
        "inspect_artifact(OpenedArtifact.open(sys.argv[1]), records=0)\n"
        "assert 'tensorflow' not in sys.modules\n"
    )
    run_python("-c", program, artifact)


def test_refuses_what_is_no_artifact(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="run `text2seq build` to its end"):
        inspect_artifact(OpenedArtifact.open(str(tmp_path)))


@pytest.mark.parametrize(
    "name", ["statistics.json", "vocabulary/words.tsv", "rejected/part-00000-of-00001.jsonl"]
)
@pytest.mark.parametrize("data", [None, b"\xff", b"{\n"])
def test_refuses_missing_and_damaged_files(tmp_path: Path, name: str, data: bytes | None) -> None:
    artifact = SmallArtifact({"train": [1]}, rejected=REJECTED).write(tmp_path)
    path = Path(artifact, name)
    if data is None:
        path.unlink()
    else:
        path.write_bytes(data)
    with pytest.raises(ArtifactError, match=f"{name}.*again"):
        inspect_artifact(OpenedArtifact.open(artifact), records=0)


def test_refuses_missing_records(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [1]}).write(tmp_path)
    Path(artifact, OpenedArtifact.open(artifact).shards("train", 2)[0].path).unlink()
    with pytest.raises(ArtifactError, match="got no such file"):
        inspect_artifact(OpenedArtifact.open(artifact))
