"""Charts → SVG: the sheets of attainment and of each programme, single indicators.

What is drawn has to be printable (see :mod:`jusou.report.fonts`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from jusou.report.charts.attainment import draw_attainment
from jusou.report.charts.canvas import drawing
from jusou.report.charts.content import Chart, Illustrated, Panel
from jusou.report.charts.page import (
    HEAD,
    MM,
    SHEET,
    draw_legend,
    head_height,
    legend_height,
    new_page,
)
from jusou.report.charts.panels import draw_row, new_rows
from jusou.report.document import Document

SINGLE = (160 * MM, 100 * MM)
_SIZE = re.compile(rb'height="[\d.]+pt" viewBox="0 0 ([\d.]+) ([\d.]+)"')
_HEAD = re.compile(rb' *<g id="%s">.*?</g>\n' % HEAD.encode(), re.DOTALL)


def draw_all(document: Illustrated) -> dict[str, bytes]:
    """Draw the sheets of attainment and of each programme, by their keys."""
    lines = head_lines(document)
    sheets = {sheet.key: draw_attainment(sheet, lines) for sheet in document.attainment}
    return sheets | {chart.key: draw_chart(chart, lines) for chart in document.charts}


def head_lines(document: Document) -> tuple[str, ...]:
    """What stands below the title of every figure: of which plan, as of when, and the notices."""
    notices = (f"【{notice}】" for notice in document.notices)
    return (f"{document.title}　{document.as_of}", *notices)


def draw_chart(chart: Chart, notices: Sequence[str]) -> bytes:
    """Draw a sheet of a programme: small multiples above one legend."""
    return _draw_sheet(chart, SHEET, notices)


def draw_panel(panel: Panel, notices: Sequence[str]) -> bytes:
    """Draw a single indicator."""
    alone = (replace(panel, title=""),)
    chart = Chart(panel.key, "", panel.title, 1, alone, panel.legend)
    return _draw_sheet(chart, SINGLE, notices)


@drawing()
def _draw_sheet(chart: Chart, size: tuple[float, float], notices: Sequence[str]) -> bytes:
    """Draw panels in rows; the page grows where one row needs more than its size."""
    rows = new_rows(chart.panels, chart.columns, _room(chart, size, notices))
    foot = legend_height(size[0], chart.legend)
    needed = sum(row.least for row in rows)
    page = new_page(size, needed + foot, chart.title, notices)
    more = (page.top - foot - needed) / max(len(rows), 1)
    top = page.top
    for row in rows:
        draw_row(page, row, top, row.least + more)
        top -= row.least + more
    draw_legend(page, chart.legend)
    return page.canvas.svg()


def _room(chart: Chart, size: tuple[float, float], notices: Sequence[str]) -> tuple[float, float]:
    """Return the width and height that a page has for the panels of a chart."""
    width, height = size
    around = head_height(width, chart.title, notices) + legend_height(width, chart.legend)
    return width, height - around


def spread(chart: Chart, notices: Sequence[str]) -> list[int]:
    """Spread the panels of a chart over sheets, whole rows on each; return how many on which."""
    room = _room(chart, SHEET, notices)
    sheets = [0]
    used = 0.0
    for row in new_rows(chart.panels, chart.columns, room):
        if used + row.least > room[1] and sheets[-1]:
            sheets.append(0)
            used = 0.0
        sheets[-1] += len(row.panels)
        used += row.least
    return sheets


def without_heads(document: Illustrated, drawings: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the SVGs from below their heads down, for pages that carry title and notices."""
    titles = {sheet.key: sheet.title for sheet in document.sheets}
    notices = head_lines(document)
    pictures = {}
    for key, svg in drawings.items():
        size = _SIZE.search(svg)
        assert size is not None
        width, height = map(float, size.groups())
        head = head_height(width, titles[key], notices)
        left = height - head
        box = f'height="{left:.6f}pt" viewBox="0 {head:.6f} {width:.6f} {left:.6f}"'
        pictures[key] = _HEAD.sub(b"", svg[: size.start()] + box.encode() + svg[size.end() :])
    return pictures
