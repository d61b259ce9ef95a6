"""Segmentation equals native MeCab's; `benchmarks/mecab_equality.py` compares far more texts."""

import random

import pytest
from odd_texts import AWKWARD, SENTENCES, all_characters, framed, random_texts, segmented


def test_sentences(segmenter, native):
    assert segmented(segmenter.segment, SENTENCES) == native.tokens(SENTENCES)


def test_literal(segmenter):
    expected = ["すもも", "も", "もも", "も", "もも", "の", "うち"]
    assert segmented(segmenter.segment, ["すもももももももものうち"]) == [expected]


@pytest.mark.parametrize("batch", [1, 7, 64])
def test_awkward_texts_in_batches(segmenter, native, batch):
    assert segmented(segmenter.segment, AWKWARD, batch) == native.tokens(AWKWARD)


def test_no_texts(segmenter):
    assert segmented(segmenter.segment, [""]) == [[]]
    assert segmenter.segment([]).to_list() == []


def test_random_texts(segmenter, native, ipadic):
    words = random.Random(1).sample(ipadic.surfaces(), 3000)
    texts = random_texts(3000, seed=2, words=words) + random_texts(2000, seed=3)
    assert segmented(segmenter.segment, texts) == native.tokens(texts)


def test_words_alone_and_in_a_frame(segmenter, native, ipadic):
    words = random.Random(4).sample(ipadic.surfaces(), 3000)
    texts = words + framed(words)
    assert segmented(segmenter.segment, texts) == native.tokens(texts)


def test_every_character(segmenter, native):
    texts = all_characters()
    assert segmented(segmenter.segment, texts, 8192) == native.tokens(texts)


def test_nul_ends_a_text(segmenter):
    assert segmented(segmenter.segment, ["日本\0東京", "\0", "東京"]) == [["日本"], [], ["東京"]]


def test_invalid_bytes_become_replacement_characters(segmenter, native):
    rng = random.Random(5)
    texts = [_damaged(text.encode(), rng) for text in random_texts(1000, seed=6) + SENTENCES]
    replaced = [text.decode("utf-8", errors="replace") for text in texts]
    assert segmented(segmenter.segment, texts) == native.tokens(replaced)


def _damaged(text: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randrange(4)):
        place = rng.randrange(len(text) + 1)
        text = text[:place] + bytes([rng.randrange(0x80, 0x100)]) + text[place + 1 :]
    return text


def test_longest_text(segmenter, native):
    text = "".join(random_texts(1500, seed=7)).encode()[:65_535].decode("utf-8", "ignore")
    assert segmented(segmenter.segment, [text, "短い文"]) == native.tokens([text, "短い文"])
