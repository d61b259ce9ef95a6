"""Charts of a vocabulary: counts by rank, and coverage by size."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from preprocess.report.charts.svg import chart, in_counts, in_percent, panels
from preprocess.report.palette import COLOURS, DASHES, SOFT
from preprocess.report.prose import Text, markup, percent
from preprocess.report.vocabulary_counts import VocabularyCounts


def word_charts(counts: VocabularyCounts, slope: float, vocabulary: str) -> tuple[Markup, Text]:
    """The charts of counts by rank and of coverage, and their caption."""

    def draw(figure: Figure) -> None:
        left, right = panels(figure, 2)
        _frequencies(left, counts)
        _coverage(right, counts)

    alt = (
        f"Count by rank of the {len(counts.words):,} words of {vocabulary}, both on "
        f"logarithmic scales, falling with a slope of {slope:.2f}. Then: coverage of the train "
        f"tokens by number of words, up to {percent(counts.covered())}."
    )
    caption = markup(
        "Count: how often the word of each rank occurs in the train split; dashed, the slope of "
        "Zipf's law (count ∝ 1/rank). Coverage: the share of the train tokens that the most "
        "frequent words cover; what is missing above the line is unknown."
    )
    return chart(f"words-{vocabulary}", alt, 3.1, draw, stacked=6.0), caption


def _frequencies(axes: Axes, counts: VocabularyCounts) -> None:
    ranks = counts.ranks
    values = counts.counts[ranks - 1].astype(float)
    axes.loglog(ranks, values, color=COLOURS[0], label="words")
    # Through the middle of the curve, so that it can be compared at both ends.
    height = np.exp(np.mean(np.log(values) + np.log(ranks)))
    axes.loglog(ranks, height / ranks, color=SOFT, ls=DASHES, linewidth=1, label="Zipf's law")
    axes.set_title("Count by rank")
    axes.set_xlabel("rank of the word")
    axes.set_ylabel("count in train")
    in_counts(axes, "x")
    in_counts(axes, "y")
    axes.minorticks_off()
    axes.legend(loc="upper right")


def _coverage(axes: Axes, counts: VocabularyCounts) -> None:
    sizes = np.unique(np.append(counts.ranks, len(counts.words)))
    covered = counts.coverage[sizes - 1]
    axes.plot(sizes, covered, color=COLOURS[0])
    axes.fill_between(sizes, covered, 1, color=COLOURS[5], alpha=0.18, linewidth=0)
    axes.set_xscale("log")
    axes.set_ylim(0, 1)
    axes.set_xlim(1, max(len(counts.words), 2))
    axes.set_title("Coverage by vocabulary size")
    axes.set_xlabel("most frequent words kept")
    axes.set_ylabel("share of train tokens")
    in_counts(axes, "x")
    in_percent(axes)
    axes.minorticks_off()
