"""What the segmentation in the graph spends its time on, op by op.

    python benchmarks/mecab_profile.py --texts jrte-pn.csv jrte-rte.csv

Segments the texts of the CSV files by IPADIC in batches of 4,096 under TensorFlow's profiler, and
prints for each kind of op its share of the time of all ops and how often it ran, and how much of
the cores' time all ops together take: the rest goes to the executor, which hands out the ops of
the loops one by one, and to waiting.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from mecab_texts import read_texts
from tables import machine_facts, render

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import tensorflow as tf

from preprocess.mecab.dictionary import find_dictionary, read_dictionary
from preprocess.mecab.graph import Segmenter

_BATCH = 4096
_SHOWN = 12
_HEADER = ["op", "of all ops", "times"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Profiles and prints."""
    given = _parser().parse_args(arguments)
    texts = list(dict.fromkeys(text for path in given.texts for text in read_texts(path)))
    random.Random(0).shuffle(texts)
    batches = [tf.constant(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)]
    segmenter = Segmenter(read_dictionary(find_dictionary("ipadic")))
    _segment(segmenter, batches)
    with TemporaryDirectory(prefix="mecab-profile-") as folder:
        # 3: every op, not only whole functions.
        options = tf.profiler.experimental.ProfilerOptions(host_tracer_level=3)
        with tf.profiler.experimental.Profile(folder, options):
            seconds = _segment(segmenter, batches)
        ops = list(_ops(Path(folder)))
    times, spent = Counter(op for op, _ in ops), Counter[str]()
    for op, took in ops:
        spent[op] += took
    total = sum(spent.values())
    rows = [[op, f"{s / total:.1%}", f"{times[op]:,}"] for op, s in spent.most_common(_SHOWN)]
    cores = len(os.sched_getaffinity(0))
    print(f"{machine_facts()}\n\n{render(_HEADER, rows, given.markdown)}\n")
    print(
        f"{len(texts):,} sentences in {seconds:.2f} s, {len(ops):,} ops; "
        f"they take {total / seconds / cores:.0%} of the time of {cores} cores"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path, nargs="+", required=True, help="CSV files")
    parser.add_argument("--markdown", action="store_true", help="the table in Markdown")
    return parser


def _segment(segmenter: Segmenter, batches: Sequence[tf.Tensor]) -> float:
    """Segments all batches; the seconds that it took."""
    start = time.perf_counter()
    for batch in batches:
        segmenter.segment(batch)
    return time.perf_counter() - start


def _ops(folder: Path) -> Iterator[tuple[str, float]]:
    """Kind and seconds of every op in a profile."""
    from tensorflow.tsl.profiler.protobuf import xplane_pb2

    [path] = folder.rglob("*.xplane.pb")
    for plane in xplane_pb2.XSpace.FromString(path.read_bytes()).planes:
        for line in plane.lines:
            for event in line.events:
                # Such as `while/body/_1/while/GatherNd_33:GatherNd#id=...`.
                name = plane.event_metadata[event.metadata_id].name.partition("#")[0]
                node, _, op = name.partition(":")
                if node and op.isidentifier():
                    yield op, event.duration_ps / 1e12


if __name__ == "__main__":
    main()
