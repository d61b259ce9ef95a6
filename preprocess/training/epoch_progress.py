"""Shows how far a training is, within epochs too."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import keras

from preprocess.core.progress import ProcessCounts


class EpochProgress(keras.callbacks.Callback):
    """Counts batches; after each epoch prints its losses and metrics on standard error."""

    def __init__(self, watch: ProcessCounts, epochs: int) -> None:
        """Prepares to show a training.

        Args:
          watch: is counted in.
          epochs: of the whole training.
        """
        super().__init__()
        self._watch, self._epochs = watch, epochs

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Counts from nothing."""
        self._watch.begin(self._named(epoch), {"trained on": self.params["steps"]})

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Counts a batch."""
        self._watch.add("trained on", 1, 0)

    def on_test_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Counts a batch of the validation."""
        self._watch.add("validated", 1, 0)

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Prints a line, such as `epoch 2 of 3: loss 0.3121, accuracy 0.8744`."""
        values = ", ".join(f"{name} {value:.4g}" for name, value in (logs or {}).items())
        print(f"{self._named(epoch)}: {values}", file=sys.stderr, flush=True)

    def _named(self, epoch: int) -> str:
        return f"epoch {epoch + 1} of {self._epochs}"
