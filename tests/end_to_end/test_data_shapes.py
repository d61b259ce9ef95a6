"""Data of every shape, built small and checked value by value; `verify` agrees each time."""

import json

import numpy as np
import pytest
from artifact_files import (
    by_id,
    manifest_of,
    records_of,
    rejected_of,
    shards_of,
    statistics_of,
    words_of,
)

pytestmark = pytest.mark.slow

EVERYTHING = """
features:
  text: {vocabulary: shared, max_length: 4}
  title: {vocabulary: shared, max_length: 3, padding: pre, truncating: pre}
  price: {kind: numeric, scale: min_max}
  age: {kind: numeric}
labels:
  topic: {kind: category}
  tags: {kind: multilabel}
  marks: {kind: multilabel, separator: "|"}
  score: {kind: number}
  place: {kind: number, size: 2}
  good: {kind: binary}
vocabularies: {shared: {oov: {hash_buckets: 3}, max_size: 3, reserved_tokens: [zz]}}
keep: [number, weight, name]
buckets: {by: text, boundaries: [2, 4]}
rejects: {max_fraction: 0.5}
output: {shards: 1}
"""
TWO_ROWS = [
    {
        "text": "b b a", "title": "a zz b c d", "price": 10, "age": 3,
        "topic": "é", "tags": ["y", "x"], "marks": " q | p", "score": 0.5, "place": [1, 2.5],
        "good": True, "number": -7, "weight": 2, "name": "eins", "unused": {"x": 1},
    },
    {
        "text": "", "title": "c", "price": 20.0, "age": 4.5,
        "topic": "a", "tags": [], "marks": "p|p|", "score": -3, "place": [0, 0],
        "good": 0, "number": 2**53, "weight": 0.25, "name": "zwei",
    },
]  # fmt: skip


def test_everything_in_one_build(build_in, agrees):
    bad = {**TWO_ROWS[0], "place": [1.5]}
    artifact = build_in(EVERYTHING, {"rows.jsonl": [*TWO_ROWS, bad]})
    # 0 padding, 1 to 3 unknown, 4 reserved, then b (3), a (2), c (2).
    assert words_of(artifact, "shared") == {"zz": 4, "b": 5, "a": 6, "c": 7}
    records = by_id(records_of(artifact), "name")
    unknown = records[b"eins"]["title"][2]
    assert unknown in (1, 2, 3)
    assert records[b"eins"] == {
        "text": [5, 5, 6, 0], "text_length": 3, "title": [5, 7, unknown], "title_length": 3,
        "price": 0.0, "age": 3.0, "topic": 1, "tags": [1, 1], "marks": [1, 1],
        "score": 0.5, "place": [1.0, 2.5], "good": 1,
        "number": b"-7", "weight": b"2", "name": b"eins",
    }  # fmt: skip
    assert records[b"zwei"] == {
        "text": [0, 0], "text_length": 0, "title": [0, 0, 7], "title_length": 1,
        "price": 1.0, "age": 4.5, "topic": 0, "tags": [0, 0], "marks": [1, 0],
        "score": -3.0, "place": [0.0, 0.0], "good": 0,
        "number": b"9007199254740992", "weight": b"0.25", "name": b"zwei",
    }  # fmt: skip
    assert manifest_of(artifact)["classes"] == {
        "topic": ["a", "é"],
        "tags": ["x", "y"],
        "marks": ["p", "q"],
    }
    assert manifest_of(artifact)["kept"] == {
        "number": "string",
        "weight": "string",
        "name": "string",
    }
    [rejected] = rejected_of(artifact)
    assert rejected["reason"] == "column 'place': got [1.5], expected a list of 2 finite numbers"
    agrees(artifact)


JAPANESE = """
features:
  question: {vocabulary: characters, max_length: 6, truncating: pre, padding: pre}
  answer: {vocabulary: characters, max_length: 8}
vocabularies: {characters: {tokenizer: {kind: characters}, oov: token}}
splits: {column: usage, map: {train: train, dev: validation, test: test}}
keep: [id]
rejects: {max_fraction: 0.5}
"""
JAPANESE_ROWS = '''\
id,question,answer,usage
1,今日は?,"晴れ、""曇り""",train
2,日本,今,train
3,晴,犬今,dev
4,,今日は晴れですか今日は,test
5,今,今,prod
'''


def test_japanese_characters_from_csv_by_a_split_column(build_in, agrees):
    artifact = build_in(JAPANESE, {"rows.csv": JAPANESE_ROWS})
    words = words_of(artifact, "characters")
    assert list(words)[:3] == ['"', "今", "日"]  # twice each, in UTF-8 order
    assert set(words) == set('今日は?晴れ、"曇り本')

    def ids(text):
        return [words.get(character, 1) for character in text]

    splits = {s: by_id(records_of(artifact, s)) for s in ("train", "validation", "test")}
    assert {split: set(found) for split, found in splits.items()} == {
        "train": {1, 2},
        "validation": {3},
        "test": {4},
    }
    assert splits["train"][1]["question"] == ids("今日は?")
    assert splits["train"][1]["answer"] == [*ids('晴れ、"曇り"'), 0]
    assert splits["validation"][3]["answer"] == [*ids("犬今"), *[0] * 6]
    assert splits["test"][4]["answer"] == ids("今日は晴れですか")
    assert splits["test"][4]["question_length"] == 0
    [rejected] = rejected_of(artifact)
    assert rejected["row"] == 4 and rejected["reason"] == (
        "column 'usage': got 'prod', expected one of the splits' map: train, dev, test"
    )
    agrees(artifact)


TWO_VOCABULARIES = """
features: {text: {vocabulary: words}, question: {vocabulary: questions}}
vocabularies: {words: {}, questions: {}}
labels: {topic: {kind: category}, tags: {kind: multilabel}}
rejects: {max_fraction: 0.5}
buckets: {by: question, count: 2}
"""


def test_a_class_that_the_train_split_lacks(build_in, agrees):
    known = {"text": "x y", "question": "why x", "topic": "a", "tags": "t"}
    train = [known, {**known, "topic": "b"}, {**known, "question": "x why not"}]
    test = [known, {**known, "topic": "new"}, {**known, "topic": "new", "tags": "strange"}]
    test += [{**known, "tags": "t,strange"}]
    artifact = build_in(TWO_VOCABULARIES, {"train=a.jsonl": train, "test=b.jsonl": test})
    assert words_of(artifact) == {"x": 2, "y": 3}
    assert words_of(artifact, "questions") == {"why": 2, "x": 3, "not": 4}
    books = manifest_of(artifact)["rows"]
    assert books == {"read": 7, "written": {"train": 3, "test": 1}, "rejected": 3}
    starts = np.cumsum([0, *(len(json.dumps(row)) + 1 for row in test)]).tolist()
    expected = "expected one that the train split holds too"
    assert {row["row"]: row["reason"] for row in rejected_of(artifact)} == {
        starts[1]: f"topic: got the class 'new', {expected}",
        starts[2]: f"topic: got the class 'new', {expected}",
        starts[3]: f"tags: got the class 'strange', {expected}",
    }
    agrees(artifact)


def test_empty_files_among_full_ones(build_in, agrees):
    files = {"a.txt": "", "b.txt": "one two\n", "c.txt": "\n", "d.txt.gz": b"", "e.txt": "two"}
    artifact = build_in("features: {text: {}}", files)
    reads = [file["read"] for file in manifest_of(artifact)["inputs"]]
    assert reads == [0, 1, 1, 0, 1]
    assert words_of(artifact) == {"two": 2, "one": 3}
    assert sorted(record["text_length"] for record in records_of(artifact)) == [0, 1, 2]
    agrees(artifact)


def test_an_empty_test_split(build_in, agrees):
    artifact = build_in("features: {text: {}}", {"train=a.txt": "a b\n", "test=b.txt": ""})
    assert manifest_of(artifact)["rows"]["written"] == {"train": 1, "test": 0}
    assert len(shards_of(artifact, "test")) == 1 and not records_of(artifact, "test")
    assert manifest_of(artifact)["padding_fractions"]["train"] == 0
    agrees(artifact)


def test_more_shards_than_records(build_in, agrees):
    spec = "features: {text: {}}\noutput: {shards: 9, compression: none}"
    artifact = build_in(spec, {"a.txt": "a b\nc d\n"})
    assert len(shards_of(artifact)) == 9 and len(records_of(artifact)) == 2
    agrees(artifact)


def test_texts_that_end_up_empty(build_in, agrees):
    spec = "features: {text: {}}\nvocabularies: {words: {oov: drop, max_size: 1}}\nkeep: [id]"
    rows = [{"id": i, "text": t} for i, t in enumerate(["a a", "b", "!!!", "", "b a"])]
    artifact = build_in(spec, {"rows.jsonl": rows})
    found = by_id(records_of(artifact))
    assert [found[i]["text_length"] for i in range(5)] == [2, 0, 0, 0, 1]
    agrees(artifact)


@pytest.mark.parametrize("oov", ["drop", "token"])
def test_a_vocabulary_without_words(build_in, agrees, oov):
    spec = f"features: {{text: {{}}}}\nvocabularies: {{words: {{oov: {oov}}}}}"
    artifact = build_in(spec, {"train=a.txt": "\n!\n\n", "test=b.txt": "unknown words\n"})
    assert words_of(artifact) == {}
    assert manifest_of(artifact)["vocabulary_sizes"] == {"words": 1 if oov == "drop" else 2}
    [test] = records_of(artifact, "test")
    assert test["text_length"] == (0 if oov == "drop" else 2)
    assert {record["text_length"] for record in records_of(artifact, "train")} == {0}
    agrees(artifact)


def test_tokens_of_newlines_tabs_and_backslashes(build_in, agrees):
    spec = """
features: {text: {}}
vocabularies: {words: {tokenizer: {kind: characters}, oov: drop}}
keep: [id]
"""
    texts = ["\n\t\r\\", "\\n", "a\n\n", "\\t\t", '"\\"', "\0\u2028"]
    rows = [{"id": i, "text": text} for i, text in enumerate(texts)]
    artifact = build_in(spec, {"rows.jsonl": rows})
    words = words_of(artifact)
    assert set(words) == set("".join(texts))
    lines = (artifact / "vocabulary/words.tsv").read_bytes().decode().split("\n")
    assert [len(line.split("\t")) for line in lines] == [3] * len(words) + [1]
    found = by_id(records_of(artifact))
    names = {index: word for word, index in words.items()}
    for i, text in enumerate(texts):
        ids = found[i]["text"][: found[i]["text_length"]]
        assert "".join(names[index] for index in ids) == text
    agrees(artifact)


def test_no_longest_length_and_the_other_sides(build_in, agrees):
    spec = """
features:
  long: {max_length: null}
  short: {max_length: 2, padding: pre, truncating: pre}
keep: [id]
buckets: {by: long, count: 1}
"""
    rows = [{"id": 0, "long": "a " * 3_000, "short": "a b c"}, {"id": 1, "long": "b", "short": "c"}]
    artifact = build_in(spec, {"rows.jsonl": rows})
    words, found = words_of(artifact), by_id(records_of(artifact))
    assert found[0]["long"] == [words["a"]] * 3_000
    assert found[0]["short"] == [words["b"], words["c"]]
    assert found[1]["long"] == [words["b"]] + [0] * 2_999
    assert found[1]["short"] == [0, words["c"]]
    assert statistics_of(artifact)["train"]["features"]["long"]["lengths"] == {"1": 1, "3000": 1}
    agrees(artifact)


TOKENIZERS = """
features:
  a: {vocabulary: whitespace}
  b: {vocabulary: regex}
  c: {vocabulary: script}
vocabularies:
  whitespace: {tokenizer: {kind: whitespace}}
  regex: {tokenizer: {kind: regex, keep: "[a-z]+|[0-9]"}}
  script: {tokenizer: {kind: unicode_script}}
"""


def test_tokenizers(build_in, agrees):
    text = "Ab12 c—東京タワーは x.\u3000y"
    artifact = build_in(TOKENIZERS, {"rows.jsonl": [{"a": text, "b": text, "c": text}]})
    assert set(words_of(artifact, "whitespace")) == {"Ab12", "c—東京タワーは", "x.", "y"}
    assert set(words_of(artifact, "regex")) == {"b", "1", "2", "c", "x", "y"}
    assert {"東京", "タワ", "は", "x", "."} <= set(words_of(artifact, "script"))
    agrees(artifact)


def test_normalizations_of_tensorflow_text(build_in, agrees):
    spec = """
features: {text: {}}
vocabularies: {words: {tokenizer: {kind: keras, normalize: [nfkc, strip_accents]}}}
"""
    artifact = build_in(spec, {"a.txt": "Ｃａｆé ﬁn ①\ncafe\u0301\n"})
    assert words_of(artifact) == {"cafe": 2, "1": 3, "fin": 4}
    assert manifest_of(artifact)["op_libraries"] == ["tensorflow_text"]
    agrees(artifact, in_process=False)
