"""Ours: the command line of `text2seq build` with its defaults."""

from __future__ import annotations

import json
import sys

from peers.job import BUCKETS, LABEL, LENGTH, TEXT, WORDS, Job

_SPEC = {
    "features": {TEXT: {"kind": "text", "vocabulary": "words", "max_length": LENGTH}},
    "labels": {LABEL: {"kind": "binary"}},
    "vocabularies": {"words": {"tokenizer": {"kind": "keras"}, "max_size": WORDS, "oov": "token"}},
    "buckets": {"by": TEXT, "count": BUCKETS},
}


def command(job: Job) -> list[str]:
    """The process that builds a whole artifact."""
    spec = job.output.with_suffix(".json")
    spec.write_text(json.dumps(_SPEC))
    inputs = [part for split, path in job.splits.items() for part in ("--input", f"{split}={path}")]
    build = [sys.executable, "-m", "preprocess.cli", "build", "--spec", str(spec)]
    return [*build, *inputs, "--output", str(job.output)]
