"""A worksheet that is filled from the top: rows of pieces on a grid of columns."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise, zip_longest
from typing import Any

from jusou.report.document import Cell, Item, Kind
from jusou.report.workbook import style
from jusou.report.workbook.paper import Paper

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
    paper: Paper = field(init=False)

    def __post_init__(self) -> None:
        self.paper = Paper(self.pixels * 0.75)
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

    def keep(self, points: float) -> None:
        """Let what is so high begin a page, unless there is room for it on this one."""
        if not self.paper.has_room(points):
            self.paper.turn(self.row)

    def height(self, *rows: Sequence[Piece]) -> float:
        """Return how high rows of pieces are together."""
        return sum(max(part.points for part in parts) for row in rows for parts in self._rows(row))

    def _rows(self, pieces: Sequence[Piece]) -> list[tuple[_Part, ...]]:
        """Return what each of the rows that pieces take holds of every piece."""
        edges = accumulate((piece.span for piece in pieces), initial=0)
        columns = [
            _parts(piece, sum(self.grid[start:end]))
            for piece, (start, end) in zip(pieces, pairwise(edges), strict=True)
        ]
        return list(zip_longest(*columns, fillvalue=_NOTHING))

    def put(
        self, pieces: Sequence[Piece], beside: Sequence[tuple[int, Piece]] = (), table: str = ""
    ) -> int:
        """Write a row of pieces as high as the highest needs; return its first row.

        ``beside`` stands right of the printed columns. What no row of Excel's could hold goes
        on in the next, without a line between.
        """
        self.keep(self.height(pieces))
        first = self.row
        rows = self._rows(pieces)
        starts = list(accumulate((piece.span for piece in pieces), initial=0))
        for index, parts in enumerate(rows):
            edge = {"top": int(index == 0), "bottom": int(index == len(rows) - 1), "valign": "top"}
            self._add_row(max(part.points for part in parts))
            for piece, part, start in zip(pieces, parts, starts, strict=False):
                look = (
                    {**piece.look, **edge}
                    if len(rows) > 1 and "border" in piece.look
                    else piece.look
                )
                whole = Piece(piece.span, part.content, look, piece.kind)
                self._write(Spot(self.row - 1, start, table), whole)
        for column, piece in beside:
            self._write(Spot(first, column, table), piece)
        return first

    def put_whole(self, pieces: Sequence[Piece], least: int = 1) -> None:
        """Write pieces of one column each as a single row, even if Excel cannot show all of it."""
        texts = zip(pieces, self.grid, strict=True)
        lines = max(style.lines(_plain(piece.content), width) for piece, width in texts)
        self._add_row(style.height(min(max(lines, least), style.MAX_LINES)))
        for column, piece in enumerate(pieces):
            self._write(Spot(self.row - 1, column, ""), piece)

    def _add_row(self, points: float) -> None:
        self.sheet.set_row(self.row, points)
        self.paper.add(self.row, points)
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


@dataclass(frozen=True, slots=True)
class _Part:
    """What one row holds of a piece, and how high that is."""

    content: Content
    points: float


_NOTHING = _Part(Cell(""), 0.0)


def _parts(piece: Piece, width: float) -> list[_Part]:
    """Split what a piece says into what single rows can hold; figures are never split."""
    size = piece.look.get("font_size", style.SIZE)
    if isinstance(piece.content, Cell):
        if piece.content.value is not None or piece.content.formula:
            return [_Part(piece.content, style.height(1, size))]
        texts = style.split(_plain(piece.content), width, size)
        return [
            _Part(
                piece.content._replace(text=each),
                style.height(style.lines(each, width, size), size),
            )
            for each in texts
        ]
    parts: list[_Part] = []
    held: list[Item] = []
    used = 0
    for item in _short_items(piece.content, width, size):
        taken = style.lines(_plain((item,)), width, size)
        if used + taken > style.MAX_LINES:
            parts.append(_Part(tuple(held), style.height(used, size)))
            held, used = [], 0
        held.append(item)
        used += taken
    return [*parts, _Part(tuple(held), style.height(used, size))]


def _short_items(items: tuple[Item, ...], width: float, size: float) -> Iterator[Item]:
    """Yield items of which each fits a row; what goes on has no label."""
    for item in items:
        first, *rest = style.split(_plain((item,)), width, size)
        if rest:
            head = f"{_clean(item.label)}：" if item.label else ""
            yield Item(item.label, Cell(first.removeprefix(head)))
            yield from (Item("", Cell(each)) for each in rest)
        else:
            yield item


def _plain(content: Content) -> str:
    """Return what a piece says, in characters that a cell can hold."""
    texts = [content.text] if isinstance(content, Cell) else [item.text for item in content]
    return "\n".join(map(_clean, texts))


def _clean(text: str) -> str:
    """Make a text fit for a cell: one kind of line break, no control characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
