"""The oracle: MeCab itself, with the dictionary of a wheel."""

from __future__ import annotations

from collections.abc import Iterable

import MeCab

from preprocess.mecab.dictionary import find_dictionary

_BOS, _EOS = 2, 3  # MECAB_BOS_NODE and MECAB_EOS_NODE of mecab.h


class Native:
    """A tagger of mecab-python3.

    Args:
      dictionary: `ipadic` or `unidic-lite`.
    """

    def __init__(self, dictionary: str) -> None:
        folder = find_dictionary(dictionary)
        self._tagger = MeCab.Tagger(f"-r {folder}/mecabrc -d {folder}")

    def nodes(self, text: str) -> list[tuple[str, list[str]]]:
        """Surface and fields of the feature of each token; no field may hold a comma."""
        found = []
        node = self._tagger.parseToNode(text)
        while node:
            if node.stat not in (_BOS, _EOS):
                found.append((node.surface, node.feature.split(",")))
            node = node.next
        return found

    def tokens(self, texts: Iterable[str]) -> list[list[str]]:
        """The surfaces of each text."""
        return [[surface for surface, _ in self.nodes(text)] for text in texts]
