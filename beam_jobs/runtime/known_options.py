"""Beam's options and runners, known without importing Beam, which takes seconds."""

from __future__ import annotations

import argparse
import functools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any

from beam_jobs.runtime.edit_distance import edit_distance
from preprocess.core.errors import UsageError

PATH = Path(__file__).with_name("beam_options.json")
"""What `dump_options` has written."""

_TYPES: Mapping[str, Callable[[str], Any]] = {"int": int, "float": float, "json": json.loads}
# These ask a job server which options it knows beside Beam's.
_WITH_JOB_SERVER = ("PortableRunner", "FlinkRunner", "SparkRunner", "PrismRunner")
_TYPO = 2  # letters that are wrong, missing or too many


def check_options(arguments: Sequence[str], own: Sequence[str] = ()) -> None:
    """Refuses options and runners that cannot be Beam's.

    Args:
      arguments: what a command itself does not know.
      own: options of the command, to be named where one of them is mistyped.

    Raises:
      UsageError: an option that Beam does not know, unless a job server may, or a value that Beam
        refuses; a runner that Beam does not have.
    """
    complaints = StringIO()
    try:
        with redirect_stderr(complaints):
            known, unknown = _parser().parse_known_args(list(arguments))
    except SystemExit:
        message = complaints.getvalue().strip().rsplit("error: ", 1)[-1]
        raise UsageError(f"got a Beam option that cannot be used: {message}") from None
    _check_runner(known.runner)
    for argument in unknown:
        _check_unknown(argument, own, known.runner)


def refuse_mistyped(arguments: Sequence[str], own: Sequence[str]) -> None:
    """Refuses an option that is almost one of the command's, or of Beam's.

    Raises:
      UsageError: names both.
    """
    for argument in arguments:
        name = argument.split("=", 1)[0]
        if name.startswith("--") and name not in (*own, *_names()) and _meant(name, own):
            raise _unknown(name, own)


def as_arguments(options: Mapping[str, Any]) -> list[str]:
    """Options by name, as on Beam's command line.

    Args:
      options: a list stands for an option that is given several times, a dict for one in JSON,
        None for one that is not given.
    """
    return [argument for name, value in options.items() for argument in _given(name, value)]


def _given(name: str, value: Any) -> Iterator[str]:
    if value is None:
        return
    if isinstance(value, bool):
        yield from _switched(name, value)
    elif isinstance(value, list | tuple):
        yield from (f"--{name}={item}" for item in value)
    else:
        yield f"--{name}={json.dumps(value) if isinstance(value, dict) else value}"


def _switched(name: str, value: bool) -> Iterator[str]:
    """The flag that sets an option, if there is one: False is what most are without any."""
    flags = [o for o in _table()["options"] if name in (o["dest"], o["names"][0][2:])]
    yield from (option["names"][0] for option in flags if option.get("sets") is value)
    if not any("sets" in option for option in flags):
        yield f"--{name}={value}"


@functools.cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(PATH.read_text())
    return table


@functools.cache
def _names() -> list[str]:
    return sorted(name for option in _table()["options"] for name in option["names"])


@functools.cache
def _parser() -> argparse.ArgumentParser:
    """A parser of everything that Beam's option classes declare, without their actions."""
    parser = argparse.ArgumentParser(allow_abbrev=False, prog="text2seq", add_help=False)
    for option in _table()["options"]:
        if "sets" in option:
            parser.add_argument(*option["names"], dest=option["dest"], action="store_true")
            continue
        parser.add_argument(
            *option["names"],
            dest=option["dest"],
            nargs="?" if option.get("may_stand_alone") else None,
            type=_TYPES.get(option.get("type", ""), str),
            choices=option.get("choices"),
        )
    return parser


def _check_runner(name: str | None) -> None:
    """As Beam finds a runner: in any case, with or without `Runner`, or by the path of a class."""
    known = {runner.lower() for runner in _table()["runners"]}
    if name is None or "." in name or {name.lower(), f"{name.lower()}runner"} & known:
        return
    close = get_close_matches(name, _table()["runners"], n=1)
    remedy = f"did you mean {close[0]}?" if close else "leave it out to run on this machine"
    raise UsageError(
        f"--runner {name}: got a runner that Beam does not have, expected one of "
        f"{', '.join(_table()['runners'])}, or the path of a class; {remedy}"
    )


def _check_unknown(argument: str, own: Sequence[str], runner: str | None) -> None:
    name = argument.split("=", 1)[0]
    if name.startswith("--") and _has_job_server(runner) and not _meant(name, own):
        return
    if not name.startswith("-"):
        if _has_job_server(runner):  # the value of an option that only a job server knows
            return
        raise UsageError(
            f"got {argument!r}, expected options only; put a glob in quotes, or see --help"
        )
    raise _unknown(name, own)


def _has_job_server(runner: str | None) -> bool:
    if runner is None:
        return False
    name = runner.rpartition(".")[2].lower()
    return any(known.lower() in (name, f"{name}runner") for known in _WITH_JOB_SERVER)


def _meant(name: str, own: Sequence[str]) -> list[str]:
    """The options that somebody who wrote `name` may have meant, the likeliest first."""
    distances = {known: edit_distance(name, known) for known in (*own, *_names())}
    return sorted((k for k, d in distances.items() if d <= _TYPO), key=distances.__getitem__)


def _unknown(name: str, own: Sequence[str]) -> UsageError:
    close = _meant(name, own) or get_close_matches(name, [*own, *_names()], n=1)
    remedy = f"did you mean {close[0]}?" if close else "see --help, and Beam's own options"
    return UsageError(
        f"got {name}, which is an option neither of this command nor of Beam; {remedy}"
    )
