"""What a notebook shows of an artifact or a model."""

from __future__ import annotations

from html import escape

from preprocess.artifact.manifest import Manifest
from preprocess.trained_model.model_manifest import ModelManifest

_LEFT = 'style="text-align: left"'


def artifact_table(path: str, manifest: Manifest) -> str:
    """An artifact as an HTML table: rows, features, labels, vocabularies, buckets."""
    rows, spec = manifest.rows, manifest.spec
    records = ", ".join(f"{count:,} {split}" for split, count in rows.written.items())
    words = (f"{name} ({size:,} ids)" for name, size in manifest.vocabulary_sizes.items())
    boundaries = ", ".join(map(str, manifest.buckets.boundaries))
    return _table(
        f"Artifact {path}",
        {
            "records": f"{records} of {rows.read:,} rows; {rows.rejected:,} rejected",
            "features": _kinds({name: f.kind for name, f in spec.features.items()}),
            "labels": _kinds({name: label.kind for name, label in spec.labels.items()}),
            "vocabularies": ", ".join(words),
            "buckets": f"{boundaries} tokens; padding {manifest.padding_fraction:.1%}",
        },
    )


def model_table(path: str, manifest: ModelManifest) -> str:
    """A trained model as an HTML table: what it takes and answers, and how training went."""
    return _table(
        f"Model {path}",
        {
            "takes": ", ".join(manifest.features),
            "answers": _kinds(manifest.labels),
            "training": manifest.summary,
            "embeddings": ", ".join(
                f"{name} ({table.dim} numbers)" for name, table in manifest.embeddings.items()
            ),
        },
    )


def _kinds(kinds: dict[str, str]) -> str:
    return ", ".join(f"{name} ({kind})" for name, kind in kinds.items()) or "none"


def _table(title: str, facts: dict[str, str]) -> str:
    rows = "".join(_row(name, fact) for name, fact in facts.items())
    return f"<table><caption>{escape(title)}</caption><tbody>{rows}</tbody></table>"


def _row(*cells: str) -> str:
    name, fact = map(escape, cells)
    return f"<tr><th {_LEFT}>{name}</th><td {_LEFT}>{fact}</td></tr>"
