"""The answers of a trained model to raw rows."""

from preprocess.prediction.predictor import Predictor
from preprocess.prediction.windows import predict_rows, text_row

__all__ = ["Predictor", "predict_rows", "text_row"]
