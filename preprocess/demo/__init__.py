"""A corpus to try everything on, made on the spot."""

from preprocess.demo.corpus import Corpus, write_corpus

__all__ = ["Corpus", "write_corpus"]
