"""The output folder: refused, cleared or made before a build writes to it."""

from __future__ import annotations

import os

from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from beam_jobs.runtime.beam_files import TEMPORARY, delete_tree, make_parent
from preprocess.artifact.layout import Layout
from preprocess.core.errors import UsageError
from preprocess.core.output_paths import foreign_folder, marker_text

_PATTERN = frozenset("*?[")


def prepare_output(layout: Layout, overwrite: bool) -> None:
    """Makes the folder ready, and marks it as ours.

    What an unfinished build left is deleted; a finished artifact only with `overwrite`. Files
    that no build writes stay where they are.

    Raises:
      UsageError: the folder holds something else, or an artifact that may not be replaced.
    """
    if _PATTERN & set(layout.root):
        raise UsageError(
            f"{layout.root}: got a folder with one of * ? [ in its path, expected none, as they "
            "mean something in globs; choose another --output"
        )
    if FileSystems.exists(layout.marker):
        if FileSystems.exists(layout.manifest) and not overwrite:
            raise UsageError(
                f"{layout.root}: got a folder with a finished artifact, expected a new one; "
                "choose another --output or add --overwrite"
            )
        # The manifest first: no half-deleted artifact.
        for path in [*layout.members, *_unfinished(layout)]:
            delete_tree(path)
    elif not _is_empty(layout.root):
        raise foreign_folder(layout.root)
    # Not by `write_file`: killed over it, it would leave a folder that is not marked.
    make_parent(layout.marker)
    with FileSystems.create(
        layout.marker, compression_type=CompressionTypes.UNCOMPRESSED
    ) as marker:
        marker.write(marker_text("build", "build").encode())


def _unfinished(layout: Layout) -> list[str]:
    """What `write_file` was killed over, beside the folders of the artifact."""
    files = [layout.manifest, layout.statistics]
    found = FileSystems.match([f"{file}.*{TEMPORARY}" for file in files])
    return [metadata.path for match in found for metadata in match.metadata_list]


def _is_empty(folder: str) -> bool:
    if not FileSystems.exists(folder):
        return True
    if os.path.isfile(folder):
        return False
    [found] = FileSystems.match([f"{folder}/**"], limits=[1])  # `**`: there may be folders only
    return not found.metadata_list
