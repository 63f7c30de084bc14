"""The picture of attainment: a bar an indicator against a line at 100 %, by programme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from jusou.report.charts.canvas import Canvas, drawing
from jusou.report.charts.content import CUT, AttainmentSheet, Bar, Legend
from jusou.report.charts.page import (
    EDGE,
    MM,
    SHEET,
    draw_cut,
    draw_legend,
    head_height,
    legend_height,
    new_page,
)
from jusou.report.charts.style import DARK, GROUND, HUNDRED, LOOKS, RULE
from jusou.report.charts.text import widest, wrap

_SIZE = 7.5
_LEADING = 1.17
_PAD = 2.5
_THICK = 6.5
_GAP = 3 * MM
_PROGRAMME = 38 * MM
_BARS = 69 * MM
_MARKS = (0, 50, 100, 150, CUT)
_HEADS = ("達成率", "達成度")

Groups = tuple[tuple[str, tuple[Bar, ...]], ...]


class Positions(NamedTuple):
    """Where, in points from the left, names and bars begin, the attainment ends, ratings stand."""

    names: float
    bars: float
    text: float
    rating: float
    right: float

    @property
    def name_width(self) -> float:
        return self.bars - _GAP - self.names

    def x(self, percent: float) -> float:
        """Where a percentage is; one below 0 has no bar."""
        return self.bars + min(max(percent, 0), CUT) / CUT * _BARS


def _positions(groups: Groups) -> Positions:
    bars = [bar for _, group in groups for bar in group]
    texts = widest([_HEADS[0], *(bar.text for bar in bars if bar.value is not None)], _SIZE)
    ratings = widest([_HEADS[1], *(bar.rating for bar in bars)], _SIZE)
    right = SHEET[0] - EDGE
    rating = right - ratings
    text = rating - _GAP
    return Positions(EDGE + _PROGRAMME + _GAP, text - texts - 2 * _GAP - _BARS, text, rating, right)


def spread_bars(groups: Groups, title: str, legend: Legend, notices: Sequence[str]) -> list[int]:
    """Spread bars over sheets; return how many on which."""
    columns = _positions(groups)
    around = head_height(SHEET[0], title, notices) + legend_height(SHEET[0], legend)
    room = SHEET[1] - around - _row_height(1)
    sheets = [0]
    used = 0.0
    for programme, bars in groups:
        least, rows = _least(programme), 0.0
        for bar in bars:
            row = _row_height(len(_names(columns, bar)))
            if sheets[-1] and used + max(rows + row, least) > room:
                sheets.append(0)
                used = rows = 0.0
            sheets[-1] += 1
            rows += row
        used += max(rows, least)
    return sheets


def _row_height(lines: int) -> float:
    return _text_height(lines) + _PAD


def _text_height(lines: int) -> float:
    return (1 + (lines - 1) * _LEADING) * _SIZE


def _names(columns: Positions, bar: Bar) -> Sequence[str]:
    return wrap(bar.name, columns.name_width, _SIZE)


def _group_height(columns: Positions, programme: str, bars: Sequence[Bar]) -> float:
    rows = sum(_row_height(len(_names(columns, bar))) for bar in bars)
    return max(rows, _least(programme))


def _least(programme: str) -> float:
    return _row_height(len(wrap(programme, _PROGRAMME, _SIZE)))


@drawing()
def draw_attainment(sheet: AttainmentSheet, notices: Sequence[str]) -> bytes:
    """Draw a sheet of attainment, as high as it needs to be."""
    columns = _positions(sheet.groups)
    heights = [_group_height(columns, *group) for group in sheet.groups]
    foot = legend_height(SHEET[0], sheet.legend)
    page = new_page((SHEET[0], 0), _row_height(1) + sum(heights) + foot, sheet.title, notices)
    canvas = page.canvas
    top = page.top - _row_height(1)
    _draw_frame(canvas, columns, top, top - sum(heights))
    for (programme, bars), height in zip(sheet.groups, heights, strict=True):
        canvas.line([(EDGE, top), (columns.right, top)], RULE)
        lines = wrap(programme, _PROGRAMME, _SIZE)
        canvas.write_lines(EDGE, top - _PAD / 2, lines, _SIZE, _LEADING)
        rows = [_row_height(len(_names(columns, bar))) for bar in bars]
        stretch = height / sum(rows)
        for bar, row in zip(bars, rows, strict=True):
            _draw_bar(canvas, columns, bar, top - row * stretch / 2)
            top -= row * stretch
    canvas.line([(EDGE, top), (columns.right, top)], RULE)
    draw_legend(page, sheet.legend)
    return canvas.svg()


def _draw_frame(canvas: Canvas, columns: Positions, top: float, bottom: float) -> None:
    """Draw the scale with its line at 100 %, and the heads of the columns."""
    heads = top + _PAD / 2
    for mark in _MARKS:
        x = columns.x(mark)
        canvas.write(x, heads, f"{mark}％" if mark == 100 else f"{mark}", _SIZE, align="center")
        canvas.line([(x, top), (x, bottom)], {0: GROUND, 100: HUNDRED}.get(mark, RULE))
    canvas.write(columns.text, heads, _HEADS[0], _SIZE, align="right")
    canvas.write(columns.rating, heads, _HEADS[1], _SIZE)


def _draw_bar(canvas: Canvas, columns: Positions, bar: Bar, middle: float) -> None:
    lines = _names(columns, bar)
    top = middle + _text_height(len(lines)) / 2
    canvas.write_lines(columns.names, top, lines, _SIZE, _LEADING)
    baseline = middle - _SIZE / 2
    if bar.value is None:
        canvas.write(columns.bars + _PAD, baseline, bar.text, _SIZE, color=DARK)
        return
    end = columns.x(float(bar.value))
    if bar.value <= 0:  # no bar is to be seen: that it is missing is not meant
        canvas.write(columns.bars + _PAD, baseline, bar.text, _SIZE, color=DARK)
    canvas.box(columns.bars, middle - _THICK / 2, end - columns.bars, _THICK, LOOKS[bar.style])
    if bar.value > CUT:
        draw_cut(canvas, columns.x(CUT * 0.95), middle, _THICK / 2)
    canvas.write(columns.text, baseline, bar.text, _SIZE, align="right")
    canvas.write(columns.rating, baseline, bar.rating, _SIZE)
