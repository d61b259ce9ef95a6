"""An artifact in readable form: what was declared, read, counted and written."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from rich.console import Group, RenderableType
from rich.text import Text

from preprocess.artifact.layout import Layout, bucket_name
from preprocess.artifact.manifest import Manifest, read_manifest
from preprocess.artifact.statistics import (
    Reason,
    Statistics,
    quantiles,
    read_statistics,
    rejected_reasons,
)
from preprocess.artifact.word_index import WordIndex
from preprocess.core.escaping import escape
from preprocess.core.lazy import lazy_imports
from preprocess.inspection.text_tables import count, facts, percent, plain, section, size, table
from preprocess.spec import Spec
from preprocess.spec.labels import class_names

with lazy_imports():  # needs TensorFlow, which takes seconds to import
    from preprocess.inspection import record_samples

_MOST = 10


def inspect_artifact(artifact: str, records: int = 2) -> RenderableType:
    """The manifest and the statistics, readable, and a few records decoded back to words.

    Args:
      artifact: folder or URI that `text2seq build` made.
      records: records shown of each split; without any, TensorFlow is not imported.

    Returns:
      For `rich.console.Console.print`; plain text where that is no terminal.

    Raises:
      ArtifactError: the artifact is missing, incomplete or damaged.
    """
    manifest, layout = read_manifest(artifact), Layout(artifact)
    statistics = read_statistics(layout)
    words = {name: WordIndex.read(layout.words_tsv(name)) for name in manifest.vocabulary_sizes}
    parts = [
        _summary(layout, manifest),
        _spec(manifest.spec),
        _inputs(manifest),
        _buckets(manifest, statistics),
        _texts(manifest, statistics),
        _vocabularies(manifest, words),
    ]
    if manifest.spec.labels:
        parts.append(_labels(manifest, statistics))
    if manifest.rows.rejected:
        parts.append(_rejected(rejected_reasons(manifest, layout)))
    if records > 0:
        parts += record_samples.sample_records(manifest, layout, words, records)
    return Group(*parts)


def _summary(layout: Layout, manifest: Manifest) -> Group:
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
    return section(layout.root, facts(lines.items()))


def _spec(spec: Spec) -> Group:
    lines: list[tuple[str, str]] = []
    for group in ("features", "labels", "vocabularies"):
        items = getattr(spec, group).items()
        lines += [("" if i else group, f"{n}: {_declared(x)}") for i, (n, x) in enumerate(items)]
    lines.append(("splits", _declared(spec.splits) if spec.splits else "as the inputs name them"))
    lines.append(("keep", ", ".join(spec.keep) or "nothing"))
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
        inputs.add_row(plain(file.path), file.split or "", size(file.bytes), *numbers)
    if (hidden := len(manifest.inputs) - _MOST) > 0:
        inputs.add_row(f"and {count(hidden)} more files")
    return section("Inputs", inputs)


def _buckets(manifest: Manifest, statistics: Statistics) -> Group:
    buckets = table("split", ">tokens up to", ">records", ">share", ">padding")
    for split, total in manifest.rows.written.items():
        counted = statistics.get(split, {}).get("buckets", {})
        for i, boundary in enumerate(manifest.buckets.boundaries):
            records = manifest.records(split, boundary)
            padding = counted.get(bucket_name(boundary), {}).get("padding_fraction")
            name = plain("" if i else split)
            share = percent(records / total if total else 0)
            buckets.add_row(name, count(boundary), count(records), share, percent(padding))
        padding = percent(manifest.padding_fractions.get(split) if total else None)
        buckets.add_row("", "all", count(total), "", padding, style="bold", end_section=True)
    return section(f"Buckets by {manifest.buckets.by}", buckets)


def _texts(manifest: Manifest, statistics: Statistics) -> Group:
    texts = table("split", "feature", ">tokens", ">OOV", ">median", ">95 %", ">longest")
    for split in manifest.splits:
        features = statistics.get(split, {}).get("features", {})
        for i, (name, feature) in enumerate(features.items()):
            lengths = quantiles(feature["lengths"], (0.5, 0.95, 1.0))
            oov = percent(feature["oov_fraction"])
            numbers = (count(feature["tokens"]), oov, *map(count, lengths))
            texts.add_row(plain("" if i else split), plain(name), *numbers)
    return section("Texts", texts)


def _vocabularies(manifest: Manifest, words: Mapping[str, WordIndex]) -> Group:
    vocabularies = table("name", ">ids", ">words", "most frequent")
    for name, index in words.items():
        skipped = manifest.spec.vocabularies[name].ids.reserved
        frequent = index.by_count(skipped)[:_MOST]
        shown = _join((escape(token), index.count(token)) for token in frequent)
        numbers = count(manifest.vocabulary_sizes[name]), count(len(index) - skipped)
        vocabularies.add_row(plain(name), *numbers, shown)
    return section("Vocabularies", vocabularies)


def _labels(manifest: Manifest, statistics: Statistics) -> Group:
    labels = table("label", "kind", "split", ">classes", "most frequent")
    for name, label in manifest.spec.labels.items():
        first = (plain(name), plain(label.kind))
        if label.kind == "number":
            labels.add_row(*first)
            continue
        classes = class_names(manifest.classes, name)
        for split in manifest.splits:
            counted = statistics.get(split, {}).get("labels", {}).get(name, {})
            histogram = Counter({classes[int(i)]: n for i, n in counted.items()})
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
