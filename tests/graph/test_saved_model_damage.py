"""A SavedModel that TensorFlow cannot load is reported in one line, whatever it raises."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import tensorflow as tf

from preprocess.core.errors import ArtifactError
from preprocess.graph.saved_model import load_saved_model


class Model(tf.Module):
    """A variable, a table out of an asset, and a signature."""

    def __init__(self, words: Path) -> None:
        super().__init__()
        self.weight = tf.Variable([1.0, 2.0])
        line, number = tf.lookup.TextFileIndex.WHOLE_LINE, tf.lookup.TextFileIndex.LINE_NUMBER
        source = tf.lookup.TextFileInitializer(str(words), tf.string, line, tf.int64, number)
        self.table = tf.lookup.StaticHashTable(source, 0)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def answer(self, texts: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"ids": self.table.lookup(texts), "weight": self.weight}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved")
    (folder / "words.txt").write_text("a\nb\n")
    model = Model(folder / "words.txt")
    tf.saved_model.save(model, str(folder / "model"), {"serving_default": model.answer})
    return folder / "model"


FILES = (
    "saved_model.pb",
    "variables/variables.index",
    "variables/variables.data-00000-of-00001",
    "assets/words.txt",
)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", ["deleted", "emptied", "cut", "garbage", "folder", "text"])
def test_a_damaged_file(saved: Path, tmp_path: Path, name: str, kind: str) -> None:
    folder = shutil.copytree(saved, tmp_path / "model")
    path = folder / name
    data = path.read_bytes()
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind != "deleted":
        parts = {"emptied": b"", "cut": data[: len(data) // 2], "garbage": b"\x12\xff" * 50}
        path.write_bytes(parts.get(kind, b"\n\x05hello"))
    _refused_or_loaded(folder)


def test_every_part_of_the_graph(saved: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(saved, tmp_path / "model")
    path = folder / "saved_model.pb"
    whole = path.read_bytes()
    for place in range(0, len(whole), len(whole) // 60):
        data = bytearray(whole)
        data[place] ^= 0x04
        path.write_bytes(data)
        _refused_or_loaded(folder)


def _refused_or_loaded(folder: Path) -> None:
    try:
        load_saved_model(str(folder), [], "text2seq build")
    except ArtifactError as error:
        start, end = f"{folder}: got a folder that TensorFlow cannot load (", "build` again"
        assert str(error).startswith(start) and str(error).endswith(end)
        assert "\n" not in str(error) and len(str(error)) < 600


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="cannot load"):
        load_saved_model(str(tmp_path / "none\udcff"), [], "text2seq train")
