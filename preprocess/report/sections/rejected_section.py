"""Rows that became no records, and why."""

from __future__ import annotations

from preprocess.artifact.rejected_reasons import Reason
from preprocess.report.artifact_data import ArtifactData
from preprocess.report.page import Block, Cell, Paragraph, Section, Table
from preprocess.report.prose import Text, join, markup, name, percent, plural

_MOST = 15


def rejected_section(data: ArtifactData) -> Section:
    """Reasons with counts, and where the first row of each stands."""
    blocks: list[Block] = [Paragraph(_summary(data))]
    if data.reasons:
        blocks.append(_table(data))
    return Section("rejected", "Rejected rows", blocks)


def _summary(data: ArtifactData) -> Text:
    rows = data.manifest.rows
    if not rows.read:
        return "No row was read."
    if not rows.rejected:
        return "No row was rejected: every one became a record."
    allowed = data.spec.rejects.max_fraction
    return join(
        [
            markup(
                "{} of {} ({}) {} rejected; the spec allows {}.",
                f"{rows.rejected:,}",
                plural(rows.read, "row"),
                percent(rows.rejected / rows.read),
                "was" if rows.rejected == 1 else "were",
                percent(allowed),
            ),
            _main_reason(data.reasons, rows.rejected),
        ]
    )


def _main_reason(reasons: list[Reason], rejected: int) -> Text:
    if len(reasons) == 1:
        return "All for one reason, which mending at the source would remove."
    first = reasons[0]
    return markup(
        "There are {} reasons; the first of them alone accounts for {}.",
        len(reasons),
        percent(first.rows / rejected),
    )


def _table(data: ArtifactData) -> Table:
    rejected = data.manifest.rows.rejected
    rows: list[list[Text | Cell]] = [
        [
            f"{reason.rows:,}",
            percent(reason.rows / rejected),
            name(reason.text),
            name(_place(reason)),
        ]
        for reason in data.reasons[:_MOST]
    ]
    if hidden := data.reasons[_MOST:]:
        left = sum(reason.rows for reason in hidden)
        others = plural(len(hidden), "other reason")
        rows.append([f"{left:,}", percent(left / rejected), others, ""])
    caption = "Rejected rows by reason, with the place of one of them."
    return Table(caption, [">rows", ">share", "reason", "for example"], rows)


def _place(reason: Reason) -> str:
    """`part-0.jsonl, byte 113,906`: the file, and the row or the byte where it begins."""
    example = reason.example
    source = str(example.get("source", "")).rsplit("/", 1)[-1]
    row = example.get("row")
    place = f"{example.get('unit', 'row')} {row:,}" if isinstance(row, int) else ""
    return ", ".join(part for part in (source, place) if part)
