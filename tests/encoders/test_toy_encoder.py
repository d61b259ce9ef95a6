"""A new encoder is one new file and one line: tried in a copy of the tree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from copied_tree import add_line, copied_tree, run_in_tree

pytestmark = pytest.mark.slow

TOY = '''
from typing import Literal

from preprocess.core.lazy import lazy_imports
from preprocess.encoders.base import Encode, Encoder

with lazy_imports():
    from keras import ops


class Toy(Encoder):
    """Adds the steps of a text up, several times."""

    kind: Literal["toy"] = "toy"
    times: int = 1

    def make_layers(self, name: str, *, padding: str, for_serving: bool) -> Encode:
        def encode(steps, mask):
            shown = ops.cast(ops.expand_dims(mask, -1), steps.dtype)
            return self.times * ops.sum(steps * shown, axis=1)

        return encode
'''
USE = """
import json, sys
from pathlib import Path

from preprocess.core.errors import SpecError
from preprocess.model_file import ModelFile, load_model_file
from preprocess.model_file.json_schemas import model_json_schema
from preprocess.spec.load import parse

Path("m.yaml").write_text(
    "text: {embedding: {dim: 3}, encoder: {kind: toy, times: 2}}\\n"
    "features: {title: {encoder: {kind: lstm, units: 4}}}"
)
declared = load_model_file("m.yaml")
assert "keras" not in sys.modules
try:
    parse("text: {encoder: {kind: toy, time: 2}}", "m.yaml", ModelFile)
except SpecError as error:
    mistake = str(error)

import keras
import numpy as np
from small_artifact import FULL, SmallArtifact

from preprocess import read_manifest
from preprocess.models.build_model import build_model
from preprocess.models.model_plan import plan_model
from preprocess.report.sections.training_section import _text

manifest = read_manifest(SmallArtifact({"train": [1, 2]}, declared=FULL).write(Path("artifact")))
model = build_model(plan_model(declared, manifest))
model.save("m.keras")
model = keras.models.load_model("m.keras")
inner = keras.Model(model.inputs, model.get_layer("joined").output)
ids = np.array([[1, 2, 2, 0, 0], [0, 0, 0, 0, 0]])
found = inner({"text": ids, "title": ids, "stars": np.zeros(2, "float32")}).numpy()
rows = model.get_layer("text_embedding").embeddings.numpy()
print(json.dumps({
    "mistake": mistake,
    "difference": float(np.abs(found[0, :3] - 2 * (rows[1] + 2 * rows[2])).max()),
    "empty": found[1, :3].tolist(),
    "width": found.shape[1],
    "in words": _text(declared.text, 3),
    "schema": model_json_schema()["$defs"]["Toy"]["properties"]["kind"],
    "home": sys.modules["preprocess.encoders"].__file__,
}))
"""


def test_an_encoder_is_added_by_one_file_and_one_line(tmp_path: Path) -> None:
    tree = copied_tree(tmp_path)
    encoders = tree / "preprocess/encoders"
    (encoders / "toy.py").write_text(TOY)
    line = "from preprocess.encoders.toy import Toy as Toy"
    add_line(encoders / "__init__.py", "from preprocess.encoders.lstm import", line)
    found = json.loads(run_in_tree(tree, USE).splitlines()[-1])
    assert found["home"] == str(encoders / "__init__.py")
    assert found["mistake"] == (
        "m.yaml: text.encoder.time: got an unknown key; did you mean 'times'?"
    )
    assert found["difference"] < 1e-6
    assert found["empty"] == [0, 0, 0]
    assert found["width"] == 3 + 4 + 1
    assert found["in words"] == ["Embedding 3", "toy"]
    assert found["schema"] == {"const": "toy", "type": "string"}
