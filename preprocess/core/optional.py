"""Libraries that few users need: imported when they are used, with a remedy where they lack."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from preprocess.core.errors import UsageError


def import_optional(module: str, needed_for: str, extra: str) -> ModuleType:
    """Imports a module of a library that is not installed with the package itself.

    Args:
      module: its name, such as `gensim.models`.
      needed_for: what needs the library, by name, such as "word vectors that need gensim".
      extra: the extra of the package that installs it.

    Raises:
      UsageError: it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise _missing(needed_for, extra) from error


def find_optional(module: str, needed_for: str, extra: str) -> None:
    """Looks for a module as `import_optional` would, without importing it.

    Raises:
      UsageError: it is not installed.
    """
    if find_spec(module) is None:
        raise _missing(needed_for, extra)


def _missing(needed_for: str, extra: str) -> UsageError:
    return UsageError(
        f"got {needed_for}, expected it to be installed; run: pip install 'text2seq[{extra}]'"
    )
