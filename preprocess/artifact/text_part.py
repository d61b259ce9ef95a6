"""Reads a text file that belongs to an artifact or a model."""

from __future__ import annotations

from preprocess.core.errors import ArtifactError
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
        raise ArtifactError(f"{path}: cannot be read ({error}); run `{command}` again") from error
