"""The example spec of the design, as a user writes it, and as plain data."""

from __future__ import annotations

import yaml

DESIGN_EXAMPLE = """
features:
  text:                      # a raw column
    kind: text
    vocabulary: words
    max_length: 500
    truncating: post         # pre | post: which end is cut       (the words Keras uses)
    padding: post            # pre | post: which end gets zeros
  rating: {kind: numeric, scale: z_score}        # z_score | min_max | none
labels:
  label: {kind: binary}      # binary | category | multilabel | number
vocabularies:
  words:                     # two features that name one vocabulary share it, and its ids
    tokenizer: {kind: keras}
    max_size: 20000          # words kept, the reserved ids not counted
    min_count: 1
    oov: token               # drop | token | {hash_buckets: 8}
    ties: bytes              # words of equal count
splits:                      # one of: by input (see --input), by column, by stable hash of a column
  by: id
  fractions: {train: 0.9, validation: 0.1}
keep: [id]                   # columns carried through untouched
buckets: {by: text, count: 8}
rejects: {max_fraction: 0.01}
output: {shards: 4, compression: gzip, seed: 0}  # shards for each split and bucket
"""


def plain() -> dict:
    """The example as YAML without our code reads it."""
    return yaml.safe_load(DESIGN_EXAMPLE)
