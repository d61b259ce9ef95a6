"""Every error names the file, what was got, what was expected, and what to do."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from vector_files import binary, write

from preprocess.core.errors import InputError, SpecError, Text2SeqError, UsageError
from preprocess.vectors import read_vectors

WORDS = {"the": 1, "cat": 2}
FORMATS = "word2vec's text or binary format, or GloVe's"
PAIR = binary({b"the": [1.0, 2.0], b"cat": [3.0, 4.0]})


def message(error: type[Text2SeqError], path: str, **options: object) -> str:
    """The text of the error that reading `path` raises, without the folder."""
    with pytest.raises(error) as raised:
        read_vectors(path, WORDS, 3, **options)  # type: ignore[arg-type]
    assert type(raised.value) is error
    assert raised.value.exit_code == 2
    text = str(raised.value)
    assert ", expected " in text
    assert "; " in text
    return text.replace(path, "FILE")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            "the 1 2\ncat 3\ndog 4 5\n",
            "FILE:2: got 1 numbers after 'cat', expected 2 numbers as most lines have; "
            "mend the line or leave it out",
        ),
        (
            "2 3\nthe 1 2 3\n\nodd 4 5\n",
            "FILE:4: got 2 numbers after 'odd', expected 3 numbers as line 1 says; "
            "mend the line or leave it out",
        ),
        (
            "the 1 2\nodd 3 4\ncat 3.5 4 5\n",
            "FILE:3: got 3 numbers after 'cat', expected 2 numbers as most lines have; "
            "mend the line or leave it out",
        ),
        (
            "2 2\nthe 1.0 2.0 3.0\ncat 4.0 5.0 6.0\n",
            "FILE:2: got 3 numbers after 'the', expected 2 numbers as line 1 says; "
            "mend the line or leave it out",
        ),
        (
            "the 1 2\ncat 3 4,5\n",
            "FILE:2: got '4,5' among the numbers of 'cat', "
            "expected finite numbers of 32 bits; mend the line or leave it out",
        ),
        (
            "the 1 2\ncat nan 4\n",
            "FILE:2: got 'nan' among the numbers of 'cat', "
            "expected finite numbers of 32 bits; mend the line or leave it out",
        ),
        (
            "the 1 2\ncat 3 -1e39\n",
            "FILE:2: got '-1e39' among the numbers of 'cat', "
            "expected finite numbers of 32 bits; mend the line or leave it out",
        ),
        (
            "2 2\nthe 1  2\ncat 3 4\n",
            "FILE:2: got 3 numbers after 'the', expected 2 numbers as line 1 says; "
            "mend the line or leave it out",
        ),
        (
            "3 2\nthe 1 2\ncat 3 4\n",
            "FILE: got 2 whole vectors, expected 3 as line 1 says; "
            "the file was cut short: fetch it again",
        ),
        (
            "3 2\n",
            "FILE: got 0 whole vectors, expected 3 as line 1 says; "
            "the file was cut short: fetch it again",
        ),
        (
            "3 0\nthe\n",
            "FILE:1: got 3 words of 0 numbers, expected at least one word and "
            "1 to 65,536 numbers; fetch the file again",
        ),
        ("", f"FILE: got an empty file, expected {FORMATS}; fetch the file again"),
        ("\n \n", f"FILE: got an empty file, expected {FORMATS}; fetch the file again"),
        (
            "It was the best of times,\nit was the worst\n",
            "FILE:1: got b'It was the best of times,\\nit was the wor', "
            f"expected a word and its numbers, that is {FORMATS}; give another file",
        ),
        (
            b"PK\x03\x04glove.6B.50d.txt",
            f"FILE: got a zip archive, expected {FORMATS}; unpack it, and give what it holds",
        ),
        (
            b"\xba\x16\x4f\x2f\x0c\0\0\0",
            f"FILE: got a model of fastText, expected {FORMATS}; give its .vec file instead",
        ),
        (
            PAIR[:-1],
            "FILE: got 1 whole vectors, expected 2 as line 1 says; "
            "the file was cut short: fetch it again",
        ),
        (
            binary({b"the": [1.0, 2.0]}, count=1_000),
            "FILE: got 1 whole vectors, expected 1,000 as line 1 says; "
            "the file was cut short: fetch it again",
        ),
        (
            binary({b"a": [1.0, 2.0], b"cat": [3.0, np.inf]}),
            "FILE: word 2: got inf among the numbers of 'cat', "
            "expected finite numbers; fetch the file again or leave the word out",
        ),
        (
            b"2 2\nthe " + bytes(8) + bytes(1 << 21),
            "FILE: byte 16: got no blank within 1,048,576 bytes, "
            "expected a word and 2 numbers as line 1 says; fetch the file again",
        ),
        (
            "the 1 2\ncat" + "x" * (1 << 20) + " 3 4\n",
            "FILE:2: got a line of 1,048,576 bytes or more, "
            "expected a word and 2 numbers as most lines have; mend the line",
        ),
    ],
)
def test_damage(tmp_path: Path, content: bytes | str, expected: str) -> None:
    assert message(InputError, write(tmp_path / "vectors", content)) == expected


def test_a_first_line_without_end(tmp_path: Path) -> None:
    path = write(tmp_path / "vectors", "x" * (3 << 20))
    assert "FILE:1: got b'xxx" in message(InputError, path)


def test_damaged_text_is_not_taken_for_binary(tmp_path: Path) -> None:
    path = write(tmp_path / "vectors", "2 2\nthe 1 two\ncat 3 4\n")
    assert "FILE:2: got 'two' among the numbers of 'the'" in message(InputError, path)


def test_missing(tmp_path: Path) -> None:
    for name in ("none.txt", "none.kv", "none.bin.gz"):
        assert message(InputError, str(tmp_path / name)) == (
            "FILE: got no such file, expected word vectors on a local disk; correct the path"
        )


def test_a_folder(tmp_path: Path) -> None:
    assert "FILE: got data that cannot be read" in message(InputError, str(tmp_path))


@pytest.mark.parametrize("content", [b"the 1 2\ncat 3 4\n", PAIR])
@pytest.mark.parametrize("cut", [-1, -9, 15])
def test_gzip_cut_short(tmp_path: Path, content: bytes, cut: int) -> None:
    path = tmp_path / "vectors.gz"
    path.write_bytes(gzip.compress(content)[:cut])
    text = message(InputError, str(path))
    assert text.startswith("FILE: got data that cannot be read (Compressed file ended before")
    assert text.endswith("), expected a whole, undamaged file; fetch the file again")


def test_width_differs(tmp_path: Path) -> None:
    path = write(tmp_path / "vectors", "the" + " 1" * 50 + "\n")
    assert message(SpecError, path, dim=32) == (
        "FILE: got vectors of 50 numbers, expected 32 as embedding.dim says; "
        "set dim: 50 or leave it out"
    )
    assert read_vectors(path, WORDS, 3, dim=50).matrix.shape == (3, 50)


def test_no_word_is_found(tmp_path: Path) -> None:
    path = write(tmp_path / "vectors", "The 1 2\nCAT 3 4\n")
    assert message(SpecError, path) == (
        "FILE: got a vector for none of the 2 words of the index, expected some; "
        "take vectors of the same language, and of the same casing as the tokens"
    )


@pytest.mark.parametrize("row", [0, -1, 3])
def test_ids_out_of_range(tmp_path: Path, row: int) -> None:
    path = write(tmp_path / "vectors", "the 1 2\n")
    with pytest.raises(UsageError) as raised:
        read_vectors(path, {"the": 1, "cat": row}, 3)
    assert str(raised.value) == (
        f"got the id {row} for 'cat', expected 1 to 2, as id 0 is padding; "
        "let rows be the number of ids, with padding and out-of-vocabulary ids"
    )
