"""What TensorFlow says of records that it cannot read, as an error that names their file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import tensorflow as tf

from preprocess.artifact.layout import EXAMPLES
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.artifact.output_file import OutputFile
from preprocess.core.errors import ArtifactError, one_line

_LONGEST = 200
# What `tf.io.parse_example` says of a record of another shape, whose checksums are right.
_UNPARSED = ("parse serialized", "Could not parse example", "ParseExample")
# The second: a message that cites bytes of a record, which are no UTF-8.
_UNREADABLE = (tf.errors.OpError, UnicodeDecodeError)


@contextmanager
def reading_splits(artifact: OpenedArtifact, splits: Iterable[str]) -> Iterator[None]:
    """Names the file where TensorFlow fails to read records of some splits inside the block.

    Its own message names none, so the files are hashed, but only once it has failed.

    Raises:
      ArtifactError: a file is not as it was written, or holds what are no such records.
    """
    names = list(splits)
    try:
        yield
    except _UNREADABLE as error:
        manifest, root = artifact.manifest, artifact.layout
        folders = [f"{EXAMPLES}/{name}" for name in names]
        _refuse_damaged(artifact, [f for folder in folders for f in manifest.files_in(folder)])
        if not _is_of_records(error):
            raise
        raise _unreadable(artifact, ", ".join(map(root.path, folders)), error) from error


@contextmanager
def reading_file(artifact: OpenedArtifact, file: OutputFile) -> Iterator[None]:
    """Names `file` where TensorFlow fails to read its records inside the block.

    Raises:
      ArtifactError: the file is not as it was written, or holds what are no such records.
    """
    try:
        yield
    except _UNREADABLE as error:
        _refuse_damaged(artifact, [file])
        raise _unreadable(artifact, artifact.layout.path(file.path), error) from error


def _refuse_damaged(artifact: OpenedArtifact, files: Iterable[OutputFile]) -> None:
    for file in files:
        if file.records:
            artifact.files.check(artifact.layout.path(file.path))


def _is_of_records(error: Exception) -> bool:
    """Whether an error is of the records, not of what a model makes of them."""
    if isinstance(error, tf.errors.DataLossError | UnicodeDecodeError):
        return True
    return any(what in str(error) for what in _UNPARSED)


def _unreadable(artifact: OpenedArtifact, where: str, error: Exception) -> ArtifactError:
    what = one_line(getattr(error, "message", "bytes that are no record"))[:_LONGEST]
    return ArtifactError(
        f"{where}: cannot be read ({what}), expected records of "
        f"the shapes in schema/; {artifact.files.kind.remedy}"
    )
