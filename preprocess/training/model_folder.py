"""The folder of a model: refused, cleared or made before a training writes to it."""

from __future__ import annotations

from preprocess.core.errors import UsageError, reason_of
from preprocess.core.output_paths import foreign_folder, marker_text
from preprocess.core.storage import delete_tree
from preprocess.trained_model.model_layout import ModelLayout


def prepare_folder(layout: ModelLayout, *, resume: bool, overwrite: bool) -> None:
    """Makes the folder ready, and marks it as ours.

    Without `resume` what a training has left is deleted, a finished model only with `overwrite`;
    with it the checkpoints stay. Files that no training writes stay where they are.

    Raises:
      UsageError: the folder holds something else, or a model that may not be replaced.
    """
    root = layout.root
    if layout.marker.is_file():
        if layout.manifest.exists() and not (overwrite or resume):
            raise UsageError(
                f"{root}: got a folder with a finished model, expected a new one; choose another "
                "--output, or add --overwrite to replace it or --resume to train it further"
            )
        kept = {layout.checkpoints, layout.logs, layout.history} if resume else set()
        # The manifest first: no half-deleted model.
        for path in layout.members:
            if path not in kept:
                delete_tree(str(path))
    elif root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise foreign_folder(root)
    _mark(layout)


def _mark(layout: ModelLayout) -> None:
    try:
        layout.root.mkdir(parents=True, exist_ok=True)
        layout.marker.write_text(marker_text("train", "training"), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{layout.root}: cannot be written ({reason_of(error)}), expected a folder for the "
            "model; choose another --output"
        ) from error
