"""The runner of local jobs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pipeline import Pipeline
from apache_beam.portability import python_urns
from apache_beam.portability.api import beam_provision_api_pb2, beam_runner_api_pb2
from apache_beam.runners.job.utils import dict_to_struct
from apache_beam.runners.portability.fn_api_runner import FnApiRunner, worker_handlers
from apache_beam.runners.portability.fn_api_runner.fn_runner import (
    ExtendedProvisionInfo,
    RunnerResult,
)
from google.protobuf import struct_pb2

from beam_jobs.runtime import local_worker


class LocalRunner(FnApiRunner):
    """Beam's FnApiRunner, made safe for data.

    FnApiRunner flushes its worker streams by a timer that does not lock the writer, so that rows
    written during a flush vanish and the job still reports success. Here the timer is off.
    Workers in processes of their own also get to see the pipeline options, and end with the
    launcher, however it ends. Unlike `DirectRunner` it never tries to download another runner.
    """

    def run_pipeline(self, pipeline: Pipeline, options: PipelineOptions) -> RunnerResult:
        self._provision_info = ExtendedProvisionInfo(
            beam_provision_api_pb2.ProvisionInfo(
                retrieval_token="unused-retrieval-token",
                pipeline_options=_as_struct(options),
            )
        )
        with _without_timed_flush():
            return super().run_pipeline(pipeline, options)

    def run_via_runner_api(
        self, pipeline_proto: beam_runner_api_pb2.Pipeline, options: PipelineOptions
    ) -> RunnerResult:
        for environment in pipeline_proto.components.environments.values():
            if environment.urn == python_urns.SUBPROCESS_SDK:
                environment.payload = local_worker.command().encode()
        return super().run_via_runner_api(pipeline_proto, options)


@contextmanager
def _without_timed_flush() -> Iterator[None]:
    before = worker_handlers.DATA_BUFFER_TIME_LIMIT_MS
    worker_handlers.DATA_BUFFER_TIME_LIMIT_MS = 0
    try:
        yield
    finally:
        worker_handlers.DATA_BUFFER_TIME_LIMIT_MS = before


def _as_struct(options: PipelineOptions) -> struct_pb2.Struct:
    """Options by the names that a worker of the portability API reads."""
    given = options.get_all_options(drop_default=True, retain_unknown_options=True)
    named = {f"beam:option:{k}:v1": _exact(v) for k, v in given.items() if _is_plain(v)}
    return dict_to_struct(named)


def _exact(value: object) -> object:
    """A Struct knows floats only, and workers that read 2.0 for 2 refuse it and die."""
    return str(value) if type(value) is int else value


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float | bool | list)
