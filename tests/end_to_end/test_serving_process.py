"""`serving/` in fresh processes that import TensorFlow alone, under locales of special rules."""

import json
import os
from pathlib import Path

import pytest
from artifact_files import words_of
from processes import run_in_each
from tf_keras.preprocessing.text import text_to_word_sequence

pytestmark = pytest.mark.slow

PROBE = Path(__file__).parents[1] / "support/serving_probe.py"
LOCALES = ("C", "tr_TR.UTF-8", "lt_LT.UTF-8")
SPECIAL = [
    "I ISPARTA İstanbul IĞNE iğne ıssız",
    "Ì Í Ĩ Į ÌÌ ÍÍ ĨĨ ĮĮ JĮ J̇ Ė",
    "STRASSE Straße ẞ ß ΟΔΥΣΣΕΥΣ ΣΑΣ Σ",
    "A\0B DON'T 日本語 😀👍🏽 𝒳 Ǆ ﬁ",
    "MONDAY Lisbon FILM.",
]
BATCHES = [[*SPECIAL], [""], ["Film"], ["", "\n", "..."], ["Film monday", "", "x"] * 400]


@pytest.fixture(scope="module")
def by_locale(artifact):
    """What the probe finds under each locale; the processes run side by side."""
    request = json.dumps([{"text": batch, "stars": [0.0] * len(batch)} for batch in BATCHES])
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environments = [{**inherited, "LC_ALL": locale, "PYTHONUTF8": "1"} for locale in LOCALES]
    printed = run_in_each(environments, "-P", PROBE, artifact / "serving", given=request)
    return {locale: json.loads(output) for locale, output in zip(LOCALES, printed, strict=True)}


@pytest.fixture(scope="module")
def words(artifact):
    return words_of(artifact)


def test_tensorflow_is_all_it_takes(by_locale):
    modules = set(by_locale["C"]["modules"])
    assert "tensorflow" in modules
    ours = {"preprocess", "beam_jobs", "apache_beam", "tensorflow_transform", "tfx_bsl"}
    assert modules & ours == set()


def test_it_asks_for_features_only(by_locale):
    assert by_locale["C"]["signature"] == {"text": "string", "stars": "float32"}


@pytest.mark.parametrize("index", range(len(BATCHES)))
def test_any_batch_is_answered(by_locale, words, index):
    answer = by_locale["C"]["answers"][index]
    expected = [[words.get(w, 1) for w in text_to_word_sequence(t)] for t in BATCHES[index]]
    width = max(1, *map(len, expected))
    padded = [ids + [0] * (width - len(ids)) for ids in expected]
    assert answer["text"] == {"dtype": "int64", "values": padded}
    assert answer["text_length"] == {"dtype": "int64", "values": [len(ids) for ids in expected]}
    assert answer["stars"]["dtype"] == "float32"


def test_special_letters_have_words_of_their_own(words):
    found = {word for text in SPECIAL for word in text_to_word_sequence(text) if word in words}
    # The Turkish rule would make ısparta of ISPARTA, and fılm of FILM.
    letters = {"i", "isparta", "i̇stanbul", "ì", "į", "straße", "σας", "日本語", "a\0b", "film"}
    assert letters <= found


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_no_locale_changes_an_id(by_locale, locale):
    assert by_locale[locale]["plain"] != by_locale["C"]["plain"], "ICU does not see the locale"
    assert by_locale[locale]["answers"] == by_locale["C"]["answers"]
