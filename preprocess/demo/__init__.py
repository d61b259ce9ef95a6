"""Corpora to try everything on, made on the spot."""

from preprocess.demo.corpus import Corpus, write_corpus
from preprocess.demo.japanese import write_japanese
from preprocess.demo.steps import demo_steps

__all__ = ["Corpus", "demo_steps", "write_corpus", "write_japanese"]
