"""Beam's own options, as users of Beam write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from apache_beam.options.pipeline_options import (
    DirectOptions,
    PipelineOptions,
    SetupOptions,
    StandardOptions,
)
from apache_beam.runners.runner import PipelineRunner, create_runner

from beam_jobs.runtime.known_options import check_options
from beam_jobs.runtime.local_runner import LocalRunner
from preprocess.core.errors import UsageError, one_line

T = TypeVar("T", bound=PipelineOptions)

# Tokenizing kernels release the GIL, so threads pay, and start at once.
_LOCAL_DEFAULTS = ("--direct_running_mode=multi_threading", "--direct_num_workers=0")


class JobOptions(PipelineOptions):
    """Options that make each of their views once.

    Beam asks for four views whenever it applies a transform, and makes a parser for each.
    """

    def view_as(self, cls: type[T]) -> T:
        """The view of a class; all views share the values."""
        views = self.__dict__.setdefault("_views", {})
        # A copy of the options has values of its own.
        if cls not in views or views[cls]._all_options is not self._all_options:
            views[cls] = super().view_as(cls)
        view: T = views[cls]
        return view


def parse_options(arguments: Sequence[str], own: Sequence[str] = ()) -> PipelineOptions:
    """Pipeline options from what is left of a command line.

    Without `--runner` jobs run on `LocalRunner`, with a thread for each core unless
    `--direct_running_mode` or `--direct_num_workers` say otherwise; one worker runs in memory.

    Args:
      arguments: what the command itself does not know.
      own: options of the command, to be named where one of them is mistyped.

    Raises:
      UsageError: an option that Beam does not know, or a value that it refuses.
    """
    check_options(arguments, own)
    names = {argument.split("=", 1)[0] for argument in arguments}
    local = "--runner" not in names
    if local and "--direct_running_mode" not in names and not _asks_for_one_worker(arguments):
        defaults = (d for d in _LOCAL_DEFAULTS if d.split("=")[0] not in names)
        arguments = [*defaults, *arguments]
    # The pipeline must not read our own command line.
    options = JobOptions(list(arguments))
    _refuse_unknown_runner(options.view_as(StandardOptions).runner)
    return options


def _refuse_unknown_runner(name: str | None) -> None:
    if not name:
        return
    try:
        made = create_runner(name)
    except Exception as error:  # it calls whatever has that name
        raise UsageError(f"--runner {name}: cannot be used ({one_line(error)})") from error
    if not isinstance(made, PipelineRunner):
        raise UsageError(
            f"--runner {name}: got a {type(made).__name__}, expected a runner; give the name of "
            "one, such as FlinkRunner"
        )


def _asks_for_one_worker(arguments: Sequence[str]) -> bool:
    # The default comes first: what is given last counts.
    options = PipelineOptions(["--direct_num_workers=0", *arguments])
    workers: int = options.view_as(DirectOptions).direct_num_workers
    return workers == 1


def runner_of(options: PipelineOptions) -> PipelineRunner | None:
    """`LocalRunner` unless `--runner` names another, which Beam then creates."""
    return None if options.view_as(StandardOptions).runner else LocalRunner()


def import_in_workers(options: PipelineOptions, libraries: Sequence[str]) -> None:
    """Has every worker process import `libraries` first, so that their ops are known there.

    tf.Transform loads its graphs in workers before any code of ours runs.
    """
    setup = options.view_as(SetupOptions)
    setup.beam_plugins = [*(setup.beam_plugins or []), *libraries]


def is_local(options: PipelineOptions) -> bool:
    """Whether the job runs on this machine, by `LocalRunner`."""
    return not options.view_as(StandardOptions).runner
