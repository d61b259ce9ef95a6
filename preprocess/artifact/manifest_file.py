"""Reads a manifest: a JSON file with a format version, checked against its model."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError

from preprocess.artifact.text_part import parse_object, read_text_part
from preprocess.core.declared import Declared
from preprocess.core.errors import ArtifactError

M = TypeVar("M", bound=Declared)


def read_manifest_file(path: str, model: type[M], format_version: int, command: str) -> M:
    """Reads a manifest that exists.

    Args:
      path: local path or URI.
      model: what the manifest holds.
      format_version: the one that this package writes.
      command: what makes a new one, such as "text2seq build"; for errors.

    Raises:
      ArtifactError: it cannot be read, is damaged, of a newer format, or does not fit this
        package.
    """
    again = f"run `{command}` again"
    data = parse_object(read_text_part(path, command), path, command)
    version = data.get("format_version")
    if version != format_version:
        newer = isinstance(version, int) and version > format_version
        remedy = "update text2seq" if newer else again
        raise ArtifactError(
            f"{path}: got format version {version}, expected {format_version}; {remedy}"
        )
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ArtifactError(f"{path}: {where}: {first['msg']}; {again}") from error
