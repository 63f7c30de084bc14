"""The sheet a chart stands on: its title, the notices that stand on every output, the legend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from jusou.report.charts.canvas import Canvas
from jusou.report.charts.content import Legend, Style
from jusou.report.charts.style import BLANK, DIAMOND, GROUND, LOOKS
from jusou.report.charts.text import LINE, width, wrap

MM = 72 / 25.4
EDGE = 2 * MM
SHEET = (257 * MM, 160 * MM)
HEAD = "Head"  # no chart or panel has a capital in its key
DIAMOND_HALF = 3.0
_TITLE_SIZE = 12.0
_NOTICE_SIZE = 8.0
_LEGEND_SIZE = 8.0
_LEGEND_LINE = 1.7 * _LEGEND_SIZE
_HANDLE = 3 * _LEGEND_SIZE


class Page(NamedTuple):
    """A canvas below its title, which ends at ``top``."""

    canvas: Canvas
    top: float


def new_page(size: tuple[float, float], needed: float, title: str, notices: Sequence[str]) -> Page:
    """Begin a page with its title and the notices below it.

    It is of that size, or higher where what stands below needs more.
    """
    page_width, height = size
    head = head_height(page_width, title, notices)
    canvas = Canvas(page_width, max(height, head + needed))
    top = canvas.height - EDGE
    with canvas.group(HEAD):
        for lines, points in _head(page_width, title, notices):
            canvas.write_lines(EDGE, top, lines, points)
            top -= len(lines) * LINE * points + 1
    return Page(canvas, canvas.height - head)


def head_height(page_width: float, title: str, notices: Sequence[str]) -> float:
    """How much of a page its title and the notices take."""
    head = _head(page_width, title, notices)
    return EDGE + sum(len(lines) * LINE * points + 1 for lines, points in head) + MM


def _head(
    page_width: float, title: str, notices: Sequence[str]
) -> list[tuple[Sequence[str], float]]:
    texts = [(title, _TITLE_SIZE), *((notice, _NOTICE_SIZE) for notice in notices)]
    return [(wrap(text, page_width - 2 * EDGE, points), points) for text, points in texts]


def legend_height(page_width: float, legend: Legend) -> float:
    """How much of a page the legend takes at its foot."""
    return len(_legend_rows(page_width, legend)) * _LEGEND_LINE + 2 * MM


def _legend_rows(page_width: float, legend: Legend) -> list[Legend]:
    """Spread the legend over as few lines as hold it."""
    rows: list[Legend] = []
    for count in range(1, len(legend) + 1):
        size = math.ceil(len(legend) / count)
        rows = [legend[start : start + size] for start in range(0, len(legend), size)]
        if max(map(_row_width, rows)) <= page_width - 2 * EDGE:
            break
    return rows


def _entry_width(text: str) -> float:
    return _HANDLE + width(text, _LEGEND_SIZE) + 3 * _LEGEND_SIZE


def _row_width(row: Legend) -> float:
    return sum(_entry_width(text) for _, text in row) - 2 * _LEGEND_SIZE


def draw_legend(page: Page, legend: Legend) -> None:
    """Draw the legend at the foot of the page."""
    canvas = page.canvas
    rows = _legend_rows(canvas.width, legend)
    middle = len(rows) * _LEGEND_LINE - _LEGEND_LINE / 2 + MM
    for row in rows:
        left = (canvas.width - _row_width(row)) / 2
        for style, text in row:
            _draw_handle(canvas, style, left, middle)
            start = left + _HANDLE + _LEGEND_SIZE
            canvas.write(start, middle - _LEGEND_SIZE / 2, text, _LEGEND_SIZE)
            left += _entry_width(text)
        middle -= _LEGEND_LINE


def _draw_handle(canvas: Canvas, style: Style, left: float, middle: float) -> None:
    half = _LEGEND_SIZE / 2
    centre, right = left + _HANDLE / 2, left + _HANDLE
    match style:
        case Style.TARGET:
            canvas.line([(left, middle), (right, middle)], LOOKS[style])
            draw_diamond(canvas, centre, middle)
        case Style.FORMER | Style.WAY:
            canvas.line([(left, middle), (right, middle)], LOOKS[style])
        case Style.MISSING:
            canvas.line([(centre - half, middle), (centre + half, middle)], LOOKS[style])
        case Style.CUT:
            canvas.box(left, middle - half, _HANDLE, 2 * half, LOOKS[Style.MET])
            draw_cut(canvas, centre, middle, half)
        case _:
            canvas.box(left, middle - half, _HANDLE, 2 * half, LOOKS[style])


def draw_diamond(canvas: Canvas, x: float, y: float) -> None:
    """Draw the mark of a target, around that point."""
    half = DIAMOND_HALF
    canvas.shape([(x - half, y), (x, y + half), (x + half, y), (x, y - half)], DIAMOND)


def draw_cut(canvas: Canvas, x: float, y: float, half: float) -> None:
    """Draw the mark of a bar that is longer than shown, across a bar around that point."""
    low, high = y - half - 1, y + half + 1
    canvas.shape([(x - 3, low), (x, low), (x + 3, high), (x, high)], BLANK)
    for start in (x - 3, x):
        canvas.line([(start, low), (start + 3, high)], GROUND)
