"""The spec and model files in `examples/`: the cases that the trainer is there for."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from preprocess import Predictor, evaluate, load_model_file, load_spec, train
from preprocess.artifact.manifest import Manifest
from preprocess.model_file import ModelFile
from preprocess.models.build_model import build_model
from preprocess.models.model_plan import plan_model
from preprocess.spec import Spec

pytestmark = [pytest.mark.slow, pytest.mark.long]

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
MODELS = sorted(EXAMPLES.glob("*.model.yaml"))
SPECS = sorted(set(EXAMPLES.glob("*.yaml")) - set(MODELS))

# Weights by part, from the sizes that the table of cases gives: an LSTM has 4 (in + units + 1)
# units, a dense layer (in + 1) units.
WORDS, ANSWERS = 1000, 6
LSTM = {
    (n, u): 4 * (n + u + 1) * u for n, u in ((32, 100), (64, 32), (32, 16), (128, 64), (16, 32))
}
WEIGHTS = {
    "imdb": WORDS * 32 + LSTM[32, 100] + 101,
    "babi": WORDS * 96 + LSTM[64, 32] + LSTM[32, 16] + 49 * 64 + 65 * ANSWERS,
    "jrte-entailment": WORDS * 64 + 64 * 128 + LSTM[128, 64] + 129 * 64 + 65,
    "japanese-scores": WORDS * 16 + LSTM[16, 32] + 33 * 8,
    "listings": WORDS * 64 + 64 * 128 + LSTM[128, 64] + 131 * 64 + 65 + 65 * ANSWERS + 65,
}


def _manifest(spec: Spec) -> Manifest:
    """What a plan asks of an artifact of `spec`, with vocabularies and labels of equal sizes."""
    return Manifest.model_construct(
        spec=spec,
        vocabulary_sizes=dict.fromkeys(spec.vocabularies, WORDS),
        classes={name: [f"c{i}" for i in range(ANSWERS)] for name in spec.class_labels},
    )


def _stem(path: Path) -> str:
    return path.name.removesuffix(".yaml").removesuffix(".model")


@pytest.fixture
def model_files(tmp_path: Path) -> Callable[[str], ModelFile]:
    """Reads a model file of `examples/`, with word vectors where it wants some."""
    (tmp_path / "vectors.bin").unlink(missing_ok=True)

    def read(stem: str) -> ModelFile:
        from gensim.models import KeyedVectors

        vectors = KeyedVectors(16)
        vectors.add_vectors(["あ", "い"], np.ones((2, 16), np.float32))
        vectors.save_word2vec_format(str(tmp_path / "vectors.bin"), binary=True)
        path = tmp_path / f"{stem}.model.yaml"
        path.write_bytes((EXAMPLES / path.name).read_bytes())
        return load_model_file(str(path))

    return read


def test_each_model_file_belongs_to_a_spec_and_each_spec_has_a_schema() -> None:
    specs = {_stem(path) for path in SPECS}
    of_imdb = {"imdb-folders"}  # the same columns as those of imdb
    assert {_stem(path).removesuffix("-small") for path in MODELS} == specs - of_imdb
    assert {path.stem for path in ROOT.glob("schemas/*.pbtxt")} == specs | {"demo"}


@pytest.mark.parametrize("stem", [_stem(path) for path in MODELS])
def test_each_model_file_builds(stem: str, model_files: Callable[[str], ModelFile]) -> None:
    spec = load_spec(str(EXAMPLES / f"{stem.removesuffix('-small')}.yaml"))
    model = build_model(plan_model(model_files(stem), _manifest(spec)))
    assert isinstance(model, keras.Model)
    if stem in WEIGHTS:
        assert model.count_params() == WEIGHTS[stem]


@pytest.fixture(scope="module")
def listings(build_once: Callable[..., Path]) -> Path:
    """Made-up listings; words and numbers tell what is to be learnt."""
    draw = random.Random(0)
    rows = []
    for number in range(400):
        good, district, rooms = draw.random() < 0.5, draw.choice("abcdef"), draw.randint(1, 9)
        filler = [f"word{draw.randint(0, 50)}" for _ in range(draw.randint(0, 20))]
        rows.append(
            {
                "id": f"{number}",
                "title": f"house in {district * 3}",
                "description": " ".join(["sunny" if good else "damp", *filler]),
                "price": 100.0 + 10 * rooms,
                "rooms": rooms,
                "sold": int(good),
                "district": district,
                "days": 10.0 * rooms,
            }
        )
    spec = (EXAMPLES / "listings.yaml").read_text()
    schema = str(ROOT / "schemas" / "listings.pbtxt")
    return build_once(spec, {"rows.jsonl": rows}, output="listings", schema=schema)


def test_several_inputs_and_outputs_are_learnt_and_served(listings: Path, tmp_path: Path) -> None:
    output = str(tmp_path / "model")
    declared = json.loads(load_model_file(str(EXAMPLES / "listings.model.yaml")).model_dump_json())
    declared["training"] |= {"batch_tokens": 512, "learning_rate": 0.01, "epochs": 12}
    train(str(listings), ModelFile.model_validate(declared), output)
    found = evaluate(output, str(listings), "test")
    assert found["sold"]["accuracy"] > 0.9
    assert found["district"]["accuracy"] > 0.9
    assert found["days"]["correlation"] > 0.5
    rows = {
        "title": ["house in bbb"] * 2,
        "description": ["sunny"] * 2,
        "price": [110.0, 190.0],
        "rooms": [1, 9],
    }
    small, large = Predictor(output).predict(rows)
    assert small["district"]["class"] == large["district"]["class"] == "b"
    assert small["sold"]["probability"] > 0.5
    assert small["days"]["value"] < large["days"]["value"]
