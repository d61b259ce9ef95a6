"""How fast files of cells are read, beside pyarrow's CSV reader on one thread in its place.

    python benchmarks/reading_speed.py --rows imdb-train.parquet

Writes the rows (columns `text` and `label`) as CSV and TSV below a temporary folder, and reads
each file several times in turn with both readers; what follows them, the checks and the canonical
batches, is the same. pyarrow's reader is not strict: it takes text after a closing quote, merges
lines up to the next quote, and knows no TSV without quotes (the file here has none).
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from tables import machine_facts, render

from beam_jobs.sources import InputSplit, check_inputs, expand, input_splits, parse_inputs
from beam_jobs.sources.block import Block
from beam_jobs.sources.columns.input_column import InputColumn
from beam_jobs.sources.formats import format_of
from beam_jobs.sources.raw_files import open_content
from beam_jobs.sources.row_batches import canonical
from beam_jobs.sources.row_validator import RowValidator
from preprocess.spec import DIALECTS, TRAIN, parse_spec

_SPEC = """
features: {text: {}}
labels: {label: {}}
keep: [id]
"""
_HEADER = ["file", "MB", "ours, MB/s", "pyarrow, MB/s", "ours / pyarrow", "CPU s, ours", "pyarrow"]
_BLOCK_BYTES = 16 << 20

Rows = list[dict[str, Any]]
Reader = Callable[[InputSplit, Sequence[InputColumn]], Iterator[Block]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints."""
    given = _parser().parse_args(arguments)
    table = pq.read_table(given.rows, columns=["text", "label"])
    rows = [{"id": index, **row} for index, row in enumerate(table.to_pylist())]
    with TemporaryDirectory() as folder:
        lines = [_measured(path, given.runs) for path in _written(Path(folder), rows)]
    print(machine_facts())
    print(render(_HEADER, lines, given.markdown))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", required=True, help="Parquet file with text and label")
    parser.add_argument("--markdown", action="store_true", help="print a table in Markdown")
    parser.add_argument("--runs", type=int, default=5, help="of each reader; the median counts")
    return parser


def _written(folder: Path, rows: Rows) -> Iterator[Path]:
    yield _cells(folder / "quotes.csv", rows)
    plain = [{**row, "text": row["text"].replace('"', "'").replace(",", ";")} for row in rows]
    lines = [_on_one_line(row) for row in plain]
    yield _cells(folder / "no-quotes.csv", lines)
    short = [{**row, "text": part} for row in lines for part in row["text"].split(".")[:9]]
    yield _cells(folder / "short-rows.csv", short)
    yield _cells(folder / "no-quotes.tsv", lines, "\t")


def _on_one_line(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "text": " ".join(row["text"].split())}


def _cells(path: Path, rows: Rows, delimiter: str = ",") -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def _read_by_arrow(input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
    names = [column.source for column in columns]
    delimiter = DIALECTS[input_split.file.format].delimiter
    options = (
        pa.csv.ReadOptions(use_threads=False, block_size=_BLOCK_BYTES),
        pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        pa.csv.ConvertOptions(
            column_types={name: pa.binary() for name in names},
            include_columns=names,
            check_utf8=False,
        ),
    )
    row = 0
    with open_content(input_split.file) as content:
        for batch in pa.csv.open_csv(content, *options):
            yield Block(batch, np.arange(row, row + batch.num_rows), [])
            row += batch.num_rows


def _rows_read(path: Path, reader: Reader | None) -> int:
    """Reads a file with a reader, by default ours, and counts its rows."""
    spec = parse_spec(_SPEC)
    [file] = expand(parse_inputs([str(path)]), spec)
    [input_split] = input_splits(file)
    validator = RowValidator(file, spec, check_inputs([file], spec), [TRAIN])
    count = 0
    for block in (reader or format_of(file).blocks)(input_split, validator.wanted):
        validated = validator.validate(block)
        for _, rows in canonical(file.index, block, validated, validator.columns):
            count += rows.num_rows
    return count


def _measured(path: Path, runs: int) -> list[str]:
    counts = {_rows_read(path, None), _rows_read(path, _read_by_arrow)}
    if len(counts) > 1:
        raise SystemExit(f"{path.name}: got {counts} rows, expected both to read the same")
    pairs = [(_timed(path, None), _timed(path, _read_by_arrow)) for _ in range(runs)]
    (wall, cpu), (peer_wall, peer_cpu) = (
        [median(pair[reader][value] for pair in pairs) for value in (0, 1)] for reader in (0, 1)
    )
    size = path.stat().st_size / 1e6
    return [
        path.name,
        f"{size:.0f}",
        f"{size / wall:.0f}",
        f"{size / peer_wall:.0f}",
        f"{peer_wall / wall:.2f}",
        f"{cpu:.2f}",
        f"{peer_cpu:.2f}",
    ]


def _timed(path: Path, reader: Reader | None) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    _rows_read(path, reader)
    return time.perf_counter() - wall, time.process_time() - cpu


if __name__ == "__main__":
    main()
