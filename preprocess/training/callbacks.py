"""Keras' callbacks, and the one that makes a training resumable."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import keras

from preprocess.core.errors import TrainingError
from preprocess.core.finite_json import finite_json
from preprocess.core.storage import write_file
from preprocess.model_file import Training
from preprocess.trained_model.model_layout import ModelLayout
from preprocess.training.training_state import TrainingProgress, save_best, save_state

MONITOR = "val_loss"


def make_callbacks(
    layout: ModelLayout, training: Training, progress: TrainingProgress
) -> list[keras.callbacks.Callback]:
    """The callbacks of a training that stands at `progress`.

    Args:
      layout: where logs and checkpoints go.
      training: options, of which those of early stopping are read.
      progress: updated with the training, in place.
    """
    callbacks: list[keras.callbacks.Callback] = [
        keras.callbacks.TensorBoard(str(layout.logs), write_graph=False)
    ]
    stopping = None
    if training.early_stopping is not None:
        stopping = keras.callbacks.EarlyStopping(
            MONITOR,
            mode="min",
            patience=training.early_stopping.patience,
            min_delta=training.early_stopping.min_delta,
        )
        callbacks.append(stopping)
    return [*callbacks, Checkpoint(layout, progress, stopping)]


class Checkpoint(keras.callbacks.Callback):
    """Saves state and history after every epoch; comes after all other callbacks.

    A training that is killed within an epoch starts that epoch again.
    """

    def __init__(
        self,
        layout: ModelLayout,
        progress: TrainingProgress,
        stopping: keras.callbacks.EarlyStopping | None,
    ) -> None:
        super().__init__()
        self._layout = layout
        self._progress = progress
        self._stopping = stopping

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Puts early stopping where the interrupted training left it."""
        if self._stopping is not None and self._progress.stopping_best is not None:
            self._stopping.best = self._progress.stopping_best
            self._stopping.wait = self._progress.wait

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Saves, and fails when the loss is not finite."""
        logs = {name: float(value) for name, value in (logs or {}).items()}
        if not math.isfinite(logs["loss"]):
            raise TrainingError(
                f"epoch {epoch + 1}: got a loss of {logs['loss']}, expected a number; lower "
                "training.learning_rate or set training.clip_norm"
            )
        for name, value in logs.items():
            self._progress.history.setdefault(name, []).append(value)
        self._progress.epochs = epoch + 1
        self._note_best(logs.get(MONITOR))
        self._note_stopping()
        history = history_json(self._progress.history).encode()
        write_file(str(self._layout.history), [history])
        save_state(self._layout, self.model, self._progress)

    def _note_best(self, monitored: float | None) -> None:
        progress = self._progress
        if monitored is None or not math.isfinite(monitored):
            return
        if progress.best is None or monitored < progress.best:
            progress.best, progress.best_epoch = monitored, progress.epochs
            save_best(self._layout, self.model, progress)

    def _note_stopping(self) -> None:
        progress = self._progress
        if self._stopping is not None:
            progress.stopping_best = float(self._stopping.best)
            progress.wait = self._stopping.wait
            progress.stopped = bool(self.model.stop_training)


def history_json(history: Mapping[str, Sequence[float | None]]) -> str:
    """`history.json`: lists by name of the loss or metric, as in Keras' `History.history`.

    Null stands for what is infinite or NaN.
    """
    return finite_json(history, indent=2) + "\n"
