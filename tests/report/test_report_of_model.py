"""What a report says of a model: its training, its answers, the texts, its embeddings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from report_model import HISTORY, write_model
from report_page import ReadPage, report
from small_artifact import FULL, PLAIN, SmallArtifact
from vouching import edit_manifest

from preprocess import dataset, evaluate, word_vectors, write_report
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import ArtifactError, UsageError
from preprocess.evaluation.record_predictions import Predictions, predict_records
from preprocess.model_file import ModelFile
from preprocess.report.artifact_data import ArtifactData
from preprocess.report.evaluated_model import EvaluatedModel
from preprocess.report.prose import percent
from preprocess.report.sections.training_section import training_section
from preprocess.trained_model.opened_model import OpenedModel

LENGTHS = {
    "train": [n % 9 for n in range(30)],
    "test": [1 + n % 8 for n in range(23)],
    "empty": [],
}
SECTIONS = ["training", "answers", "texts", "neighbours"]


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> str:
    return SmallArtifact(LENGTHS, declared=FULL).write(tmp_path_factory.mktemp("artifact"))


@pytest.fixture(scope="module")
def model(artifact: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_model(artifact, tmp_path_factory.mktemp("model") / "model")


@pytest.fixture(scope="module")
def page(artifact: str, model: str, tmp_path_factory: pytest.TempPathFactory) -> ReadPage:
    return report(artifact, tmp_path_factory.mktemp("page") / "report.html", model)


def test_sections_come_after_those_of_the_artifact(page: ReadPage) -> None:
    assert list(page.sections)[-4:] == SECTIONS
    assert list(page.sections)[:2] == ["header", "overview"]
    assert len(page.ids) == len(set(page.ids))
    assert all(reference.startswith("#") for reference in page.references)
    assert len(page.html.encode()) < 1_000_000


def test_training(page: ReadPage) -> None:
    said = page.said("training")
    assert "trained for 3 epochs of 30 records" in said
    assert "Epoch 2 was kept: its validation loss, 2.250, is the least." in said
    assert "it went to 2.500 while the training loss went from 2.000 to 1.500: as when" in said
    table = page.table("training", "train, epoch 2")
    assert [row[0] for row in table.rows[1:]] == ["loss", "accuracy of label"]
    for row, key in zip(table.rows[1:], ("loss", "label_accuracy"), strict=True):
        assert [float(v) for v in row[1:]] == [*HISTORY[key], *HISTORY[f"val_{key}"]]
    assert "Embedding 4 → LSTM 3" in said
    assert "Dense 5 → label (binary), topic (category)" in said


ENCODERS = {
    "LSTM 3": {"units": 3},
    "2 × bidirectional GRU 3": {"kind": "gru", "units": 3, "layers": 2, "bidirectional": True},
    "average": {"kind": "average"},
}


@pytest.mark.parametrize("said", ENCODERS)
def test_the_encoder_is_named(said: str, artifact: str, model: str) -> None:
    text = {"text": {"embedding": {"dim": 4}, "encoder": ENCODERS[said]}}
    declared = ModelFile.model_validate(text)
    opened = OpenedModel.open(model)
    manifest = opened.manifest.model_copy(update={"model": declared})
    evaluated = EvaluatedModel(
        replace(opened, manifest=manifest), HISTORY, "test", Predictions({}, {})
    )
    *_, table = training_section(ArtifactData.read(OpenedArtifact.open(artifact)), evaluated).blocks
    assert f"Embedding 4 → {said}" in [row[1] for row in table.rows]


@pytest.mark.parametrize(
    ("history", "best", "expected"),
    [
        ({"loss": [2.0, 1.0]}, 2, "loss went from 2.000 to 1.000. Nothing was held out"),
        ({"loss": [2.0, float("nan")]}, 1, "not a finite number: the training failed"),
        ({"loss": [2.0, 1.0], "val_loss": [2.0, 1.5]}, 2, "so more epochs may help"),
        ({"loss": [2.0], "val_loss": [2.0]}, 1, "One epoch does not show"),
        ({"loss": [2.0, 3.0], "val_loss": [2.0, 9.0]}, 1, "training became unstable"),
    ],
)
def test_training_is_judged_by_its_numbers(
    artifact: str, model: str, history: dict[str, list[float]], best: int, expected: str
) -> None:
    opened = OpenedModel.open(model)
    outcome = opened.manifest.outcome.model_copy(update={"best_epoch": best})
    manifest = opened.manifest.model_copy(update={"outcome": outcome})
    opened = replace(opened, manifest=manifest)
    evaluated = EvaluatedModel(opened, history, "test", Predictions({}, {}))
    said, *_ = training_section(ArtifactData.read(OpenedArtifact.open(artifact)), evaluated).blocks
    assert expected in said.text


def test_answers_are_those_of_evaluate(page: ReadPage, artifact: str, model: str) -> None:
    found = evaluate(model, artifact, "test")
    tables = [t for t in page.tables["answers"] if t.rows[0][:2] == ["measure", "value"]]
    for (label, measures), table in zip(found.items(), tables, strict=True):
        shown = dict(row[:2] for row in table.rows[1:])
        assert shown["examples"] == "23"
        for key in ("accuracy", "auc", "majority", "exact_match"):
            if key in measures:
                expected = percent(measures[key]).replace("\u00a0", " ")
                assert shown[key.replace("_", " ")] == expected, label
        if "mae" in measures:
            assert float(shown["mae"]) == pytest.approx(measures["mae"], rel=0.01)
    assert "The model answered all 23 records of test" in page.said("answers")


def test_confusion(page: ReadPage, artifact: str, model: str) -> None:
    found = evaluate(model, artifact, "test")
    tables = [t for t in page.tables["answers"] if t.rows[0][0] == "true ╲ answered"]
    for label, table in zip(("label", "topic"), tables, strict=True):
        cells = [[int(cell) for cell in row[1:-1]] for row in table.rows[1:]]
        assert cells == found[label]["confusion"]


def test_classes_of_every_kind(page: ReadPage, artifact: str, model: str) -> None:
    tables = [t for t in page.tables["answers"] if "recall" in t.rows[0]]
    assert [t.column("class") for t in tables] == [["0", "1"], ["art", "sport"], ["a", "b", "c"]]
    found = predict_records(OpenedModel.open(model), OpenedArtifact.open(artifact), "test")
    for label, table in (("topic", tables[1]), ("tags", tables[2])):
        answers = found.answers[label]
        answered = answers > 0.5 if label == "tags" else np.eye(2)[answers.argmax(1)]
        assert table.column("answered") == [str(int(n)) for n in answered.sum(0)]


def test_texts_are_those_that_were_answered(page: ReadPage, artifact: str, model: str) -> None:
    found = predict_records(OpenedModel.open(model), OpenedArtifact.open(artifact), "test")
    rows: dict[int, tuple[int, int]] = {}
    start = 0
    for features, labels in dataset(artifact, "test", shuffle=False, keep=True):
        for place, number in enumerate(features["id"].numpy()):
            rows[int(number)] = start + place, int(labels["label"][place])
        start += len(features["id"])
    said = page.said("texts")
    for part in said.split(" id ")[1:]:
        number = int(part.split()[0])
        row, truth = rows[number]
        before = said[: said.index(f" id {number} ")]
        shown = before[before.rindex("label ") :]
        score = float(found.answers["label"][row])
        given = max(score, 1 - score)
        assert shown.startswith(
            f"label {truth}, answered {int(score > 0.5)} with {100 * given:.1f}"
        )


def test_texts_show_words_and_ids(page: ReadPage) -> None:
    said = page.said("texts")
    for title in (
        "The surest right answers on label",
        "The surest wrong answers on topic",
        "Closest to the truth on tags",
    ):
        assert title in said
    assert "title, 1 token [OOV]1" in said  # the third text feature of every record
    assert "the2" in said or "cat3" in said


def test_long_texts_are_cut(tmp_path: Path) -> None:
    declared = {**PLAIN, "features": {"text": {"max_length": 99}}}
    small = SmallArtifact({"train": [99, 99]}, boundaries=(99,), declared=declared)
    artifact = small.write(tmp_path / "artifact")
    model = write_model(artifact, tmp_path / "model")
    assert "… and 39 more" in report(artifact, tmp_path / "r.html", model).said("texts")


def test_nearest_words(page: ReadPage, model: str) -> None:
    tables = page.tables["neighbours"]
    assert len(tables) == 2  # text and title have an embedding each
    vectors = word_vectors(model, "words.text")
    for row in tables[0].rows[1:]:
        word = row[0].replace("\\t", "\t")
        expected = [f"{w} {c:.2f}" for w, c in vectors.nearest(word, 6)]
        assert " ".join(row[2].split()) == " ".join(expected).replace("\t", "\\t")


def test_key_figures(page: ReadPage, artifact: str, model: str) -> None:
    accuracy = evaluate(model, artifact, "test")["label"]["accuracy"]
    assert f"{100 * accuracy:.1f} % right on label of test" in page.said("header")


def test_the_same_bytes_twice(page: ReadPage, artifact: str, model: str, tmp_path: Path) -> None:
    assert report(artifact, tmp_path / "again.html", model).html == page.html


def test_a_split_that_was_chosen(artifact: str, model: str, tmp_path: Path) -> None:
    said = report(artifact, tmp_path / "report.html", model, "train").said("answers")
    assert "all 30 records of train, which it was trained on" in said


def test_a_split_without_records(artifact: str, model: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'empty', which has no records"):
        write_report(artifact, model, str(tmp_path / "report.html"), split="empty")


def test_no_split_with_records(artifact: str, model: str, tmp_path: Path) -> None:
    other = SmallArtifact({"train": []}, declared=FULL).write(tmp_path / "artifact")
    with pytest.raises(UsageError, match="report without the model"):
        write_report(other, model, str(tmp_path / "report.html"))


def test_another_artifact(model: str, tmp_path: Path) -> None:
    other = SmallArtifact({"train": [1]}).write(tmp_path / "artifact")
    with pytest.raises(ArtifactError, match="does not match the model"):
        write_report(other, model, str(tmp_path / "report.html"))


def test_a_limit_of_the_training_is_reported(artifact: str, tmp_path: Path) -> None:
    model = write_model(artifact, tmp_path / "model")
    edit_manifest(model, lambda data: data["outcome"]["examples"].update(train=16))
    said = report(artifact, tmp_path / "report.html", model).said("training")
    assert "3 epochs, each on about 16 of the 30 records of train, by --limit." in said


def test_no_history(artifact: str, tmp_path: Path) -> None:
    model = write_model(artifact, tmp_path / "model")
    Path(model, "history.json").unlink()
    with pytest.raises(ArtifactError, match=r"history\.json: got no such file.*train` again"):
        write_report(artifact, model, str(tmp_path / "report.html"))


def test_a_history_of_what_was_not_finite(artifact: str, tmp_path: Path) -> None:
    history = {"loss": [2.0, None, 1.0], "val_loss": [3.0, None, float("inf")]}
    model = write_model(artifact, tmp_path / "model", history=history, best=1)
    write_report(artifact, model, str(tmp_path / "report.html"))
    page = (tmp_path / "report.html").read_text()
    assert "its validation loss, 3.000, is the least" in page
