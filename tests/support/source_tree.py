"""The product's own modules, and what each of them imports, read as text."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("preprocess", "beam_jobs")


@functools.cache
def modules() -> dict[str, Path]:
    """Path of every module by its dotted name; a package by the name of its front."""
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return {_dotted(path): path for path in paths}


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def syntax_tree(module: str) -> ast.Module:
    """The module without what runs only when it is started as a script."""
    tree = ast.parse(modules()[module].read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if not _is_main_guard(node)]
    return tree


def _is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def imports_of(module: str) -> set[str]:
    """Every module that `module` imports: also lazily, in a function, for types, or by a string."""
    return set(_imports(syntax_tree(module))) - {module}


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level and node.module, "imports are absolute here"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in modules() else node.module
        elif isinstance(node, ast.Constant) and node.value in modules() and "." in node.value:
            yield node.value


def own_imports(module: str) -> set[str]:
    """Those of `imports_of` that are modules of the product."""
    return imports_of(module) & set(modules())
