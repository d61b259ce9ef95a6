"""Ids of subword tokenizers against the libraries that they come from: how many texts differ.

    python benchmarks/subword_equality.py --texts imdb-train.parquet imdb-test.parquet
    python benchmarks/subword_equality.py --texts jrte-pn.csv jrte-rte.csv

Builds an artifact for each tokenizer out of the texts of all files (columns `text`, `premise` and
`hypothesis` of CSV or Parquet), half of which train it, and asks its `serving/` for the ids of
every text. Expected are those of the `sentencepiece` library, or of `tokenizers` (Hugging Face),
with the files of the artifact, plus 1: 0 is padding only, and the unknown piece, their 0, is 1.
Prints one line a tokenizer: texts, ids, differing texts. Exit 0 if none differs, 1 otherwise.

Needs the extras `text` and `bench`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import sentencepiece
import tensorflow as tf
import tensorflow_text  # noqa: F401 - registers the ops
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from beam_jobs.build import build

_COLUMNS = ("text", "premise", "hypothesis")
_BATCH = 512
_SHOWN = 3
_TOKENIZERS = {
    "sentencepiece, unigram": {"kind": "sentencepiece"},
    "sentencepiece, bpe": {
        "kind": "sentencepiece",
        "train": {"model_type": "bpe", "byte_fallback": True},
    },
    "wordpiece": {"kind": "wordpiece"},
    "wordpiece, uncased": {"kind": "wordpiece", "normalize": ["lower", "strip_accents"]},
}

Texts = Sequence[str]
Ids = list[list[int]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Compares and prints; 1 if any text differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path, nargs="+", required=True, help="CSV or Parquet files")
    given = parser.parse_args(arguments)
    texts = [text for path in given.texts for text in read_texts(path)]
    differing = 0
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder, "rows.parquet")
        pq.write_table(pa.table({"text": texts}), rows, row_group_size=5_000)
        for name, tokenizer in _TOKENIZERS.items():
            artifact = Path(folder, name)
            _build(tokenizer, rows, artifact)
            differing += _compare(name, texts, _oracle(tokenizer, artifact), _serving(artifact))
    print(f"{differing} differing texts in all")
    return int(differing > 0)


def read_texts(path: Path) -> list[str]:
    """All texts of a file, column by column."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
    else:
        newlines = pyarrow.csv.ParseOptions(newlines_in_values=True)
        table = pyarrow.csv.read_csv(path, parse_options=newlines)
    columns = [table[name] for name in _COLUMNS if name in table.column_names]
    return [text for column in columns for text in column.to_pylist() if text]


def _build(tokenizer: dict, rows: Path, artifact: Path) -> None:
    spec = {
        "features": {"text": {"vocabulary": "pieces"}},
        "vocabularies": {"pieces": {"tokenizer": tokenizer}},
        "splits": {"by": "text", "fractions": {"train": 0.5, "test": 0.5}},
    }
    declared = artifact.with_suffix(".json")
    declared.write_text(json.dumps(spec))
    build(str(declared), [str(rows)], str(artifact))


def _serving(artifact: Path) -> Callable[[Texts], Ids]:
    loaded = tf.saved_model.load(str(artifact / "serving"))
    signature = loaded.signatures["serving_default"]

    def answer(texts: Texts) -> Ids:
        found = signature(text=tf.constant(texts))
        rows = zip(found["text"].numpy().tolist(), found["text_length"].numpy(), strict=True)
        return [ids[:length] for ids, length in rows]

    answer.loaded = loaded  # which owns the signature's variables
    return answer


def _oracle(tokenizer: dict, artifact: Path) -> Callable[[Texts], Ids]:
    if tokenizer["kind"] == "sentencepiece":
        model = str(artifact / "vocabulary/pieces.model")
        return sentencepiece.SentencePieceProcessor(model_file=model).encode
    pieces = (artifact / "vocabulary/pieces.pieces.txt").read_text().split("\n")[:-1]
    bert = _bert(pieces, is_uncased="normalize" in tokenizer)
    return lambda texts: [encoded.ids for encoded in bert.encode_batch(texts)]


def _bert(pieces: Sequence[str], is_uncased: bool) -> Tokenizer:
    vocabulary = {piece: place for place, piece in enumerate(pieces)}
    made = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=is_uncased, strip_accents=is_uncased)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


def _compare(
    name: str, texts: Texts, oracle: Callable[[Texts], Ids], serving: Callable[[Texts], Ids]
) -> int:
    """Compares batch by batch, prints a line and the first differences; how many texts differ."""
    begin, count, differing = time.monotonic(), 0, 0
    for text, ids, found in _pairs(texts, oracle, serving):
        expected = [i + 1 for i in ids]
        count += len(expected)
        differing += found != expected
        if found != expected and differing <= _SHOWN:
            print(f"  {text!r}: expected {expected}, found {found}")
    seconds = time.monotonic() - begin
    print(
        f"{name}: {len(texts):,} texts, {count:,} ids, {differing:,} differ ({seconds:.0f} s)",
        flush=True,
    )
    return differing


def _pairs(
    texts: Texts, oracle: Callable[[Texts], Ids], serving: Callable[[Texts], Ids]
) -> Iterator[tuple[str, list[int], list[int]]]:
    for place in range(0, len(texts), _BATCH):
        some = texts[place : place + _BATCH]
        yield from zip(some, oracle(some), serving(some), strict=True)


if __name__ == "__main__":
    sys.exit(main())
