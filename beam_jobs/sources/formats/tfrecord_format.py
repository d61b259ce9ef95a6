"""TFRecord files of tf.train.Example; records can only be found from the beginning."""

from __future__ import annotations

from beam_jobs.sources.formats.reader_format import ReaderFormat
from beam_jobs.sources.input_split import whole
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from beam_jobs.sources.readers import tfrecord_examples
    from preprocess.core import tfrecord_framing

TFRECORD = ReaderFormat(
    "tfrecord",
    ".tfrecord",
    is_text=False,
    reader=tfrecord_examples,
    begins=lambda head: tfrecord_framing.has_length(head),
    cut=whole,
)
