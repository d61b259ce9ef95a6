"""Files of cells whose suffix the spec declares under `formats`."""

from dataclasses import dataclass

from beam_jobs.sources.formats.delimited_format import DelimitedFormat


@dataclass(frozen=True)
class DeclaredFormat(DelimitedFormat):
    """Delimited text of any suffix; each file brings its dialect."""

    @property
    def suffixes(self) -> list[str]:
        """None but those that a spec declares."""
        return []


DECLARED = DeclaredFormat("declared", "", types="text")
