"""How good a trained model's answers to the records of a split are."""

from preprocess.evaluation.evaluator import evaluate_model, measures
from preprocess.evaluation.record_predictions import Predictions, predict_records

__all__ = ["Predictions", "evaluate_model", "measures", "predict_records"]
