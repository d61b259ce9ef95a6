"""Tables that read well on a terminal of 80 columns and as plain text."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from preprocess.core.escaping import visible


def section(title: str, content: RenderableType) -> Group:
    """A title, what is below it, and an empty line."""
    return Group(plain(title, "bold"), content, "")


def table(*columns: str) -> Table:
    """An empty table; a column called `>size` is aligned to the right."""
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in columns:
        numeric = column.startswith(">")
        made.add_column(
            column.removeprefix(">"),
            justify="right" if numeric else "left",
            no_wrap=numeric,
            overflow="fold",
        )
    return made


def facts(lines: Iterable[tuple[str, str | Text]]) -> Table:
    """A table of names and values."""
    made = Table(box=None, show_header=False, pad_edge=False)
    made.add_column(style="cyan", no_wrap=True)
    made.add_column(overflow="fold")
    for name, value in lines:
        made.add_row(plain(name), plain(value) if isinstance(value, str) else value)
    return made


def plain(text: str, style: str = "") -> Text:
    """`text` as it is: brackets are no markup, and control characters are shown, not sent."""
    return Text(visible(text), style)


def count(number: int) -> str:
    """A number with thousands separated: `12,345`."""
    return f"{number:,}"


def percent(fraction: float | None) -> str:
    """A fraction in percent: `12.3 %`; nothing for None."""
    return "" if fraction is None else f"{100 * fraction:.1f} %"


def size(count_of_bytes: int) -> str:
    """A number of bytes, such as `33.1 MB`, in powers of 1,000."""
    number = float(count_of_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if number < 999.95:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"
