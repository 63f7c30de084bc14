"""Charts → figures → pictures: a sheet for each programme, an overview, single indicators.

What is drawn has to be printable (see :mod:`jusou.report.fonts`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from matplotlib.figure import Figure

from jusou.report.charts.content import Chart, Illustrated, Panel
from jusou.report.charts.overview import draw_overview
from jusou.report.charts.page import (
    MM,
    SHEET,
    draw_legend,
    head_height,
    legend_height,
    new_page,
)
from jusou.report.charts.panels import draw_row, new_rows
from jusou.report.charts.style import settings
from jusou.report.document import Document

OVERVIEW = "overview"
SINGLE = (160 * MM, 100 * MM)
DPI = 150
_PACKED = {"compress_level": 3}
_NOTHING = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_SIZE = re.compile(rb'height="[\d.]+pt" viewBox="0 0 ([\d.]+) ([\d.]+)"')


class Picture(NamedTuple):
    """One figure, saved twice."""

    svg: bytes
    png: bytes


def draw_all(document: Illustrated) -> dict[str, Picture]:
    """Draw the overview and the sheet of each programme, by ``overview`` and the chart's key."""
    lines = head_lines(document)
    pictures = {OVERVIEW: save(draw_overview(document.overview, lines))}
    for chart in document.charts:
        pictures[chart.key] = save(draw_chart(chart, lines))
    return pictures


def head_lines(document: Document) -> tuple[str, ...]:
    """What stands below the title of every figure: of which plan, as of when, and the notices."""
    notices = (f"【{notice}】" for notice in document.notices)
    return (f"{document.title}　{document.as_of}", *notices)


def draw_chart(chart: Chart, notices: Sequence[str]) -> Figure:
    """Draw a sheet of a programme: small multiples above one legend."""
    return _draw_sheet(chart, SHEET, notices)


def draw_panel(panel: Panel, notices: Sequence[str]) -> Figure:
    """Draw a single indicator."""
    alone = (replace(panel, title=""),)
    chart = Chart(panel.key, "", panel.title, 1, alone, panel.legend, panel.alt)
    return _draw_sheet(chart, SINGLE, notices)


def _draw_sheet(chart: Chart, size: tuple[float, float], notices: Sequence[str]) -> Figure:
    """Draw panels in rows; the page grows where one row needs more than its size."""
    width, _ = size
    with settings():
        rows = new_rows(chart.panels, chart.columns, width)
        foot = legend_height(width, chart.legend)
        needed = sum(row.least for row in rows)
        page = new_page(size, needed + foot, chart.title, notices)
        draw_legend(page, chart.legend)
        more = (page.top - foot - needed) / max(len(rows), 1)
        top = page.top
        for row in rows:
            draw_row(page, row, top, row.least + more)
            top -= row.least + more
    return page.figure


def spread(chart: Chart, notices: Sequence[str]) -> list[int]:
    """Spread the panels of a chart over sheets, whole rows on each; return how many on which."""
    width, height = SHEET
    room = height - head_height(width, chart.title, notices) - legend_height(width, chart.legend)
    sheets = [0]
    used = 0.0
    for row in new_rows(chart.panels, chart.columns, width):
        if used + row.least > room and sheets[-1]:
            sheets.append(0)
            used = 0.0
        sheets[-1] += len(row.panels)
        used += row.least
    return sheets


def save(figure: Figure) -> Picture:
    """Save a figure as SVG and PNG, the same bytes each time: no date, no version in them."""
    svg, png = io.BytesIO(), io.BytesIO()
    with settings():
        figure.savefig(svg, format="svg", metadata=_NOTHING)
        figure.savefig(png, format="png", dpi=DPI, metadata={"Software": None}, pil_kwargs=_PACKED)
    # Without the address of its DTD: some readers would fetch it.
    _, tag, rest = svg.getvalue().partition(b"<svg")
    return Picture(b'<?xml version="1.0" encoding="utf-8"?>\n' + tag + rest, png.getvalue())


def without_heads(document: Illustrated, drawings: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the SVGs from below their heads down, for pages that carry title and notices.

    They are the same drawings, cut by their view boxes.
    """
    titles = {OVERVIEW: document.overview.title}
    titles |= {chart.key: chart.title for chart in document.charts}
    notices = head_lines(document)
    pictures = {}
    for key, svg in drawings.items():
        size = _SIZE.search(svg)
        assert size is not None
        width, height = map(float, size.groups())
        head = head_height(width, titles[key], notices)
        left = height - head
        box = f'height="{left:.6f}pt" viewBox="0 {head:.6f} {width:.6f} {left:.6f}"'
        pictures[key] = svg[: size.start()] + box.encode() + svg[size.end() :]
    return pictures
