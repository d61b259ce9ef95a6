"""Builds with subword tokenizers. Oracles: `sentencepiece`, and `tokenizers` of Hugging Face."""

import json
import random
import re
import shutil
import sys
from pathlib import Path

import pytest
import sentencepiece
import tensorflow as tf
import tensorflow_transform as tft
from artifact_files import (
    by_id,
    contents,
    manifest_of,
    records_of,
    statistics_of,
    words_of,
)
from processes import run_python
from subword_files import MODELS, ODD, PIECES, SENTENCES, model_file, model_with, vocabulary_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from preprocess.artifact.word_index import WordIndex
from preprocess.cli import main

pytestmark = pytest.mark.slow

PROBE = Path(__file__).parents[1] / "support/serving_probe.py"
OURS = {"preprocess", "beam_jobs", "tensorflow_transform", "apache_beam", "sentencepiece"}
MAX_LENGTH = 12


def made_rows(count):
    """Rows of words out of `SENTENCES`, some of them empty; no two are alike."""
    chosen = random.Random(5)
    words = " ".join(SENTENCES[:5]).split()
    return [
        {
            "id": n,
            "text": " ".join(chosen.choices(words, k=chosen.choice([0, 1, 4, 9]))),
            "title": " ".join(chosen.choices(words, k=2)),
            "label": n % 2,
        }
        for n in range(count)
    ]


ROWS = made_rows(240)
FILES = {f"{n}.jsonl": ROWS[n * 80 : n * 80 + 80] for n in range(3)}


def bert(pieces, **options):
    """WordPiece of Hugging Face."""
    vocabulary = {piece: place for place, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(
        **{"lowercase": False, "strip_accents": False, **options}
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return lambda text: tokenizer.encode(text).ids


def sentencepieces(path):
    return sentencepiece.SentencePieceProcessor(model_file=str(path)).encode


def pieces_of(artifact, vocabulary):
    return (artifact / f"vocabulary/{vocabulary}.pieces.txt").read_text().split("\n")[:-1]


def kept(record, feature):
    """The ids without the padding, which is all zeros; there is no other zero."""
    ids, length = record[feature], record[f"{feature}_length"]
    ids = ids if isinstance(ids, list) else [ids]
    assert 0 not in ids[:length] and not any(ids[length:])
    return ids[:length]


def assert_ids(artifact, feature, expected):
    """The records hold the ids that `expected` gives for a text; returns all ids."""
    records, some = by_id(records_of(artifact)), set()
    assert len(records) == len(ROWS)
    for row in ROWS:
        ids = kept(records[row["id"]], feature)
        assert ids == expected(row[feature])[:MAX_LENGTH]
        some.update(ids)
    return some


# ---- trained -------------------------------------------------------------------------------

TRAINED = """
features:
  text: {vocabulary: unigrams, max_length: 12}
  title: {vocabulary: words, max_length: 12}
labels: {label: {kind: binary}}
vocabularies:
  unigrams: {tokenizer: {kind: sentencepiece, train: {vocab_size: 120, sample: 70}}}
  words:
    tokenizer: {kind: wordpiece, normalize: [lower, strip_accents], train: {vocab_size: 200}}
    reserved_tokens: ["[one]"]
splits: {by: id, fractions: {train: 0.9, test: 0.1}}
keep: [id]
buckets: {boundaries: [4, 12]}
output: {shards: 2}
"""
TWO_THREADS = [
    "--direct_running_mode=multi_threading",
    "--direct_num_workers=2",
    "--direct_runner_bundle_repeat=1",  # and every bundle twice
]


@pytest.fixture(scope="module")
def trained(build_once):
    return build_once(TRAINED, FILES)


def test_trained_sentencepiece(trained):
    encode = sentencepieces(trained / "vocabulary/unigrams.model")
    assert_ids(trained, "text", lambda text: [i + 1 for i in encode(text)])


def test_learned_wordpiece(trained):
    encode = bert(pieces_of(trained, "words"), lowercase=True, strip_accents=True)
    # 0 is the unknown piece, and "[one]" stands between it and the others.
    assert_ids(trained, "title", lambda text: [i + 2 if i else 1 for i in encode(text)])


def test_the_word_index_is_the_file(trained):
    model = sentencepiece.SentencePieceProcessor(
        model_file=str(trained / "vocabulary/unigrams.model")
    )
    assert words_of(trained, "unigrams") == {
        model.id_to_piece(i): i + 1 for i in range(1, len(model))
    }
    _, *others = pieces_of(trained, "words")
    expected = {piece: place for place, piece in enumerate(["[one]", *others], 2)}
    assert words_of(trained, "words") == expected
    manifest = manifest_of(trained)
    assert manifest["vocabulary_sizes"] == {"unigrams": len(model) + 1, "words": len(others) + 3}
    assert 100 < len(model) <= 120 and len(others) == 199


def test_equal_train_rows_give_equal_bytes(trained, build_in):
    """Whatever the order, the workers, and the rows of the other split."""
    tested = set(by_id(records_of(trained, "test")))
    assert 10 < len(tested) < 50
    rows = [row | {"text": "xyz"} if row["id"] in tested else row for row in ROWS]
    files = {"b.jsonl": rows[100:], "a.jsonl": rows[:100][::-1]}
    expected, found = contents(trained), contents(build_in(TRAINED, files, options=TWO_THREADS))
    assert any("/test/" in path and found[path] != expected[path] for path in expected)
    assert not any("/test/" not in path and found[path] != expected[path] for path in expected)


def test_the_manifest_of_what_was_trained(trained):
    manifest = manifest_of(trained)
    assert manifest["op_libraries"] == ["tensorflow_text"]
    assert {"tensorflow-text", "sentencepiece"} <= set(manifest["versions"])
    tokenizer = manifest["spec"]["vocabularies"]["unigrams"]["tokenizer"]
    assert tokenizer["model"] is None and tokenizer["train"]["sample"] == 70


def test_statistics_count_the_unknown(trained):
    counts = statistics_of(trained)["train"]["features"]["title"]
    ids = [i for record in records_of(trained, "train") for i in kept(record, "title")]
    # Of whole texts, of which some are cut off in the records.
    assert counts["oov"] >= ids.count(1) and counts["tokens"] >= len(ids)


def test_inspect_shows_what_bears_on_pieces(trained, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit):
        main(["inspect", "--artifact", str(trained)])
    lines = capsys.readouterr().out.splitlines()
    [declared] = [line for line in lines if " unigrams: " in line]
    options = "train: {vocab_size: 120, sample: 70}"
    assert declared.strip().endswith(
        f"unigrams: tokenizer {{kind: sentencepiece, {options}}}, oov token"
    )
    [row] = [line for line in lines if line.startswith("words ")]
    counts = [int(count) for count in re.findall(r" (\d+) ·", row)]
    assert counts == sorted(counts, reverse=True) and len(counts) > 3


def test_verify_of_what_was_trained(trained, agrees):
    agrees(trained)


# ---- given ---------------------------------------------------------------------------------

GIVEN = """
features: {{text: {{vocabulary: pieces, max_length: 12}}, title: {{vocabulary: bert}}}}
labels: {{label: {{kind: binary}}}}
vocabularies:
  pieces:
    tokenizer: {{kind: sentencepiece, model: {files}/m.model}}
    reserved_tokens: ["[one]", "[two]"]
  bert: {{tokenizer: {{kind: wordpiece, vocabulary: {files}/v.txt}}, oov: drop}}
keep: [id]
buckets: {{count: 1}}
output: {{shards: 1}}
"""


@pytest.fixture(scope="module")
def given(build_once, tmp_path_factory):
    """Built with files that are gone now; nor is it where it was built."""
    files = tmp_path_factory.mktemp("files")
    shutil.copy(model_file(**MODELS["padding first"]), files / "m.model")
    shutil.copy(vocabulary_file(), files / "v.txt")
    artifact = build_once(GIVEN.format(files=files), FILES, output="given")
    shutil.rmtree(files)
    return artifact.rename(tmp_path_factory.mktemp("moved") / "artifact")


def test_given_files_are_part_of_the_artifact(given):
    model = Path(model_file(**MODELS["padding first"]))
    assert (given / "vocabulary/pieces.model").read_bytes() == model.read_bytes()
    assert pieces_of(given, "bert") == PIECES
    manifest = manifest_of(given)
    assert manifest["op_libraries"] == ["tensorflow_text"]
    assert "sentencepiece" not in manifest["versions"]
    vocabularies = manifest["spec"]["vocabularies"]
    assert vocabularies["pieces"]["tokenizer"]["model"] == "vocabulary/pieces.model"
    assert vocabularies["bert"]["tokenizer"]["vocabulary"] == "vocabulary/bert.pieces.txt"


def test_given_sentencepiece(given):
    encode = sentencepieces(given / "vocabulary/pieces.model")
    # 2 is the unknown piece; before the pieces are padding, the OOV id and two reserved tokens.
    ids = assert_ids(given, "text", lambda text: [1 if i == 2 else i + 4 for i in encode(text)])
    assert len(ids) > 50 and not ids & {2, 3, 2 + 4}


def test_given_wordpiece_that_drops_the_unknown(given):
    encode, unknown = bert(PIECES), PIECES.index("[UNK]")
    ids = assert_ids(given, "title", lambda t: [i + 1 for i in encode(t) if i != unknown])
    assert len(ids) > 10


def test_verify_after_the_files_are_gone(given, agrees):
    agrees(given)


def test_the_features_layer_after_the_files_are_gone(given):
    layer = tft.TFTransformOutput(str(given / "transform")).transform_features_layer()
    texts = [row["text"] for row in ROWS]
    encode = sentencepieces(given / "vocabulary/pieces.model")
    found = layer.call({"text": tf.constant(texts), "title": tf.constant(texts)})["text"].to_list()
    assert found == [[1 if i == 2 else i + 4 for i in encode(t)][:MAX_LENGTH] for t in texts]


def test_a_server_needs_tensorflow_text_and_nothing_else(given):
    texts = [row["text"] for row in ROWS[:20]] + ["", "\0", "👍 日本 x\u200d"]
    batches = json.dumps([{"text": texts, "title": texts}])
    run = run_python("-P", PROBE, given / "serving", "tensorflow_text", given=batches)
    probed = json.loads(run.stdout)
    assert not OURS & set(probed["modules"])
    encode = sentencepieces(given / "vocabulary/pieces.model")
    expected = [[1 if i == 2 else i + 4 for i in encode(text)][:MAX_LENGTH] for text in texts]
    answer = probed["answers"][0]
    assert answer["text_length"]["values"] == [len(ids) for ids in expected]
    rows = zip(answer["text"]["values"], expected, strict=True)
    assert all(ids[: len(known)] == known and not any(ids[len(known) :]) for ids, known in rows)


PREDICT = """
import sys
from preprocess.cli import main
try:
    main(sys.argv[1:])
finally:
    print("tensorflow_text" in sys.modules, "sentencepiece" in sys.modules, file=sys.stderr)
"""


def test_predict_loads_the_ops_by_itself(given, tmp_path):
    from preprocess import train
    from preprocess.model_file import ModelFile

    text = {"embedding": {"dim": 2}, "encoder": {"units": 2}}
    train(str(given), ModelFile.model_validate({"text": text}), str(tmp_path / "m"), epochs=1)
    (tmp_path / "rows.jsonl").write_text('{"id": 7, "text": "the cat", "title": "the cats"}\n')
    command = ["predict", "--model", str(tmp_path / "m"), "--input", str(tmp_path / "rows.jsonl")]
    run = run_python("-c", PREDICT, *command)
    [answer] = map(json.loads, run.stdout.splitlines())
    assert answer["id"] == "7" and 0 < answer["label"]["probability"] < 1
    assert run.stderr.splitlines()[-1] == "True False"


# ---- odd pieces -----------------------------------------------------------------------------

ODD_SPEC = """
features: {{text: {{vocabulary: pieces}}, title: {{vocabulary: bert}}}}
vocabularies:
  pieces: {{tokenizer: {{kind: sentencepiece, model: {files}/m.model}}}}
  bert: {{tokenizer: {{kind: wordpiece, vocabulary: {files}/v.txt}}}}
keep: [id]
"""
ODD_PIECES = [*PIECES, *ODD, "afterwards"]
ODD_TEXTS = [*ODD, *(f"the {piece} cat afterwards" for piece in ODD), "\\e\\n x\u2028y the"]


@pytest.fixture(scope="module")
def odd(build_once, tmp_path_factory):
    """Built with every odd piece that a vocabulary or a model can hold."""
    files = tmp_path_factory.mktemp("odd")
    (files / "m.model").write_bytes(model_with(*filter(None, ODD), "\r", "a\nb"))
    (files / "v.txt").write_bytes("".join(f"{piece}\n" for piece in ODD_PIECES).encode())
    rows = [{"id": n, "text": text, "title": text} for n, text in enumerate(ODD_TEXTS)]
    return build_once(ODD_SPEC.format(files=files), {"a.jsonl": rows}, output="odd")


def odd_ids(odd):
    """The ids that the libraries give `ODD_TEXTS`, by feature."""
    encode, unknown = bert(ODD_PIECES), ODD_PIECES.index("[UNK]")
    return {
        "text": [
            [i + 1 for i in sentencepieces(odd / "vocabulary/pieces.model")(text)]
            for text in ODD_TEXTS
        ],
        "title": [[1 if i == unknown else i + 2 for i in encode(text)] for text in ODD_TEXTS],
    }


def test_every_odd_piece_keeps_its_id(odd):
    assert words_of(odd, "bert") == {piece: n for n, piece in enumerate(ODD_PIECES, 2)}
    model = sentencepiece.SentencePieceProcessor(model_file=str(odd / "vocabulary/pieces.model"))
    assert words_of(odd, "pieces") == {model.id_to_piece(n): n + 1 for n in range(1, len(model))}


@pytest.mark.parametrize("feature", ["text", "title"])
def test_records_with_odd_pieces(odd, feature):
    records, expected = by_id(records_of(odd)), odd_ids(odd)[feature]
    assert [kept(records[n], feature) for n in range(len(ODD_TEXTS))] == expected


def test_serving_with_odd_pieces(odd):
    batches = json.dumps([{"text": ODD_TEXTS, "title": ODD_TEXTS}])
    run = run_python("-P", PROBE, odd / "serving", "tensorflow_text", given=batches)
    [answer] = json.loads(run.stdout)["answers"]
    for feature, expected in odd_ids(odd).items():
        lengths = answer[f"{feature}_length"]["values"]
        found = zip(answer[feature]["values"], lengths, strict=True)
        assert [ids[:length] for ids, length in found] == expected


def test_the_word_index_with_odd_pieces(odd):
    index = WordIndex.read(str(odd / "vocabulary/bert.tsv"))
    assert dict(index) == words_of(odd, "bert")


# ---- mistakes ------------------------------------------------------------------------------

PLACE = "vocabularies.words.tokenizer"
MISTAKES = {
    "a missing model": (
        "{tokenizer: {kind: sentencepiece, model: none.model}}",
        f"{PLACE}: spec/none.model: cannot be read (No such file or directory), expected the "
        "file that "
        "tokenizer.model names; check the path, which starts at the spec's folder",
    ),
    "a folder": (
        "{tokenizer: {kind: wordpiece, vocabulary: ../spec}}",
        f"{PLACE}: spec/../spec: cannot be read (Is a directory), expected the file that "
        "tokenizer.vocabulary names; check the path, which starts at the spec's folder",
    ),
    "a strange scheme": (
        "{tokenizer: {kind: wordpiece, vocabulary: 'xx://a'}}",
        f"{PLACE}: xx://a: cannot be read (got xx://, expected a local path or one of azfs://, "
        "file://, gs://, hdfs://, s3://), "
        "expected the file "
        "that tokenizer.vocabulary names; check the path, which starts at the spec's folder",
    ),
    "a damaged model": (
        "{tokenizer: {kind: sentencepiece, model: damaged.model}}",
        f"{PLACE}: spec/damaged.model: got a file that sentencepiece cannot read, expected a "
        "SentencePiece "
        "model; give another file",
    ),
    "a vocabulary without the unknown piece": (
        "{tokenizer: {kind: wordpiece, vocabulary: short.txt}}",
        f"{PLACE}: spec/short.txt: got no piece '[UNK]', expected the piece that "
        "tokenizer.unknown_token "
        "names, which an unknown word becomes; give another file",
    ),
    "a piece twice": (
        "{tokenizer: {kind: wordpiece, vocabulary: twice.txt}}",
        f"{PLACE}: spec/twice.txt:4: got the piece 'a' of line 2 again, expected every piece once; "
        "mend the line, or give another file",
    ),
    "a piece with a NUL in a model": (
        "{tokenizer: {kind: sentencepiece, model: nul.model}}",
        f"{PLACE}: spec/nul.model: got piece 113, 'x\\x00y', expected pieces in UTF-8 without "
        "NULs; give another file",
    ),
    "a reserved token that is a piece": (
        "{tokenizer: {kind: sentencepiece, model: m.model}, reserved_tokens: [<unk>]}",
        "vocabularies.words.reserved_tokens: got '<unk>', which is a piece of the tokenizer, "
        "expected other tokens; remove it, as the piece has an id already",
    ),
    "a vocabulary with a limit": (
        "{tokenizer: {kind: sentencepiece, model: m.model}, max_size: 100}",
        "spec/s.yaml: vocabularies.words.max_size: got 100 with the tokenizer sentencepiece, "
        "expected no such key, as its pieces are the words, in their own order; remove the key; "
        "tokenizer.train.vocab_size bounds what the build trains",
    ),
}
FOUND_BY_TRAINING = {
    "too few pieces, sentencepiece": (
        "{tokenizer: {kind: sentencepiece, train: {vocab_size: 4}}}",
        {"text": "abc"},
        "vocabularies.words.tokenizer.train.vocab_size: got 4, expected at least 5, as every "
        "character that is covered needs a piece; raise it, or lower character_coverage",
    ),
    "too few pieces, wordpiece": (
        "{tokenizer: {kind: wordpiece, train: {vocab_size: 4}}}",
        {"text": "abc"},
        "vocabularies.words.tokenizer.train.vocab_size: got 4, expected at least 6, as every "
        "character that is covered needs a piece; raise it, or lower character_coverage",
    ),
    "no text, sentencepiece": (
        "{tokenizer: {kind: sentencepiece}}",
        {"text": " \u200b"},
        "vocabularies.words: got no text in the train split, expected some to train the tokenizer "
        "on; give one with tokenizer.model",
    ),
    "no text, wordpiece": (
        "{tokenizer: {kind: wordpiece}}",
        {"text": " "},
        "vocabularies.words: got no text in the train split, expected some to train the tokenizer "
        "on; give one with tokenizer.vocabulary",
    ),
    "a reserved token that becomes a piece": (
        "{tokenizer: {kind: wordpiece}, reserved_tokens: ['##b']}",
        {"text": "abc"},
        "vocabularies.words.reserved_tokens: got '##b', which is a piece of the tokenizer, "
        "expected other tokens; remove it, as the piece has an id already",
    ),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working directory; the spec and its files are in `spec/`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec").mkdir()
    shutil.copy(model_file(), "spec/m.model")
    Path("spec/damaged.model").write_bytes(Path("spec/m.model").read_bytes()[:1000])
    Path("spec/short.txt").write_text("a\n##b\n")
    Path("spec/twice.txt").write_text("[UNK]\na\n\na\n")
    Path("spec/nul.model").write_bytes(model_with("x\0y"))
    return tmp_path


def run_build(capfd, vocabulary, row):
    """Exit code, and the lines of standard error that are no progress."""
    spec = f"features: {{text: {{}}}}\nvocabularies: {{words: {vocabulary}}}\n"
    Path("spec/s.yaml").write_text(spec)
    Path("rows.jsonl").write_text(json.dumps(row) + "\n")
    command = "build --spec spec/s.yaml --input rows.jsonl --output out --direct_num_workers=1"
    with pytest.raises(SystemExit) as exited:
        main(command.split())
    lines = capfd.readouterr().err.splitlines()
    return exited.value.code, [line for line in lines if not line.startswith("build: ")]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_reported_before_data_are_read(folder, capfd, mistake):
    vocabulary, message = MISTAKES[mistake]
    found = run_build(capfd, vocabulary, {"text": "a"})
    assert found == (2, [f"text2seq: error: {message}"])
    assert not (folder / "out").exists()


@pytest.mark.parametrize("mistake", FOUND_BY_TRAINING)
def test_mistakes_that_training_finds(folder, capfd, mistake):
    vocabulary, row, message = FOUND_BY_TRAINING[mistake]
    assert run_build(capfd, vocabulary, row) == (2, [f"text2seq: error: {message}"])
    assert not (folder / "out/manifest.json").exists()


def test_a_library_that_is_missing(folder, capfd, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_text", None)
    message = (
        "vocabularies.words.tokenizer: got a tokenizer that needs tensorflow-text, expected it to "
        "be installed; run: pip install 'text2seq[text]'"
    )
    vocabulary = "{tokenizer: {kind: sentencepiece, model: m.model}}"
    assert run_build(capfd, vocabulary, {"text": "a"}) == (2, [f"text2seq: error: {message}"])
    assert not (folder / "out").exists()


def test_overwriting_the_artifact_that_holds_the_model(given, build_in, tmp_path):
    """The given file is read before the folder that it lies in is cleared."""
    shutil.copytree(given, tmp_path / "artifact")
    tokenizer = "{kind: sentencepiece, model: artifact/vocabulary/pieces.model}"
    spec = f"features: {{text: {{}}}}\nvocabularies: {{words: {{tokenizer: {tokenizer}}}}}"
    again = build_in(spec, {"a.txt": "the cat\n"}, overwrite=True)
    models = [given / "vocabulary/pieces.model", again / "vocabulary/words.model"]
    assert models[0].read_bytes() == models[1].read_bytes()
    [ids] = [kept(record, "text") for record in records_of(again)]
    assert ids == [i + 2 for i in sentencepieces(models[0])("the cat")]
