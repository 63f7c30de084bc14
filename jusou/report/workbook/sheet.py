"""A workbook being written: sheets that are filled from the top, rows of pieces on a grid."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from itertools import accumulate, pairwise, zip_longest
from typing import Any, NamedTuple

from jusou.report.document import Cell, Item, Kind
from jusou.report.workbook import style
from jusou.values.text import without_controls

_A4, _A4_INCHES = 9, (11.69, 8.27)
_ALMOST_ONE = 1.4
_NONCHARACTERS = str.maketrans("\ufffe\uffff", "  ")  # no XML may hold them
_RISKY_START = tuple("=+-@")
# XlsxWriter escapes such a text twice inside a rich string.
_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")
_PLACEHOLDER = re.compile(r"\{(?:([a-z-]+)\.)?([a-z-]+)\}")

Content = Cell | tuple[Item, ...]
Part = tuple[Content, str]
"""What stands in one cell, and its text in characters that a cell can hold."""
_BLANK: Part = (Cell(""), "")


class Piece(NamedTuple):
    """What fills ``span`` columns of a row, and how it looks."""

    span: int
    content: Content
    look: Mapping[str, Any]
    kind: Kind = Kind.TEXT


class TableRange(NamedTuple):
    """Where a table stands: its sheet, first and last row, and the column of each key."""

    sheet: str
    first: int
    last: int
    columns: Mapping[str, int]


class PendingFormula(NamedTuple):
    """A cell with a formula, to be written when every table has its range."""

    worksheet: Any
    row: int
    column: int
    table: str
    cell: Cell
    format: Any


class WorkbookWriter:
    """A workbook in memory; ``marks`` are those of the rating scale, from the best.

    ``tables`` tells where each table stands, by its key. The same content and day give the same
    bytes.
    """

    def __init__(self, properties: Mapping[str, str], today: date, marks: tuple[str, ...]) -> None:
        import xlsxwriter

        self._buffer = io.BytesIO()
        self._formats: dict[frozenset[tuple[str, Any]], Any] = {}
        self.xlsx = xlsxwriter.Workbook(
            self._buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                # The metrics of the font at 11 points, Excel's own default in Japan.
                "default_format_properties": {"font_name": style.FONT, "font_size": 11},
                "default_row_height": 25,
                "default_column_width": 72,
            },
        )
        self.xlsx.set_properties({**properties, "created": datetime.combine(today, time())})
        self.marks = marks
        self.tables: dict[str, TableRange] = {}
        self.formulas: list[PendingFormula] = []

    def add_sheet(self, name: str, grid: Sequence[float]) -> SheetWriter:
        """Return a new sheet; ``grid`` are the widths of its printed columns."""
        return SheetWriter(self, name, self.xlsx.add_worksheet(name), grid)

    def format(self, look: Mapping[str, Any]) -> Any:
        """Return the format of a look, made once."""
        key = frozenset(look.items())
        if key not in self._formats:
            whole = {"font_name": style.FONT, "font_size": style.SIZE, **look}
            self._formats[key] = self.xlsx.add_format(whole)
        return self._formats[key]

    def finish(self) -> bytes:
        """Return the file, its formulas written with the addresses of their cells."""
        for pending in self.formulas:
            self._write_formula(pending)
        self.xlsx.close()
        return self._buffer.getvalue()

    def _write_formula(self, pending: PendingFormula) -> None:
        from xlsxwriter.utility import quote_sheetname, xl_range_abs, xl_rowcol_to_cell

        def address(match: re.Match[str]) -> str:
            table, key = match.groups()
            area = self.tables[table or pending.table]
            column = area.columns[key]
            if table is None:
                return str(xl_rowcol_to_cell(pending.row, column, col_abs=True))
            cells = xl_range_abs(area.first, column, area.last, column)
            return f"{quote_sheetname(area.sheet)}!{cells}"

        cell = pending.cell
        formula = f"={_PLACEHOLDER.sub(address, cell.formula)}"
        result = cell.text if cell.value is None else float(cell.value)
        where = (pending.row, pending.column)
        pending.worksheet.write_formula(*where, formula, pending.format, result)


@dataclass
class SheetWriter:
    """A worksheet, the widths of its printed columns, and the heights of the rows written."""

    workbook: WorkbookWriter
    name: str
    worksheet: Any
    grid: Sequence[float]
    heights: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        for column, width in enumerate(self.grid):
            self.set_width(column, width)

    @property
    def row(self) -> int:
        """The next free row."""
        return len(self.heights)

    @property
    def width(self) -> int:
        """How many columns are printed."""
        return len(self.grid)

    def set_width(self, column: int, width: float) -> None:
        self.worksheet.set_column_pixels(column, column, style.pixels(width))

    def set_up_print(
        self, heading: int, margins: Mapping[str, float], *, holds_chart: bool = False
    ) -> None:
        """Print on A4 landscape, as wide as a page, with the row ``heading`` on each; inches.

        One page holds a sheet with a chart, which it would cut, where a little smaller is enough.
        """
        wide = sum(map(style.pixels, self.grid)) * 0.75
        page_wide = (_A4_INCHES[0] - margins["left"] - margins["right"]) * 72
        page_high = (_A4_INCHES[1] - margins["top"] - margins["bottom"]) * 72
        pages = sum(self.heights) * min(1, page_wide / wide) / page_high
        self.worksheet.set_landscape()
        self.worksheet.set_paper(_A4)
        self.worksheet.set_margins(**margins)
        self.worksheet.fit_to_pages(1, int(holds_chart and pages <= _ALMOST_ONE))
        self.worksheet.repeat_rows(heading)

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
        beside: Mapping[int, Piece] | None = None,
        table: str = "",
        least: int = 1,
    ) -> int:
        """Write a row of pieces, so high that all of each is seen; return the row.

        It is not lower than ``least`` lines, nor higher than Excel can show. ``beside`` stands
        right of the printed columns, by column. A text too long for a cell goes on in the next
        row. ``table`` is the key of the table that formulas in the row refer to.
        """
        first = self.row
        starts = list(accumulate((piece.span for piece in pieces), initial=0))
        widths = [sum(self.grid[start:end]) for start, end in pairwise(starts)]
        rows = zip_longest(*(_in_cells(piece.content) for piece in pieces), fillvalue=_BLANK)
        for parts in rows:
            needed = map(_points, pieces, parts, widths)
            self._add_row(max(*needed, style.height(least)))
            for start, piece, part in zip(starts, pieces, parts, strict=False):
                self._write(self.row - 1, start, piece, part, table)
        for column, piece in (beside or {}).items():
            part = (piece.content, _plain(piece.content))
            self._write(first, column, piece, part, table)
        return first

    def _add_row(self, points: float) -> None:
        self.worksheet.set_row(self.row, points)
        self.heights.append(points)

    def _write(self, row: int, column: int, piece: Piece, part: Part, table: str) -> None:
        content, text = part
        number = style.number_format(content, piece.kind) if isinstance(content, Cell) else None
        is_figure = isinstance(content, Cell) and content.value is not None and number is not None
        look: dict[str, Any] = {"num_format": number} if number else {}
        if isinstance(content, Cell) and content.underlined:
            look["underline"] = 1
        if is_figure:
            look |= style.NUMBER
        elif text.startswith(_RISKY_START):
            look["quote_prefix"] = True
        made = self.workbook.format({**piece.look, **look})
        if piece.span > 1:
            self.worksheet.merge_range(row, column, row, column + piece.span - 1, "", made)
        if not isinstance(content, Cell):
            self._write_items(row, column, content, text, made)
        elif content.formula:
            pending = PendingFormula(self.worksheet, row, column, table, content, made)
            self.workbook.formulas.append(pending)
        elif is_figure:
            self.worksheet.write_number(row, column, float(content.value or 0), made)
        else:
            self._write_text(row, column, text, made)

    def _write_text(self, row: int, column: int, text: str, made: Any) -> None:
        """Write a text as a text, whatever it begins with."""
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter would take it for the XML of a rich string.
            normal = self.workbook.format({})
            self.worksheet.write_rich_string(row, column, normal, text[:1], normal, text[1:], made)
        elif text:
            self.worksheet.write_string(row, column, text, made)
        else:
            self.worksheet.write_blank(row, column, None, made)

    def _write_items(
        self, row: int, column: int, items: tuple[Item, ...], text: str, made: Any
    ) -> None:
        """Write labelled texts one below the other, the labels bold."""
        bold, normal = self.workbook.format({"bold": True}), self.workbook.format({})
        parts: list[Any] = []
        for index, item in enumerate(items):
            value = _clean(item.cell.text) + ("\n" if index < len(items) - 1 else "")
            parts += [bold, f"{_clean(item.label)}："] if item.label else []
            parts += [normal, value] if value else []
        if len(parts) > 2 and not _ESCAPE.search(text):
            self.worksheet.write_rich_string(row, column, *parts, made)
        else:
            self._write_text(row, column, text, made)


def _points(piece: Piece, part: Part, width: float) -> float:
    """Return how high a row has to be for a piece; figures are never wrapped."""
    size, (content, text) = piece.look.get("font_size", style.SIZE), part
    is_figure = isinstance(content, Cell) and (content.value is not None or content.formula)
    return style.height(1 if is_figure else style.lines(text, width, size), size)


def _in_cells(content: Content) -> list[Part]:
    """Return the content alone, or its text in parts where one cell cannot hold it."""
    whole = _plain(content)
    parts = style.cut(whole, style.CELL_LIMIT)
    return [(content, whole)] if len(parts) == 1 else [(Cell(part), part) for part in parts]


def _plain(content: Content) -> str:
    """Return what a piece says, in characters that a cell can hold."""
    if isinstance(content, Cell):
        return _clean(content.text)
    return "\n".join(_clean(item.text) for item in content)


@lru_cache(10_000)  # a text is measured, cut and written: a tenth of the workbook
def _clean(text: str) -> str:
    """Make a text fit for a cell: one kind of line break, no control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return without_controls(text).translate(_NONCHARACTERS)
