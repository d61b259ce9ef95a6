"""Which storage holds a path."""

from __future__ import annotations

import functools
import os
import re
from importlib.metadata import entry_points

from preprocess.core.storage.base import Storage
from preprocess.core.storage.local_storage import SCHEME, LocalStorage

BACKENDS = "text2seq.storage"
"""The entry points of backends: the name is a URI scheme, the value a `Storage` class."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")  # RFC 3986, 3.1


def storage_of(path: str) -> Storage:
    """The storage that holds a local path, or what a URI such as `gs://bucket/name` names.

    A backend is a class of an installed package that takes no arguments and is declared as an
    entry point; it is imported when the first URI of its scheme comes.

    Raises:
      OSError: no backend is installed for the scheme.
    """
    return _backend(path.partition("://")[0]) if is_uri(path) else _LOCAL


_LOCAL = LocalStorage()


@functools.cache
def _backend(scheme: str) -> Storage:
    if scheme == SCHEME:
        return _LOCAL
    backends = {point.name: point for point in entry_points(group=BACKENDS)}
    if scheme not in backends:
        known = ", ".join(f"{name}://" for name in sorted({SCHEME, *backends}))
        raise OSError(f"got {scheme}://, expected a local path or one of {known}")
    storage: Storage = backends[scheme].load()()
    return storage


def is_uri(path: str) -> bool:
    """Whether `path` is a URI rather than a local path."""
    return _SCHEME.match(path) is not None


def as_local(path: str) -> str | None:
    """The path on this machine that a path or URI names, if it names one."""
    scheme = f"{SCHEME}://"
    if path.startswith(scheme):
        return path.removeprefix(scheme)
    return None if is_uri(path) else path


def starting_at(folder: str, path: str) -> str:
    """`path`, relative to `folder` unless it is absolute or a URI."""
    return path if is_uri(path) else os.path.join(folder, path)
