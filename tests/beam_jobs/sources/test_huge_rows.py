"""A row longer than `rejects.max_bytes` is rejected with its place, in bounded memory."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from processes import run_python
from source_files import example, framed, read_files

LIMIT = 1000
SPEC = f"features: {{text: {{}}}}\nrejects: {{max_bytes: {LIMIT}}}"
TOO_LONG = (
    "got a row of more than 1,000 bytes, expected at most as many as rejects.max_bytes; "
    "cut the row, or raise rejects.max_bytes"
)


def lines_of(texts: list[str], name: str) -> tuple[bytes, list[int]]:
    """A file with a row a text, and how many bytes each row has, its line break not counted."""
    if ".jsonl" in name:
        rows = [json.dumps({"text": text}).encode() for text in texts]
    elif ".tfrecord" in name:
        rows = [example({"text": text}) for text in texts]
        return framed(rows), [len(row) for row in rows]
    else:
        rows = [text.encode() for text in texts]
    head = b"" if ".txt" in name or ".jsonl" in name else b"text\n"
    return head + b"".join(row + b"\n" for row in rows), [len(row) for row in rows]


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("stem", ["a.txt", "a.jsonl", "a.csv", "a.tsv", "a.tfrecord"])
def test_one_byte_too_many(write, stem, suffix):
    texts = ["first", "x" * 900, "last"]
    around = lines_of(texts, stem)[1][1] - 900
    texts[1] = "x" * (LIMIT - around)  # for Examples of this size the lengths take as many bytes
    data, sizes = lines_of(texts, stem)
    assert sizes[1] == LIMIT
    found = read_files(SPEC, write(stem + suffix, data))
    assert (len(found.rows), found.rejects) == (3, [])

    texts[1] += "x"
    found = read_files(SPEC, write(stem + suffix, lines_of(texts, stem)[0]))
    assert found.column("text") == [b"first", b"last"]
    [reject] = found.rejects
    assert reject.reason == TOO_LONG
    is_byte = reject.unit == "byte"
    assert reject.row == (sizes[0] + 1 if is_byte else 1)
    assert is_byte == (stem in ("a.txt", "a.jsonl") and not suffix)


def test_a_quoted_row_that_ends_too_late_costs_its_first_line(write):
    rows = b'text\nfirst\n"%s\nsecond"\nthird\n' % (b"x\n" * 600)
    found = read_files(SPEC, write("a.csv", rows))
    assert found.column("text")[:2] == [b"first", b"x"]
    assert found.column("text")[-1] == b"third"
    assert (found.rejects[0].row, found.rejects[-1].row) == (1, 601)
    assert len(found.rows) + len(found.rejects) == found.books[0].read == 603


READ = """
import resource, sys
from beam_jobs.sources import check_inputs, expand, parse_inputs, read_rows
from preprocess.spec import parse_spec
import tfx_bsl.coders.example_coder

spec = parse_spec("features: {text: {}}\\nrejects: {max_bytes: 1000000}")
for path in ["warm.jsonl", "warm.csv", *sys.argv[1:]]:
    if path == sys.argv[1]:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    files = expand(parse_inputs([path]), spec)
    items = [type(item).__name__ for item in read_rows(files, spec, check_inputs(files, spec))]
    print(path, items)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
BYTES = 120_000_000


@pytest.mark.slow
def test_memory_is_bounded_by_a_row(tmp_path):
    """A line of 120 MB, and one that gzip makes of some kilobytes, for every format of rows."""
    (tmp_path / "warm.jsonl").write_bytes(b'{"text": "a"}\n')
    (tmp_path / "warm.csv").write_bytes(b"text\na\n")
    heads = {"a.txt": b"", "a.jsonl": b'{"text": "', "a.csv": b'text\n"', "a.tsv": b"text\n"}
    names = []
    for name, head in heads.items():
        for suffix, opened in (("", open), (".gz", gzip.open)):
            with opened(tmp_path / f"{name}{suffix}", "wb") as file:
                first = b'{"text": "a"}\n' if "jsonl" in name else b""
                file.write(first + head + b"a\n" * (name == "a.txt"))
                for _ in range(BYTES // 10_000_000):
                    file.write(b"x" * 10_000_000)
            names.append(f"{name}{suffix}")
    done = run_python("-c", READ, *names, cwd=tmp_path, env=_environment())
    for name in names:  # pytest keeps the folders of some runs
        (tmp_path / name).unlink()
    *read, grown = done.stdout.splitlines()
    for line in read[2:]:
        assert "'Reject'" in line, line
    assert int(grown) < 60


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
