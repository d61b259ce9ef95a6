"""Every kind of encoder that a model file may name, with small options."""

from __future__ import annotations

from typing import Any

from preprocess.encoders import AnyEncoder

[_ONE_OF] = AnyEncoder.__metadata__
ENCODER_KINDS = {kind.model_fields["kind"].default: kind for kind in _ONE_OF.kinds}
"""The options of each kind, by name."""

# What a kind may offer beside its defaults; each is tried with the kinds that have all its options.
VARIANTS: dict[str, dict[str, Any]] = {
    "layers": {"layers": 2},
    "bidirectional": {"bidirectional": True, "layers": 2},
    "max": {"pooling": "max", "bidirectional": True},
    "mean": {"pooling": "mean"},
}


def small_encoder(kind: str, **options: Any) -> dict[str, Any]:
    """An `encoder:` of few weights; options that the kind lacks are left out."""
    known = ENCODER_KINDS[kind].model_fields
    return {"kind": kind, **{k: v for k, v in {"units": 4, **options}.items() if k in known}}


def small_encoders() -> dict[str, dict[str, Any]]:
    """Blocks `text:` of a model file, by name: each kind alone, projected, and its variants."""
    blocks: dict[str, dict[str, Any]] = {}
    for kind, options in ENCODER_KINDS.items():
        blocks[kind] = {"encoder": small_encoder(kind)}
        blocks[f"{kind} projection"] = {**blocks[kind], "projection": {"units": 5}}
        for name, variant in VARIANTS.items():
            if variant.keys() <= options.model_fields.keys():
                blocks[f"{kind} {name}"] = {"encoder": small_encoder(kind, **variant)}
    return blocks
