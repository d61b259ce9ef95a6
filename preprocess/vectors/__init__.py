"""Pretrained word vectors, aligned with the ids of a word index."""

from preprocess.model_file.text_options import Missing
from preprocess.vectors.align import Aligned, read_vectors, vector_width
from preprocess.vectors.word2vec import Word2VecOptions, train_word2vec

__all__ = [
    "Aligned",
    "Missing",
    "Word2VecOptions",
    "read_vectors",
    "train_word2vec",
    "vector_width",
]
