"""Files on disk, or wherever a URI points to: one interface, and a backend for each scheme."""

from preprocess.core.storage.base import Guarantees, Storage, StoredFile
from preprocess.core.storage.by_scheme import BACKENDS, is_uri, starting_at, storage_of
from preprocess.core.storage.globs import MAGIC, matching
from preprocess.core.storage.whole_files import (
    TEMPORARY,
    delete_tree,
    read_bytes,
    read_text,
    write_file,
)

__all__ = [
    "BACKENDS",
    "MAGIC",
    "TEMPORARY",
    "Guarantees",
    "Storage",
    "StoredFile",
    "delete_tree",
    "is_uri",
    "matching",
    "read_bytes",
    "read_text",
    "starting_at",
    "storage_of",
    "write_file",
]
