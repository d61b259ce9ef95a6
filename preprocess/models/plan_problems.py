"""What keeps a model file from fitting an artifact: a line for each mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from preprocess.artifact.manifest import Manifest
from preprocess.core.maxima import MAX_EMBEDDING
from preprocess.model_file import Embedding, ModelFile
from preprocess.spec.checks import did_you_mean
from preprocess.spec.labels import class_key
from preprocess.vectors import vector_width

_DEFAULT_DIM = 32


def embedding_dim(embedding: Embedding) -> int:
    """The width of an embedding: as declared, else that of its vectors, else the default."""
    if embedding.dim is None and embedding.vectors is not None:
        return vector_width(embedding.vectors)
    return embedding.dim or _DEFAULT_DIM


def problems(model: ModelFile, manifest: Manifest) -> Iterator[str]:
    """A line for each way in which a model file does not fit an artifact."""
    spec = manifest.spec
    yield from _unknown("features", model.features, spec.text_features, "a text feature")
    yield from _unknown("heads", model.heads, spec.labels, "a label")
    yield from _unknown("labels", model.labels or (), spec.labels, "a label")
    weighted = model.training.class_weights
    yield from _unknown("training.class_weights", weighted, spec.labels, "a label")
    if not spec.labels:
        yield (
            "got an artifact without labels, expected at least one to train on; "
            "declare labels in the spec and build again"
        )
    for name in set(model.heads) & set(spec.labels):
        yield from _misfit(model, manifest, name)
    for name in set(weighted) & set(spec.labels):
        yield from _misweighted(model, manifest, name)
    yield from _missing_words(manifest)
    yield from _missing_classes(model, manifest)
    yield from _colliding(model, manifest)
    if not set(model.features) - set(spec.text_features):
        yield from _unlike(model, manifest)
        yield from _wrong_width(model, manifest)
        yield from _too_large(model, manifest)


def _unknown(
    key: str,
    names: Mapping[str, object] | list[str] | tuple[()],
    known: Mapping[str, object],
    what: str,
) -> Iterator[str]:
    for name in names:
        if name not in known:
            remedy = did_you_mean(name, list(known)) if known else "remove it"
            yield f"{key}.{name}: got {name!r}, expected {what} of the artifact; {remedy}"


def _misfit(model: ModelFile, manifest: Manifest, name: str) -> Iterator[str]:
    label, loss = manifest.spec.labels[name], model.heads[name].loss
    if loss is not None and loss not in label.losses:
        yield (
            f"heads.{name}.loss: got {loss!r}, expected one that fits a {label.kind} label "
            f"({', '.join(label.losses)}); change or remove it"
        )
    if model.labels is not None and name not in model.labels:
        yield (
            f"heads.{name}: got a head for a label that `labels` leaves out, expected one of "
            f"{', '.join(model.labels)}; add {name!r} to labels or remove the head"
        )


def _misweighted(model: ModelFile, manifest: Manifest, name: str) -> Iterator[str]:
    label, weights = manifest.spec.labels[name], model.training.class_weights[name]
    if not label.has_one_class:
        yield (
            f"training.class_weights.{name}: got weights for a {label.kind} label, expected a "
            "binary or category one; remove them"
        )
    elif not isinstance(weights, str):
        known = dict.fromkeys(manifest.class_names(name))
        key = f"training.class_weights.{name}"
        yield from _unknown(key, weights.classes, known, "a class")


def _missing_words(manifest: Manifest) -> Iterator[str]:
    for vocabulary, rows in manifest.vocabulary_sizes.items():
        if rows < 2:
            yield (
                f"got the vocabulary {vocabulary!r} without a single word, expected words to learn "
                "from; build the artifact again with other texts or a lower min_count"
            )


def _missing_classes(model: ModelFile, manifest: Manifest) -> Iterator[str]:
    for name in model.labels or manifest.spec.labels:
        label = manifest.spec.labels.get(name)
        if label is not None and label.learns_classes and not manifest.classes.get(name):
            yield (
                f"got the {label.kind} label {name!r} without a class in the train split, expected "
                "at least one; leave it out by `labels`, or build again with rows that have some"
            )


def _colliding(model: ModelFile, manifest: Manifest) -> Iterator[str]:
    """Serving answers `LABEL_class` for a category, which may be another label's name."""
    labels = model.labels or list(manifest.spec.labels)
    for name in labels:
        key = class_key(name)
        label = manifest.spec.labels.get(name)
        if key in labels and label is not None and label.decision == "likeliest":
            yield (
                f"got the labels {name!r} and {key!r}, expected other names, as serving answers "
                f"the class of {name!r} as {key!r}; rename a column, or leave one out by `labels`"
            )


def _unlike(model: ModelFile, manifest: Manifest) -> Iterator[str]:
    """Features that share an encoder, but declare it differently."""
    first: dict[str, str] = {}
    spec = manifest.spec
    for name, feature in spec.text_features.items():
        options = model.options(name)
        if not options.share:
            continue
        if feature.vocabulary in spec.text_features and not model.options(feature.vocabulary).share:
            yield (
                f"features.{name}: got share: true for the vocabulary {feature.vocabulary!r}, "
                "expected no feature of that name with an encoder of its own; rename the vocabulary"
            )
        other = first.setdefault(feature.vocabulary, name)
        if options != model.options(other):
            yield (
                f"features.{name}: got options that differ from those of {other!r}, expected the "
                f"same, as both share the vocabulary {feature.vocabulary!r} and say share: true; "
                "set them under text, or share: false for one"
            )


def _wrong_width(model: ModelFile, manifest: Manifest) -> Iterator[str]:
    for name in manifest.spec.text_features:
        embedding = model.options(name).embedding
        if embedding.dim is None or embedding.vectors is None:
            continue
        width = vector_width(embedding.vectors)
        if width != embedding.dim:
            yield (
                f"features.{name}.embedding.dim: got {embedding.dim}, expected {width}, the width "
                f"of the vectors in {embedding.vectors}; set dim: {width} or leave it out"
            )


def _too_large(model: ModelFile, manifest: Manifest) -> Iterator[str]:
    for name, feature in manifest.spec.text_features.items():
        rows, dim = (
            manifest.vocabulary_sizes[feature.vocabulary],
            embedding_dim(model.options(name).embedding),
        )
        if rows * dim > MAX_EMBEDDING:
            yield (
                f"features.{name}.embedding: got {rows:,} ids of {dim:,} numbers, expected at most "
                f"{MAX_EMBEDDING:,} numbers together; lower dim, or the vocabulary's max_size"
            )
