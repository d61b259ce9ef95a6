"""Tab-separated values."""

from beam_jobs.sources.formats.delimited_format import DelimitedFormat
from preprocess.spec.formats import DIALECTS

TSV = DelimitedFormat("tsv", ".tsv", types="text", dialect=DIALECTS["tsv"])
