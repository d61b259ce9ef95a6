"""The scripts of `examples/`, as a reader starts them, on small generated data."""

from __future__ import annotations

import json
import re
import runpy
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from processes import Conversation, run_python
from published_files import write_published
from source_tree import ROOT

import preprocess

pytestmark = [pytest.mark.slow, pytest.mark.long]

EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("examples")
    write_published(path)
    return path


@pytest.fixture(scope="module")
def artifact(folder: Path) -> preprocess.Artifact:
    data = {"train": f"{folder}/train.jsonl", "test": f"{folder}/test.jsonl"}
    return preprocess.build(folder / "examples/imdb.yaml", data, folder / "artifact")


@pytest.fixture(scope="module")
def model(artifact: preprocess.Artifact, folder: Path) -> preprocess.TrainedModel:
    declared = {"text": {"encoder": {"kind": "average"}}, "training": {"epochs": 1}}
    return preprocess.train(artifact, declared, folder / "model")


@pytest.fixture(scope="module")
def server(model: preprocess.TrainedModel) -> Iterator[str]:
    """The address of the server, which ends after the module's tests."""
    running = Conversation(EXAMPLES / "http_server.py", "--model", model.path, "--port", "0")
    yield running.hear().removeprefix("listening on ").strip()
    running.close()


def started(name: str, *arguments: str | Path) -> str:
    return run_python(EXAMPLES / name, *arguments).stdout


def test_own_keras_model(artifact: preprocess.Artifact, tmp_path: Path) -> None:
    printed = started(
        *("own_keras_model.py", "--artifact", artifact.path),
        *("--output", tmp_path / "own", "--epochs", "1"),
    )
    served = preprocess.TrainedModel.open(tmp_path / "own")
    accuracy = served.evaluate(artifact, "test")["label"]["accuracy"]
    assert f"accuracy {accuracy}\n" in printed


def test_numpy_loop(artifact: preprocess.Artifact) -> None:
    printed = started("numpy_loop.py", "--artifact", artifact.path, "--epochs", "2")
    accuracies = re.findall(r"^epoch \d: accuracy (0\.\d+)$", printed, re.MULTILINE)
    assert len(accuracies) == 2


def test_numpy_loop_steps_down_the_gradient() -> None:
    """Each number moves as the difference of the cross-entropy around it says."""
    classifier = runpy.run_path(str(EXAMPLES / "numpy_loop.py"))["Classifier"]
    ids, labels = np.array([[2, 3, 2, 0], [4, 0, 0, 0]]), np.array([1, 0])
    model = classifier(5, 3, np.random.default_rng(1))
    model.weights = np.array([0.5, -1.0, 2.0])

    def loss(vectors: np.ndarray, weights: np.ndarray) -> float:
        model.vectors, model.weights, model.bias = vectors, weights, 0.0
        p = model.probabilities(model.means(ids)[0])
        return float(-np.mean(labels * np.log(p) + (1 - labels) * np.log(1 - p)))

    vectors, weights = model.vectors.copy(), model.weights.copy()
    model.step(ids, labels, rate=1.0)
    moved = vectors - model.vectors, weights - model.weights
    for n, start in enumerate((vectors, weights)):
        for at in np.ndindex(start.shape):
            around = []
            for sign in (1, -1):
                given = [vectors.copy(), weights.copy()]
                given[n][at] += sign * 1e-5
                around.append(loss(*given))
            assert moved[n][at] == pytest.approx((around[0] - around[1]) / 2e-5, abs=1e-6)


@pytest.mark.parametrize("way", ["serving", "transform"])
def test_own_beam_pipeline(
    way: str, artifact: preprocess.Artifact, folder: Path, tmp_path: Path
) -> None:
    started(
        *("own_beam_pipeline.py", "--artifact", artifact.path, "--through", way),
        *("--input", folder / "test.jsonl", "--output", tmp_path / "ids"),
    )
    lines = [line for path in tmp_path.glob("ids*") for line in path.read_text().splitlines()]
    texts = [json.loads(line)["text"] for line in (folder / "test.jsonl").open()]
    expected = [ids.tolist() for ids in artifact.encode(texts)]
    assert sorted(json.loads(line)["ids"] for line in lines) == sorted(expected)


def test_dataframe_to_model(folder: Path, tmp_path: Path) -> None:
    pd.read_json(folder / "train.jsonl", lines=True).to_csv(tmp_path / "rows.csv", index=False)
    printed = started(
        "dataframe_to_model.py", "--rows", tmp_path / "rows.csv", "--output", tmp_path / "out"
    )
    model = preprocess.TrainedModel.open(tmp_path / "out/model")
    assert set(printed.split()[-3:]) <= set(model.classes("label")) == {"0", "1"}
    assert (tmp_path / "out/report.html").stat().st_size > 10_000


def ask(url: str, body: bytes) -> dict[str, list[float]]:
    with urllib.request.urlopen(url, data=body) as answer:
        found: dict[str, list[float]] = json.load(answer)
        return found


def test_http_server_answers_as_predict_does(server: str, model: preprocess.TrainedModel) -> None:
    texts = ["A superb film.", "", "Dull."]
    expected = [row["label"]["probability"] for row in model.predict(texts)]
    assert ask(server, json.dumps(texts).encode())["label"] == pytest.approx(expected, abs=1e-6)
    assert ask(server, b"[]") == {"label": []}


@pytest.mark.parametrize("body", [b"no JSON", b"5", b'["a", 5]', b'[["a"]]'])
def test_http_server_refuses_what_are_no_texts(server: str, body: bytes) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400"):
        ask(server, body)


def test_every_script_is_tried() -> None:
    tried = set(re.findall(r'"(\w+\.py)"', Path(__file__).read_text()))
    assert {path.name for path in EXAMPLES.glob("*.py")} <= tried
