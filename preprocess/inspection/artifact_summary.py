"""An artifact in readable form: what was declared, read, counted and written."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from rich.console import Group, RenderableType
from rich.text import Text

from preprocess.artifact.advice import advice
from preprocess.artifact.manifest import Manifest
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.artifact.rejected_reasons import Reason
from preprocess.core.escaping import escape
from preprocess.core.lazy import lazy_imports
from preprocess.inspection.text_tables import count, facts, percent, plain, section, size, table
from preprocess.spec import Spec

with lazy_imports():  # needs TensorFlow, which takes seconds to import
    from preprocess.inspection import record_samples

_MOST = 10


def inspect_artifact(artifact: OpenedArtifact, records: int = 2) -> RenderableType:
    """The manifest and the statistics, readable, and a few records decoded back to words.

    Args:
      artifact: is shown.
      records: records shown of each split; without any, TensorFlow is not imported.

    Returns:
      For `rich.console.Console.print`; plain text where that is no terminal.

    Raises:
      ArtifactError: a part of the artifact is missing or damaged.
    """
    parts = [
        _summary(artifact),
        _spec(artifact.spec),
        _inputs(artifact.manifest),
        _buckets(artifact),
        _texts(artifact),
        _vocabularies(artifact),
    ]
    if artifact.spec.labels:
        parts.append(_labels(artifact))
    if artifact.manifest.rows.rejected:
        parts.append(_rejected(artifact.rejected_reasons()))
    if lines := list(advice(artifact)):
        parts.append(section("Advice", Group(*map(plain, lines))))
    if records > 0:
        parts += record_samples.sample_records(artifact, records)
    return Group(*parts)


def _summary(artifact: OpenedArtifact) -> Group:
    manifest = artifact.manifest
    rows, versions = manifest.rows, manifest.versions.items()
    splits = ", ".join(f"{split} {count(n)}" for split, n in rows.written.items())
    total = sum(file.bytes for file in manifest.files)
    lines = {
        "records": f"{count(sum(rows.written.values()))} ({splits})",
        "rows": f"{count(rows.read)} read, {count(rows.rejected)} rejected",
        "padding": f"{percent(manifest.padding_fraction)} of the tokens of {manifest.buckets.by}",
        "files": f"{count(len(manifest.files))}, {size(total)}",
        "format": f"version {manifest.format_version}",
        "made by": ", ".join(f"{name} {version}" for name, version in versions),
        "op libraries": ", ".join(manifest.op_libraries) or "none beside TensorFlow's own",
    }
    if manifest.dictionaries:
        used = manifest.dictionaries.items()
        lines["dictionaries"] = ", ".join(f"{name}: {d.name} {d.version}" for name, d in used)
    return section(artifact.path, facts(lines.items()))


def _spec(spec: Spec) -> Group:
    lines: list[tuple[str, str]] = []
    for group in ("features", "labels", "vocabularies"):
        items = getattr(spec, group).items()
        lines += [("" if i else group, f"{n}: {_declared(x)}") for i, (n, x) in enumerate(items)]
    lines.append(("splits", _declared(spec.splits) if spec.splits else "as the inputs name them"))
    lines.append(("keep", ", ".join(spec.kept) or "nothing"))
    lines += [(key, _declared(getattr(spec, key))) for key in ("buckets", "rejects", "output")]
    return section("Spec", facts(lines))


def _declared(item: BaseModel) -> str:
    """Kind and options, those that say nothing left out."""
    unused = set(getattr(item, "unused_keys", ()))
    options = item.model_dump(mode="json", exclude_none=True, exclude=unused)
    kind = options.pop("kind", None)
    if tokenizer := getattr(item, "tokenizer", None):
        changed = tokenizer.model_dump(mode="json", exclude_defaults=True)
        options["tokenizer"] = {"kind": tokenizer.kind, **changed}
    shown = [f"{key} {_value(value)}" for key, value in options.items() if value != []]
    return ", ".join([kind, *shown] if kind else shown)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_value(item)}" for key, item in value.items()) + "}"
    is_word = isinstance(value, str) and re.fullmatch(r"\w+", value)
    return value if is_word else json.dumps(value, ensure_ascii=False)


def _inputs(manifest: Manifest) -> Group:
    inputs = table("file", "split", ">size", ">rows", ">written", ">rejected")
    for file in manifest.inputs[:_MOST]:
        numbers = (count(n) for n in (file.read, file.written, file.rejected))
        inputs.add_row(plain(file.title), plain(file.split or ""), size(file.bytes), *numbers)
    if (hidden := len(manifest.inputs) - _MOST) > 0:
        inputs.add_row(f"and {count(hidden)} more files")
    return section("Inputs", inputs)


def _buckets(artifact: OpenedArtifact) -> Group:
    plan = artifact.manifest.buckets
    buckets = table("split", ">tokens up to", ">records", ">shards", ">share", ">padding")
    for split, total in artifact.manifest.rows.written.items():
        counted = artifact.statistics.of(split)
        for i, boundary in enumerate(plan.boundaries):
            records, bucket = artifact.records(split, boundary), counted.bucket(boundary)
            shards = count(len(artifact.shards(split, boundary)))
            name = plain("" if i else split)
            share = percent(records / total if total else 0)
            padding = percent(bucket.padding_fraction if bucket.records else None)
            buckets.add_row(name, count(boundary), count(records), shards, share, padding)
        padding = percent(counted.padding_fraction if total else None)
        buckets.add_row("", "all", count(total), "", "", padding, style="bold", end_section=True)
    return section(f"Buckets by {plan.by}", buckets)


def _texts(artifact: OpenedArtifact) -> Group:
    """Lengths are those of records but the last, which `max_length` has not touched."""
    columns = (">tokens", ">OOV", ">median", ">95 %", ">longest", ">before cutting")
    texts = table("split", "feature", *columns)
    for split in artifact.manifest.splits:
        for i, (name, feature) in enumerate(artifact.statistics.of(split).features.items()):
            lengths = feature.quantiles((0.5, 0.95, 1.0))
            uncut = count(feature.longest) if feature.longest or not feature.tokens else ""
            rates = (count(feature.tokens), percent(feature.oov_fraction))
            numbers = (*rates, *map(count, lengths), uncut)
            texts.add_row(plain("" if i else split), plain(name), *numbers)
    return section("Texts", texts)


def _vocabularies(artifact: OpenedArtifact) -> Group:
    vocabularies = table("name", ">ids", ">words", "most frequent")
    for name, ids in artifact.manifest.vocabulary_sizes.items():
        index, skipped = artifact.word_index(name), artifact.spec.vocabularies[name].ids.reserved
        frequent = index.by_count(skipped)[:_MOST]
        shown = _join((escape(token), index.count(token)) for token in frequent)
        vocabularies.add_row(plain(name), count(ids), count(len(index) - skipped), shown)
    return section("Vocabularies", vocabularies)


def _labels(artifact: OpenedArtifact) -> Group:
    labels = table("label", "kind", "split", ">classes", "most frequent")
    for name, label in artifact.spec.labels.items():
        first = (plain(name), plain(label.kind))
        if not label.has_classes:
            labels.add_row(*first)
            continue
        classes = artifact.classes(name)
        for split in artifact.manifest.splits:
            counted = artifact.statistics.of(split).labels.get(name, {})
            histogram = Counter({classes[index]: n for index, n in counted.items()})
            shown = _join((escape(c), n) for c, n in histogram.most_common(_MOST))
            labels.add_row(*first, plain(split), count(len(histogram)), shown)
            first = (plain(""), plain(""))
    return section("Labels", labels)


def _rejected(reasons: list[Reason]) -> Group:
    rejected = table(">rows", "reason")
    for reason in reasons[:_MOST]:
        rejected.add_row(count(reason.rows), plain(reason.text))
    if hidden := reasons[_MOST:]:
        rows = sum(reason.rows for reason in hidden)
        rejected.add_row(count(rows), f"{count(len(hidden))} other reasons")
    return section("Rejected rows", rejected)


def _join(counts: Iterable[tuple[str, int]]) -> Text:
    pairs = (Text.assemble(plain(name), " ", (count(n), "dim")) for name, n in counts)
    return Text(" · ").join(pairs)
