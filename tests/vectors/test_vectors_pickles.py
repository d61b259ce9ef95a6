"""What a pickle could run is never run: it is refused with the command that converts it."""

from __future__ import annotations

import gzip
import pickle
import shlex
from pathlib import Path

import pytest
from gensim.models import KeyedVectors, Word2Vec
from processes import run_python
from vector_files import index, keyed_vectors, same_bits, write

from preprocess.core.errors import InputError
from preprocess.vectors import read_vectors, vector_width


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, tuple[str, ...]]:
        return Path.touch, (self._path,)


def refused(path: str) -> str:
    """What both readers say of `path`."""
    texts = set()
    for read in (lambda: read_vectors(path, {"the": 1}, 2), lambda: vector_width(path)):
        with pytest.raises(InputError) as raised:
            read()
        texts.add(str(raised.value))
    [text] = texts
    return text


@pytest.mark.parametrize("protocol", [2, pickle.HIGHEST_PROTOCOL])
@pytest.mark.parametrize(
    "name", ["v.kv", "v.model", "v.wordvectors", "v.bin", "v.bin.gz", "v.kv.gz", "v.txt", "v"]
)
def test_no_pickle_is_opened(tmp_path: Path, name: str, protocol: int) -> None:
    made = tmp_path / "made"
    path = write(tmp_path / name, pickle.dumps(Trap(made), protocol))
    text = refused(path)
    assert text.startswith(f"{path}: got a pickle, such as gensim's save writes, which can run any")
    assert "\n" not in text and "expected word2vec's text or binary format" in text
    assert not made.exists()


@pytest.mark.parametrize("name", ["v.kv", 'it\'s a "test" $(touch x) `y` \\.kv', "語 ;.kv.gz"])
def test_the_command_converts_it(tmp_path: Path, name: str) -> None:
    keyed = keyed_vectors(["the", "語"], 3)
    path = tmp_path / name
    keyed.save(str(path))
    assert_converts(tmp_path, path, keyed)


def test_it_converts_a_model_too(tmp_path: Path) -> None:
    model = Word2Vec([["the", "語"]], vector_size=3, min_count=1, workers=1)
    model.save(str(tmp_path / "v.model"))
    assert_converts(tmp_path, tmp_path / "v.model", model.wv)


def assert_converts(folder: Path, path: Path, keyed: KeyedVectors) -> None:
    command = refused(str(path)).split("convert it: ")[1]
    python, *arguments = shlex.split(command)  # as a shell takes it
    assert python == "python"
    run_python(*arguments)
    words = index(["the", "語"], oov=0)
    matrix = read_vectors(f"{path}.bin", words, 3).matrix
    assert all(same_bits(matrix[row], keyed[word]) for word, row in words.items())


def test_a_pickle_within_gzip_of_any_name(tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(gzip.compress(pickle.dumps([1])))
    assert "got a pickle" in refused(str(tmp_path / "v"))
