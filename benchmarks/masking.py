"""Why padding is masked: what an LSTM answers to short texts that thousands of zeros follow.

    python benchmarks/masking.py ARTIFACT

Takes texts of an artifact that has one text feature and a binary or category label, pads them with
zeros at the end to each `--length`, and runs Embedding 32 -> LSTM 32 -> Dense with and without
`mask_zero`: the same seed, texts and number of steps. Shown for the texts of `--split`, once
before and once after training at that length:

deviation  standard deviation over the texts of each output, the mean of the outputs
range      largest minus smallest answer over the texts, the mean of the outputs
distinct   different answers, when rounded to three decimals
accuracy   to be held against that of always answering the most frequent class

At lengths above `--train-up-to` the weights trained at the longest length below it answer: with a
mask they are those that training there would give, as masked steps change neither states nor
gradients; without one they are not.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from numpy.typing import NDArray
from tables import machine_facts, render

from preprocess import dataset, read_manifest
from preprocess.api.quiet_libraries import import_quietly
from preprocess.core.errors import Text2SeqError

LENGTHS = (100, 500, 2000, 8000)
_BATCH = 128

_HEADER = ["length", "weights", "mask", "deviation", "range", "distinct", "accuracy", "training"]

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Texts:
    """Some texts of a split.

    Attributes:
      ids: of each text, without padding.
      labels: int64 (texts,).
    """

    ids: list[Ids]
    labels: Ids

    def padded(self, length: int) -> Ids:
        """int64 (texts, length): longer texts are cut, zeros follow shorter ones."""
        return keras.utils.pad_sequences(self.ids, length, "int64", "post", "post")

    @property
    def majority(self) -> float:
        """Accuracy of always answering the most frequent class."""
        return float(np.bincount(self.labels).max() / len(self.labels))


@dataclass(frozen=True)
class Data:
    """What is compared on.

    Attributes:
      train, test: texts.
      rows: ids of the vocabulary.
      classes: 2 for a binary label.
    """

    train: Texts
    test: Texts
    rows: int
    classes: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Trains, answers and prints; progress goes to standard error."""
    import_quietly()
    given = _parser().parse_args(arguments)
    try:
        data = _data(given)
    except Text2SeqError as error:
        sys.exit(f"masking: error: {error}")
    print(f"{machine_facts()}\n", flush=True)
    pairs = zip(*(_rows(data, masked, given) for masked in (False, True)), strict=True)
    print(render(_HEADER, [row for pair in pairs for row in pair], given.markdown))
    print(f"\n{_description(data, given)}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("artifact", help="folder that `text2seq build` made")
    lengths = f"steps, zeros included (default {' '.join(map(str, LENGTHS))})"
    parser.add_argument("--length", type=int, nargs="+", default=list(LENGTHS), help=lengths)
    up_to = "longest length to train at (default 2000)"
    parser.add_argument("--train-up-to", type=int, default=2000, help=up_to)
    parser.add_argument("--texts", type=int, default=2000, help="to train on (default 2000)")
    parser.add_argument("--test-texts", type=int, default=500, help="to answer (default 500)")
    parser.add_argument("--split", default="test", help="split to answer (default test)")
    parser.add_argument("--epochs", type=int, default=5, help="default 5")
    parser.add_argument("--seed", type=int, default=0, help="of weights and choice (default 0)")
    frozen = "keep the embedding as it is drawn, as with pretrained vectors; padding has zeros"
    parser.add_argument("--frozen", action="store_true", help=frozen)
    parser.add_argument("--markdown", action="store_true", help="the table in Markdown")
    return parser


def _data(given: argparse.Namespace) -> Data:
    manifest = read_manifest(given.artifact)
    texts = manifest.spec.text_features
    labels = {n: x for n, x in manifest.spec.labels.items() if x.kind in ("binary", "category")}
    if len(texts) != 1 or not labels:
        sys.exit(
            f"masking: error: {given.artifact}: got the text features {', '.join(texts)} and the "
            f"labels {', '.join(manifest.spec.labels)}, expected one text and a binary or category "
            "label; give an artifact of such a spec"
        )
    [(text, feature)], label = texts.items(), next(iter(labels))
    return Data(
        train=_texts(given.artifact, "train", text, label, given.texts, given.seed),
        test=_texts(given.artifact, given.split, text, label, given.test_texts, given.seed),
        rows=manifest.vocabulary_sizes[feature.vocabulary],
        classes=len(manifest.classes.get(label, ())) or 2,
    )


def _texts(artifact: str, split: str, text: str, label: str, count: int, seed: int) -> Texts:
    """`count` texts that are not empty, drawn from all of the split."""
    ids, found = [], []
    for features, labels in dataset(artifact, split, shuffle=False):
        for row, value in zip(features[text].numpy(), labels[label].numpy(), strict=True):
            if row.any():
                ids.append(row[row != 0])
                found.append(value)
    chosen = np.random.default_rng(seed).permutation(len(ids))[:count]
    return Texts([ids[index] for index in chosen], np.array(found)[chosen])


def _rows(data: Data, masked: bool, given: argparse.Namespace) -> Iterator[list[str]]:
    """One row for each length before training, and one after it."""
    model = _model(data, masked, given)
    lengths = sorted(given.length)
    for length in lengths:
        yield _row(model, data.test, length, masked, "untrained", "")
    weights = training = ""
    for length in lengths:
        if length <= given.train_up_to or not weights:
            _tell(f"training at {length:,} steps, {'masked' if masked else 'not masked'}")
            model = _model(data, masked, given)
            training = f"{_fitted(model, data.train, length, given.epochs):.0f} s"
            weights = f"trained at {length:,}"
        yield _row(model, data.test, length, masked, weights, training)
        training = ""


def _model(data: Data, masked: bool, given: argparse.Namespace) -> keras.Model:
    """A fresh one; equal weights for an equal seed."""
    keras.utils.set_random_seed(given.seed)
    embedding = keras.layers.Embedding(
        data.rows, 32, mask_zero=masked, trainable=not given.frozen, name="embedding"
    )
    layers = [embedding, keras.layers.LSTM(32), keras.layers.Dense(data.classes, "softmax")]
    model = keras.Sequential([keras.Input((None,), dtype="int64"), *layers])
    if given.frozen:
        drawn = embedding.embeddings.numpy()
        drawn[0] = 0
        embedding.embeddings.assign(drawn)
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model


def _fitted(model: keras.Model, texts: Texts, length: int, epochs: int) -> float:
    """Trains `model`, in one order of the texts, and returns the seconds."""
    start = time.perf_counter()
    ids = texts.padded(length)
    model.fit(ids, texts.labels, _BATCH, epochs, shuffle=False, verbose=0)
    return time.perf_counter() - start


def _row(
    model: keras.Model, texts: Texts, length: int, masked: bool, weights: str, training: str
) -> list[str]:
    answers = model.predict(texts.padded(length), _BATCH, verbose=0).astype(np.float64)
    return [
        f"{length:,}",
        weights,
        "yes" if masked else "no",
        f"{answers.std(axis=0).mean():.1e}",
        f"{np.ptp(answers, axis=0).mean():.1e}",
        f"{len(np.unique(answers.round(3), axis=0)):,}",
        f"{(answers.argmax(axis=1) == texts.labels).mean():.3f}",
        training,
    ]


def _description(data: Data, given: argparse.Namespace) -> str:
    lengths = [len(ids) for ids in data.test.ids]
    steps = -(-len(data.train.ids) // _BATCH) * given.epochs
    cut = sum(len(ids) > min(given.length) for ids in [*data.train.ids, *data.test.ids])
    return (
        f"{len(lengths):,} texts of {given.split}, of {np.mean(lengths):.0f} tokens on average, "
        f"{max(lengths):,} at most; {data.classes} classes, the most frequent "
        f"{data.test.majority:.3f}\ntrained on {len(data.train.ids):,} texts in {steps:,} steps of "
        f"{_BATCH}; embedding {'frozen' if given.frozen else 'trained'}; seed {given.seed}; "
        f"{cut:,} texts are cut at {min(given.length):,}"
    )


def _tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
