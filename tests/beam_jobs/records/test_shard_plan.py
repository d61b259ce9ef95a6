"""How many shards a split and bucket get: by the histograms alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from beam_rows import JOB, RECORDS
from hypothesis import given
from hypothesis import strategies as st

from beam_jobs.job import Job
from beam_jobs.records import MergeHistograms, RecordPlan, histograms, plan_records, shard_plan
from beam_jobs.records.shard_plan import padded_bytes, shards_by_size, shards_of_split
from beam_jobs.sources import SourceFile
from preprocess.spec import parse_spec
from preprocess.spec.output import MAX_FILES

MB = 1 << 20
TEXTS = "features: {text: {max_length: 9}, title: {max_length: 3}}\n"


def _job(spec: str, files: Sequence[SourceFile] = JOB.files) -> Job:
    job = replace(JOB, spec=parse_spec(spec), files=files)
    job.__dict__["splits"] = ["train", "test"]
    return job


def _planned(job: Job, batches: Sequence[tuple[int, Sequence[int]]]) -> RecordPlan:
    """The plan of (split, lengths of text and title) of each batch."""
    merge = MergeHistograms()
    counted = [
        histograms(split, {name: np.asarray(lengths, np.int64) for name in ("text", "title")})
        for split, lengths in batches
    ]
    return plan_records(merge.merge_accumulators(counted), job)


def test_a_record_is_eight_bytes_a_value() -> None:
    # text, title, tags of three classes, place of two numbers; eleven single ones with the lengths
    assert [padded_bytes(RECORDS, boundary) for boundary in (2, 4)] == [8 * 18, 8 * 20]


@pytest.mark.parametrize(
    ("records", "record_bytes", "shards"),
    [
        ([0], [8], [1]),
        ([1], [8], [1]),
        ([MB], [128], [1]),
        ([MB + 1], [128], [2]),
        ([1], [3 * 128 * MB], [3]),
        ([0, MB, 10 * MB], [64, 256, 2080], [1, 2, 163]),
        ([10_000_000_000, 0], [8 * 1_000_000, 8], [99_998, 1]),
        ([10**15] * 1_000, [8 * 10**6] * 1_000, [99] * 1_000),
    ],
)
def test_a_shard_of_128_mb(records: list[int], record_bytes: list[int], shards: list[int]) -> None:
    assert shards_by_size(records, record_bytes) == shards


@given(
    st.lists(st.tuples(st.integers(0, 10**12), st.integers(8, 10**9)), min_size=1, max_size=1_024)
)
def test_files_of_a_split_are_bounded_and_shards_are_even(buckets: list[tuple[int, int]]) -> None:
    shards = shards_by_size(*zip(*buckets, strict=True))
    sizes = [records * record_bytes for records, record_bytes in buckets]
    assert all(number >= 1 for number in shards) and sum(shards) <= MAX_FILES
    most = max(128 * MB, -(-sum(sizes) // (MAX_FILES - len(buckets))))
    assert all(size <= number * most for size, number in zip(sizes, shards, strict=True))
    assert all(n == 1 or size > (n - 1) * most for size, n in zip(sizes, shards, strict=True))


def test_records_are_counted_by_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shard_plan, "SHARD_BYTES", 400)
    auto = replace(RECORDS, spec=parse_spec("features: {text: {}, title: {}}"))
    small = [8 * (boundary + 3 + 2 + 2) for boundary in (2, 4)]  # two kept columns
    assert [padded_bytes(auto, boundary) for boundary in (2, 4)] == small == [72, 88]
    # seven of at most two tokens are 504 bytes, ten of more are 880; none are longer than four
    assert shards_of_split(np.array([1, 2, 4, 0, 10, 0, 0]), auto) == [2, 3]
    assert shards_of_split(np.zeros(1, np.int64), auto) == [1, 1]


def test_a_fixed_number_is_of_every_bucket() -> None:
    job = _job(f"{TEXTS}buckets: {{boundaries: [4, 9]}}\noutput: {{shards: 7}}")
    assert _planned(job, [(0, [1, 9])]).shards == [[7, 7], [7, 7]]


def test_a_split_without_rows_has_a_shard_a_bucket() -> None:
    job = _job(f"{TEXTS}buckets: {{boundaries: [4, 9]}}")
    assert _planned(job, [(0, [1, 9])]).shards == [[1, 1], [1, 1]]
    assert _planned(job, []).shards == [[1, 1], [1, 1]]


@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9)), min_size=1, max_size=60),
    st.integers(1, 60),
    st.randoms(use_true_random=False),
)
def test_the_plan_follows_from_the_lengths_alone(rows, step, chance) -> None:
    """However rows are batched, and whatever files of whatever size and format they lie in."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shard_plan, "SHARD_BYTES", 300)
        job = _job(f"{TEXTS}buckets: {{boundaries: [2, 9]}}")
        expected = _planned(job, [(split, [length]) for split, length in rows])
        assert expected.shards == [
            [
                max(1, -(-8 * (b + 3 + 2) * _within(rows, split, low, b) // 300))
                for low, b in ((-1, 2), (2, 9))
            ]
            for split in (0, 1)
        ]
        chance.shuffle(rows)
        batches = [rows[start : start + step] for start in range(0, len(rows), step)]
        by_split = [(s, [n for t, n in batch if t == s]) for batch in batches for s in (0, 1)]
        files = [SourceFile(0, "b.parquet", 10**12, None, "parquet")] * 3
        other = _job(f"{TEXTS}buckets: {{boundaries: [2, 9]}}", files)
        assert _planned(other, by_split).shards == expected.shards


def _within(rows: list[tuple[int, int]], split: int, low: int, high: int) -> int:
    return sum(1 for s, length in rows if s == split and low < length <= high)
