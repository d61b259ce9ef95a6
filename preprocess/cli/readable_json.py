"""JSON laid out for people."""

from __future__ import annotations

import json

_INDENT = "  "


def readable_json(value: object, indent: str = "") -> str:
    """JSON over several lines, but each list of numbers on one.

    Args:
      value: what `json.dumps` takes; keys are strings.
      indent: of the line on which it begins.
    """
    deeper = indent + _INDENT
    if isinstance(value, dict):
        items = [f"{_plain(key)}: {readable_json(item, deeper)}" for key, item in value.items()]
        return _block("{", items, "}", indent)
    if isinstance(value, list) and any(isinstance(item, str | dict | list) for item in value):
        return _block("[", [readable_json(item, deeper) for item in value], "]", indent)
    return _plain(value)


def _block(begin: str, items: list[str], end: str, indent: str) -> str:
    """Items on a line each; the brackets alone where there are none."""
    if not items:
        return begin + end
    lines = ",".join(f"\n{indent}{_INDENT}{item}" for item in items)
    return f"{begin}{lines}\n{indent}{end}"


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
