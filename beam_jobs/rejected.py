"""`rejected/part-*.jsonl`: the rows that were left out, and why."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from beam_jobs.files import write_file
from beam_jobs.sequencer import UnknownClass
from beam_jobs.sources import Reject, SourceFile, unit
from preprocess.layout import Layout
from preprocess.manifest import OutputFile

PARTS = 4


@dataclass(frozen=True)
class RejectedPart:
    """A written part.

    Attributes:
      file: as the manifest lists it.
      sources: rows by path of the input file.
      reasons: rows by reason.
      first: for each reason, its first row in the part.
    """

    file: OutputFile
    sources: Counter[str]
    reasons: Counter[str]
    first: dict[str, Reject]


def part_of(reject: Reject) -> int:
    """The part that a row goes to: all rows of an input file to one."""
    return hashlib.blake2b(reject.source.encode(), digest_size=1).digest()[0] % PARTS


def unknown_class(unknown: UnknownClass, files: Sequence[SourceFile]) -> Reject:
    """The rejected row of a label class that the train split lacks."""
    file = files[unknown.source]
    reason = (
        f"{unknown.label}: got the class {unknown.name!r}, "
        "expected one that the train split holds too"
    )
    return Reject(file.path, unknown.row, unit(file), reason)


def write_part(item: tuple[int, Iterable[Reject]], layout: Layout) -> RejectedPart:
    """Writes the rejected rows of a part, in the order of the input."""
    part, rejects = item
    ordered = sorted(rejects, key=lambda reject: (reject.source, reject.row, reject.reason))
    lines = [json.dumps(asdict(reject), ensure_ascii=False) + "\n" for reject in ordered]
    data = "".join(lines).encode()
    path = layout.rejected(part, PARTS)
    write_file(path, [data])
    first: dict[str, Reject] = {}
    for reject in ordered:
        first.setdefault(reject.reason, reject)
    return RejectedPart(
        OutputFile(
            path=layout.relative(path),
            bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            records=len(lines),
        ),
        Counter(reject.source for reject in ordered),
        Counter(reject.reason for reject in ordered),
        first,
    )
