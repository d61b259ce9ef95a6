"""Exports a trained model: Keras file, SavedModel from raw columns, embeddings, manifest."""

from preprocess.export.model_export import Trained, export_model

__all__ = ["Trained", "export_model"]
