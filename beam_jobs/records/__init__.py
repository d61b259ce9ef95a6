"""From sequences to padded, length-bucketed, shuffled TFRecord shards."""

from beam_jobs.records.histogram import MergeHistograms, histograms
from beam_jobs.records.plan import Plan, make_plan
from beam_jobs.records.shards import WriteShard
from beam_jobs.records.shuffle import RECORDS_STATISTICS, UNKNOWN, DealRecords
from beam_jobs.records.statistics import MergeCounts

__all__ = [
    "RECORDS_STATISTICS",
    "UNKNOWN",
    "DealRecords",
    "MergeCounts",
    "MergeHistograms",
    "Plan",
    "WriteShard",
    "histograms",
    "make_plan",
]
