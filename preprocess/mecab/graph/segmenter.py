"""MeCab's segmentation of a batch of texts: all stages, a few texts at a time."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from preprocess.mecab.dictionary.dictionary import Dictionary
from preprocess.mecab.graph.backtrace import best_path
from preprocess.mecab.graph.blanks import run_ends, skip_blanks
from preprocess.mecab.graph.candidates import Candidates, concat
from preprocess.mecab.graph.lattice import build_lattice
from preprocess.mecab.graph.nodes import connect, make_nodes
from preprocess.mecab.graph.portions import in_portions
from preprocess.mecab.graph.ragged import places
from preprocess.mecab.graph.tables import Tables
from preprocess.mecab.graph.text_characters import CharacterArrays, decode, look_up
from preprocess.mecab.graph.tokens import make_tokens
from preprocess.mecab.graph.trie import common_prefixes
from preprocess.mecab.graph.unknown import unknown_words
from preprocess.mecab.graph.viterbi import best_left

# Larger portions leave the caches, smaller ones take more rounds of the loops; several at once
# keep as many cores busy. Measured by `benchmarks/mecab_speed.py`.
_PORTION_BYTES = 24_576
_PARALLEL = 8


class Segmenter(tf.Module):
    """Splits texts into tokens as MeCab does."""

    def __init__(
        self, dictionary: Dictionary, base_form: bool = False, drop: Sequence[str] = ()
    ) -> None:
        """Makes the variables that the segmentation reads.

        Args:
          dictionary: becomes variables of this module, 20 MB for IPADIC.
          base_form: gives the base form of an inflected word instead of its surface.
          drop: leaves out tokens of these parts of speech, such as `記号` or `名詞,数`.

        Raises:
          UsageError: the dictionary has no base forms, or no word of it is of such a part of
            speech.
        """
        super().__init__(name="mecab")
        self._tables = Tables(dictionary, base_form, drop)
        self._blank = dictionary.characters.blank
        self._limits = (dictionary.max_grouping, dictionary.characters.max_length)
        self._left_size = dictionary.connector.left_size
        self._bos = len(dictionary.words)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)], autograph=False)
    def segment(self, texts: tf.Tensor) -> tf.RaggedTensor:
        """Splits texts into tokens.

        Invalid UTF-8 becomes U+FFFD, and a text ends at its first NUL.

        Args:
          texts: string, shape (batch,), none longer than `MAX_BYTES`.

        Returns:
          string, shape (batch, None), with int64 row splits; an empty text has no tokens.
        """
        return in_portions(self._segment, texts, _PORTION_BYTES, _PARALLEL)

    def _segment(self, texts: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """String tokens, and int32 number of tokens of each text; at least one text."""
        tables = self._tables
        characters = decode(texts)
        found, starts, skip = self._candidates(characters)
        lattice = build_lattice(found, characters, starts, skip, self._bos)
        nodes = make_nodes(lattice, tables.words)
        connections = connect(nodes, lattice, tables.words, tables.connections, self._left_size)
        lefts = best_left(nodes, connections)
        path = best_path(lefts, nodes, lattice, characters)
        return make_tokens(path, nodes, lattice, characters, tables)

    def _candidates(self, characters: CharacterArrays) -> tuple[Candidates, tf.Tensor, tf.Tensor]:
        """All candidates, where words can begin, and where blanks end."""
        properties = look_up(characters, self._tables.characters)
        starts = ((properties.types & self._blank) == 0) & ~characters.is_end
        known = common_prefixes(characters, places(starts), self._tables)
        ones = tf.ones_like(known.begin)
        has_known = tf.math.unsorted_segment_sum(ones, known.begin, tf.size(starts)) > 0
        unknown = unknown_words(
            properties,
            starts,
            has_known,
            run_ends(properties.types),
            self._tables.unknown,
            self._limits,
        )
        return concat(known, unknown), starts, skip_blanks(properties.types, self._blank)
