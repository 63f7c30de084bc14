"""The overview: indicator × year, attainment and rating in each cell, shaded by grade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from jusou.report.charts.content import Overview, OverviewCell
from jusou.report.charts.page import EDGE, MM, SHEET, head_height, new_page
from jusou.report.charts.style import DARK, GREY
from jusou.report.charts.text import LINE, font, widest, wrap

_SIZE = 8.0
_PAD = 4.0
_LEAST_NAME, _LEAST_YEAR = 60 * MM, 22 * MM
_LIGHT, _DEEP, _BAND = (0.93, 0.96, 0.99), (0.03, 0.28, 0.50), "#DDDDDD"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the grid: a programme's title (without cells), or an indicator and its years."""

    lines: tuple[str, ...]
    cells: tuple[OverviewCell, ...] = ()

    @property
    def height(self) -> float:
        return len(self.lines) * LINE * _SIZE + _PAD


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the columns of the grid are, in points: the names, then equally wide years.

    Inside a year, attainments end at ``figure`` and ratings begin at ``mark``.
    """

    left: float
    years: float
    year_width: float
    figure: float
    mark: float
    right: float


def overview_figure(overview: Overview, notices: Sequence[str]) -> Figure:
    """Draw the overview; the page grows where the rows need more than a sheet."""
    grid = _grid(overview)
    width = grid.right + EDGE
    rows = _rows(overview, grid)
    legend = wrap(overview.legend, width - 2 * EDGE, _SIZE)
    foot = EDGE + len(legend) * LINE * _SIZE + _PAD
    needed = sum(row.height for row in rows)
    height = max(SHEET[1], head_height(width, overview.title, notices) + needed + foot)
    page = new_page((width, height), overview.title, notices)
    page.write(EDGE, foot - _PAD, legend, _SIZE)
    axes = page.axes(0, 0, width, height)
    axes.set(xlim=(0, width), ylim=(0, height))
    stretch = min((page.top - foot) / needed, 1.3)
    top = page.top
    for row in rows:
        _draw_row(axes, grid, row, (top - row.height * stretch, top), overview.grades)
        top -= row.height * stretch
    return page.figure


def _grid(overview: Overview) -> Grid:
    cells = [cell for _, rows in overview.groups for _, cells in rows for cell in cells]
    figures = widest([cell.attainment for cell in cells], _SIZE)
    marks = widest([cell.rating for cell in cells if cell.grade is not None], _SIZE)
    states = widest([cell.rating for cell in cells if cell.grade is None], _SIZE)
    pair = figures + _PAD + marks
    year_width = max(_LEAST_YEAR, pair + 2 * _PAD, states + 2 * _PAD)
    years = len(overview.years) * year_width
    right = max(SHEET[0] - EDGE, EDGE + _LEAST_NAME + years)
    figure = (year_width - pair) / 2 + figures
    return Grid(EDGE, right - years, year_width, figure, figure + _PAD, right)


def _rows(overview: Overview, grid: Grid) -> list[Row]:
    heads = tuple(OverviewCell("", year, None) for year in overview.years)
    rows = [Row(("",), heads)]
    for title, indicators in overview.groups:
        rows.append(Row(tuple(wrap(title, grid.right - grid.left - 2 * _PAD, _SIZE))))
        limit = grid.years - grid.left - 2 * _PAD
        rows += [Row(tuple(wrap(name, limit, _SIZE)), cells) for name, cells in indicators]
    return rows


def _draw_row(axes: Axes, grid: Grid, row: Row, span: tuple[float, float], grades: int) -> None:
    bottom, top = span
    middle, height = (bottom + top) / 2, top - bottom
    if not row.cells:
        _box(axes, grid.left, bottom, grid.right - grid.left, height, facecolor=_BAND)
    _write(axes, grid.left + _PAD, middle, "\n".join(row.lines), ha="left")
    for index, cell in enumerate(row.cells):
        left = grid.years + index * grid.year_width
        shade = None if cell.grade is None else _shade(cell.grade, grades)
        _box(axes, left, bottom, grid.year_width, height, facecolor=shade or "white")
        if shade is None:
            _write(axes, left + grid.year_width / 2, middle, cell.rating, ha="center", color=DARK)
            continue
        color = "black" if _luminance(shade) > 0.18 else "white"
        _write(axes, left + grid.figure, middle, cell.attainment, ha="right", color=color)
        _write(axes, left + grid.mark, middle, cell.rating, ha="left", color=color)


def _box(axes: Axes, left: float, bottom: float, width: float, height: float, **style: Any) -> None:
    axes.add_patch(Rectangle((left, bottom), width, height, edgecolor=GREY, linewidth=0.5, **style))


def _write(axes: Axes, x: float, y: float, text: str, **style: Any) -> None:
    if text:
        axes.text(x, y, text, va="center", fontproperties=font(_SIZE), linespacing=LINE, **style)


def _shade(grade: int, grades: int) -> tuple[float, float, float]:
    """From light, the best grade, to deep, the lowest."""
    share = (grade / max(grades - 1, 1)) ** 1.5
    red, green, blue = (
        light + (deep - light) * share for light, deep in zip(_LIGHT, _DEEP, strict=True)
    )
    return red, green, blue


def _luminance(shade: tuple[float, float, float]) -> float:
    """Relative luminance (WCAG); on 0.18 black and white stand out equally."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in shade
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
