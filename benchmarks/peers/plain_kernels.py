"""The bare kernels with the ops that one would first write down: lower, regex_replace, split."""

from __future__ import annotations

import re

import tensorflow as tf

from peers import kernels
from peers.job import Job
from preprocess.tokenizers import Keras

_SEPARATORS = f"[{re.escape(Keras().filters)} ]+"


@tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
def _tokenize(texts: tf.Tensor) -> tf.RaggedTensor:
    texts = tf.strings.lower(texts, encoding="utf-8")
    return tf.strings.split(tf.strings.strip(tf.strings.regex_replace(texts, _SEPARATORS, " ")))


def run(job: Job) -> None:
    """As `kernels`, but for the tokenizer."""
    kernels.run(job, _tokenize)
