"""One training: build, fit, export."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass

import keras
import tensorflow as tf

from preprocess.artifact.layout import EXAMPLES
from preprocess.core.progress_display import watched
from preprocess.export import TrainingResult
from preprocess.models.build_model import build_model
from preprocess.models.pretrained import load_vectors
from preprocess.spec import TRAIN
from preprocess.trained_model.model_layout import ModelLayout
from preprocess.trained_model.model_manifest import Outcome, artifact_fingerprint
from preprocess.training.callbacks import MONITOR, make_callbacks
from preprocess.training.class_weights import class_weights
from preprocess.training.compilation import compile_model
from preprocess.training.epoch_progress import EpochProgress
from preprocess.training.training_batches import evaluation_batches, training_batches
from preprocess.training.training_plan import TrainingPlan
from preprocess.training.training_state import TrainingProgress, restore_best, restore_state


@dataclass(frozen=True)
class TrainingJob:
    """A training that is run.

    Attributes:
      planned: what is built, from what, and how long it is trained.
    """

    planned: TrainingPlan

    @property
    def identity(self) -> str:
        """Fingerprint of everything but the number of epochs."""
        declared = self.planned.declared.model_dump(mode="json")
        del declared["training"]["epochs"]
        records = {
            file.path: file.sha256 for file in self.planned.artifact.manifest.files_in(EXAMPLES)
        }
        parts = [
            declared,
            artifact_fingerprint(self.planned.artifact.manifest),
            sorted(records.items()),
            self.planned.limit,
        ]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def run(self, progress: TrainingProgress, state: ModelLayout) -> TrainingResult:
        """Builds the model, and fits it from where `progress` stands.

        Args:
          progress: updated, in place.
          state: where logs, history and checkpoints lie.
        """
        keras.utils.set_random_seed(self.planned.declared.training.seed)
        model = build_model(self.planned.model, for_training=True)
        batches, validation = self._batches(progress.epochs)
        epochs = self.planned.declared.training.epochs
        steps = epochs * int(batches.cardinality())
        compile_model(model, self.planned.model, self.planned.declared.training, steps)
        if progress.epochs:
            restore_state(state, model)
        else:
            progress.vectors = load_vectors(
                model,
                self.planned.model,
                self.planned.artifact,
                self.planned.declared.training.seed,
            )
        if progress.epochs < epochs and not progress.stopped:
            callbacks = make_callbacks(state, self.planned.declared.training, progress)
            self._fit(model, batches, validation, callbacks, progress.epochs)
        if progress.best_epoch:
            restore_best(state, model, progress)
        return self._result(model, progress)

    def _batches(self, epoch: int) -> tuple[tf.data.Dataset, tf.data.Dataset | None]:
        artifact, plan, training = (
            self.planned.artifact,
            self.planned.model,
            self.planned.declared.training,
        )
        weights = class_weights(artifact, plan, training)
        batches = training_batches(artifact, plan, training, weights, epoch, self.planned.limit)
        if not self.planned.validates:
            return batches, None
        split = training.validation
        return batches, evaluation_batches(artifact, split, plan, weights, self.planned.limit)

    def _fit(
        self,
        model: keras.Model,
        batches: tf.data.Dataset,
        validation: tf.data.Dataset | None,
        callbacks: list[keras.callbacks.Callback],
        first_epoch: int,
    ) -> None:
        epochs = self.planned.declared.training.epochs
        with watched("train") as watch:
            model.fit(
                batches,
                validation_data=validation,
                initial_epoch=first_epoch,
                epochs=epochs,
                callbacks=[EpochProgress(watch, epochs), *callbacks],
                shuffle=False,  # the dataset does
                verbose=0,
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
            plan=self.planned.model,
            declared=self.planned.declared,
            artifact=self.planned.artifact,
            outcome=outcome,
            vectors=progress.vectors,
        )

    def _examples(self) -> dict[str, int]:
        splits = (
            [TRAIN, self.planned.declared.training.validation]
            if self.planned.validates
            else [TRAIN]
        )
        counts = {split: self.planned.written[split] for split in splits}
        return (
            counts
            if self.planned.limit is None
            else {s: min(n, self.planned.limit) for s, n in counts.items()}
        )
