"""What a peer has written: `python -m peers.count OUTPUT` prints it as a JSON object."""

from __future__ import annotations

import gzip
import json
import sys
from itertools import islice
from pathlib import Path

import numpy as np
from tfx_bsl.coders.example_coder import ExamplesToRecordBatchDecoder

from peers.job import TEXT
from preprocess.core.tfrecord_framing import read_records

_DECODE_AT_ONCE = 2048


def content_of(output: Path) -> dict[str, int]:
    """Records, tokens and bytes of all files of records below `output`."""
    content = {"records": 0, "tokens": 0, "bytes": 0}
    for path in sorted(output.glob("examples/**/*.tfrecord.gz")):
        content["bytes"] += path.stat().st_size
        with gzip.open(path) as file:
            records = read_records(file, str(path))
            while some := list(islice(records, _DECODE_AT_ONCE)):
                ids = ExamplesToRecordBatchDecoder().DecodeBatch(some).column(TEXT)
                content["records"] += len(some)
                content["tokens"] += int(np.count_nonzero(ids.flatten().to_numpy()))
    return content


if __name__ == "__main__":
    print(json.dumps(content_of(Path(sys.argv[1]))))
