"""How the time of `strip_html` grows with a text that is made to be slow.

    python benchmarks/html_growth.py

Each text repeats a few pieces of HTML, most of which never close; twice the text should take
about twice the time.
"""

from __future__ import annotations

import time

import tensorflow as tf
from tables import machine_facts, render

from preprocess.tokenizers.html import strip_html

_SIZES = (76_000, 152_000, 304_000, 608_000)  # bytes
_UNITS = [
    "<!--",
    "<!--<style></style>",
    "<!----><script>",
    "--><style><!--",
    "<style><script></script>",
    "<script ",
    '<a "',
    "<a '\"<b>",
    "<",
    "<!",
    "&",
    "<a>",
]
_RUNS = 3


def _seconds(text: str) -> float:
    """The least of a few runs."""
    texts, measured = tf.constant([text]), []
    for _ in range(_RUNS):
        start = time.perf_counter()
        strip_html(texts)
        measured.append(time.perf_counter() - start)
    return min(measured)


def _row(unit: str) -> list[str]:
    seconds = [_seconds(unit * (size // len(unit))) for size in _SIZES]
    growth = f"{seconds[-1] / seconds[0]:.1f}"
    return [repr(unit), *(f"{1000 * s:.1f}" for s in seconds), growth]


def main() -> None:
    """Prints milliseconds by text and size."""
    _seconds("x")
    header = ["repeated", *(f"{size // 1000} kB: ms" for size in _SIZES), "growth for 8 times"]
    print(machine_facts())
    print(render(header, [_row(unit) for unit in _UNITS], markdown=True))


if __name__ == "__main__":
    main()
