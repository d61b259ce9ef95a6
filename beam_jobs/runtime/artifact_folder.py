"""The output folder: refused, cleared or made before a build writes to it."""

from __future__ import annotations

from preprocess.artifact.layout import Layout
from preprocess.core.errors import UsageError
from preprocess.core.output_paths import foreign_folder, marker_text
from preprocess.core.storage import MAGIC, TEMPORARY, delete_tree, matching, storage_of


def prepare_output(layout: Layout, overwrite: bool) -> None:
    """Makes the folder ready, and marks it as ours.

    What an unfinished build left is deleted; a finished artifact only with `overwrite`. Files
    that no build writes stay where they are.

    Raises:
      UsageError: the folder holds something else, or an artifact that may not be replaced.
    """
    if MAGIC & set(layout.root):
        raise UsageError(
            f"{layout.root}: got a folder with one of * ? [ in its path, expected none, as they "
            "mean something in globs; choose another --output"
        )
    storage = storage_of(layout.root)
    if storage.exists(layout.marker):
        if storage.exists(layout.manifest) and not overwrite:
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
    with storage.create(layout.marker) as marker:
        marker.write(marker_text("build", "build").encode())


def _unfinished(layout: Layout) -> list[str]:
    """What `write_file` was killed over, beside the folders of the artifact."""
    files = [layout.manifest, layout.statistics]
    return [found.path for file in files for found in matching(f"{file}.*{TEMPORARY}")]


def _is_empty(folder: str) -> bool:
    storage = storage_of(folder)
    return not storage.exists(folder) and not storage.list(folder)
