"""Oracle: `WordPiece`, `BertNormalizer` and `BertPreTokenizer` of Hugging Face's `tokenizers`."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from processes import run_in_each
from subword_files import ODD, PIECES, vocabulary_file, written
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from preprocess.core.errors import SpecError, UsageError
from preprocess.tokenizers import Wordpiece
from preprocess.tokenizers.wordpiece_training import WordpieceTraining, learn_wordpieces

# Punctuation that is newer than the Unicode 8 of `tokenizers`, and letters that it takes for some.
NEW_PUNCTUATION = """
    61d 9fd a76 c77 c84 166d 1b7d-1b7e 2e43-2e4f 2e52-2e5d 10ead 10f55-10f59 10f86-10f89 111c9
    1144b-1144f 1145a-1145b 1145d 11660-1166c 116b9 1183b 11944-11946 119e2 11a3f-11a46
    11a9a-11a9c 11a9e-11aa2 11b00-11b09 11c41-11c45 11c70-11c71 11ef7-11ef8 11f43-11f4f 11fff
    12ff1-12ff2 16e97-16e9a 16fe2 1e95e-1e95f
"""
# Format characters that are newer than it.
NEW_FORMAT = "890-891 8e2 110cd 13430-1343f"


def codes(ranges):
    ends = [[int(end, 16) for end in part.split("-")] for part in ranges.split()]
    return {chr(code) for first, *last in ends for code in range(first, (last or [first])[0] + 1)}


NEW = codes(NEW_PUNCTUATION) | codes(NEW_FORMAT)

known = st.characters(exclude_categories=["Cs"]).filter(lambda character: character not in NEW)
TEXTS = st.lists(
    st.text(known) | st.text("thecatsdogn't uaffbl日本語.-# éx0\u0301\u3000\0\t\u200d[UNK]"),
    max_size=60,
)


def oracle(tokenizer, pieces=PIECES, **normalization):
    """Hugging Face's tokenizer of the same options."""
    ids = {piece: place for place, piece in enumerate(pieces)}
    made = Tokenizer(
        models.WordPiece(
            vocab=ids,
            unk_token=tokenizer.unknown_token,
            max_input_chars_per_word=tokenizer.max_characters,
            continuing_subword_prefix=tokenizer.prefix,
        )
    )
    options = {"lowercase": False, "strip_accents": False, **normalization}
    made.normalizer = normalizers.BertNormalizer(**options)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return lambda texts: [found.tokens for found in made.encode_batch(list(texts))]


OTHER = ["<unk>", "the", "cat", "@@s", "@@a", "a", "##s", "s", "日", "@", "@@@"]
OPTIONS = {
    "bert": (Wordpiece(vocabulary=vocabulary_file()), PIECES),
    "long words": (Wordpiece(vocabulary=vocabulary_file(), max_characters=2), PIECES),
    "other marks": (
        Wordpiece(vocabulary=vocabulary_file(*OTHER), unknown_token="<unk>", prefix="@@"),
        OTHER,
    ),
}


def test_odd_pieces_change_no_others(tokens):
    tokenizer, odd = Wordpiece(vocabulary=vocabulary_file(*PIECES, *ODD)), [*PIECES, *ODD]
    texts = ["the cats\u2028sat", "x\u2028y x", "\\n \\ a\ty", " y y \x85 \u3000 \ufeff"]
    assert tokens(tokenizer, texts) == oracle(tokenizer, odd)(texts)


@pytest.mark.parametrize("name", OPTIONS)
@settings(max_examples=20)
@given(texts=TEXTS)
def test_pieces_equal_those_of_hugging_face(tokens, name, texts):
    tokenizer, pieces = OPTIONS[name]
    assert tokens(tokenizer, texts) == oracle(tokenizer, pieces)(texts)


def batched(values, size):
    return [values[place : place + size] for place in range(0, len(values), size)]


def test_every_character(tokens, all_characters):
    tokenizer = Wordpiece(vocabulary=vocabulary_file())
    # Each alone, but in tens from the second plane of ideographs on.
    alone = next(place for place, c in enumerate(all_characters) if c >= "\U00020000")
    chunks = [*all_characters[:alone], *map("b".join, batched(all_characters[alone:], 10))]
    texts = [f"a{chunk}b" for chunk in chunks]
    # The pieces of texts that are split differently differ, as "##b" and "b" do.
    found = zip(chunks, tokens(tokenizer, texts), oracle(tokenizer)(texts), strict=True)
    assert {chunk for chunk, ours, theirs in found if ours != theirs} == NEW


def test_the_limit_counts_characters(tokens):
    tokenizer = Wordpiece(vocabulary=vocabulary_file("[UNK]", "é", "##é"), max_characters=3)
    assert tokens(tokenizer, ["ééé éééé"]) == [["é", "##é", "##é", "[UNK]"]]


@settings(max_examples=20)
@given(st.lists(st.text("The CAT Dögs Café É,ñ.\n") | st.text("ÀÈé日本ab "), max_size=40))
def test_bert_uncased(tokens, texts):
    tokenizer = Wordpiece(vocabulary=vocabulary_file(), normalize=["lower", "strip_accents"])
    uncased = oracle(tokenizer, lowercase=True, strip_accents=True)
    assert tokens(tokenizer, texts) == uncased(texts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("the cats", ["the", "cat", "##s"]),
        ("unaffable don't", ["un", "##aff", "##able", "do", "##n", "'", "t"]),
        ("日本語", ["日", "本", "語"]),
        ("theca cat#", ["the", "##c", "##a", "cat", "#"]),
        ("q the", ["[UNK]", "the"]),
        ("ca\0t\u200d ##s", ["cat", "#", "#", "[UNK]"]),
        (b"the\xff cat", ["the", "cat"]),
    ],
)
def test_literals(tokens, text, expected):
    assert tokens(Wordpiece(vocabulary=vocabulary_file()), [text]) == [expected]


def test_the_inventory():
    inventory = Wordpiece(vocabulary=vocabulary_file()).inventory()
    assert inventory.pieces == PIECES and inventory.words == PIECES
    assert inventory.unknown_piece == "[UNK]"
    first = Wordpiece(vocabulary=written("v.txt", b"[UNK]\r\na\r\n##\xc3\xa9")).inventory()
    assert first.pieces == ["[UNK]", "a", "##é"] and first.words == ["a", "##é"]


@pytest.mark.parametrize("content", [b"a\nb\n", b""])
def test_a_vocabulary_without_the_unknown_piece(content):
    path = written("v.txt", content)
    expected = r"v\.txt: got no piece '\[UNK\]', expected .*unknown_token.*; give another file$"
    with pytest.raises(SpecError, match=expected):
        Wordpiece(vocabulary=path).check()


def test_a_missing_vocabulary():
    with pytest.raises(SpecError, match=r"^none\.txt: cannot be read .*tokenizer\.vocabulary "):
        Wordpiece(vocabulary="none.txt").check()


def test_tensorflow_text_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_text", None)
    with pytest.raises(UsageError, match=r"pip install 'text2seq\[text\]'"):
        Wordpiece(vocabulary=vocabulary_file()).check()


def test_sentencepiece_is_needed_to_learn_only(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentencepiece", None)
    Wordpiece(vocabulary=vocabulary_file()).check()
    with pytest.raises(UsageError, match=r"needs sentencepiece, .*'text2seq\[text\]'"):
        Wordpiece().check()


WORDS = [("hugs", 12), ("hug", 10), ("pug", 5), ("pun", 6), ("bun", 4), ("日本", 3), ("x\u2581", 1)]


def learn(words, size=100, coverage=1.0):
    options = WordpieceTraining(vocab_size=size, character_coverage=coverage)
    return learn_wordpieces(words, options, "[UNK]", "##")


def test_what_is_learned():
    pieces = learn(WORDS)
    characters, inside = sorted("hugspnb日本x\u2581"), sorted("ugsn本\u2581")
    assert pieces[: 1 + len(characters)] == ["[UNK]", *characters]
    assert pieces[12:18] == [f"##{c}" for c in inside]
    # "ug" occurs 27 times, then "h" and "ug" 22 times.
    assert pieces[18:20] == ["##ug", "hug"] and "hugs" in pieces
    assert len(set(pieces)) == len(pieces) <= 100


def test_the_size_is_a_limit():
    whole = learn(WORDS)
    assert learn(WORDS, 20) == whole[:20]
    with pytest.raises(SpecError, match=r"^tokenizer\.train\.vocab_size: got 9, .* at least 18, "):
        learn(WORDS, 9)


def test_rare_characters_are_left_out():
    pieces = learn(WORDS, coverage=0.9)
    assert "日" not in pieces and "hug" in pieces


@pytest.mark.parametrize("word", ["\u2585", "\u2581\u2581", "ab" * 40_000])
def test_words_that_the_trainer_would_skip(word):
    assert learn([(word, 3)])[: 1 + len(set(word))] == ["[UNK]", *sorted(set(word))]


@settings(max_examples=20)
@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=8),
        st.integers(1, 1000),
        min_size=1,
        max_size=30,
    ).filter(lambda counts: "[UNK]" not in counts)
)
def test_what_is_learned_spells_every_word(counts):
    pieces = learn(sorted(counts.items()), 2000)
    model = models.WordPiece(
        vocab={piece: place for place, piece in enumerate(pieces)}, unk_token="[UNK]"
    )
    assert all(p.value != "[UNK]" for word in counts for p in model.tokenize(word))


LEARN = """
from preprocess.tokenizers.wordpiece_training import *
words = [(a + b + c, 1 + ord(a) * ord(c) % 7) for a in "abcde" for b in "uvwxy" for c in "klmno"]
print(learn_wordpieces(words, WordpieceTraining(vocab_size=60), "[UNK]", "##"))
"""


def test_every_process_learns_the_same():
    paths = ":".join(sys.path)
    environments = [{"PYTHONPATH": paths, "PYTHONHASHSEED": seed} for seed in ("1", "2")]
    printed = set(run_in_each(environments, "-c", LEARN))
    assert len(printed) == 1
