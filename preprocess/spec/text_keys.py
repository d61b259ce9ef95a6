"""Values of a column as the keys of a mapping."""

from __future__ import annotations

from preprocess.core.problem import problem


def keys_as_text(value: object) -> object:
    """A mapping whose keys are text: YAML reads 0, 1 and true as numbers and booleans.

    Raises:
      PydanticCustomError: a `problem`, as two keys are the same text.
    """
    if not isinstance(value, dict):
        return value
    texts = {_as_text(key): target for key, target in value.items()}
    if len(texts) < len(value):
        raise problem(
            f"got {', '.join(repr(key) for key in value)}",
            "values that differ as text too",
            "remove the repeated one",
        )
    return texts


def _as_text(key: object) -> object:
    if isinstance(key, bool):
        return str(key).lower()
    return str(key) if isinstance(key, int) else key
