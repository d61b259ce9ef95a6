"""A new tokenizer is one new file and one line: tried in a copy of the tree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from copied_tree import add_line, copied_tree, run_in_tree

pytestmark = pytest.mark.slow

TOY = '''
from __future__ import annotations

from typing import Literal

from preprocess.core.lazy import lazy_imports
from preprocess.tokenizers.base import Tokenizer

with lazy_imports():
    import tensorflow as tf


class Toy(Tokenizer):
    """Splits at a mark."""

    kind: Literal["toy"] = "toy"
    mark: str = "-"

    def _split(self, texts: tf.Tensor) -> tf.RaggedTensor:
        tokens = tf.strings.split(texts, self.mark)
        return tf.ragged.boolean_mask(tokens, tokens != "")
'''
USE = """
import json, sys

from preprocess.core.errors import SpecError
from preprocess.model_file.json_schemas import spec_json_schema
from preprocess.spec import parse_spec

def parsed(tokenizer):
    return parse_spec(f"features: {{text: }}\\nvocabularies: {{words: {{tokenizer: {tokenizer}}}}}")

def mistake(tokenizer):
    try:
        parsed(tokenizer)
    except SpecError as error:
        return str(error)

spec = parsed("{kind: toy, mark: +, normalize: [lower]}")
again = type(spec).model_validate_json(spec.model_dump_json())
mistakes = [mistake("{kind: toy, marks: +}"), mistake("{kind: tay}")]
assert "tensorflow" not in sys.modules

import tensorflow as tf

print(json.dumps({
    "same": again == spec,
    "tokens": str(spec.vocabularies["words"].tokenizer(tf.constant(["A+b++c", ""])).to_list()),
    "mistakes": mistakes,
    "schema": spec_json_schema()["$defs"]["Toy"]["properties"]["kind"],
    "home": sys.modules["preprocess.tokenizers"].__file__,
}))
"""


def test_a_tokenizer_is_added_by_one_file_and_one_line(tmp_path: Path) -> None:
    tree = copied_tree(tmp_path)
    tokenizers = tree / "preprocess/tokenizers"
    (tokenizers / "toy.py").write_text(TOY)
    line = "from preprocess.tokenizers.toy import Toy as Toy"
    add_line(tokenizers / "__init__.py", "from preprocess.tokenizers.regex import", line)
    found = json.loads(run_in_tree(tree, USE).splitlines()[-1])
    assert found["home"] == str(tokenizers / "__init__.py")
    assert found["same"]
    assert found["tokens"] == str([[b"a", b"b", b"c"], []])
    unknown_key, unknown_kind = found["mistakes"]
    assert unknown_key == (
        "spec: vocabularies.words.tokenizer.marks: got an unknown key; did you mean 'mark'?"
    )
    assert unknown_kind.startswith('spec: vocabularies.words.tokenizer.kind: got "tay", expected')
    assert "'toy'" in unknown_kind
    assert found["schema"] == {"const": "toy", "type": "string"}
