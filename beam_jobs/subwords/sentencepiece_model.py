"""SentencePiece models out of a sample of the texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
import tensorflow as tf
from apache_beam.pvalue import AsSingleton
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue
from numpy.typing import NDArray

from beam_jobs.runtime.packing import pack, unpack_table
from beam_jobs.subwords.text_sample import BINS, TextSample, bins_for, counts_by_bin, marked
from preprocess.tokenizers import Sentencepiece
from preprocess.tokenizers.normalize import normalize
from preprocess.tokenizers.sentencepiece_training import SentencepieceTraining, train_sentencepiece

Texts = tuple[beam.PCollection[Any], beam.PCollection[Any]]


class SampleTexts(beam.PTransform[Texts, beam.PCollection[Any]]):
    """Arrow arrays of texts, read twice, to packed tables that hold the sample.

    The texts are counted first, so that little more than the sample is handed on.
    """

    def __init__(self, tokenizer: Sentencepiece) -> None:
        super().__init__()
        self._options = _options(tokenizer)

    def expand(self, texts: Texts) -> beam.PCollection[Any]:
        counted, sampled = texts
        bins = (
            counted
            | "CountByBin" >> beam.ParDo(_CountByBin(self._options))
            | "Total" >> beam.CombineGlobally(_total)
            | "Bins" >> beam.Map(bins_for, self._options.sample)
        )
        sample: beam.PCollection[Any] = sampled | "TextSample" >> beam.ParDo(
            _Sample(self._options), AsSingleton(bins)
        )
        return sample


class _CountByBin(beam.DoFn):
    """Texts to the counts of their marks, one array a bundle."""

    def __init__(self, options: SentencepieceTraining) -> None:
        self._options = options

    def start_bundle(self) -> None:
        self._counts = np.zeros(BINS, np.int64)

    def process(self, texts: pa.Array) -> None:
        self._counts += counts_by_bin(marked(texts, self._options.seed))

    def finish_bundle(self) -> Iterator[WindowedValue]:
        yield GlobalWindows.windowed_value(self._counts)


def _total(counts: Iterable[NDArray[np.int64]]) -> NDArray[np.int64]:
    total = np.zeros(BINS, np.int64)
    for part in counts:
        total += part
    return total


class _Sample(beam.DoFn):
    """Texts to packed tables of those that may be chosen."""

    def __init__(self, options: SentencepieceTraining) -> None:
        self._options = options

    def start_bundle(self) -> None:
        self._sample = TextSample(self._options.sample)

    def process(self, texts: pa.Array, bins: int) -> None:
        self._sample.add(marked(texts, self._options.seed, bins))

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for batch in self._sample.table().to_batches():
            yield GlobalWindows.windowed_value(pack(batch))


def trained_model(parts: Iterable[bytes], tokenizer: Sentencepiece) -> bytes | None:
    """The model, trained on the sample of samples; None without a text.

    Raises:
      SpecError: `vocab_size` is too small, or the library refuses something else.
    """
    options = _options(tokenizer)
    sample = TextSample(options.sample)
    for part in parts:
        sample.add(unpack_table(part))
    texts = sample.table()["text"].to_pylist()
    normalized = normalize(tf.constant(texts, tf.string), tokenizer.normalize).numpy().tolist()
    return train_sentencepiece([text.decode() for text in normalized], options)


def _options(tokenizer: Sentencepiece) -> SentencepieceTraining:
    assert tokenizer.train is not None
    return tokenizer.train
