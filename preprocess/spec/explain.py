"""Turns pydantic's validation errors into lines that a user can act on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from preprocess.spec.checks import did_you_mean

Loc = tuple[int | str, ...]

_EXPECTED = {
    "int_type": "an integer",
    "int_from_float": "an integer",
    "float_type": "a number",
    "string_type": "text",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "too_short": "at least one entry",
    "string_too_short": "some text",
    "string_pattern_mismatch": "letters, digits, '_', '-' and '.', the first a letter or digit",
}


def explain(error: ValidationError, model: type[BaseModel], data: object) -> Iterator[str]:
    """One line for each mistake: path, got, expected, remedy.

    Args:
      error: what pydantic found in `data`.
      model: the model that `data` was validated against.
      data: what the user wrote.
    """
    for detail in error.errors(include_url=False):
        yield _line(detail, model, data)


def shown(value: object) -> str:
    """`value` as the user may have written it, cut to a readable length."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _line(detail: Mapping[str, Any], model: type[BaseModel], data: object) -> str:
    where, kind = _path(detail["loc"], data), detail["type"]
    if kind == "problem":
        context = detail["ctx"]
        where = ".".join(part for part in (where, context["at"]) if part)
        return f"{where}: {context['got']}, expected {context['expected']}; {context['remedy']}"
    if kind == "extra_forbidden":
        known = list(_schema_at(model, detail["loc"][:-1]).get("properties", {}))
        return f"{where}: got an unknown key; {did_you_mean(str(detail['loc'][-1]), known)}"
    if kind == "missing":
        return f"{where}: got nothing, expected a value; add the key"
    if kind == "union_tag_not_found":
        return f"{where}: got {shown(detail['input'])}, expected the key 'kind'; add it"
    if kind == "union_tag_invalid":
        context = detail["ctx"]
        return f"{where}.kind: got '{context['tag']}', expected one of {context['expected_tags']}"
    expected = _EXPECTED.get(kind) or _plain(detail["msg"])
    return f"{where}: got {shown(detail['input'])}, expected {expected}"


def _plain(message: str) -> str:
    message = message.removeprefix("Input should be ")
    return message.replace("greater than or equal to", "at least").replace(
        "less than or equal to", "at most"
    )


def _path(loc: Loc, data: object) -> str:
    """`loc` as a path in what the user wrote, without the tags that pydantic adds for unions."""
    parts: list[str] = []
    for index, part in enumerate(loc):
        is_last = index == len(loc) - 1
        if _holds(data, part):
            data = data[part]  # type: ignore[index]
        elif not is_last or not isinstance(data, dict) or part == "[key]":
            continue
        parts.append(str(part))
    return ".".join(parts)


def _holds(data: object, part: int | str) -> bool:
    return part in data if isinstance(data, dict) else isinstance(data, list)


def _schema_at(model: type[BaseModel], loc: Loc) -> dict[str, Any]:
    root = model.model_json_schema()
    node = root
    for part in loc:
        node = _step(root, node, part) or node
    return _resolve(root, node)


def _step(root: dict[str, Any], node: dict[str, Any], part: int | str) -> dict[str, Any] | None:
    """The schema below `node` that `part` of an error's location leads to."""
    node = _resolve(root, node)
    mapping = node.get("discriminator", {}).get("mapping", {})
    if part in mapping:
        return {"$ref": mapping[part]}
    if part in node.get("properties", {}):
        return node["properties"][part]
    below = _entries(node, part)
    if below is not None:
        return below
    options = [_resolve(root, option) for option in node.get("anyOf", node.get("oneOf", []))]
    found = [option if option.get("title") == part else None for option in options]
    found += [_step(root, option, part) for option in options]
    return next((schema for schema in found if schema is not None), None)


def _entries(node: dict[str, Any], part: int | str) -> dict[str, Any] | None:
    """The schema of the entries of a list or mapping."""
    if isinstance(part, int):
        return node.get("items")
    below = node.get("additionalProperties")
    return (
        below
        if isinstance(below, dict)
        else next(iter(node.get("patternProperties", {}).values()), None)
    )


def _resolve(root: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = root["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return node
