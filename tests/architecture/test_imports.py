"""Imports run one way, as `docs/architecture.md` draws them."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter

import pytest
from processes import run_python
from source_tree import ROOT, imports_of, modules, own_imports, syntax_tree

TABLE_ROW = re.compile(r"^\| `([\w/.]+)` \|", re.MULTILINE)
HEAVY = {"tensorflow", "keras", "tensorflow_transform", "apache_beam", "tfx_bsl"}
# What a command reads before it knows that it needs TensorFlow.
LIGHT = [
    "core",
    "encoders",
    "spec",
    "tokenizers",
    "mecab.dictionary",
    "artifact",
    "model_file",
    "vectors",
    "api",
]


def layers() -> list[str]:
    """The packages of the architecture's table, from the top, as dotted names."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = text.split("## Layers", 1)[1].split("\n## ", 1)[0]
    paths = TABLE_ROW.findall(table)
    return [path.removesuffix("/").removesuffix(".py").replace("/", ".") for path in paths]


def layer_of(module: str) -> int:
    """The row of the table that a module belongs to, from 0."""
    names = layers()
    front = f"{module}.__init__"
    if front in names:
        return names.index(front)
    found = [i for i, name in enumerate(names) if f"{module}.".startswith(f"{name}.")]
    assert len(found) == 1, (
        f"{module} is in {len(found)} rows of docs/architecture.md, expected one"
    )
    return found[0]


def test_every_module_has_a_layer_and_every_layer_modules():
    unnamed = [module for module in modules() if module not in ("beam_jobs",)]
    assert {layer_of(module) for module in unnamed} == set(range(len(layers())))


def test_imports_go_down_the_layers():
    upwards = [
        f"{module} imports {imported}"
        for module in modules()
        for imported in own_imports(module)
        if layer_of(module) > layer_of(imported)
    ]
    assert upwards == []


def test_there_is_no_cycle():
    graph = {module: own_imports(module) for module in modules()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(modules())


def test_nothing_is_imported_inside_a_function():
    inside = [
        f"{module}: {ast.unparse(node)}"
        for module in modules()
        for function in ast.walk(syntax_tree(module))
        if isinstance(function, ast.FunctionDef | ast.Lambda)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_preprocess_knows_nothing_of_beam():
    outside = [m for m in modules() if m.startswith("preprocess.") and "apache_beam" in _tops(m)]
    assert outside == []


def test_core_and_dictionaries_know_no_tensorflow():
    pure = [
        m for m in modules() if m.startswith(("preprocess.core.", "preprocess.mecab.dictionary."))
    ]
    assert [module for module in pure if _tops(module) & HEAVY] == []


def _tops(module: str) -> set[str]:
    return {name.partition(".")[0] for name in imports_of(module)}


def test_declarations_are_read_without_tensorflow():
    names = ", ".join(f"preprocess.{name}" for name in LIGHT)
    code = f"import sys, {names}; print(sorted({HEAVY!r} & set(sys.modules)))"
    assert run_python("-c", code).stdout.strip() == "[]"


@pytest.mark.parametrize("source", ["preprocess.core.lazy", "preprocess.spec.splits"])
def test_the_reader_of_imports_sees_them(source):
    assert source in {imported for module in modules() for imported in own_imports(module)}


def test_tf_transform_is_imported_where_the_environment_is_put_back():
    importing = {
        module
        for module in modules()
        if any(name.partition(".")[0] == "tensorflow_transform" for name in imports_of(module))
    }
    assert importing == {
        "beam_jobs.runtime.beam_transform",
        "preprocess.tokenizers.transform_library",
    }
