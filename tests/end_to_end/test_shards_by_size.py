"""Shards whose number follows from the size of the records, in whole builds."""

import pytest
from artifact_files import contents, manifest_of, raw_records, records_of, shards_of, stream_of
from source_files import encoded

from beam_jobs.records import shard_plan

SPEC = """
features: {text: {max_length: 4}}
buckets: {boundaries: [2, 4]}
keep: [id]
"""
ROWS = [{"id": f"row {n}", "text": "a b c d"[: 1 + 2 * (n % 4)]} for n in range(200)]
FILES = {"train=a.jsonl": ROWS, "test=b.jsonl": ROWS[:4]}
THREADS = ["--direct_running_mode=multi_threading", "--direct_num_workers=2"]
PROCESSES = ["--direct_running_mode=multi_processing", "--direct_num_workers=2"]


def _counts(artifact):
    """Shards by split and bucket, in the order of their names."""
    folders = [path.relative_to(artifact / "examples").parent for path in shards_of(artifact)]
    return {str(folder): folders.count(folder) for folder in folders}


@pytest.fixture
def small_shards(monkeypatch):
    monkeypatch.setattr(shard_plan, "SHARD_BYTES", 1_500)


def test_a_small_corpus_has_a_shard_a_bucket(build_in, agrees):
    artifact = build_in(SPEC, FILES)
    assert set(_counts(artifact).values()) == {1}
    assert {path.name for path in shards_of(artifact)} == {"part-00000-of-00001.tfrecord.gz"}
    assert manifest_of(artifact)["spec"]["output"]["shards"] == "auto"
    agrees(artifact)


def test_every_bucket_has_its_own_number_of_shards(build_in, agrees, small_shards):
    artifact = build_in(SPEC, FILES)
    # 100 records each of 8 * (2 + 2) and of 8 * (4 + 2) bytes
    assert _counts(artifact) == {
        "test/bucket-00002": 1,
        "test/bucket-00004": 1,
        "train/bucket-00002": 3,
        "train/bucket-00004": 4,
    }
    names = [path.name for path in shards_of(artifact, "train", "bucket-00002")]
    assert names == [f"part-0000{n}-of-00003.tfrecord.gz" for n in range(3)]
    assert all(len(raw_records(shard)) > 10 for shard in shards_of(artifact, "train"))
    fixed = build_in(f"{SPEC}output: {{shards: 1}}", FILES, output="fixed")
    found = [sorted(records_of(a), key=lambda r: r["id"]) for a in (artifact, fixed)]
    assert found[0] == found[1] and len(found[0]) == 204
    agrees(artifact)


def test_workers_and_formats_change_nothing(build_in, small_shards):
    plain = build_in(SPEC, FILES)
    threads = build_in(SPEC, FILES, output="threads", options=THREADS)
    halves = {"train=1.parquet": encoded("1.parquet", ROWS[::2]), "train=2.jsonl": ROWS[1::2]}
    other = build_in(SPEC, halves | {"test=b.jsonl": ROWS[:4]}, output="other")
    assert len(shards_of(plain)) == 9
    assert contents(plain) == contents(threads) == contents(other)


@pytest.mark.slow
@pytest.mark.long
def test_shards_of_128_mb_in_every_mode(build_in):
    """Records of 480 kB, of padding alone: 144 MB in one bucket, 48 MB in the other."""
    spec = SPEC.replace("{max_length: 4}", "{max_length: 4}, title: {max_length: 60000}")
    rows = [{"id": n, "text": "a b c" if n % 4 == 0 else "a", "title": "t"} for n in range(400)]
    files = {"train=a.jsonl": rows, "test=b.jsonl": rows[:8]}
    plain = build_in(spec, files)
    assert list(_counts(plain).values()) == [1, 1, 2, 1]
    for name, options in {"threads": THREADS, "processes": PROCESSES}.items():
        built = build_in(spec, files, output=name, options=options)
        assert [stream_of(a) == stream_of(b) for a, b in _pairs(built, plain)] == [True] * 5


def _pairs(first, second):
    shards = [shards_of(first), shards_of(second)]
    assert [path.relative_to(first) for path in shards[0]] == [
        path.relative_to(second) for path in shards[1]
    ]
    return zip(*shards, strict=True)
