"""Proves that serving answers what the records hold: every record, by a process of its own."""

from preprocess.verification.verifier import Report, Source, verify

__all__ = ["Report", "Source", "verify"]
