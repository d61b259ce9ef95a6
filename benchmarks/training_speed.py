"""What length buckets save in training: the same model and texts in three kinds of batches.

    python benchmarks/training_speed.py --artifact ARTIFACT [--model MODEL.yaml]

bucketed      what `text2seq train` feeds: `batch_size` examples of one bucket, trimmed
padded        the very same examples, shuffled over all buckets, every one padded to the spec's
              `max_length`, in batches of `batch_size`
batch_tokens  bucketed, too, but as many examples in a batch as `batch_tokens` allows; about as
              many examples of the same split, and the same ones only where `--batches` are enough
              for all of it: else compare tokens/example

All batches are held in memory before the clock starts; `input` is the share of the time that going
through them without training takes. After a warm-up of each kind they are run through by turns, a
pass of each kind a round; medians of the rounds are shown. Without `--model`: Embedding 32 ->
LSTM 100. Class weights are left out.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from tables import machine_facts, render

from preprocess import load_model_file, read_manifest
from preprocess.api.quiet_libraries import import_quietly
from preprocess.artifact.manifest import Manifest
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import Text2SeqError
from preprocess.model_file import ModelFile, Training
from preprocess.models.build_model import build_model
from preprocess.models.model_plan import ModelPlan, plan_model
from preprocess.training.compilation import compile_model
from preprocess.training.training_batches import training_batches

_WARM_UP = 5  # batches

_HEADER = [
    "batches",
    "examples/s (least to most)",
    "ratio",
    "tokens/s",
    "padding",
    "examples",
    "tokens/example",
    "in batches of",
    "input",
]


@dataclass(frozen=True)
class Kind:
    """Batches of one kind, in memory.

    Attributes:
      name: as in the table.
      batches: (features, labels).
      sizes: examples of each batch.
      tokens, steps: of all texts; steps count padding.
    """

    name: str
    batches: tf.data.Dataset
    sizes: list[int]
    tokens: int
    steps: int

    @property
    def examples(self) -> int:
        return sum(self.sizes)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints; progress goes to standard error."""
    given = _parser().parse_args(arguments)
    import_quietly()
    try:
        manifest = read_manifest(given.artifact)
        declared = load_model_file(given.model) if given.model else ModelFile()
        plan = plan_model(declared, manifest)
        kinds = _kinds(given, declared.training, plan, manifest)
    except Text2SeqError as error:
        sys.exit(f"training_speed: error: {error}")
    print(f"{machine_facts()}\n", flush=True)
    model = build_model(plan)
    compile_model(model, plan, declared.training, steps=given.batches)
    seconds = _measured(model, kinds, given.rounds)
    rows = [_row(kind, seconds, kinds) for kind in kinds]
    print(f"{render(_HEADER, rows, given.markdown)}\n")
    print(
        f"{model.count_params():,} weights; medians of {given.rounds}; ratio: examples/s to those "
        "of padded in the same round, above 1 is faster"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--artifact", required=True, help="folder that `text2seq build` made")
    parser.add_argument("--model", help="model file")
    batches = "batches of a bucketed pass (default 100)"
    parser.add_argument("--batches", type=int, default=100, help=batches)
    parser.add_argument("--batch-size", type=int, default=64, help="default 64")
    tokens = "default: those of a batch that is padded to the last bucket's boundary"
    parser.add_argument("--batch-tokens", type=int, help=tokens)
    parser.add_argument("--rounds", type=int, default=3, help="default 3")
    parser.add_argument("--markdown", action="store_true", help="the table in Markdown")
    return parser


def _kinds(
    given: argparse.Namespace, training: Training, plan: ModelPlan, manifest: Manifest
) -> list[Kind]:
    artifact = OpenedArtifact.open(given.artifact)

    def batches(limit: int | None = None, **options: int | None) -> tf.data.Dataset:
        own = training.model_copy(update=options)
        return training_batches(artifact, plan, own, {}, limit=limit)

    _tell("reading the batches")
    tokens = given.batch_tokens or given.batch_size * manifest.buckets.boundaries[-1]
    own = batches(batch_size=given.batch_size, batch_tokens=None).take(given.batches)
    bucketed = _kind("bucketed", own, plan)
    padded = _padded(bucketed.batches, _lengths(manifest), plan, given.batch_size)
    by_tokens = batches(bucketed.examples, batch_size=None, batch_tokens=tokens)
    return [bucketed, _kind("padded", padded, plan), _kind("batch_tokens", by_tokens, plan)]


def _lengths(manifest: Manifest) -> dict[str, int]:
    """To what each text is padded where there are no buckets."""
    texts, buckets = manifest.spec.text_features, manifest.buckets
    longest = {buckets.by: buckets.boundaries[-1]}
    return {name: text.max_length or longest[name] for name, text in texts.items()}


def _padded(
    batches: tf.data.Dataset, lengths: Mapping[str, int], plan: ModelPlan, batch_size: int
) -> tf.data.Dataset:
    """The examples of `batches` in another order, padded to `lengths` on the declared side."""
    padding = {text.feature: text.padding for text in plan.texts}

    def pad(features: Mapping[str, tf.Tensor], labels: Mapping[str, tf.Tensor]) -> tuple:
        whole = dict(features)
        for name, side in padding.items():
            zeros = lengths[name] - tf.shape(features[name])[0]
            ids = tf.pad(features[name], [[zeros, 0] if side == "pre" else [0, zeros]])
            whole[name] = tf.ensure_shape(ids, lengths[name])
        return whole, labels

    examples = batches.unbatch().shuffle(1 << 20, seed=0, reshuffle_each_iteration=False)
    return examples.map(pad).batch(batch_size)


def _kind(name: str, batches: tf.data.Dataset, plan: ModelPlan) -> Kind:
    """Goes through the batches once, which puts them into memory."""
    batches = batches.cache()
    ids = [[features[t.feature].numpy() for t in plan.texts] for features, _ in batches]
    counted = batches.apply(tf.data.experimental.assert_cardinality(len(ids)))
    return Kind(
        name,
        counted.prefetch(tf.data.AUTOTUNE),
        sizes=[len(first) for first, *_ in ids],
        tokens=sum(int(np.count_nonzero(array)) for batch in ids for array in batch),
        steps=sum(array.size for batch in ids for array in batch),
    )


def _measured(model: keras.Model, kinds: Sequence[Kind], rounds: int) -> dict[str, list[float]]:
    """Seconds of each round, by kind."""
    _tell("warm-up")
    for kind in kinds:
        _pass(model, kind.batches.take(_WARM_UP))
    seconds: dict[str, list[float]] = {kind.name: [] for kind in kinds}
    for number in range(rounds):
        for kind in kinds:
            _tell(f"round {number + 1} of {rounds}: {kind.name}")
            seconds[kind.name].append(_pass(model, kind.batches))
    return seconds


def _pass(model: keras.Model, batches: tf.data.Dataset) -> float:
    """Trains on every batch once, and returns the seconds."""
    start = time.perf_counter()
    model.fit(batches, shuffle=False, verbose=0)
    return time.perf_counter() - start


def _row(kind: Kind, seconds: Mapping[str, list[float]], kinds: Sequence[Kind]) -> list[str]:
    rates = {k.name: [k.examples / s for s in seconds[k.name]] for k in kinds}
    own = rates[kind.name]
    ratios = [rate / padded for rate, padded in zip(own, rates["padded"], strict=True)]
    return [
        kind.name,
        f"{median(own):,.0f} ({min(own):,.0f} to {max(own):,.0f})",
        f"{median(ratios):.2f}",
        f"{median(own) * kind.tokens / kind.examples:,.0f}",
        f"{1 - kind.tokens / kind.steps:.1%}",
        f"{kind.examples:,}",
        f"{kind.tokens / kind.examples:,.0f}",
        f"{min(kind.sizes)} to {max(kind.sizes)}",
        f"{_input_seconds(kind) / median(seconds[kind.name]):.2%}",
    ]


def _input_seconds(kind: Kind) -> float:
    start = time.perf_counter()
    for _ in kind.batches:
        pass
    return time.perf_counter() - start


def _tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
