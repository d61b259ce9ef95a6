"""Seconds from SIGINT or SIGTERM to the end of a command, workers and all, at several moments.

    python benchmarks/interrupts.py [--rows 20000]

Builds in each running mode, a training, a verification and a prediction on the demo's corpus. Each
command is interrupted after a fifth, two and three fifths of the time that it takes alone; a dash
stands for one that had ended before.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from preprocess.demo.corpus import write_corpus

MODES = {
    "in memory": ["--direct_num_workers=1"],
    "threads": [],
    "processes": ["--direct_running_mode=multi_processing", "--direct_num_workers=2"],
}
PARTS = (0.2, 0.4, 0.6)


def commands(folder: Path, rows: int) -> dict[str, list[str]]:
    """Arguments by name; the first two make what the others read."""
    corpus = write_corpus(folder / "corpus", rows)
    artifact, model = str(folder / "artifact"), str(folder / "model")
    inputs = [part for glob in corpus.inputs for part in ("--input", glob)]
    build = ["build", "--spec", str(corpus.spec), *inputs, "--overwrite", "--output"]
    declared = ["--artifact", artifact, "--model", str(corpus.model), "--overwrite"]
    found = {"build": [*build, artifact], "train": ["train", *declared, "--output", model]}
    for mode, options in MODES.items():
        found[f"build, {mode}"] = [*build, str(folder / "other"), *options]
    found["train again"] = ["train", *declared, "--output", str(folder / "other-model")]
    found["verify"] = ["verify", "--artifact", artifact]
    found["predict"] = ["predict", "--model", model, "--input", str(corpus.new_rows)]
    return found


def run(arguments: Sequence[str], after: float | None, number: int) -> tuple[float, float, int]:
    """Seconds of the whole, seconds since the signal, and the exit code."""
    command = [sys.executable, "-m", "preprocess.cli", *arguments]
    start = time.monotonic()
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        sent = start
        if after is not None:
            time.sleep(after)
            sent = time.monotonic()
            process.send_signal(number)
        code = process.wait()
        return time.monotonic() - start, time.monotonic() - sent, code


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000)
    rows = parser.parse_args().rows
    print("| command | alone, s | SIGINT, s | SIGTERM, s |\n| --- | --- | --- | --- |")
    with TemporaryDirectory() as folder:
        for name, arguments in commands(Path(folder), rows).items():
            whole, _, code = run(arguments, None, 0)
            assert code == 0, name
            if name in ("build", "train"):
                continue
            cells = []
            for number in (signal.SIGINT, signal.SIGTERM):
                ends = [run(arguments, part * whole, number) for part in PARTS]
                assert all(code in (0, 128 + number) for *_, code in ends), (name, ends)
                cells.append(" · ".join(f"{s:.2f}" if code else "–" for _, s, code in ends))
            print(f"| {name} | {whole:.1f} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
