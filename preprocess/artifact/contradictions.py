"""What in a manifest cannot be, though its digest fits: it contradicts itself, or its spec."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Literal

from pydantic_core import PydanticCustomError

from preprocess.artifact.layout import EXAMPLES, bucket_name, shard_name
from preprocess.artifact.output_file import OutputFile
from preprocess.core.problem import problem
from preprocess.spec import Spec


def check_declared(
    spec: Spec,
    vocabulary_sizes: Mapping[str, int],
    classes: Mapping[str, Sequence[str]],
    kept: Iterable[str],
) -> None:
    """Refuses what was learnt of other vocabularies, labels or columns than the spec declares.

    Raises:
      PydanticCustomError: names the key.
    """
    check_keys("vocabulary_sizes", vocabulary_sizes, spec.vocabularies)
    check_keys("classes", classes, spec.class_labels)
    check_keys("kept", kept, spec.kept)
    for name, size in vocabulary_sizes.items():
        least = spec.vocabularies[name].ids.first_token
        if size < least:
            raise contradiction(f"vocabulary_sizes.{name}", str(size), f"at least {least}")
    for label, names in classes.items():
        if len(set(names)) < len(names):
            raise contradiction(f"classes.{label}", "a class twice", "each once")


def check_keys(at: str, got: Iterable[str], expected: Iterable[str]) -> None:
    """Refuses other keys than the spec declares, in whatever order.

    Raises:
      PydanticCustomError: names what is at `at`.
    """
    found, declared = list(got), list(expected)
    if set(found) != set(declared):
        raise contradiction(at, _listed(found), f"{_listed(declared)} as in the spec")


def check_records(
    files: Sequence[OutputFile], written: Mapping[str, int], boundaries: Sequence[int]
) -> None:
    """Refuses files that hold other records than were written of a split.

    Args:
      files: all that the manifest lists.
      written: records by split.
      boundaries: of the buckets.

    Raises:
      PydanticCustomError: names the split.
    """
    held: Counter[str] = Counter()
    for file in files:
        held[file.path.rpartition("/")[0]] += file.records or 0
    for split, records in written.items():
        got = sum(held.pop(f"{EXAMPLES}/{split}/{bucket_name(b)}", 0) for b in boundaries)
        if got != records:
            where = f"rows.written.{split}"
            raise contradiction(where, f"{records:,} records", f"the {got:,} of its files")
    for folder in held:
        if folder.startswith(f"{EXAMPLES}/"):
            raise contradiction("files", f"records in {folder}", "splits and buckets of its own")


def check_shards(
    files: Iterable[OutputFile],
    splits: Iterable[str],
    boundaries: Sequence[int],
    shards: int | Literal["auto"],
) -> None:
    """Refuses a bucket that lacks a file of its own numbering, or has another number of files.

    Args:
      files: all that the manifest lists.
      splits: of the artifact.
      boundaries: of the buckets.
      shards: as the spec has them.

    Raises:
      PydanticCustomError: names the bucket.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for file in files:
        folder, _, name = file.path.rpartition("/")
        found[folder].append(name.partition(".")[0])
    for split, boundary in product(splits, boundaries):
        folder = f"{EXAMPLES}/{split}/{bucket_name(boundary)}"
        number = max(1, len(found[folder])) if shards == "auto" else shards
        expected = [shard_name(shard, number, "") for shard in range(number)]
        if sorted(found[folder]) != expected:
            got = f"{len(found[folder]):,} files in {folder}"
            raise contradiction("files", got, f"those from {expected[0]} to {expected[-1]}")


def check_paths(files: Iterable[OutputFile]) -> None:
    """Refuses a file that is listed twice.

    Raises:
      PydanticCustomError: names it.
    """
    for path, times in Counter(file.path for file in files).items():
        if times > 1:
            raise contradiction("files", f"{path!r} twice", "each file once")


def contradiction(at: str, got: str, expected: str) -> PydanticCustomError:
    """The validation error for what is at `at`, a path below the model that raises it."""
    return problem(f"got {got}", expected, "make it again", at)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
