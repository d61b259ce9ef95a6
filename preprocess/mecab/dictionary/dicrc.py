"""dicrc: the settings that come with a dictionary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from preprocess.mecab.dictionary.mecab_files import unusable

# DEFAULT_MAX_GROUPING_SIZE of MeCab's tokenizer.cpp.
_MAX_GROUPING = 24


@dataclass(frozen=True)
class Settings:
    """The settings of dicrc that decide about tokens.

    Attributes:
      max_grouping: characters that may follow the first one in a grouped unknown word.
      feature_fields: number of fields of a known word's feature; 0 if dicrc does not give it.
    """

    max_grouping: int = _MAX_GROUPING
    feature_fields: int = 0


def parse_dicrc(content: bytes) -> Settings:
    """Reads `key = value` lines; `;` and `#` begin a comment.

    Raises:
      UsageError: it names a user dictionary.
    """
    values = dict(_values(content.decode("utf-8", errors="replace")))
    if values.get("userdic"):
        raise unusable(
            "dicrc",
            f"userdic = {values['userdic']}",
            "no user dictionary",
            "compile its words into the system dictionary with `mecab-dict-index`",
        )
    return Settings(
        # As in MeCab, 0 and what is no number stand for the default.
        max_grouping=_number(values.get("max-grouping-size", "")) or _MAX_GROUPING,
        feature_fields=len(values["bos-feature"].split(",")) if "bos-feature" in values else 0,
    )


def _values(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.lstrip().startswith((";", "#")):
            yield key.strip(), value.strip()


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
