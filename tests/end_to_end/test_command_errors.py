"""What a user sees after a mistake: the exit code and the complete text on standard error."""

import gzip
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from processes import run_python

from preprocess.cli import main

pytestmark = pytest.mark.slow

PLAIN = "features: {text: {}}\nlabels: {label: {kind: binary}}\n"
ROWS = [{"text": "a b", "label": n % 2} for n in range(98)]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working directory, so that paths in messages are short: a good spec and good rows."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.yaml").write_text(PLAIN)
    (tmp_path / "good.jsonl").write_text(lines(ROWS))
    return tmp_path


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def run(capsys, command):
    """Exit code, standard output and standard error of a command line."""
    with pytest.raises(SystemExit) as exited:
        main(command.split() if isinstance(command, str) else command)
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return exited.value.code, captured.out, captured.err


BUILD = "build --spec good.yaml --input good.jsonl --output out"
MISTAKES = {
    "a mistyped option": (
        "build --spec good.yaml --input good.jsonl --output out --overwriet",
        "got --overwriet, which is an option neither of this command nor of Beam; "
        "did you mean --overwrite?",
    ),
    "a mistyped Beam option": (
        f"{BUILD} --direct_num_worker=2",
        "got --direct_num_worker, which is an option neither of this command nor of Beam; "
        "did you mean --direct_num_workers?",
    ),
    "a value that Beam refuses": (
        f"{BUILD} --direct_num_workers=two",
        "got a Beam option that cannot be used: "
        "argument --direct_num_workers: invalid int value: 'two'",
    ),
    "no spec": (
        "build --spec none.yaml --input good.jsonl --output out",
        "none.yaml: cannot be read (No such file or directory), expected a spec file in UTF-8; "
        "check the path",
    ),
    "no input": (
        "build --spec good.yaml --input none-*.jsonl --output out",
        "--input none-*.jsonl: got no file that matches, expected at least one; "
        "check the path (the working directory is {cwd})",
    ),
    "a strange suffix": (
        "build --spec good.yaml --input good.yaml --output out",
        "good.yaml: got an unknown suffix, expected one of .arrow, .arrows, .feather, "
        ".csv, .csv.gz, .jsonl, .jsonl.gz, .parquet, .txt, .txt.gz, .tfrecord, .tfrecord.gz, "
        ".tsv, .tsv.gz; "
        "rename the file, declare its suffix under formats in the spec, or narrow the glob so that "
        "it leaves the file out",
    ),
    "verify of nothing": (
        "verify --artifact out",
        "out: has no manifest.json, so it is no finished artifact; run `text2seq build` to its end",
    ),
    "inspect of nothing": (
        "inspect --artifact out",
        "out: has no manifest.json, so it is no finished artifact; run `text2seq build` to its end",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_on_the_command_line(folder, capsys, mistake):
    command, message = MISTAKES[mistake]
    expected = f"text2seq: error: {message.format(cwd=os.getcwd())}\n"
    assert run(capsys, command) == (2, "", expected)
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("command", "beginning", "end"),
    [
        ("biuld", "text2seq: No such command 'biuld'", " See `text2seq --help`."),
        (
            "build --spec good.yaml --input good.jsonl",
            "text2seq build: Missing option '--output'.",
            " See `text2seq build --help`.",
        ),
        (
            "demo --rows 5 --output out",
            "text2seq demo: Invalid value for '--rows': ",
            ". See `text2seq demo --help`.",
        ),
    ],
)
def test_mistakes_that_typer_finds(folder, capsys, command, beginning, end):
    code, output, error = run(capsys, command)  # the middle is typer's wording
    assert (code, output, error.count("\n")) == (2, "", 1)
    assert error.startswith(f"text2seq: error: {beginning}") and error.endswith(f"{end}\n")


SPECS = {
    "an unknown key": (
        "features: {text: {max_lenght: 5}}",
        "bad.yaml: features.text.max_lenght: got an unknown key; did you mean 'max_length'?",
    ),
    "a wrong value": (
        "features: {text: {max_length: 0}}",
        "bad.yaml: features.text.max_length: got 0, expected at least 1",
    ),
    "an unknown kind": (
        "features: {text: {kind: txt}}",
        "bad.yaml: features.text.kind: got \"txt\", expected one of 'text', 'numeric'",
    ),
    "no YAML": (
        "features: {text: {}",
        "bad.yaml: line 1, column 20: is not valid YAML (while parsing a flow mapping: "
        "expected ',' or '}', but got '<stream end>')",
    ),
    "a text": (
        "just words",
        'bad.yaml: got "just words", expected a mapping with keys such as features, labels, '
        "vocabularies, splits, keep, formats, buckets, rejects, output",
    ),
    "a pattern": (
        "features: {text: {}}\nvocabularies: {words: {tokenizer: {kind: regex, split: '('}}}",
        "bad.yaml: vocabularies.words.tokenizer.split: got '(', which RE2 refuses (missing ): "
        "(()), expected a regular expression in RE2's syntax; see "
        "https://github.com/google/re2/wiki/Syntax; lookaround and \\1 are not in it",
    ),
}


@pytest.mark.parametrize("mistake", SPECS)
def test_mistakes_in_the_spec(folder, capsys, mistake):
    spec, message = SPECS[mistake]
    (folder / "bad.yaml").write_text(spec)
    command = "build --spec bad.yaml --input good.jsonl --output out"
    assert run(capsys, command) == (2, "", f"text2seq: error: {message}\n")
    assert not (folder / "out").exists()


def test_every_mistake_in_a_spec_is_reported(folder, capsys):
    (folder / "bad.yaml").write_text("features: {text: {max_length: 0, pading: pre}}\nbukets: {}")
    code, _, error = run(capsys, "build --spec bad.yaml --input good.jsonl --output out")
    assert code == 2 and error.splitlines() == [
        "text2seq: error: bad.yaml: features.text.max_length: got 0, expected at least 1",
        "text2seq: error: bad.yaml: features.text.pading: got an unknown key; "
        "did you mean 'padding'?",
        "text2seq: error: bad.yaml: bukets: got an unknown key; did you mean 'buckets'?",
    ]


def parquet(table):
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(table), sink)
    return sink.getvalue().to_pybytes()


INPUTS = {
    "nothing but empty files": (
        {"a.jsonl": b"", "b.jsonl": b"\n\n"},
        "a.jsonl, b.jsonl: got no rows, expected at least one; check what wrote the input",
    ),
    "a compressed file cut short": (
        {"a.jsonl.gz": gzip.compress(lines(ROWS).encode())[:-20]},
        "a.jsonl.gz: got data that cannot be read (Compressed file ended before the "
        "end-of-stream marker was reached), expected a whole, undamaged file; write the file again",
    ),
    "a compressed file that is none": (
        {"a.jsonl.gz": lines(ROWS).encode()},
        "a.jsonl.gz: got data that are not compressed, expected gzip as the suffix .gz says; "
        "rename the file, compress it with gzip, or fetch it again",
    ),
    "Parquet without the column": (
        {"a.parquet": parquet({"txt": ["a"], "label": [1]})},
        "a.parquet: got no column 'text', expected it as the spec names it "
        "(the file has txt, label); correct the name in the spec",
    ),
    "Parquet of another type": (
        {"a.parquet": parquet({"text": [1], "label": [1]})},
        "a.parquet: column 'text': got the type int64, expected text in UTF-8; "
        "cast the column to string, or declare it as numeric or number",
    ),
    "a header without the column": (
        {"a.csv": b"txt,label\na,1\n"},
        "a.csv: got no column 'text', expected it as the spec names it "
        "(the file has txt, label); correct the name in the spec",
    ),
    "another delimiter": (
        {"a.csv": b"text;label\na;1\n"},
        "a.csv: got no column 'text', expected it as the spec names it (the file has text;label); "
        "correct the name in the spec, or say under its formats how the file's cells are written",
    ),
    "plain text for two columns": (
        {"a.txt": b"a\n"},
        "a.txt: got plain text, which holds one column, expected the columns text, label; "
        "write the rows as .jsonl, .csv or .parquet",
    ),
    "TFRecords that are none": (
        {"a.tfrecord": b"no framing here at all"},
        "a.tfrecord: byte 0: got a length that fails its checksum, expected a TFRecord file; "
        "write the file again",
    ),
    "no train split": (
        {"test=a.jsonl": lines(ROWS).encode()},
        "--input: got files for test only, expected some for train, as vocabularies come "
        "from it alone; give --input train=GLOB",
    ),
}


@pytest.mark.parametrize("mistake", INPUTS)
def test_mistakes_in_the_input(folder, capsys, mistake):
    files, message = INPUTS[mistake]
    command = ["build", "--spec", "good.yaml", "--output", "out"]
    for name, data in files.items():
        (folder / name.rpartition("=")[2]).write_bytes(data)
        command += ["--input", name]
    assert run(capsys, command) == (2, "", f"text2seq: error: {message}\n")
    assert not (folder / "out/manifest.json").exists()


# ---- mistakes that only reading shows; each is a whole build --------------------------------


@pytest.mark.parametrize("options", ["", "--direct_num_workers=1"], ids=["threads", "in memory"])
def test_too_many_bad_rows(folder, capsys, options):
    bad = [{"text": "a", "label": 9}, {"text": "a", "label": 9}]
    (folder / "bad.jsonl").write_text(lines([*ROWS, *bad]))
    at = len(lines(ROWS))
    command = f"build --spec good.yaml --input bad.jsonl --output out {options}"
    code, output, error = run(capsys, command)
    assert (code, output) == (1, "")
    assert without_progress(error) == [
        "text2seq: error: 2 of 100 rows were rejected (2.00%), more than rejects.max_fraction "
        "allows (1.00%); most often: column 'label': got 9, expected 0, 1, false or true (2 times, "
        f"first in bad.jsonl, byte {at}); mend them, or allow more and find them all in rejected/"
    ]
    assert os.listdir(folder / "out") == [".text2seq"]


def without_progress(error):
    return [line for line in error.splitlines() if not line.startswith("build: ")]


def test_a_file_damaged_behind_its_beginning(folder, capsys):
    """Only a worker sees it; still the user gets one line, and exit code 2."""
    data = bytearray(gzip.compress(lines(ROWS * 1_000).encode(), compresslevel=0))
    data[-1000] ^= 0xFF
    (folder / "bad.jsonl.gz").write_bytes(data)
    command = "build --spec good.yaml --input bad.jsonl.gz --output out"
    code, output, error = run(capsys, command)
    assert (code, output) == (2, "")
    [line] = without_progress(error)
    assert line.startswith("text2seq: error: bad.jsonl.gz: got data that cannot be read (CRC")
    assert line.endswith("), expected a whole, undamaged file; write the file again")
    assert not (folder / "out/manifest.json").exists()


def test_no_row_in_the_train_split(folder, capsys):
    (folder / "split.yaml").write_text(
        "features: {text: {}}\nsplits: {column: label, map: {7: train, 0: test, 1: test}}"
    )
    command = "build --spec split.yaml --input good.jsonl --output out --direct_num_workers=1"
    code, _, error = run(capsys, command)
    assert code == 2 and without_progress(error) == [
        "text2seq: error: got no rows in the train split, expected at least one, as vocabularies "
        "come from it alone; check splits and --input"
    ]


def test_folders_that_may_not_be_overwritten(folder, capsys):
    command = f"{BUILD} --direct_num_workers=1"
    code, output, error = run(capsys, command)
    assert code == 0 and without_progress(error) == [
        "out: got records for the split train alone, so that nothing shows how well a model "
        "answers new texts; to hold some out, write into the spec, and build again:",
        "splits:",
        "  {by: text, fractions: {train: 0.9, validation: 0.1}}",
    ]
    assert output == ("out: 98 rows read, 98 written (98 train), 0 rejected; padding 0.0%\n")
    assert run(capsys, command) == (
        2,
        "",
        "text2seq: error: out: got a folder with a finished artifact, expected a new one; "
        "choose another --output or add --overwrite\n",
    )
    assert run(capsys, f"{command} --overwrite")[0] == 0
    (folder / "out/.text2seq").unlink()
    assert run(capsys, f"{command} --overwrite") == (
        2,
        "",
        "text2seq: error: out: got a folder that is not empty and not made by text2seq, "
        "expected a new or empty one; choose another --output\n",
    )


def test_input_that_changed_since_the_build(folder, capsys):
    assert run(capsys, f"{BUILD} --direct_num_workers=1")[0] == 0
    (folder / "good.jsonl").write_text(lines(ROWS[:-1]))
    size, less = len(lines(ROWS)), len(lines(ROWS[:-1]))
    assert run(capsys, "verify --artifact out") == (
        2,
        "",
        f"text2seq: error: good.jsonl: got {less:,} bytes, expected {size:,} as when the "
        "artifact was built; give the same files with --input, or build again\n",
    )


# ---- help ----------------------------------------------------------------------------------

HELP = """
import sys
from preprocess.cli import main
try:
    main(sys.argv[1:])
finally:
    heavy = {"tensorflow", "apache_beam", "tensorflow_transform", "keras", "pyarrow"}
    print("HEAVY", sorted(heavy & set(sys.modules)))
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["build", "--help"], ["train", "--help"], ["predict", "--help"]]
)
def test_help_imports_nothing_heavy(arguments):
    ended = run_python("-c", HELP, *arguments)
    assert ended.stderr == ""
    assert "Usage: text2seq" in ended.stdout and ended.stdout.endswith("HEAVY []\n")


COMMANDS = ("build", "verify", "inspect", "demo", "train", "evaluate", "predict", "report")


def test_help_lists_the_commands(capsys):
    code, output, _ = run(capsys, "--help")
    assert code == 0
    assert all(f"  {name} " in output for name in COMMANDS)
