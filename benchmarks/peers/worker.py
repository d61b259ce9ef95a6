"""One peer in a process of its own: `python -m peers.worker MODULE TRAIN TEST OUTPUT`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main(module: str, train: str, test: str, output: str) -> None:
    """Imports the module below `peers`, and has it do the job."""
    work = importlib.import_module(f"peers.{module}")
    from peers.job import Job

    work.run(Job(Path(train), Path(test), Path(output)))


if __name__ == "__main__":
    main(*sys.argv[1:])
