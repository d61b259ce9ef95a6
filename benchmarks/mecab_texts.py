"""Japanese texts out of CSV files."""

from __future__ import annotations

import csv
from pathlib import Path

_COLUMNS = ("text", "premise", "hypothesis")


def read_texts(path: Path) -> list[str]:
    """All texts of a CSV file, row by row."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row[column] for row in rows for column in _COLUMNS if row.get(column)]
