"""Tab-separated values."""

from beam_jobs.sources.formats.delimited_format import DelimitedFormat

TSV = DelimitedFormat("tsv", ".tsv", types="text", delimiter="\t")
