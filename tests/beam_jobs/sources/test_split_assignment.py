"""Which split a row falls into."""

from __future__ import annotations

import pyarrow as pa
import pytest

from beam_jobs.sources import SourceFile, hash_split, split_names
from beam_jobs.sources.split_assignment import assign_splits
from preprocess.spec import HashSplit, parse_spec

FRACTIONS = {"train": 0.8, "validation": 0.1, "test": 0.1}


# BLAKE2b of these texts, 8 bytes, as a fraction of 2^64. They must never change.
@pytest.mark.parametrize(
    ("value", "fraction"),
    [
        (b"0", 0.516288615126363),
        (b"1", 0.9647866495940683),
        (b"2", 0.10919374017742965),
        (b"007", 0.28580475644860037),
        (b"true", 0.9586404431642171),
        ("ü".encode(), 0.3357180333125356),
        (b"train-1", 0.9701435150066505),
        (b"", 0.8931675160897388),
    ],
)
def test_hash_is_pinned(value, fraction):
    assert hash_split(value, {"a": fraction - 1e-9, "b": 1 - fraction + 1e-9}) == 1
    assert hash_split(value, {"a": fraction + 1e-9, "b": 1 - fraction - 1e-9}) == 0


@pytest.mark.parametrize(("value", "index"), [(b"0", 0), (b"", 1), (b"1", 2)])
def test_cumulative_fractions(value, index):
    assert hash_split(value, FRACTIONS) == index


def test_fractions_that_round_below_one_leave_no_gap():
    tenths = {str(i): 0.1 for i in range(10)}
    assert max(hash_split(str(i).encode(), tenths) for i in range(2000)) == 9


def test_deal_by_hash():
    values = pa.array([b"0", None, b"1", b"0"], pa.binary())
    got = assign_splits(values, HashSplit(by="id", fractions=FRACTIONS))
    assert (got.type, got.to_pylist()) == (pa.int32(), [0, None, 2, 0])


def test_shares_are_as_declared():
    values = pa.array([str(i).encode() for i in range(20_000)], pa.binary())
    counts = (
        assign_splits(values, HashSplit(by="id", fractions=FRACTIONS)).value_counts().to_pylist()
    )
    shares = {count["values"]: count["counts"] / 20_000 for count in counts}
    assert shares == pytest.approx({0: 0.8, 1: 0.1, 2: 0.1}, abs=0.01)


@pytest.mark.parametrize("format", ["jsonl", "csv", "tsv", "parquet", "tfrecord"])
def test_formats_agree(read, write, format):
    spec = "features: {text: {}}\nsplits: {by: id, fractions: {train: 0.5, test: 0.5}}"
    rows = [{"text": str(i), "id": i} for i in range(40)]
    got = read(spec, write(f"a.{format}", rows))
    assigned = {int(row["text"]): row["_split"] for row in got.rows}
    assert assigned == {i: hash_split(str(i).encode(), {"a": 0.5, "b": 0.5}) for i in range(40)}


@pytest.mark.parametrize(
    ("spec", "splits", "expected"),
    [
        ("", [None], ["train"]),
        ("", ["test", None, "dev"], ["train", "test", "dev"]),
        ("", ["test", "train"], ["train", "test"]),
        ("splits: {by: i, fractions: {x: 0.5, train: 0.5}}", [None], ["x", "train"]),
        ("splits: {column: i, map: {a: dev, b: train, c: dev}}", [None], ["dev", "train"]),
    ],
)
def test_split_names(spec, splits, expected):
    files = [SourceFile(i, f"{i}.txt", 1, split, "txt") for i, split in enumerate(splits)]
    assert split_names(parse_spec(f"features: {{text: {{}}}}\n{spec}"), files) == expected
