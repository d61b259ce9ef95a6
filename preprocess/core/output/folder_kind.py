"""What a command leaves in a folder, by name."""

from __future__ import annotations

from dataclasses import dataclass

MARKER = ".text2seq"
"""The file that says that a folder is ours, and may be deleted on a rerun or with `--overwrite`."""


@dataclass(frozen=True)
class FolderKind:
    """A kind of folder that a command makes.

    Attributes:
      name: such as "artifact".
      command: that makes it, such as "text2seq build".
      run: what one run of the command is called.
      manifest: name of the file that is there only when everything else is.
      members: names of the other files and folders.
      state: those of them that a run which was cut short can be resumed from.
    """

    name: str
    command: str
    run: str
    manifest: str
    members: tuple[str, ...]
    state: tuple[str, ...] = ()

    @property
    def remedy(self) -> str:
        """What to do about one that is damaged."""
        return f"copy the {self.name} again or run `{self.command}` again"

    @property
    def marker_text(self) -> str:
        """The content of the marker while no run is writing."""
        return (
            f"Made by text2seq: `{self.command} --overwrite` may delete what a {self.run} has "
            "written here.\n"
        )
