"""Reads a text file, or one of JSON, that belongs to an artifact or a model."""

from __future__ import annotations

import json
from typing import Any

from preprocess.core.errors import ArtifactError, one_line, reason_of
from preprocess.core.storage import read_text


def read_text_part(path: str, command: str) -> str:
    """The text of a file that must be there and be UTF-8.

    Args:
      path: local path or URI.
      command: what makes a new one, such as "text2seq build"; for errors.

    Raises:
      ArtifactError: it cannot be read.
    """
    try:
        return read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ArtifactError(
            f"{path}: cannot be read ({reason_of(error)}); run `{command}` again"
        ) from error


def parse_object(text: str, path: str, command: str) -> dict[str, Any]:
    """The JSON object that `text` holds, which is a file or a line of one.

    Args:
      text: JSON.
      path: of the file; for errors.
      command: what makes a new file; for errors.

    Raises:
      ArtifactError: it is no JSON, or no object.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArtifactError(
            f"{path}: is damaged ({one_line(error)}); run `{command}` again"
        ) from error
    if not isinstance(data, dict):
        raise ArtifactError(f"{path}: is damaged (no object); run `{command}` again")
    return data
