"""Beam's options on our command line."""

from __future__ import annotations

import pytest
from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions, StandardOptions
from hypothesis import given
from hypothesis import strategies as st

from beam_jobs.runtime.dump_options import as_json, declared_by_beam
from beam_jobs.runtime.edit_distance import edit_distance
from beam_jobs.runtime.known_options import PATH, as_arguments, check_options
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


def test_what_is_known_of_beam_is_what_it_declares() -> None:
    assert PATH.read_text() == as_json(declared_by_beam())


@pytest.mark.parametrize("runner", ["FlinkRunner", "flink", "PortableRunner", "PrismRunner"])
def test_a_job_server_may_know_more_options(runner: str) -> None:
    check_options([f"--runner={runner}", "--its_own_option", "value"])


@pytest.mark.parametrize("runner", ["DataflowRunner", "DirectRunner"])
def test_other_runners_know_beams_options_alone(runner: str) -> None:
    with pytest.raises(UsageError, match="got --its_own_option"):
        check_options([f"--runner={runner}", "--its_own_option=value"])


@pytest.mark.parametrize("mistyped", ["--paralelism=2", "--parallelsim=2", "--inputt=x"])
def test_a_typo_is_no_option_of_a_job_server(mistyped: str) -> None:
    with pytest.raises(UsageError, match=r"did you mean --(parallelism|input)\?"):
        check_options(["--runner=FlinkRunner", mistyped], OWN)


GIVEN = {
    "numbers and texts": ({"direct_num_workers": 2, "runner": "x.Y"}, 2),
    "a flag": ({"streaming": True, "save_main_session": True}, 2),
    "a flag that is not given": ({"streaming": False, "region": None}, 0),
    "a flag of its own for no": ({"use_public_ips": False}, 1),
    "several": ({"experiments": ["a", "b"], "labels": ["x=1"]}, 3),
    "JSON": ({"sdk_harness_log_level_overrides": {"a.b": "DEBUG"}}, 1),
}


@pytest.mark.parametrize(("options", "count"), GIVEN.values(), ids=GIVEN)
def test_a_mapping_means_what_beam_makes_of_it(options: dict, count: int) -> None:
    arguments = as_arguments(options)
    assert len(arguments) == count
    made = PipelineOptions(arguments).get_all_options(drop_default=True)
    expected = PipelineOptions.from_dictionary(options).get_all_options(drop_default=True)
    assert made == expected


WORDS = st.text("abc", max_size=6)


@given(WORDS, WORDS, WORDS)
def test_edit_distance_is_a_distance(one: str, two: str, three: str) -> None:
    distance = edit_distance(one, two)
    assert distance == edit_distance(two, one) <= max(len(one), len(two))
    assert (distance == 0) == (one == two)
    assert distance <= edit_distance(one, three) + edit_distance(three, two)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("kitten", "sitting", 3), ("", "ab", 2), ("--input", "--inputt", 1)],
)
def test_edit_distance(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == distance
