"""Damage to records is reported with the name of their file, by everything that reads them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import tensorflow as tf
from artifact_files import raw_records, rewrite, shards_of
from report_model import write_model
from small_artifact import PLAIN, SmallArtifact
from vouching import vouch

import preprocess
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import ArtifactError
from preprocess.data.reading import reading_splits
from preprocess.inspection.artifact_summary import inspect_artifact
from preprocess.verification.artifact_records import found_rows

SMALL = SmallArtifact({"train": [1, 2, 3, 5, 8] * 4, "test": [2, 4, 7] * 3}, declared=PLAIN)


@pytest.fixture(params=["gzip", "none"])
def artifact(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    compression = str(request.param)
    small = SmallArtifact(SMALL.lengths, declared=PLAIN, compression=compression)
    return Path(small.write(tmp_path / "artifact"))


def _inspect(artifact: Path) -> None:
    inspect_artifact(OpenedArtifact.open(str(artifact)), records=100)


def _evaluate(artifact: Path) -> None:
    model = write_model(str(artifact), artifact.parent / "model")
    preprocess.evaluate(model, str(artifact), "train")


def _report(artifact: Path) -> None:
    model = write_model(str(artifact), artifact.parent / "model")
    preprocess.write_report(str(artifact), model, str(artifact.parent / "r.html"), split="train")


def _sentences(artifact: Path) -> None:
    list(preprocess.Sentences(str(artifact)))


def _verify(artifact: Path) -> None:
    list(found_rows(OpenedArtifact.open(str(artifact))))


READERS: dict[str, Callable[[Path], object]] = {
    "inspect": _inspect,
    "evaluate": _evaluate,
    "report": _report,
    "vectors": _sentences,
    "verify": _verify,
}


def _flip(shard: Path, place: float = 0.5) -> None:
    data = bytearray(shard.read_bytes())
    data[int(len(data) * place)] ^= 0x10
    shard.write_bytes(data)


def _other_shape(shard: Path) -> None:
    """Records that are whole, but lack what they should have."""
    example = tf.train.Example()
    example.features.feature["text"].int64_list.value.append(1)
    rewrite(shard, [example.SerializeToString()] * len(raw_records(shard)))


def _no_records(shard: Path) -> None:
    rewrite(shard, [b"\xff\xff\xff"] * len(raw_records(shard)))


def _full_shard(artifact: Path) -> Path:
    return next(shard for shard in shards_of(artifact, "train") if raw_records(shard))


@pytest.mark.parametrize("reader", READERS)
def test_a_flipped_bit_names_the_file(artifact: Path, reader: str) -> None:
    shard = _full_shard(artifact)
    _flip(shard)
    with pytest.raises(ArtifactError) as raised:
        READERS[reader](artifact)
    assert str(raised.value).startswith(f"{shard}: got the SHA-256 ")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("harm", [_flip, _other_shape, _no_records])
def test_records_that_the_manifest_vouches_for(
    artifact: Path, reader: str, harm: Callable[[Path], None]
) -> None:
    shard = _full_shard(artifact)
    harm(shard)
    vouch(artifact)
    with pytest.raises(ArtifactError, match=r"cannot be read \(.*run `text2seq build` again") as e:
        READERS[reader](artifact)
    where = shard if reader == "verify" else artifact / "examples/train"
    assert str(e.value).startswith(f"{where}: ") and "\n" not in str(e.value)


@pytest.mark.parametrize("reader", [name for name in READERS if name != "verify"])
def test_files_of_one_size_are_told_apart(artifact: Path, reader: str) -> None:
    """Two shards that hold as many bytes, of which one was copied in place of the other."""
    shard = _full_shard(artifact)
    data = bytearray(shard.read_bytes())
    data[-8:] = bytes(8)
    shard.write_bytes(data)
    with pytest.raises(ArtifactError, match="got the last bytes 0000000000000000, expected "):
        READERS[reader](artifact)


@pytest.mark.parametrize("reader", [name for name in READERS if name != "verify"])
def test_records_that_are_missing_at_the_end(artifact: Path, reader: str) -> None:
    shard = _full_shard(artifact)
    rewrite(shard, raw_records(shard)[:-1])
    with pytest.raises(ArtifactError, match=f"{shard.name}: got .* bytes, expected .* as manifest"):
        READERS[reader](artifact)


def test_what_is_no_fault_of_records_stays_what_it_is(artifact: Path) -> None:
    opened = OpenedArtifact.open(str(artifact))
    with (
        pytest.raises(tf.errors.ResourceExhaustedError),
        reading_splits(opened, ["train", "test"]),
    ):
        raise tf.errors.ResourceExhaustedError(None, None, "out of memory")


def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    artifact = str(shutil.move(SMALL.write(tmp_path / "good"), tmp_path / "bad\udcff\x9b"))
    assert len(list(preprocess.Sentences(artifact))) == 20
    assert sum(len(rows.places) for rows in found_rows(OpenedArtifact.open(artifact))) == 29
