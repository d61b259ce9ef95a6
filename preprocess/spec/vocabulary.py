"""Vocabularies: which tokens get ids, and in which order."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from preprocess.core.declared import Declared
from preprocess.core.ids import IdLayout
from preprocess.core.maxima import MAX_COUNT, MAX_TEXT, MAX_WORDS
from preprocess.core.problem import problem
from preprocess.tokenizers import AnyTokenizer, Keras, SubwordTokenizer

MAX_HASH_BUCKETS = 1_000_000
MAX_RESERVED = 10_000

Token = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


class HashBuckets(Declared):
    """Unknown words share `hash_buckets` ids, chosen by a hash of the word."""

    hash_buckets: Annotated[int, Field(ge=1, le=MAX_HASH_BUCKETS)]


def _known_oov(value: object) -> object:
    if isinstance(value, dict | HashBuckets) or value in ("drop", "token"):
        return value
    raise problem(f"got {value!r}", "drop, token or {hash_buckets: N}", "choose one of the three")


Oov = Annotated[
    Annotated[Literal["drop", "token"], Tag("name")] | Annotated[HashBuckets, Tag("HashBuckets")],
    Discriminator(lambda value: "name" if isinstance(value, str) else "HashBuckets"),
    BeforeValidator(_known_oov),
]


class Vocabulary(Declared):
    """How texts become tokens, and tokens become ids."""

    tokenizer: AnyTokenizer = Field(default_factory=Keras)
    max_size: Annotated[int, Field(ge=1, le=MAX_WORDS)] | None = None
    """Words kept, the most frequent first; reserved ids are not counted. Null keeps all."""
    min_count: Annotated[int, Field(ge=1, le=MAX_COUNT)] = 1
    """Words that occur less often in the train split are left out."""
    oov: Oov = "token"
    """Unknown words: left out, one id for all, or one of several ids by hash."""
    ties: Literal["bytes", "first_seen"] = "bytes"
    """Order of words of equal count: UTF-8 order, or first occurrence in the input."""
    reserved_tokens: Annotated[list[Token], Field(max_length=MAX_RESERVED)] = []
    """Tokens that get the first ids after the OOV ids, whatever their count."""

    @model_validator(mode="after")
    def _reserved_tokens_differ(self) -> Vocabulary:
        seen: set[str] = set()
        for token in self.reserved_tokens:
            if token in seen:
                raise problem(
                    f"got {token!r} twice",
                    "every reserved token once",
                    "remove the repeated token",
                    at="reserved_tokens",
                )
            seen.add(token)
        return self

    @model_validator(mode="after")
    def _subwords_are_the_words(self) -> Vocabulary:
        """The pieces of a subword tokenizer are all kept, in the order of their file."""
        if not isinstance(self.tokenizer, SubwordTokenizer):
            return self
        for key in self.unused_keys:
            if getattr(self, key) != type(self).model_fields[key].default:
                raise problem(
                    f"got {getattr(self, key)!r} with the tokenizer {self.tokenizer.kind}",
                    "no such key, as its pieces are the words, in their own order",
                    "remove the key; tokenizer.train.vocab_size bounds what the build trains",
                    at=key,
                )
        if isinstance(self.oov, HashBuckets):
            raise problem(
                f"got hash buckets with the tokenizer {self.tokenizer.kind}",
                "token or drop, as all that it does not know is one piece",
                "choose one of the two",
                at="oov",
            )
        return self

    @property
    def unused_keys(self) -> list[str]:
        """The keys that say nothing with this tokenizer, and keep their defaults."""
        is_subword = isinstance(self.tokenizer, SubwordTokenizer)
        return ["max_size", "min_count", "ties"] if is_subword else []

    @property
    def drops_oov(self) -> bool:
        """Whether unknown words are left out of a sequence."""
        return self.oov == "drop"

    @property
    def ids(self) -> IdLayout:
        """Where OOV ids, reserved tokens and words begin."""
        return IdLayout(oov=self._oov_ids, reserved=len(self.reserved_tokens))

    @property
    def _oov_ids(self) -> int:
        if isinstance(self.oov, HashBuckets):
            return self.oov.hash_buckets
        return 0 if self.drops_oov else 1
