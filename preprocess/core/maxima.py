"""The most that a spec or a model file may ask for, far below what a machine's memory bears.

A mistyped number is a line, then, not a job that ends for want of memory.
"""

MAX_NAME = 100
"""Characters of a name: a few of them in one file name stay below the 255 bytes of file systems."""
MAX_TEXT = 1_000
"""Characters of a column's name, a separator or a token."""
MAX_PATH = 4_096
"""Characters of a path, as on Linux."""
MAX_COLUMNS = 1_000
"""Features, labels, kept columns, vocabularies: each is an input of a graph."""
MAX_VALUES = 10_000
"""Values of a column that are listed in a file written by hand."""
MAX_SPLITS = 100
MAX_STEPS = 1_000_000
"""Tokens of a text: what a record is padded to."""
MAX_WORDS = 10_000_000
"""Words of a vocabulary, all of them in a lookup table."""
MAX_COUNT = 1_000_000_000
"""How often a word may be asked to occur, or how many examples an epoch may have."""
MAX_EPOCHS = 100_000
MAX_DIM = 4_096
"""Numbers of a word's vector."""
MAX_UNITS = 8_192
"""Outputs of a layer that runs at every step; its weights grow with the square."""
MAX_DENSE_UNITS = 16_384
"""Outputs of a layer that runs once for a text."""
MAX_LAYERS = 16
MAX_EMBEDDING = 1 << 31
"""Numbers of an embedding: 8 GiB of float32, and as much twice again in an optimizer."""
MAX_FACTOR = 1_000_000.0
"""A weight, a norm or a difference of losses; float32 bears the product of several."""
MAX_LEARNING_RATE = 1_000.0
MAX_SEED = 2**32 - 1
"""What the generators of NumPy and Keras take."""
