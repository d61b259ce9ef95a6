"""A manifest vouches for itself: whatever changes in it is found when it is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_model import write_model
from small_artifact import FULL, SmallArtifact
from vouching import edit_manifest, vouch

import preprocess
from preprocess.artifact.manifest_file import dump_manifest
from preprocess.core.errors import ArtifactError


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An artifact and a model. Copied before they are changed."""
    folder = tmp_path_factory.mktemp("folders")
    artifact = SmallArtifact({"train": [1, 2], "test": [3]}, declared=FULL).write(folder / "a")
    write_model(artifact, folder / "m")
    return {"manifest.json": folder / "a", "model.json": folder / "m"}


READ: dict[str, Callable[[str], Any]] = {
    "manifest.json": preprocess.read_manifest,
    "model.json": preprocess.read_model_manifest,
}


@pytest.fixture(params=READ)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _read(name: str, folder: Path, text: str) -> Any:
    (folder / name).write_text(text)
    return READ[name](str(folder))


def test_it_reads_what_it_wrote(folders: dict[str, Path], name: str) -> None:
    text = (folders[name] / name).read_text()
    read = READ[name](str(folders[name]))
    assert read.to_json() == text and len(json.loads(text)["digest"]) == 64


def _paths(value: Any, *path: Any) -> list[tuple[Any, ...]]:
    """Where every leaf of a JSON value stands."""
    if isinstance(value, dict | list) and value:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [found for key, item in items for found in _paths(item, *path, key)]
    return [path]


def _changed(data: dict[str, Any], path: tuple[Any, ...]) -> str:
    *parents, last = path
    place: Any = data
    for key in parents:
        place = place[key]
    value = place[last]
    place[last] = (
        not value
        if isinstance(value, bool)
        else value + 1
        if isinstance(value, int | float)
        else f"{value}x"
    )
    return json.dumps(data)


def test_any_changed_value_is_found(folders: dict[str, Path], name: str, tmp_path: Path) -> None:
    text = (folders[name] / name).read_text()
    leaves = [path for path in _paths(json.loads(text)) if path != ("format_version",)]
    assert len(leaves) > 40
    for path in leaves:
        with pytest.raises(ArtifactError) as raised:
            _read(name, tmp_path, _changed(json.loads(text), path))
        assert str(raised.value).startswith(
            f"{tmp_path / name}: got content that does not fit its digest, expected it as it was "
        )


def test_layout_does_not_matter(folders: dict[str, Path], name: str, tmp_path: Path) -> None:
    data = json.loads((folders[name] / name).read_text())
    turned = dict(reversed(data.items()))
    assert _read(name, tmp_path, json.dumps(turned)) == READ[name](str(folders[name]))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is damaged (Expecting value"),
        ("[]", "is damaged (no object)"),
        ("[" * 100_000, "is damaged (maximum recursion depth"),
        ('{"format_version": ' + "1" * 5_000 + "}", "is damaged (Exceeds the limit"),
        ("{}", "got format version None, expected "),
        ('{"format_version": 1}', "got format version 1, expected "),
        ('{"format_version": "a\\nb"}', "got format version 'a\\nb', expected "),
        ('{"format_version": 99}', "got format version 99, expected "),
    ],
)
def test_the_order_of_the_checks(name: str, tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ArtifactError) as raised:
        _read(name, tmp_path, text)
    assert str(raised.value).startswith(f"{tmp_path / name}: {message}")
    assert "\n" not in str(raised.value)


def test_a_digest_is_asked_for(folders: dict[str, Path], name: str, tmp_path: Path) -> None:
    data = json.loads((folders[name] / name).read_text())
    for digest in (None, 5, "", data["digest"].upper()):
        with pytest.raises(ArtifactError, match="does not fit its digest"):
            _read(name, tmp_path, json.dumps(data | {"digest": digest}))


def test_a_vouched_mistake_is_named(folders: dict[str, Path], name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text((folders[name] / name).read_text())
    edit_manifest(tmp_path, lambda data: data.update(op_libraries=["antigravity"]))
    with pytest.raises(
        ArtifactError, match=r"op_libraries\.0: got \"antigravity\", expected 'tensorflow_text'"
    ):
        READ[name](str(tmp_path))
    edit_manifest(tmp_path, lambda data: data.update(op_libraries=["tensorflow_text"]))
    assert READ[name](str(tmp_path)).op_libraries == ["tensorflow_text"]


def test_the_tests_own_helper(folders: dict[str, Path], name: str) -> None:
    before = (folders[name] / name).read_text()
    vouch(folders[name])
    assert json.loads((folders[name] / name).read_text()) == json.loads(before)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), VALUES))
def test_a_digest_depends_on_the_value_alone(data: dict[str, Any]) -> None:
    text = dump_manifest(data)
    assert dump_manifest(json.loads(text)) == text
    data.pop("digest", None)
    assert {k: v for k, v in json.loads(text).items() if k != "digest"} == data
