"""From sequences to padded, length-bucketed, shuffled TFRecord shards."""

from beam_jobs.records.assign_shards import RECORDS_STATISTICS, UNKNOWN, DealRecords
from beam_jobs.records.length_histogram import MergeHistograms, histograms
from beam_jobs.records.record_plan import Plan, make_plan
from beam_jobs.records.record_statistics import MergeCounts
from beam_jobs.records.shards import WriteShard

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
