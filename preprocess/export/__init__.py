"""Exports a trained model: Keras file, SavedModel from raw columns, embeddings, manifest."""

from preprocess.export.export_model import Trained, export_model

__all__ = ["Trained", "export_model"]
