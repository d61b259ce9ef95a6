"""Word vectors learnt from an artifact, by function and by command."""

import logging
import sys

import numpy as np
import pytest
from gensim.models import KeyedVectors
from hypothesis import given
from hypothesis import strategies as st
from small_artifact import PLAIN, SmallArtifact
from vector_files import index, same_bits

from preprocess.cli import main
from preprocess.core.errors import InputError, UsageError
from preprocess.vectors import Word2VecOptions, read_vectors, train_word2vec
from preprocess.vectors.word2vec_binary import can_hold, write_binary

SENTENCES = [["a", "b", "tab\t", "日本"] * 3, ["b", "a"], []]


def load(path) -> KeyedVectors:
    """What gensim reads."""
    return KeyedVectors.load_word2vec_format(str(path), binary=True)


def test_the_same_seed_gives_the_same_vectors(tmp_path):
    options = Word2VecOptions(vector_size=6, epochs=2, seed=3)
    for name in ("one.bin", "two.bin"):
        assert train_word2vec(SENTENCES, str(tmp_path / "new" / name), options) == 4
    one, two = (tmp_path / "new" / name for name in ("one.bin", "two.bin"))
    assert one.read_bytes() == two.read_bytes()
    assert set(load(one).key_to_index) == {"a", "b", "tab\t", "日本"}
    assert load(one).vectors.shape == (4, 6)
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["one.bin", "two.bin"]


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5).filter(can_hold)
NUMBERS = st.floats(width=32, allow_nan=False, allow_infinity=False)


@given(
    vectors=st.dictionaries(WORDS, st.lists(NUMBERS, min_size=3, max_size=3), min_size=1),
)
def test_gensim_and_we_read_what_is_written(tmp_path_factory, vectors):
    path = tmp_path_factory.mktemp("any") / "v.bin"
    rows = {word: np.array(numbers, np.float32) for word, numbers in vectors.items()}
    with path.open("wb") as file:
        write_binary(file, len(rows), 3, rows.items())
    peer = load(path)
    assert peer.index_to_key == list(rows)
    assert same_bits(peer.vectors, np.array(list(rows.values())))
    ours = read_vectors(str(path), index(list(rows), oov=0), len(rows) + 1)
    assert same_bits(ours.matrix[1:], peer.vectors)


@pytest.mark.parametrize("word", [" ", "a b", "\n", "a\nb", ""])
def test_what_the_format_cannot_hold(word):
    assert not can_hold(word)


@pytest.fixture
def logged(caplog, monkeypatch):
    """What is logged, also after a command has taken our logger off the root."""
    monkeypatch.setattr(logging.getLogger("preprocess"), "propagate", True)
    caplog.set_level(logging.WARNING, "preprocess")
    return caplog


def test_words_with_blanks_are_left_out_and_named(tmp_path, logged):
    sentences = [["a", "日 本", "\n", "b"] * 2]
    assert train_word2vec(sentences, str(tmp_path / "v.bin")) == 2
    assert set(load(tmp_path / "v.bin").key_to_index) == {"a", "b"}
    assert logged.messages == [
        "left out 2 words with a blank or a newline, which word2vec's binary format cannot hold: "
        "'\\n', '日 本'"
    ]


def test_many_words_with_blanks_are_counted(tmp_path, logged):
    train_word2vec([["a", *(f"{n} {n}" for n in range(1234))]], str(tmp_path / "v.bin"))
    [text] = logged.messages
    assert text.startswith("left out 1,234 words") and text.endswith(", ...")


def test_no_word_without_a_blank(tmp_path):
    with pytest.raises(InputError, match="got 2 words, each with a blank or a newline"):
        train_word2vec([["日 本", "\n"]], str(tmp_path / "v.bin"))
    assert not list(tmp_path.iterdir())


def test_rare_words_get_none(tmp_path):
    options = Word2VecOptions(vector_size=2, min_count=4)
    assert train_word2vec(SENTENCES, str(tmp_path / "v.bin"), options) == 2


@pytest.mark.parametrize("sentences", [[], [[]], [["a"]]])
def test_nothing_to_learn_from(tmp_path, sentences):
    with pytest.raises(InputError, match="got no word to learn vectors of"):
        train_word2vec(sentences, str(tmp_path / "v.bin"), Word2VecOptions(min_count=2))
    assert not list(tmp_path.iterdir())


def test_files_that_may_not_be_written(tmp_path):
    path = tmp_path / "v.bin"
    path.write_text("mine")
    with pytest.raises(UsageError, match=r"got a file that exists, .* add --overwrite"):
        train_word2vec(SENTENCES, str(path))
    assert path.read_text() == "mine"
    for suffix in (".txt", ".kv"):
        with pytest.raises(UsageError, match=rf"ends in '\{suffix}', expected \.bin, as vectors"):
            train_word2vec(SENTENCES, str(tmp_path / f"v{suffix}"))
    with pytest.raises(UsageError, match=r"cannot be written \(Not a directory|File exists"):
        train_word2vec(SENTENCES, str(path / "v.bin"))


def test_gensim_is_not_installed(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "gensim.models", None)
    with pytest.raises(UsageError, match="need gensim to be learned, expected it to be installed"):
        train_word2vec(SENTENCES, str(tmp_path / "v.bin"))


def test_the_command(tmp_path, capsys):
    artifact = SmallArtifact({"train": [8] * 30}, declared=PLAIN).write(tmp_path / "artifact")
    output = tmp_path / "v.bin"
    command = ["vectors", "--artifact", artifact, "--output", str(output)]
    with pytest.raises(SystemExit) as exited:
        main([*command, "--dim", "7", "--feature", "text"])
    assert exited.value.code == 0
    assert capsys.readouterr().out == f"{output}: 4 words, 7 numbers each\n"
    with pytest.raises(SystemExit) as exited:
        main(command)
    assert exited.value.code == 2
    assert "add --overwrite" in capsys.readouterr().err


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_file_that_somebody_else_writes_meanwhile_stays(tmp_path, overwrite):
    path = tmp_path / "v.bin"

    def sentences():
        path.write_text("theirs")
        yield from SENTENCES

    class Sentences:
        __iter__ = staticmethod(sentences)

    if overwrite:
        assert train_word2vec(Sentences(), str(path), overwrite=True) == 4
    else:
        with pytest.raises(UsageError, match=r"v\.bin: got a file that exists, expected a new one"):
            train_word2vec(Sentences(), str(path))
        assert path.read_text() == "theirs"
    assert [p.name for p in tmp_path.iterdir()] == ["v.bin"]
