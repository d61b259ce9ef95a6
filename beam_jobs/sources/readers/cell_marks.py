"""Where cells and rows of delimited text end, for a whole buffer at once.

A quote is in its place where it opens a cell, closes one, or doubles the quote before it. Whether
it opens or closes follows from how many stand before it: as long as every quote is in its place,
those of odd number open. What lies between two such quotes are no ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from preprocess.spec import Dialect

Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

NEWLINE, RETURN = 10, 13
_NEUTRAL = 0xFF  # no mark is it, as they are ASCII


@dataclass(frozen=True)
class CellMarks:
    """The marks of a buffer, whose first byte begins a row.

    Attributes:
      data: the bytes.
      dialect: which characters are marks.
      at_end: whether nothing follows the buffer.
    """

    data: bytes
    dialect: Dialect
    at_end: bool

    @cached_property
    def content(self) -> npt.NDArray[np.uint8]:
        """The bytes as an array."""
        return np.frombuffer(self.data, np.uint8)

    @cached_property
    def meant(self) -> npt.NDArray[np.uint8]:
        """The content, in which no escaped character is one that means something."""
        if not len(self.escapes):
            return self.content
        meant = self.content.copy()
        meant[self.escapes] = _NEUTRAL
        meant[self.escapes[self.escapes < len(meant) - 1] + 1] = _NEUTRAL
        return meant

    @cached_property
    def newlines(self) -> Places:
        """Every line feed, be it in a cell or not."""
        return self._places_of(NEWLINE, self.content)

    @cached_property
    def escapes(self) -> Places:
        """Escape characters that are not escaped themselves."""
        if self.dialect.escape is None:
            return np.array([], np.int64)
        found = self._places_of(ord(self.dialect.escape), self.content)
        begins = np.flatnonzero(np.diff(found, prepend=-2) > 1)  # runs of neighbours
        place = np.arange(len(found))
        in_run = place - np.repeat(begins, np.diff(begins, append=len(found)))
        active: Places = found[in_run % 2 == 0]
        return active

    @cached_property
    def quotes(self) -> Places:
        """Quotes that are not escaped."""
        if self.dialect.quote is None:
            return np.array([], np.int64)
        return self._places_of(ord(self.dialect.quote), self.meant)

    def first_quote(self, start: int) -> int:
        """How many quotes stand before `start`."""
        return int(np.searchsorted(self.quotes, start))

    def ends(self, parity: int) -> Places:
        """Line feeds that end a row, where quotes of this parity open."""
        return self._ends[parity]

    def delimiters(self, parity: int) -> Places:
        """Delimiters that end a cell, where quotes of this parity open."""
        return self._delimiters[parity]

    def misplaced(self, parity: int) -> Places:
        """Quotes and carriage returns that have no place, where quotes of this parity open."""
        return self._misplaced_if_odd_open if parity else self._misplaced_if_even_open

    def doubled(self, start: int, stop: int) -> Places:
        """The second of two quotes that stand for one, in rows from `start` to `stop`."""
        first, last = self.first_quote(start), self.first_quote(stop)
        closing = self.quotes[first + 1 : last : 2]
        opening = self.quotes[first + 2 : last : 2]
        second: Places = opening[opening == closing[: len(opening)] + 1]
        return second

    @cached_property
    def _scratch(self) -> Mask:
        """Room for one comparison at a time, as fresh memory costs more than to compare."""
        return np.empty(len(self.data), np.bool_)

    def _places_of(self, byte: int, content: npt.NDArray[np.uint8]) -> Places:
        return np.flatnonzero(np.equal(content, byte, out=self._scratch))

    @cached_property
    def _ends(self) -> tuple[Places, Places]:
        escaped = self.meant is not self.content
        return self._by_parity(self._places_of(NEWLINE, self.meant) if escaped else self.newlines)

    @cached_property
    def _delimiters(self) -> tuple[Places, Places]:
        return self._by_parity(self._places_of(ord(self.dialect.delimiter), self.meant))

    @cached_property
    def _misplaced_if_even_open(self) -> Places:
        return self._out_of_place(0)

    @cached_property
    def _misplaced_if_odd_open(self) -> Places:
        return self._out_of_place(1)

    def _out_of_place(self, parity: int) -> Places:
        if self.dialect.quote is None:  # a line is a row, whatever it holds
            return np.array([], np.int64)
        opening, closing = self.quotes[parity::2], self.quotes[1 - parity :: 2]
        returns = self._by_parity(self._lone_returns)[parity]
        wrong = [self._that_cannot_open(opening), self._that_cannot_close(closing), returns]
        return np.sort(np.concatenate(wrong))

    def _by_parity(self, places: Places) -> tuple[Places, Places]:
        """Those outside of quotes, where quotes of even number open, and where odd ones do."""
        if not len(self.quotes):
            return places, places[:0]
        is_odd = np.searchsorted(self.quotes, places) % 2 == 1
        return places[~is_odd], places[is_odd]

    def _that_cannot_open(self, quotes: Places) -> Places:
        before = np.where(quotes > 0, self.meant[quotes - 1], NEWLINE)
        wrong: Places = quotes[~self._is_mark(before)]
        return wrong

    def _that_cannot_close(self, quotes: Places) -> Places:
        rest = quotes[~self._is_mark(self._at(quotes + 1))]
        is_break = (self._at(rest + 1) == RETURN) & (self._at(rest + 2) == NEWLINE)
        wrong: Places = rest[~is_break]
        return wrong

    def _is_mark(self, found: npt.NDArray[np.uint8]) -> Mask:
        quote, delimiter = ord(self.dialect.quote or ""), ord(self.dialect.delimiter)
        is_mark: Mask = (found == quote) | (found == delimiter) | (found == NEWLINE)
        return is_mark

    def _at(self, places: Places) -> npt.NDArray[np.uint8]:
        """What stands at `places`; behind the buffer a line feed, which is always in its place."""
        inside = np.minimum(places, len(self.meant) - 1)
        return np.where(places < len(self.meant), self.meant[inside], NEWLINE)

    @cached_property
    def _lone_returns(self) -> Places:
        before = [ends[ends > 0] - 1 for ends in self._ends]
        is_return = np.equal(self.meant, RETURN, out=self._scratch)
        ended = sum(np.count_nonzero(is_return[places]) for places in before)
        if np.count_nonzero(is_return) == ended:  # seen much faster than where they are
            return np.array([], np.int64)
        returns = np.flatnonzero(is_return)
        lone: Places = returns[self._at(returns + 1) != NEWLINE]
        return lone
