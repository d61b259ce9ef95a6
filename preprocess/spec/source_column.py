"""Names of a spec, and the raw columns behind them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Discriminator, GetPydanticSchema, Tag, model_serializer

from preprocess.core.declared import Declared, PlainName, RawName


class FromColumn(Declared):
    """Base of what is read from a raw column."""

    column: RawName | None = None
    """The raw column, whatever its name; null: it is called as this is."""


class Kept(FromColumn):
    """A column carried through, under a name of its own."""

    name: PlainName
    """What records and answers call it."""

    @model_serializer
    def _as_written(self) -> str | dict[str, str]:
        if self.column is None:
            return self.name
        return {"name": self.name, "column": self.column}


def _kept(name: str) -> Kept:
    return Kept(name=name)


def _spelling(value: object) -> str:
    return "Kept" if isinstance(value, dict | Kept) else "name"


_Spelled = Annotated[
    Annotated[PlainName, AfterValidator(_kept), Tag("name")] | Annotated[Kept, Tag("Kept")],
    Discriminator(_spelling),
]
KeptColumn = Annotated[
    Kept, GetPydanticSchema(lambda _, handler: handler.generate_schema(_Spelled))
]
"""A `Kept`, of which the name alone says all where the raw column is called so."""
