"""Every name that a spec accepts works from the build to the report."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf
from artifact_files import manifest_of, records_of
from processes import run_python

from preprocess import Artifact, dataset
from preprocess.cli import main

pytestmark = pytest.mark.slow

SUPPORT = Path(__file__).parents[1] / "support"
# Python's keywords, arguments of functions, names that differ in case or in what TensorFlow makes
# of them, and names that Keras gives to layers and operations.
TEXTS = [
    "my-text", "review.text", "1text", "text", "Text", "self", "class", "None", "a.b", "a-b",
    "a_b", "training", "inputs", "name", "joined", "text_embedding", "cast", "cast_1", "x", "x_",
]  # fmt: skip
NUMBERS = ["n-x", "N-x", "1", "expand_dims"]
LABELS = {
    "lambda": "binary",
    "call": "category",
    "loss": "number",
    "dense_1": "multilabel",
    "heads": "binary",
}
VOCABULARIES = ["self", "a.b", "words"]
SPEC = {
    "features": {
        **{
            name: {"vocabulary": VOCABULARIES[i % 3], "max_length": 4}
            for i, name in enumerate(TEXTS)
        },
        **{name: {"kind": "numeric", "scale": "z_score"} for name in NUMBERS},
    },
    "labels": {name: {"kind": kind} for name, kind in LABELS.items()},
    "vocabularies": {name: {} for name in VOCABULARIES},
    "keep": ["def", "id", "batch"],
    "buckets": {"boundaries": [4]},
    "output": {"shards": 1},
}
MODEL = {
    "text": {
        "embedding": {"dim": 2, "dropout": 0.1},
        "projection": {"units": 2},
        "encoder": {"kind": "average"},
    },
    "features": {"text": {"encoder": {"kind": "lstm", "units": 2}}},
    "dense": [2],
    "dropout": 0.1,
    "training": {"epochs": 1},
}
FEATURES = [*TEXTS, *NUMBERS]


def _row(number: int) -> dict[str, Any]:
    return {
        **{name: f"{name[0]}{number % 3} b" for name in TEXTS},
        **{name: number / 2 + place for place, name in enumerate(NUMBERS)},
        "lambda": number % 2, "call": "ab"[number % 2], "loss": number / 4,
        "dense_1": ["x", "y"][: number % 3], "heads": number % 2,
        "def": f"row {number}", "id": number, "batch": "b",
    }  # fmt: skip


ROWS = [_row(number) for number in range(6)]


@pytest.fixture(scope="module")
def artifact(build_once) -> Path:
    return build_once(json.dumps(SPEC), {"rows.jsonl": ROWS})


@pytest.fixture(scope="module")
def model(artifact: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("named")
    (folder / "m.yaml").write_text(json.dumps(MODEL))
    files = ["--artifact", artifact, "--model", folder / "m.yaml", "--output", folder / "model"]
    assert _exit_code("train", *files) == 0
    return folder / "model"


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a command prints that ends with 0."""

    def run(*arguments: str | Path) -> str:
        capsys.readouterr()
        code = _exit_code(*arguments)
        out, err = capsys.readouterr()
        assert code == 0, err
        return out

    return run


def _exit_code(*arguments: str | Path) -> object:
    with pytest.raises(SystemExit) as exited:
        main([str(argument) for argument in arguments])
    return exited.value.code


def test_records_bear_the_names(artifact: Path) -> None:
    [first, *_] = sorted(records_of(artifact), key=lambda record: record["id"])
    lengths = [f"{name}_length" for name in TEXTS]
    assert set(first) == {*FEATURES, *lengths, *LABELS, "def", "id", "batch"}
    assert manifest_of(artifact)["classes"] == {"call": ["a", "b"], "dense_1": ["x", "y"]}


def test_serving_asks_and_answers_by_name(artifact: Path) -> None:
    request = json.dumps([{name: [row[name] for row in ROWS] for name in FEATURES}])
    probe = run_python("-P", SUPPORT / "serving_probe.py", artifact / "serving", given=request)
    found = json.loads(probe.stdout)
    assert found["signature"] == {
        **dict.fromkeys(TEXTS, "string"),
        **dict.fromkeys(NUMBERS, "float32"),
    }
    [answer] = found["answers"]
    assert set(answer) == {*FEATURES, *(f"{name}_length" for name in TEXTS)}
    opened = Artifact.open(str(artifact))
    for place, name in enumerate(TEXTS):
        words = opened.word_index(VOCABULARIES[place % 3])
        ids = [[words[token] for token in row[name].lower().split()] for row in ROWS]
        assert answer[name]["values"] == ids


def test_every_record_verifies(artifact: Path, printed: Callable[..., str]) -> None:
    assert "6 records" in printed("verify", "--artifact", artifact)


def test_records_are_read_by_name(artifact: Path) -> None:
    batches = dataset(str(artifact), "train", batch_size=6, keep=True)
    [(features, labels)] = list(batches)
    assert {*FEATURES, "def", "id", "batch"} <= set(features)
    assert set(labels) == set(LABELS)


def test_the_network_takes_and_gives_them_by_name(model: Path, artifact: Path) -> None:
    import keras

    network = keras.models.load_model(model / "model.keras")
    assert [set(network.input), set(network.output)] == [set(FEATURES), set(LABELS)]
    assert {tensor.name for tensor in network.inputs} == set(FEATURES)
    [(features, _)] = list(dataset(str(artifact), "train", batch_size=6))
    answers = network({name: features[name] for name in FEATURES})
    assert set(answers) == set(LABELS)


def test_evaluation_names_the_labels(
    model: Path, artifact: Path, printed: Callable[..., str]
) -> None:
    out = printed("evaluate", "--model", model, "--artifact", artifact, "--split", "train")
    assert set(json.loads(out)) == set(LABELS)


def test_predictions_are_those_of_a_fresh_process(
    model: Path, tmp_path: Path, printed: Callable[..., str]
) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    out = printed("predict", "--model", model, "--input", rows)
    predicted = [json.loads(line) for line in out.splitlines()]
    assert [set(row) for row in predicted] == [{*LABELS, "def", "id", "batch"}] * len(ROWS)
    served = _served(model)
    assert set(served["inputs"]["serving_default"]) == set(FEATURES)
    assert set(served["inputs"]["tokenize"]) == set(TEXTS)
    raw, examples, tokens = served["answers"]
    assert set(raw) == {*LABELS, "call_class"}
    assert raw == examples
    assert set(tokens) == {key for name in TEXTS for key in (name, f"{name}_length")}
    for row, value, name in zip(
        predicted, raw["loss"]["values"], raw["call_class"]["values"], strict=True
    ):
        assert row["loss"]["value"] == pytest.approx(value, abs=1e-5)
        assert row["call"]["class"] == name


def _served(model: Path) -> Any:
    texts = {name: [_base64(row[name].encode()) for row in ROWS] for name in TEXTS}
    numbers = {name: [row[name] for row in ROWS] for name in NUMBERS}
    request = [
        ("serving_default", {**texts, **numbers}),
        ("serving_examples", {"examples": [_base64(_example(row)) for row in ROWS]}),
        ("tokenize", texts),
    ]
    probe = SUPPORT / "model_probe.py"
    answered = run_python("-P", probe, model / "serving", given=json.dumps(request))
    return json.loads(answered.stdout)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _example(row: dict[str, Any]) -> bytes:
    features = {
        name: tf.train.Feature(bytes_list=tf.train.BytesList(value=[row[name].encode()]))
        for name in TEXTS
    }
    for name in NUMBERS:
        features[name] = tf.train.Feature(float_list=tf.train.FloatList(value=[row[name]]))
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


def test_inspection_and_report_name_them(
    model: Path, artifact: Path, tmp_path: Path, printed: Callable[..., str]
) -> None:
    inspected = printed("inspect", "--artifact", artifact)
    report = tmp_path / "report.html"
    printed("report", "--artifact", artifact, "--model", model, "--output", report)
    page = report.read_text()
    for name in [*FEATURES, *LABELS, "def"]:
        assert name in inspected
        assert name in page
