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
    from preprocess.artifact.manifest import read_manifest
    from preprocess.artifact.word_index import WordIndex
    from preprocess.data.datasets import dataset, feature_spec
    from preprocess.data.sentences import Sentences
    from preprocess.evaluation import evaluate
    from preprocess.model_file import ModelFile, load_model_file
    from preprocess.prediction import Predictor
    from preprocess.report import write_report
    from preprocess.spec import Spec, load_spec
    from preprocess.trained_model.model_manifest import read_model_manifest
    from preprocess.trained_model.word_vectors import WordVectors, word_vectors
    from preprocess.training import train

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
    "Sentences": "preprocess.data.sentences",
    "Spec": "preprocess.spec",
    "WordIndex": "preprocess.artifact.word_index",
    "WordVectors": "preprocess.trained_model.word_vectors",
    "dataset": "preprocess.data.datasets",
    "evaluate": "preprocess.evaluation",
    "feature_spec": "preprocess.data.datasets",
    "load_model_file": "preprocess.model_file",
    "load_spec": "preprocess.spec",
    "read_manifest": "preprocess.artifact.manifest",
    "read_model_manifest": "preprocess.trained_model.model_manifest",
    "train": "preprocess.training",
    "word_vectors": "preprocess.trained_model.word_vectors",
    "write_report": "preprocess.report",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
