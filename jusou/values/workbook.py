"""A table file as it was found: sheets of cells, each a text with its place."""

from __future__ import annotations

from typing import NamedTuple

from jusou.values.escaping import unescaped


class FoundCell(NamedTuple):
    """A cell as found: its text, its place, and why it cannot be read (empty if it can).

    ``place`` is for people: ``照会票.xlsx 実績!B3`` or ``表.csv 12行目``. ``doubt`` says why what
    stands there may not be meant (it is struck through), ``hidden`` why nobody sees it so, perhaps
    on a condition only; both go on from 「実績値のセル…」 and are empty for nearly every cell.
    """

    text: str
    place: str
    refused: str = ""
    doubt: str = ""
    hidden: str = ""

    def __bool__(self) -> bool:
        """Tell whether anything stands in the cell."""
        return bool(self.text or self.refused)

    def unescaped(self) -> FoundCell:
        """Return a cell of a CSV file with the text that was written into it."""
        return self._replace(text=unescaped(self.text))


class Remark(NamedTuple):
    """What is stuck on a sheet, in no cell: a comment, a text box, a picture (without a text)."""

    kind: str
    text: str
    place: str


class Sheet(NamedTuple):
    """A sheet: rows of cells from A1, and the positions (row, column) hidden under a merge.

    ``unseen`` is the place of the first cell that had characters which nobody sees.
    """

    name: str
    rows: tuple[tuple[FoundCell, ...], ...]
    merged: frozenset[tuple[int, int]] = frozenset()
    remarks: tuple[Remark, ...] = ()
    unseen: str = ""


class Workbook(NamedTuple):
    """A file with its sheets; a CSV file is one sheet without a name. ``digest`` is its sha256."""

    name: str
    digest: str
    sheets: tuple[Sheet, ...]

    @property
    def is_csv(self) -> bool:
        return [sheet.name for sheet in self.sheets] == [""]
