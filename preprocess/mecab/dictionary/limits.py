"""How long a text may be."""

MAX_BYTES = 65_535
"""Longest text in UTF-8 that is segmented as by MeCab, which keeps lengths in 16 bits: a longer
run of blanks would differ. Reject longer texts."""
