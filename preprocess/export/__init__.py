"""Exports a trained model: Keras file, SavedModel from raw columns, embeddings, manifest."""

from preprocess.export.model_export import TrainingResult, export_model
from preprocess.export.own_export import export_own_model

__all__ = ["TrainingResult", "export_model", "export_own_model"]
