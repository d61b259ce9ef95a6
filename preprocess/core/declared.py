"""The pydantic base of everything that is declared: strict, frozen, finite, no unknown keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from preprocess.core.maxima import MAX_NAME, MAX_TEXT

# Names that become op names, signature keys and file names.
PLAIN_NAME = r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$"
PlainName = Annotated[str, Field(pattern=PLAIN_NAME, max_length=MAX_NAME)]
RawName = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
"""A column as a file names it; any text."""
Count = Annotated[int, Field(ge=0, lt=2**63)]
"""How many there are of something."""
Rate = Annotated[float, Field(ge=0, lt=1, strict=False)]


class Declared(BaseModel):
    """Base of the spec, the manifest and every option list."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )
