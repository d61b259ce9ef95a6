"""A text a file, in groups: the files themselves are the oracle, as Python reads them."""

from __future__ import annotations

import gzip
import hashlib
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from source_files import read_files

from beam_jobs.sources import expand, input_splits, parse_inputs
from beam_jobs.sources.file_group import FileGroup
from preprocess.core.errors import InputError, SpecError
from preprocess.core.storage import StoredFile
from preprocess.spec import parse_spec

TEXT = "features: {text: {}}\nformats: {txt: {row: file}}\n"
SPEC = TEXT + "keep: [{name: id, column: _file}, {name: folder, column: _folder}]\n"
LABEL = SPEC + "labels: {label: {kind: binary, column: _folder, map: {neg: 0, pos: 1}}}\n"


@pytest.fixture
def tree(tmp_path):
    """Writes files by path below a folder."""

    def write(files):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return write


CONTENTS = {
    "line": "a film\n",
    "no line break": "a film",
    "lines": "a\nfilm\n\n",
    "CRLF": "a\r\nfilm\r",
    "empty": "",
    "NUL": "a\0b",
    "Unicode": "映画 é\u2028\x85\n",
}


@pytest.mark.parametrize("name", CONTENTS)
def test_a_text_is_what_python_reads(tree, name):
    path = tree({"a.txt": CONTENTS[name]}) / "a.txt"
    assert read_files(TEXT, path).column("text") == [path.read_text("utf-8").encode()]


def test_a_mark_of_utf8_is_no_text(tree):
    path = tree({"a.txt": b"\xef\xbb\xbfa\n"}) / "a.txt"
    assert read_files(TEXT, path).column("text") == [b"a\n"]


def test_folder_and_name_are_columns(tree):
    files = {"neg/0_3.txt": "bad", "pos/1_9.txt": "good", "pos/a.b.txt": "fine"}
    got = read_files(LABEL, tree(files) / "[np]*/*.txt")
    rows = [(r["_row"], r["text"], r["id"], r["folder"], r["label"]) for r in got.rows]
    assert rows == [
        (0, b"bad", b"0_3", b"neg", 0),
        (1, b"good", b"1_9", b"pos", 1),
        (2, b"fine", b"a.b", b"pos", 1),
    ]
    assert got.books[0].read == 3 and got.books[0].is_whole


def test_a_path_without_a_folder(tree, monkeypatch):
    monkeypatch.chdir(tree({"neg/a.txt": "a"}) / "neg")
    assert [row["folder"] for row in read_files(SPEC, "a.txt").rows] == [b"neg"]


def test_compressed_files(tree):
    root = tree({"pos/a.txt.gz": gzip.compress(b"a\n"), "pos/b.txt": "b"})
    got = read_files(SPEC, root / "pos/*")
    assert [(row["text"], row["id"]) for row in got.rows] == [(b"a\n", b"a"), (b"b", b"b")]


def test_bad_files_are_rejected_by_name(tree):
    files = {"odd/a.txt": "a", "pos/b.txt": b"\xff", "pos/c.txt": "c" * 3000, "pos/d.txt": "d"}
    root = tree(files)
    got = read_files(LABEL + "rejects: {max_bytes: 1024}", root / "*/*.txt")
    assert got.column("text") == [b"d"]
    found = {(reject.source, reject.row, reject.unit): reject.reason for reject in got.rejects}
    assert found[(str(root / "odd/a.txt"), 0, "row")].endswith("one of the label's map: neg, pos")
    assert "bytes that are not UTF-8" in found[(str(root / "pos/b.txt"), 0, "row")]
    assert "more than 1,024 bytes" in found[(str(root / "pos/c.txt"), 0, "row")]


@pytest.mark.parametrize(("size", "is_good"), [(1024, True), (1025, False)])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_longest_file(tree, size, is_good, mark):
    path = tree({"a.txt": mark + b"a" * size}) / "a.txt"
    assert len(read_files(TEXT + "rejects: {max_bytes: 1024}", path).rows) == is_good


def test_splits_by_path(tree):
    root = tree({f"{split}/{n}.txt": f"{n}" for split in ("train", "test") for n in range(3)})
    spec = SPEC + "splits: {column: _folder, map: {train: train, test: test}}"
    assert {r["folder"]: r["_split"] for r in read_files(spec, root / "*/*.txt").rows} == {
        b"train": 0,
        b"test": 1,
    }


def test_any_cut_gives_the_same_rows(tree, monkeypatch):
    root = tree({f"{n % 3}/{n:02}.txt": f"text {n}" for n in range(40)})
    whole = read_files(SPEC, root / "*/*.txt")
    for size in (1, 20_000, 70_000):
        monkeypatch.setattr("beam_jobs.sources.readers.file_rows.SPLIT_BYTES", size)
        [file] = expand(parse_inputs([str(root / "*/*.txt")]), parse_spec(SPEC))
        splits = input_splits(file)
        assert [s.start for s in splits[1:]] == [s.stop for s in splits[:-1]]
        assert len(splits) == {1: 40, 20_000: 4, 70_000: 2}[size]
        cut = read_files(SPEC, root / "*/*.txt")
        assert cut.rows == whole.rows and cut.books[0].is_whole


def test_a_file_is_in_one_group(tree):
    root = tree({"a/1.txt": "1", "a/2.txt": "2", "b/3.txt": "3", "c.csv": "text\n4\n"})
    inputs = [root / "a/1.txt", root / "**/*.*", root / "a/2.txt"]
    files = expand(parse_inputs(list(map(str, inputs))), parse_spec(TEXT))
    assert [(file.path, file.index, len(file.paths)) for file in files] == [
        (str(root / "a/1.txt"), 0, 1),
        (str(root / "c.csv"), 1, 1),
        (str(root / "**/*.*"), 2, 2),
    ]
    again = expand(parse_inputs([file.path for file in files]), parse_spec(TEXT))
    assert again == files


def test_groups_are_light():
    files = [StoredFile(f"imdb/train/pos/{n}_{n % 10}.txt", 1000 + n) for n in range(50_000)]
    group = FileGroup.of(files)
    assert len(pickle.dumps(group)) < 300_000
    assert len(pickle.dumps(group.part(10_000, 11_000))) < 10_000
    assert group.part(10_000, 11_000).path(10_500) == files[10_500].path
    assert group.part(10_000, 11_000).number(files[10_500].path) == 10_500


@given(st.lists(st.tuples(st.text("ab/é", min_size=1), st.integers(0, 9)), min_size=1))
def test_a_hash_knows_names_and_sizes(given):
    files = [StoredFile(f"root/{name}", size) for name, size in dict(given).items()]
    moved = [StoredFile(f"/else/where/{file.path}", file.size) for file in files]
    digest = FileGroup.of(files).sha256
    assert FileGroup.of(moved[::-1]).sha256 == digest
    changed = [files[0]._replace(size=files[0].size + 1), *files[1:]]
    assert FileGroup.of(changed).sha256 != digest
    assert FileGroup.of([*files, StoredFile("root/new", 1)]).sha256 != digest


def test_a_literal_hash():
    digest = hashlib.sha256(b"neg/1.txt\x0012\npos/2.txt\x007\n").hexdigest()
    files = [StoredFile("x/neg/1.txt", 12), StoredFile("x/pos/2.txt", 7)]
    assert FileGroup.of(files).sha256 == digest


def test_a_file_that_changes_while_it_is_read(tree):
    root = tree({"a/1.txt": "1", "a/2.txt": "2"})
    spec = parse_spec(TEXT)
    from beam_jobs.sources import check_inputs, read_rows

    files = expand(parse_inputs([str(root / "a/*")]), spec)
    schema = check_inputs(files, spec)
    (root / "a/2.txt").write_text("longer")
    with pytest.raises(InputError, match=r"2\.txt: got 6 bytes, expected 1 as when the job began"):
        list(read_rows(files, spec, schema))
    (root / "a/2.txt").unlink()
    with pytest.raises(InputError, match=r"2\.txt: got no such file"):
        list(read_rows(files, spec, schema))


def test_foreign_files_are_found_in_a_sample(tree):
    root = tree({f"{n:02}.txt": "a".encode("utf-16") for n in range(40)})
    with pytest.raises(InputError, match=r"\d\d\.txt: got text in UTF-16"):
        read_files(TEXT, root / "*.txt")


def test_one_text_a_file(tree):
    root = tree({"a.txt": "a"})
    with pytest.raises(InputError, match=r"got plain text, which holds one column, expected the"):
        read_files(SPEC + "labels: {label: {}}", root / "a.txt")


def test_columns_of_that_name_in_other_files(write):
    path = write("a.jsonl", [{"text": "a", "_folder": "pos", "_file": "x"}])
    assert [(r["label"], r["id"]) for r in read_files(LABEL, path).rows] == [(1, b"x")]


MISTAKES = {
    "{txt: {row: line}}": "formats.txt.row: got \"line\", expected 'file'",
    "{txt: {row: file, quote: null}}": "formats.txt.quote: got an unknown key",
    "{jsonl: {row: file}}": "formats.jsonl: got 'jsonl', expected the suffix of files of",
}


@pytest.mark.parametrize("formats", MISTAKES)
def test_mistakes(formats):
    with pytest.raises(SpecError) as caught:
        parse_spec("features: {text: {}}\nformats: " + formats)
    assert MISTAKES[formats] in str(caught.value)


def test_other_suffixes(tree):
    spec = "features: {text: {}}\nformats: {review: {row: file}, md: {row: file}}"
    root: Path = tree({"a.review": "a\nb", "b.md": "# b"})
    assert read_files(spec, root / "*").column("text") == [b"a\nb", b"# b"]
