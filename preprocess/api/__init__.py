"""The public names: everything that a program imports of this package.

A name is imported when it is first used, so that `import preprocess` costs nothing. Faces that do
more than hand a name on get files of their own here; nothing below imports them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from preprocess.core.lazy import lazy_attributes

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

# No module of the root may bear one of these names: importing it would hide the other.
__getattr__ = lazy_attributes(
    __name__.removesuffix(".api"),
    {
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
    },
)
