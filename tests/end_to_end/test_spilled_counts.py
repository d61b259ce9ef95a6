"""Vocabularies that are merged and sorted through files have the bytes of those in memory."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from artifact_files import contents

from beam_jobs.analysis import token_counter, token_runs, vocabulary_parts

pytestmark = [pytest.mark.slow, pytest.mark.long]

SPEC = """
features:
  text: {vocabulary: words}
  again: {vocabulary: words}
  title: {vocabulary: titles}
  note: {vocabulary: pieces, max_length: 9}
labels: {label: {kind: binary}}
vocabularies:
  words: {ties: first_seen, reserved_tokens: ["w3", "[x]"]}
  titles: {max_size: 40, min_count: 2, oov: {hash_buckets: 2}}
  pieces: {tokenizer: {kind: wordpiece, train: {vocab_size: 60}}}
splits: {by: text, fractions: {train: 0.8, test: 0.2}}
"""
MODES = {
    "one worker": ["--direct_num_workers=1"],
    "two threads": ["--direct_running_mode=multi_threading", "--direct_num_workers=2"],
    "every bundle twice": ["--direct_num_workers=1", "--direct_runner_bundle_repeat=1"],
}
TINY = {
    (token_counter, "_HELD_BYTES"): 2_000,
    (token_counter, "_MERGED_BYTES"): 500,
    (token_runs, "_BLOCK_ROWS"): 16,
    (token_runs, "_FAN_IN"): 3,
    (vocabulary_parts, "_SORTED_BYTES"): 400,
    (vocabulary_parts, "_PART_BYTES"): 4_000,
}


def _rows() -> Iterator[dict[str, object]]:
    chosen = random.Random(5)
    words = [f"w{n}" for n in range(300)] + ["é", "日本", "İ"]
    for n in range(300):
        texts = (" ".join(chosen.choices(words, k=chosen.choice([1, 2, 9]))) for _ in range(4))
        yield {**dict(zip(("text", "again", "title", "note"), texts, strict=True)), "label": n % 2}


ROWS = list(_rows())
FILES = {f"{n}.jsonl": ROWS[n * 100 : n * 100 + 100] for n in range(3)}


@pytest.fixture(scope="module")
def plain(build_once: Callable[..., Path]) -> Path:
    """Built with the bounds of every build."""
    return build_once(SPEC, FILES)


@pytest.mark.parametrize("mode", MODES)
def test_tiny_bounds_give_the_same_bytes(
    plain: Path, build_in: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    for (module, name), value in TINY.items():
        monkeypatch.setattr(module, name, value)
    assert contents(build_in(SPEC, FILES, options=MODES[mode])) == contents(plain)
