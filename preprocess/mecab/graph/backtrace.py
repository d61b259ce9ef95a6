"""Back along the best path (MeCab's buildBestLattice)."""

from __future__ import annotations

import tensorflow as tf

from preprocess.mecab.graph.lattice import Lattice
from preprocess.mecab.graph.nodes import Nodes
from preprocess.mecab.graph.ragged import places, take
from preprocess.mecab.graph.text_characters import CharacterArrays

_FLAT = tf.TensorShape([None])


def best_path(
    lefts: tf.Tensor, nodes: Nodes, lattice: Lattice, characters: CharacterArrays
) -> tf.Tensor:
    """The nodes of the best path of all texts, those of all sections at once.

    Args:
      lefts: int32, shape (nodes,): as `best_left` gives it.
      nodes: of all texts.
      lattice: that the nodes belong to.
      characters: that the lattice stands on.

    Returns:
      int32, shape (nodes on the path,): right numbers, EOS among them, in no order.
    """
    first_behind_cut = nodes.splits[2]  # nodes of the first step begin with a section
    rounds = tf.size(nodes.splits)

    def back(
        i: tf.Tensor, node: tf.Tensor, path: tf.TensorArray
    ) -> tuple[tf.Tensor, tf.Tensor, tf.TensorArray]:
        path = path.write(i, node)
        inside = tf.boolean_mask(node, node >= first_behind_cut)
        return i + 1, take(nodes.right_number, take(lefts, inside)), path

    path = tf.TensorArray(tf.int32, 0, True, infer_shape=False, element_shape=_FLAT)
    *_, path = tf.while_loop(
        lambda i, node, _: (tf.size(node) > 0) & (i < rounds),
        back,
        (0, last_nodes(nodes, lattice, characters), path),
        shape_invariants=(tf.TensorShape([]), _FLAT, tf.TensorShape(None)),
        parallel_iterations=1,
    )
    return tf.ensure_shape(path.concat(), [None])


def last_nodes(nodes: Nodes, lattice: Lattice, characters: CharacterArrays) -> tf.Tensor:
    """The last node of each section: EOS, or the only one that ends where the next section begins.

    Returns:
      int32, shape (sections,): right numbers; first those of EOS.
    """
    texts = tf.size(characters.ends)
    eos = nodes.right_number[-texts:]  # they end behind all else
    cuts = tf.cast(places(lattice.is_cut), tf.int32)
    single = take(nodes.right_number, take(nodes.first_left, cuts))
    return tf.concat([eos, tf.boolean_mask(single, single >= texts)], 0)  # BOS end no section
