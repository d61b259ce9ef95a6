"""A copy of the product's packages to add something to, and a process that runs in it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from processes import run_python
from source_tree import PACKAGES, ROOT


def copied_tree(tmp_path: Path) -> Path:
    """Copies the packages below `tmp_path`; the folder that has them."""
    tree = tmp_path / "tree"
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tree


def add_line(path: Path, after: str, line: str) -> None:
    """Adds `line` to a file, behind the only line that begins with `after`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    [place] = [number for number, text in enumerate(lines, 1) if text.startswith(after)]
    lines.insert(place, line)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def run_in_tree(tree: Path, code: str) -> str:
    """Standard output of Python code that imports the copied packages, and `tests/support`."""
    paths = os.pathsep.join([str(tree), str(ROOT / "tests/support")])
    return run_python("-c", code, cwd=tree, env={**os.environ, "PYTHONPATH": paths}).stdout
