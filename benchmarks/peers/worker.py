"""One run of one peer, in a process of its own: `python -m peers.worker MODULE JOB`.

Prints one JSON object: seconds and CPU seconds of the work alone, and the peak of resident memory
before it (which is that of the imports) and after it.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

_BYTES_PER_KIB = 1024  # ru_maxrss counts KiB on Linux


class Usage:
    """What the process has used since it was made."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._cpu = time.process_time()
        self._children = _peak(resource.RUSAGE_CHILDREN)
        self.memory = _peak(resource.RUSAGE_SELF)

    def measured(self) -> dict[str, float]:
        """Seconds, CPU seconds, and bytes of memory before and at its peak.

        The largest of the processes that were started meanwhile, and have ended, is added.
        """
        seconds, cpu = time.perf_counter() - self._start, time.process_time() - self._cpu
        children = _peak(resource.RUSAGE_CHILDREN)
        peak = _peak(resource.RUSAGE_SELF) + (children if children > self._children else 0)
        return {"seconds": seconds, "cpu": cpu, "before": self.memory, "peak": peak}


def _peak(who: int) -> int:
    return resource.getrusage(who).ru_maxrss * _BYTES_PER_KIB


def main(module: str, given: dict[str, Any]) -> dict[str, Any]:
    """Imports, then works and measures.

    Args:
      module: below `peers`.
      given: fields of `Job`; `check`: whether to count the records afterwards, which is not timed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        work = importlib.import_module(f"peers.{module}")
    except ModuleNotFoundError as error:
        return {"missing": error.name}
    from peers.job import Job

    train, test, output = (Path(given[name]) for name in ("train", "test", "output"))
    job = Job(train, test, output, given["beam_options"])
    usage = Usage()
    work.run(job)
    measured = usage.measured()
    return measured | (_content(job.output) if given["check"] else {})


def _content(output: Path) -> dict[str, int]:
    from peers.records import content_of

    return asdict(content_of(output))


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], json.loads(sys.argv[2]))))
