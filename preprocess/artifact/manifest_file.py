"""Writes and reads a manifest: a JSON object with a format version, and a digest of itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from preprocess.artifact.text_part import parse_object, read_text_part
from preprocess.core.declared import Declared
from preprocess.core.errors import ArtifactError, one_line
from preprocess.core.output import FolderKind
from preprocess.spec.explain import shown

M = TypeVar("M", bound=Declared)

_DIGEST = "digest"
_EXPECTED = "Input should be "


def dump_manifest(data: Mapping[str, Any]) -> str:
    """The text of a manifest, which vouches for itself.

    Args:
      data: what it holds, fit for JSON; a digest in it is replaced.
    """
    vouched = {**data, _DIGEST: _digest(data)}
    return json.dumps(vouched, ensure_ascii=False, indent=2) + "\n"


def read_manifest_file(path: str, model: type[M], format_version: int, kind: FolderKind) -> M:
    """Reads a manifest that exists.

    Args:
      path: local path or URI.
      model: what the manifest holds.
      format_version: the one that this package writes.
      kind: of the files that it lists.

    Raises:
      ArtifactError: it cannot be read, is damaged, of a newer format, or does not fit this
        package.
    """
    again = f"run `{kind.command}` again"
    data = parse_object(read_text_part(path, kind.command), path, kind.command)
    version = data.get("format_version")
    if version != format_version:
        newer = isinstance(version, int) and version > format_version
        remedy = "update text2seq" if newer else again
        raise ArtifactError(
            f"{path}: got format version {version!r:.40}, expected {format_version}; {remedy}"
        )
    if not _vouches(data):
        raise ArtifactError(
            f"{path}: got content that does not fit its digest, expected it as it was written; "
            f"{kind.remedy}"
        )
    try:
        return model.model_validate({k: v for k, v in data.items() if k != _DIGEST})
    except ValidationError as error:
        raise ArtifactError(f"{path}: {_first_mistake(error)}; {again}") from error


def _first_mistake(error: ValidationError) -> str:
    first = error.errors()[0]
    at = first.get("ctx", {}).get("at")  # of a `problem`
    where = ".".join(map(str, [*first["loc"], *([at] if at else [])]))
    what = first["msg"]
    if what.startswith(_EXPECTED):
        what = f"got {shown(first['input'])}, expected {what.removeprefix(_EXPECTED)}"
    return one_line(f"{where}: {what}")


def _vouches(data: Mapping[str, Any]) -> bool:
    try:
        return bool(data.get(_DIGEST) == _digest(data))
    except RecursionError:  # nested deeper than any manifest
        return False


def _digest(data: Mapping[str, Any]) -> str:
    """SHA-256, in hex, of everything but the digest, however it is laid out."""
    rest = {name: value for name, value in data.items() if name != _DIGEST}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
