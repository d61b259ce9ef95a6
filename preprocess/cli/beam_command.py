"""A command that takes Beam's options beside its own."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from beam_jobs.runtime import known_options

BEAM_CONTEXT = {"allow_extra_args": True, "ignore_unknown_options": True}
"""What the command does not know is left for Beam."""

_HELP = "--help"


class BeamCommand(TyperCommand):
    """Refuses a mistyped option before it misses the one that was meant."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parses what stands behind the name of the command.

        Raises:
          UsageError: an option is almost one of the command's, or of Beam's.
        """
        if _HELP not in args:
            own = [name for parameter in self.get_params(ctx) for name in parameter.opts]
            known_options.refuse_mistyped(args, own)
        parsed: list[str] = super().parse_args(ctx, args)
        return parsed
