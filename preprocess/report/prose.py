"""Sentences, numbers and words as they stand on the page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from preprocess.core.escaping import visible

Text = str | Markup  # a plain string is escaped when it is rendered

NONE = "–"
_BLANK = "\u00a0"  # no line ends here


def markup(template: str, *values: object, **named: object) -> Markup:
    """`template` is markup of ours; `values` are escaped unless they are markup themselves."""
    return Markup(template).format(*values, **named)


def join(sentences: Iterable[Text | None]) -> Markup:
    """Sentences one after the other; what is None or empty is left out."""
    return Markup(" ").join(sentence for sentence in sentences if sentence)


def listing(items: Sequence[Text]) -> Markup:
    """Items as a list in words: `a, b and c`."""
    if len(items) < 2:
        return Markup("").join(items)
    return Markup(", ").join(items[:-1]) + " and " + items[-1]


def plural(number: int, noun: str, many: str | None = None) -> str:
    """A number with its noun: `1 record`, `12,345 records`."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def percent(fraction: float | None) -> str:
    """`12.3 %`; more digits near 0 and 1, so that little does not look like nothing."""
    if fraction is None or not math.isfinite(fraction):
        return NONE
    if not fraction:
        return f"0{_BLANK}%"
    rest = min(abs(fraction), abs(1 - fraction)) or 1.0  # exactly 1 needs no more digits
    digits = 3 if rest < 0.000995 else 2 if rest < 0.00995 else 1
    return f"{100 * fraction:.{digits}f}{_BLANK}%"


def number(value: float | None) -> str:
    """A number to three significant digits; `12,345` above a thousand."""
    if value is None or not math.isfinite(value):
        return NONE if value is None else str(value)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def fixed(value: float, digits: int = 3) -> str:
    """A number with fixed digits, `0.912`, for numbers that stand below each other."""
    return f"{value:.{digits}f}" if math.isfinite(value) else str(value)


def word(token: str) -> Markup:
    """Markup of a token of any script; a blank is shown."""
    return markup('<bdi class="word">{}</bdi>', _shown(token).replace(" ", "␣"))


def name(text: str) -> Markup:
    """Markup of a class, or of a value of the data."""
    return markup("<bdi>{}</bdi>", _shown(text))


def code(text: str) -> Markup:
    """Markup of a column, an option or a file."""
    return markup("<code>{}</code>", _shown(text))


def _shown(text: str) -> str:
    return visible(text) or "(empty)"


def against(truth: Text, answer: Text) -> Markup:
    """A truth, and the answer to it."""
    return markup("{}, answered <b>{}</b>", truth, answer)
