"""What encoders and embeddings are called, in the Keras model and in `embeddings/`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from preprocess.spec import Spec


def encoder_name(feature: str, vocabulary: str, is_shared: bool) -> str:
    """The encoder of a text feature; features of one vocabulary may share one, named after it."""
    return vocabulary if is_shared else feature


def layer_prefix(encoder: str, spec: Spec) -> str:
    """What begins the names of an encoder's layers, and no name of an input, head or other encoder.

    It is the encoder's name, and as many underscores for every encoder as that takes.
    """
    encoders = (*spec.text_features, *spec.vocabularies)
    names = (*spec.features, *spec.labels, *spec.vocabularies)
    gap = ""
    while any(name.startswith(f"{own}{gap}_") for own in encoders for name in names):
        gap += "_"
    return f"{encoder}{gap}"


def embedding_layer(prefix: str) -> str:
    """The embedding among the layers of an encoder."""
    return f"{prefix}_embedding"


def embedding_names(owners: Sequence[tuple[str, str]]) -> list[str]:
    """The embedding of each (vocabulary, encoder).

    Its vocabulary, with the encoder unless it is the only one; longer where that is another's.
    """
    counts = Counter(vocabulary for vocabulary, _ in owners)
    names: dict[tuple[str, str], str] = {}
    for owner in sorted(owners, key=lambda owner: counts[owner[0]]):  # the only ones come first
        name = owner[0] if counts[owner[0]] == 1 else ".".join(owner)
        while name in names.values():
            name += "_"
        names[owner] = name
    return [names[owner] for owner in owners]
