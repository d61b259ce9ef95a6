"""Manifests that vouch for what a test has changed, as if it had been written so."""

from __future__ import annotations

import gzip
import hashlib
import json
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
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
    """Lists every file of a folder that is listed as it is now; those that are gone no more.

    Records are counted anew, as far as they can be, and words.
    """
    edit_manifest(folder, lambda data: _list_again(Path(folder), data))


def _list_again(folder: Path, data: dict[str, Any]) -> None:
    data["files"] = files = _listed(folder, data["files"])
    if "rows" not in data:
        return
    rows = data["rows"]
    for split in rows["written"]:
        held = [f["records"] for f in files if f["path"].startswith(f"examples/{split}/")]
        rows["written"][split] = sum(held)
    rows["read"] = sum(rows["written"].values()) + rows["rejected"]
    for name in data["vocabulary_sizes"]:
        words = (folder / f"vocabulary/{name}.tsv").read_bytes().count(b"\n")
        data["vocabulary_sizes"][name] = words + _first(data["spec"]["vocabularies"][name]["oov"])


def _first(oov: str | dict[str, int]) -> int:
    """The id of the first word."""
    return oov["hash_buckets"] + 1 if isinstance(oov, dict) else {"drop": 1, "token": 2}[oov]


def _records(path: Path) -> int:
    """Records of a file, whatever they hold.

    Raises:
      ValueError: its framing or compression is damaged.
    """
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        offset = records = 0
        while offset < len(data):
            offset += struct.unpack_from("<Q", data, offset)[0] + 16
            records += 1
    except (OSError, EOFError, zlib.error, struct.error) as error:
        raise ValueError(str(error)) from error
    return records


def _listed(folder: Path, files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_entry(folder, file) for file in files if (folder / file["path"]).is_file()]


def _entry(folder: Path, file: dict[str, Any]) -> dict[str, Any]:
    data = (folder / file["path"]).read_bytes()
    tail = {"tail": data[-8:].hex()} if file.get("tail") is not None else {}
    entry = file | {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} | tail
    if file.get("tail") is not None:
        with suppress(ValueError):  # damage, which keeps the count that it had
            entry["records"] = _records(folder / file["path"])
    return entry


def _manifest(folder: Path) -> Path:
    artifact = folder / "manifest.json"
    return artifact if artifact.exists() else folder / "model.json"


def _digest(data: dict[str, Any]) -> str:
    rest = {name: value for name, value in data.items() if name != "digest"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
