"""An artifact, and what a model makes of it, as one HTML page."""

from preprocess.report.report_writer import write_report_of

__all__ = ["write_report_of"]
