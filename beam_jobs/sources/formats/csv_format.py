"""Comma-separated values."""

from beam_jobs.sources.formats.delimited_format import DelimitedFormat

CSV = DelimitedFormat("csv", ".csv", types="text", delimiter=",")
