"""Imports that happen when a module is first used: the package's one way to be lazy.

Modules that take long to import stand at the head of a file all the same:

    with lazy_imports():
        import tensorflow as tf
        from preprocess.training import trainer

Readers, linters and type checkers see plain imports; at run time each name is a stand-in that
imports its module when one of its attributes is asked for.
"""

from __future__ import annotations

import builtins
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

_lock = threading.RLock()


class LazyModule(ModuleType):
    """Stands for a module, which is imported when one of its attributes is first asked for."""

    def __getattr__(self, name: str) -> Any:
        """An attribute of the module.

        Raises:
          ImportError: the module cannot be imported.
          AttributeError: it has no such attribute.
        """
        return getattr(import_module(self.__name__), name)

    def __reduce__(self) -> tuple[Callable[[str], LazyModule], tuple[str]]:
        return LazyModule, (self.__name__,)


class _Package:
    """What `from package import module` takes its stand-ins from."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, module: str) -> LazyModule:
        return LazyModule(f"{self._name}.{module}")


@contextmanager
def lazy_imports() -> Iterator[None]:
    """Makes the imports of a block lazy: `import package` and `from package import module`.

    What a block imports must be modules. Other threads, which may import at the same time, are
    not concerned.

    Raises:
      ImportError: `import package.module`, which binds the package; write it with `from`.
    """
    thread, plain = threading.get_ident(), builtins.__import__

    def lazy(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        if threading.get_ident() != thread:
            return plain(name, globals, locals, fromlist or (), level)
        if fromlist:
            return _Package(name)
        if "." in name:
            raise ImportError(f"got a lazy import of {name}, expected `from package import module`")
        return LazyModule(name)

    with _lock:  # two blocks that end in another order would leave the wrong import behind
        builtins.__import__ = lazy
        try:
            yield
        finally:
            builtins.__import__ = plain


def lazy_attributes(module: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """A `__getattr__` for the front of a package, whose names are imported when first used.

    Args:
      module: name of the front, for errors.
      homes: public name to the module that has it.
    """

    def get(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        return getattr(import_module(homes[name]), name)

    return get
