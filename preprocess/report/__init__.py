"""An artifact, and what a model makes of it, as one HTML page."""

from preprocess.report.report_writer import write_report

__all__ = ["write_report"]
