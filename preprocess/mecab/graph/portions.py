"""A batch in portions: memory stays bounded, and several cores work on several of them."""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

from preprocess.mecab.graph.ragged import places

Segment = Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]]


def in_portions(segment: Segment, texts: tf.Tensor, size: int, parallel: int) -> tf.RaggedTensor:
    """Segments texts of like length together.

    The loops over characters run as long as the longest section of a portion needs.

    Args:
      segment: string texts, shape (n,), at least one, to their tokens, string of shape (tokens,),
        and int32 numbers of tokens, shape (n,).
      texts: string, shape (batch,).
      size: bytes of UTF-8 from which on a portion takes no more texts.
      parallel: portions that may run at the same time.

    Returns:
      string, shape (batch, None), with int64 row splits.
    """
    lengths = tf.strings.length(texts)
    order = tf.argsort(lengths, direction="DESCENDING")
    tokens, counts = _loop(
        segment, tf.gather(texts, order), _splits(lengths, order, size), parallel
    )
    by_length = tf.RaggedTensor.from_row_lengths(tokens, tf.cast(counts, tf.int64), validate=False)
    return tf.gather(by_length, tf.math.invert_permutation(order))


def _splits(lengths: tf.Tensor, order: tf.Tensor, size: int) -> tf.Tensor:
    """int32, shape (portions + 1,): where portions begin among the sorted texts, then the batch."""
    before = tf.cumsum(tf.gather(lengths, order), exclusive=True)
    portion = before // size
    is_first = portion != tf.concat([[-1], portion[:-1]], 0)
    return tf.concat([places(is_first), [tf.size(order)]], 0)


def _loop(
    segment: Segment, texts: tf.Tensor, splits: tf.Tensor, parallel: int
) -> tuple[tf.Tensor, tf.Tensor]:
    """Tokens and counts of all portions, one after the other."""
    portions = tf.size(splits) - 1

    def step(
        i: tf.Tensor, tokens: tf.TensorArray, counts: tf.TensorArray
    ) -> tuple[tf.Tensor, tf.TensorArray, tf.TensorArray]:
        some, lengths = segment(texts[splits[i] : splits[i + 1]])
        return i + 1, tokens.write(i, some), counts.write(i, lengths)

    arrays = (_array(tf.string, portions), _array(tf.int32, portions))
    _, tokens, counts = tf.while_loop(
        lambda i, *_: i < portions, step, (0, *arrays), parallel_iterations=parallel
    )
    return tokens.concat(), counts.concat()


def _array(dtype: tf.DType, size: tf.Tensor) -> tf.TensorArray:
    return tf.TensorArray(dtype, size, infer_shape=False, element_shape=tf.TensorShape([None]))
