"""Proves that serving answers what the records hold: every record, by a process of its own."""

from preprocess.verification.record_rows import Place
from preprocess.verification.verifier import Report, Source, verify

__all__ = ["Place", "Report", "Source", "verify"]
