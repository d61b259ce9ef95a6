"""Word vectors learnt from an artifact, by function and by command."""

import numpy as np
import pytest
from gensim.models import KeyedVectors
from small_artifact import PLAIN, SmallArtifact

from preprocess.cli import main
from preprocess.core.errors import InputError, UsageError
from preprocess.vectors import Word2VecOptions, train_word2vec

SENTENCES = [["a", "b", "tab\t", "日 本"] * 3, ["b", "a"], []]


def test_the_same_seed_gives_the_same_vectors(tmp_path):
    options = Word2VecOptions(vector_size=6, epochs=2, seed=3)
    for name in ("one.kv", "two.kv"):
        assert train_word2vec(SENTENCES, str(tmp_path / "new" / name), options) == 4
    one, two = (KeyedVectors.load(str(tmp_path / "new" / name)) for name in ("one.kv", "two.kv"))
    assert set(one.key_to_index) == {"a", "b", "tab\t", "日 本"}
    assert one.vectors.shape == (4, 6) and np.array_equal(one.vectors, two.vectors)
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["one.kv", "two.kv"]


def test_large_vectors_stay_in_one_file(tmp_path):
    words = [[f"w{n}" for n in range(start, start + 100)] for start in range(0, 3000, 100)]
    train_word2vec(words, str(tmp_path / "v.kv"), Word2VecOptions(vector_size=1000, epochs=1))
    assert [path.name for path in tmp_path.iterdir()] == ["v.kv"]  # 12 MB
    assert KeyedVectors.load(str(tmp_path / "v.kv")).vectors.shape == (3000, 1000)


def test_rare_words_get_none(tmp_path):
    options = Word2VecOptions(vector_size=2, min_count=4)
    assert train_word2vec(SENTENCES, str(tmp_path / "v.kv"), options) == 2


@pytest.mark.parametrize("sentences", [[], [[]], [["a"]]])
def test_nothing_to_learn_from(tmp_path, sentences):
    with pytest.raises(InputError, match="got no word to learn vectors of"):
        train_word2vec(sentences, str(tmp_path / "v.kv"), Word2VecOptions(min_count=2))
    assert not list(tmp_path.iterdir())


def test_files_that_may_not_be_written(tmp_path):
    path = tmp_path / "v.kv"
    path.write_text("mine")
    with pytest.raises(UsageError, match=r"got a file that exists, .* add --overwrite"):
        train_word2vec(SENTENCES, str(path))
    assert path.read_text() == "mine"
    with pytest.raises(UsageError, match=r"got a name that ends in '\.txt', expected \.kv"):
        train_word2vec(SENTENCES, str(tmp_path / "v.txt"))
    with pytest.raises(UsageError, match=r"cannot be written \(Not a directory|File exists"):
        train_word2vec(SENTENCES, str(path / "v.kv"))


def test_the_command(tmp_path, capsys):
    artifact = SmallArtifact({"train": [8] * 30}, declared=PLAIN).write(tmp_path / "artifact")
    output = tmp_path / "v.kv"
    command = ["vectors", "--artifact", artifact, "--output", str(output)]
    with pytest.raises(SystemExit) as exited:
        main([*command, "--dim", "7", "--feature", "text"])
    assert exited.value.code == 0
    assert capsys.readouterr().out == f"{output}: 4 words, 7 numbers each\n"
    with pytest.raises(SystemExit) as exited:
        main(command)
    assert exited.value.code == 2
    assert "add --overwrite" in capsys.readouterr().err
