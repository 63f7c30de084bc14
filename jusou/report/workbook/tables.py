"""Tables of the workbook: columns on the sheet's grid, shades of the scale, a native chart."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, compress, count
from typing import Any

from jusou.report.document import Bars, Cell, Kind, Table
from jusou.report.workbook import style
from jusou.report.workbook.formulas import quoted
from jusou.report.workbook.sheet import Piece, SheetWriter, TableRange

_GAP = 2.0
_BAR_PIXELS, _CHART_PIXELS = 28, 104
_OUTLINE = {"color": "#404040", "width": 0.75}


def printed_widths(table: Table) -> list[float]:
    """Return how wide the printed columns of a table would be."""
    return list(compress(style.natural_widths(table), _printed(table)))


def _printed(table: Table) -> list[bool]:
    return [column.printed for column in table.columns]


def write_table(sheet: SheetWriter, table: Table, *, has_caption: bool) -> TableRange | None:
    """Write a table with its legend and chart; return where it stands, None if it is empty."""
    if has_caption:
        sheet.line(table.caption, style.CAPTION)
    if not table.rows:
        sheet.line(table.empty, style.PLAIN)
        return None
    layout = _lay_out(sheet, table)

    def put(cells: Sequence[Cell], look: Callable[[Kind], Mapping[str, Any]]) -> int:
        pieces = {
            start: Piece(span, cell, look(column.kind), column.kind)
            for (start, span), cell, column in zip(layout, cells, table.columns, strict=True)
        }
        printed = [piece for start, piece in pieces.items() if start < sheet.width]
        beside = {start: piece for start, piece in pieces.items() if start >= sheet.width}
        return sheet.put(printed, beside, table.key)

    heading = put([Cell(column.title) for column in table.columns], style.heading_look)
    for row, below in table.whole_rows:
        put(row, style.body_look)
        if below:
            sheet.put([Piece(sheet.width, below, style.TEXT)])
    columns = {column.key: start for column, (start, _) in zip(table.columns, layout, strict=True)}
    area = TableRange(sheet.name, heading + 1, sheet.row - 1, columns)
    sheet.workbook.tables[table.key] = area
    _shade_marks(sheet, table, area)
    if table.printed_legend:
        sheet.line(table.printed_legend, style.PLAIN)
    if table.bars:
        _draw_bars(sheet, table, table.bars, area)
    return area


def _lay_out(sheet: SheetWriter, table: Table) -> list[tuple[int, int]]:
    """Return where each column of a table begins on the sheet, and how many of its it takes.

    What is not printed stands right of the grid, steps of a computation after a gap.
    """
    spans = style.spans(printed_widths(table), sheet.grid)
    printed = zip(accumulate(spans, initial=0), spans, strict=False)
    has_gap = any(column.kind is Kind.WORKING for column in table.columns)
    if has_gap:
        sheet.set_width(sheet.width, _GAP)
    beside = count(sheet.width + has_gap)
    layout = []
    for column, width in zip(table.columns, style.natural_widths(table), strict=True):
        start, span = next(printed) if column.printed else (next(beside), 1)
        if not column.printed:
            sheet.set_width(start, width)
        layout.append((start, span))
    return layout


def _shade_marks(sheet: SheetWriter, table: Table, area: TableRange) -> None:
    """Shade the marks of the scale: the letter says it, the shade finds it."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    marks = sheet.workbook.marks
    for key in (column.key for column in table.columns if column.kind is Kind.MARK):
        column = area.columns[key]
        cell = xl_rowcol_to_cell(area.first, column, col_abs=True)
        for mark, tint in zip(marks, style.tints(len(marks)), strict=True):
            whole, begun = quoted(mark), quoted(f"{mark}（")
            rule = {
                "type": "formula",
                "criteria": f"=OR({cell}={whole},LEFT({cell},LEN({begun}))={begun})",
                "format": sheet.workbook.xlsx.add_format({"bg_color": tint}),
            }
            sheet.worksheet.conditional_format(area.first, column, area.last, column, rule)


def _draw_bars(sheet: SheetWriter, table: Table, bars: Bars, area: TableRange) -> None:
    """Draw the stacked bars below the table, each part with its mark and figure on it."""
    titles = {column.key: column.title for column in table.columns}
    last = area.last - table.total
    font = {"name": style.FONT, "size": style.SIZE}
    chart = sheet.workbook.xlsx.add_chart({"type": "bar", "subtype": "stacked"})
    first = area.columns[table.columns[0].key]
    for key, tint in zip(bars.series, style.tints(len(bars.series)), strict=True):
        column, mark = area.columns[key], quoted(titles[key])
        chart.add_series(
            {
                "name": [area.sheet, area.first - 1, column],
                "categories": [area.sheet, area.first, first, last, first],
                "values": [area.sheet, area.first, column, last, column],
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
    chart.set_size({"width": sum(map(style.pixels, sheet.grid)), "height": height})
    sheet.skip()
    about = {"description": bars.alt, "object_position": 2}
    sheet.worksheet.insert_chart(sheet.row, 0, chart, about)
    sheet.skip(height * 0.75 + style.LINE)


def _whole_step(table: Table, bars: Bars) -> int:
    """Return the step of an axis that counts: whole, and about ten at most."""
    counted = [index for index, column in enumerate(table.columns) if column.key in bars.series]
    rows = table.rows[: len(table.rows) - table.total]
    longest = max(sum(row[index].value or 0 for index in counted) for row in rows)
    return max(math.ceil(longest / 10), 1)
