"""`text2seq verify`: agrees on a good artifact, and finds any record that is wrong."""

import gzip
import json
import re
import shutil
from pathlib import Path

import pytest
import tensorflow as tf
from artifact_files import decoded, raw_records, rewrite, shards_of
from in_process_server import answer_in_process
from vouching import vouch

from preprocess.cli import main

pytestmark = pytest.mark.slow

SPEC = """
features: {text: {}, other: {vocabulary: words, max_length: 4}}
labels: {label: {kind: binary}}
buckets: {count: 2}
output: {shards: 2}
"""
ROWS = [{"text": f"a b{n} c", "other": "b1 d", "label": n % 2, "id": n} for n in range(60)]


@pytest.fixture
def in_process(monkeypatch):
    """Answers in this process; two tests below start the real one."""
    answer_in_process(monkeypatch)


@pytest.fixture(scope="module")
def small(build_once):
    """An artifact of two text features, without a kept column. Read only."""
    return build_once(SPEC, {"rows.jsonl": ROWS})


@pytest.fixture
def copied(artifact, tmp_path):
    """The session's artifact, to be damaged."""
    return shutil.copytree(artifact, tmp_path / "copied")


def run_verify(capsys, artifact, *arguments):
    """Exit code and lines of standard output; standard error stays empty.

    The manifest vouches for the artifact as it is: records may be wrong from the beginning.
    """
    if "copied" in Path(artifact).parts:
        vouch(artifact)
    with pytest.raises(SystemExit) as exited:
        main(["verify", "--artifact", str(artifact), *map(str, arguments)])
    captured = capsys.readouterr()
    assert "error" not in captured.err and "Traceback" not in captured.err
    return exited.value.code, captured.out.splitlines()


def change(shard, index, edit):
    """Edits one record of a shard; returns it as it was."""
    records = raw_records(shard)
    example = tf.train.Example.FromString(records[index])
    edit(example.features.feature)
    before, records[index] = decoded(records[index]), example.SerializeToString()
    rewrite(shard, records)
    return before


def large_shard(artifact, split="train"):
    return max(shards_of(artifact, split), key=lambda shard: len(raw_records(shard)))


def test_a_good_artifact(artifact, capsys):
    line = f"{artifact}: 3,053 of 3,053 records agree with what serving/ answers"
    assert run_verify(capsys, artifact) == (0, [line])


def test_one_flipped_id_is_found(copied, corpus, capsys):
    shard = large_shard(copied)

    def flip(features):
        features["text"].int64_list.value[3] = 3

    before = change(shard, 5, flip)
    words = (copied / "vocabulary/words.tsv").read_text().split("\n")
    right = before["text"][3]
    assert right != 3
    named = f"{right} ('{words[right - 2].split()[0]}')" if right > 1 else "1"
    code, lines = run_verify(capsys, copied)
    assert code == 1 and len(lines) == 2
    assert lines[1] == f"{copied}: 3,052 of 3,053 records agree; 1 differ"
    place, message = lines[0].split(" and ", 1)
    assert message == (
        f"{shard.relative_to(copied)}, record 5: text[3]: serving answers {named}, "
        f"the record holds 3 ('{words[1].split()[0]}')"
    )
    file, unit, number = re.fullmatch(r"(.*), (byte|row) (\d+)", place).groups()
    assert row_at(file, unit, int(number))["id"] == before["id"].decode()


def row_at(file, unit, number):
    """The raw row at a place, read as a user would look it up."""
    data = Path(file).read_bytes()
    if unit == "byte":
        return json.loads(data[number:].split(b"\n")[0])
    return json.loads(gzip.decompress(data).split(b"\n")[number])


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("label", lambda f: f["label"].int64_list.value.__setitem__(0, 5)),
        ("stars", lambda f: f["stars"].float_list.value.__setitem__(0, 9.5)),
    ],
)
def test_any_value_is_compared(copied, capsys, in_process, name, edit):
    change(large_shard(copied, "test"), 0, edit)
    code, lines = run_verify(capsys, copied)
    assert code == 1 and f": {name}[0]: serving answers " in lines[0]


def test_a_missing_record_is_found(copied, capsys, in_process):
    shard = large_shard(copied, "test")
    *records, lost = raw_records(shard)
    rewrite(shard, records)
    code, lines = run_verify(capsys, copied)
    assert code == 1 and len(lines) == 2
    boundary = int(shard.parent.name.removeprefix("bucket-"))
    assert lines[0].endswith(f": test, bucket {boundary}: no such record in the artifact")
    file, unit, number = re.match(r"(.*), (byte|row) (\d+): ", lines[0]).groups()
    assert row_at(file, unit, int(number))["id"] == decoded(lost)["id"].decode()
    assert lines[1] == f"{copied}: 3,052 of 3,053 records agree; 1 differ"


def test_a_doubled_record_is_found(copied, capsys, in_process):
    shard = large_shard(copied, "test")
    records = raw_records(shard)
    rewrite(shard, [*records, records[0]])
    code, lines = run_verify(capsys, copied)
    assert code == 1 and len(lines) == 2
    assert lines[0].startswith(str(shard.relative_to(copied)))
    assert lines[0].endswith(": no such row in the input")
    assert lines[1] == f"{copied}: 3,053 of 3,054 records agree; 1 differ"


def test_a_record_in_the_wrong_split_is_found(copied, capsys, in_process):
    source = large_shard(copied, "test")
    [target] = shards_of(copied, "train", source.parent.name)[:1]
    *records, moved = raw_records(source)
    rewrite(source, records)
    rewrite(target, [*raw_records(target), moved])
    code, lines = run_verify(capsys, copied)
    bucket = int(source.parent.name.removeprefix("bucket-"))
    assert code == 1
    assert lines[0].endswith(
        f": serving puts it into test, bucket {bucket}, "
        f"the artifact has it in train, bucket {bucket}"
    )


def test_a_damaged_shard_is_reported_in_one_line(copied, capsys):
    shard = large_shard(copied)
    data = bytearray(shard.read_bytes())
    data[len(data) // 2] ^= 0xFF
    shard.write_bytes(data)
    with pytest.raises(SystemExit) as exited:
        main(["verify", "--artifact", str(copied)])
    error = capsys.readouterr().err
    assert exited.value.code == 2
    assert error.count("\n") == 1
    assert error.startswith(f"text2seq: error: {shard}: got the SHA-256 ")


def test_damage_that_the_manifest_vouches_for_names_the_file(copied, capsys):
    shard = large_shard(copied)
    data = bytearray(shard.read_bytes())
    data[len(data) // 2] ^= 0xFF
    shard.write_bytes(data)
    vouch(copied)
    with pytest.raises(SystemExit) as exited:
        main(["verify", "--artifact", str(copied)])
    error = capsys.readouterr().err
    assert exited.value.code == 2 and error.count("\n") == 1
    assert error.startswith(f"text2seq: error: {shard}: cannot be read (")


def test_without_a_key_the_likeliest_record_is_shown(small, capsys, in_process, tmp_path):
    artifact = shutil.copytree(small, tmp_path / "copied")
    assert run_verify(capsys, artifact)[0] == 0
    shard = large_shard(artifact)

    def flip(features):
        features["other"].int64_list.value[1] = 2

    change(shard, 0, flip)
    code, lines = run_verify(capsys, artifact)
    assert code == 1 and len(lines) == 2
    assert re.search(r": other\[1\]: serving answers \d+ \('d'\), the record holds 2 \('", lines[0])


def test_given_inputs(small, capsys, in_process, tmp_path):
    artifact, rows = small, small.parent / "artifact-files/rows.jsonl"
    moved = shutil.copy(rows, tmp_path / "moved.jsonl")
    assert run_verify(capsys, artifact, "--input", moved)[0] == 0
    moved.write_text("".join(moved.read_text().splitlines(keepends=True)[:-1]))
    code, lines = run_verify(capsys, artifact, "--input", moved)
    assert code == 1 and lines[-1] == f"{artifact}: 59 of 60 records agree; 1 differ"
