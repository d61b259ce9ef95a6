"""Exports a trained model: Keras file, SavedModel from raw columns, embeddings, manifest."""

from preprocess.export.model_export import TrainingResult, export_model

__all__ = ["TrainingResult", "export_model"]
