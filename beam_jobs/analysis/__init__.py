"""One pass over the rows: everything the transform graph needs to know of the train split."""

from beam_jobs.analysis.analysis import AnalysisOutputs, Analyze
from beam_jobs.analysis.tokenized_batch import TokenizedBatch

__all__ = ["AnalysisOutputs", "Analyze", "TokenizedBatch"]
