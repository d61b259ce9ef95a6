"""The files of subword tokenizers: copied into the artifact, or trained on the train split."""

from beam_jobs.subwords.given_files import copy_given, in_artifact, in_manifest, read_given
from beam_jobs.subwords.train_subwords import TrainSubwords, is_sampled, is_trained
from beam_jobs.subwords.undercut import log_undercut

__all__ = [
    "TrainSubwords",
    "copy_given",
    "in_artifact",
    "in_manifest",
    "is_sampled",
    "is_trained",
    "log_undercut",
    "read_given",
]
