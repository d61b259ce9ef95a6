"""What a user declares: `Spec`, and `load_spec` to read one from YAML or JSON."""

from preprocess.spec.features import (
    BinaryLabel,
    CategoryLabel,
    MultilabelLabel,
    NumberLabel,
    NumericFeature,
    TextFeature,
)
from preprocess.spec.load import load_spec, parse_spec
from preprocess.spec.spec import TRAIN, Spec
from preprocess.spec.splits import Buckets, ColumnSplit, HashSplit, Output, Rejects
from preprocess.spec.vocabulary import HashBuckets, Vocabulary

__all__ = [
    "TRAIN",
    "BinaryLabel",
    "Buckets",
    "CategoryLabel",
    "ColumnSplit",
    "HashBuckets",
    "HashSplit",
    "MultilabelLabel",
    "NumberLabel",
    "NumericFeature",
    "Output",
    "Rejects",
    "Spec",
    "TextFeature",
    "Vocabulary",
    "load_spec",
    "parse_spec",
]
