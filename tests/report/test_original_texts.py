"""The raw texts beside the tokens, the date, and what a report says where they are missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from report_model import write_model
from report_page import report

from preprocess import write_report
from preprocess.core.errors import InputError, UsageError
from preprocess.report import original_texts

pytestmark = pytest.mark.slow

SPEC = """
features: {text: {max_length: 6, truncating: pre}, stars: {kind: numeric, scale: z_score}}
labels: {label: {kind: binary}, topic: {kind: category}, score: {kind: number}}
output: {shards: 1}
"""
KEPT = SPEC + "keep: [id]\n"


def _rows(number: int) -> list[dict[str, object]]:
    return [
        {
            "id": f"row-{n}",
            "text": f"<b>Number</b> {n * n}: \u201cword{n % 5}\u201d, & MORE; than is kept of {n}",
            "stars": n % 7,
            "label": n % 2,
            "topic": "ab"[n % 3 % 2],
            "score": n / 8,
        }
        for n in range(number)
    ]


@pytest.fixture(scope="module")
def build(build_once: Callable[..., Path]) -> Callable[[str, str], tuple[str, Path]]:
    """An artifact with a model, and the file that the test split was read from."""

    def made(spec: str, name: str) -> tuple[str, Path]:
        rows = _rows(60)
        files = {"train=train.jsonl": rows, "test=test.jsonl": rows[::2]}
        artifact = build_once(spec, files, output=name)
        return str(artifact), artifact.parent / f"{name}-files" / "test.jsonl"

    return made


@pytest.mark.parametrize("spec", [SPEC, KEPT], ids=["nothing kept", "kept id"])
def test_every_text_is_that_of_its_row(
    build: Callable[[str, str], tuple[str, Path]], tmp_path: Path, spec: str
) -> None:
    artifact, _ = build(spec, "kept" if spec is KEPT else "plain")
    page = report(artifact, tmp_path / "report.html", write_model(artifact, tmp_path / "model"))
    said = page.said("texts")
    samples = re.findall(r"score (\S+), answered .*?Number</b> (\d+): .*? kept of (\d+)", said)
    assert len(samples) >= 5
    for score, square, number in samples:
        assert int(square) == int(number) ** 2
        assert float(score) == pytest.approx(int(number) / 8, rel=1e-2)
    assert "from test.jsonl, byte" in said and "missing" not in said
    assert "“word" in said  # as it was read, not as it was split


def test_rows_that_are_gone_are_reported(
    build: Callable[[str, str], tuple[str, Path]], tmp_path: Path
) -> None:
    artifact, rows = build(SPEC, "gone")
    model, moved = write_model(artifact, tmp_path / "model"), tmp_path / "test.jsonl"
    train = rows.parent / "train.jsonl"
    rows.rename(moved)
    said = report(artifact, tmp_path / "a.html", model).said("texts")
    assert "Original texts are missing: " in said and "as it was read" not in said
    with pytest.raises(InputError):
        write_report(artifact, model, str(tmp_path / "b.html"), data=[f"test={rows}"])
    given = [f"train={train}", f"test={moved}"]
    write_report(artifact, model, str(tmp_path / "c.html"), data=given)
    assert "text, as it was read" in (tmp_path / "c.html").read_text()
    with pytest.raises(UsageError, match=r"got rows without a model"):
        write_report(artifact, None, str(tmp_path / "d.html"), data=given)


def test_other_rows_are_not_taken_for_the_records(
    build: Callable[[str, str], tuple[str, Path]], tmp_path: Path
) -> None:
    artifact, rows = build(SPEC, "other")
    rows.write_text(rows.read_text().replace("kept of", "left of"))  # as long as before
    model = write_model(artifact, tmp_path / "model")
    said = report(artifact, tmp_path / "report.html", model).said("texts")
    assert "were not found among the first 90 rows" in said and "is left of" not in said


def test_reading_ends_at_a_bound(
    build: Callable[[str, str], tuple[str, Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifact, _ = build(SPEC, "bounded")
    monkeypatch.setattr(original_texts, "_MOST_READ", 1)
    model = write_model(artifact, tmp_path / "model")
    said = report(artifact, tmp_path / "report.html", model).said("texts")
    assert "were not found among the first 60 rows" in said


def test_the_date_is_today_or_what_the_environment_says(
    build: Callable[[str, str], tuple[str, Path]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    artifact, _ = build(SPEC, "dated")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert "· 2 January 1970" in report(artifact, tmp_path / "r.html").said("header")
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    said = report(artifact, tmp_path / "r.html").said("header")
    assert re.search(r"· \d+ [A-Z][a-z]+ 20\d\d", said)
    for wrong in ("soon", "-1", "1" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        with pytest.raises(UsageError, match=f"got SOURCE_DATE_EPOCH '{wrong}', expected seconds"):
            write_report(artifact, None, str(tmp_path / "r.html"))
