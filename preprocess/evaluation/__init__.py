"""How good a trained model's answers to the records of a split are."""

from preprocess.evaluation.evaluator import evaluate, measures
from preprocess.evaluation.record_predictions import Predictions, predict_records

__all__ = ["Predictions", "evaluate", "measures", "predict_records"]
