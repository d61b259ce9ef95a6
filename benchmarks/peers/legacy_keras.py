"""The legacy Keras `Tokenizer` and `pad_sequences`, from `tf_keras`."""

from __future__ import annotations

from collections.abc import Iterator

from tf_keras.preprocessing.sequence import pad_sequences
from tf_keras.preprocessing.text import Tokenizer

from peers.job import LENGTH, WORDS, Job, read
from peers.records import Row, write_split


def run(job: Job) -> None:
    """Counts words, maps and pads in one thread of Python."""
    # Ids below `num_words` are kept: padding, OOV and the words.
    tokenizer = Tokenizer(num_words=WORDS + 2, oov_token="[UNK]")
    for split, path in job.splits.items():
        texts, labels = read(path)
        if split == "train":
            tokenizer.fit_on_texts(texts)
        write_split(job, split, _rows(tokenizer, texts, labels))


def _rows(tokenizer: Tokenizer, texts: list[str], labels: list[int]) -> Iterator[Row]:
    sequences = tokenizer.texts_to_sequences(texts)
    padded = pad_sequences(sequences, maxlen=LENGTH, padding="post", truncating="post")
    for ids, sequence, label in zip(padded, sequences, labels, strict=True):
        yield ids, min(len(sequence), LENGTH), label
