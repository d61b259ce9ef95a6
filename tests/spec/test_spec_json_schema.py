"""The JSON Schema says what the code says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from design_example import plain
from jsonschema import Draft202012Validator
from processes import run_python

from preprocess.core.errors import SpecError
from preprocess.model_file.json_schemas import spec_json_schema, write
from preprocess.spec import parse_spec

ROOT = Path(__file__).parents[2]
SCHEMA = spec_json_schema()
FILE = "spec.schema.json"


def _fits(data: object) -> bool:
    return Draft202012Validator(SCHEMA).is_valid(data)


def test_committed_file_is_up_to_date(tmp_path: Path) -> None:
    write(str(tmp_path))
    assert (ROOT / "schemas" / FILE).read_text() == (tmp_path / FILE).read_text(), (
        "run `python -m preprocess.model_file.json_schemas schemas/`"
    )


def test_the_module_writes_it(tmp_path: Path) -> None:
    run_python("-m", "preprocess.model_file.json_schemas", tmp_path)
    assert json.loads((tmp_path / FILE).read_text()) == SCHEMA


def test_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["title"] == "The spec of a text2seq build"


def test_descriptions_are_the_docstrings() -> None:
    lengths = SCHEMA["$defs"]["TextFeature"]["properties"]["max_length"]
    assert lengths["description"] == "Tokens kept of a text; null keeps all."
    assert SCHEMA["properties"]["keep"]["description"].startswith("Columns carried through")


def test_accepts_the_design_example() -> None:
    Draft202012Validator(SCHEMA).validate(plain())


FINE = {
    "least": "features: {text: {}}",
    "null": "features: {text: null}\nlabels: {label: null}\nvocabularies: {words: null}",
    "empty keys": "features: {text: }\nlabels:\nvocabularies:\nsplits:\nkeep:\nbuckets:\noutput:",
    "columns": (
        "features: {a: {column: '#1 String'}}\nlabels: {b: {column: ラベル}}\n"
        "keep: [id, {name: note, column: my note}, {name: other}]"
    ),
    "feature without kind": "features: {text: {max_length: 5, padding: pre}}",
    "other kinds": (
        "features: {text: {}, n: {kind: numeric, scale: min_max}}\n"
        "labels: {a: {kind: category}, b: {kind: multilabel}, c: {kind: number, size: 2}}"
    ),
    "tokenizer without kind": (
        "features: {text: {}}\nvocabularies: {words: {tokenizer: {lower: false}}}"
    ),
    "empty tokenizer": "features: {text: {}}\nvocabularies: {words: {tokenizer: {}}}",
    "tokenizers": (
        "features: {a: {vocabulary: a}, b: {vocabulary: b}}\n"
        "vocabularies: {a: {tokenizer: {kind: whitespace}}, b: {tokenizer: {kind: regex, keep: x}}}"
    ),
    "oov": (
        "features: {a: {vocabulary: a}, b: {vocabulary: b}}\n"
        "vocabularies: {a: {oov: drop}, b: {oov: {hash_buckets: 8}}}"
    ),
    "column split": "features: {text: {}}\nsplits: {column: c, map: {a: train}}",
    "shards by size": "features: {text: {}}\noutput: {shards: auto}",
    "shards": "features: {text: {}}\noutput: {shards: 10000}",
    "boundaries": "features: {text: {max_length: 8}}\nbuckets: {boundaries: [4, 8]}",
}


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_accepts_what_the_code_accepts(text: str) -> None:
    parse_spec(text)
    Draft202012Validator(SCHEMA).validate(yaml.safe_load(text))


MISTAKES = {
    "no features": "labels: {label: {}}",
    "features of null": "features:",
    "no feature": "features: {}",
    "unknown key": "features: {text: {}}\nlabel: {}",
    "unknown key of a feature": "features: {text: {max_len: 3}}",
    "unknown key of a tokenizer": (
        "features: {text: {}}\nvocabularies: {words: {tokenizer: {kind: whitespace, lower: true}}}"
    ),
    "key of another kind": "features: {text: {}}\nlabels: {a: {kind: binary, size: 3}}",
    "key of a kind that is not the default": "features: {text: {scale: none}}",
    "max_length 0": "features: {text: {max_length: 0}}",
    "max_length true": "features: {text: {max_length: true}}",
    "max_length in quotes": "features: {text: {max_length: '5'}}",
    "kind": "features: {text: {kind: txt}}",
    "name with a slash": "features: {a/b: {}}",
    "oov": "features: {text: {}}\nvocabularies: {words: {oov: ignore}}",
    "hash buckets": "features: {text: {}}\nvocabularies: {words: {oov: {hash_buckets: 0}}}",
    "split of both": (
        "features: {text: {}}\nsplits: {by: a, fractions: {train: 1}, column: c, map: {a: train}}"
    ),
    "empty split": "features: {text: {}}\nsplits: {}",
    "fraction of 0": "features: {text: {}}\nsplits: {by: a, fractions: {train: 1, test: 0}}",
    "padding": "features: {text: {padding: left}}",
    "keep": "features: {text: {}}\nkeep: id",
    "kept column without a name": "features: {text: {}}\nkeep: [{column: my id}]",
    "kept column with another key": "features: {text: {}}\nkeep: [{name: id, colum: my id}]",
    "empty column": "features: {text: {column: ''}}",
    "empty split column": "features: {text: {}}\nsplits: {by: '', fractions: {train: 1}}",
    "compression": "features: {text: {}}\noutput: {compression: zip}",
    "shards": "features: {text: {}}\noutput: {shards: many}",
    "no shards": "features: {text: {}}\noutput: {shards: 0}",
    "shards in quotes": "features: {text: {}}\noutput: {shards: '4'}",
    "shards true": "features: {text: {}}\noutput: {shards: true}",
    "list": "[text]",
}


@pytest.mark.parametrize("text", MISTAKES.values(), ids=MISTAKES)
def test_refuses_what_the_code_refuses(text: str) -> None:
    with pytest.raises(SpecError):
        parse_spec(text)
    assert not _fits(yaml.safe_load(text))
