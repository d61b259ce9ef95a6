"""The model, and how its training went."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from preprocess.data.batching import DEFAULT_BATCH_SIZE
from preprocess.model_file import TextOptions, Training
from preprocess.report.artifact_data import ArtifactData
from preprocess.report.charts.training_chart import Curve, training_chart
from preprocess.report.evaluated_model import EvaluatedModel
from preprocess.report.page import Block, Cell, Figure, Paragraph, Section, Table
from preprocess.report.prose import Text, code, fixed, join, markup, name, percent, plural
from preprocess.spec import TRAIN

_MOST_CURVES = 9


def training_section(data: ArtifactData, evaluated: EvaluatedModel) -> Section:
    """Learning curves, what they show, and what the model is built of."""
    curves = list(_curves(evaluated))[:_MOST_CURVES]
    blocks: list[Block] = [Paragraph(_summary(data, evaluated))]
    if curves:
        colours = {split: data.colour(split) for split in data.manifest.splits}
        best = evaluated.outcome.best_epoch
        blocks += [Figure(*training_chart(curves, best, colours)), _values(evaluated, curves)]
    blocks.append(_model(data, evaluated))
    return Section("training", "Training", blocks)


def _curves(evaluated: EvaluatedModel) -> Iterator[Curve]:
    """The total loss first, then those of each label."""
    history = evaluated.history
    keys = [key for key in history if not key.startswith("val_") and key != "learning_rate"]
    labels = list(evaluated.manifest.labels)

    def place(key: str) -> tuple[int, int]:
        owner = _owner(key, labels)
        return (labels.index(owner) if owner else -1, 0 if key.endswith("loss") else 1)

    for key in sorted(keys, key=place):
        owner = _owner(key, labels)
        title = f"{key.removeprefix(f'{owner}_')} of {owner}" if owner else key
        yield Curve(title, history[key], history.get(f"val_{key}", []))


def _owner(key: str, labels: Sequence[str]) -> str | None:
    """The label that a key such as `topic_loss` is about."""
    owners = [label for label in labels if key.startswith(f"{label}_")]
    return max(owners, key=len, default=None)


def _summary(data: ArtifactData, evaluated: EvaluatedModel) -> Text:
    outcome = evaluated.outcome
    examples = outcome.examples.get(TRAIN, 0)
    whole = data.manifest.rows.written.get(TRAIN, 0)
    epochs = plural(outcome.epochs, "epoch")
    ran = markup("The model was trained for {} of {} of train.", epochs, plural(examples, "record"))
    if examples < whole:
        ran = markup(
            "The model was trained for {}, each on about {:,} of the {:,} records of train, by {}.",
            epochs,
            examples,
            whole,
            code("--limit"),
        )
    losses = evaluated.history.get("val_loss")
    return join([ran, _validated(evaluated, losses) if losses else _unvalidated(evaluated)])


def _validated(evaluated: EvaluatedModel, losses: Sequence[float]) -> Text:
    best = min(evaluated.outcome.best_epoch, len(losses))
    kept = "Epoch <b>{}</b> was kept: its validation loss, {}, is the least."
    return join([markup(kept, best, fixed(losses[best - 1])), _afterwards(evaluated, losses, best)])


def _afterwards(evaluated: EvaluatedModel, losses: Sequence[float], best: int) -> Text:
    """What came after the best epoch."""
    if len(losses) == 1:
        return "One epoch does not show where training leads."
    if best == len(losses):
        return "It was still falling in the last epoch, so more epochs may help."
    train = evaluated.history["loss"]
    if train[-1] < train[best - 1]:
        verdict = "as when a model learns its texts by heart"
    else:
        verdict = "training became unstable, so a lower learning rate may help"
    return markup(
        "Afterwards it went to {} while the training loss went from {} to {}: {}.",
        fixed(losses[-1]),
        fixed(train[best - 1]),
        fixed(train[-1]),
        verdict,
    )


def _unvalidated(evaluated: EvaluatedModel) -> Text:
    losses = evaluated.history.get("loss", [])
    if not losses:
        return "The history holds no loss."
    if not all(math.isfinite(loss) for loss in losses):
        return "The training loss is not a finite number: the training failed."
    return markup(
        "The training loss went from {} to {}. Nothing was held out for validation, so whether the "
        "model began to learn by heart shows only in the answers below.",
        fixed(losses[0]),
        fixed(losses[-1]),
    )


def _values(evaluated: EvaluatedModel, curves: Sequence[Curve]) -> Table:
    """First, best and last epoch."""
    best, last = evaluated.outcome.best_epoch, len(curves[0].train)
    epochs = sorted({1, min(best, last), last})
    columns = ["", *(f">{of}, epoch {e}" for of in ("train", "validation") for e in epochs)]
    rows: list[list[Text | Cell]] = [
        [
            Cell(curve.title, is_header=True),
            *(_at(values, epoch) for values in (curve.train, curve.validation) for epoch in epochs),
        ]
        for curve in curves
    ]
    if not any(curve.validation for curve in curves):
        columns, rows = columns[: 1 + len(epochs)], [row[: 1 + len(epochs)] for row in rows]
    return Table(f"Losses and metrics; epoch {best} was kept.", columns, rows)


def _at(values: Sequence[float], epoch: int) -> str:
    return fixed(values[epoch - 1]) if epoch <= len(values) else ""


def _model(data: ArtifactData, evaluated: EvaluatedModel) -> Table:
    outcome, training = evaluated.outcome, evaluated.declared.training
    rows: list[list[Text | Cell]] = [
        [Cell("model", is_header=True), name(evaluated.model.path)],
        *_layers(data, evaluated),
        [
            Cell("weights", is_header=True),
            _weights(outcome.parameters, outcome.trainable_parameters),
        ],
        [Cell("training", is_header=True), _steps(training)],
        [Cell("schedule", is_header=True), _schedule(training)],
        [Cell("weights of losses", is_header=True), _losses(evaluated)],
    ]
    return Table("The model.", ["", ""], rows)


def _steps(training: Training) -> str:
    batch = training.batch_tokens or training.batch_size or DEFAULT_BATCH_SIZE
    unit = "tokens" if training.batch_tokens else "records"
    clip = f", gradients up to a norm of {training.clip_norm:g}" if training.clip_norm else ""
    return f"{training.optimizer}, batches of {batch:,} {unit}{clip}, seed {training.seed}"


def _schedule(training: Training) -> str:
    """How the learning rate changes, and when training ends."""
    how = "constant"
    if training.schedule == "cosine":
        how = "falling to 0 as a cosine"
    if training.warmup:
        how = f"rising for {percent(training.warmup)} of the steps, then {how}"
    ends = plural(training.epochs, "epoch")
    if stop := training.early_stopping:
        ends += f", fewer after {stop.patience:,} without improvement on {training.validation}"
    return f"learning rate {training.learning_rate:g}, {how}; {ends}"


def _losses(evaluated: EvaluatedModel) -> str:
    """What weighs more or less in the loss: labels, and classes."""
    heads, declared = evaluated.declared.heads, evaluated.declared.training.class_weights
    parts = [
        f"{label} {heads[label].weight:g}"
        for label in evaluated.manifest.labels
        if label in heads and heads[label].weight != 1
    ]
    parts += [f"classes of {label} {_of_classes(weights)}" for label, weights in declared.items()]
    return "; ".join(parts) or "all alike"


def _of_classes(weights: Any) -> str:
    if isinstance(weights, str):
        return weights
    return ", ".join(f"{name}: {weight:g}" for name, weight in weights.classes.items())


def _layers(data: ArtifactData, evaluated: EvaluatedModel) -> Iterator[list[Text | Cell]]:
    """What becomes of each feature, and how the answers are made of all of them."""
    model = evaluated.declared
    for feature in data.spec.text_features:
        table = evaluated.manifest.embedding_of(feature)
        layers = _text(model.options(feature), table.dim if table else None)
        yield [Cell(code(feature), is_header=True), " → ".join(layers)]
    for feature, numeric in data.spec.numeric_features.items():
        yield [Cell(code(feature), is_header=True), f"one number, scale {numeric.scale}"]
    heads = ", ".join(f"{label} ({kind})" for label, kind in evaluated.manifest.labels.items())
    dense = [f"Dense {units}" for units in model.dense]
    yield [Cell("answers", is_header=True), " → ".join([*dense, heads])]


def _text(options: TextOptions, dim: int | None) -> list[str]:
    frozen = "" if options.embedding.trainable else ", frozen"
    vectors = ", pretrained" if options.embedding.vectors else ""
    projection = [f"Dense {options.projection.units} at every step"] if options.projection else []
    embedding = f"Embedding {dim or ''}{vectors}{frozen}"
    return [embedding, *projection, options.encoder.in_words]


def _weights(parameters: int, trainable: int) -> str:
    if parameters == trainable:
        return f"{parameters:,}, all trained"
    return f"{parameters:,}, {trainable:,} of them trained ({percent(trainable / parameters)})"
