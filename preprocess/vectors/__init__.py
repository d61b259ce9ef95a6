"""Pretrained word vectors, aligned with the ids of a word index."""

from preprocess.vectors.align import Aligned, read_vectors, vector_width
from preprocess.vectors.initial import Missing

__all__ = ["Aligned", "Missing", "read_vectors", "vector_width"]
