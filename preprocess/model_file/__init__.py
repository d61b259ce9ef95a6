"""What a user declares about a model: `ModelFile`, and `load_model_file` to read one."""

from preprocess.model_file.model_file import Head, ModelFile, load_model_file, model_file_of
from preprocess.model_file.text_options import Embedding, Missing, Projection, TextOptions
from preprocess.model_file.training_options import ClassWeights, EarlyStopping, Training, Weights

__all__ = [
    "ClassWeights",
    "EarlyStopping",
    "Embedding",
    "Head",
    "Missing",
    "ModelFile",
    "Projection",
    "TextOptions",
    "Training",
    "Weights",
    "load_model_file",
    "model_file_of",
]
