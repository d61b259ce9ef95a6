"""The answers of a trained model to raw rows.

Names are imported when they are first used, as rows are checked before TensorFlow is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from preprocess.core.lazy import lazy_attributes

if TYPE_CHECKING:
    from preprocess.prediction.predictor import SignaturePredictor
    from preprocess.prediction.signature_encoder import SignatureEncoder
    from preprocess.prediction.text_rows import text_row
    from preprocess.prediction.windows import predict_rows

__all__ = ["SignatureEncoder", "SignaturePredictor", "predict_rows", "text_row"]

__getattr__ = lazy_attributes(
    __name__,
    {
        "SignatureEncoder": "preprocess.prediction.signature_encoder",
        "SignaturePredictor": "preprocess.prediction.predictor",
        "predict_rows": "preprocess.prediction.windows",
        "text_row": "preprocess.prediction.text_rows",
    },
)
