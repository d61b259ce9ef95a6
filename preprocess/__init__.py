"""Text to sequences: the same vocabulary, ids and padding in training and serving.

Names are imported when they are first used, so that `import preprocess` costs nothing.

Example:
  >>> import preprocess
  >>> batches = preprocess.dataset("artifact", "train", batch_size=64)
  >>> model.fit(batches, epochs=3)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from preprocess.datasets import dataset, feature_spec
    from preprocess.embedding_vectors import WordVectors, word_vectors
    from preprocess.evaluation import evaluate
    from preprocess.manifest import read_manifest
    from preprocess.model_file import ModelFile, load_model_file
    from preprocess.model_manifest import read_model_manifest
    from preprocess.prediction import Predictor
    from preprocess.report import write_report
    from preprocess.spec import Spec, load_spec
    from preprocess.token_sentences import Sentences
    from preprocess.training import train
    from preprocess.words import WordIndex

__all__ = [
    "ModelFile",
    "Predictor",
    "Sentences",
    "Spec",
    "WordIndex",
    "WordVectors",
    "dataset",
    "evaluate",
    "feature_spec",
    "load_model_file",
    "load_spec",
    "read_manifest",
    "read_model_manifest",
    "train",
    "word_vectors",
    "write_report",
]

# No module may bear the name of a function: importing it would hide the function.
_HOMES = {
    "ModelFile": "preprocess.model_file",
    "Predictor": "preprocess.prediction",
    "Sentences": "preprocess.token_sentences",
    "Spec": "preprocess.spec",
    "WordIndex": "preprocess.words",
    "WordVectors": "preprocess.embedding_vectors",
    "dataset": "preprocess.datasets",
    "evaluate": "preprocess.evaluation",
    "feature_spec": "preprocess.datasets",
    "load_model_file": "preprocess.model_file",
    "load_spec": "preprocess.spec",
    "read_manifest": "preprocess.manifest",
    "read_model_manifest": "preprocess.model_manifest",
    "train": "preprocess.training",
    "word_vectors": "preprocess.embedding_vectors",
    "write_report": "preprocess.report",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
