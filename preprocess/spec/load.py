"""Reads a declaration from YAML or JSON, and reports plainly what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from preprocess.core.errors import SpecError, one_line, reason_of
from preprocess.spec.explain import cut, explain, shown
from preprocess.spec.spec import Spec
from preprocess.spec.tokenizer_files import starting_at
from preprocess.spec.yaml_limits import MAX_BYTES, check_yaml, too_long

M = TypeVar("M", bound=BaseModel)

_MERGE = "tag:yaml.org,2002:merge"
_KINDS = {"int": "a number", "float": "a number", "timestamp": "a date"}
_NUMBERS = {f"tag:yaml.org,2002:{kind}" for kind in ("int", "float")}
_DIGITS = 100
_MISTAKES = 20


class _StrictLoader(yaml.SafeLoader):
    """YAML as pyyaml reads it, but a key that stands twice is an error, as is what is no value."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            if node.tag in _NUMBERS and len(node.value) > _DIGITS:
                raise ValueError(f"{len(node.value):,} characters")
            return _whole(super().construct_object(node, deep), node)
        except SpecError:
            raise
        except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
            raise _no_value(node, error) from None

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()  # else pyyaml refuses it
        seen = set()
        for key_node, _ in pairs:
            if key_node.tag == _MERGE:  # `<<: *name`, whose keys may be overruled
                continue
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):  # which pyyaml itself refuses
                continue
            if key in seen:
                line = key_node.start_mark.line + 1
                raise SpecError(
                    f"line {line}: got the key {cut(repr(key))} twice, expected it once; "
                    "remove one of them"
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def _whole(value: object, node: yaml.Node) -> object:
    """`value`; a text with pairs of surrogates joined, as JSON escapes what is beyond the BMP.

    Raises:
      SpecError: it holds half a pair, which no encoding has.
    """
    if not isinstance(value, str) or value.isprintable():
        return value
    try:
        return value.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise SpecError(
            f"line {node.start_mark.line + 1}: got {cut(ascii(value))}, expected text without half "
            "a pair of surrogates; correct the escape"
        ) from None


def _no_value(node: yaml.Node, error: Exception) -> SpecError:
    """The error for a value that has the look of another type, or says so, but is none."""
    kind = node.tag.rpartition(":")[2]
    # Other errors come of how pyyaml works, and mean nothing to a user.
    reason = f" ({one_line(error)})" if isinstance(error, ValueError) else ""
    return SpecError(
        f"line {node.start_mark.line + 1}: got {shown(node.value)}, which YAML takes for "
        f"{_KINDS.get(kind, kind)}{reason}, expected a valid one; correct it, or put "
        "it in quotes"
    )


def load_spec(path: str) -> Spec:
    """Reads a spec file (YAML, of which JSON is a part).

    Relative paths in it, such as that of a tokenizer's model, start at the folder of the file.

    Raises:
      SpecError: the file is missing, is no YAML, or declares something that cannot be.
    """
    spec = parse_spec(read_declaration(path, "spec file"), path)
    return starting_at(spec, os.path.dirname(path))


def read_declaration(path: str, what: str) -> str:
    """The text of a file that a user wrote; `what` names its sort in errors.

    Raises:
      SpecError: the file is missing, is not UTF-8, or is longer than anybody writes.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)  # a device has no end
        if len(content) > MAX_BYTES:
            raise SpecError(f"{path}: {too_long()}")
        return content.decode("utf-8")
    except SpecError:
        raise
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise SpecError(
            f"{path}: cannot be read ({reason}), expected a {what} in UTF-8; check the path"
        ) from error


def parse_spec(text: str, path: str = "spec") -> Spec:
    """Reads a spec from YAML or JSON text; `path` names it in errors.

    Raises:
      SpecError: as `load_spec`.
    """
    return parse(text, path, Spec)


def parse(text: str, path: str, model: type[M]) -> M:
    """Validates YAML or JSON text against `model`.

    Raises:
      SpecError: one line for each mistake: path, got, expected, remedy.
    """
    try:
        check_yaml(text)
        data = yaml.load(text, _StrictLoader)
    except SpecError as error:
        raise SpecError(f"{path}: {error}") from None
    except yaml.YAMLError as error:
        raise SpecError(f"{path}: {_not_yaml(error)}") from None
    return validated({} if data is None else data, path, model)  # None: an empty file


def spec_of(declared: Mapping[str, Any]) -> Spec:
    """A spec from what a spec file would declare.

    Relative paths in it start at the working directory.

    Raises:
      SpecError: it declares something that cannot be.
    """
    return validated(dict(declared), "spec", Spec)


def validated(data: object, path: str, model: type[M]) -> M:
    """Validates what YAML or JSON has given, or a program, against `model`.

    Raises:
      SpecError: one line for each mistake: path, got, expected, remedy.
    """
    if not isinstance(data, dict):
        keys = ", ".join(model.model_fields)
        raise SpecError(f"{path}: got {shown(data)}, expected a mapping with keys such as {keys}")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        lines = dict.fromkeys(f"{path}: {line}" for line in _first_mistakes(error, model))
        raise SpecError(*lines) from None


def _first_mistakes(error: ValidationError, model: type[BaseModel]) -> Iterator[str]:
    yield from islice(explain(error, model), _MISTAKES)
    if error.error_count() > _MISTAKES:
        yield f"got {error.error_count() - _MISTAKES:,} mistakes more; mend these first"


def _not_yaml(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark, context = error.problem_mark, f"{error.context}: " if error.context else ""
        return (
            f"line {mark.line + 1}, column {mark.column + 1}: is not valid YAML "
            f"({context}{error.problem})"
        )
    return f"is not valid YAML ({one_line(error)})"
