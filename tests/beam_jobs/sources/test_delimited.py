"""Delimited text is read as its dialect says, whatever the blocks; what is no row costs a line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from source_files import Read, read_files

from beam_jobs.sources import SourceFile
from beam_jobs.sources.readers import row_spans
from beam_jobs.sources.readers.cell_table import CellTable
from preprocess.core.errors import InputError
from preprocess.spec import DIALECTS, Dialect

NAMES = ["text", "n"]
SPEC = "features: {text: {}}\nkeep: [n]\n"

Cells = list[bytes]


def read_all(
    data: bytes, dialect: Dialect, block_bytes: int = 1 << 22, longest: int = 1 << 24
) -> tuple[dict[int, Cells], list[int]]:
    """Cells of the good rows by their number, and the numbers of the others."""
    file = SourceFile(0, "a.csv", len(data), None, "csv", dialect, longest)
    spans = row_spans.read_spans(io.BytesIO(data), file, dialect, block_bytes)
    table = CellTable.begun(spans, file, dialect)
    good: dict[int, Cells] = {}
    bad: list[int] = []
    for some in table.spans:
        block = table.block(some, table.names, len(good) + len(bad))
        cells = zip(*(column.to_pylist() for column in block.table.columns), strict=True)
        good |= dict(zip(block.rows.tolist(), map(list, cells), strict=True))
        bad += [number for number, _ in block.bad]
    return good, sorted(bad)


class _NoRow(Exception):
    pass


class SlowReader:
    """The rules, byte by byte: an oracle that shares nothing with the reader."""

    def __init__(self, data: bytes, dialect: Dialect, longest: int) -> None:
        self.data, self.longest = data, longest
        self.delimiter = dialect.delimiter.encode()
        self.quote = (dialect.quote or "").encode() or None
        self.escape = (dialect.escape or "").encode() or None

    def rows(self, width: int) -> tuple[dict[int, Cells], list[int]]:
        good: dict[int, Cells] = {}
        bad: list[int] = []
        at = 0
        while at < len(self.data):
            try:
                cells, end = self.row(at)
            except _NoRow:
                bad.append(len(good) + len(bad))
                at = (self.data.find(b"\n", at) + 1) or len(self.data)
                continue
            if self.data[at:end] not in (b"\n", b"\r\n", b"\r"):
                place = len(good) + len(bad)
                if len(cells) == width:
                    good[place] = cells
                else:
                    bad.append(place)
            at = end
        return good, bad

    def row(self, start: int) -> tuple[Cells, int]:
        cells, at = [], start
        while True:
            cell, at = self.quoted(at + 1) if self.is_at(self.quote, at) else self.bare(at)
            cells.append(cell)
            if self.is_at(self.delimiter, at):
                at += 1
                continue
            if at - start > self.longest:
                raise _NoRow
            return cells, at + len(self.line_break(at) or b"")

    def quoted(self, at: int) -> tuple[bytes, int]:
        cell = b""
        while at < len(self.data):
            if self.is_at(self.escape, at):
                cell, at = cell + self.escaped(at), at + 2
            elif self.data[at : at + 2] == (self.quote or b"") * 2:
                cell, at = cell + (self.quote or b""), at + 2
            elif self.is_at(self.quote, at):
                if self.is_at(self.delimiter, at + 1) or self.line_break(at + 1) is not None:
                    return cell, at + 1
                raise _NoRow
            else:
                cell, at = cell + self.data[at : at + 1], at + 1
        raise _NoRow

    def bare(self, at: int) -> tuple[bytes, int]:
        cell = b""
        while not self.is_at(self.delimiter, at) and self.line_break(at) is None:
            if self.is_at(self.quote, at) or (self.quote and self.data[at : at + 1] == b"\r"):
                raise _NoRow
            size = 2 if self.is_at(self.escape, at) else 1
            cell += self.escaped(at) if size == 2 else self.data[at : at + 1]
            at += size
        return cell, at

    def escaped(self, at: int) -> bytes:
        if at + 2 > len(self.data) or (at + 2 == len(self.data) and self.data.endswith(b"\n")):
            raise _NoRow
        return self.data[at + 1 : at + 2]

    def line_break(self, at: int) -> bytes | None:
        rest = self.data[at : at + 2]
        if rest in (b"", b"\r\n", b"\r") and (rest != b"\r" or at + 1 == len(self.data)):
            return rest
        return b"\n" if rest.startswith(b"\n") else None

    def is_at(self, mark: bytes | None, at: int) -> bool:
        return mark is not None and self.data[at : at + 1] == mark


ODD = st.text(alphabet='ab",;\t\\\r\n', max_size=40).map(str.encode)
DIALECT = st.sampled_from(
    [
        DIALECTS["csv"],
        DIALECTS["tsv"],
        Dialect(escape="\\"),
        Dialect(quote=None, escape="\\"),
        Dialect(delimiter=";", quote="a"),
    ]
)


@settings(max_examples=1500)
@given(ODD, DIALECT, st.integers(1, 30), st.sampled_from([3, 7, 1 << 24]))
def test_any_bytes_are_read_by_the_rules(data, dialect, block_bytes, longest):
    dialect = dialect.model_copy(update={"columns": NAMES})
    expected = SlowReader(data, dialect, longest).rows(len(NAMES))
    assert read_all(data, dialect, block_bytes, longest) == expected
    assert read_all(data, dialect, longest=longest) == expected


CELLS = st.lists(
    st.lists(st.text(alphabet='ab",;\t\\\r\nü', max_size=6), min_size=2, max_size=2), max_size=6
)


@settings(max_examples=300)
@given(CELLS, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.integers(1, 20))
def test_what_python_writes_is_read(rows, line_break, quotes_all, block_bytes):
    has_returns = any("\r" in cell for row in rows for cell in row)
    # Python's writer leaves a lone CR without quotes unless its own lines end in one.
    quotes_all = quotes_all or (has_returns and line_break == "\n")
    sink = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quotes_all else csv.QUOTE_MINIMAL
    writer = csv.writer(sink, lineterminator=line_break, quoting=quoting, strict=True)
    writer.writerows([NAMES, *rows])
    good, bad = read_all(sink.getvalue().encode(), DIALECTS["csv"], block_bytes)
    assert bad == []
    assert list(good.values()) == [[cell.encode() for cell in row] for row in rows]


@pytest.mark.parametrize("block_bytes", [1, 2, 3, 5, 8, 64])
def test_a_quoted_line_break_at_the_edge_of_a_block(block_bytes):
    """apache/arrow#51368: pyarrow loses the LF of a quoted CRLF there."""
    rows = [b'"%s\r\n",%d\r\n' % (b"x" * n, n) for n in range(9)]
    good, bad = read_all(b"text,n\r\n" + b"".join(rows), DIALECTS["csv"], block_bytes)
    assert bad == []
    assert [cells[0] for cells in good.values()] == [b"x" * n + b"\r\n" for n in range(9)]


def read(tmp_path: Path, name: str, data: bytes, more: str = "") -> Read:
    (tmp_path / name).write_bytes(data)
    return read_files(SPEC + more, tmp_path / name)


def cells(found: Read) -> list[tuple[bytes, bytes]]:
    return [(row["text"], row["n"]) for row in found.rows]


MISTAKES = {
    "quote inside": (b'say "hi",2', "a quote inside a cell that does not begin with one"),
    "after a quote": (b'"hi" there,2', "text after the quote that ends a cell"),
    "backslash": (b'"say \\"hi\\"",2', "text after the quote that ends a cell"),
    "return": (b"a\rb,2", "a carriage return outside of quotes"),
    "open": (b'"open,2', "text after the quote that ends a cell"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_line_that_is_no_row_costs_itself_alone(tmp_path, name):
    line, what = MISTAKES[name]
    data = b'text,n\na,1\n%s\n"b, c",3\n"d\n""e""",4\n' % line
    found = read(tmp_path, "a.csv", data)
    assert cells(found) == [(b"a", b"1"), (b"b, c", b"3"), (b'd\n"e"', b"4")]
    [reject] = found.rejects
    assert (reject.row, reject.unit) == (1, "row")
    assert reject.reason.startswith(f"line 3: got {what}, expected quotes around")
    assert reject.reason.endswith(f": {line.decode()!r}")
    assert (found.books[0].read, found.books[0].rejected) == (4, 1)


def test_a_quote_that_is_never_closed(tmp_path):
    found = read(tmp_path, "a.csv", b'text,n\na,1\n"b,2\nc,3\nd,4')
    assert cells(found) == [(b"a", b"1"), (b"c", b"3"), (b"d", b"4")]
    assert found.reasons[0].startswith("line 3: got a quote or an escape whose end is not found")


def test_line_numbers_count_lines_and_row_numbers_rows(tmp_path):
    found = read(tmp_path, "a.csv", b'\n\ntext,n\n\n"a\n\n",1\n\nb"c,2\nd\n')
    assert [reject.row for reject in found.rejects] == [1, 2]
    assert found.reasons[0].startswith("line 9: ")
    assert found.reasons[1] == "got 1 fields, expected 2 as in the header: 'd'"


@pytest.mark.parametrize("before", ["header", "blank lines", "a long name"])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.csv.gz"])
def test_a_head_of_more_than_a_megabyte(tmp_path, write, name, before):
    mark = b"\t" if ".tsv" in name else b","
    more = {
        "header": [b"c%d" % n for n in range(200_000)],
        "a long name": [b"x" * (3 << 20)],
        "blank lines": [],
    }[before]
    blank = b"\r\n" * (1 << 20) if before == "blank lines" else b""
    rows = [mark.join([b"text", b"n", *more]), blank, mark.join([b"a", b"1", *[b""] * len(more)])]
    found = read_files(SPEC, write(name, b"\r\n".join(rows) + b"\r\n"))
    assert cells(found) == [(b"a", b"1")]
    assert found.rejects == []


DECLARED = {
    "semicolons": ("csv", "{delimiter: ;}", b'text;n\n"a;""b""";1,5\n', [(b'a;"b"', b"1,5")]),
    "escape": (
        "csv",
        r"{escape: '\'}",
        b'text,n\n"say \\"hi\\"\\\\",1\na\\,b,2\n',
        [(b'say "hi"\\', b"1"), (b"a,b", b"2")],
    ),
    "columns": ("tsv", "{columns: [n, text]}", b'1\t"a\n2\tb"\n', [(b'"a', b"1"), (b'b"', b"2")]),
    "columns for a header": (
        "csv",
        "{columns: [text, n], header: true}",
        b"x,y\na,1\n",
        [(b"a", b"1")],
    ),
    "no quotes in csv": ("csv", "{quote: null}", b'text,n\n"a,1"\n', [(b'"a', b'1"')]),
    "quotes in tsv": ("tsv", "{quote: '\"'}", b'text\tn\n"a\tb"\t1\n', [(b"a\tb", b"1")]),
    "a suffix of text": ("txt", '{delimiter: "\\t"}', b"text\tn\n\n a \t1\n", [(b" a ", b"1")]),
    "a suffix of one's own": ("psv", '{delimiter: "|"}', b"text|n\na|1\n", [(b"a", b"1")]),
}


@pytest.mark.parametrize("name", DECLARED)
def test_declared_formats(tmp_path, name):
    suffix, dialect, data, expected = DECLARED[name]
    found = read(tmp_path, f"a.{suffix}", data, f"formats: {{{suffix}: {dialect}}}")
    assert (cells(found), found.rejects) == (expected, [])


def test_columns_in_the_spec_name_themselves_in_messages(tmp_path):
    found = read(tmp_path, "a.tsv", b"a\t1\nb\n", "formats: {tsv: {columns: [text, n]}}")
    assert found.reasons == ["got 1 fields, expected 2 as in formats in the spec: 'b'"]


HEADERS = {
    "broken": (b'te"xt,n\na,1\n', "", "the header: line 1: got a quote inside a cell"),
    "returns": (b"text,n\ra,1\r", "", "the header: line 1: got a carriage return outside"),
    "returns without quotes": (b"text\tn\ra\t1\r", "", "carriage returns in the header"),
    "another length": (
        b"x,y,z\na,1,2\n",
        "formats: {csv: {columns: [text, n], header: true}}",
        "got a header of 3 columns, expected 2 as under formats in the spec",
    ),
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_that_are_refused(tmp_path, name):
    data, more, message = HEADERS[name]
    with pytest.raises(InputError, match=message):
        read(tmp_path, "a.tsv" if b"\t" in data else "a.csv", data, more)


def test_a_header_that_is_too_long(tmp_path):
    with pytest.raises(InputError, match=r"the header: got a row of more than 100 bytes"):
        read(tmp_path, "a.csv", b"text,n,%s\na,1,\n" % (b"x" * 100), "rejects: {max_bytes: 100}")


@pytest.mark.parametrize("mark", ["delimiter", "quote"])
def test_an_underscore_is_a_mark_like_others(mark):
    dialect = Dialect(**{"delimiter": ",", "quote": None, "escape": "\\", mark: "_"})
    data = rb"text_n" + b"\n" + rb"x\y_1" if mark == "delimiter" else b"text,n\n_x\\,_,1"
    good, bad = read_all(data, dialect)
    assert (good, bad) == ({0: [b"xy" if mark == "delimiter" else b"x,", b"1"]}, [])


def test_the_row_after_a_bad_line_that_ends_in_an_escape():
    good, bad = read_all(b'text,n\nx"y\\\n"good",1\nb,2\n', Dialect(escape="\\"))
    assert (good, bad) == ({1: [b"good", b"1"], 2: [b"b", b"2"]}, [0])


def test_many_rows_between_and_after_bad_ones():
    """More than are looked at in one go, before the first bad one and after it."""
    lines = [b'x"y,1' if n in (70_000, 70_001, 70_100) else b"a,%d" % n for n in range(90_000)]
    good, bad = read_all(b"text,n\n" + b"\n".join(lines), DIALECTS["csv"])
    assert bad == [70_000, 70_001, 70_100]
    assert len(good) == 89_997 and good[70_002] == [b"a", b"70002"] and good[89_999][1] == b"89999"
