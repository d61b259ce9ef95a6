"""What a command writes: the folder it claims, and how a new content takes the place of the old."""

from preprocess.core.output.claimed_folder import ClaimedFolder, check_output, claimed
from preprocess.core.output.folder_kind import MARKER, FolderKind
from preprocess.core.output.leftovers import clearing
from preprocess.core.output.refusals import existing_file
from preprocess.core.output.swap import settle

__all__ = [
    "MARKER",
    "ClaimedFolder",
    "FolderKind",
    "check_output",
    "claimed",
    "clearing",
    "existing_file",
    "settle",
]
