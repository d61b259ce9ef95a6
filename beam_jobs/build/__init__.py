"""The build: raw rows to vocabularies, the transform graph, and bucketed TFRecords.

`plan_build` checks everything that needs neither Beam nor TensorFlow, and imports neither; so names
are imported when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from preprocess.core.lazy import lazy_attributes

if TYPE_CHECKING:
    from beam_jobs.build.build_plan import BuildPlan, plan_build
    from beam_jobs.build.build_run import build, run_build

__all__ = ["BuildPlan", "build", "plan_build", "run_build"]

__getattr__ = lazy_attributes(
    __name__,
    {
        "BuildPlan": "beam_jobs.build.build_plan",
        "build": "beam_jobs.build.build_run",
        "plan_build": "beam_jobs.build.build_plan",
        "run_build": "beam_jobs.build.build_run",
    },
)
