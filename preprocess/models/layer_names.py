"""Names of Keras layers: inputs and heads are called as the user says, all others otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from preprocess.core.lazy import lazy_imports

with lazy_imports():
    import keras

_MOST_OPERATIONS = 10_000


def unlike(name: str, taken: Collection[str]) -> str:
    """`name`, made longer until it is none of those that are taken."""
    while name in taken:
        name += "_"
    return name


def reserve(names: Iterable[str]) -> None:
    """Keeps Keras from calling operations that have no name of their own by one of `names`."""
    for name in names:
        keras.backend.get_uid(name)
        stem, _, number = name.rpartition("_")
        if number.isdecimal() and int(number) < _MOST_OPERATIONS:
            while keras.backend.get_uid(stem) <= int(number):
                pass
