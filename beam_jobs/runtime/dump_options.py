"""Writes down what Beam's option classes declare, so that they are known without Beam.

`python -m beam_jobs.runtime.dump_options` writes `beam_options.json` for the installed Beam.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from apache_beam.options.pipeline_options import (
    PipelineOptions,
    StandardOptions,
    _BeamArgumentParser,
)

from beam_jobs.runtime.known_options import PATH

_TYPES = {int: "int", float: "float", json.loads: "json"}


def declared_by_beam() -> dict[str, Any]:
    """The runners and options of the Beam that is installed, as `beam_options.json` holds them."""
    parser = _BeamArgumentParser(allow_abbrev=False, conflict_handler="resolve")
    for options in PipelineOptions.__subclasses__():
        if add := options.__dict__.get("_add_argparse_args"):
            add.__get__(None, options)(parser)
    actions = [action for action in parser._actions if action.dest != "help"]
    return {
        "runners": list(StandardOptions.KNOWN_RUNNER_NAMES),
        "options": sorted(map(_declared, actions), key=lambda option: option["names"]),
    }


def _declared(action: argparse.Action) -> dict[str, Any]:
    option: dict[str, Any] = {"names": list(action.option_strings), "dest": action.dest}
    if action.nargs == 0:
        option["sets"] = action.const
    if action.nargs == "?":
        option["may_stand_alone"] = True
    if action.type in _TYPES:
        option["type"] = _TYPES[action.type]
    if action.choices is not None:
        option["choices"] = list(action.choices)
    return option


def as_json(declared: dict[str, Any]) -> str:
    """JSON with an option on a line, so that a change of Beam's is a change of a line."""
    options = ",\n".join(f"  {json.dumps(option)}" for option in declared["options"])
    runners = json.dumps(declared["runners"])
    return f'{{\n "runners": {runners},\n "options": [\n{options}\n ]\n}}\n'


if __name__ == "__main__":
    PATH.write_text(as_json(declared_by_beam()))
