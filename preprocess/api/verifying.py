"""Verification, as both faces run it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from preprocess.api.quiet_libraries import quiet_libraries
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.lazy import lazy_imports
from preprocess.core.progress_display import watched

with lazy_imports():
    from beam_jobs.sources import verification_rows
    from preprocess import verification

if TYPE_CHECKING:
    from beam_jobs.sources import Given
    from preprocess.verification.verifier import Report


def verification_report(artifact: OpenedArtifact, inputs: Sequence[Given]) -> Report:
    """Compares every record of an artifact with what its serving graph answers.

    Args:
      artifact: whose files and records are checked.
      inputs: the rows, as values of `--input` or tables; none: the files that the manifest lists.

    Raises:
      InputError: an input file is missing or has changed since the build.
      ArtifactError: a part of the artifact is missing or damaged.
      VerificationError: the serving process died.
    """
    source = verification_rows.verification_source(artifact, inputs)
    totals = {"answered": artifact.manifest.rows.read}
    with quiet_libraries(), watched("verify", totals) as watch:
        artifact.files.check_all(watch.add)
        return verification.verify(artifact, source, watch.add)


def verdict(report: Report) -> str:
    """One line on what was found, such as `20 of 20 records agree with what serving/ answers`."""
    records = max(report.expected, report.found)
    agree = f"{records - report.different:,} of {records:,} records agree"
    if report.is_good:
        return f"{agree} with what serving/ answers"
    return f"{agree}; {report.different:,} differ"
