"""Segmentation in the graph beside native MeCab: sentences a second, and memory.

    python benchmarks/mecab_speed.py --texts jrte-pn.csv jrte-rte.csv [--dictionary unidic-lite]

The texts are the different ones of the CSV files (columns `text`, `premise` and `hypothesis`), in
an order of chance. A SavedModel of the segmenter is loaded in this process, which has TensorFlow
alone until native MeCab is imported. Rounds of native and graph runs alternate; medians are shown,
and the ratio to native MeCab, which uses one core and writes tokens with blanks between them
(`-Owakati`), its fastest way. Memory is resident memory of the process.

Needs mecab-python3 and the dictionary's wheel.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory

from mecab_texts import read_texts
from tables import machine_facts, render

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

_BATCHES = (1, 16, 256, 1024, 4096)
_HEADER = ["segmenter", "batch", "sentences/s", "of native", "a call"]
_SEED = 0

Texts = Sequence[str]
Segment = Callable[[Texts], object]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints."""
    given = _parser().parse_args(arguments)
    texts = list(dict.fromkeys(text for path in given.texts for text in read_texts(path)))
    random.Random(_SEED).shuffle(texts)
    with TemporaryDirectory(prefix="mecab-speed-") as folder:
        _in_a_process(_save, given.dictionary, folder)
        graph, memory = _loaded(folder)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    native = _native(given.dictionary)
    cases = {("native", ""): _runner(native, texts, 1, given.seconds)}
    for batch in _BATCHES:
        cases["graph", f"{batch:,}"] = _runner(graph, texts, batch, given.seconds)
    speeds = {case: median(rates) for case, rates in _rounds(cases, given.rounds).items()}
    print(f"{machine_facts()}\n\n{render(_HEADER, _rows(speeds), given.markdown)}\n")
    print(f"{len(texts):,} sentences of {mean(map(len, texts)):.1f} characters, {given.dictionary}")
    print(f"SavedModel {size / 1e6:.1f} MB; {memory}; {_resident():,.0f} MB at the end")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path, nargs="+", required=True, help="CSV files")
    dictionaries = ("ipadic", "unidic-lite")
    parser.add_argument("--dictionary", choices=dictionaries, default="ipadic")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default 5)")
    seconds = "seconds of each batch size in a round (default 1)"
    parser.add_argument("--seconds", type=float, default=1.0, help=seconds)
    parser.add_argument("--markdown", action="store_true", help="the table in Markdown")
    return parser


def _in_a_process(target: Callable, *arguments: str) -> None:
    """Runs `target` elsewhere, so that what it imports and reads does not count here."""
    process = multiprocessing.get_context("spawn").Process(target=target, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(process.exitcode)


def _save(dictionary: str, folder: str) -> None:
    import tensorflow as tf

    from preprocess.mecab.dictionary import find_dictionary, read_dictionary
    from preprocess.mecab.graph import Segmenter

    tf.saved_model.save(Segmenter(read_dictionary(find_dictionary(dictionary))), folder)


def _loaded(folder: str) -> tuple[Segment, str]:
    """The segmenter, and what it took to load it."""
    import tensorflow as tf

    before, start = _resident(), time.perf_counter()
    model = tf.saved_model.load(folder)
    taken = time.perf_counter() - start
    loaded = (
        f"loaded in {taken:.2f} s; {before:,.0f} MB with TensorFlow, {_resident():,.0f} MB with "
    )
    return lambda texts: model.segment(tf.constant(texts)), f"{loaded}the model"


def _native(dictionary: str) -> Segment:
    import MeCab

    from preprocess.mecab.dictionary import find_dictionary

    folder = find_dictionary(dictionary)
    tagger = MeCab.Tagger(f"-r {folder}/mecabrc -d {folder} -Owakati")
    return lambda texts: [tagger.parse(text).split() for text in texts]


def _runner(segment: Segment, texts: Texts, batch: int, seconds: float) -> Callable[[], float]:
    """A function that segments batches for some seconds and gives sentences a second."""
    batches = [texts[i : i + batch] for i in range(0, len(texts) - batch + 1, batch)]
    for some in batches[:3]:  # traces, and fills caches
        segment(some)

    def run() -> float:
        begin, done = time.perf_counter(), 0
        while time.perf_counter() - begin < seconds:
            segment(batches[done % len(batches)])
            done += 1
        return done * batch / (time.perf_counter() - begin)

    return run


def _rounds(cases: dict, rounds: int) -> dict:
    """All rates of each case; the cases take turns."""
    rates: dict = {case: [] for case in cases}
    for _ in range(rounds):
        for case, run in cases.items():
            rates[case].append(run())
    return rates


def _rows(speeds: dict) -> list[list[str]]:
    native = speeds["native", ""]
    rows = []
    for (name, batch), rate in speeds.items():
        call = 1000 * int((batch or "1").replace(",", "")) / rate
        rows.append([name, batch, f"{rate:,.0f}", f"{rate / native:.3f}", f"{call:,.2f} ms"])
    return rows


def _resident() -> float:
    """Resident memory of this process, in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
