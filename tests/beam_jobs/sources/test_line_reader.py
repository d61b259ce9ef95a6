"""Every line belongs to exactly one byte range."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_jobs.sources.input_split import InputSplit, SourceFile
from beam_jobs.sources.readers.line_reader import LongLine, read_lines

_BOM = b"\xef\xbb\xbf"
_LINES = st.lists(
    st.tuples(
        st.binary(max_size=12)
        .map(lambda line: line.replace(b"\n", b"").rstrip(b"\r"))
        .filter(lambda line: not line.startswith(_BOM)),
        st.sampled_from([b"\n", b"\r\n"]),
    ),
    max_size=12,
)


@settings(max_examples=300)
@given(
    _LINES,
    st.booleans(),
    st.sets(st.integers(1, 60)),
    st.integers(1, 30),
    st.booleans(),
    st.sampled_from([1, 3, 6, 100]),
)
def test_every_line_once(tmp_path_factory, lines, is_ended, cuts, block_bytes, has_bom, longest):
    expected, data = _laid_out(lines, is_ended, _BOM if has_bom else b"")
    path = Path(tmp_path_factory.getbasetemp()) / "lines.txt"
    path.write_bytes(data)
    file = SourceFile(0, str(path), len(data), None, "txt", None, longest)
    edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    found = []
    for start, stop in pairwise(edges):
        for block in read_lines(InputSplit(file, start, stop, len(data)), block_bytes):
            if isinstance(block, LongLine):
                found.append((block.offset, None))
                continue
            assert block.starts.dtype == block.stops.dtype == np.int64
            for at, end in zip(block.starts.tolist(), block.stops.tolist(), strict=True):
                found.append((block.offset + at, block.data[at:end]))
    assert found == [(at, line if len(line) <= longest else None) for at, line in expected]


def _laid_out(
    lines: list[tuple[bytes, bytes]], is_ended: bool, bom: bytes
) -> tuple[list[tuple[int, bytes]], bytes]:
    data, expected = bom, []
    for index, (line, end) in enumerate(lines):
        is_last = index == len(lines) - 1
        if is_last and not is_ended and not line:
            break
        expected.append((len(data), line))
        data += line + (b"" if is_last and not is_ended else end)
    return expected, data
