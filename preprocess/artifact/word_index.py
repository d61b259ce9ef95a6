"""The word index: tokens, ids and counts, and the files that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from preprocess.artifact.text_part import read_text_part
from preprocess.core.errors import ArtifactError
from preprocess.core.escaping import unescape
from preprocess.core.ids import PADDING_ID

_COMMAND = "text2seq build"

PADDING_TOKEN, OOV_TOKEN = "[padding]", "[OOV]"
"""What people see in place of a word for the ids that have none."""


@dataclass(frozen=True)
class Word:
    """A line of `vocabulary/NAME.tsv`: a token, its id, and how often the train split holds it."""

    token: str
    id: int
    count: int


class WordIndex(Mapping[str, int]):
    """Word to id, id to word, counts; a mapping like Keras' `word_index`.

    Example:
      >>> words = WordIndex([Word("the", 1, 7), Word("cat", 2, 3)])
      >>> words["cat"], words.word(1), words.decode([1, 2, 0])
      (2, 'the', ['the', 'cat'])
    """

    def __init__(self, words: Iterable[Word]) -> None:
        self._words = {word.token: word for word in words}

    @classmethod
    def read(cls, path: str) -> WordIndex:
        """Reads a `vocabulary/NAME.tsv` that need not be of an artifact; see `parse`.

        Raises:
          ArtifactError: the file is missing or damaged.
        """
        return cls.parse(read_text_part(path, _COMMAND), path)

    @classmethod
    def parse(cls, text: str, path: str) -> WordIndex:
        """The words of a `vocabulary/NAME.tsv`.

        Args:
          text: of the file.
          path: of the file, for errors.

        Raises:
          ArtifactError: a line is not token, id and count, or a token or an id comes twice.
        """
        lines = text.split("\n")
        if lines[-1] == "":  # what follows the last newline
            lines.pop()
        words = cls(_parse(line, path, number) for number, line in enumerate(lines, 1))
        if not len(lines) == len(words) == len(words._by_id):
            raise ArtifactError(
                f"{path}: got a token or an id twice, expected each once; run `{_COMMAND}` again"
            )
        return words

    def __getitem__(self, token: str) -> int:
        return self._words[token].id

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    @cached_property
    def _by_id(self) -> dict[int, str]:
        return {word.id: token for token, word in self._words.items()}

    def word(self, token_id: int) -> str | None:
        """The word of an id; None for padding and out-of-vocabulary ids."""
        return self._by_id.get(token_id)

    def count(self, token: str) -> int:
        """How often the train split holds `token`; 0 for a word that is not indexed."""
        word = self._words.get(token)
        return word.count if word else 0

    def by_count(self, skipped: int = 0) -> list[str]:
        """The words, the most frequent first, those of equal count by id.

        Args:
          skipped: words of the first ids that are left out, such as reserved ones.
        """
        return sorted(list(self)[skipped:], key=self.count, reverse=True)

    def decode(self, ids: Iterable[int], oov: str = OOV_TOKEN) -> list[str]:
        """The words of a sequence of ids, padding left out.

        Args:
          ids: a row of a batch, padded or not.
          oov: stands for every id that has no word.
        """
        return [self._by_id.get(int(i), oov) for i in ids if int(i) != PADDING_ID]


def _parse(line: str, path: str, number: int) -> Word:
    try:
        token, token_id, count = line.split("\t")
        return Word(unescape(token), int(token_id), int(count))
    except ValueError:
        raise ArtifactError(
            f"{path}:{number}: got {line!r}, expected token, id and count; run `{_COMMAND}` again"
        ) from None
