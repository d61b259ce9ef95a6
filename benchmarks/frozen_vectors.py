"""Frozen word2vec vectors under an LSTM with eight numeric outputs, from raw texts to measures.

    python benchmarks/frozen_vectors.py --input reviews.csv --column text

Counts eight numbers in every text (below), builds an artifact by MeCab, trains word2vec by
gensim on its train split, and a model on those vectors, which stay as they are:
Embedding(trainable=False) -> LSTM 32 -> Dense 8, mse. Fails unless the embedding of the saved
model has the bits of the vectors that were read. Equal texts are taken once; a tenth of the
texts, chosen by a hash of their number, is test.

hiragana, katakana, kanji, punctuation, alphanumeric
          share of the characters (Unicode names; categories P; ASCII letters and digits)
length    log10 of the characters
distinct  different characters for each character
changes   share of neighbouring characters of unlike class (of the five above, or none of them)

For each output: the standard deviation of truth and answers over the test texts, the mean absolute
error beside that of always answering the mean of the test texts, and the correlation.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet
from tables import machine_facts, render

import preprocess
from beam_jobs.build import build
from preprocess.api.quiet_libraries import import_quietly
from preprocess.artifact.layout import Layout
from preprocess.artifact.manifest import Manifest
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import Text2SeqError
from preprocess.evaluation.record_predictions import predict_records
from preprocess.model_file import ModelFile
from preprocess.models.model_plan import plan_model
from preprocess.models.text_encoder import embedding_layer
from preprocess.trained_model.model_layout import ModelLayout
from preprocess.trained_model.opened_model import OpenedModel
from preprocess.vectors import Word2VecOptions, read_vectors, train_word2vec

CLASSES = ("hiragana", "katakana", "kanji", "punctuation", "alphanumeric")
SCORES = (*CLASSES, "length", "distinct", "changes")

_HEADER = ["output", "deviation", "of answers", "mae", "mae of the mean", "correlation"]
_SCRIPTS = {
    "HIRAGANA LETTER": "hiragana",
    "KATAKANA LETTER": "katakana",
    "KATAKANA-HIRAGANA PROLONGED": "katakana",
    "CJK UNIFIED": "kanji",
}
_SPLITS = {"train": 0.8, "validation": 0.1, "test": 0.1}
_READERS: dict[str, Callable[[str], pa.Table]] = {
    ".csv": lambda path: pyarrow.csv.read_csv(
        path, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True)
    ),
    ".jsonl": pyarrow.json.read_json,
    ".parquet": pyarrow.parquet.read_table,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Builds, trains, checks and prints; progress goes to standard error."""
    given = _parser().parse_args(arguments)
    import_quietly()
    print(f"{machine_facts()}, gensim {version('gensim')}\n", flush=True)
    with TemporaryDirectory(prefix="frozen-vectors-") as temporary:
        try:
            print(_measured(given, given.output or Path(temporary)))
        except Text2SeqError as error:
            sys.exit(f"frozen_vectors: error: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--input", type=Path, required=True, help=", ".join(_READERS))
    parser.add_argument("--column", default="text", help="the texts (default text)")
    parser.add_argument("--limit", type=int, help="texts to take, from the start (default all)")
    tokenizer = "kind of tokenizer, with its defaults (default mecab)"
    parser.add_argument("--tokenizer", default="mecab", help=tokenizer)
    parser.add_argument("--max-length", type=int, default=500, help="tokens (default 500)")
    parser.add_argument("--dim", type=int, default=50, help="width of the vectors (default 50)")
    parser.add_argument("--epochs", type=int, default=10, help="of the model (default 10)")
    output = "keeps rows, spec, artifact, vectors and model here (default: nowhere)"
    parser.add_argument("--output", type=Path, help=output)
    parser.add_argument("--markdown", action="store_true", help="the table in Markdown")
    return parser


def _measured(given: argparse.Namespace, folder: Path) -> str:
    """The table, and what there is to say about it."""
    artifact, vectors, model = (str(folder / n) for n in ("artifact", "vectors.bin", "model"))
    texts = _texts(given.input, given.column, given.limit)
    manifest = _built(texts, folder, artifact, given.max_length, given.tokenizer)
    _tell("training word2vec")
    seconds = _save_vectors(artifact, vectors, given.dim)
    declared = _model_file(vectors, given.epochs)
    trained = preprocess.train(artifact, declared, model, overwrite=True).manifest
    check = _check_frozen(declared, manifest, artifact, model)
    rows, different = _rows(model, artifact)
    notes = [
        f"{manifest.rows.written} of {len(texts):,} texts, {given.dim} numbers a vector, word2vec "
        f"{seconds:.0f} s; epoch {trained.outcome.best_epoch} of {trained.outcome.epochs} kept",
        check,
        different,
    ]
    return "\n\n".join([render(_HEADER, rows, given.markdown), "\n".join(notes)])


def _texts(path: Path, column: str, limit: int | None) -> list[str]:
    """Each text once, blank ones left out."""
    if path.suffix not in _READERS or not path.is_file():
        sys.exit(f"frozen_vectors: error: {path}: expected a file of {', '.join(_READERS)}")
    table = _READERS[path.suffix](str(path))
    if column not in table.column_names:
        known = ", ".join(table.column_names)
        sys.exit(
            f"frozen_vectors: error: {path}: got no column {column!r}, expected one of {known}"
        )
    values = table.column(column).to_pylist()
    return list(dict.fromkeys(text for text in values if text and text.strip()))[:limit]


def scores(text: str) -> list[float]:
    """The numbers of `SCORES`; `text` is not empty."""
    kinds = [_class(character) for character in text]
    changes = sum(one != other for one, other in pairwise(kinds))
    return [
        *(kinds.count(kind) / len(text) for kind in CLASSES),
        math.log10(len(text)),
        len(set(text)) / len(text),
        changes / max(len(text) - 1, 1),
    ]


@cache
def _class(character: str) -> str | None:
    if character.isascii() and character.isalnum():
        return "alphanumeric"
    if unicodedata.category(character).startswith("P"):
        return "punctuation"
    name = unicodedata.name(character, "")
    return next((kind for start, kind in _SCRIPTS.items() if name.startswith(start)), None)


def _built(
    texts: Iterable[str], folder: Path, artifact: str, max_length: int, tokenizer: str
) -> Manifest:
    folder.mkdir(parents=True, exist_ok=True)
    rows, spec = folder / "rows.jsonl", folder / "spec.json"
    with rows.open("w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            row = {"id": str(number), "text": text, "scores": scores(text)}
            file.write(f"{json.dumps(row)}\n")
    declared = {
        "features": {"text": {"kind": "text", "vocabulary": "words", "max_length": max_length}},
        "labels": {"scores": {"kind": "number", "size": len(SCORES)}},
        "vocabularies": {"words": {"tokenizer": {"kind": tokenizer}, "oov": "token"}},
        "splits": {"by": "id", "fractions": _SPLITS},
    }
    spec.write_text(json.dumps(declared))
    return build(str(spec), [str(rows)], artifact, overwrite=True)


def _save_vectors(artifact: str, path: str, dim: int) -> float:
    """Trains word2vec on the train split, and returns the seconds."""
    start = time.perf_counter()
    options = Word2VecOptions(vector_size=dim, epochs=10, seed=1)
    train_word2vec(preprocess.Sentences(artifact, "train"), path, options, overwrite=True)
    return time.perf_counter() - start


def _model_file(vectors: str, epochs: int) -> ModelFile:
    text = {"embedding": {"vectors": vectors, "trainable": False}, "encoder": {"units": 32}}
    return ModelFile.model_validate({"text": text, "training": {"epochs": epochs}})


def _check_frozen(declared: ModelFile, manifest: Manifest, artifact: str, model: str) -> str:
    """Compares the embedding of the saved model with the vectors, bit for bit."""
    [text] = plan_model(declared, manifest).texts
    words = preprocess.WordIndex.read(Layout(artifact).words_tsv(text.vocabulary))
    path, seed = str(declared.text.embedding.vectors), declared.training.seed
    aligned = read_vectors(path, words, text.rows, seed=seed)
    loaded = keras.models.load_model(ModelLayout(Path(model)).keras, compile=False)
    rows = loaded.get_layer(embedding_layer(text)).embeddings.numpy()
    if rows.dtype != aligned.matrix.dtype or rows.tobytes() != aligned.matrix.tobytes():
        sys.exit("frozen_vectors: error: the embedding differs from the vectors after training")
    return (
        f"{aligned.found:,} of {len(words):,} words have a vector; after training all "
        f"{len(rows):,} rows of the embedding equal the vectors bit for bit"
    )


def _rows(model: str, artifact: str) -> tuple[list[list[str]], str]:
    """One for each output, and their means; and how many answers differ."""
    measured = preprocess.evaluate(model, artifact, "test")["scores"]
    found = predict_records(OpenedModel.open(model), OpenedArtifact.open(artifact), "test")
    truth, answers = found.labels["scores"], found.answers["scores"]
    spreads = np.stack(
        [truth.std(axis=0), answers.std(axis=0), abs(truth - truth.mean(axis=0)).mean(axis=0)]
    )
    outputs = zip(SCORES, measured["by_output"], spreads.T, strict=True)
    rows = [_row(name, output, *spread) for name, output, spread in outputs]
    distinct = len(np.unique(answers.round(3), axis=0))
    different = f"{distinct:,} different answers to {len(answers):,} texts, to three decimals"
    return [*rows, _row("mean", measured, *spreads.mean(axis=1))], different


def _row(
    name: str, measured: dict[str, float | None], truth: float, answers: float, mean: float
) -> list[str]:
    correlation = measured["correlation"]
    return [
        name,
        f"{truth:.4f}",
        f"{answers:.4f}",
        f"{measured['mae']:.4f}",
        f"{mean:.4f}",
        "-" if correlation is None else f"{correlation:.3f}",
    ]


def _tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
