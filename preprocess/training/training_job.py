"""One training: build, fit, export."""

from __future__ import annotations

import hashlib
import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass

import keras
import tensorflow as tf

from preprocess.artifact.layout import EXAMPLES
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import SpecError, UsageError
from preprocess.export import TrainingResult
from preprocess.model_file import ModelFile
from preprocess.models.build_model import build_model
from preprocess.models.model_plan import ModelPlan
from preprocess.models.pretrained import load_vectors
from preprocess.spec import TRAIN
from preprocess.trained_model.model_layout import ModelLayout
from preprocess.trained_model.model_manifest import Outcome, artifact_fingerprint
from preprocess.training.callbacks import MONITOR, make_callbacks
from preprocess.training.class_weights import class_weights
from preprocess.training.compilation import compile_model
from preprocess.training.training_batches import evaluation_batches, training_batches
from preprocess.training.training_state import TrainingProgress, restore_best, restore_state


@dataclass(frozen=True)
class TrainingJob:
    """A training that has been checked.

    Attributes:
      artifact: that is trained on.
      declared: the model file, with the epochs to run.
      plan: what is built.
      limit: about how many examples an epoch has; None for all.
    """

    artifact: OpenedArtifact
    declared: ModelFile
    plan: ModelPlan
    limit: int | None

    def check(self, path: str) -> None:
        """Refuses a training that cannot succeed; `path` names the model file."""
        if not self._written.get(TRAIN):
            raise UsageError(
                f"{self.artifact.path}: got no example in the split train, expected some to train "
                "on; build the artifact with rows for it"
            )
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"got --limit {self.limit}, expected at least 1")
        training = self.declared.training
        if training.early_stopping is not None and not self.validates:
            raise SpecError(
                f"{path}: training.early_stopping: got an artifact without examples in the split "
                f"{training.validation!r}, expected some to watch the loss on; build it with such "
                "a split, name another in training.validation, or remove early_stopping"
            )

    @property
    def _written(self) -> dict[str, int]:
        return self.artifact.manifest.rows.written

    @property
    def validates(self) -> bool:
        """Whether there is a split to watch the loss on."""
        return bool(self._written.get(self.declared.training.validation))

    @property
    def identity(self) -> str:
        """Fingerprint of everything but the number of epochs."""
        declared = self.declared.model_dump(mode="json")
        del declared["training"]["epochs"]
        records = {file.path: file.sha256 for file in self.artifact.manifest.files_in(EXAMPLES)}
        parts = [
            declared,
            artifact_fingerprint(self.artifact.manifest),
            sorted(records.items()),
            self.limit,
        ]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def run(self, progress: TrainingProgress, state: ModelLayout) -> TrainingResult:
        """Builds the model, and fits it from where `progress` stands.

        Args:
          progress: updated, in place.
          state: where logs, history and checkpoints lie.
        """
        keras.utils.set_random_seed(self.declared.training.seed)
        model = build_model(self.plan)
        batches, validation = self._batches(progress.epochs)
        epochs = self.declared.training.epochs
        steps = epochs * int(batches.cardinality())
        compile_model(model, self.plan, self.declared.training, steps)
        if progress.epochs:
            restore_state(state, model)
        else:
            progress.vectors = load_vectors(
                model, self.plan, self.artifact, self.declared.training.seed
            )
        if progress.epochs < epochs and not progress.stopped:
            callbacks = make_callbacks(state, self.declared.training, progress)
            self._fit(model, batches, validation, callbacks, progress.epochs)
        if progress.best_epoch:
            restore_best(state, model, progress)
        return self._result(model, progress)

    def _batches(self, epoch: int) -> tuple[tf.data.Dataset, tf.data.Dataset | None]:
        artifact, plan, training = self.artifact, self.plan, self.declared.training
        weights = class_weights(artifact, plan, training)
        batches = training_batches(artifact, plan, training, weights, epoch, self.limit)
        if not self.validates:
            return batches, None
        split = training.validation
        return batches, evaluation_batches(artifact, split, plan, weights, self.limit)

    def _fit(
        self,
        model: keras.Model,
        batches: tf.data.Dataset,
        validation: tf.data.Dataset | None,
        callbacks: list[keras.callbacks.Callback],
        first_epoch: int,
    ) -> None:
        with _progress_on_stderr() as verbose:
            model.fit(
                batches,
                validation_data=validation,
                initial_epoch=first_epoch,
                epochs=self.declared.training.epochs,
                callbacks=callbacks,
                shuffle=False,  # the dataset does
                verbose=verbose,
            )

    def _result(self, model: keras.Model, progress: TrainingProgress) -> TrainingResult:
        outcome = Outcome(
            epochs=progress.epochs,
            best_epoch=progress.best_epoch or progress.epochs,
            monitor=MONITOR if progress.best_epoch else "last",
            examples=self._examples(),
            parameters=model.count_params(),
            trainable_parameters=sum(math.prod(w.shape) for w in model.trainable_weights),
        )
        return TrainingResult(
            model=model,
            plan=self.plan,
            declared=self.declared,
            artifact=self.artifact,
            outcome=outcome,
            vectors=progress.vectors,
        )

    def _examples(self) -> dict[str, int]:
        splits = [TRAIN, self.declared.training.validation] if self.validates else [TRAIN]
        counts = {split: self._written[split] for split in splits}
        return counts if self.limit is None else {s: min(n, self.limit) for s, n in counts.items()}


@contextmanager
def _progress_on_stderr() -> Iterator[int]:
    """Keras' progress, which it prints: a bar on a terminal, a line an epoch elsewhere."""
    with redirect_stdout(sys.stderr):
        yield 1 if sys.stderr.isatty() else 2
