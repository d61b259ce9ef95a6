"""From sequences to padded, length-bucketed, shuffled TFRecord shards."""

from beam_jobs.records.assign_shards import RECORDS_STATISTICS, UNKNOWN, AssignShards
from beam_jobs.records.length_histogram import MergeHistograms, histograms
from beam_jobs.records.record_plan import RecordPlan, plan_records
from beam_jobs.records.shards import WriteShard

__all__ = [
    "RECORDS_STATISTICS",
    "UNKNOWN",
    "AssignShards",
    "MergeHistograms",
    "RecordPlan",
    "WriteShard",
    "histograms",
    "plan_records",
]
