"""Tables in plain text and Markdown, and the facts of the machine that go with them."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_LIBRARIES = (
    "text2seq",
    "tensorflow",
    "tensorflow-transform",
    "apache-beam",
    "pyarrow",
    "numpy",
    "keras",
    "tf_keras",
    "tokenizers",
)

Row = Sequence[str]


def render(header: Row, rows: Sequence[Row], markdown: bool) -> str:
    """A table; in plain text columns are aligned."""
    if markdown:
        lines = [header, ["---"] * len(header), *rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    rule = ["-" * width for width in widths]
    return "\n".join(_aligned(line, widths) for line in [header, rule, *rows])


def _aligned(line: Row, widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def machine_facts() -> str:
    """Date, processor, cores, memory, Python and the versions of the libraries, on one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    facts = [
        f"{datetime.now():%Y-%m-%d %H:%M}",
        f"{len(os.sched_getaffinity(0))} cores of {_processor()}",
        f"{memory:.0f} GiB",
        f"{platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}",
        *(f"{name} {found}" for name in _LIBRARIES if (found := _version(name))),
    ]
    return ", ".join(facts)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def megabytes(size: float) -> str:
    """Bytes as MB (10^6)."""
    return f"{size / 1e6:,.0f} MB"
