"""A trained model that has been opened: its manifest is read and checked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from preprocess.artifact.listed_files import ListedFiles
from preprocess.artifact.manifest_file import read_manifest_file
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.artifact.opening import opening
from preprocess.artifact.text_part import parse_object
from preprocess.core.errors import ArtifactError, UsageError, one_line
from preprocess.core.lazy import lazy_imports
from preprocess.core.output import settle
from preprocess.core.storage import as_local
from preprocess.spec import Spec
from preprocess.trained_model.model_layout import MODEL, ModelLayout
from preprocess.trained_model.model_manifest import (
    FORMAT_VERSION,
    ModelManifest,
    artifact_fingerprint,
)

with lazy_imports():
    import keras
    from keras.src.saving import serialization_lib

    from preprocess.graph import saved_model

_COMMAND = MODEL.command
_UNSAFE = "safe_mode=False"  # what Keras advises where a file holds code
_LONGEST = 200


@dataclass(frozen=True)
class OpenedModel:
    """A trained model; what is read of it beside the manifest is read when it is asked for.

    Attributes:
      layout: where its files lie.
      manifest: what it declares.
    """

    layout: ModelLayout
    manifest: ModelManifest

    @classmethod
    def open(cls, path: str) -> OpenedModel:
        """Opens a model.

        Args:
          path: folder that `text2seq train` made.

        Raises:
          ArtifactError: it has no manifest, one of another format, or one that does not fit this
            package.
        """
        layout = ModelLayout(Path(as_local(path) or path))
        with opening(path, MODEL):
            settle(str(layout.root), MODEL)
            is_there = layout.manifest.is_file()
        if not is_there:
            raise ArtifactError(
                f"{path}: has no model.json, so it is no trained model; run `{_COMMAND}` to its end"
            )
        manifest = read_manifest_file(str(layout.manifest), ModelManifest, FORMAT_VERSION, MODEL)
        return cls(layout, manifest)

    @property
    def path(self) -> str:
        """The folder."""
        return str(self.layout.root)

    @cached_property
    def files(self) -> ListedFiles:
        """What its manifest lists, as it was written."""
        return ListedFiles(self.path, self.manifest.files, MODEL)

    @property
    def spec(self) -> Spec:
        """What the build of its artifact declared."""
        return self.manifest.spec

    def classes(self, label: str) -> Sequence[str]:
        """The name of each value that a label takes in a record, by value; none for a number.

        Raises:
          UsageError: the model predicts no such label.
        """
        if label not in self.manifest.labels:
            known = ", ".join(self.manifest.labels)
            raise UsageError(f"{self.path}: got the label {label!r}, expected one of {known}")
        return self.manifest.class_names(label)

    def network(self) -> keras.Model:
        """Loads the Keras model, with the weights that were kept.

        Raises:
          ArtifactError: it is missing or damaged.
        """
        return load_network(self.files.check(str(self.layout.keras)))

    def serving(self) -> Any:
        """Loads the SavedModel; what is returned owns its variables.

        Raises:
          ArtifactError: `serving/` is missing or damaged, or a package that its ops come from is
            not installed.
        """
        path = self.files.check(str(self.layout.serving))
        return saved_model.load_saved_model(path, self.manifest.op_libraries, _COMMAND)

    def history(self) -> dict[str, Any]:
        """Losses and metrics by epoch: lists by name, as in Keras' `History.history`.

        None stands for what was infinite or NaN. Of a Keras model of the user's own nothing is
        known.

        Raises:
          ArtifactError: `history.json` is missing or damaged.
        """
        if self.manifest.outcome is None:
            return {}
        path = str(self.layout.history)
        return parse_object(self.files.read_text(path), path, _COMMAND)

    def check_same(self, artifact: OpenedArtifact) -> None:
        """Refuses an artifact whose records mean something else than those of the training.

        Raises:
          ArtifactError: features, labels, vocabularies or classes differ.
        """
        if self.manifest.artifact == artifact_fingerprint(artifact.manifest):
            return
        parts = ("features", "labels", "vocabularies")
        differing = [p for p in parts if getattr(self.spec, p) != getattr(artifact.spec, p)]
        what = " and ".join(differing) or "the words or classes"
        raise ArtifactError(
            f"{artifact.path}: got an artifact that does not match the model {self.path}: {what} "
            "differ, expected the one it was trained on, or one with the same features, labels and "
            "vocabularies; give that one, or train again"
        )


def load_network(path: str) -> keras.Model:
    """Loads a Keras file that holds no code.

    Raises:
      ArtifactError: it is damaged, or has a layer that would run code of its own.
    """
    try:
        # The scope, as a program may have allowed such layers for all that it loads itself.
        with serialization_lib.SafeModeScope(safe_mode=True):
            return keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # a damaged file can raise anything: zip, HDF5, JSON, any layer
        what = "holds code" if _UNSAFE in str(error) else one_line(error)[:_LONGEST]
        raise ArtifactError(
            f"{path}: got a file that Keras cannot load ({what}), expected a trained model; "
            f"run `{_COMMAND}` again"
        ) from error
