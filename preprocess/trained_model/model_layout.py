"""Where things lie in the folder of a trained model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from preprocess.core.output import FolderKind

_STATE = ("checkpoints", "logs", "history.json")

MODEL = FolderKind(
    name="model",
    command="text2seq train",
    run="training",
    manifest="model.json",
    members=("model.keras", "serving", "embeddings", *_STATE),
    state=_STATE,
)
"""What `text2seq train` leaves in a folder."""

_METADATA = ".metadata"


@dataclass(frozen=True)
class ModelLayout:
    """The paths of a model below `root`, a local folder."""

    root: Path

    @property
    def manifest(self) -> Path:
        return self.root / "model.json"

    @property
    def keras(self) -> Path:
        """The Keras model with its best weights, for `keras.models.load_model`."""
        return self.root / "model.keras"

    @property
    def history(self) -> Path:
        """Losses and metrics by epoch: lists, as in Keras' `History.history`."""
        return self.root / "history.json"

    @property
    def serving(self) -> Path:
        """The SavedModel from raw columns to predictions."""
        return self.root / "serving"

    @property
    def embeddings(self) -> Path:
        return self.root / "embeddings"

    def vectors(self, embedding: str) -> Path:
        """One row for each id: numbers, separated by tabs."""
        return self.embeddings / f"{_stem(embedding)}.tsv"

    def metadata(self, embedding: str) -> Path:
        """The word of each row of `vectors`, with its count."""
        return self.embeddings / f"{_stem(embedding)}{_METADATA}.tsv"

    @property
    def projector(self) -> Path:
        """What TensorBoard's Embedding Projector reads."""
        return self.embeddings / "projector_config.pbtxt"

    @property
    def logs(self) -> Path:
        """Logs for TensorBoard."""
        return self.root / "logs"

    @property
    def checkpoints(self) -> Path:
        return self.root / "checkpoints"

    @property
    def state(self) -> str:
        """Everything that `--resume` needs, but the best weights."""
        return str(self.checkpoints / "state.npz")

    def best(self, epoch: int) -> str:
        """The weights of an epoch that was the best so far."""
        return str(self.checkpoints / f"best-{epoch:05d}.npz")

    @property
    def exported(self) -> list[str]:
        """What an export writes: files, and folders with all they hold."""
        return [str(path) for path in (self.keras, self.serving, self.embeddings)]


def _stem(embedding: str) -> str:
    """What names the files of an embedding: its name, but that of no other's metadata.

    No name holds a percent sign, so that no two become one.
    """
    if not embedding.endswith(_METADATA):
        return embedding
    return f"{embedding.removesuffix(_METADATA)}%2E{_METADATA[1:]}"
