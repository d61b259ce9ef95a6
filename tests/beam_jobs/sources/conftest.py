"""Files in every format, and one call that reads them."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from source_files import Read, Rows, encoded, read_files


@pytest.fixture
def read() -> Callable[..., Read]:
    return read_files


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows, or raw bytes, to a new file; its suffix chooses the format."""

    def _write(name: str, content: Rows | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else encoded(name, content)
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return _write
