"""`text2seq dictionary`."""

import pytest

from preprocess.cli import main
from preprocess.mecab.dictionary import load_dictionary

pytestmark = pytest.mark.slow


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as exited:
        main(["dictionary", *map(str, arguments)])
    shown = capsys.readouterr()
    return exited.value.code, shown.out, shown.err


def test_writes_a_file(capsys, ipadic, tmp_path):
    file = tmp_path / "ipadic.npz"
    code, out, err = run(capsys, "--from", "ipadic", "--output", file)
    assert (code, err) == (0, "")
    assert out.startswith(f"{file}: ipadic {ipadic.version}, 325,871 surfaces, ")
    assert out.endswith(f" {ipadic.hash}\n")
    assert load_dictionary(file).hash == ipadic.hash
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_replaces_a_file_only_when_asked_to(capsys, tmp_path):
    file = tmp_path / "ipadic.npz"
    file.write_text("mine")
    code, _, err = run(capsys, "--from", "ipadic", "--output", file)
    assert code == 2 and file.read_text() == "mine"
    assert err == (
        f"text2seq: error: {file}: got a file that exists, expected a new one; "
        "choose another --output or add --overwrite\n"
    )
    assert run(capsys, "--from", "ipadic", "--output", file, "--overwrite")[0] == 0
    assert load_dictionary(file).version


@pytest.mark.parametrize(
    ("source", "output", "message"),
    [
        ("nowhere", "a.npz", "dictionary: got 'nowhere', which is no folder"),
        ("{folder}", "a.npz", "{folder}: got a folder without a readable dicrc"),
        ("ipadic", "none/a.npz", "none/a.npz: got a path in {folder}/none, which is no folder"),
        ("ipadic", "", "{folder}: got a folder, expected a file"),
    ],
)
def test_mistakes(capsys, tmp_path, source, output, message):
    code, out, err = run(
        capsys, "--from", source.format(folder=tmp_path), "--output", tmp_path / output
    )
    assert (code, out) == (2, "") and err.count("\n") == 1
    assert message.format(folder=tmp_path) in err
    assert not list(tmp_path.iterdir())
