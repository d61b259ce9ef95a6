"""Turns pydantic's validation errors into lines that a user can act on."""

from __future__ import annotations

import json
import reprlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from preprocess.spec.checks import did_you_mean

Loc = tuple[int | str, ...]
Schema = dict[str, Any]

_EXPECTED = {
    "int_type": "an integer",
    "int_from_float": "an integer",
    "float_type": "a number",
    "string_type": "text",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "too_short": "at least one entry",
    "string_too_short": "some text",
    "finite_number": "a finite number",
    "string_pattern_mismatch": (
        "a name of letters, digits, '_', '-' and '.', the first a letter or digit"
    ),
}

_SHOWN = 80
_CLAUSE = 500
_JSON = json.JSONEncoder(ensure_ascii=False, default=str)

_WORDING = {
    "greater than or equal to": "at least",
    "less than or equal to": "at most",
    "greater than": "more than",
}


def explain(error: ValidationError, model: type[BaseModel]) -> Iterator[str]:
    """One line for each mistake: path, got, expected, remedy.

    Args:
      error: what pydantic found.
      model: the model that the user's data were validated against.
    """
    schema = model.model_json_schema()
    for detail in error.errors(include_url=False):
        yield _line(detail, schema)


def shown(value: object) -> str:
    """`value` as the user may have written it, cut to a readable length."""
    try:
        text = str(value) if isinstance(value, date) else _beginning(value)
    except (TypeError, ValueError, RecursionError):  # keys of YAML that JSON lacks
        text = reprlib.repr(value)
    return cut(text)


def cut(text: str) -> str:
    """`text`, or its beginning if it is long."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _beginning(value: object) -> str:
    """JSON as far as it is shown, however long the whole is."""
    text = ""
    for part in _JSON.iterencode(value):
        text += part
        if len(text) > _SHOWN:
            break
    return text


def _line(detail: Mapping[str, Any], schema: Schema) -> str:
    path, below = _walk(schema, detail["loc"])
    where, kind = ".".join(path), detail["type"]
    if kind == "problem":
        context = detail["ctx"]
        where = ".".join(part for part in (where, context["at"]) if part)
        got = context["got"] if len(context["got"]) <= _CLAUSE else f"{context['got'][:_CLAUSE]}..."
        return f"{where}: {got}, expected {context['expected']}; {context['remedy']}"
    if kind == "extra_forbidden":
        _, above = _walk(schema, detail["loc"][:-1])
        remedy = did_you_mean(path[-1], list(above.get("properties", {})))
        return f"{where}: got an unknown key; {remedy}"
    if kind == "invalid_key":
        return f"{where}: got the key {shown(detail['input'])}, expected text; put it in quotes"
    if kind == "missing":
        return f"{where}: got nothing, expected a value; add the key"
    if kind == "union_tag_invalid":
        got, known = detail["input"]["kind"], detail["ctx"]["expected_tags"]
        return f"{where}.kind: got {shown(got)}, expected one of {known}"
    if kind in ("model_attributes_type", "union_tag_not_found"):
        example = _resolve(schema, below["oneOf"][0])["properties"]["kind"]["const"]
        expected = f"a mapping such as {{kind: {example}}}"
    elif kind in ("too_long", "string_too_long"):
        return f"{where}: {_too_long(detail)}"
    else:
        expected = _EXPECTED.get(kind) or _plain(detail["msg"])
    return f"{where}: got {shown(detail['input'])}, expected {expected}{_remedy(detail, path)}"


def _too_long(detail: Mapping[str, Any]) -> str:
    value, most = detail["input"], detail["ctx"]["max_length"]
    what = "characters" if isinstance(value, str) else "entries"
    return f"got {len(value):,} {what}, expected at most {most:,}; shorten it"


def _remedy(detail: Mapping[str, Any], path: list[str]) -> str:
    if detail["type"] == "string_type" and _is_scalar(detail["input"]):
        return "; put it in quotes"
    is_column = path[:1] == ["keep"] or (len(path) == 2 and path[0] in ("features", "labels"))
    if detail["type"] == "string_pattern_mismatch" and is_column:
        return "; choose one, and give the raw column as its `column`"
    return ""


def _plain(message: str) -> str:
    message = message.removeprefix("Input should be ")
    for pydantics, ours in _WORDING.items():
        message = message.replace(pydantics, ours)
    return message


def _is_scalar(value: object) -> bool:
    return value is not None and not isinstance(value, list | dict)


def _walk(schema: Schema, loc: Loc) -> tuple[list[str], Schema]:
    """The path that the user wrote, and the schema that it leads to.

    `loc` is a path with additions of pydantic's: the tag of every tagged union on the way, which
    stands for no key, and `[key]` after a key that is wrong itself.
    """
    path: list[str] = []
    node = _resolve(schema, schema)
    for part in loc:
        if "oneOf" in node:  # in pydantic's schemas only tagged unions are `oneOf`
            node = _resolve(schema, _option(schema, node, part))
        elif part != "[key]":
            path.append(cut(str(part)) or "''")
            node = _resolve(schema, _entry(node, part))
    return path, node


def _option(schema: Schema, union: Schema, tag: int | str) -> Schema:
    """The option of a tagged union that is meant by `tag`: a kind, or the name of a class."""
    mapping = union.get("discriminator", {}).get("mapping", {})
    if tag in mapping:
        return {"$ref": mapping[tag]}
    titled = (option for option in union["oneOf"] if _resolve(schema, option).get("title") == tag)
    return next(titled, {})


def _entry(node: Schema, part: int | str) -> Schema:
    """The schema of a key, or of the entries of a list or mapping."""
    if isinstance(part, int):
        items: Schema = node.get("items", {})
        return items
    properties: dict[str, Schema] = node.get("properties", {})
    if part in properties:
        return properties[part]
    below = node.get("additionalProperties")
    if isinstance(below, dict):
        return below
    return next(iter(node.get("patternProperties", {}).values()), {})


def _resolve(schema: Schema, node: Schema) -> Schema:
    """Follows references, and takes what may be null for what it is otherwise."""
    while True:
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        elif "anyOf" in node:
            node = next(option for option in node["anyOf"] if option.get("type") != "null")
        else:
            return node
