"""Beam's options on our command line."""

from __future__ import annotations

import pytest
from apache_beam.options.pipeline_options import DirectOptions, StandardOptions

from beam_jobs.runtime.local_runner import LocalRunner
from beam_jobs.runtime.options import is_local, parse_options, runner_of
from preprocess.core.errors import UsageError

OWN = ("--spec", "--input", "--output", "--overwrite")

MISTAKES = {
    "Beam's, mistyped": (
        ["--direct_num_worker=3"],
        "got --direct_num_worker, which is an option neither of this command nor of Beam; "
        "did you mean --direct_num_workers?",
    ),
    "our own, mistyped": (
        ["--inptu", "x.csv"],
        "got --inptu, which is an option neither of this command nor of Beam; "
        "did you mean --input?",
    ),
    "nothing like it": (
        ["--zzzz"],
        "got --zzzz, which is an option neither of this command nor of Beam; "
        "see --help, and Beam's own options",
    ),
    "an abbreviation": (
        ["--direct_num=3"],
        "got --direct_num, which is an option neither of this command nor of Beam; "
        "did you mean --direct_num_workers?",
    ),
    "no option": (
        ["x.csv"],
        "got 'x.csv', expected options only; put a glob in quotes, or see --help",
    ),
    "bad value": (
        ["--direct_num_workers", "two"],
        "got a Beam option that cannot be used: "
        "argument --direct_num_workers: invalid int value: 'two'",
    ),
    "bad choice": (
        ["--direct_running_mode=threads"],
        "got a Beam option that cannot be used: argument --direct_running_mode: invalid choice: "
        "'threads' (choose from 'in_memory', 'multi_threading', 'multi_processing')",
    ),
    "no value": (
        ["--direct_num_workers"],
        "got a Beam option that cannot be used: "
        "argument --direct_num_workers: expected one argument",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(arguments: list[str], message: str, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(UsageError) as raised:
        parse_options(arguments, OWN)
    assert str(raised.value) == message
    assert capsys.readouterr() == ("", "")


MODES = {
    "default": ([], "multi_threading", 0),
    "one worker": (["--direct_num_workers", "1"], "in_memory", 1),
    "one worker, =": (["--direct_num_workers=1"], "in_memory", 1),
    "three workers": (["--direct_num_workers", "3"], "multi_threading", 3),
    "the last one counts": (
        ["--direct_num_workers=1", "--direct_num_workers=2"],
        "multi_threading",
        2,
    ),
    "processes": (["--direct_running_mode", "multi_processing"], "multi_processing", 1),
    "one thread": (
        ["--direct_running_mode=multi_threading", "--direct_num_workers=1"],
        "multi_threading",
        1,
    ),
    "another runner": (["--runner=FlinkRunner"], "in_memory", 1),  # Beam's own defaults
}


@pytest.mark.parametrize(("arguments", "mode", "workers"), MODES.values(), ids=MODES)
def test_mode(arguments: list[str], mode: str, workers: int) -> None:
    options = parse_options(arguments, OWN).view_as(DirectOptions)
    assert (options.direct_running_mode, options.direct_num_workers) == (mode, workers)


def test_local_by_default() -> None:
    options = parse_options([])
    assert is_local(options)
    assert isinstance(runner_of(options), LocalRunner)


@pytest.mark.parametrize("arguments", [["--runner=FlinkRunner"], ["--runner", "FlinkRunner"]])
def test_another_runner_is_beams_to_create(arguments: list[str]) -> None:
    options = parse_options(arguments)
    assert options.view_as(StandardOptions).runner == "FlinkRunner"
    assert not is_local(options)
    assert runner_of(options) is None


def test_the_process_own_command_line_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["text2seq", "--runner=DirectRunner", "--streaming"])
    options = parse_options([])
    assert is_local(options)
    assert not options.view_as(StandardOptions).streaming


def test_repeated_options_add_up() -> None:
    options = parse_options(["--experiments=a", "--experiments=b"])
    assert options.get_all_options()["experiments"] == ["a", "b"]
