"""How a token stands in a file of lines or of columns.

A token may hold any character, so files of tokens escape: a backslash, a newline, a carriage
return and a tab become `\\\\`, `\\n`, `\\r` and `\\t`, as in C and in PostgreSQL's COPY.
`graph.lookup` does the same inside the graph.
"""

from __future__ import annotations

import json
import re

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_UNESCAPES = {escape: char for char, escape in _ESCAPES.items()}
_TRANSLATION = str.maketrans(_ESCAPES)
SPECIAL = r"[\\\n\r\t]"


def escape(token: str) -> str:
    """`token` without backslash, newline, carriage return or tab of its own."""
    return token.translate(_TRANSLATION)


def unescape(line: str) -> str:
    """The token that `escape` made `line` of."""
    return re.sub(r"\\[\\nrt]", lambda match: _UNESCAPES[match[0]], line)


def visible(text: str) -> str:
    """`text` with its control characters spelt out, so that nothing hides when it is shown."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def visible_json(text: str) -> str:
    """JSON text of the same value, in which nothing hides and no terminal finds a command."""
    return text if text.isprintable() else "".join(map(_visible_in_json, text))


def ascii_json(text: str) -> str:
    """JSON text of the same value, in ASCII, in which nothing hides either."""
    return "".join(c if c.isascii() else json.dumps(c)[1:-1] for c in visible_json(text))


def _visible_in_json(char: str) -> str:
    # Outside strings JSON has no such characters but newlines, which lay it out.
    return char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1]
