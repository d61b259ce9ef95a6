"""Tokenizers, one a file. To add one: write its file, and name its class in `AnyTokenizer`."""

from typing import Annotated

from pydantic import Field

from preprocess.tokenizers.base import Tokenizer, UsedDictionary
from preprocess.tokenizers.characters import Characters
from preprocess.tokenizers.keras import Keras
from preprocess.tokenizers.mecab import Mecab
from preprocess.tokenizers.regex import Regex
from preprocess.tokenizers.sentencepiece import Sentencepiece
from preprocess.tokenizers.subword import Inventory, SubwordTokenizer
from preprocess.tokenizers.unicode_script import UnicodeScript
from preprocess.tokenizers.whitespace import Whitespace
from preprocess.tokenizers.wordpiece import Wordpiece

AnyTokenizer = Annotated[
    Keras | Whitespace | Regex | UnicodeScript | Characters | Mecab | Wordpiece | Sentencepiece,
    Field(discriminator="kind"),
]

__all__ = [
    "AnyTokenizer",
    "Characters",
    "Inventory",
    "Keras",
    "Mecab",
    "Regex",
    "Sentencepiece",
    "SubwordTokenizer",
    "Tokenizer",
    "UnicodeScript",
    "UsedDictionary",
    "Whitespace",
    "Wordpiece",
]
