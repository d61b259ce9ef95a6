"""Types of columns: as a source gives them, and as they stand in a record."""

from __future__ import annotations

from typing import Literal, NamedTuple

from preprocess.core.lazy import lazy_imports

with lazy_imports():
    import pyarrow as pa

Dtype = Literal["int64", "float32", "string"]
"""The dtypes of a record, by TensorFlow's names."""

Content = Literal["text", "number", "bit", "name"]
"""What the values of a raw column are: texts, finite numbers, 0 or 1, or names of classes."""

_DTYPES: dict[Content, Dtype] = {
    "text": "string",
    "number": "float32",
    "bit": "int64",
    "name": "string",
}

Encoding = Literal["ids", "length", "value", "multi_hot"]
"""What is written of a column: padded ids, their number, the value, or a 0 or 1 for each class."""


class RawColumn(NamedTuple):
    """A column of the batches that a source gives.

    Attributes:
      content: what a value is.
      shape: of a row: () for one value, (n,) for n of them, (None,) for any number.
      separator: what stands between the values of a row that is one text.
    """

    content: Content
    shape: tuple[int | None, ...] = ()
    separator: str | None = None

    @property
    def dtype(self) -> Dtype:
        """The dtype of a value."""
        return _DTYPES[self.content]

    @property
    def is_ragged(self) -> bool:
        """Whether rows hold different numbers of values."""
        return self.shape == (None,)

    @property
    def arrow(self) -> pa.DataType:
        """The Arrow type of a row."""
        value = arrow_type(self.dtype)
        return pa.list_(value) if self.shape else value


class RecordColumn(NamedTuple):
    """A value of every record of a bucket.

    Attributes:
      dtype: of a value.
      shape: of a record: () or (n,).
      encoding: what is written of the source.
      source: the raw column that it is made of.
    """

    dtype: Dtype
    shape: tuple[int, ...] = ()
    encoding: Encoding = "value"
    source: str = ""


def arrow_type(dtype: Dtype) -> pa.DataType:
    """The Arrow type of values of a dtype; strings are binary, as they hold UTF-8 unchecked."""
    return {"int64": pa.int64(), "float32": pa.float32(), "string": pa.binary()}[dtype]
