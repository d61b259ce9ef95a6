"""Tokens by a regular expression: what separates them, or what they are."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from preprocess.core.lazy import lazy_imports
from preprocess.core.problem import problem
from preprocess.tokenizers.base import Tokenizer
from preprocess.tokenizers.ops import MARK, split_separated, valid_utf8
from preprocess.tokenizers.token_bytes import SeparatedTexts

with lazy_imports():
    import pyarrow as pa
    import tensorflow as tf
    from pyarrow import compute as pc

MAX_PATTERN = 10_000


def _usable(pattern: str) -> str:
    """The pattern, or a `problem` unless it is RE2 syntax and matches no empty text."""
    # Has a start, an end, a line's end, and places within, before and after words.
    probes = pa.array(["", "ab  c\n\n1"])
    try:
        marked = pc.replace_substring_regex(probes, pattern, r"<\0>")
    except pa.ArrowInvalid as error:
        raise problem(
            f"got '{pattern}', which RE2 refuses ({_reason(error)})",
            "a regular expression in RE2's syntax",
            "see https://github.com/google/re2/wiki/Syntax; lookaround and \\1 are not in it",
        ) from None
    if any("<>" in text.as_py() for text in marked):
        raise problem(
            f"got '{pattern}', which matches the empty text",
            "a pattern that matches at least one character",
            "use + in place of *, and no assertion such as \\b alone",
        )
    return pattern


def _reason(error: Exception) -> str:
    return str(error).removeprefix("Invalid regular expression: ")


Pattern = Annotated[str, Field(max_length=MAX_PATTERN), AfterValidator(_usable)]


class Regex(Tokenizer):
    """Splits by a regular expression in RE2's syntax; give exactly one of `split` and `keep`.

    `^` and `$` stand for the ends of the text, and for those of a line after `(?m)`; `.` matches
    a newline only after `(?s)`.
    """

    kind: Literal["regex"] = "regex"
    split: Pattern | None = None
    """Matches what stands between tokens."""
    keep: Pattern | None = None
    """Matches a token; what stands between matches is dropped."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Regex:
        if (self.split is None) == (self.keep is None):
            raise problem(
                "got neither split nor keep" if self.split is None else "got both split and keep",
                "exactly one of them",
                "give split: what is between tokens, or keep: what a token is",
            )
        return self

    def _split(self, texts: tf.Tensor) -> tf.RaggedTensor:
        separated = self._separated(texts)
        if separated is not None:
            return split_separated(separated)
        texts = valid_utf8(texts)  # which never has a `MARK`
        return _between_marks(tf.strings.regex_replace(texts, self.keep, MARK + rb"\0" + MARK))

    def _separated(self, texts: tf.Tensor) -> SeparatedTexts | None:
        if self.split is None:
            return None
        marked = tf.strings.regex_replace(valid_utf8(texts), self.split, MARK)
        return SeparatedTexts(marked, MARK)


def _between_marks(texts: tf.Tensor) -> tf.RaggedTensor:
    """Tokens of texts such as `..[token]..[token]..`, where both brackets are `MARK`."""
    pieces = tf.strings.split(texts, MARK)
    # A row has an odd number of pieces: what is outside and what is inside take turns.
    place = tf.range(tf.size(pieces.flat_values, tf.int64))
    place -= tf.gather(pieces.row_starts(), pieces.value_rowids())
    is_token = (place % 2 == 1) & (pieces.flat_values != "")
    return tf.ragged.boolean_mask(pieces, pieces.with_flat_values(is_token))
