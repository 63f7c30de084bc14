"""A worksheet that is filled from the top: rows of pieces on a grid of columns."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise, zip_longest
from typing import Any

from jusou.report.document import Cell, Item, Kind
from jusou.report.workbook import style

_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF), " ") | {0x0A: "\n"}
_RISKY_START = tuple("=+-@")
# XlsxWriter escapes such a text twice inside a rich string.
_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")

Content = Cell | tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """What fills some columns of a row, and how it looks."""

    span: int
    content: Content
    look: Mapping[str, Any]
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands: its sheet, first and last row, and the column of each key."""

    sheet: str
    first: int
    last: int
    columns: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a piece goes: its row and first column, and of which table it is."""

    row: int
    column: int
    table: str


@dataclass(frozen=True, slots=True)
class LiveCell:
    """A cell with a formula, to be written when every table has its place."""

    sheet: Any
    spot: Spot
    cell: Cell
    format: Any


@dataclass
class Book:
    """The workbook, the marks of the scale, formats, places of tables, formulas to write."""

    workbook: Any
    marks: tuple[str, ...]
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    live: list[LiveCell] = field(default_factory=list)

    def format(self, look: Mapping[str, Any]) -> Any:
        """Return the format of a look, made once."""
        whole = {"font_name": style.FONT, "font_size": style.SIZE, **look}
        key = tuple(sorted(whole.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(whole)
        return self.formats[key]


@dataclass
class Page:
    """A worksheet, the widths of its printed columns, and the next free row."""

    book: Book
    name: str
    sheet: Any
    grid: Sequence[float]
    row: int = 0
    heights: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        for column, width in enumerate(self.grid):
            self.set_width(column, width)

    @property
    def width(self) -> int:
        """How many columns are printed."""
        return len(self.grid)

    @property
    def pixels(self) -> int:
        """How wide the printed columns are on the screen."""
        return sum(map(style.pixels, self.grid))

    def set_width(self, column: int, width: float) -> None:
        self.sheet.set_column_pixels(column, column, style.pixels(width))

    def skip(self, points: float = style.LINE / 2) -> None:
        """Leave rows empty, as high as ``points`` in all."""
        rows = math.ceil(points / style.LINE)
        for _ in range(rows):
            self._add_row(points / rows)

    def line(self, text: str, look: Mapping[str, Any]) -> None:
        """Write a text over the whole width."""
        self.put([Piece(self.width, Cell(text), look)])

    def put(
        self,
        pieces: Sequence[Piece],
        beside: Sequence[tuple[int, Piece]] = (),
        table: str = "",
        least: int = 1,
    ) -> int:
        """Write a row of pieces, so high that all of each is seen; return the row.

        No row is lower than ``least`` lines, or higher than Excel can show. ``beside`` stands
        right of the printed columns. A text too long for a cell goes on in the next row.
        """
        first = self.row
        starts = [*accumulate((piece.span for piece in pieces), initial=0)]
        widths = [sum(self.grid[start:end]) for start, end in pairwise(starts)]
        rows = zip_longest(*(_in_cells(piece.content) for piece in pieces), fillvalue=Cell(""))
        for contents in rows:
            row = [
                replace(piece, content=each) for piece, each in zip(pieces, contents, strict=True)
            ]
            needs = [_points(piece, width) for piece, width in zip(row, widths, strict=True)]
            self._add_row(max(*needs, style.height(least)))
            for piece, start in zip(row, starts, strict=False):
                self._write(Spot(self.row - 1, start, table), piece)
        for column, piece in beside:
            self._write(Spot(first, column, table), piece)
        return first

    def _add_row(self, points: float) -> None:
        self.sheet.set_row(self.row, points)
        self.heights.append(points)
        self.row += 1

    def _write(self, spot: Spot, piece: Piece) -> None:
        content, look = piece.content, dict(piece.look)
        number = style.number_format(content, piece.kind) if isinstance(content, Cell) else None
        is_figure = isinstance(content, Cell) and content.value is not None and number is not None
        if number:
            look |= {"num_format": number}
        if is_figure:
            look |= style.NUMBER
        elif _plain(content).startswith(_RISKY_START):
            look["quote_prefix"] = True
        made = self.book.format(look)
        row, column = spot.row, spot.column
        if piece.span > 1:
            self.sheet.merge_range(row, column, row, column + piece.span - 1, "", made)
        if not isinstance(content, Cell):
            self._write_items(row, column, content, made)
        elif content.formula:
            self.book.live.append(LiveCell(self.sheet, spot, content, made))
        elif is_figure:
            self.sheet.write_number(row, column, float(content.value or 0), made)
        else:
            self._write_text(row, column, _plain(content), made)

    def _write_text(self, row: int, column: int, text: str, made: Any) -> None:
        """Write a text as a text, whatever it begins with."""
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter would take it for the XML of a rich string.
            normal = self.book.format({})
            self.sheet.write_rich_string(row, column, normal, text[:1], normal, text[1:], made)
        elif text:
            self.sheet.write_string(row, column, text, made)
        else:
            self.sheet.write_blank(row, column, None, made)

    def _write_items(self, row: int, column: int, items: tuple[Item, ...], made: Any) -> None:
        """Write labelled texts one below the other, the labels bold."""
        text = _plain(items)
        bold, normal = self.book.format({"bold": True}), self.book.format({})
        parts: list[Any] = []
        for index, item in enumerate(items):
            label = f"{_clean(item.label)}：" if item.label else ""
            value = _clean(item.cell.text) + ("\n" if index < len(items) - 1 else "")
            parts += [bold, label] if label else []
            parts += [normal, value] if value else []
        if len(parts) > 2 and not _ESCAPE.search(text):
            self.sheet.write_rich_string(row, column, *parts, made)
        else:
            self._write_text(row, column, text, made)


def _points(piece: Piece, width: float) -> float:
    """Return how high a row has to be for a piece; figures are never wrapped."""
    size, content = piece.look.get("font_size", style.SIZE), piece.content
    is_figure = isinstance(content, Cell) and (content.value is not None or content.formula)
    return style.height(1 if is_figure else style.lines(_plain(content), width, size), size)


def _in_cells(content: Content) -> list[Content]:
    """Return what one cell can hold, or the pieces of the plain text for several."""
    text = _plain(content)
    if len(text) <= style.CELL_LIMIT // 2:
        return [content]
    pieces = list(style.pieces(text, style.CELL_LIMIT))
    return [content] if len(pieces) == 1 else [Cell(each) for each in pieces]


def _plain(content: Content) -> str:
    """Return what a piece says, in characters that a cell can hold."""
    texts = [content.text] if isinstance(content, Cell) else [item.text for item in content]
    return "\n".join(map(_clean, texts))


def _clean(text: str) -> str:
    """Make a text fit for a cell: one kind of line break, no control characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
