"""Vocabularies line by line, compared with TensorFlow's own reading of the same file."""

from __future__ import annotations

import gzip

import pytest
import tensorflow as tf
import tensorflow_text
from hypothesis import given
from hypothesis import strategies as st
from subword_files import LFS_POINTER, ODD, written

from preprocess.core.errors import SpecError
from preprocess.core.first_bytes import UTF8_BOM
from preprocess.tokenizers.piece_lines import read_pieces


def _ids_of_tensorflow(content: bytes, pieces: list[str]) -> list[int]:
    """The ids in a table that reads the file itself, a line a piece."""
    initializer = tf.lookup.TextFileInitializer(
        written("v.txt", content),
        tf.string,
        tf.lookup.TextFileIndex.WHOLE_LINE,
        tf.int64,
        tf.lookup.TextFileIndex.LINE_NUMBER,
    )
    table = tf.lookup.StaticHashTable(initializer, default_value=-1)
    return list(map(int, table.lookup(tf.constant(pieces)).numpy()))


# TensorFlow refuses a blank line.
LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\0"), min_size=1)


@given(
    st.lists(LINES | st.sampled_from(ODD[1:]), min_size=1, max_size=20, unique=True),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_ids_are_those_of_tensorflow(pieces: list[str], end: str, ended: bool) -> None:
    pieces = [piece.removeprefix("\ufeff") or "x" for piece in pieces[:1]] + pieces[1:]
    if len(set(pieces)) < len(pieces):
        return
    content = (end.join(pieces) + end * ended).encode()
    assert read_pieces("v.txt", content) == pieces
    assert _ids_of_tensorflow(content, pieces) == list(range(len(pieces)))


def test_words_become_the_pieces_of_the_library() -> None:
    content = "".join(f"{piece}\n" for piece in ["[UNK]", "cat", *ODD[1:], "##s"]).encode()
    library = tensorflow_text.WordpieceTokenizer(
        written("v.txt", content), token_out_type=tf.int64, unknown_token=None
    )
    [[ids]] = library.tokenize(tf.constant([["cats"]])).to_list()
    pieces = read_pieces("v.txt", content)
    assert [pieces[i] for i in ids] == ["cat", "##s"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a\n\nb\n", ["a", "", "b"]),
        (b"a\nb\n\n", ["a", "b", ""]),
        (b"\na\nb", ["", "a", "b"]),
        (b"a\r\n\r\nb\r\n", ["a", "", "b"]),
        (b"a\r\nb\nc", ["a", "b", "c"]),
        (UTF8_BOM + b"a\nb", ["a", "b"]),
        (b"", []),
    ],
)
def test_pieces(content: bytes, expected: list[str]) -> None:
    assert read_pieces("v.txt", content) == expected


MEND = "; mend the line, or give another file"
TEXT = "expected a vocabulary in UTF-8, one piece a line"
REFUSED = {
    "twice": (
        b"a\nb\na\r\n",
        f"v.txt:3: got the piece 'a' of line 1 again, expected every piece once{MEND}",
    ),
    "two blank lines": (
        b"a\n\n\n",
        f"v.txt:3: got the piece '' of line 2 again, expected every piece once{MEND}",
    ),
    "a NUL": (
        b"a\nb\0c\n",
        f"v.txt:2: got a NUL in b'b\\x00c', expected a piece without, as none may hold it{MEND}",
    ),
    "a CR before the end": (
        b"a\nb\r\r\n",
        f"v.txt:2: got a carriage return in b'b\\r', expected one before a newline alone{MEND}",
    ),
    "a CR within": (
        b"a\rb\n",
        f"v.txt:1: got a carriage return in b'a\\rb', expected one before a newline alone{MEND}",
    ),
    "no UTF-8": (b"a\n\xff\n", f"v.txt:2: got b'\\xff', which is no UTF-8, {TEXT}{MEND}"),
    "gzip": (
        gzip.compress(b"a\n", mtime=0),
        f"v.txt: got gzip, {TEXT}; unpack it, and give what it holds",
    ),
    "UTF-16": (
        "[UNK]\na\n".encode("utf-16-le"),
        f"v.txt: got text in UTF-16 (little-endian), {TEXT}; write it again in UTF-8",
    ),
    "a pointer": (
        LFS_POINTER,
        f"v.txt: got a pointer of Git LFS, {TEXT}; fetch what it points to with git lfs pull",
    ),
    "a page": (b"<html>\n", f"v.txt: got a page of HTML, {TEXT}; fetch the file itself"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_vocabulary_that_cannot_be_read(case: str) -> None:
    content, message = REFUSED[case]
    with pytest.raises(SpecError) as caught:
        read_pieces("v.txt", content)
    assert str(caught.value) == message
