"""The bytes of records and vocabularies, pinned: what changes them on purpose updates the pins.

A refactoring must not move one bit of an id, a record or a vocabulary. When a change means to, run
this test, read its difference, and say in the commit why the bytes are other ones.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from artifact_files import manifest_of, shards_of, stream_of
from source_files import encoded

SPEC = """
features:
  text: {vocabulary: words, max_length: 12, truncating: pre}
  title: {vocabulary: titles, max_length: 4, padding: pre}
  note: {vocabulary: notes}
  stars: {kind: numeric, scale: z_score}
  price: {kind: numeric, scale: min_max}
labels:
  label: {kind: binary}
  topic: {kind: category}
  tags: {kind: multilabel, separator: "|"}
  score: {kind: number}
  scores: {kind: number, size: 2}
vocabularies:
  words: {tokenizer: {kind: keras}, max_size: 9, oov: drop, ties: first_seen}
  titles: {tokenizer: {kind: whitespace}, max_size: 5, oov: {hash_buckets: 3}}
  notes: {tokenizer: {kind: characters}, min_count: 2, oov: token, reserved_tokens: ["<sep>"]}
splits: {by: id, fractions: {train: 0.7, test: 0.3}}
keep: [id, year]
buckets: {by: text, count: 2}
output: {shards: 2, compression: gzip, seed: 7}
"""
WORDS = (
    "The",
    "cat,",
    "sat",
    "on",
    "İstanbul",
    "日本",
    "e\u0301",
    "😀",
    "Σ",
    "don't",
    "tab\there",
    "x",
)
TOPICS = ("art", "Sport", "é")
TAGS = ("a", "b\\c", "日", "d")


def _row(n: int) -> dict[str, object]:
    """Row `n`, by arithmetic alone, so that no library decides about the corpus."""
    words = [WORDS[(n * n + 5 * i * i + i) % len(WORDS)] for i in range((7 * n) % 17)]
    return {
        "id": f"row-{n}",
        "year": 2000 + n % 9,
        "text": " ".join(words),
        "title": "  ".join(words[n % 3 : n % 3 + 6]),
        "note": "\n".join(words[:2]),
        "stars": (n * 37 % 101) / 8,
        "price": -float(n * n % 53),
        "label": n % 2,
        "topic": TOPICS[n // 2 % 3],
        "tags": "|".join(TAGS[: n % 5]),
        "score": n / 4,
        "scores": [n / 2, -n / 8],
    }


VOCABULARIES = {
    "notes.json": "8520c66da7c4f807755b47f73d54b4ba2f1c3a9f31cf3502631080a5bbd82766",
    "notes.tsv": "c4c77bcc57632dcde2f1c077e88a02f61afdd96993eee4eeb2298b8aa0d008ef",
    "tags.classes.txt": "869aee75e5b433e94550e80593cd63d6787b67a8b86ac710b70d8ed4b77aa684",
    "titles.json": "2551a6159a933ae8e52390eaeacd2ec26b6eb1d1fd74b2a8b320346cf439e5ca",
    "titles.tsv": "97b675420435ff496278f7815cf661d0f3a9217a7703eb5da17c7a5b93ae2078",
    "topic.classes.txt": "f94363625685743ad682610f3b39075cde9648a228244525e5de3ec29e2f4878",
    "words.json": "b9bb8b98a09d105afdb76e480462b8b14dd8e4031aa4689666fd95a75f3223b8",
    "words.tsv": "65556a587a8822ad9288c2f55070e101d9c9f65ba0d3bea45dcc1d4023afd6d1",
}
RECORDS = {
    "test/bucket-00007/0": "ffb8936b21464e6f9f2c39bae5f0f24253c398c068969c887bb33d80133a75f5",
    "test/bucket-00007/1": "0ae36aa042b5b22a46efb689ca9407115bdeb8991d0e0caa52c43ad31cae3a2b",
    "test/bucket-00012/0": "09ef28f34b37f7063cc6f50aaa73a86576311f20fdcd09194d5d6daaa9e419d2",
    "test/bucket-00012/1": "f64d7a869ebcfea48517dea4b8746e9497e8d0f45710073277015da4479bdcd2",
    "train/bucket-00007/0": "21afe65de8e6f4a73b7187e61c29f8e44a4eeecd89b9098eae19a85909932fc1",
    "train/bucket-00007/1": "799577988775e754d9ffc8be6416020eacf520012e373776089259f0e45ca3fe",
    "train/bucket-00012/0": "2a62b1deeaf1f3f1176892341fd336bd453b3b6b467840956ae5bc6c97f36827",
    "train/bucket-00012/1": "438dd9c1411c894ea31ed36420643ec9d1197f4ee7d0238c9e338fccf80a1333",
}


@pytest.fixture(scope="module")
def pinned(build_once):
    rows = [_row(n) for n in range(240)]  # as Parquet, which declares that a year is an integer
    return build_once(SPEC, {"rows.parquet": encoded("rows.parquet", rows)})


def test_the_vocabularies_have_the_pinned_bytes(pinned):
    paths = sorted((pinned / "vocabulary").iterdir())
    assert {path.name: _sha256(path.read_bytes()) for path in paths} == VOCABULARIES


def test_the_records_have_the_pinned_bytes(pinned):
    found = {_shard_name(path): _sha256(stream_of(path)) for path in shards_of(pinned)}
    assert found == RECORDS


def test_the_pinned_corpus_has_two_buckets_and_all_that_a_record_can_hold(pinned):
    manifest = manifest_of(pinned)
    assert len(manifest["buckets"]["boundaries"]) == 2
    assert manifest["rows"] == {"read": 240, "written": manifest["rows"]["written"], "rejected": 0}
    assert all(count > 50 for count in manifest["rows"]["written"].values())
    assert set(manifest["kept"]) == {"id", "year"}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _shard_name(path: Path) -> str:
    """Such as `train/bucket-00012/1`."""
    part = path.name.removeprefix("part-").partition("-of-")[0]
    return f"{path.parent.parent.name}/{path.parent.name}/{int(part)}"
