"""The page: sections of paragraphs, tables and figures, rendered by a template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from preprocess.report.palette import COLOURS
from preprocess.report.prose import Text


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Attributes:
      text: what stands in it.
      bar: 0 to 1: length of a bar beside the text, or none.
      colour: of the bar.
      heat: 0 to 1: how strongly the cell is coloured.
      is_header: whether the cell names its row.
    """

    text: Text
    bar: float | None = None
    colour: str = COLOURS[0]
    heat: float = 0.0
    is_header: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of one or two plain sentences."""

    text: Text
    kind: str = "paragraph"


@dataclass(frozen=True)
class Heading:
    """The heading of a part of a section."""

    text: Text
    kind: str = "heading"


@dataclass(frozen=True)
class Table:
    """A table; a column called `>rows` is aligned to the right.

    Attributes:
      total: whether the last row sums up the others.
    """

    caption: Text
    columns: Sequence[Text]
    rows: Sequence[Sequence[Text | Cell]]
    total: bool = False
    kind: str = "table"

    @property
    def headers(self) -> list[tuple[Text, bool]]:
        """Name of each column, and whether it holds numbers."""
        # `[1:]` keeps markup what it is.
        return [(c[1:] if c.startswith(">") else c, c.startswith(">")) for c in self.columns]

    @property
    def bars(self) -> set[int]:
        """The columns that need room for bars."""
        return {i for row in self.cells for i, cell in enumerate(row) if cell.bar is not None}

    @property
    def cells(self) -> list[list[Cell]]:
        return [[c if isinstance(c, Cell) else Cell(c) for c in row] for row in self.rows]


@dataclass(frozen=True)
class Figure:
    """A chart, and what it shows."""

    svg: Markup
    caption: Text
    kind: str = "figure"


@dataclass(frozen=True)
class Token:
    """A token of a text, with its id."""

    text: Markup
    id: int
    is_oov: bool


@dataclass(frozen=True)
class RecordSample:
    """A record that the page shows.

    Attributes:
      title: why it was chosen.
      facts: names and values, such as kept columns and labels.
      texts: name, tokens, and how many tokens are not shown.
      originals: raw text by name of the feature, where it was found.
      good: whether the model was right, where that is clear.
    """

    title: Text
    facts: Sequence[tuple[Text, Text]]
    texts: Sequence[tuple[Text, Sequence[Token], int]]
    originals: Sequence[tuple[Text, Text]] = ()
    good: bool | None = None
    kind: str = "sample"


Block = Paragraph | Heading | Table | Figure | RecordSample


@dataclass(frozen=True)
class Section:
    """A part of the page; `id` is what links lead to."""

    id: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class KeyFigure:
    """A number that stands at the top of the page."""

    value: Text
    name: Text
    note: Text = ""


@dataclass(frozen=True)
class Page:
    """Everything that a report shows."""

    title: str
    date: Text
    corpus: Text
    headline: Text
    summary: Text
    figures: Sequence[KeyFigure]
    sections: Sequence[Section]
    footer: Text


def render(page: Page) -> str:
    """The page as HTML that needs nothing else."""
    environment = Environment(
        loader=PackageLoader(__package__, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html").render(page=page)
