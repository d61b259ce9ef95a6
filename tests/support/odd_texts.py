"""Texts that try what a segmentation can trip over."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import tensorflow as tf

SENTENCES = [
    "出張で泊まりましたが、駅から近くて便利でした。",
    "朝食のバイキングは種類が多く、特に焼きたてのパンがおいしかったです。",
    "フロントの方の対応がとても親切で、気持ちよく過ごせました！",
    "部屋は少し狭いですが、お値段を考えれば満足です。。。",
    "お風呂が広くて、ゆっくりできました♪　また利用したいと思います。",
    "Wi-Fiが無料で使えるのは助かります（ただし、少し遅い）。",
    "駐車場は1泊1,000円、チェックインは15:00からでした。",
    "すもももももももものうち",
    "モーニング娘。のコンサートの帰りに、東京都庁の近くのホテルで一泊。",
    "残念ながらエアコンの音がうるさくて眠れなかった...",
]
AWKWARD = [
    "",
    " ",
    "\n\t ",
    "  前と後ろに空白  ",
    "全角\u3000空白 と 半角 空白",
    "改行\nがある\r\n文\tです",
    "アアアアアアアアアアアアアアアアアアアアアアアアア",  # 25 characters: the longest group
    "アアアアアアアアアアアアアアアアアアアアアアアアアア",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAA" * 3,
    "😀😀🏽𠮷野家で𩸽を食べた",
    "ｶﾀｶﾅと゛濁点",
    "\uffff\ufffeあ\uffff",
    "一二三四五六七八九十" * 5,
    "。" * 70,
    "か" * 200,
    "これは。、。、。、これは" * 30,
]

_ALPHABETS = (
    "あいうえおかがきくけこさしすせそたちつてとなにのはひふへほまみもやゆよらりるれろわをんっゃゅょ",
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンー",
    "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾞﾟｰ｡､",
    "日本人語東京大学生今年中国会社行見食新高山川田一二三四五六七八九十百千万億兆",
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZＡＢＣａｂｃ",
    "0123456789０１２３４５",
    "。、！？「」（）・…〜～ー-.,!?()[]{}<>/\\\"'#$%&*+=@^_`|:;",
    " \t\n\u3000\r\u000b",
    "😀👍🏽𠮷𩸽🇯🇵",
    "αβγДЖЯéüßñ한국어ไทยעب\u0301\u200d\ufffd\uffff\ue000",
)
# Mostly one alphabet, as words are.
_STAY = 0.8


def random_texts(count: int, seed: int, words: Sequence[str] = ()) -> list[str]:
    """Seeded texts of 0 to 40 pieces, each a character or, one in four, one of `words`.

    One text in fifty repeats a character up to 60 times, so that runs exceed every limit.
    """
    rng = random.Random(seed)
    return [_text(rng, words) for _ in range(count)]


def _text(rng: random.Random, words: Sequence[str]) -> str:
    if rng.random() < 0.02:
        return rng.choice(rng.choice(_ALPHABETS)) * rng.randrange(20, 60) + rng.choice("aあ。")
    return "".join(_pieces(rng, words))


def _pieces(rng: random.Random, words: Sequence[str]) -> Iterator[str]:
    alphabet = rng.choice(_ALPHABETS)
    for _ in range(rng.randrange(41)):
        if rng.random() > _STAY:
            alphabet = rng.choice(_ALPHABETS)
        yield rng.choice(words) if words and rng.random() < 0.25 else rng.choice(alphabet)


def all_characters() -> list[str]:
    """Every character of the Basic Multilingual Plane but NUL, which ends a text."""
    return [chr(code) for code in range(1, 0x10000) if not 0xD800 <= code < 0xE000]


def framed(words: Sequence[str]) -> list[str]:
    """Each word with some text before and after it."""
    return [f"この{word}を見た" for word in words]


def segmented(segment, texts: Sequence[str | bytes], batch: int = 2048) -> list[list[str]]:
    """The tokens of each text, decoded; `segment` is `Segmenter.segment` or a restored one."""
    found: list[list[str]] = []
    for begin in range(0, len(texts), batch):
        rows = segment(tf.constant(texts[begin : begin + batch], tf.string)).to_list()
        found += [[token.decode("utf-8") for token in row] for row in rows]
    return found
