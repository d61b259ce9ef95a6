"""Charts of the report, one a file."""
