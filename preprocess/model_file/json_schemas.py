"""The JSON Schemas of spec and model file, for editors and for checks without Python.

They describe what users write: every key that has a default may be left out, and so may the `kind`
where one is filled in. What holds between keys (`preprocess.spec.checks`) is beyond them.

`python -m preprocess.model_file.json_schemas schemas/` writes both of them there.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from preprocess.core.declared import Declared
from preprocess.model_file import ModelFile, TextOptions
from preprocess.spec import Spec, Vocabulary
from preprocess.spec.features import DEFAULT_FEATURE
from preprocess.spec.labels import DEFAULT_LABEL

Schema = dict[str, Any]

# The kinds of feature, label, tokenizer and encoder that need not be written.
_DEFAULT_KINDS = {
    DEFAULT_FEATURE().kind,
    DEFAULT_LABEL().kind,
    Vocabulary().tokenizer.kind,
    TextOptions().encoder.kind,
}
# Mappings whose entries may be null, which means "all defaults".
_SPEC_NULLABLE = ("features", "labels", "vocabularies")
_MODEL_NULLABLE = ("features", "heads")


class _Generator(GenerateJsonSchema):
    """pydantic's generator without titles that only repeat the name of a key."""

    schema_dialect = "https://json-schema.org/draft/2020-12/schema"

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def spec_json_schema() -> Schema:
    """The schema (draft 2020-12) of a spec file."""
    return _schema(Spec, "The spec of a text2seq build", _SPEC_NULLABLE)


def model_json_schema() -> Schema:
    """The schema (draft 2020-12) of a model file."""
    schema = _schema(ModelFile, "The model file of a text2seq training", _MODEL_NULLABLE)
    # A user writes the weights of the classes alone.
    schema["$defs"]["Weights"] = schema["$defs"]["Weights"]["properties"]["classes"]
    return schema


def write(folder: str) -> None:
    """Writes the schemas into `folder`."""
    for name, schema in (("spec", spec_json_schema()), ("model", model_json_schema())):
        text = json.dumps(schema, ensure_ascii=False, indent=2)
        Path(folder, f"{name}.schema.json").write_text(f"{text}\n", encoding="utf-8")


def _schema(model: type[Declared], title: str, nullable: tuple[str, ...]) -> Schema:
    schema = model.model_json_schema(schema_generator=_Generator)
    for node in _nodes(schema):
        _refuse_other_keys(node)
        node.pop("discriminator", None)  # OpenAPI's, not JSON Schema's
    for definition in schema["$defs"].values():
        _require_kind(definition)
    _allow_null(schema, nullable)
    head = {"$schema": _Generator.schema_dialect, "title": title}
    return head | {key: value for key, value in schema.items() if key != "title"}


def _nodes(node: Any) -> list[Schema]:
    """Every mapping in a schema."""
    if isinstance(node, list):
        return [below for item in node for below in _nodes(item)]
    if not isinstance(node, dict):
        return []
    return [node, *(below for item in node.values() for below in _nodes(item))]


def _refuse_other_keys(node: Schema) -> None:
    """A key that fits no pattern is an error to pydantic."""
    if "patternProperties" in node:
        node["additionalProperties"] = False


def _require_kind(definition: Schema) -> None:
    """Exactly one option of a union must fit, so only the default kind may be left out."""
    kind = definition.get("properties", {}).get("kind")
    if kind is not None and kind["const"] not in _DEFAULT_KINDS:
        del kind["default"]
        definition["required"] = ["kind", *definition.get("required", [])]


def _allow_null(schema: Schema, nullable: tuple[str, ...]) -> None:
    """YAML reads a key without a value as null."""
    properties = schema["properties"]
    for name in nullable:
        entries = properties[name]["patternProperties"]
        for pattern, entry in entries.items():
            entries[pattern] = _or_null(entry)
    for name, entry in properties.items():
        if name not in schema.get("required", ()):
            properties[name] = _or_null(entry)


def _or_null(schema: Schema) -> Schema:
    if {"type": "null"} in schema.get("anyOf", []):
        return schema
    about: Schema = {key: schema[key] for key in ("description", "default") if key in schema}
    rest = {key: value for key, value in schema.items() if key not in about}
    return {**about, "anyOf": [rest, {"type": "null"}]}


if __name__ == "__main__":
    write(sys.argv[1])
