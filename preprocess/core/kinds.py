"""Kinds of one thing, a file each: a field takes any of them, told apart by its `kind`.

The front of such a package imports every kind, and gathers what it has imported:

    from preprocess.encoders.base import Encoder as Encoder
    from preprocess.encoders.lstm import Lstm as Lstm

    AnyEncoder = Annotated[Encoder, one_of(Encoder, globals(), default=Lstm)]

So the line that imports a kind is all that it needs beside its own file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_origin

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from preprocess.core.declared import Declared


@dataclass(frozen=True)
class OneOf:
    """Makes a field whose type is a base take the kinds of it, and no other.

    Attributes:
      kinds: in the order in which errors and schemas list them; a mapping that leaves its `kind`
        out is of the first.
    """

    kinds: tuple[type[Declared], ...]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        choices = {_name(kind): handler.generate_schema(kind) for kind in self.kinds}
        union = core_schema.tagged_union_schema(choices, discriminator="kind")
        return core_schema.no_info_before_validator_function(self._with_kind, union)

    def _with_kind(self, value: object) -> object:
        return {"kind": _name(self.kinds[0]), **value} if isinstance(value, dict) else value


def one_of(base: type[Declared], names: Mapping[str, object], default: type[Declared]) -> OneOf:
    """The kinds of `base` that a module has imported.

    Args:
      base: what all of them are.
      names: the module's `globals()`; those that are no kind of `base` are passed over.
      default: the kind of a mapping that names none.
    """
    below = [v for v in names.values() if isinstance(v, type) and issubclass(v, base)]
    kinds = [kind for kind in below if _is_named(kind)]
    return OneOf((default, *(kind for kind in kinds if kind is not default)))


def _is_named(kind: type[Declared]) -> bool:
    """Whether a class is a kind, and not a base that several of them share."""
    field = kind.model_fields.get("kind")
    return field is not None and get_origin(field.annotation) is Literal


def _name(kind: type[Declared]) -> str:
    name: str = kind.model_fields["kind"].default
    return name
