"""Compares the artifacts of two versions of the package, byte by byte.

    python benchmarks/compare_artifacts.py BEFORE AFTER

Both are folders that hold artifacts of the same names, built from the same inputs: one by each
version, such as by `git worktree add ../before HEAD~1` and `PYTHONPATH=../before python -m
beam_jobs.build …`. Records are compared before compression, vocabularies, schemas, statistics and
rejected rows as they are. Exit code 1 where anything differs.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from pathlib import Path

_COMPARED = ("examples", "vocabulary", "schema", "rejected", "statistics.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    given = parser.parse_args()
    artifacts = sorted(path.parent for path in given.before.rglob("manifest.json"))
    if not artifacts:
        sys.exit(f"{given.before}: got no artifact, expected some to compare")
    names = [artifact.relative_to(given.before) for artifact in artifacts]
    different = [name for name in names if not _compare(given.before / name, given.after / name)]
    sys.exit(1 if different else 0)


def _compare(before: Path, after: Path) -> bool:
    """Prints a line for an artifact, and one for each file that differs."""
    first, second = _digests(before), _digests(after)
    different = sorted(
        name for name in first.keys() | second.keys() if first.get(name) != second.get(name)
    )
    rows = json.loads((before / "manifest.json").read_text(encoding="utf-8"))["rows"]
    verdict = f"{len(different)} files differ" if different else "all equal"
    records = sum(rows["written"].values())
    print(f"{before.name}: {records:,} records, {len(first)} files compared: {verdict}")
    for name in different:
        print(f"  {name}: {first.get(name, 'missing')[:12]}, {second.get(name, 'missing')[:12]}")
    return not different


def _digests(artifact: Path) -> dict[str, str]:
    """SHA-256 of everything that is compared, by path."""
    paths = [path for name in _COMPARED for path in _files(artifact / name)]
    return {str(p.relative_to(artifact)).removesuffix(".gz"): _sha256(p) for p in sorted(paths)}


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]


def _sha256(path: Path) -> str:
    data = path.read_bytes()
    return hashlib.sha256(gzip.decompress(data) if path.suffix == ".gz" else data).hexdigest()


if __name__ == "__main__":
    main()
