"""Files of cells whose suffix the spec declares under `formats`."""

from beam_jobs.sources.formats.delimited_format import DelimitedFormat

DECLARED = DelimitedFormat("declared", "", types="text")
"""Delimited text of any suffix; each file brings its dialect."""
