"""Comma-separated values."""

from beam_jobs.sources.formats.delimited_format import DelimitedFormat
from preprocess.spec.formats import DIALECTS

CSV = DelimitedFormat("csv", ".csv", types="text", dialect=DIALECTS["csv"])
