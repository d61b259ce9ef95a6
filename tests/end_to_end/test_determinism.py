"""The same rows and spec give the same bytes, whatever runs them and whatever holds them."""

import csv
import hashlib
import io
import itertools
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tensorflow as tf
from artifact_files import (
    contents,
    manifest_of,
    raw_records,
    records_of,
    shards_of,
    stream_of,
)
from source_files import encoded, ipc

pytestmark = [pytest.mark.slow, pytest.mark.long]

SPEC = """
features:
  text: {max_length: 20}
  stars: {kind: numeric, scale: z_score}
labels:
  label: {kind: binary}
  topic: {kind: category}
  tags: {kind: multilabel}
  score: {kind: number}
vocabularies: {words: {max_size: 60}}
splits: {by: id, fractions: {train: 0.8, test: 0.2}}
keep: [id]
buckets: {count: 3}
output: {shards: 2, seed: %d}
"""
MODES = {
    "two threads": ["--direct_running_mode=multi_threading", "--direct_num_workers=2"],
    "every bundle twice": ["--direct_num_workers=1", "--direct_runner_bundle_repeat=1"],
    "two processes": ["--direct_running_mode=multi_processing", "--direct_num_workers=2"],
}


def made_rows():
    """400 rows; many words of equal count, and rows that differ in nothing but the id."""
    chosen = random.Random(3)
    words = [f"w{n}" for n in range(80)] + ["é", "日本", "İ"]
    return [
        {
            "id": f"row {n}",
            "text": " ".join(chosen.choices(words, k=chosen.choice([0, 1, 5, 9, 25]))),
            "stars": round(chosen.uniform(-3, 3), 3),
            "label": n % 2,
            "score": round(chosen.gauss(5, 3), 3),
            "topic": chosen.choice(["b", "a", "é"]),
            "tags": ",".join(chosen.sample(["x", "y", "z"], chosen.randint(0, 2))),
        }
        for n in range(400)
    ]


ROWS = made_rows()
PARTS = {f"{n}.jsonl": ROWS[n * 100 : n * 100 + 100] for n in range(4)}


@pytest.fixture(scope="module")
def plain(build_once):
    """Built by one worker in memory."""
    return build_once(SPEC % 0, PARTS)


def test_the_rows_are_dealt_out(plain):
    manifest = manifest_of(plain)
    assert manifest["rows"]["read"] == 400 and min(manifest["rows"]["written"].values()) > 40
    assert len(shards_of(plain)) == 2 * 3 * 2
    assert sum(len(raw_records(shard)) > 20 for shard in shards_of(plain)) >= 6


@pytest.mark.parametrize("mode", MODES)
def test_workers_and_modes(plain, build_in, mode):
    built = build_in(SPEC % 0, PARTS, options=MODES[mode])
    assert contents(built) == contents(plain)
    statistics = [(artifact / "statistics.json").read_bytes() for artifact in (built, plain)]
    assert statistics[0] == statistics[1]


@pytest.mark.parametrize("suffix", ["parquet", "arrow", "csv", "tfrecord"])
def test_formats(plain, build_in, suffix):
    encode = {
        "parquet": as_parquet,
        "arrow": as_arrow,
        "csv": as_csv,
        "tfrecord": as_tfrecord,
    }[suffix]
    assert contents(build_in(SPEC % 0, {f"rows.{suffix}": encode(ROWS)})) == contents(plain)


def test_names_and_order_of_files_and_rows(plain, build_in):
    shuffled = random.Random(5).sample(ROWS, len(ROWS))
    files = {"z.jsonl": shuffled[:7], "b.jsonl": [], "a.jsonl": shuffled[7:]}
    assert contents(build_in(SPEC % 0, files)) == contents(plain)


def test_another_seed_is_another_order_of_the_same_records(plain, build_in):
    other = build_in(SPEC % 1, PARTS)
    ids = {a: [r["id"] for r in records_of(a, "train")] for a in (plain, other)}
    assert ids[plain] != ids[other] and sorted(ids[plain]) == sorted(ids[other])
    by_id = [sorted(records_of(a), key=lambda record: record["id"]) for a in (plain, other)]
    assert by_id[0] == by_id[1]


def test_records_are_shuffled(plain):
    shard = max(shards_of(plain, "train"), key=lambda shard: len(raw_records(shard)))
    numbers = [int(r["id"].split()[1]) for r in records_of(plain, "train", shard.parent.name)]
    rising = sum(a < b for a, b in itertools.pairwise(numbers))
    assert 0.3 < rising / (len(numbers) - 1) < 0.7


GOLDEN_SPEC = """
features: {text: {max_length: 3}}
labels: {label: {kind: binary}}
keep: [id]
buckets: {boundaries: [3]}
output: {shards: 1, compression: none}
"""
GOLDEN_ROWS = [
    {"id": 1, "text": "b a b", "label": 0},
    {"id": 2, "text": "a b c d", "label": 1},
    {"id": 3, "text": "", "label": 1},
]


def test_golden_bytes(build_in):
    """Bytes that no release may change: ids, encoding, padding, shuffle and framing."""
    artifact = build_in(GOLDEN_SPEC, {"rows.parquet": encoded("rows.parquet", GOLDEN_ROWS)})
    [shard] = shards_of(artifact)
    assert set(raw_records(shard)) == {
        canonical({"id": 1, "label": 0, "text": [2, 3, 2], "text_length": 3}),
        canonical({"id": 2, "label": 1, "text": [3, 2, 4], "text_length": 3}),
        canonical({"id": 3, "label": 1, "text": [0, 0, 0], "text_length": 0}),
    }
    assert hashlib.sha256(stream_of(shard)).hexdigest() == (
        "b8d820cb7667a53d1528cf1239285d2235b014e7b765334e95d3b67d4d5f8d50"
    )


def canonical(record):
    """An Example whose features, a protobuf map, stand in sorted order."""
    features = b"".join(
        tf.train.Features(
            feature={name: tf.train.Feature(int64_list=tf.train.Int64List(value=values))}
        ).SerializeToString()
        for name, values in (
            (name, value if isinstance(value, list) else [value])
            for name, value in sorted(record.items())
        )
    )
    assert len(features) < 128  # a length of one byte
    return bytes([0x0A, len(features)]) + features


def as_parquet(rows):
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(with_lists(rows)), sink, row_group_size=37)
    return sink.getvalue().to_pybytes()


def as_arrow(rows):
    return ipc(pa.Table.from_pylist(with_lists(rows)), rows=37)


def as_csv(rows):
    sink = io.StringIO(newline="")
    writer = csv.DictWriter(sink, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return sink.getvalue().encode()


def as_tfrecord(rows):
    from preprocess.core.tfrecord_framing import write_records

    sink = io.BytesIO()
    write_records(sink, [as_example(row) for row in with_lists(rows)])
    return sink.getvalue()


def with_lists(rows):
    return [{**row, "tags": [tag for tag in row["tags"].split(",") if tag]} for row in rows]


def as_example(row):
    """A serialized tf.train.Example."""
    example = tf.train.Example()
    for name, value in row.items():
        values = value if isinstance(value, list) else [value]
        feature = example.features.feature[name]
        if not values or isinstance(values[0], str):
            feature.bytes_list.value.extend(v.encode() for v in values)
        elif isinstance(values[0], int):
            feature.int64_list.value.extend(values)
        else:
            feature.float_list.value.extend(values)
    return example.SerializeToString()
