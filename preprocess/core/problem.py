"""One way to say what is wrong with a declaration."""

from __future__ import annotations

from pydantic_core import PydanticCustomError


def problem(got: str, expected: str, remedy: str, at: str = "") -> PydanticCustomError:
    """A validation error that carries what was got, what was expected and what to do.

    Args:
      got: what stands there, as a clause that starts with "got".
      expected: what should stand there.
      remedy: what the user can do, as an imperative.
      at: path below the model that raises, with dots.
    """
    context = {"got": got, "expected": expected, "remedy": remedy, "at": at}
    return PydanticCustomError("problem", "{got}, expected {expected}", context)
