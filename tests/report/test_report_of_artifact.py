"""The report of a hand-made artifact: what it says is what the artifact holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from processes import run_python
from report_page import ReadPage, report
from small_artifact import FULL, WORDS, SmallArtifact
from vouching import edit_manifest, vouch
from word_blocks import tsv_of

from preprocess import write_report
from preprocess.artifact.layout import bucket_name
from preprocess.artifact.word_index import Word

LENGTHS = {"train": [n % 9 for n in range(41)], "validation": [1, 8, 8], "empty": []}
REJECTED = ["label: got 'x', expected 0 or 1", *["text: got nothing, expected a text"] * 3]
SECTIONS = ["header", "overview", "lengths", "words", "labels", "rejected"]


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> str:
    small = SmallArtifact(LENGTHS, declared=FULL, rejected=REJECTED)
    return small.write(tmp_path_factory.mktemp("artifact"))


@pytest.fixture(scope="module")
def page(artifact: str, tmp_path_factory: pytest.TempPathFactory) -> ReadPage:
    return report(artifact, tmp_path_factory.mktemp("page") / "report.html")


@pytest.fixture(scope="module")
def statistics(artifact: str) -> dict[str, Any]:
    return json.loads(Path(artifact, "statistics.json").read_text())


def _one(artifact: str, folder: Path) -> ReadPage:
    return report(artifact, folder / "report.html")


def test_sections(page: ReadPage) -> None:
    assert list(page.sections) == SECTIONS
    for section in SECTIONS[1:]:
        assert f"#{section}" in page.references
    header = page.said("header")
    assert "44 records: text, title and stars → label, topic, tags, score and place" in header
    assert "48 rows of 1 file (1.2 kB) became 44 records; 4 (8.3 %) could not be used" in header


def test_needs_nothing_else(page: ReadPage) -> None:
    assert all(reference.startswith("#") for reference in page.references)
    assert not page.tags & {"script", "link", "img", "iframe", "object", "base"}
    assert "@import" not in page.html
    assert "url(h" not in page.html
    assert len(page.html.encode()) < 500_000


def test_ids_are_unique_and_links_lead_somewhere(page: ReadPage) -> None:
    assert len(page.ids) == len(set(page.ids))
    assert {reference.removeprefix("#") for reference in page.references} <= set(page.ids)


def test_charts_are_described(page: ReadPage) -> None:
    kinds = [image["class"] for image in page.images]
    assert kinds == ["wide", "narrow"] * 2  # lengths of two features; too few words for a law
    for image in page.images:
        assert image["role"] == "img"
        assert len(image["aria-label"] or "") > 30
        assert "width" not in image


def test_splits(page: ReadPage, statistics: dict[str, Any]) -> None:
    table = page.table("overview", "split", "records")
    assert table.column("split") == [*LENGTHS, "all"]
    assert table.column("records") == ["41", "3", "0", "44"]
    tokens = [statistics[split]["features"]["text"]["tokens"] for split in LENGTHS]
    assert table.column("tokens of text") == [f"{n}" for n in (*tokens, sum(tokens))]
    assert "There are none for empty" in page.said("overview")


def test_buckets(page: ReadPage, statistics: dict[str, Any]) -> None:
    table = page.table("lengths", "tokens up to")
    assert table.column("tokens up to") == ["2", "4", "8", "all"]
    for row, boundary in zip(table.rows[1:], (2, 4, 8), strict=False):
        counted = [
            statistics[s]["buckets"].get(bucket_name(boundary)) for s in ("train", "validation")
        ]
        held = [c or {"records": 0, "tokens": 0, "padded_tokens": 0} for c in counted]
        padded = sum(c["padded_tokens"] for c in held)
        padding = 1 - sum(c["tokens"] for c in held) / padded
        shown = f"{100 * padding:.1f} %" if padding else "0 %"
        assert row[1:3] == [str(c["records"]) for c in held]
        assert row[-1] == shown


def test_padding_is_compared_with_the_longest(page: ReadPage) -> None:
    tokens = sum(sum(lengths) for lengths in LENGTHS.values())
    padded = sum(next(b for b in (2, 4, 8) if n <= b) for ns in LENGTHS.values() for n in ns)
    assert f"{100 * (1 - tokens / padded):.1f} % of the places" in page.said("lengths")
    assert f"it would be {100 * (1 - tokens / (44 * 8)):.1f} %" in page.said("lengths")


def test_fixed_lengths_are_judged(page: ReadPage) -> None:
    # `title` is padded to 3 tokens, and its statistics are those of `text`.
    assert "Every text of title is padded to 3 tokens, as text chooses" in page.said("lengths")


def test_words(page: ReadPage) -> None:
    table = page.table("words", "rank")
    assert table.column("word") == ["the", "cat", r"tab\t", "[b]"]
    assert table.column("id") == [str(word.id) for word in WORDS]
    assert table.column("count") == [str(word.count) for word in WORDS]


def test_unknown_words(page: ReadPage, statistics: dict[str, Any]) -> None:
    table = page.table("words", "unknown")
    rows = [(s, f) for s in ("train", "validation") for f in ("text", "title")]
    assert list(zip(table.column("split"), table.column("feature"), strict=True)) == rows
    counted = [statistics[split]["features"][feature] for split, feature in rows]
    assert table.column("unknown") == [str(c["oov"]) for c in counted]
    assert table.column("rate") == [f"{100 * c['oov'] / c['tokens']:.1f} %" for c in counted]


MEASURES = ("mean", "deviation")


def test_labels(page: ReadPage, statistics: dict[str, Any]) -> None:
    binary, topic, tags, score, place = page.tables["labels"]
    assert binary.rows[0] == ["class", "train", "validation"]
    train = statistics["train"]["labels"]["label"]
    assert binary.column("train") == [f"{train['0']} (51.2 %)", f"{train['1']} (48.8 %)"]
    assert topic.column("class") == ["art", "sport"]
    assert tags.column("class") == ["a", "b", "c"]
    assert tags.column("train")[2] == "0 (0 %)"
    [mean], [deviation] = (statistics["train"]["numbers"]["score"][k] for k in MEASURES)
    assert score.rows[1] == ["train", f"{mean:.3g}", f"{deviation:.3g}"]
    assert place.rows[2] == ["train", "1", "-1", "0"]
    said = page.said("labels")
    assert "The classes are balanced: 0 has 51.2 % of the train records, 1 48.8 %" in said
    assert "c does not occur in train" in said
    assert "place is a list of 2 numbers" in said


def test_rejected(page: ReadPage) -> None:
    table = page.table("rejected", "reason")
    assert table.rows[1:] == [
        ["3", "75.0 %", REJECTED[1], "a.csv, row 1"],
        ["1", "25.0 %", REJECTED[0], "a.csv, row 0"],
    ]
    assert "4 of 48 rows (8.3 %) were rejected; the spec allows 1.0 %" in page.said("rejected")


def test_many_reasons_are_cut(tmp_path: Path) -> None:
    rejected = [f"reason {n}" for n in range(20)]
    small = SmallArtifact({"train": [1]}, rejected=rejected).write(tmp_path / "artifact")
    rows = _one(small, tmp_path).table("rejected", "reason").rows
    assert len(rows) == 17
    assert rows[-1] == ["5", "25.0 %", "5 other reasons", ""]


def test_the_same_bytes_whatever_a_user_plots(
    artifact: str, page: ReadPage, tmp_path: Path
) -> None:
    with matplotlib.rc_context({"font.size": 30, "svg.fonttype": "path", "axes.grid": False}):
        before = dict(matplotlib.rcParams)
        again = _one(artifact, tmp_path)
        assert dict(matplotlib.rcParams) == before
    assert again.html == page.html


HOSTILE = [
    "<b>bold</b>",
    "&amp;",
    '"><script>alert(1)</script>',
    "日本語",
    " ",
    "\u202e\x1b",
    "{{ x }}",
]


def test_words_of_any_kind_are_escaped(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [3]}, rejected=["<script>x</script>"]).write(tmp_path / "a")
    words = [Word(token, id, 50 - id) for id, token in enumerate(HOSTILE, 2)]
    Path(artifact, "vocabulary/words.tsv").write_text(tsv_of(words), encoding="utf-8")
    vouch(artifact)
    page = _one(artifact, tmp_path)
    shown = [*HOSTILE[:4], "␣", r"\u202e\x1b", "{{␣x␣}}"]
    assert page.table("words", "rank").column("word") == shown
    assert page.table("rejected", "reason").column("reason") == ["<script>x</script>"]
    assert "script" not in page.tags
    assert "\x1b" not in page.html


def test_words_that_follow_a_law(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [3]}).write(tmp_path / "a")
    words = [Word(f"w{rank}", rank + 1, 100_000 // rank) for rank in range(1, 201)]
    Path(artifact, "vocabulary/words.tsv").write_text(tsv_of(words))
    vouch(artifact)
    page = _one(artifact, tmp_path)
    assert "rank to the power of −1.00, close to Zipf's law" in page.said("words")
    assert "slope of -1.00" in (page.images[-1]["aria-label"] or "")
    total = sum(word.count for word in words)
    needed = next(n for n in range(200) if sum(w.count for w in words[:n]) >= total / 2)
    assert page.table("words", "coverage").rows[1] == ["50 %", str(needed)]


def test_classes_of_any_kind_are_escaped(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [1, 2, 3]}, declared=FULL).write(tmp_path / "a")
    names = ["<i>x</i>", "a & b"]
    edit_manifest(artifact, lambda manifest: manifest["classes"].update(topic=names))
    page = _one(artifact, tmp_path)
    assert page.tables["labels"][1].column("class") == ["<i>x</i>", "a & b"]
    assert "<i>x</i> has 66.7 %" in page.said("labels")


def test_one_row(tmp_path: Path) -> None:
    page = _one(SmallArtifact({"train": [1]}).write(tmp_path / "artifact"), tmp_path)
    assert "1 record: text → label" in page.said("header")
    assert "All train texts have 1 token." in page.said("lengths")
    assert "Every train record has the class 0" in page.said("labels")
    assert "No row was rejected" in page.said("rejected")


def test_an_empty_text_alone(tmp_path: Path) -> None:
    page = _one(SmallArtifact({"train": [0]}).write(tmp_path / "artifact"), tmp_path)
    assert "1 text has no token at all." in page.said("lengths")


def test_no_records(tmp_path: Path) -> None:
    page = _one(SmallArtifact({"train": []}).write(tmp_path / "artifact"), tmp_path)
    assert list(page.sections) == SECTIONS
    assert "There are no records at all." in page.said("overview")
    assert "There are no texts." in page.said("lengths")
    assert "No row was read." in page.said("rejected")


def test_no_labels(tmp_path: Path) -> None:
    declared = {"features": {"text": {"max_length": 8}}}
    page = _one(SmallArtifact({"train": [1, 5]}, declared=declared).write(tmp_path / "a"), tmp_path)
    assert "there is nothing to predict" in page.said("labels")
    assert "there are no labels" in page.said("header")


def test_balanced_classes(tmp_path: Path) -> None:
    small = SmallArtifact({"train": [1, 2], "test": [1, 2]})
    said = _one(small.write(tmp_path / "artifact"), tmp_path).said("labels")
    assert "Every class has 50.0 % of the train records. The splits are alike: all" in said


def test_no_words(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [0]}).write(tmp_path / "artifact")
    Path(artifact, "vocabulary/words.tsv").write_text("")
    vouch(artifact)
    assert "The vocabulary words has no word." in _one(artifact, tmp_path).said("words")


def test_without_a_model_needs_no_tensorflow(artifact: str, tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from preprocess import write_report\n"
        "write_report(sys.argv[1], None, sys.argv[2])\n"
        "assert not {'tensorflow', 'keras', 'matplotlib.pyplot'} & set(sys.modules)\n"
    )
    output = tmp_path / "report.html"
    run_python("-c", program, artifact, output)
    assert output.stat().st_size > 10_000


def test_replaces_an_older_report(artifact: str, tmp_path: Path) -> None:
    output = tmp_path / "new" / "folder" / "report.html"
    write_report(artifact, None, str(output))
    new = output.read_text()
    output.write_text(new.replace("</body>", "old</body>"))
    write_report(artifact, None, str(output))
    assert output.read_text() == new and new.startswith("<!DOCTYPE html>")
    assert [path.name for path in output.parent.iterdir()] == ["report.html"]
