"""Columns that are split already. Oracle: the same texts through the whitespace tokenizer."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import tensorflow as tf
from artifact_files import contents, rejected_of, tree, words_of
from processes import run_python
from source_files import encoded, ipc

from preprocess import Predictor, Sentences, train
from preprocess.cli import main
from preprocess.core.errors import InputError, UsageError
from preprocess.graph.signatures import ask

pytestmark = pytest.mark.slow

PROBE = Path(__file__).parents[1] / "support/serving_probe.py"
SPEC = """
features: {text: {max_length: 6, padding: pre}, n: {kind: numeric}}
vocabularies: {words: {tokenizer: {kind: KIND, normalize: [lower]}, min_count: 2}}
labels: {label: {kind: binary}}
keep: [id]
buckets: {boundaries: [3, 6]}
"""
WORDS = ["a", "Film", "é", "日本", "the", "ΣΑΣ", "don't", "x,y", "\0"]


def made_rows(count):
    chosen = random.Random(3)
    return [
        {
            "id": f"row {n}",
            "text": " ".join(chosen.choices(WORDS, k=chosen.choice([0, 1, 3, 9]))),
            "label": n % 2,
            "n": n / 4,
        }
        for n in range(count)
    ]


ROWS = made_rows(120)
LISTS = [{**row, "text": row["text"].split()} for row in ROWS]


def spec(kind):
    return SPEC.replace("KIND", kind)


@pytest.fixture(scope="module")
def texts(build_once):
    return build_once(spec("whitespace"), {"rows.jsonl": ROWS}, "texts")


@pytest.fixture(scope="module")
def lists(build_once):
    return build_once(spec("tokens"), {"rows.jsonl": LISTS}, "lists")


@pytest.fixture(scope="module")
def model(lists, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lists")
    (folder / "model.yaml").write_text("training: {epochs: 1, batch_size: 16}")
    train(str(lists), str(folder / "model.yaml"), str(folder / "model"))
    return folder / "model"


def test_they_become_the_same_artifact(texts, lists):
    assert contents(lists) == contents(texts)
    assert (lists / "statistics.json").read_bytes() == (texts / "statistics.json").read_bytes()
    assert tree(lists, "schema") == tree(texts, "schema")


WRITTEN = {
    "rows.parquet": lambda: encoded("rows.parquet", LISTS),
    "rows.arrow": lambda: ipc(pa.Table.from_pylist(LISTS), 7),
    "rows.tfrecord": lambda: encoded("rows.tfrecord", LISTS),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_any_format_of_lists(build_in, lists, name):
    assert contents(build_in(spec("tokens"), {name: WRITTEN[name]()})) == contents(lists)


def test_workers(build_in, lists):
    options = ("--direct_num_workers=2", "--direct_running_mode=multi_processing")
    files = {f"{n}.jsonl": LISTS[n::3] for n in range(3)}
    assert contents(build_in(spec("tokens"), files, options=options)) == contents(lists)


def test_verify_agrees(lists, agrees):
    agrees(lists)
    agrees(lists, in_process=False)


def test_verify_cuts_requests_that_pad_much(lists, agrees, monkeypatch):
    monkeypatch.setattr("preprocess.verification.requests._MOST_STRINGS", 20)
    agrees(lists)


def test_serving_takes_lists_padded_with_nothing(texts, lists):
    padded = [["", "a", "", "Film"], ["", "", "", ""], ["日本", "", "nobody", "é"]]
    numbers = {"n": [0.0, 1.0, 2.0]}
    asked = {
        lists: {"text": padded, **numbers},
        texts: {"text": [" ".join(row) for row in padded], **numbers},
    }
    found = [
        json.loads(run_python("-P", PROBE, folder / "serving", given=json.dumps([columns])).stdout)
        for folder, columns in asked.items()
    ]
    assert found[0]["answers"] == found[1]["answers"]
    assert found[0]["signature"] == found[1]["signature"] == {"text": "string", "n": "float32"}


def test_words_come_back(lists):
    words = words_of(lists)
    assert {"film", "σας", "x,y", "\0"} <= set(words)
    assert all(set(sentence) <= {*words, "[UNK]"} for sentence in Sentences(str(lists), "train"))


def test_a_model_of_lists(model, lists, capsys):
    asked = [{"text": ["a", "", "Film"], "n": 1.0}, {"text": [], "n": 2.0}]
    path = model.parent / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in asked))
    columns = {"text": [row["text"] for row in asked], "n": [1.0, 2.0]}
    answers = Predictor(str(model)).predict(columns)
    with pytest.raises(SystemExit) as exited:
        main(["predict", "--model", str(model), "--input", str(path)])
    assert exited.value.code == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == answers


def test_examples_hold_all_tokens(model):
    loaded = tf.saved_model.load(str(model / "serving"))
    asked = [["a", "Film"], [], ["日本"] * 4]
    examples = []
    for row in asked:
        example = tf.train.Example()
        example.features.feature["text"].bytes_list.value.extend(t.encode() for t in row)
        example.features.feature["n"].float_list.value.append(1.0)
        examples.append(example.SerializeToString())
    found = loaded.signatures["serving_examples"](examples=tf.constant(examples))["label"]
    width = max(map(len, asked))
    padded = tf.constant([row + [""] * (width - len(row)) for row in asked])
    columns = {"text": padded, "n": tf.ones(3)}
    expected = ask(loaded.signatures["serving_default"], columns)["label"]
    np.testing.assert_array_equal(found, expected)
    ids = ask(loaded.signatures["tokenize"], {"text": padded})
    assert ids["text_length"].numpy().tolist() == [2, 0, 4]


def test_a_text_is_no_list(model):
    with pytest.raises(UsageError, match=r"^text: row 0: got 'a film', expected a list of tokens"):
        Predictor(str(model)).predict({"text": ["a film"], "n": [1.0]})


def test_rows_that_are_no_lists(build_in):
    odd = ["a b", ["a", None], ["a", 5], None, ["a", ["b"]], {"a": 1}]
    rows = [*LISTS, *({**LISTS[0], "id": f"odd {n}", "text": value} for n, value in enumerate(odd))]
    artifact = build_in(spec("tokens") + "rejects: {max_fraction: 1}", {"rows.jsonl": rows})
    reasons = [reject["reason"] for reject in rejected_of(artifact)]
    assert len(reasons) == len(odd)
    assert all(r.startswith("column 'text': got ") for r in reasons)
    assert all(r.endswith("expected a list of texts in UTF-8") for r in reasons)


def test_cells_hold_no_lists(build_in):
    with pytest.raises(
        InputError, match=r"column 'text': got a column of cells, expected lists of"
    ):
        build_in(spec("tokens"), {"rows.csv": encoded("rows.csv", ROWS)})
    only = "features: {text: {}}\nvocabularies: {words: {tokenizer: {kind: tokens}}}"
    with pytest.raises(InputError, match=r"a\.txt: column 'text': got a column of cells, expected"):
        build_in(only, {"a.txt": "a b\n"})


def test_a_column_of_texts_is_named(build_in):
    with pytest.raises(InputError, match=r"column 'text': got the type string, expected a list of"):
        build_in(spec("tokens"), {"rows.parquet": encoded("rows.parquet", ROWS)})


def test_texts_of_the_command_line(build_in, tmp_path, capsys):
    only = "features: {text: {}}\nvocabularies: {words: {tokenizer: {kind: tokens}}}\n"
    artifact = build_in(only + "labels: {label: {kind: binary}}", {"rows.jsonl": LISTS[:20]})
    (tmp_path / "model.yaml").write_text("training: {epochs: 1, batch_size: 16}")
    train(str(artifact), str(tmp_path / "model.yaml"), str(tmp_path / "model"))
    with pytest.raises(SystemExit) as exited:
        main(["predict", "--model", str(tmp_path / "model"), "--text", "a film"])
    assert exited.value.code == 2
    printed = capsys.readouterr().err
    assert "--text: got texts for a model whose column 'text' holds lists of tokens" in printed
