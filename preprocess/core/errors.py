"""The errors a user meets: what was wrong, where, what was got, what was expected, what to do.

Every error has an `exit_code`: 2 for a user's mistake, 1 for a run that failed.
The command line prints the message without a traceback: one line, or one for each mistake.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator

_LONGEST = 1_000
_MARK_BEGIN = "<<text2seq "
_MARK = re.compile(_MARK_BEGIN + r"([A-Za-z0-9+/]+=*)>>")


class Text2SeqError(Exception):
    """Root of all errors that this package raises on purpose.

    Its arguments are the lines of the message. A newline within one comes from whatever it quotes.
    """

    exit_code = 1

    @property
    def lines(self) -> tuple[str, ...]:
        """The message: one line, or one for each of its mistakes."""
        return tuple(map(str, self.args))

    def __str__(self) -> str:
        return "\n".join(self.lines)


class UsageError(Text2SeqError, ValueError):
    """A mistake on the command line or in the arguments of a call."""

    exit_code = 2


class SpecError(Text2SeqError, ValueError):
    """A spec or model file that cannot be used."""

    exit_code = 2


class InputError(Text2SeqError, ValueError):
    """An input file that is missing, cut short, or of another shape than the spec declares."""

    exit_code = 2


class ArtifactError(Text2SeqError, ValueError):
    """An artifact that is missing, incomplete, newer than this package, or damaged."""

    exit_code = 2


class SystemFailure(Text2SeqError, RuntimeError):
    """What the operating system refused: a full disk, no permission, no more memory."""

    exit_code = 2


class RejectsError(Text2SeqError, RuntimeError):
    """More rows were rejected than `rejects.max_fraction` allows."""


class BooksError(Text2SeqError, RuntimeError):
    """Rows read, written and rejected do not add up: the runner lost or doubled some."""


class VerificationError(Text2SeqError, RuntimeError):
    """The records of an artifact differ from what its serving graph answers."""


class TrainingError(Text2SeqError, RuntimeError):
    """Training went astray: the loss is no number any more."""


def one_line(what: object) -> str:
    """The text of an error, or of anything, on one line, cut where a library quotes megabytes."""
    text = " ".join(str(what).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def reason_of(error: Exception) -> str:
    """Why a file cannot be read or written, on one line and without its name."""
    return getattr(error, "strerror", None) or one_line(error)


def across_workers(error: Text2SeqError) -> RuntimeError:
    """Wraps `error` so that its text survives whatever a Beam runner does to exceptions.

    Runners hand back a worker's exception as text inside a traceback; the mark lets
    `from_worker` find the message again.
    """
    payload = json.dumps({"type": type(error).__name__, "lines": error.lines})
    # In letters and digits alone, as a message may quote anything, the end of the mark too.
    return RuntimeError(f"{_MARK_BEGIN}{base64.b64encode(payload.encode()).decode()}>>")


def is_marked(text: str) -> bool:
    """Whether `text`, such as a log message, holds an error that `across_workers` wrapped."""
    return _marked_in(text) is not None


def from_worker(exception: BaseException) -> Text2SeqError | None:
    """The error that `across_workers` wrapped somewhere below `exception`, if any."""
    return _marked_in("\n".join(str(error) for error in chain(exception)))


def chain(exception: BaseException | None) -> Iterator[BaseException]:
    """An exception, and those that it was raised from or while handling."""
    while exception is not None:
        yield exception
        exception = exception.__cause__ or exception.__context__


def _marked_in(text: str) -> Text2SeqError | None:
    for match in _MARK.finditer(text):
        try:
            payload = json.loads(base64.b64decode(match[1], validate=True))
            kind: type[Text2SeqError] = globals().get(payload["type"], Text2SeqError)
            return kind(*payload["lines"])
        except (binascii.Error, ValueError, KeyError, TypeError):
            continue  # not ours: somebody's data that look like it
    return None
