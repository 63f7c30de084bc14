"""A table file that came back: sheets of cells, each a text with its place."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as found: its text, its place, and why it cannot be read (empty if it can).

    ``place`` is for people: ``照会票.xlsx 実績!B3`` or ``表.csv 12行目``.
    """

    text: str
    place: str
    refused: str = ""

    def __bool__(self) -> bool:
        """Tell whether anything stands in the cell."""
        return bool(self.text or self.refused)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: rows of cells from A1, and the cells hidden under a merge."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: frozenset[tuple[int, int]] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Book:
    """A file with its sheets; a CSV file is one sheet without a name. ``digest`` is its sha256."""

    name: str
    digest: str
    sheets: tuple[Sheet, ...]
