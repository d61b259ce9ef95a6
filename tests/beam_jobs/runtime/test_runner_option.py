"""`--runner` is checked before anything is read or written."""

from __future__ import annotations

import pytest

from beam_jobs.runtime.options import is_local, parse_options
from preprocess.core.errors import UsageError


def test_an_unknown_runner_is_refused() -> None:
    with pytest.raises(UsageError, match="got a runner that Beam does not have"):
        parse_options(["--runner=Nope"])


def test_a_known_runner_is_taken() -> None:
    assert not is_local(parse_options(["--runner=BundleBasedDirectRunner"]))
