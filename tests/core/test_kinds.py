"""A field that takes the kinds which a module has imported."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import TypeAdapter, ValidationError

from preprocess.core.declared import Declared
from preprocess.core.kinds import one_of


class Shape(Declared):
    kind: str


class Cornered(Shape):
    corners: int = 3


class Polygon(Cornered):
    kind: Literal["polygon"] = "polygon"


class Circle(Shape):
    kind: Literal["circle"] = "circle"
    radius: int = 1


class Elsewhere(Declared):
    kind: Literal["elsewhere"] = "elsewhere"


NAMES = {
    "Polygon": Polygon,
    "Circle": Circle,
    "Shape": Shape,
    "Cornered": Cornered,
    "Elsewhere": Elsewhere,
    "one_of": one_of,
    "number": 3,
}
ANY = one_of(Shape, NAMES, default=Circle)
any_shape: TypeAdapter[Shape] = TypeAdapter(Annotated[Shape, ANY])


def test_kinds_are_the_named_ones_below_the_base_the_default_first() -> None:
    assert ANY.kinds == (Circle, Polygon)


def test_each_kind_has_its_own_options() -> None:
    assert any_shape.validate_python({"kind": "polygon", "corners": 5}) == Polygon(corners=5)
    assert any_shape.validate_python(Polygon(corners=5)) == Polygon(corners=5)
    assert any_shape.dump_python(Polygon(corners=5)) == {"kind": "polygon", "corners": 5}
    with pytest.raises(ValidationError, match="Extra inputs"):
        any_shape.validate_python({"kind": "polygon", "radius": 5})


def test_without_a_kind_it_is_the_default() -> None:
    assert any_shape.validate_python({"radius": 2}) == Circle(radius=2)


@pytest.mark.parametrize("kind", ["elsewhere", "", None])
def test_other_kinds_are_refused(kind: object) -> None:
    with pytest.raises(ValidationError, match="'circle', 'polygon'"):
        any_shape.validate_python({"kind": kind})


def test_the_json_schema_tells_them_apart_by_kind() -> None:
    assert any_shape.json_schema()["discriminator"]["mapping"] == {
        "circle": "#/$defs/Circle",
        "polygon": "#/$defs/Polygon",
    }
