"""The public names: everything that a program imports of this package.

A name is imported when it is first used, so that `import preprocess` costs nothing. Faces that do
more than hand a name on get files of their own here; nothing below imports them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from preprocess.core.lazy import lazy_attributes

if TYPE_CHECKING:
    from preprocess.api.artifact import Artifact, read_manifest
    from preprocess.api.building import build
    from preprocess.api.column_predictor import Predictor
    from preprocess.api.exporting import export_model
    from preprocess.api.modelling import evaluate, train
    from preprocess.api.records import Sentences, dataset, feature_spec
    from preprocess.api.reporting import write_report
    from preprocess.api.trained_model import TrainedModel, read_model_manifest, word_vectors
    from preprocess.artifact.word_index import WordIndex
    from preprocess.core.errors import (
        ArtifactError,
        BooksError,
        InputError,
        RejectsError,
        SpecError,
        SystemFailure,
        Text2SeqError,
        TrainingError,
        UsageError,
        VerificationError,
    )
    from preprocess.model_file import ModelFile, load_model_file
    from preprocess.spec import Spec, load_spec
    from preprocess.trained_model.word_vectors import WordVectors

__all__ = [
    "Artifact",
    "ArtifactError",
    "BooksError",
    "InputError",
    "ModelFile",
    "Predictor",
    "RejectsError",
    "Sentences",
    "Spec",
    "SpecError",
    "SystemFailure",
    "Text2SeqError",
    "TrainedModel",
    "TrainingError",
    "UsageError",
    "VerificationError",
    "WordIndex",
    "WordVectors",
    "build",
    "dataset",
    "evaluate",
    "export_model",
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
        "Artifact": "preprocess.api.artifact",
        "ArtifactError": "preprocess.core.errors",
        "BooksError": "preprocess.core.errors",
        "InputError": "preprocess.core.errors",
        "ModelFile": "preprocess.model_file",
        "Predictor": "preprocess.api.column_predictor",
        "RejectsError": "preprocess.core.errors",
        "Sentences": "preprocess.api.records",
        "Spec": "preprocess.spec",
        "SpecError": "preprocess.core.errors",
        "SystemFailure": "preprocess.core.errors",
        "Text2SeqError": "preprocess.core.errors",
        "TrainedModel": "preprocess.api.trained_model",
        "TrainingError": "preprocess.core.errors",
        "UsageError": "preprocess.core.errors",
        "VerificationError": "preprocess.core.errors",
        "WordIndex": "preprocess.artifact.word_index",
        "WordVectors": "preprocess.trained_model.word_vectors",
        "build": "preprocess.api.building",
        "dataset": "preprocess.api.records",
        "evaluate": "preprocess.api.modelling",
        "export_model": "preprocess.api.exporting",
        "feature_spec": "preprocess.api.records",
        "load_model_file": "preprocess.model_file",
        "load_spec": "preprocess.spec",
        "read_manifest": "preprocess.api.artifact",
        "read_model_manifest": "preprocess.api.trained_model",
        "train": "preprocess.api.modelling",
        "word_vectors": "preprocess.api.trained_model",
        "write_report": "preprocess.api.reporting",
    },
)
