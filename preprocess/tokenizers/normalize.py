"""What is done to a text before it is split."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Literal

from preprocess.core.lazy import lazy_imports
from preprocess.core.optional import find_optional, import_optional
from preprocess.tokenizers.html import strip_html
from preprocess.tokenizers.lower import lower

with lazy_imports():
    import tensorflow as tf
Normalization = Literal["nfkc", "lower", "strip_accents", "strip_html"]

# Normalizations that core TensorFlow has no op for.
NEEDS_TENSORFLOW_TEXT = frozenset({"nfkc", "strip_accents"})
_TENSORFLOW_TEXT = ("tensorflow_text", "a tokenizer that needs tensorflow-text", "text")


def normalize(texts: tf.Tensor, names: Sequence[Normalization]) -> tf.Tensor:
    """Applies normalizations in the order of `names`.

    Args:
      texts: string tensor of shape (batch,), UTF-8.
      names: `nfkc`, Unicode's compatibility composition; `lower`; `strip_accents`, as in BERT:
        decompose (NFD), then drop what is of category Mn; `strip_html`, which makes tags and
        comments blanks and resolves the common entities.

    Returns:
      string tensor of shape (batch,).

    Raises:
      UsageError: a normalization needs tensorflow-text, which is not installed.
    """
    for name in names:
        texts = _FUNCTIONS[name](texts)
    return texts


def import_tensorflow_text() -> ModuleType:
    """Imports tensorflow_text, which registers its ops with TensorFlow.

    Raises:
      UsageError: it is not installed.
    """
    return import_optional(*_TENSORFLOW_TEXT)


def find_tensorflow_text() -> None:
    """Looks for tensorflow_text without importing it.

    Raises:
      UsageError: it is not installed.
    """
    find_optional(*_TENSORFLOW_TEXT)


def _nfkc(texts: tf.Tensor) -> tf.Tensor:
    return import_tensorflow_text().normalize_utf8(texts, "NFKC")


def _strip_accents(texts: tf.Tensor) -> tf.Tensor:
    decomposed = import_tensorflow_text().normalize_utf8(texts, "NFD")
    return tf.strings.regex_replace(decomposed, r"\p{Mn}", "")


_FUNCTIONS: dict[Normalization, Callable[[tf.Tensor], tf.Tensor]] = {
    "nfkc": _nfkc,
    "lower": lower,
    "strip_accents": _strip_accents,
    "strip_html": strip_html,
}
