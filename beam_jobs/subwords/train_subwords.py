"""Trains the files of subword tokenizers on the train split, in a pass before the build's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import AsIter

from beam_jobs.job import Job
from beam_jobs.subwords.sentencepiece_model import SampleTexts, trained_model
from beam_jobs.subwords.wordpiece_vocabulary import CountWords, learned_pieces
from preprocess.core.errors import InputError, Text2SeqError, across_workers
from preprocess.core.row_position import SPLIT
from preprocess.core.storage import write_file
from preprocess.spec import Spec, Vocabulary
from preprocess.spec.tokenizer_checks import check_reserved
from preprocess.spec.tokenizer_files import subword_tokenizers
from preprocess.tokenizers import Sentencepiece, SubwordTokenizer, Wordpiece

Batches = tuple[beam.PCollection[Any], beam.PCollection[Any]]
Finish = Callable[[Iterable[Any]], bytes | None]


def is_trained(spec: Spec) -> bool:
    """Whether the build has to train a file before it can read any text."""
    return any(tokenizer.train for tokenizer in subword_tokenizers(spec).values())


def is_sampled(spec: Spec) -> bool:
    """Whether the texts have to be read twice for that."""
    tokenizers = subword_tokenizers(spec).values()
    return any(isinstance(tokenizer, Sentencepiece) and tokenizer.train for tokenizer in tokenizers)


class TrainSubwords(beam.PTransform[Batches, list[beam.PCollection[Any]]]):
    """Canonical batches to the files that `spec` names, which are written whole or not at all."""

    def __init__(self, job: Job) -> None:
        """Prepares the training of the files that a job's spec names, which are the artifact's."""
        super().__init__()
        self._spec = job.spec
        self._train = job.train
        self._workspace = job.layout.workspace

    def expand(self, batches: Batches) -> list[beam.PCollection[Any]]:
        """Builds the stages: for each file a collection that holds its path.

        Args:
          batches: the same rows, read twice if some are sampled.
        """
        tokenizers = subword_tokenizers(self._spec)
        return [self._file(batches, name, t) for name, t in tokenizers.items() if t.train]

    def _file(
        self, batches: Batches, name: str, tokenizer: SubwordTokenizer
    ) -> beam.PCollection[Any]:
        parts, finish = self._steps(batches, name, tokenizer)
        file: beam.PCollection[Any] = (
            batches[0].pipeline
            | f"Subwords[{name}]" >> beam.Create([name], reshuffle=False)
            | f"Train[{name}]"
            >> beam.Map(_write, AsIter(parts), self._spec.vocabularies[name], finish)
        )
        return file

    def _steps(
        self, batches: Batches, name: str, tokenizer: SubwordTokenizer
    ) -> tuple[beam.PCollection[Any], Finish]:
        """What is collected of the texts, and what makes the file of it."""
        columns = self._spec.features_of(name)
        counted = batches[0] | f"Texts[{name}]" >> beam.FlatMap(_texts, columns, self._train)
        if isinstance(tokenizer, Sentencepiece):
            again = batches[1] | f"TextsAgain[{name}]" >> beam.FlatMap(_texts, columns, self._train)
            parts = (counted, again) | f"Sample[{name}]" >> SampleTexts(tokenizer)
            return parts, partial(trained_model, tokenizer=tokenizer)
        assert isinstance(tokenizer, Wordpiece)
        runs = counted | f"Count[{name}]" >> beam.ParDo(CountWords(tokenizer, self._workspace))
        return runs, partial(learned_pieces, tokenizer=tokenizer, workspace=self._workspace)


def _texts(batch: pa.RecordBatch, columns: list[str], train: int) -> Iterator[pa.Array]:
    if batch.column(SPLIT)[0].as_py() == train:
        yield from (batch.column(column) for column in columns)


def _write(name: str, parts: Iterable[Any], vocabulary: Vocabulary, finish: Finish) -> str:
    tokenizer = vocabulary.tokenizer
    assert isinstance(tokenizer, SubwordTokenizer) and tokenizer.file is not None
    try:
        content = finish(parts)
        if content is None:
            raise InputError(
                f"vocabularies.{name}: got no text in the train split, expected some to train the "
                f"tokenizer on; give one with tokenizer.{tokenizer.FILE}"
            )
        write_file(tokenizer.file, [content])
        check_reserved(name, vocabulary, tokenizer.inventory())
    except Text2SeqError as error:
        raise across_workers(_at(name, error)) from error
    return tokenizer.file


def _at(name: str, error: Text2SeqError) -> Text2SeqError:
    """The error of a training option, with the whole path of the option."""
    is_option = str(error).startswith("tokenizer.")
    return type(error)(f"vocabularies.{name}.{error}") if is_option else error
