"""`rejected/part-*.jsonl`: the rows that were left out, and why."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from beam_jobs.job import Job
from beam_jobs.records.sequencer import UnknownClass
from beam_jobs.sources import Reject, unit
from preprocess.artifact.output_file import OutputFile
from preprocess.core.storage import write_file

# Reasons that a part reports; the file has all of them.
_MOST_REASONS = 1000


@dataclass(frozen=True)
class RejectedPart:
    """A written part of `rejected/`.

    Attributes:
      file: as the manifest lists it.
      sources: rows by path of the input file.
      reasons: rows by reason, the most frequent ones.
      first: for each of these, its first row in the part.
    """

    file: OutputFile
    sources: Counter[str]
    reasons: Counter[str]
    first: dict[str, Reject]


def part_of(reject: Reject, parts: int) -> int:
    """The part that a row goes to, by a hash of its place."""
    place = f"{reject.source}\0{reject.row}".encode()
    return int.from_bytes(hashlib.blake2b(place, digest_size=8).digest(), "little") % parts


def unknown_class(unknown: UnknownClass, job: Job) -> Reject:
    """The rejected row of a label class that the train split lacks."""
    file = job.files[unknown.source]
    reason = (
        f"{unknown.label}: got the class {unknown.name!r}, "
        "expected one that the train split holds too"
    )
    if unknown.alike is not None:
        reason += f"; it holds {unknown.alike!r}, the same number: write both alike"
    return Reject(*file.place(unknown.row), unit(file), reason)


def write_part(item: tuple[int, Iterable[Reject]], job: Job) -> RejectedPart:
    """Writes the rejected rows of a part, in the order of the input."""
    part, rejects = item
    ordered = sorted(rejects, key=lambda reject: (reject.source, reject.row, reject.reason))
    lines = [json.dumps(asdict(reject), ensure_ascii=False) + "\n" for reject in ordered]
    data = "".join(lines).encode()
    path = job.layout.rejected(part, job.spec.output.rejected_parts)
    write_file(path, [data])
    reasons = Counter(reject.reason for reject in ordered)
    most = dict(reasons.most_common(_MOST_REASONS))
    first = {reject.reason: reject for reject in reversed(ordered) if reject.reason in most}
    return RejectedPart(
        OutputFile(
            path=job.layout.relative(path),
            bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            records=len(lines),
        ),
        Counter(reject.source for reject in ordered),
        Counter(most),
        first,
    )
