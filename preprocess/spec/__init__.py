"""What a user declares: `Spec`, and `load_spec` to read one from YAML or JSON."""

from preprocess.spec.features import NumericFeature, TextFeature
from preprocess.spec.formats import DIALECTS, Dialect, FileRows
from preprocess.spec.labels import BinaryLabel, CategoryLabel, MultilabelLabel, NumberLabel
from preprocess.spec.load import load_spec, parse_spec, spec_of
from preprocess.spec.output import Buckets, Output, Rejects
from preprocess.spec.spec import Spec
from preprocess.spec.splits import TRAIN, ColumnSplit, HashSplit
from preprocess.spec.vocabulary import HashBuckets, Vocabulary

__all__ = [
    "DIALECTS",
    "TRAIN",
    "BinaryLabel",
    "Buckets",
    "CategoryLabel",
    "ColumnSplit",
    "Dialect",
    "FileRows",
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
    "spec_of",
]
