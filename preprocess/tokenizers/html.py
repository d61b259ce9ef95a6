"""Text out of HTML, by patterns: good for reviews and crawled snippets, no parser of pages."""

from __future__ import annotations

from preprocess.core.lazy import lazy_imports

with lazy_imports():
    import tensorflow as tf
_UNSEEN = (
    r"(?is)<!--.*?-->"
    r"|<script\b.*?</script\s*>"
    r"|<style\b.*?</style\s*>"
)

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
    for pattern, replacement in {_UNSEEN: " ", _TAG: " ", **_ENTITIES}.items():
        texts = tf.strings.regex_replace(texts, pattern, replacement)
    return texts
