"""What a folder is refused with that cannot even be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from preprocess.core.errors import ArtifactError, Text2SeqError, reason_of
from preprocess.core.output import FolderKind


@contextmanager
def opening(path: str, kind: FolderKind) -> Iterator[None]:
    """Names `path` where the system, or the store that holds it, refuses it inside the block.

    Raises:
      ArtifactError: such as for a path with a NUL, or a scheme that no backend is installed for.
    """
    try:
        yield
    except Text2SeqError:
        raise
    except (OSError, ValueError) as error:
        raise ArtifactError(
            f"{path}: cannot be read ({reason_of(error)}), expected what `{kind.command}` made; "
            "check the path"
        ) from error
