"""Manifests that vouch for what a test has changed, as if it had been written so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def edit_manifest(folder: str | Path, edit: Callable[[dict[str, Any]], object]) -> Path:
    """Edits the `manifest.json` or `model.json` of a folder; the digest fits again.

    Returns:
      The path of the manifest.
    """
    path = _manifest(Path(folder))
    data = json.loads(path.read_text())
    edit(data)
    data["digest"] = _digest(data)
    path.write_text(json.dumps(data))
    return path


def vouch(folder: str | Path) -> None:
    """Lists every file of a folder that is listed as it is now; those that are gone no more."""
    edit_manifest(folder, lambda data: data.update(files=_listed(Path(folder), data["files"])))


def _listed(folder: Path, files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_entry(folder, file) for file in files if (folder / file["path"]).is_file()]


def _entry(folder: Path, file: dict[str, Any]) -> dict[str, Any]:
    data = (folder / file["path"]).read_bytes()
    tail = {"tail": data[-8:].hex()} if file.get("tail") is not None else {}
    return file | {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} | tail


def _manifest(folder: Path) -> Path:
    artifact = folder / "manifest.json"
    return artifact if artifact.exists() else folder / "model.json"


def _digest(data: dict[str, Any]) -> str:
    rest = {name: value for name, value in data.items() if name != "digest"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
