"""Where things lie in the folder of a trained model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from preprocess.core.output_paths import MARKER


@dataclass(frozen=True)
class ModelLayout:
    """The paths of a model below `root`, a local folder."""

    root: Path

    @property
    def marker(self) -> Path:
        """Says that the folder is ours, and may be deleted with `--overwrite`."""
        return self.root / MARKER

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
        return self.embeddings / f"{embedding}.tsv"

    def metadata(self, embedding: str) -> Path:
        """The word of each row of `vectors`, with its count."""
        return self.embeddings / f"{embedding}.metadata.tsv"

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
    def state(self) -> Path:
        """Everything that `--resume` needs."""
        return self.checkpoints / "state.npz"

    @property
    def best(self) -> Path:
        """The weights of the best epoch so far."""
        return self.checkpoints / "best.weights.h5"

    @property
    def members(self) -> list[Path]:
        """Everything that training may write, the manifest first, but not the marker."""
        files = [self.manifest, self.keras, self.history]
        return [*files, self.serving, self.embeddings, self.logs, self.checkpoints]
