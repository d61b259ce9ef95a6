"""MeCab's compiled files to arrays, and a dictionary in one file."""

import hashlib
import json
import struct
import zipfile

import numpy as np
import pytest
from processes import run_python

from preprocess.core.errors import ArtifactError, UsageError
from preprocess.mecab.dictionary import (
    find_dictionary,
    load_dictionary,
    read_dictionary,
    save_dictionary,
)
from preprocess.mecab.dictionary.char_property import CharProperty
from preprocess.mecab.dictionary.connector import Connector
from preprocess.mecab.dictionary.dicrc import Settings, parse_dicrc
from preprocess.mecab.dictionary.lexicon import Lexicon
from preprocess.mecab.dictionary.mecab_files import FILES, hash_of
from preprocess.mecab.dictionary.token_features import base_field, has_part_of_speech


@pytest.fixture(scope="module")
def unknown_file(ipadic_folder) -> bytes:
    return (ipadic_folder / "unk.dic").read_bytes()


def patched(content: bytes, place: int, new: bytes) -> bytes:
    return content[:place] + new + content[place + len(new) :]


def test_finds_wheels_and_folders(ipadic_folder):
    assert (find_dictionary("unidic-lite") / "sys.dic").is_file()
    assert find_dictionary(str(ipadic_folder)) == ipadic_folder


def test_no_such_folder():
    with pytest.raises(UsageError, match="got 'nowhere', which is no folder, expected ipadic or"):
        find_dictionary("nowhere")


def test_wheel_not_installed(monkeypatch):
    monkeypatch.setattr("preprocess.mecab.dictionary.wheels.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"not installed.*pip install unidic-lite"):
        find_dictionary("unidic-lite")


def test_folder_without_files(tmp_path):
    (tmp_path / "dicrc").write_text("")
    with pytest.raises(UsageError, match=r"without a readable char\.bin"):
        read_dictionary(tmp_path)


def test_hash_in_fixed_order():
    files = {name: name.encode() for name in FILES}
    text = "".join(f"{name} {len(name)}\n{name}" for name in FILES)
    assert hash_of(files) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Settings(24, 0)),
        ("; max-grouping-size = 10\n#max-grouping-size=11\n", Settings(24, 0)),
        ("max-grouping-size = 10\nbos-feature = BOS/EOS,*,*\n", Settings(10, 3)),
        ("max-grouping-size = 0\nuserdic =\n", Settings(24, 0)),
    ],
)
def test_dicrc(text, expected):
    assert parse_dicrc(text.encode()) == expected


def test_user_dictionary_in_dicrc():
    with pytest.raises(UsageError, match=r"got userdic = mine\.dic, expected no user dictionary"):
        parse_dicrc(b"userdic = mine.dic")


def test_lexicon(unknown_file):
    lexicon = Lexicon.parse(unknown_file, "unk.dic")
    keys = lexicon.trie.all_keys().to_pylist()
    assert {b"KANJI", b"KANJINUMERIC", b"SPACE"} < set(keys)
    assert [lexicon.trie.value(key) for key in keys] == lexicon.trie.values().tolist()
    assert lexicon.trie.value(b"KANJ") is None
    first = lexicon.trie.value(b"SPACE") >> 8
    assert lexicon.feature(first) == "記号,空白,*,*,*,*,*"
    assert lexicon.tokens["cost"][first] == 8903


# Fields of the header: magic, version, kind, words, sizes of contexts, ..., charset.
@pytest.mark.parametrize(
    ("place", "new", "message"),
    [
        (0, b"\0\0\0\0", "a magic number that stands for"),
        (4, struct.pack("<I", 103), "format version 103, expected version 102"),
        (8, struct.pack("<I", 1), "a user dictionary, expected an unknown-word dictionary"),
        (24, struct.pack("<I", 8), r"sections of \[8, "),
        (40, b"EUC-JP\0", "charset EUC-JP, expected UTF-8; .* -t utf-8"),
    ],
)
def test_unusable_lexicon(unknown_file, place, new, message):
    with pytest.raises(UsageError, match=rf"unk\.dic: got {message}"):
        Lexicon.parse(patched(unknown_file, place, new), "unk.dic")


def test_short_lexicon():
    with pytest.raises(UsageError, match="got 3 bytes, expected a header of 72 bytes"):
        Lexicon.parse(b"abc", "sys.dic")


def test_char_property(ipadic):
    characters = ipadic.characters
    assert characters.categories[:3] == ("DEFAULT", "SPACE", "KANJI")
    assert [characters.is_blank(c) for c in " \n\u3000あ\uffff😀"] == [True, True] + [False] * 4
    assert characters.packed[0xFFFF] == 0


def test_unusable_char_property(ipadic_folder):
    content = (ipadic_folder / "char.bin").read_bytes()
    with pytest.raises(UsageError, match=r"char\.bin: got 262495 bytes, expected 262496"):
        CharProperty.parse(content[:-1])
    place = len(content) - 4 * (0xFFFF - ord("\t"))
    both = patched(content, place, struct.pack("<I", 0b110))
    with pytest.raises(UsageError, match="a blank that is also of another category"):
        CharProperty.parse(both)


def test_connector():
    content = struct.pack("<2H6h", 3, 2, 1, 2, 3, 4, 5, -6)
    connector = Connector.parse(content)
    assert (connector.left_size, connector.costs[2 + 3 * 1]) == (3, -6)
    with pytest.raises(UsageError, match="got 15 bytes, expected 16 for 3 by 2 costs"):
        Connector.parse(content[:-1])


@pytest.mark.parametrize(("fields", "expected"), [(9, 6), (26, 10), (29, 10), (7, None), (0, None)])
def test_base_field(fields, expected):
    assert base_field(fields) == expected


def test_part_of_speech():
    assert has_part_of_speech("名詞,数,*,*", "名詞")
    assert has_part_of_speech("名詞,数,*,*", "名詞,数")
    assert not has_part_of_speech("名詞,数,*,*", "名")


def test_ipadic(ipadic):
    assert ipadic.version == "1.0.0"
    assert len(ipadic.hash) == 64
    assert len(ipadic.surfaces()) == len(set(ipadic.surfaces())) == 325_871
    value = ipadic.trie.value("走っ".encode())
    words = ipadic.words[np.arange(value >> 8, (value >> 8) + (value & 0xFF))]
    assert [ipadic.base_forms[base] for base in words.base] == ["走る"] * len(words)
    assert {ipadic.parts_of_speech[p] for p in words.part_of_speech} == {"動詞,自立,*,*"}


def test_equal_words_are_merged(ipadic):
    values = ipadic.trie.values()
    owners = np.repeat(np.arange(len(values)), values & 0xFF)
    first = np.repeat(values >> 8, values & 0xFF)
    within = np.arange(len(owners)) - np.repeat(
        np.cumsum(values & 0xFF) - (values & 0xFF), values & 0xFF
    )
    words = ipadic.words[first + within]
    contexts = np.stack([owners, words.left_id, words.right_id], 1)
    assert len(np.unique(contexts, axis=0)) == len(contexts)


def test_needs_no_tensorflow():
    code = "import sys, preprocess.mecab; print('tensorflow' in sys.modules)"
    assert run_python("-c", code).stdout.strip() == "False"


@pytest.fixture(scope="module")
def saved(ipadic, tmp_path_factory):
    path = tmp_path_factory.mktemp("compiled") / "ipadic.npz"
    save_dictionary(ipadic, path)
    return path


def test_saved_and_loaded(ipadic, saved, tmp_path):
    loaded = load_dictionary(saved)
    save_dictionary(loaded, tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == saved.read_bytes()
    assert (loaded.version, loaded.hash) == (ipadic.version, ipadic.hash)
    assert loaded.base_forms == ipadic.base_forms
    assert np.array_equal(loaded.trie.base, ipadic.trie.base)
    assert saved.stat().st_size < 10e6


def test_damaged_file(saved, tmp_path):
    damaged = tmp_path / "damaged.npz"
    content = saved.read_bytes()
    middle = len(content) // 2
    damaged.write_bytes(patched(content, middle, bytes([content[middle] ^ 1])))
    with pytest.raises(ArtifactError, match=r"damaged\.npz: got a file that cannot be read"):
        load_dictionary(damaged)
    damaged.write_bytes(content[:middle])
    with pytest.raises(ArtifactError, match="cannot be read"):
        load_dictionary(damaged)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("base", lambda a: a[::-1].copy()),
        ("word_left_id", lambda a: a + 60_000),
        ("word_cost", lambda a: a.astype(np.int32)),
        ("connections", lambda a: a[:-1]),
        ("unknown_first", lambda a: a.reshape(1, -1)),
        ("parts_of_speech", lambda a: a[:5]),
    ],
)
def test_a_file_that_loads_but_lies(saved, tmp_path, name, change):
    lying = tmp_path / "lying.npz"
    with np.load(saved) as file:
        arrays = dict(file)
    np.savez(lying, **{**arrays, name: change(arrays[name])})
    with pytest.raises(ArtifactError, match=r"lying\.npz: got content that does not fit"):
        load_dictionary(lying)
    np.savez(lying, **{**arrays, name: np.array([None], object)})
    with pytest.raises(ArtifactError, match="cannot be read"):
        load_dictionary(lying)
    np.savez(lying, **{key: array for key, array in arrays.items() if key != name})
    with pytest.raises(ArtifactError, match="does not fit its checksum"):
        load_dictionary(lying)


@pytest.mark.parametrize("header", [[1], "{", {"magic": "text2seq mecab dictionary"}])
def test_a_header_of_another_kind(tmp_path, header):
    text = header if isinstance(header, str) else json.dumps(header)
    np.savez(tmp_path / "x.npz", header=np.frombuffer(text.encode(), np.uint8))
    with pytest.raises(ArtifactError, match=r"x\.npz: got a file "):
        load_dictionary(tmp_path / "x.npz")


def test_missing_file(tmp_path):
    with pytest.raises(ArtifactError, match=r"cannot be read.*write it again"):
        load_dictionary(tmp_path / "none.npz")


def test_another_kind_of_file(tmp_path):
    np.savez(tmp_path / "other.npz", base=np.zeros(3))
    with pytest.raises(ArtifactError, match="a file of another kind"):
        load_dictionary(tmp_path / "other.npz")


def test_newer_file(saved, tmp_path):
    newer = tmp_path / "newer.npz"
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(newer, "w") as new:
        for name in old.namelist():
            if name != "header.npy":
                new.writestr(name, old.read(name))
        header = {"magic": "text2seq mecab dictionary", "format": 3}
        with new.open("header.npy", "w") as file:
            np.save(file, np.frombuffer(json.dumps(header).encode(), np.uint8))
    with pytest.raises(ArtifactError, match="got format 3, expected 2; upgrade text2seq"):
        load_dictionary(newer)
