"""Ours: `text2seq build` with its defaults."""

from __future__ import annotations

import json
from pathlib import Path

import peers.addons  # noqa: F401
from beam_jobs.build import build
from peers.job import BUCKETS, LABEL, LENGTH, SHARDS, TEXT, WORDS, Job

_SPEC = {
    "features": {TEXT: {"kind": "text", "vocabulary": "words", "max_length": LENGTH}},
    "labels": {LABEL: {"kind": "binary"}},
    "vocabularies": {"words": {"tokenizer": {"kind": "keras"}, "max_size": WORDS, "oov": "token"}},
    "buckets": {"by": TEXT, "count": BUCKETS},
    "output": {"shards": SHARDS, "compression": "gzip"},
}


def run(job: Job) -> None:
    """Builds a whole artifact."""
    inputs = [f"{split}={path}" for split, path in job.splits.items()]
    build(str(_spec_beside(job.output)), inputs, str(job.output), beam_options=job.beam_options)


def _spec_beside(output: Path) -> Path:
    path = output.with_suffix(".json")
    path.write_text(json.dumps(_SPEC))
    return path
