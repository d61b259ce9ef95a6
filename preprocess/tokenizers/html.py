"""Text out of HTML, by patterns: good for reviews and crawled snippets, no parser of pages."""

from __future__ import annotations

from collections.abc import Mapping

from preprocess.core.lazy import lazy_imports
from preprocess.tokenizers.ops import on_rows

with lazy_imports():
    import tensorflow as tf

# What is taken out with all that it holds: how it opens, behind "<", and how it closes.
_UNSEEN = {
    r"!--": r"-->",
    r"script\b": r"</script\s*>",
    r"style\b": r"</style\s*>",
}
_PAIRS = "(?is)" + "|".join(f"<{opens}.*?{closes}" for opens, closes in _UNSEEN.items())
_OPENS = rf"(?i)<(?:{'|'.join(_UNSEEN)})"

# Stands behind the "<" of what never closes; of itself, as a text may hold it, an escape is made.
_MARK = "\U0010ffff"
_ESCAPED, _NEVER_CLOSES = f"{_MARK}0", f"{_MARK}1"

# A tag needs a letter after "<", so that "a < b" and "<3" stay. Quoted attributes may hold ">";
# where quotes do not pair up, the tag ends at the first ">".
_TAG = r"""</?[A-Za-z](?:(?:[^<>"']|"[^"]*"|'[^']*')*|[^<>]*)>|<[!?][^<>]*>"""

# "&amp;" comes last, so that "&amp;lt;" becomes "&lt;".
_ENTITIES = {
    "&(?:nbsp|#160|#[xX][aA]0);": " ",
    "&(?:lt|#60);": "<",
    "&(?:gt|#62);": ">",
    "&(?:quot|#34|#[xX]22);": '"',
    "&(?:apos|#39|#[xX]27);": "'",
    "&(?:lsquo|#8216);": "‘",
    "&(?:rsquo|#8217);": "’",
    "&(?:ldquo|#8220);": "“",
    "&(?:rdquo|#8221);": "”",
    "&(?:ndash|#8211);": "–",
    "&(?:mdash|#8212);": "—",
    "&(?:hellip|#8230);": "…",
    "&(?:amp|#38);": "&",
}


def strip_html(texts: tf.Tensor) -> tf.Tensor:
    """Makes tags, comments, scripts and styles blanks and resolves the common entities.

    Each of them becomes one blank, as does `&nbsp;`. Other entities stay as they are.

    Args:
      texts: string tensor of shape (batch,), UTF-8.

    Returns:
      string tensor of shape (batch,).
    """
    has_unseen = tf.strings.regex_full_match(texts, rf"\C*{_OPENS}\C*")
    texts = on_rows(texts, has_unseen, _without_unseen)
    return _replaced(texts, {_TAG: " ", **_ENTITIES})


def _without_unseen(texts: tf.Tensor) -> tf.Tensor:
    """Makes comments, scripts and styles blanks, in time that grows with the text alone.

    What opens and never closes is marked first: searched to the end of the text again and again,
    once for every match behind it, it would take time that grows with the square.
    """
    texts = _replaced(texts, {_MARK: _ESCAPED})
    for opens, closes in _UNSEEN.items():
        texts = _marked(texts, opens, closes)
    return _replaced(texts, {_PAIRS: " ", _NEVER_CLOSES: "", _ESCAPED: _MARK})


def _marked(texts: tf.Tensor, opens: str, closes: str) -> tf.Tensor:
    """Marks what opens behind the last place where its kind closes."""
    tails = tf.strings.regex_replace(texts, rf"(?i)\A\C*{closes}", "", replace_global=False)
    sizes = tf.strings.length(texts) - tf.strings.length(tails)
    heads = tf.strings.substr(texts, tf.zeros_like(sizes), sizes)
    marked = tf.strings.regex_replace(tails, f"(?i)<({opens})", rf"<{_NEVER_CLOSES}\1")
    return tf.strings.join([heads, marked])


def _replaced(texts: tf.Tensor, replacements: Mapping[str, str]) -> tf.Tensor:
    for pattern, replacement in replacements.items():
        texts = tf.strings.regex_replace(texts, pattern, replacement)
    return texts
