"""The id layout of a vocabulary.

0                          padding, and nothing else
1 .. oov                   out-of-vocabulary ids: none (`drop`), one (`token`) or N hash buckets
oov+1 .. oov+reserved      reserved tokens, in the order of the spec
oov+reserved+1 ..          words: count descending, ties as declared; the pieces of a subword
                           tokenizer in the order of their file
"""

from __future__ import annotations

from dataclasses import dataclass

PADDING_ID = 0


@dataclass(frozen=True)
class IdLayout:
    """Where the ids of one vocabulary begin.

    Attributes:
      oov: number of out-of-vocabulary ids.
      reserved: number of reserved tokens.
    """

    oov: int
    reserved: int

    @property
    def first_token(self) -> int:
        """The id of line 0 of the vocabulary file: reserved tokens first, then words."""
        return 1 + self.oov

    @property
    def first_word(self) -> int:
        """The id of the first word."""
        return self.first_token + self.reserved

    def is_oov(self, token_id: int) -> bool:
        """Whether `token_id` stands for a word that the vocabulary lacks."""
        return 0 < token_id < self.first_token
