"""How new content takes the place of the old: what was whole stays so until its successor is.

A run writes below `ROOT/.work-ID/new`, the manifest last. To publish it, the file `begun` is made;
the old content, its manifest first, is moved to `ROOT/.old-ID`; `begun` is renamed to `moving`; the
new content is moved in, the manifest last. Every step may be done twice, so that whoever finds a
swap that was cut short finishes it. One that fails before `moving` is undone.
"""

from __future__ import annotations

from preprocess.core.errors import ArtifactError, reason_of
from preprocess.core.output.folder_kind import FolderKind
from preprocess.core.output.folder_lock import in_use, locked_folder
from preprocess.core.output.refusals import linked_folder
from preprocess.core.storage import delete_tree, storage_of

WORK, OLD, STATE = ".work-", ".old-", ".training"
NEW, BEGUN, MOVING = "new", "begun", "moving"


def settle(root: str, kind: FolderKind) -> None:
    """Finishes the swap of a run that was killed in the middle of it; else does nothing.

    For readers. Where the old content is still whole, and cannot be replaced, it stays.

    Raises:
      ArtifactError: there is no whole content, and it cannot be put in place.
    """
    storage = storage_of(root)
    if not storage.guarantees.atomic_rename:  # nor folders, so that a look at them lists every file
        return
    if not (_pending(root, kind) or _displaced(root, kind)):
        return
    is_whole = storage.exists(f"{root}/{kind.manifest}")
    try:
        with locked_folder(root, kind, patient=not is_whole):
            finish_swaps(root, kind)
    except OSError as error:
        if not storage.exists(f"{root}/{kind.manifest}"):
            raise _unsettled(root, kind, error) from error


def _unsettled(root: str, kind: FolderKind, error: OSError) -> ArtifactError:
    if isinstance(error, BlockingIOError):
        return ArtifactError(
            f"{root}: got a folder that a {kind.run} is replacing ({in_use(root)}), expected one "
            "that stays; wait until it has ended"
        )
    return ArtifactError(
        f"{root}: a {kind.run} was killed while it replaced the {kind.name}, and what it left "
        f"cannot be put in place ({error.filename}: {reason_of(error)}); give a user who may "
        f"write there, or run `{kind.command} --overwrite`"
    )


def finish_swaps(root: str, kind: FolderKind) -> None:
    """Finishes every swap that has begun, and clears what else killed runs have left."""
    for work in _pending(root, kind):
        _finish(work, root, kind)
    for old in _displaced(root, kind):
        _restore(old, root, kind)
    for name in _below(root, WORK, OLD):
        delete_tree(f"{root}/{name}")


def swap(work: str, root: str, kind: FolderKind) -> None:
    """Puts the content of `work` in the place of the old, or leaves the old as it was.

    Raises:
      OSError: something cannot be moved. Once the old content is out of the way, the next command
        finishes what is left.
    """
    storage = storage_of(root)
    storage.create(f"{work}/{BEGUN}", exclusive=True).close()
    try:
        _finish(work, root, kind)
    except BaseException:
        if not storage.exists(f"{work}/{MOVING}"):
            storage.delete_tree(f"{work}/{BEGUN}")
        raise


def is_begun(work: str) -> bool:
    """Whether the content of a work folder is being put in place, and must stay."""
    storage = storage_of(work)
    return any(storage.exists(f"{work}/{sign}") for sign in (BEGUN, MOVING))


def _finish(work: str, root: str, kind: FolderKind) -> None:
    """Swaps, from wherever that was cut short."""
    storage, old = storage_of(root), _old_of(work, root)
    if link := storage.link_in(old):
        raise linked_folder(root, link)
    if not storage.exists(f"{work}/{MOVING}"):
        try:
            _move_out(root, old, kind)
            storage.rename(f"{work}/{BEGUN}", f"{work}/{MOVING}")
        except BaseException:
            _restore(old, root, kind)
            raise
    for name in kind.state:
        _move_in(f"{root}/{STATE}/{name}", f"{root}/{name}")
    for name in (*kind.members, kind.manifest):
        _move_in(f"{work}/{NEW}/{name}", f"{root}/{name}")
    for path in (old, f"{root}/{STATE}", work):
        storage.delete_tree(path)


def _move_out(root: str, old: str, kind: FolderKind) -> None:
    storage = storage_of(root)
    if storage.exists(f"{root}/{kind.manifest}") or storage.exists(f"{old}/{kind.manifest}"):
        for name in (kind.manifest, *kind.members):
            storage.move(f"{root}/{name}", f"{old}/{name}")


def _move_in(source: str, destination: str) -> None:
    """Moves what there is, over what somebody may have put there since the old was moved out."""
    if _is_there(source):
        delete_tree(destination)
        storage_of(source).move(source, destination)


def _restore(old: str, root: str, kind: FolderKind) -> None:
    """Moves the old content back, the manifest last."""
    for name in (*kind.members, kind.manifest):
        _move_in(f"{old}/{name}", f"{root}/{name}")
    delete_tree(old)


def _pending(root: str, kind: FolderKind) -> list[str]:
    """The work folders of runs that had begun to put their content in place."""
    exists = storage_of(root).exists
    works = [f"{root}/{name}" for name in _below(root, WORK)]
    return [
        work
        for work in works
        if (is_begun(work) and exists(f"{work}/{NEW}/{kind.manifest}"))
        # The manifest is moved last: there is one in its place already.
        or (exists(f"{work}/{MOVING}") and exists(f"{root}/{kind.manifest}"))
    ]


def _displaced(root: str, kind: FolderKind) -> list[str]:
    """The old contents that nothing takes the place of."""
    storage = storage_of(root)
    if storage.exists(f"{root}/{kind.manifest}") or _pending(root, kind):
        return []
    olds = [f"{root}/{name}" for name in _below(root, OLD)]
    return [old for old in olds if storage.exists(f"{old}/{kind.manifest}")]


def _is_there(path: str) -> bool:
    storage = storage_of(path)
    return storage.exists(path) or storage.is_folder(path) or bool(storage.list(path))


def _below(root: str, *prefixes: str) -> list[str]:
    return [name for name in storage_of(root).subfolders(root) if name.startswith(prefixes)]


def _old_of(work: str, root: str) -> str:
    return f"{root}/{OLD}{work.rpartition(WORK)[2]}"
