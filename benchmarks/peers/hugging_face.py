"""Hugging Face `tokenizers`: a WordLevel model by the rules of Keras' `Tokenizer`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from peers.job import FILTERS, LENGTH, WORDS, Job, chunks, read
from peers.records import Row, write_split

_PADDING, _OOV = "[PAD]", "[UNK]"
_BATCH_ROWS = 1000


def run(job: Job) -> None:
    """Trains and encodes on all cores; rows are written one by one."""
    tokenizer = _tokenizer()
    for split, path in job.splits.items():
        texts, labels = read(path)
        if split == "train":
            _train(tokenizer, texts)
        write_split(job, split, _rows(tokenizer, texts, labels))


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel(unk_token=_OOV))
    tokenizer.normalizer = normalizers.Lowercase()
    separators = Regex(f"[{re.escape(FILTERS)} ]+")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(separators, behavior="removed")
    return tokenizer


def _train(tokenizer: Tokenizer, texts: list[str]) -> None:
    trainer = trainers.WordLevelTrainer(
        vocab_size=WORDS + 2, special_tokens=[_PADDING, _OOV], show_progress=False
    )
    tokenizer.train_from_iterator(chunks(texts, _BATCH_ROWS), trainer, len(texts))
    tokenizer.enable_truncation(LENGTH)
    tokenizer.enable_padding(pad_id=0, pad_token=_PADDING, length=LENGTH)


def _rows(tokenizer: Tokenizer, texts: list[str], labels: list[int]) -> Iterator[Row]:
    encoded = (
        encoding
        for some in chunks(texts, _BATCH_ROWS)
        # Without the offsets, which nobody needs here.
        for encoding in tokenizer.encode_batch_fast(some)
    )
    for encoding, label in zip(encoded, labels, strict=True):
        yield encoding.ids, sum(encoding.attention_mask), label
