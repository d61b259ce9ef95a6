"""Where a compiled MeCab dictionary lies."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from preprocess.core.errors import UsageError

# Wheels that hold a compiled dictionary, and the modules that they install.
WHEELS = {"ipadic": "ipadic", "unidic-lite": "unidic_lite"}


def find_dictionary(name: str) -> Path:
    """The folder of a compiled dictionary.

    Args:
      name: `ipadic` or `unidic-lite` for the one that the installed wheel of this name holds, or
        the path of a folder.

    Raises:
      UsageError: the wheel is not installed, or there is no such folder.
    """
    folder = _in_wheel(name) if name in WHEELS else Path(name)
    if not folder.is_dir():
        raise UsageError(
            f"dictionary: got {name!r}, which is no folder, expected {' or '.join(WHEELS)} or a "
            "folder with a compiled MeCab dictionary; give one that `mecab-dict-index` has written"
        )
    return folder


def _in_wheel(name: str) -> Path:
    spec = find_spec(WHEELS[name])
    if spec is None or spec.origin is None:
        raise UsageError(
            f"dictionary: got {name!r}, which is not installed, expected its wheel; "
            f"run `pip install {name}`"
        )
    return Path(spec.origin).parent / "dicdir"
