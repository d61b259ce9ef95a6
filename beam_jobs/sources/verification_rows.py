"""The raw rows of an artifact, read again: what `verify` compares its records with."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import pyarrow as pa

from beam_jobs.sources import (
    Given,
    Input,
    SourceFile,
    expand,
    load_schema,
    parse_inputs,
    read_rows,
    split_names,
    unit,
)
from beam_jobs.sources.columns.raw_schema import MAX_SCHEMA_BYTES
from preprocess.artifact.manifest import InputFile, Manifest
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import InputError, one_line
from preprocess.core.storage import is_uri, matching
from preprocess.verification import Place, Source


def verification_source(artifact: OpenedArtifact, inputs: Sequence[Given] = ()) -> Source:
    """The rows that an artifact was built from.

    Args:
      artifact: built from them.
      inputs: as `--input` of the build; none: the files that the manifest lists.

    Raises:
      InputError: an input file is missing or has changed since the build.
    """
    manifest = artifact.manifest
    files = expand(parse_inputs(inputs), manifest.spec) if inputs else _listed(manifest)
    raw_schema = artifact.files.check(artifact.layout.raw_schema)
    # The build writes what it was given with blanks, and escaped.
    schema = load_schema(raw_schema, 16 * MAX_SCHEMA_BYTES)

    def read() -> Iterator[pa.RecordBatch]:
        rows = read_rows(files, manifest.spec, schema)
        return (item for item in rows if isinstance(item, pa.RecordBatch))

    def place(source: int, row: int) -> Place:
        path, at = files[source].place(row)
        return Place(path, unit(files[source]), at)

    return Source(read, split_names(manifest.spec, files), place)


def _listed(manifest: Manifest) -> list[SourceFile]:
    if tables := [listed.path for listed in manifest.inputs if listed.is_table]:
        raise InputError(
            f"got an artifact of tables that were in memory ({', '.join(tables)}), expected their "
            "rows to compare with; call preprocess.Artifact.open(...).verify(data), or give files "
            "of the same rows with --input"
        )
    for listed in manifest.inputs:
        _check_there(listed.path)
    files = expand([Input(f.split, f.path) for f in manifest.inputs], manifest.spec)
    if (found := [file.path for file in files]) != [listed.path for listed in manifest.inputs]:
        raise InputError(
            f"got the input files {', '.join(found[:3])}, expected those that the manifest lists; "
            "give them with --input, or build again"
        )
    for file, listed in zip(files, manifest.inputs, strict=True):
        if file.group and file.group.sha256 != listed.sha256:
            raise _changed(file, file.group.count, listed)
        if file.size != listed.bytes:
            raise InputError(
                f"{file.path}: got {file.size:,} bytes, expected {listed.bytes:,} as when the "
                "artifact was built; give the same files with --input, or build again"
            )
    return files


def _check_there(path: str) -> None:
    """Refuses a path of the manifest, which nobody has typed now, that leads to nothing."""
    try:
        found = matching(path)
    except (OSError, ValueError) as error:
        raise _gone(path, one_line(error)) from error
    if not found:
        is_relative = not is_uri(path) and not os.path.isabs(path)
        raise _gone(path, f"no such file below {os.getcwd()}" if is_relative else "no such file")


def _gone(path: str, got: str) -> InputError:
    where = "" if is_uri(path) or os.path.isabs(path) else ", from the folder of the build"
    return InputError(
        f"{path}: got {got}, expected a file that the artifact was built from, as its manifest "
        f"lists it{where}; give the same rows with --input, or run verify where they are"
    )


def _changed(file: SourceFile, count: int, listed: InputFile) -> InputError:
    return InputError(
        f"{file.path}: got {count:,} files of {file.size:,} bytes, expected those {listed.files:,} "
        f"of {listed.bytes:,} bytes, by name and size, that the artifact was built of; give the "
        "same files with --input, or build again"
    )
