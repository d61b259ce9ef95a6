"""The answers of a trained model to raw rows."""

from preprocess.prediction.predictor import SignaturePredictor
from preprocess.prediction.windows import predict_rows, text_row

__all__ = ["SignaturePredictor", "predict_rows", "text_row"]
