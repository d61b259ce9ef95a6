"""The local runner: no timed flush while it runs, and options for workers of their own."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import worker_handlers

from beam_jobs.runtime.local_runner import LocalRunner
from beam_jobs.runtime.options import import_in_workers

pytestmark = pytest.mark.slow

BEAMS_OWN = worker_handlers.DATA_BUFFER_TIME_LIMIT_MS


def _run(function, *arguments: str, libraries: Sequence[str] = ()) -> None:
    options = PipelineOptions([*arguments, "--experiments=told_by_the_test"])
    import_in_workers(options, libraries)
    pipeline = beam.Pipeline(runner=LocalRunner(), options=options)
    _ = (
        pipeline
        | beam.Create([1, 2, 3])
        | beam.Map(lambda n: (0, n))
        | beam.GroupByKey()
        | ("Look" >> beam.Map(function))
    )
    pipeline.run().wait_until_finish()


def test_no_time_limit_while_it_runs(tmp_path: Path) -> None:
    path = str(tmp_path / "seen")

    def look(_: object) -> None:
        from apache_beam.runners.portability.fn_api_runner import worker_handlers

        Path(path).write_text(str(worker_handlers.DATA_BUFFER_TIME_LIMIT_MS))

    _run(look)
    assert Path(path).read_text() == "0"
    assert worker_handlers.DATA_BUFFER_TIME_LIMIT_MS == BEAMS_OWN > 0


def test_the_time_limit_is_restored_after_a_failure() -> None:
    def fail(_: object) -> None:
        raise ValueError("no luck")

    with pytest.raises(Exception, match="no luck"):
        _run(fail)
    assert worker_handlers.DATA_BUFFER_TIME_LIMIT_MS == BEAMS_OWN


def test_processes_see_the_options(tmp_path: Path) -> None:
    folder = str(tmp_path)

    def look(_: object) -> None:
        import json
        import os
        from pathlib import Path

        from apache_beam.options.value_provider import RuntimeValueProvider

        seen = {"pid": os.getpid(), "options": RuntimeValueProvider.runtime_options}
        Path(folder, "seen.json").write_text(json.dumps(seen, default=str))

    _run(look, "--direct_running_mode=multi_processing", "--direct_num_workers=1")
    seen = json.loads((tmp_path / "seen.json").read_text())
    assert "told_by_the_test" in json.dumps(seen["options"])
    assert seen["pid"] != os.getpid()


def test_processes_import_libraries_before_our_code(tmp_path: Path) -> None:
    path = str(tmp_path / "seen")

    def look(_: object) -> None:
        import sys
        from pathlib import Path

        Path(path).write_text(str("colorsys" in sys.modules))

    process = ("--direct_running_mode=multi_processing", "--direct_num_workers=1")
    _run(look, *process)
    assert Path(path).read_text() == "False"
    _run(look, *process, libraries=["colorsys"])
    assert Path(path).read_text() == "True"
