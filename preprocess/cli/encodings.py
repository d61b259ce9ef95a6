"""Standard output and error in any encoding: what one cannot say is spelt out."""

from __future__ import annotations

import codecs
import io
import sys


def spell_out_what_has_no_code() -> None:
    """Lets no character end a command, whatever PYTHONIOENCODING or the locale chose."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # None where it is closed
            stream.reconfigure(errors="backslashreplace")


def says_all(stream: object) -> bool:
    """Whether a stream takes every character: its encoding is UTF-8, or it has none."""
    encoding = getattr(stream, "encoding", None)
    return encoding is None or codecs.lookup(encoding).name == "utf-8"
