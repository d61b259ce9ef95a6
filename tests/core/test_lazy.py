"""Modules that are imported when they are first used, and libraries that may be missing."""

from __future__ import annotations

import builtins
import importlib
import pickle
import sys
import threading
from pathlib import Path

import pytest

from preprocess.core.errors import UsageError
from preprocess.core.lazy import LazyModule, lazy_attributes, lazy_imports
from preprocess.core.optional import import_optional

CONTENT = "loaded = True\n\ndef double(n):\n    return 2 * n\n"


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package `heavy` with a module `inner`, neither of them imported."""
    package = tmp_path / "heavy"
    package.mkdir()
    (package / "__init__.py").write_text("version = 7\n")
    (package / "inner.py").write_text(CONTENT)
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    yield "heavy"
    for name in ("heavy", "heavy.inner"):
        sys.modules.pop(name, None)


def test_a_module_is_imported_when_it_is_used(module: str) -> None:
    with lazy_imports():
        import heavy
        from heavy import inner as renamed
    assert not {"heavy", "heavy.inner"} & set(sys.modules)
    assert renamed.double(4) == 8
    assert heavy.version == 7
    assert sys.modules["heavy.inner"].loaded


def test_what_is_patched_later_is_seen(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with lazy_imports():
        from heavy import inner
    assert inner.double(1) == 2
    monkeypatch.setattr(sys.modules["heavy.inner"], "double", lambda n: 0)
    assert inner.double(1) == 0


def test_mistakes_show_where_a_module_is_used(module: str) -> None:
    with lazy_imports():
        import heavy
        import no_such_module
    with pytest.raises(AttributeError, match="nothing"):
        _ = heavy.nothing
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        _ = no_such_module.name


def test_a_dotted_import_is_refused_as_it_binds_the_package() -> None:
    with pytest.raises(ImportError, match="from package import module"), lazy_imports():
        import os.path  # noqa: F401


def test_other_threads_import_as_always() -> None:
    found: list[object] = []

    def other() -> None:
        from json import loads

        found.append(loads("[1]"))

    with lazy_imports():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert found == [[1]]


def test_the_import_is_what_it_was_after_a_block_that_fails() -> None:
    before = builtins.__import__
    with pytest.raises(ZeroDivisionError), lazy_imports():
        _ = 1 / 0
    assert builtins.__import__ is before


def test_a_stand_in_pickles(module: str) -> None:
    with lazy_imports():
        from heavy import inner
    again = pickle.loads(pickle.dumps(inner))
    assert isinstance(again, LazyModule) and "heavy.inner" not in sys.modules
    assert again.double(2) == 4


def test_names_of_a_front_are_imported_when_used(module: str) -> None:
    get = lazy_attributes("front", {"double": "heavy.inner"})
    assert "heavy.inner" not in sys.modules
    assert get("double")(3) == 6
    with pytest.raises(AttributeError, match=r"^module 'front' has no attribute 'treble'$"):
        get("treble")


def test_a_library_that_is_missing_is_named_with_its_remedy() -> None:
    assert import_optional("json", "a text that needs json", "text").loads("1") == 1
    with pytest.raises(UsageError) as raised:
        import_optional("no_such_library", "a tokenizer that needs no-such-library", "text")
    assert str(raised.value) == (
        "got a tokenizer that needs no-such-library, expected it to be installed; "
        "run: pip install 'text2seq[text]'"
    )
