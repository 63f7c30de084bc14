"""A table file as it was found: sheets of cells, each a text with its place."""

from __future__ import annotations

from typing import NamedTuple

from jusou.values.escaping import unescaped


class FoundCell(NamedTuple):
    """A cell as found: its text, its place, and why it cannot be read (empty if it can).

    ``place`` is for people: ``照会票.xlsx 実績!B3`` or ``表.csv 12行目``.
    """

    text: str
    place: str
    refused: str = ""

    def __bool__(self) -> bool:
        """Tell whether anything stands in the cell."""
        return bool(self.text or self.refused)

    def unescaped(self) -> FoundCell:
        """Return a cell of a CSV file with the text that was written into it."""
        return self._replace(text=unescaped(self.text))


class Sheet(NamedTuple):
    """A sheet: rows of cells from A1, and the positions (row, column) hidden under a merge."""

    name: str
    rows: tuple[tuple[FoundCell, ...], ...]
    merged: frozenset[tuple[int, int]] = frozenset()


class Workbook(NamedTuple):
    """A file with its sheets; a CSV file is one sheet without a name. ``digest`` is its sha256."""

    name: str
    digest: str
    sheets: tuple[Sheet, ...]

    @property
    def is_csv(self) -> bool:
        return [sheet.name for sheet in self.sheets] == [""]
