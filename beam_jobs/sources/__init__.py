"""Raw files → canonical Arrow RecordBatches, rejected rows and books.

A batch holds rows of one split in the order of the input: `_source` (int32, index of the file),
`_row` (int64, number of the row from 0, or offset of its first byte; see `unit`), `_split` (int32,
index into `split_names`), and then the columns of the spec:

    text feature, category        binary, valid UTF-8
    numeric feature, number       float32, finite
    binary                        int64, 0 or 1
    multilabel                    list<binary>, no name twice
    number of a size              list<float32>, each of that many values
    keep                          int64 or binary, as the schema says

Names are imported when they are first used, so that a help text may ask for the formats alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from preprocess.core.lazy import lazy_attributes

if TYPE_CHECKING:
    from beam_jobs.sources.beam_source import ReadRows, RowOutputs
    from beam_jobs.sources.columns.raw_schema import load_schema
    from beam_jobs.sources.formats import input_splits, unit
    from beam_jobs.sources.input_split import InputSplit, SourceFile
    from beam_jobs.sources.inputs import Given, Input, expand, parse_inputs
    from beam_jobs.sources.preflight import check_inputs
    from beam_jobs.sources.rejects import Count, Reject, total
    from beam_jobs.sources.row_batches import batch_schema, row_bytes
    from beam_jobs.sources.row_reader import RowReader, read_rows
    from beam_jobs.sources.split_assignment import hash_split, split_names

_HOMES = {
    "Count": "rejects",
    "Given": "inputs",
    "Input": "inputs",
    "InputSplit": "input_split",
    "ReadRows": "beam_source",
    "Reject": "rejects",
    "RowOutputs": "beam_source",
    "RowReader": "row_reader",
    "SourceFile": "input_split",
    "batch_schema": "row_batches",
    "check_inputs": "preflight",
    "expand": "inputs",
    "hash_split": "split_assignment",
    "input_splits": "formats",
    "load_schema": "columns.raw_schema",
    "parse_inputs": "inputs",
    "read_rows": "row_reader",
    "row_bytes": "row_batches",
    "split_names": "split_assignment",
    "total": "rejects",
    "unit": "formats",
}

__all__ = [
    "Count",
    "Given",
    "Input",
    "InputSplit",
    "ReadRows",
    "Reject",
    "RowOutputs",
    "RowReader",
    "SourceFile",
    "batch_schema",
    "check_inputs",
    "expand",
    "hash_split",
    "input_splits",
    "load_schema",
    "parse_inputs",
    "read_rows",
    "row_bytes",
    "split_names",
    "total",
    "unit",
]

__getattr__ = lazy_attributes(
    __name__, {name: f"{__name__}.{home}" for name, home in _HOMES.items()}
)
