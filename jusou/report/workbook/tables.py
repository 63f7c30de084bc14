"""Tables of the workbook: columns on the sheet's grid, shades of the scale, a native chart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from jusou.report.document import Bars, Cell, Kind, Table
from jusou.report.workbook import style
from jusou.report.workbook.formulas import quoted
from jusou.report.workbook.sheet import Page, Piece, Place

_GAP = 2.0
_BAR_PIXELS, _CHART_PIXELS = 28, 104
_OUTLINE = {"color": "#404040", "width": 0.75}


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which column of the sheet each of a table's begins in, by index; how many printed ones take.

    A printed column takes some of the sheet's grid; the others stand right of it.
    """

    starts: Mapping[int, int]
    spans: Mapping[int, int]

    def pieces(self, table: Table, cells: Sequence[Cell], *, is_heading: bool = False) -> _Row:
        """Return the printed pieces of a row, and those beside it with their columns."""

        def piece(index: int) -> Piece:
            kind = table.columns[index].kind
            look = style.heading_look(kind) if is_heading else style.body_look(kind)
            return Piece(self.spans.get(index, 1), cells[index], look, kind)

        beside = [
            (start, piece(each)) for each, start in self.starts.items() if each not in self.spans
        ]
        return [piece(index) for index in self.spans], beside


_Row = tuple[list[Piece], list[tuple[int, Piece]]]


def printed_widths(table: Table) -> list[float]:
    """Return how wide the printed columns of a table would be."""
    widths = style.natural_widths(table)
    return [widths[index] for index in _printed(table)]


def _printed(table: Table) -> list[int]:
    return [index for index, column in enumerate(table.columns) if column.printed]


def write_table(page: Page, table: Table, *, has_caption: bool) -> Place | None:
    """Write a table with its legend and chart; return its place, None if it is empty."""
    if has_caption:
        page.line(table.caption, style.CAPTION)
    if not table.rows:
        page.line(table.empty, style.PLAIN)
        return None
    layout = _lay_out(page, table)
    titles = [Cell(column.title) for column in table.columns]
    first = page.put(*layout.pieces(table, titles, is_heading=True)) + 1
    for row, below in table.whole_rows:
        page.put(*layout.pieces(table, row), table.key)
        if below:
            page.put([Piece(page.width, below, style.TEXT)])
    keys = {column.key: layout.starts[index] for index, column in enumerate(table.columns)}
    place = Place(page.name, first, page.row - 1, keys)
    page.book.places[table.key] = place
    _shade_marks(page, table, place)
    if table.printed_legend:
        page.line(table.printed_legend, style.PLAIN)
    if table.bars:
        _draw_bars(page, table, table.bars, place)
    return place


def _lay_out(page: Page, table: Table) -> _Layout:
    printed, widths = _printed(table), printed_widths(table)
    spans = [1] * page.width if len(widths) == page.width else style.spans(widths, page.grid)
    beside = [index for index in range(len(table.columns)) if index not in printed]
    gap = any(table.columns[index].kind is Kind.WORKING for index in beside)
    if gap:
        page.set_width(page.width, _GAP)
    starts = dict(zip(printed, accumulate(spans, initial=0), strict=False))
    starts |= {index: page.width + gap + order for order, index in enumerate(beside)}
    natural = style.natural_widths(table)
    for index in beside:
        page.set_width(starts[index], natural[index])
    return _Layout(starts, dict(zip(printed, spans, strict=True)))


def _shade_marks(page: Page, table: Table, place: Place) -> None:
    """Shade the marks of the scale: the letter says it, the shade finds it."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    marks = page.book.marks
    columns = [column.key for column in table.columns if column.kind is Kind.MARK]
    for key in columns:
        column = place.columns[key]
        cell = xl_rowcol_to_cell(place.first, column, col_abs=True)
        for mark, tint in zip(marks, style.tints(len(marks)), strict=True):
            whole, begun = quoted(mark), quoted(f"{mark}（")
            rule = {
                "type": "formula",
                "criteria": f"=OR({cell}={whole},LEFT({cell},LEN({begun}))={begun})",
                "format": page.book.workbook.add_format({"bg_color": tint}),
            }
            page.sheet.conditional_format(place.first, column, place.last, column, rule)


def _draw_bars(page: Page, table: Table, bars: Bars, place: Place) -> None:
    """Draw the stacked bars below the table, each part with its mark and figure on it."""
    titles = {column.key: column.title for column in table.columns}
    font = {"name": style.FONT, "size": style.SIZE}
    chart = page.book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    first = place.columns[table.columns[0].key]
    for key, tint in zip(bars.series, style.tints(len(bars.series)), strict=True):
        column = place.columns[key]
        mark = quoted(titles[key])
        chart.add_series(
            {
                "name": [place.sheet, place.first - 1, column],
                "categories": [place.sheet, place.first, first, place.last, first],
                "values": [place.sheet, place.first, column, place.last, column],
                "fill": {"color": tint},
                "border": _OUTLINE,
                "gap": 60,
                "data_labels": {"value": True, "num_format": f"{mark} 0;;", "font": font},
            }
        )
    chart.set_title({"name": bars.title, "name_font": {**font, "size": 12}, "overlay": False})
    fonts = {"name_font": font, "num_font": font}
    whole = {"min": 0, "major_unit": _whole_step(table, bars), "num_format": "0"}
    chart.set_x_axis({"name": bars.value_title, **whole, **fonts})
    level = {"name_font": {**font, "rotation": 360}, "num_font": font}
    # From the top, as in the table, with the scale of the figures still below.
    chart.set_y_axis({"name": bars.category_title, "reverse": True, "crossing": "max", **level})
    chart.set_legend({"position": "right", "font": font})
    height = _CHART_PIXELS + _BAR_PIXELS * len(table.rows)
    chart.set_size({"width": page.pixels, "height": height})
    page.skip()
    page.sheet.insert_chart(page.row, 0, chart, {"description": bars.alt, "object_position": 2})
    page.skip(height * 0.75 + style.LINE)


def _whole_step(table: Table, bars: Bars) -> int:
    """Return the step of an axis that counts: whole, and about ten at most."""
    counted = [index for index, column in enumerate(table.columns) if column.key in bars.series]
    longest = max(sum(row[index].value or 0 for index in counted) for row in table.rows)
    return max(math.ceil(longest / 10), 1)
