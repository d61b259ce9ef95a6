"""A model file matched with an artifact: what is to be built, with every size known."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from preprocess.artifact.manifest import Manifest
from preprocess.artifact.number_statistics import NumberScale
from preprocess.core.errors import SpecError
from preprocess.model_file import Head, ModelFile, TextOptions
from preprocess.model_file.encoder_names import embedding_names, encoder_name, layer_prefix
from preprocess.models.plan_problems import embedding_dim, problems
from preprocess.spec.labels import Label, Loss


@dataclass(frozen=True)
class TextPlan:
    """A text feature, and the encoder that reads it.

    Attributes:
      feature: name of the column.
      encoder: name of the encoder; features of the same encoder share all its weights.
      layers: begins the names of the encoder's layers.
      vocabulary: name of the vocabulary.
      rows: ids of the vocabulary, padding and OOV ids included.
      padding: "pre" or "post", the end that has the zeros.
      dim: width of the embedding.
      options: embedding, projection and encoder.
    """

    feature: str
    encoder: str
    layers: str
    vocabulary: str
    rows: int
    padding: str
    dim: int
    options: TextOptions


@dataclass(frozen=True)
class HeadPlan:
    """A label, and the head that predicts it.

    Attributes:
      name: of the column.
      label: what is declared of it.
      classes: of a label that learns them, by index.
      loss: as in the model file, else the default of the label's kind.
      weight: of the loss in the sum of all.
      scale: on which a number is learnt; None: as it is.
    """

    name: str
    label: Label
    classes: tuple[str, ...]
    loss: Loss
    weight: float
    scale: NumberScale | None = None

    @property
    def units(self) -> int:
        """Outputs of the head."""
        return math.prod(self.label.answer_shape(self.classes))

    @property
    def is_scalar(self) -> bool:
        """Whether an answer is one number or probability rather than a vector."""
        return not self.label.answer_shape(self.classes)

    @property
    def values(self) -> Sequence[str]:
        """The class of each index that the label takes in a record; none for a number."""
        return self.label.names(self.classes)


@dataclass(frozen=True)
class ModelPlan:
    """Everything that the model is built from.

    Attributes:
      texts: at least one.
      numbers: numeric features.
      dense: units of the layers after everything is concatenated.
      dropout: before each of those and each head.
      heads: at least one.
    """

    texts: tuple[TextPlan, ...]
    numbers: tuple[str, ...]
    dense: tuple[int, ...]
    dropout: float
    heads: tuple[HeadPlan, ...]

    @property
    def features(self) -> list[str]:
        """The inputs of the model, in the order of the spec."""
        return [*(text.feature for text in self.texts), *self.numbers]

    @property
    def encoders(self) -> dict[str, TextPlan]:
        """The first text of each encoder, by the encoder's name."""
        first: dict[str, TextPlan] = {}
        for text in self.texts:
            first.setdefault(text.encoder, text)
        return first

    @property
    def embeddings(self) -> dict[str, TextPlan]:
        """The first text of each encoder, by name of the embedding.

        An embedding bears the name of its vocabulary, with that of the encoder if several do.
        """
        owners = list(self.encoders.values())
        names = embedding_names([(text.vocabulary, text.encoder) for text in owners])
        return dict(zip(names, owners, strict=True))


def plan_model(
    model: ModelFile,
    manifest: Manifest,
    path: str = "model file",
    scales: Mapping[str, NumberScale] | None = None,
) -> ModelPlan:
    """Matches a model file with an artifact.

    Args:
      model: what the user declared.
      manifest: of the artifact to train on.
      path: names the model file in errors.
      scales: on which number labels are learnt; a label that has none is learnt as it is.

    Raises:
      SpecError: the model file names what the artifact lacks, or asks for what does not fit it;
        a line for each mistake.
    """
    if found := list(problems(model, manifest)):
        raise SpecError(*(f"{path}: {problem}" for problem in found))
    spec = manifest.spec
    return ModelPlan(
        texts=tuple(_text(model, manifest, name) for name in spec.text_features),
        numbers=tuple(spec.numeric_features),
        dense=tuple(model.dense),
        dropout=model.dropout,
        heads=tuple(
            _head(model, manifest, name, (scales or {}).get(name))
            for name in model.labels or spec.labels
        ),
    )


def _text(model: ModelFile, manifest: Manifest, name: str) -> TextPlan:
    feature, options = manifest.spec.text_features[name], model.options(name)
    encoder = encoder_name(name, feature.vocabulary, options.share)
    return TextPlan(
        feature=name,
        encoder=encoder,
        layers=layer_prefix(encoder, manifest.spec),
        vocabulary=feature.vocabulary,
        rows=manifest.vocabulary_sizes[feature.vocabulary],
        padding=feature.padding,
        dim=embedding_dim(options.embedding),
        options=options,
    )


def _head(model: ModelFile, manifest: Manifest, name: str, scale: NumberScale | None) -> HeadPlan:
    label = manifest.spec.labels[name]
    return HeadPlan(
        name=name,
        label=label,
        classes=tuple(manifest.classes.get(name, ())),
        loss=model.loss(name, label),
        weight=model.heads.get(name, Head()).weight,
        scale=scale,
    )
