"""MeCab's stages as graph code, one a file, and the segmenter that runs them."""

from preprocess.mecab.graph.segmenter import Segmenter

__all__ = ["Segmenter"]
