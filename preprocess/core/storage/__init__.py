"""Files on disk, or wherever a URI points to: one interface, and a backend for each scheme."""

from preprocess.core.storage.base import TEMPORARY, Guarantees, LockedFile, Storage, StoredFile
from preprocess.core.storage.by_scheme import BACKENDS, as_local, is_uri, starting_at, storage_of
from preprocess.core.storage.globs import MAGIC, matching
from preprocess.core.storage.whole_files import (
    delete_tree,
    read_bytes,
    read_text,
    replacing,
    write_file,
)

__all__ = [
    "BACKENDS",
    "MAGIC",
    "TEMPORARY",
    "Guarantees",
    "LockedFile",
    "Storage",
    "StoredFile",
    "as_local",
    "delete_tree",
    "is_uri",
    "matching",
    "read_bytes",
    "read_text",
    "replacing",
    "starting_at",
    "storage_of",
    "write_file",
]
