"""What is spilled is Arrow IPC, comes back as it was, and nothing of it is run."""

from __future__ import annotations

import pickle
from pathlib import Path

import pyarrow as pa
import pytest

from beam_jobs.runtime.packing import pack, unpack, unpack_all
from beam_jobs.runtime.spill import Reference, Spill


def _batch(start: int, rows: int) -> pa.RecordBatch:
    return pa.record_batch({"n": range(start, start + rows), "t": ["日本"] * rows})


def test_batches_come_back(tmp_path: Path) -> None:
    spill = Spill(str(tmp_path / "new"))
    batches = [_batch(0, 3), _batch(3, 0), _batch(3, 1000)]
    references = [spill.write(pack(batch)) for batch in batches]
    spill.close()
    copies = [pickle.loads(pickle.dumps(reference)) for reference in references]
    assert [unpack(copy.read()) for copy in copies] == batches
    [path] = (tmp_path / "new").iterdir()
    assert unpack_all(path.read_bytes()) == batches


def test_nothing_is_written_without_a_batch(tmp_path: Path) -> None:
    Spill(str(tmp_path / "new")).close()
    assert list(tmp_path.iterdir()) == []


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise SystemError('was run')",)


@pytest.mark.parametrize("data", [pickle.dumps(Evil()), b"", b"\0" * 64])
def test_what_is_no_batch_is_not_run(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.spill"
    path.write_bytes(data)
    with pytest.raises((pa.ArrowInvalid, StopIteration, OSError, EOFError)):
        unpack(Reference(str(path), 0, len(data)).read())


def test_a_file_that_is_cut_short_is_no_value(tmp_path: Path) -> None:
    spill = Spill(str(tmp_path))
    reference = spill.write(pack(_batch(0, 9)))
    spill.close()
    path = Path(reference.path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(EOFError, match="ends at byte"):
        reference.read()
