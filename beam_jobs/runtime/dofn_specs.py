"""Spares Beam from looking at every method of every DoFn again and again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import apache_beam as beam
from apache_beam.transforms import userstate


@contextmanager
def remembered_specs() -> Iterator[None]:
    """Has Beam find the state and timers of each DoFn once.

    It does so eight times, by the signature of each of its methods, which is a fifth of the time
    that it takes to put a pipeline together and hand it to a runner.
    """
    found: dict[int, tuple[beam.DoFn, Any]] = {}
    find = userstate.get_dofn_specs

    def remembered(dofn: beam.DoFn) -> Any:
        key = id(dofn)  # its own, as long as it is held here
        if key not in found:
            found[key] = dofn, find(dofn)
        return found[key][1]

    userstate.get_dofn_specs = remembered
    try:
        yield
    finally:
        userstate.get_dofn_specs = find
