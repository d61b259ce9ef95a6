"""An input format is added by one new file and one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from copied_tree import add_line, copied_tree, run_in_tree

pytestmark = pytest.mark.slow

TOY = '''
"""Paragraphs: texts with an empty line between them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from beam_jobs.sources.block import Block
from beam_jobs.sources.file_header import FileHeader
from beam_jobs.sources.input_format import InputFormat
from beam_jobs.sources.input_split import whole
from beam_jobs.sources.raw_files import open_content


@dataclass(frozen=True)
class Paragraphs(InputFormat):
    def input_splits(self, file):
        return whole(file)

    def read_header(self, file, wanted):
        return FileHeader({name: pa.binary() for name in wanted}, True, is_complete=False)

    def blocks(self, input_split, columns):
        with open_content(input_split.file) as file:
            texts = pa.array(file.read().strip().split(b"\\n\\n"), pa.binary())
        table = pa.RecordBatch.from_arrays([texts], names=[columns[0].name])
        yield Block(table, np.arange(len(texts)), [])


PARAGRAPHS = Paragraphs("paragraphs", ".par", has_one_column=True)
'''

BUILD = """
import gzip, json
from pathlib import Path
from beam_jobs.build import build

Path("a.par").write_text("the cat\\nsat\\n\\nthe dog\\n")
Path("b.par.gz").write_bytes(gzip.compress(b"the end"))
Path("spec.yaml").write_text("features: {text: }")
manifest = build("spec.yaml", ["a.par", "b.par.gz"], "out")
words = json.loads(Path("out/vocabulary/words.json").read_text())
try:
    build("spec.yaml", ["spec.yaml"], "other")
except ValueError as error:
    refused = str(error)
print(json.dumps([[file.read for file in manifest.inputs], words, refused]))
"""


def test_a_format_is_added_by_one_file_and_one_line(tmp_path: Path) -> None:
    tree = copied_tree(tmp_path)
    formats = tree / "beam_jobs/sources/formats"
    (formats / "paragraphs_format.py").write_text(TOY)
    add_line(
        formats / "__init__.py",
        "from beam_jobs.sources.formats.jsonl_format",
        "from beam_jobs.sources.formats.paragraphs_format import PARAGRAPHS as PARAGRAPHS",
    )
    read, words, refused = json.loads(run_in_tree(tree, BUILD))
    assert read == [2, 1]
    assert words == {"the": 2, "cat": 3, "dog": 4, "end": 5, "sat": 6}
    assert "expected one of .arrow, " in refused and ".par, .par.gz" in refused
    helped = run_in_tree(tree, "from preprocess.cli import main; main(['build', '--help'])")
    assert ".par" in helped.replace(".parquet", "")
