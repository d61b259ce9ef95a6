"""MeCab's one-best segmentation as a TensorFlow graph: standard ops, no Python at run time.

MeCab (https://taku910.github.io/mecab) looks up every word of a text in a dictionary, adds unknown
words by the type of their characters, and finds the cheapest way through this lattice by the
Viterbi algorithm. Here its compiled dictionary becomes arrays (`mecab.dictionary`, which needs
numpy alone), and these steps become graph code that gives the same tokens (`mecab.graph`). Files
bear the names of MeCab's own sources where there is such a one.

Example:
  >>> import tensorflow as tf
  >>> from preprocess.mecab.dictionary import find_dictionary, read_dictionary
  >>> from preprocess.mecab.graph import Segmenter
  >>> segmenter = Segmenter(read_dictionary(find_dictionary("ipadic")))
  >>> [tokens] = segmenter.segment(tf.constant(["すもももももももものうち"])).to_list()
  >>> " ".join(token.decode() for token in tokens)
  'すもも も もも も もも の うち'
"""
