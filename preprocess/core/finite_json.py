"""JSON of numbers that may be infinite or NaN, for which JSON has no word (RFC 8259, section 6)."""

from __future__ import annotations

import json
import math
from typing import Any


def finite(value: Any) -> Any:
    """`value` with None for every float in it, at any depth, that is infinite or NaN."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def finite_json(value: Any, indent: int | None = None) -> str:
    """JSON with null for every float that is infinite or NaN."""
    return json.dumps(finite(value), ensure_ascii=False, indent=indent, allow_nan=False)
