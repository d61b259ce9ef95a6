"""Oracle: Python's `str.lower`, which knows no locale."""

import os
import unicodedata

import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from processes import run_in_each

from preprocess.tokenizers.lower import lower

pytestmark = pytest.mark.slow

# What ICU, in the Unicode version that TensorFlow 2.21 has, does not know as cased or as
# ignorable between a letter and a sigma; Python 3.11 does.
NEW_CASED = """
    2c5f a7c1 a7d1 a7d3 a7d5 a7d7 a7d9 10597-105a1 105a3-105b1 105b3-105b9 105bb-105bc
    1df00-1df09 1df0b-1df1e
"""
NEW_IGNORABLE = """
    888 890-891 898-89f 8c9-8d2 c3c 1734 180f 1ac1-1ace 1dfa a7f2-a7f4 fbc2 10780-10785
    10787-107b0 107b2-107ba 10f82-10f85 11070 11073-11074 110c2 1aff0-1aff3 1aff5-1affb
    1affd-1affe 1cf00-1cf2d 1cf30-1cf46 1e2ae
"""

# A Python of a newer Unicode knows yet more of them.
IS_UNICODE_14 = unicodedata.unidata_version == "14.0.0"


def lowered(texts):
    batch = tf.constant(list(texts), tf.string)
    signature = [tf.TensorSpec([None], tf.string)]
    return [text.decode() for text in tf.function(lower, input_signature=signature)(batch).numpy()]


def differing(texts):
    """Indices of texts that Python lowers otherwise."""
    return {i for i, got in enumerate(lowered(texts)) if got != texts[i].lower()}


def codes(ranges):
    ends = [[int(end, 16) for end in part.split("-")] for part in ranges.split()]
    return {chr(code) for first, *last in ends for code in range(first, (last or [first])[0] + 1)}


@pytest.mark.parametrize("frame", ["{}", "É{}I", "Í\0{}\0Í", "xİ{}"])
def test_every_character_as_python(all_characters, frame):
    assert differing([frame.format(character) for character in all_characters]) == set()


@pytest.mark.parametrize(
    ("frame", "golden"),
    [
        ("{}Σ", codes(NEW_CASED)),
        ("AΣ{}", codes(NEW_CASED)),
        ("A{}Σ", codes(NEW_CASED) | codes(NEW_IGNORABLE)),
        ("AΣ{}A", codes(NEW_CASED) | codes(NEW_IGNORABLE)),
    ],
)
def test_final_sigma_differs_only_beside_characters_new_to_icu(all_characters, frame, golden):
    found = differing([frame.format(character) for character in all_characters])
    found = {all_characters[index] for index in found}
    assert found == golden if IS_UNICODE_14 else found >= golden


@settings(max_examples=20)
@given(st.lists(st.text() | st.text("aIJiİıΣσςÌÍĨĮÉ\u0307\u0300 .'\0Ⱟ"), max_size=80))
def test_any_text_as_python(texts):
    assert lowered(texts) == [text.lower() for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", b""),
        (b"a\0B", b"a\0b"),
        ("\0É\0Σ".encode(), "\0é\0σ".encode()),
        ("ΑΣ.Α ΑΣ. Í".encode(), "ασ.α ας. í".encode()),
        (b"AB\xff", b"ab\xff"),
        ("A\xcdÉ".encode("latin-1"), b"a\xcd\xc9"),
        (b"\xffA" + "É".encode(), "\ufffdaé".encode()),
    ],
)
def test_literals(text, expected):
    assert lower(tf.constant([text])).numpy().tolist() == [expected]


LOCALES = ("C", "tr_TR.UTF-8", "lt_LT.UTF-8", "az_AZ.UTF-8")
LOCALE_PROBE = """
import sys
import tensorflow as tf
from preprocess.tokenizers.lower import lower
letters = [chr(c) for c in range(0x20000) if not 0xD800 <= c < 0xE000]
texts = [c for c in letters if c.lower() != c or c == "\\0"]
marks = ["\\u0300", "\\u0301", "\\u0303", "\\u0307", "\\u0328", "\\u0323\\u0307", "\\0"]
texts += [c + mark for c in "IJiÌÍĨĮİÉĖΣ" for mark in marks]
batch = tf.constant(texts + ["É" + text + "I" for text in texts])
print(tf.strings.lower("TITLE Ì", encoding="utf-8").numpy().hex())
print(b"|".join(lower(batch).numpy()).hex())
"""


@pytest.fixture(scope="module")
def by_locale():
    """What the probe prints under each locale; ICU reads it from the environment."""
    environments = [{**os.environ, "LC_ALL": locale, "PYTHONUTF8": "1"} for locale in LOCALES]
    printed = run_in_each(environments, "-c", LOCALE_PROBE)
    return {locale: output.split() for locale, output in zip(LOCALES, printed, strict=True)}


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_no_locale_changes_anything(by_locale, locale):
    plain, ours = by_locale[locale]
    assert plain != by_locale["C"][0], "the locale does not reach ICU, so this shows nothing"
    assert ours == by_locale["C"][1]
