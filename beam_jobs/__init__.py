"""Beam jobs: sources, analyzers, sinks, and one module a job."""
