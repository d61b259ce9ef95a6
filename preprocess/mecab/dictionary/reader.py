"""From a folder of MeCab's compiled files to a `Dictionary`."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from preprocess.core.lazy import lazy_imports
from preprocess.mecab.dictionary.char_property import CharProperty
from preprocess.mecab.dictionary.connector import Connector
from preprocess.mecab.dictionary.dicrc import parse_dicrc
from preprocess.mecab.dictionary.dictionary import Dictionary, Words
from preprocess.mecab.dictionary.double_array import DoubleArray
from preprocess.mecab.dictionary.lexicon import Lexicon
from preprocess.mecab.dictionary.mecab_files import hash_of, read_files, unusable
from preprocess.mecab.dictionary.token_features import Features, base_field, read_features
from preprocess.mecab.dictionary.wheels import WHEELS
from preprocess.mecab.dictionary.word_runs import counts_of, firsts_of, run_of

with lazy_imports():
    import pyarrow as pa
    from pyarrow import compute as pc


def read_dictionary(folder: str | Path) -> Dictionary:
    """Reads dicrc, char.bin, matrix.bin, sys.dic and unk.dic.

    Words that no segmentation can hold are left out: of those with one surface and the same
    context ids, all but the cheapest, and of equally cheap ones all but the first.

    Args:
      folder: as `find_dictionary` gives it.

    Raises:
      UsageError: a file is missing or damaged, is not in UTF-8, or a user dictionary is asked for.
    """
    folder = Path(folder)
    files = read_files(folder)
    settings = parse_dicrc(files["dicrc"])
    characters = CharProperty.parse(files["char.bin"])
    known, unknown = (Lexicon.parse(files[name], name) for name in ("sys.dic", "unk.dic"))
    connector = Connector.parse(files["matrix.bin"])
    _check_contexts(known, unknown, connector)
    keys = known.trie.all_keys().cast(pa.string())
    _check_ends(keys, characters)

    field = base_field(settings.feature_fields)
    values = known.trie.values()
    features = read_features(known, _surface_of_each(keys, values), unknown, field)
    words = _words(np.concatenate([known.tokens, unknown.tokens]), features)
    kept = _best_of_equals(words, _owners(values, len(known.tokens)))
    first, count = _unknown(unknown, characters)
    return Dictionary(
        version=_version(folder),
        hash=hash_of(files),
        trie=_renumbered(known.trie, kept),
        words=words[kept],
        unknown_first=first + int((kept < len(known.tokens)).sum()),
        unknown_count=count,
        characters=characters,
        connector=connector,
        max_grouping=settings.max_grouping,
        has_base_forms=field is not None,
        base_forms=features.base_forms,
        parts_of_speech=features.parts_of_speech,
    )


def _words(tokens: np.ndarray, features: Features) -> Words:
    return Words(
        tokens["left_id"],
        tokens["right_id"],
        tokens["cost"],
        features.base,
        features.part_of_speech,
    )


def _owners(runs: np.ndarray, tokens: int) -> np.ndarray:
    """int32, shape (tokens,): the key that each token is of."""
    owners = np.full(tokens, -1, np.int32)
    counts = counts_of(runs)
    for place in range(int(counts.max(initial=0))):
        has = counts > place
        owners[firsts_of(runs[has]) + place] = np.flatnonzero(has)
    return owners


def _surface_of_each(keys: pa.Array, runs: np.ndarray) -> pa.Array:
    tokens = int((firsts_of(runs) + counts_of(runs)).max(initial=0))
    return keys.take(pa.array(_owners(runs, tokens)))


def _best_of_equals(words: Words, owners: np.ndarray) -> np.ndarray:
    """Ascending places of the words to keep; all unknown words, which have no owner, are."""
    known = len(owners)
    places = np.arange(known)
    left, right, cost = (a[:known] for a in (words.left_id, words.right_id, words.cost))
    order = np.lexsort((places, cost, right, left, owners))
    same = np.ones(known, bool)
    for array in (owners, left, right):
        same[1:] &= array[order[1:]] == array[order[:-1]]
    same[:1] = False
    return np.concatenate([np.sort(order[~same]), np.arange(known, len(words))])


def _renumbered(trie: DoubleArray, kept: np.ndarray) -> DoubleArray:
    """The trie with values for the kept words alone."""
    runs = trie.values()
    begin = firsts_of(runs)
    first = np.searchsorted(kept, begin)
    count = np.searchsorted(kept, begin + counts_of(runs)) - first
    base = trie.base.copy()
    base[trie.ends()] = -run_of(first, count) - 1
    return DoubleArray(base, trie.check)


def _unknown(lexicon: Lexicon, characters: CharProperty) -> tuple[np.ndarray, np.ndarray]:
    """First token and number of tokens of each category in unk.dic."""
    values = [lexicon.trie.value(name.encode()) for name in characters.categories]
    missing = [n for n, v in zip(characters.categories, values, strict=True) if v is None]
    if missing:
        raise unusable("unk.dic", f"no entry for {', '.join(missing)}", "each category of char.bin")
    runs = np.array(values, np.int32)
    return firsts_of(runs), counts_of(runs)


def _check_contexts(known: Lexicon, unknown: Lexicon, connector: Connector) -> None:
    rights = len(connector.costs) // connector.left_size
    for name, lexicon in (("sys.dic", known), ("unk.dic", unknown)):
        left, right = (int(lexicon.tokens[f].max(initial=0)) for f in ("left_id", "right_id"))
        if left >= rights or right >= connector.left_size:
            got = f"context ids up to {right} and {left}"
            raise unusable(
                name, got, f"ids below {connector.left_size} and {rights}, of matrix.bin"
            )


def _check_ends(keys: pa.Array, characters: CharProperty) -> None:
    """A word that ended inside a run of blanks would tell apart places that the graph does not."""
    ends = pc.utf8_slice_codeunits(keys, -1)
    blanks = [end for end in ends.unique().to_pylist() if characters.is_blank(end)]
    if blanks:
        word = keys.filter(pc.is_in(ends, value_set=pa.array(blanks)))[0].as_py()
        remedy = "leave it out and compile the dictionary anew"
        raise unusable("sys.dic", f"the word {word!r}", "no word that ends in a blank", remedy)


def _version(folder: Path) -> str:
    """The content of the file `version`, or the version of the wheel."""
    file = folder / "version"
    own = file.read_text(encoding="utf-8").strip() if file.is_file() else ""
    wheels = [wheel for wheel, module in WHEELS.items() if folder.parent.name == module]
    try:
        return own or (version(wheels[0]) if wheels else "")
    except PackageNotFoundError:
        return ""
