"""From sequences to padded, length-bucketed, shuffled TFRecord shards."""

from beam_jobs.records.histogram import MergeHistograms, measure_lengths
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
    "make_plan",
    "measure_lengths",
]
