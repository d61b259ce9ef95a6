"""A report as a reader of the page sees it: sections, tables, links, texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from preprocess import write_report

_APART = {"p", "h1", "h2", "h3", "h4", "dt", "dd", "div", "td", "th", "li", "caption", "figcaption"}
_VOID = {"meta", "br", "link", "img", "hr", "input"}
_REFERENCES = ("href", "src", "xlink:href", "srcset", "action", "poster", "data")


@dataclass
class Table:
    """Cells as text; bars are left out."""

    rows: list[list[str]] = field(default_factory=list)

    def column(self, name: str) -> list[str]:
        place = self.rows[0].index(name)
        return [row[place] for row in self.rows[1:]]


class ReadPage(HTMLParser):
    """Refuses tags that are not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.sections: dict[str, str] = {}
        self.tables: dict[str, list[Table]] = {}
        self.ids: list[str] = []
        self.references: list[str] = []
        self.tags: set[str] = set()
        self.images: list[dict[str, str | None]] = []
        self._open: list[str] = []
        self._section = ""
        self._cell: list[str] | None = None
        self.feed(html)
        self.close()
        assert not self._open

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.sections.values()).split())

    def said(self, section: str) -> str:
        """The text of a section, its blanks plain and single."""
        return " ".join(self.sections[section].split())

    def table(self, section: str, *heads: str) -> Table:
        """The only table of a section whose heads hold `heads`."""
        [found] = [t for t in self.tables[section] if t.rows and set(heads) <= set(t.rows[0])]
        return found

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.add(tag)
        if tag not in _VOID:
            self._open.append(tag)
        if (own := named.get("id")) is not None:
            self.ids.append(own)
        self.references += [value or "" for key, value in attrs if key in _REFERENCES]
        if tag == "svg":
            self.images.append(named)
        self._begin(tag, named)

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def _begin(self, tag: str, named: dict[str, str | None]) -> None:
        if tag in ("section", "header"):
            self._section = named.get("id") or tag
            self.sections[self._section], self.tables[self._section] = "", []
        elif tag == "table":
            self.tables[self._section].append(Table())
        elif tag == "tr":
            self.tables[self._section][-1].rows.append([])
        elif tag in ("td", "th") and named.get("class") != "b" and not self._is_head_of_bar(tag):
            self._cell = []

    def _is_head_of_bar(self, tag: str) -> bool:
        return tag == "td" and "thead" in self._open

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"{tag} is closed out of order"
        if tag in ("td", "th") and self._cell is not None:
            text = "".join(self._cell).replace("\u00a0", " ").strip()
            self.tables[self._section][-1].rows[-1].append(text)
            self._cell = None
        if tag in _APART and self._section:
            self.sections[self._section] += " "

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)
        if self._section and "style" not in self._open:
            self.sections[self._section] += data.replace("\u00a0", " ")


def report(
    artifact: str, output: Path, model: str | None = None, split: str | None = None
) -> ReadPage:
    """Writes a report and reads it."""
    write_report(artifact, model, str(output), split=split)
    return ReadPage(output.read_text(encoding="utf-8"))
