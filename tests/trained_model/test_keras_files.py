"""A Keras file that holds code, or is damaged, is refused in one short line."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import pytest
from report_model import write_model
from small_artifact import PLAIN, SmallArtifact
from vouching import vouch

import preprocess
from preprocess.core.errors import ArtifactError
from preprocess.trained_model.opened_model import OpenedModel, load_network


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    artifact = SmallArtifact({"train": [1, 2]}, declared=PLAIN).write(folder / "artifact")
    write_model(artifact, folder / "model")
    return folder


@pytest.fixture
def unsafe_program() -> Iterator[None]:
    """A program that allows code in what it loads itself."""
    keras.config.enable_unsafe_deserialization()
    yield
    keras.src.backend.common.global_state.set_global_attribute("safe_mode_saving", None)


def _with_code(path: Path) -> None:
    inputs = keras.Input((2,))
    keras.Model(inputs, keras.layers.Lambda(lambda x: x * 2)(inputs)).save(path)


def test_a_lambda_layer_is_refused(tmp_path: Path) -> None:
    _with_code(tmp_path / "model.keras")
    _refused(tmp_path / "model.keras", "holds code")


def test_whatever_the_program_allows(tmp_path: Path, unsafe_program: None) -> None:
    _with_code(tmp_path / "model.keras")
    _refused(tmp_path / "model.keras", "holds code")
    # Its own loading is as it was.
    keras.models.load_model(tmp_path / "model.keras")


def test_code_in_a_model_that_vouches_for_it(folder: Path, tmp_path: Path) -> None:
    model = shutil.copytree(folder / "model", tmp_path / "model")
    _with_code(model / "model.keras")
    with pytest.raises(ArtifactError, match=r"got .* bytes, expected"):
        preprocess.evaluate(str(model), str(folder / "artifact"), "train")
    vouch(model)
    with pytest.raises(ArtifactError, match=r"cannot load \(holds code\)"):
        preprocess.evaluate(str(model), str(folder / "artifact"), "train")


def _refused(path: Path, what: str = "") -> None:
    with pytest.raises(ArtifactError) as raised:
        load_network(str(path))
    message = str(raised.value)
    assert message.startswith(f"{path}: got a file that Keras cannot load ({what}")
    assert "\n" not in message and len(message) < 500


def _member(source: Path, path: Path, name: str, data: bytes) -> None:
    """A Keras file with another content of one of its members."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for member in old.namelist():
            new.writestr(member, data if member == name else old.read(member))


def _config(source: Path) -> dict[str, Any]:
    with zipfile.ZipFile(source) as file:
        return json.loads(file.read("config.json"))


@pytest.mark.parametrize("member", ["config.json", "metadata.json", "model.weights.h5"])
@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"null", b"\x89HDF\r\n\x1a\n", b"[" * 9999])
def test_a_damaged_member(folder: Path, tmp_path: Path, member: str, data: bytes) -> None:
    path = tmp_path / "model.keras"
    _member(folder / "model/model.keras", path, member, data)
    try:
        load_network(str(path))
    except ArtifactError:
        _refused(path)
    else:
        assert member == "metadata.json"  # of which nothing is used


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("class_name", "Nothing"),
        ("class_name", None),
        ("module", "os"),
        ("config", {"layers": 5}),
        ("config", None),
        ("registered_name", 7),
    ],
)
def test_a_config_of_another_kind(folder: Path, tmp_path: Path, key: str, value: Any) -> None:
    source, path = folder / "model/model.keras", tmp_path / "model.keras"
    _member(source, path, "config.json", json.dumps(_config(source) | {key: value}).encode())
    try:
        load_network(str(path))
    except ArtifactError:
        _refused(path)


def test_bytes_flipped_anywhere(folder: Path, tmp_path: Path) -> None:
    whole = (folder / "model/model.keras").read_bytes()
    path = tmp_path / "model.keras"
    for place in range(0, len(whole), len(whole) // 40):
        data = bytearray(whole)
        data[place] ^= 0xFF
        path.write_bytes(data)
        try:
            load_network(str(path))
        except ArtifactError:
            _refused(path)


@pytest.mark.parametrize("name", ["model.keras", "history.json", "embeddings/words.metadata.tsv"])
def test_what_is_opened_is_checked(folder: Path, tmp_path: Path, name: str) -> None:
    copied = shutil.copytree(folder / "model", tmp_path / "model")
    model = OpenedModel.open(str(copied))
    data = bytearray((copied / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copied / name).write_bytes(data)
    readers = {
        "model.keras": model.network,
        "history.json": model.history,
        "embeddings/words.metadata.tsv": lambda: preprocess.word_vectors(str(copied), "words"),
    }
    with pytest.raises(ArtifactError, match=f"{name}: got the SHA-256 .*text2seq train"):
        readers[name]()


def test_what_a_model_lists(folder: Path) -> None:
    listed = {file.path for file in OpenedModel.open(str(folder / "model")).manifest.files}
    found = {str(p.relative_to(folder / "model")) for p in (folder / "model").rglob("*.*")}
    assert listed == {f for f in found if (folder / "model" / f).is_file()} - {"model.json"}
