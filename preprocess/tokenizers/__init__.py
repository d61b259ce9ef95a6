"""Tokenizers, one a file. To add one: write its file, and import its class here, by one line."""

from typing import Annotated

from preprocess.core.kinds import one_of
from preprocess.tokenizers.base import Tokenizer as Tokenizer
from preprocess.tokenizers.base import UsedDictionary as UsedDictionary
from preprocess.tokenizers.characters import Characters as Characters
from preprocess.tokenizers.given_tokens import Tokens as Tokens
from preprocess.tokenizers.keras import Keras as Keras
from preprocess.tokenizers.mecab import Mecab as Mecab
from preprocess.tokenizers.regex import Regex as Regex
from preprocess.tokenizers.sentencepiece import Sentencepiece as Sentencepiece
from preprocess.tokenizers.subword import Inventory as Inventory
from preprocess.tokenizers.subword import SubwordTokenizer as SubwordTokenizer
from preprocess.tokenizers.unicode_script import UnicodeScript as UnicodeScript
from preprocess.tokenizers.whitespace import Whitespace as Whitespace
from preprocess.tokenizers.wordpiece import Wordpiece as Wordpiece

AnyTokenizer = Annotated[Tokenizer, one_of(Tokenizer, globals(), default=Keras)]
