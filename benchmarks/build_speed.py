"""`text2seq build` against what one would use instead: the same job, the same machine.

    python benchmarks/build_speed.py --train imdb-train.parquet --test imdb-test.parquet

Every peer reads the Parquet files (columns `text` and `label`), tokenizes by the rules of Keras'
`Tokenizer`, takes 20,000 words from train, and writes ids cut at 256 tokens, lengths and labels as
tf.train.Example into gzip TFRecords. It does so for the files, and for copies of four times their
size. What is measured is the whole process, with its imports; runs are interleaved, and the best
and the median are shown. Records and tokens of each peer are counted once, to show that the job
was the same.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from copies import Corpus, multiplied
from measure import Case, Result, available, disagreements, interleaved
from peers import OURS, PEERS
from tables import machine_facts, megabytes, render

_HEADER = [
    "peer",
    "seconds (best, median)",
    "ratio of the best",
    "CPU s (best, median)",
    "peak",
    "records",
    "tokens",
    "written",
    "how",
]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints to standard output; progress goes to standard error."""
    given = _parser().parse_args(arguments)
    if given.runs < 1:
        sys.exit(f"build_speed: error: got --runs {given.runs}, expected at least 1")
    for path in (given.train, given.test):
        if not path.is_file():
            sys.exit(f"build_speed: error: {path}: got no such file, expected a Parquet file")
    print(machine_facts(), flush=True)
    try:
        with TemporaryDirectory(prefix="build-speed-corpus-") as folder:
            for factor in given.copies:
                corpus = multiplied(given.train, given.test, factor, Path(folder))
                print(f"\n{_compared(given, corpus)}", flush=True)
    except RuntimeError as error:
        sys.exit(f"build_speed: error: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--train", type=lambda p: Path(p).resolve(), required=True)
    parser.add_argument("--test", type=lambda p: Path(p).resolve(), required=True)
    parser.add_argument("--runs", type=int, default=2, help="runs of each (default 2)")
    copies = "times the corpus; default: 1 and 4"
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 4], help=copies)
    names = [peer.name for peer in PEERS]
    only = f"only this peer beside {OURS.name}; repeatable"
    parser.add_argument("--only", action="append", choices=names, help=only)
    parser.add_argument("--markdown", action="store_true", help="tables in Markdown")
    return parser


def _compared(given: argparse.Namespace, corpus: Corpus) -> str:
    """The table of ratios, and what there is to say about it."""
    chosen = [peer for peer in PEERS if not given.only or peer.name in (OURS.name, *given.only)]
    peers, notes = available(chosen)
    cases = [Case(peer, corpus.train, corpus.test) for peer in peers]
    results = interleaved(cases, given.runs, _tell)
    notes += disagreements(results)
    notes.append(
        f"{megabytes(corpus.text)} of text; {given.runs} runs of each; whole processes; ratio: to "
        f"{OURS.name}, above 1 is slower"
    )
    ours = results[0].least("seconds")
    table = render(_HEADER, [_row(result, ours) for result in results], given.markdown)
    return "\n\n".join([table, "\n".join(notes)])


def _row(result: Result, ours: float) -> list[str]:
    return [
        result.case.peer.name,
        f"{result.least('seconds'):.1f}, {result.median('seconds'):.1f}",
        f"{result.least('seconds') / ours:.2f}",
        f"{result.least('cpu'):.1f}, {result.median('cpu'):.1f}",
        megabytes(result.median("peak")),
        f"{result.written.records:,}",
        f"{result.written.tokens:,}",
        megabytes(result.written.bytes),
        result.case.peer.note,
    ]


def _tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
