"""How new content takes the place of the old: what was whole stays so until its successor is.

A run writes below `ROOT/.work-ID/new`, the manifest last. Then the old content, its manifest
first, is moved to `ROOT/.old-ID`, the file `moving` is made, and the new content is moved in, the
manifest last. Every step may be done twice, so that whoever finds a swap that was cut short
finishes it.
"""

from __future__ import annotations

from preprocess.core.errors import ArtifactError, reason_of
from preprocess.core.output.folder_kind import FolderKind
from preprocess.core.output.folder_lock import in_use, locked_folder
from preprocess.core.storage import delete_tree, storage_of

WORK, OLD, STATE = ".work-", ".old-", ".training"
NEW, MOVING = "new", "moving"


def settle(root: str, kind: FolderKind) -> None:
    """Finishes the swap of a run that was killed in the middle of it; else does nothing.

    Raises:
      ArtifactError: it cannot be finished.
    """
    storage = storage_of(root)
    if not storage.guarantees.atomic_rename or not _interrupted(root, kind):
        return
    try:
        with locked_folder(root, kind, patient=True):
            finish_swaps(root, kind)
    except BlockingIOError as error:
        raise ArtifactError(
            f"{root}: is being replaced by a {kind.run} that is {in_use(root, kind)}; wait until "
            "it has ended"
        ) from error
    except OSError as error:
        raise ArtifactError(
            f"{root}: a {kind.run} was killed while it replaced the {kind.name}, and what it left "
            f"cannot be put in place ({error.filename}: {reason_of(error)}); give a user who may "
            f"write there, or run `{kind.command} --overwrite`"
        ) from error


def finish_swaps(root: str, kind: FolderKind) -> None:
    """Finishes every swap that has begun, and clears what else killed runs have left."""
    for work in _interrupted(root, kind):
        swap(work, root, kind)
    for name in _below(root, WORK, OLD):
        delete_tree(f"{root}/{name}")


def swap(work: str, root: str, kind: FolderKind) -> None:
    """Puts the content of `work` in the place of the old, from wherever that was cut short."""
    storage, old = storage_of(root), f"{root}/{OLD}{_id(work)}"
    if not storage.exists(f"{work}/{MOVING}"):
        if storage.exists(f"{root}/{kind.manifest}") or storage.exists(f"{old}/{kind.manifest}"):
            for name in (kind.manifest, *kind.members):
                storage.move(f"{root}/{name}", f"{old}/{name}")
        storage.create(f"{work}/{MOVING}").close()
    for name in kind.state:
        storage.move(f"{root}/{STATE}/{name}", f"{root}/{name}")
    for name in (*kind.members, kind.manifest):
        storage.move(f"{work}/{NEW}/{name}", f"{root}/{name}")
    for path in (old, f"{root}/{STATE}", work):
        storage.delete_tree(path)


def _interrupted(root: str, kind: FolderKind) -> list[str]:
    """The work folders of runs that had written everything."""
    storage = storage_of(root)
    works = [f"{root}/{name}" for name in _below(root, WORK)]
    signs = (MOVING, f"{NEW}/{kind.manifest}")
    return [work for work in works if any(storage.exists(f"{work}/{sign}") for sign in signs)]


def _below(root: str, *prefixes: str) -> list[str]:
    return [name for name in storage_of(root).subfolders(root) if name.startswith(prefixes)]


def _id(work: str) -> str:
    return work.rpartition(WORK)[2]
