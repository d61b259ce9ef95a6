"""Errors that cross from workers to the launcher, and what the system refuses."""

from __future__ import annotations

import errno
import os
import pickle
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preprocess.core import errors
from preprocess.core.errors import InputError, RejectsError, across_workers, from_worker, is_marked
from preprocess.core.system_failures import is_system_failure, system_failure

KINDS = [InputError, RejectsError, errors.SpecError, errors.ArtifactError]
ODD = [
    "}>>",
    'a "}>> b',
    "<<text2seq {}>>",
    "<<text2seq e30=>>",
    ">>",
    "a\nb",
    "\\",
    "日本\udcff\0",
]


def _as_a_runner_hands_it_on(error: BaseException) -> RuntimeError:
    """Only the text of the traceback is left, with what Beam adds to it."""
    try:
        raise error
    except type(error):
        return RuntimeError(f"{traceback.format_exc()} [while running 'ReadRows/Read']")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("message", ODD)
def test_a_message_survives_whatever_it_quotes(kind: type, message: str) -> None:
    found = from_worker(_as_a_runner_hands_it_on(across_workers(kind(message))))
    assert type(found) is kind
    assert str(found) == message


@given(st.text())
def test_any_message_survives(message: str) -> None:
    marked = _as_a_runner_hands_it_on(across_workers(InputError(message)))
    assert is_marked(str(marked))
    assert str(from_worker(marked)) == message


@given(st.lists(st.text(), min_size=1))
def test_lines_stay_apart_on_the_way(lines: list[str]) -> None:
    found = from_worker(_as_a_runner_hands_it_on(across_workers(errors.SpecError(*lines))))
    assert found is not None and found.lines == tuple(lines)
    assert str(found) == "\n".join(lines)
    assert pickle.loads(pickle.dumps(found)).lines == found.lines


@pytest.mark.parametrize("text", [*ODD, "<<text2seq bm8=>>", "<<text2seq W10=>>", ""])
def test_data_that_look_like_a_mark_are_none(text: str) -> None:
    assert from_worker(RuntimeError(text)) is None
    assert not is_marked(text)
    real = across_workers(InputError("the real one"))
    assert str(from_worker(RuntimeError(f"{text}\n{real}"))) == "the real one"


REFUSALS = {
    errno.ENOSPC: "(No space left on device); free some space there, or choose another disk",
    errno.EDQUOT: "(Disk quota exceeded); free some space there",
    errno.EACCES: "(Permission denied); give a path that you may read and write",
    errno.EROFS: "(Read-only file system); give a path that you may read and write",
    errno.EMFILE: "(Too many open files); raise the number of files that a process may open",
    errno.ENAMETOOLONG: "(File name too long); choose a shorter path",
    errno.EIO: "(Input/output error); check the path and the disk",
}


@pytest.mark.parametrize("number", REFUSALS)
@pytest.mark.parametrize("in_a_worker", [False, True])
def test_a_refusal_is_one_line_that_names_the_file(number: int, in_a_worker: bool) -> None:
    error: BaseException = OSError(number, os.strerror(number), "/out/part")
    if in_a_worker:
        error = _as_a_runner_hands_it_on(error)
        assert is_system_failure(str(error))
    failure = system_failure(error)
    assert failure is not None and failure.exit_code == 2
    assert str(failure).startswith(f"/out/part: cannot be read or written {REFUSALS[number]}")


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("/out/a.data; No space left on device [Op:SaveV2]"),
        RuntimeError("OSError: [Errno 28] Error writing bytes. Detail: [errno 28] No space left"),
    ],
)
def test_where_no_file_is_named_the_output_is(error: Exception) -> None:
    try:
        raise ValueError("while it was written") from error
    except ValueError as raised:
        failure = system_failure(raised, "out")
    assert failure is not None
    assert str(failure).startswith("out: cannot be read or written (No space left on device); ")


def test_no_memory_is_told() -> None:
    assert "set output.shards to more files" in str(system_failure(MemoryError()))


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("errno"), OSError("without number")])
def test_a_fault_of_the_program_is_none_of_the_system(error: Exception) -> None:
    assert system_failure(error, "out") is None
    assert not is_system_failure(str(error))
