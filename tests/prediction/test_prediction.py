"""Predictions from raw rows: JSON by kind of label, the order of the input, bounded batches."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from small_artifact import FULL, SmallArtifact
from small_model import SmallModel
from vouching import edit_manifest

from beam_jobs.sources import Reject
from beam_jobs.sources.prediction_rows import rows_to_predict
from preprocess import Predictor
from preprocess.core.errors import ArtifactError, UsageError
from preprocess.prediction import predict_rows, predictor, text_row
from preprocess.prediction import windows as rows_module
from preprocess.prediction.predictor import batch_bounds
from preprocess.trained_model.model_layout import ModelLayout

TEXT_ONLY = {
    "features": {"text": {"max_length": 8}},
    "labels": {"score": {"kind": "number"}},
    "keep": ["id"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("prediction")


@pytest.fixture(scope="module")
def full(folder: Path) -> Predictor:
    """Takes two texts and a number, answers every kind of label."""
    artifact = SmallArtifact({"train": [1]}, declared=FULL).write(folder / "full-artifact")
    return Predictor(SmallModel(artifact).write(folder / "full"))


@pytest.fixture(scope="module")
def plain_model(folder: Path) -> str:
    artifact = SmallArtifact({"train": [1]}, declared=TEXT_ONLY).write(folder / "plain-artifact")
    return SmallModel(artifact).write(folder / "plain")


@pytest.fixture(scope="module")
def plain(plain_model: str) -> Predictor:
    """Answers a text with its number of bytes."""
    return Predictor(plain_model)


def values(rows: list[dict[str, Any]] | Iterator[dict[str, Any]]) -> list[float]:
    return [row["score"]["value"] for row in rows]


def test_every_kind_of_label(full: Predictor) -> None:
    columns = {"text": ["four", "日本"], "title": ["", "x"], "stars": [1.5, 2.0]}
    assert full.predict(columns) == [  # of the values 5.5 and 9.0
        {
            "label": {"probability": 0.0053710938},
            "topic": {"class": "sport", "probabilities": {"art": 0.6875, "sport": 0.9375}},
            "tags": {
                "class": ["a", "b", "c"],
                "probabilities": {"a": 0.6875, "b": 0.9375, "c": 1.1875},
            },
            "score": {"value": 5.5},
            "place": {"value": [0.6875, 0.6875]},
        },
        {
            "label": {"probability": 0.0087890625},
            "topic": {"class": "sport", "probabilities": {"art": 0.125, "sport": 0.375}},
            "tags": {
                "class": ["c"],
                "probabilities": {"a": 0.125, "b": 0.375, "c": 0.625},
            },
            "score": {"value": 9.0},
            "place": {"value": [1.125, 1.125]},
        },
    ]


def test_a_tag_above_one_half(full: Predictor) -> None:
    [row] = full.predict({"text": [""], "title": [""], "stars": [2.0]})
    assert row["tags"] == {"class": ["c"], "probabilities": {"a": 0.25, "b": 0.5, "c": 0.75}}


@pytest.mark.parametrize("texts", [["a\0", "é", ""], [b"a\0", "é".encode(), b""]])
@pytest.mark.parametrize("form", [list, tuple, lambda t: np.array(t, object)])
def test_forms_of_columns(plain: Predictor, texts: Any, form: Any) -> None:
    assert values(plain.predict({"text": form(texts), "other": []})) == [2, 2, 0]


def test_numpy_texts_and_numbers(full: Predictor) -> None:
    texts = np.array(["ab", "abcd"])
    rows = full.predict({"text": texts, "title": texts, "stars": np.array([1, 2], np.int64)})
    assert values(rows) == [5, 10]


def test_floats_are_the_shortest_of_the_same_float32(full: Predictor) -> None:
    stars = np.random.default_rng(0).normal(size=300).astype(np.float32)
    rows = full.predict({"text": [""] * 300, "title": [""] * 300, "stars": stars})
    assert values(rows) == [float(str(value)) for value in stars]
    assert (np.array(values(rows), np.float32) == stars).all()
    assert max(len(json.dumps(value)) for value in values(rows)) <= 15


def test_nan_is_null(full: Predictor) -> None:
    row, _ = full.predict({"text": ["", ""], "title": ["", ""], "stars": [np.nan, 1]})
    assert row["score"] == {"value": None} and row["place"] == {"value": [None, None]}
    assert row["label"] == {"probability": None}
    json.dumps(row["tags"], allow_nan=False)


def test_no_rows(plain: Predictor) -> None:
    assert plain.predict({"text": []}) == []
    assert list(predict_rows(plain, [])) == []


@pytest.mark.parametrize(
    ("columns", "got"),
    [
        ({"text": ["a"], "stars": [1]}, r"text \(1 rows\), stars \(1 rows\)"),
        ({"text": ["a"], "title": ["a", "b"], "stars": [1]}, r"title \(2 rows\)"),
        ({}, "none"),
    ],
)
def test_columns_that_do_not_fit(full: Predictor, columns: dict, got: str) -> None:
    with pytest.raises(UsageError, match=f"got the columns .*{got}.*expected text, title, stars"):
        full.predict(columns)


def test_batches_are_of_like_length_and_bounded(
    plain: Predictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes, reported = np.random.default_rng(0).permutation(1000), []
    asked: list[list[int]] = []
    monkeypatch.setattr(predictor, "_BATCH_BYTES", 50_000)
    answer = plain._answer

    def watched(columns: dict) -> dict:
        asked.append([len(text) for text in columns["text"]])
        return answer(columns)

    monkeypatch.setattr(plain, "_answer", watched)
    answers = plain.answers({"text": ["x" * int(size) for size in sizes]}, reported.append)
    assert answers["score"].tolist() == sizes.tolist()  # in the order that was asked
    assert [size for batch in asked for size in batch] == list(range(1000))
    assert reported == [len(batch) for batch in asked]
    assert all(len(b) <= 256 and len(b) * max(b) <= 50_000 for b in asked)


BOUNDS = {
    "none": ([], []),
    "rows": ([1] * 600, [(0, 256), (256, 512), (512, 600)]),
    "empty texts": ([0] * 257, [(0, 256), (256, 257)]),
    "bytes": ([10, 1 << 20, 1 << 20, 1 << 21], [(0, 3), (3, 4)]),
    "one too large alone": ([1, 1 << 30, 1 << 30], [(0, 1), (1, 2), (2, 3)]),
}


@pytest.mark.parametrize("name", BOUNDS)
def test_batch_bounds(name: str) -> None:
    sizes, expected = BOUNDS[name]
    assert list(batch_bounds(np.array(sizes, np.int64))) == expected


def batch(texts: list[str], **kept: list) -> pa.RecordBatch:
    return pa.record_batch({"text": pa.array([t.encode() for t in texts], pa.binary()), **kept})


def reject(row: int) -> Reject:
    return Reject("a.csv", row, "row", "bad")


def test_rows_in_order(plain: Predictor) -> None:
    rows = [
        reject(0),
        batch(["aaa", ""], id=[7, 8]),
        reject(3),
        reject(4),
        batch(["é"]),
        batch(["b"], id=[9]),
    ]
    reported: list[int] = []
    error = {"error": "bad", "source": "a.csv"}
    assert list(predict_rows(plain, rows, reported.append)) == [
        {**error, "row": 0},
        {"id": 7, "score": {"value": 3.0}},
        {"id": 8, "score": {"value": 0.0}},
        {**error, "row": 3},
        {**error, "row": 4},
        {"score": {"value": 2.0}},
        {"id": 9, "score": {"value": 1.0}},
    ]
    assert sum(reported) == 7


def test_only_rejected_rows(plain: Predictor) -> None:
    assert [row["row"] for row in predict_rows(plain, [reject(1), reject(2)])] == [1, 2]


def test_kept_columns_come_first_in_their_own_types(folder: Path, plain: Predictor) -> None:
    kept = {"name": "string", "half": "float32", "id": "int64"}
    artifact = str(folder / "plain-artifact")
    other = Predictor(SmallModel(artifact, kept=kept).write(folder / "kept"))
    texts = {"id": [2**60], "half": pa.array([0.1], pa.float32()), "name": ["日本".encode()]}
    [row] = predict_rows(other, [batch(["ab"], **texts)])
    assert json.dumps(row, ensure_ascii=False) == (
        '{"name": "日本", "half": 0.1, "id": 1152921504606846976, "score": {"value": 2.0}}'
    )


def test_more_rows_than_a_window(plain: Predictor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "WINDOW_ROWS", 10)
    windows: list[int] = []
    answers = plain.answers

    def watched(columns: dict, tell: Any) -> dict:
        windows.append(len(columns["text"]))
        return answers(columns, tell)

    monkeypatch.setattr(plain, "answers", watched)
    sizes = np.random.default_rng(0).integers(0, 50, 57).tolist()
    texts = ["x" * size for size in sizes]
    rows = [batch(texts[:3]), reject(3), batch(texts[3:40]), batch(texts[40:])]
    found = list(predict_rows(plain, iter(rows)))
    assert [row.get("score", row.get("row")) for row in found] == [
        *({"value": size} for size in sizes[:3]),
        3,
        *({"value": size} for size in sizes[3:]),
    ]
    assert max(windows) < 20 and sum(windows) == 57


def test_windows_are_bounded_in_bytes(plain: Predictor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "_WINDOW_BYTES", 1000)
    taken: list[int] = []

    def rows() -> Iterator[pa.RecordBatch]:
        for size in range(500, 520):
            taken.append(size)
            yield batch(["x" * size])

    answers = predict_rows(plain, rows())
    assert next(answers)["score"] == {"value": 500}
    assert taken == [500, 501]  # the first answer comes before the rest is read
    assert values(answers) == list(range(501, 520))


def test_from_files_to_json(full: Predictor, tmp_path: Path) -> None:
    good = {"text": "日本 😀", "title": "", "stars": 0.5, "id": 3, "source": "web"}
    lines = [good, {**good, "text": None}, {**good, "id": 4, "text": ""}]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    first, second, third = predict_rows(full, rows_to_predict([str(path)], full.manifest))
    assert list(first) == ["id", "source", "label", "topic", "tags", "score", "place"]
    assert (first["id"], first["source"], first["score"]) == ("3", "web", {"value": 11.5})
    assert second == {
        "error": "column 'text': got nothing (missing or null), expected text in UTF-8",
        "source": str(path),
        "row": len(json.dumps(good)) + 1,
        "unit": "byte",
    }
    assert (third["id"], third["score"]) == ("4", {"value": 0.5})


def test_text_row(plain: Predictor) -> None:
    rows = text_row(plain.manifest, ["日本", ""])
    assert rows.to_pydict() == {"text": ["日本".encode(), b""]}
    assert values(predict_rows(plain, [rows])) == [6, 0]


def test_text_row_of_a_model_of_several_columns(full: Predictor) -> None:
    with pytest.raises(UsageError, match=r"several columns \(text, title, stars\).*--input"):
        text_row(full.manifest, ["a"])


def test_text_row_that_is_no_utf8(plain: Predictor) -> None:
    with pytest.raises(UsageError, match=r"--text 'a\\udcff': got bytes that are not UTF-8"):
        text_row(plain.manifest, ["fine", "a\udcff"])


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no trained model"):
        Predictor(str(tmp_path))


def test_a_model_without_serving(plain_model: str, tmp_path: Path) -> None:
    manifest = ModelLayout(Path(plain_model)).manifest.read_text()
    ModelLayout(tmp_path).manifest.write_text(manifest)
    with pytest.raises(ArtifactError, match=r"serving/.*: got no such file, expected .* bytes"):
        Predictor(str(tmp_path))


def test_a_library_that_is_missing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = SmallModel(str(folder / "plain-artifact"), op_libraries=("tensorflow_text",))
    monkeypatch.setitem(sys.modules, "tensorflow_text", None)
    with pytest.raises(ArtifactError, match=r"ops come from the package tensorflow_text.*install"):
        Predictor(model.write(tmp_path / "model"))


@pytest.mark.parametrize("library", ["os", "no_such_ops", "tensorflow_text.evil", ""])
def test_no_other_library_is_imported(plain_model: str, tmp_path: Path, library: str) -> None:
    model = shutil.copytree(plain_model, tmp_path / "model")
    edit_manifest(model, lambda manifest: manifest.update(op_libraries=[library]))
    with pytest.raises(ArtifactError, match=r"model\.json: op_libraries\.0: .*'tensorflow_text'"):
        Predictor(str(model))
