"""Oracle: `Tokenizer` and `pad_sequences` of legacy Keras, as shipped in `tf_keras`."""

import random

import numpy as np
import pytest
from artifact_files import by_id, records_of, words_of
from tf_keras.preprocessing.sequence import pad_sequences
from tf_keras.preprocessing.text import Tokenizer

pytestmark = pytest.mark.slow

MAX_LENGTH = 7
# (truncating, padding)
SIDES = [("pre", "pre"), ("pre", "post"), ("post", "pre"), ("post", "post")]

SPEC = """
features:
  pre_pre: {{vocabulary: w, max_length: 7, truncating: pre, padding: pre}}
  pre_post: {{vocabulary: w, max_length: 7, truncating: pre, padding: post}}
  post_pre: {{vocabulary: w, max_length: 7, truncating: post, padding: pre}}
  post_post: {{vocabulary: w, max_length: 7, truncating: post, padding: post}}
vocabularies:
  w: {{oov: drop, ties: first_seen, max_size: {max_size}}}
keep: [id]
buckets: {{by: pre_pre, boundaries: [7]}}
"""


def odd_texts() -> list[str]:
    """Some hundred texts: any Unicode, filters, ties, repeated words, empty texts."""
    chosen = random.Random(7)
    alphabet = [chr(c) for c in (*range(0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000))]
    alphabet += list("日本語テキスト😀👍🏽𝒳ǅﬁ\u200d\u0301　\u2028\ufeff\U00010570Ⱟ")
    alphabet = [c for c in alphabet if c.isprintable() or ord(c) < 32 or c in "\u200d\u2028\ufeff"]
    words = ["".join(chosen.choices(alphabet, k=chosen.randint(1, 4))) for _ in range(300)]
    words += ["the", "The", "THE", "cat", "don't", "İ", "ΣΑΣ", "ß", "Ì"]
    texts = ["", " ", "...", "\t\n"]
    for _ in range(500):
        joined = (
            chosen.choice(words) + chosen.choice([" ", " ", ", ", "\n", "--", "\t"])
            for _ in range(chosen.choice([0, 1, 2, 6, 7, 8, 20]))
        )
        texts.append("".join(joined))
    chosen.shuffle(texts)
    return texts


@pytest.fixture(scope="module")
def texts():
    return odd_texts()


@pytest.fixture(scope="module", params=[None, 60], ids=["all words", "num_words=60"])
def pair(request, texts, build_once):
    """The same texts through Keras and through a build, with the vocabulary cut or not."""
    num_words = request.param
    legacy = Tokenizer(num_words=num_words)
    legacy.fit_on_texts(texts)
    rows = [{"id": i, **{f"{t}_{p}": text for t, p in SIDES}} for i, text in enumerate(texts)]
    size = "null" if num_words is None else num_words - 1
    # Two files: the order of first occurrence goes through all of them.
    files = {"a.jsonl": rows[:200], "b.jsonl": rows[200:]}
    return legacy, build_once(SPEC.format(max_size=size), files, output=f"words-{num_words}")


def test_the_words_and_their_ids(pair):
    legacy, artifact = pair
    kept = (legacy.num_words or len(legacy.word_index) + 1) - 1
    assert words_of(artifact, "w") == {w: i for w, i in legacy.word_index.items() if i <= kept}
    assert len(words_of(artifact, "w")) == kept > 50


def test_the_counts(pair):
    legacy, artifact = pair
    lines = (artifact / "vocabulary/w.tsv").read_text(encoding="utf-8").split("\n")[:-1]
    counts = [int(line.split("\t")[2]) for line in lines]
    # Each text stands in four features.
    assert counts == [4 * legacy.word_counts[word] for word in words_of(artifact, "w")]


@pytest.mark.parametrize(("truncating", "padding"), SIDES)
def test_padded_arrays(pair, texts, truncating, padding):
    legacy, artifact = pair
    sequences = legacy.texts_to_sequences(texts)
    expected = pad_sequences(sequences, MAX_LENGTH, truncating=truncating, padding=padding)
    records = by_id(records_of(artifact))
    name = f"{truncating}_{padding}"
    np.testing.assert_array_equal([records[i][name] for i in range(len(texts))], expected)
    lengths = [min(len(sequence), MAX_LENGTH) for sequence in sequences]
    assert [records[i][f"{name}_length"] for i in range(len(texts))] == lengths


def test_the_example_of_keras(build_in):
    spec = """
features: {text: {max_length: 6, padding: pre}}
vocabularies: {words: {oov: drop, ties: first_seen}}
keep: [id]
buckets: {boundaries: [6]}
"""
    rows = [{"id": 1, "text": "This is a text"}, {"id": 2, "text": "This is not a text"}]
    artifact = build_in(spec, {"rows.jsonl": rows})
    records = by_id(records_of(artifact))
    assert words_of(artifact) == {"this": 1, "is": 2, "a": 3, "text": 4, "not": 5}
    assert records[1] == {"id": b"1", "text": [0, 0, 1, 2, 3, 4], "text_length": 4}
    assert records[2] == {"id": b"2", "text": [0, 1, 2, 5, 3, 4], "text_length": 5}
