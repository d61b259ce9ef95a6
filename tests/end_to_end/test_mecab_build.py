"""MeCab in the graph of a build; the oracle is MeCab itself."""

import json
from importlib.metadata import version
from pathlib import Path

import pytest
from artifact_files import by_id, manifest_of, records_of, rejected_of, words_of
from native_mecab import Native
from processes import run_python

from preprocess.cli import main
from preprocess.mecab.dictionary import MAX_BYTES, find_dictionary, read_dictionary

pytestmark = pytest.mark.slow

PROBE = Path(__file__).parents[1] / "support/serving_probe.py"
SPEC = """
features: {{text: {{vocabulary: words, max_length: 40}}}}
labels: {{good: {{kind: binary}}}}
vocabularies:
  words: {{tokenizer: {{kind: mecab{options}}}}}
keep: [id]
rejects: {{max_fraction: 0.5}}
"""
TEXTS = [
    "出張で泊まりましたが、駅から近くて便利でした。",
    "朝食のバイキングは種類が多く、特に焼きたてのパンがおいしかったです。",
    "残念ながらエアコンの音がうるさくて眠れなかった...",
    "すもももももももものうち",
    "Wi-Fiが無料で　使えるのは助かります\n（ただし、少し遅い）。",
    "😀ｶﾀｶﾅと゛濁点",
    "",
    " 　\t",
    "お" * 200,
]
NEW = ["駅から遠くて不便でした。", "", "知らない単語グレープフルーツスムージー", "東京\0大阪"]
LONG = "あ" * (MAX_BYTES // 3 + 1)


def spec(options=""):
    return SPEC.format(options=options)


def rows(*more):
    texts = [*TEXTS, *more]
    return [{"id": n, "text": text, "good": n % 2} for n, text in enumerate(texts)]


@pytest.fixture(scope="module")
def native():
    return Native("ipadic")


@pytest.fixture(scope="module")
def built(build_once):
    return build_once(spec(), {"rows.jsonl": rows(LONG)})


def ids(native, artifact, texts):
    """What a record should hold before padding, and the answer to each text."""
    words = words_of(artifact)
    rows = native.tokens(text.partition("\0")[0] for text in texts)
    return [[words.get(token, 1) for token in tokens[:40]] for tokens in rows]


def test_records_hold_what_mecab_finds(built, native):
    found = by_id(records_of(built))
    for number, expected in enumerate(ids(native, built, TEXTS)):
        record = found[number]
        values = record["text"] if isinstance(record["text"], list) else [record["text"]]
        assert values == expected + [0] * (len(values) - len(expected))
        assert record["text_length"] == len(expected)


def test_words_are_those_of_mecab(built, native):
    tokens = {token for row in native.tokens(TEXTS) for token in row}
    assert set(words_of(built)) == tokens
    assert "すもも" in tokens and "便利" in tokens


def test_verify_agrees(built, agrees):
    agrees(built)


def test_the_manifest_names_the_dictionary(built):
    assert manifest_of(built)["dictionaries"] == {
        "words": {
            "name": "ipadic",
            "version": version("ipadic"),
            "sha256": read_dictionary(find_dictionary("ipadic")).hash,
        }
    }


def test_a_text_too_long_is_rejected(built):
    [rejected] = rejected_of(built)
    assert rejected["reason"].startswith("column 'text': got 'ああ")
    assert rejected["reason"].endswith("expected text in UTF-8 of at most 65,535 bytes")


def test_serving_needs_tensorflow_alone(built, native, tmp_path):
    texts = [*TEXTS, *NEW]
    given = json.dumps([{"text": texts}])
    found = json.loads(run_python("-P", PROBE, built / "serving", given=given, cwd=tmp_path).stdout)
    ours = {"preprocess", "MeCab", "fugashi", "ipadic", "tensorflow_text", "tensorflow_transform"}
    assert not ours & set(found["modules"])
    [answers] = found["answers"]
    lengths = answers["text_length"]["values"]
    sequences = [row[:n] for row, n in zip(answers["text"]["values"], lengths, strict=True)]
    assert sequences == ids(native, built, texts)


def test_base_forms_without_symbols_from_a_compiled_file(build_once, agrees, capsys, tmp_path):
    file = tmp_path / "ipadic.npz"
    with pytest.raises(SystemExit) as exited:
        main(["dictionary", "--from", "ipadic", "--output", str(file)])
    assert exited.value.code == 0
    assert capsys.readouterr().out.startswith(f"{file}: ipadic {version('ipadic')}, 325,871 ")
    options = f", dictionary: {file}, form: base, drop: [記号, 助詞, 助動詞]"
    artifact = build_once(spec(options), {"rows.jsonl": rows()}, "base")
    words = words_of(artifact)
    assert {"泊まる", "近い", "うるさい", "眠れる"} <= set(words)
    assert not {"。", "が", "でし"} & set(words)
    file.unlink()  # all that is needed stands in the graph
    agrees(artifact)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (", dictionary: nowhere", "/nowhere', which is no folder, expected ipadic or unidic-lite"),
        (", dictionary: spec.yaml", "/spec.yaml: got a file that cannot be read"),
        (", drop: [Symbol]", "drop: got 'Symbol', which no word of the dictionary is, expected"),
    ],
)
def test_mistakes(tmp_path, capsys, options, message):
    declared, given = tmp_path / "spec.yaml", tmp_path / "rows.jsonl"
    declared.write_text(spec(options))
    given.write_text("".join(json.dumps(row) + "\n" for row in rows()))
    command = f"build --spec {declared} --input {given} --output {tmp_path / 'out'}"
    with pytest.raises(SystemExit) as exited:
        main(command.split())
    assert exited.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("text2seq: error: vocabularies.words.tokenizer: ")
    assert message in error and error.count("\n") == 1
    assert not (tmp_path / "out").exists()
