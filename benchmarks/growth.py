"""How time, memory and disk space of `text2seq build` grow with the corpus.

    python benchmarks/growth.py --folder /tmp/growth --gigabytes 1 4 16

Makes corpora by `corpus.py` below the folder (they are kept, and used again), builds each in a
process of its own, and prints for each: seconds, MB/s over all and in the first and last quarter
of the reading, the peak of resident memory of all processes together and of the largest, and the
most that lay in the folder of the build at a time.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus import write_corpus
from tables import machine_facts, megabytes, render

_EVERY = 0.5  # seconds between two looks
_READ = re.compile(r"documents read, ([\d,.]+) MB, .*\(([\d,]+) s\)")
_HEADER = [
    "corpus",
    "seconds",
    "MB/s",
    "first quarter",
    "last quarter",
    "peak of all",
    "peak of one",
    "most on disk",
    "words",
]


@dataclass
class Watched:
    """What was seen of a build.

    Attributes:
      seconds: of the whole process.
      peak_of_all, peak_of_one: bytes of resident memory, of its processes together, and of one.
      on_disk: most bytes in the folder of the build.
      read: (second, MB read) of each line of progress.
    """

    seconds: float = 0
    peak_of_all: int = 0
    peak_of_one: int = 0
    on_disk: int = 0
    read: list[tuple[float, float]] = field(default_factory=list)

    def rate(self, first: float, last: float) -> float:
        """MB/s between two parts of the reading, such as 0.75 and 1."""
        total = self.read[-1][1]
        (begin, before), (end, after) = (self._at(part * total) for part in (first, last))
        return (after - before) / max(end - begin, 1)

    def _at(self, megabytes: float) -> tuple[float, float]:
        return next(line for line in self.read if line[1] >= megabytes)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints to standard output; progress goes to standard error."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=lambda p: Path(p).resolve(), required=True)
    parser.add_argument("--gigabytes", type=float, nargs="+", default=[1, 4, 16])
    parser.add_argument("--all-words", action="store_true", help="keep all words (max_size: null)")
    parser.add_argument("--markdown", action="store_true", help="tables in Markdown")
    parser.add_argument("--option", action="append", default=[], help="Beam's; repeatable")
    given = parser.parse_args(arguments)
    print(f"{machine_facts()}\n", flush=True)
    rows = [_row(gigabytes, given) for gigabytes in given.gigabytes]
    print(render(_HEADER, rows, given.markdown))


def _row(gigabytes: float, given: argparse.Namespace) -> list[str]:
    corpus, output = given.folder / f"corpus-{gigabytes:g}", given.folder / "artifact"
    if not corpus.is_dir():
        print(f"writing {corpus}", file=sys.stderr)
        write_corpus(corpus, gigabytes)
    watched = _built(corpus, output, given)
    manifest = json.loads((output / "manifest.json").read_text())
    read = watched.read[-1][1]
    return [
        f"{read:,.0f} MB",
        f"{watched.seconds:,.0f}",
        f"{read / watched.seconds:.1f}",
        f"{watched.rate(0, 0.25):.1f}",
        f"{watched.rate(0.75, 1):.1f}",
        megabytes(watched.peak_of_all),
        megabytes(watched.peak_of_one),
        megabytes(watched.on_disk),
        f"{manifest['vocabulary_sizes']['words']:,}",
    ]


def _built(corpus: Path, output: Path, given: argparse.Namespace) -> Watched:
    spec = given.folder / "spec.json"
    words = {"max_size": None if given.all_words else 20_000}
    text = {"vocabulary": "words", "max_length": 256}
    declared = {"features": {"text": text}, "labels": {"label": {"kind": "binary"}}}
    spec.write_text(json.dumps({**declared, "vocabularies": {"words": words}}))
    command = [sys.executable, "-m", "preprocess.cli", "build", "--spec", str(spec), "--overwrite"]
    command += ["--input", f"{corpus}/*.parquet", "--output", str(output), *given.option]
    watched, start = Watched(), time.perf_counter()
    build = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    watching = threading.Thread(target=_watch, args=(build, output, watched))
    watching.start()
    assert build.stderr is not None
    for line in build.stderr:
        print(line, end="", file=sys.stderr)
        if found := _READ.search(line):
            megabytes_read, second = (float(part.replace(",", "")) for part in found.groups())
            watched.read.append((second, megabytes_read))
    code = build.wait()
    watched.seconds = time.perf_counter() - start
    watching.join()
    if code:
        sys.exit(f"growth: error: the build failed with {code}")
    return watched


def _watch(build: subprocess.Popen[str], output: Path, watched: Watched) -> None:
    while build.poll() is None:
        sizes = [_resident(process) for process in _tree(build.pid)]
        watched.peak_of_all = max(watched.peak_of_all, sum(sizes))
        watched.peak_of_one = max([watched.peak_of_one, *sizes])
        watched.on_disk = max(watched.on_disk, _on_disk(output))
        time.sleep(_EVERY)


def _tree(process: int) -> Iterator[int]:
    yield process
    try:
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))
    except OSError:  # it has ended
        return


def _resident(process: int) -> int:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


def _on_disk(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:  # it has just been deleted
            continue
    return total


if __name__ == "__main__":
    main()
