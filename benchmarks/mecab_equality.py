"""Segmentation in the graph against native MeCab: how many texts differ.

    python benchmarks/mecab_equality.py --texts jrte-pn.csv jrte-rte.csv [--dictionary unidic-lite]

Compares all texts of the CSV files (columns `text`, `premise` and `hypothesis`) and seeded random
texts; with IPADIC also every word of the dictionary, alone and in a frame, every character of the
Basic Multilingual Plane, and invalid UTF-8 with the text that has U+FFFD in its place. Prints one
line a kind: texts, tokens, differing texts. Exit 0 if none differs, 1 otherwise.

Needs mecab-python3 and the dictionary's wheel.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

# The oracle and the random texts are those of the tests.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from mecab_texts import read_texts
from native_mecab import Native
from odd_texts import all_characters, framed, random_texts, segmented

from preprocess.mecab.dictionary import Dictionary, find_dictionary, read_dictionary
from preprocess.mecab.dictionary.wheels import WHEELS
from preprocess.mecab.graph import Segmenter

_RANDOM = {"ipadic": 100_000, "unidic-lite": 20_000}
_SEED = 20
_BATCH = 4096
_CHUNK = 16 * _BATCH

Texts = Sequence[str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Compares and prints; 1 if any text differs."""
    given = _parser().parse_args(arguments)
    dictionary = read_dictionary(find_dictionary(given.dictionary))
    native, segmenter = Native(given.dictionary), Segmenter(dictionary)
    print(f"{given.dictionary} {dictionary.version}, SHA-256 {dictionary.hash}")
    differing = 0
    for kind, texts in _kinds(given, dictionary):
        differing += _compare(kind, texts, native, segmenter)
    differing += _compare_invalid(native, segmenter)
    print(f"{differing} differing texts in all")
    return int(differing > 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path, nargs="+", required=True, help="CSV files")
    parser.add_argument("--dictionary", choices=list(WHEELS), default="ipadic")
    return parser


def _kinds(given: argparse.Namespace, dictionary: Dictionary) -> Iterator[tuple[str, Texts]]:
    for path in given.texts:
        yield f"texts of {path.name}", read_texts(path)
    words = dictionary.surfaces()
    count = _RANDOM[given.dictionary]
    sample = random.Random(_SEED).sample(words, 10_000)
    yield "random texts with words", random_texts(count // 2, _SEED, sample)
    yield "random texts", random_texts(count - count // 2, _SEED + 1)
    if given.dictionary == "ipadic":
        yield "words of the dictionary", words
        yield "words in a frame", framed(words)
        yield "characters", all_characters()


def _compare(kind: str, texts: Texts, native: Native, segmenter: Segmenter) -> int:
    return _count(
        kind, texts, native.tokens, lambda some: segmented(segmenter.segment, some, _BATCH)
    )


def _compare_invalid(native: Native, segmenter: Segmenter) -> int:
    rng = random.Random(_SEED)
    texts = [_damaged(text.encode(), rng) for text in random_texts(20_000, _SEED + 2)]

    def expected(some: Sequence[bytes]) -> list[list[str]]:
        return native.tokens(text.decode("utf-8", "replace") for text in some)

    return _count("invalid UTF-8", texts, expected, lambda some: segmented(segmenter.segment, some))


def _damaged(text: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(text) + 1)
        text = text[:place] + bytes([rng.randrange(0x80, 0x100)]) + text[place + 1 :]
    return text


def _count(kind: str, texts: Sequence, expected: Callable, found: Callable) -> int:
    """Compares some texts at a time, prints a line and the first differences; how many differ."""
    begin, differing, tokens = time.monotonic(), 0, 0
    for place in range(0, len(texts), _CHUNK):
        some = texts[place : place + _CHUNK]
        for text, theirs, ours in zip(some, expected(some), found(some), strict=True):
            tokens += len(theirs)
            differing += ours != theirs
            if ours != theirs and differing <= 3:
                print(f"  {text!r}: native {theirs}, graph {ours}")
    seconds = time.monotonic() - begin
    print(
        f"{kind}: {len(texts)} texts, {tokens} tokens, {differing} differ ({seconds:.0f} s)",
        flush=True,
    )
    return differing


if __name__ == "__main__":
    sys.exit(main())
