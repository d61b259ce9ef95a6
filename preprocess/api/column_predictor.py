"""A model's SavedModel, as a program asks it column by column."""

from __future__ import annotations

from preprocess.api.quiet_libraries import quiet_libraries
from preprocess.api.trained_model import ModelLike, opened_model
from preprocess.prediction import SignaturePredictor


class Predictor(SignaturePredictor):
    """A model's `serving/`, loaded once, which answers columns of raw rows.

    Attributes:
      manifest: of the model.
    """

    def __init__(self, model: ModelLike) -> None:
        """Loads a model.

        Args:
          model: a `TrainedModel`, or the folder of one.

        Raises:
          ArtifactError: the model is missing, incomplete or damaged, or a package that its ops
            come from is not installed.
        """
        with quiet_libraries():
            super().__init__(opened_model(model))
