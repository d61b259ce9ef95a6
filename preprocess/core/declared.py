"""The pydantic base of everything that is declared: strict, frozen, no unknown keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

# Names that become op names, signature keys and file names.
PLAIN_NAME = r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$"
PlainName = Annotated[str, Field(pattern=PLAIN_NAME)]
RawName = Annotated[str, Field(min_length=1)]
"""A column as a file names it; any text."""
Positive = Annotated[int, Field(ge=1)]
Rate = Annotated[float, Field(ge=0, lt=1, strict=False)]


class Declared(BaseModel):
    """Base of the spec, the manifest and every option list."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", use_attribute_docstrings=True
    )
