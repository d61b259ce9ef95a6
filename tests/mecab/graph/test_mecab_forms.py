"""Base forms, and words dropped by their part of speech."""

import dataclasses

import pytest
from odd_texts import AWKWARD, SENTENCES, random_texts, segmented

from preprocess.core.errors import UsageError
from preprocess.mecab.graph import Segmenter

_BASE = 6  # 原形 among the fields of IPADIC


def native_tokens(native, texts, base_form, drop):
    rows = []
    for text in texts:
        nodes = [node for node in native.nodes(text) if not drop or node[1][0] not in drop]
        rows.append([_form(*node) if base_form else node[0] for node in nodes])
    return rows


def _form(surface, fields):
    has_form = len(fields) > _BASE and fields[_BASE] != "*"
    return fields[_BASE] if has_form else surface


@pytest.mark.parametrize(
    ("base_form", "drop"), [(True, ()), (False, ("記号",)), (True, ("助詞", "記号", "助動詞"))]
)
def test_as_native(ipadic, native, base_form, drop):
    # The feature of a word such as "1,000" has commas in quotes, which the oracle does not read.
    texts = [t for t in SENTENCES + AWKWARD + random_texts(500, seed=8) if "," not in t]
    segmenter = Segmenter(ipadic, base_form=base_form, drop=drop)
    expected = native_tokens(native, texts, base_form, drop)
    assert segmented(segmenter.segment, texts) == expected


def test_literals(ipadic):
    text = "駅から近くて、便利でした。"
    base = Segmenter(ipadic, base_form=True)
    assert segmented(base.segment, [text]) == [
        ["駅", "から", "近い", "て", "、", "便利", "です", "た", "。"]
    ]
    nouns = Segmenter(ipadic, drop=["記号", "助詞,格助詞", "助動詞", "形容詞"])
    assert segmented(nouns.segment, [text, "。"]) == [["駅", "て", "便利"], []]


def test_unknown_part_of_speech(ipadic):
    with pytest.raises(UsageError, match=r"got '記', .* begins with one of 形容詞|記号"):
        Segmenter(ipadic, drop=["記"])


def test_no_base_forms(ipadic):
    other = dataclasses.replace(ipadic, has_base_forms=False)
    with pytest.raises(UsageError, match="neither IPADIC's nor UniDic's"):
        Segmenter(other, base_form=True)
