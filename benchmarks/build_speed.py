"""`text2seq build` against what one would use instead: the same job, the same machine.

    python benchmarks/build_speed.py --train imdb-train.parquet --test imdb-test.parquet

Every peer reads the Parquet files (columns `text` and `label`), tokenizes by the rules of Keras'
`Tokenizer`, takes 20,000 words from train, and writes ids cut at 500 tokens, lengths and labels as
tf.train.Example into gzip TFRecords, four shards a split. Each run is a process of its own, which
imports before its clock starts; runs are interleaved, and medians are shown. Records and tokens of
each peer are counted once, to show that the job was the same.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from growth import grown, text_bytes
from measure import Case, Result, disagreements, interleaved
from peers import OURS, PEERS
from tables import machine_facts, megabytes, render

_HEADER = [
    "peer",
    "seconds (least to most)",
    "ratio",
    "CPU s",
    "imports",
    "peak",
    "peak - imports",
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
    print(f"{machine_facts()}\n", flush=True)
    try:
        print(_grown(given) if given.growth else _compared(given))
    except RuntimeError as error:
        sys.exit(f"build_speed: error: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--train", type=lambda p: Path(p).resolve(), required=True)
    parser.add_argument("--test", type=lambda p: Path(p).resolve(), required=True)
    parser.add_argument("--runs", type=int, default=3, help="runs of each (default 3)")
    names = [peer.name for peer in PEERS]
    only = f"only this peer beside {OURS.name}; repeatable"
    parser.add_argument("--only", action="append", choices=names, help=only)
    growth = "instead: our time and memory at 1, 2 and 4 times the corpus"
    parser.add_argument("--growth", action="store_true", help=growth)
    parser.add_argument("--markdown", action="store_true", help="tables in Markdown")
    return parser


def _grown(given: argparse.Namespace) -> str:
    return grown(given.train, given.test, given.runs, given.markdown, _tell)


def _compared(given: argparse.Namespace) -> str:
    """The table of ratios, and what there is to say about it."""
    chosen = [peer for peer in PEERS if not given.only or peer.name in (OURS.name, *given.only)]
    cases = [Case(peer, given.train, given.test) for peer in chosen]
    results, notes = interleaved(cases, given.runs, _tell)
    notes += disagreements(results)
    text = megabytes(text_bytes(given.train) + text_bytes(given.test))
    notes.append(
        f"{text} of text; medians of {given.runs}; seconds without imports; ratio: to {OURS.name}, "
        "above 1 is slower"
    )
    ours = results[0].median("seconds")
    table = render(_HEADER, [_row(result, ours) for result in results], given.markdown)
    return "\n\n".join([table, "\n".join(notes)])


def _row(result: Result, ours: float) -> list[str]:
    seconds = [run.seconds for run in result.runs]
    before, peak = result.median("before"), result.median("peak")
    return [
        result.case.peer.name,
        f"{result.median('seconds'):.1f} ({min(seconds):.1f} to {max(seconds):.1f})",
        f"{result.median('seconds') / ours:.2f}",
        f"{result.median('cpu'):.1f}",
        megabytes(before),
        megabytes(peak),
        megabytes(peak - before),
        f"{result.written.records:,}",
        f"{result.written.tokens:,}",
        megabytes(result.written.bytes),
        result.case.peer.note,
    ]


def _tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
