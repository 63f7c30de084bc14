"""The overview: indicator × year, attainment and rating in each cell, shaded by grade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from jusou.report.charts.content import Overview, OverviewCell
from jusou.report.charts.page import EDGE, MM, SHEET, new_page
from jusou.report.charts.style import DARK, GREY, settings
from jusou.report.charts.text import LINE, font, widest, wrap

_SIZE = 8.0
_PAD = 4.0
_LEAST_NAME, _LEAST_YEAR = 60 * MM, 22 * MM
_LIGHT, _DEEP, _BAND = (0.93, 0.96, 0.99), (0.03, 0.28, 0.50), "#DDDDDD"


class GridRow(NamedTuple):
    """One row of the grid: a programme's title (without cells), or an indicator and its years."""

    lines: Sequence[str]
    cells: Sequence[OverviewCell] = ()

    @property
    def height(self) -> float:
        return len(self.lines) * LINE * _SIZE + _PAD


class Grid(NamedTuple):
    """Where the columns of the grid are, in points: the names, then equally wide years.

    Inside a year, attainments end at ``attainment`` and ratings begin at ``rating``.
    """

    years: float
    year_width: float
    attainment: float
    rating: float
    right: float


def draw_overview(overview: Overview, notices: Sequence[str]) -> Figure:
    """Draw indicator × year; the page grows where the rows need more than a sheet."""
    grid = _grid(overview)
    rows = list(_rows(overview, grid))
    width = grid.right + EDGE
    legend = wrap(overview.legend, width - 2 * EDGE, _SIZE)
    foot = EDGE + len(legend) * LINE * _SIZE + _PAD
    needed = sum(row.height for row in rows)
    with settings():
        page = new_page((width, SHEET[1]), needed + foot, overview.title, notices)
        page.write(EDGE, foot - _PAD, legend, _SIZE)
        axes = page.axes(0, 0, width, page.height)
        axes.set(xlim=(0, width), ylim=(0, page.height))
        stretch = min((page.top - foot) / needed, 1.3)
        top = page.top
        for row in rows:
            _draw_row(axes, grid, row, (top - row.height * stretch, top), overview.grades)
            top -= row.height * stretch
    return page.figure


def _grid(overview: Overview) -> Grid:
    cells = [cell for _, rows in overview.groups for _, cells in rows for cell in cells]
    attainments = widest([cell.attainment for cell in cells], _SIZE)
    ratings = widest([cell.rating for cell in cells if cell.grade is not None], _SIZE)
    states = widest([cell.rating for cell in cells if cell.grade is None], _SIZE)
    pair = attainments + _PAD + ratings
    year_width = max(_LEAST_YEAR, pair + 2 * _PAD, states + 2 * _PAD)
    years = len(overview.years) * year_width
    right = max(SHEET[0] - EDGE, EDGE + _LEAST_NAME + years)
    attainment = (year_width - pair) / 2 + attainments
    return Grid(right - years, year_width, attainment, attainment + _PAD, right)


def _rows(overview: Overview, grid: Grid) -> Iterator[GridRow]:
    yield GridRow([""], [OverviewCell("", year, None) for year in overview.years])
    for title, indicators in overview.groups:
        yield GridRow(wrap(title, grid.right - EDGE - 2 * _PAD, _SIZE))
        for name, cells in indicators:
            yield GridRow(wrap(name, grid.years - EDGE - 2 * _PAD, _SIZE), cells)


def _draw_row(axes: Axes, grid: Grid, row: GridRow, span: tuple[float, float], grades: int) -> None:
    bottom, top = span
    middle, height = (bottom + top) / 2, top - bottom
    if not row.cells:
        _box(axes, EDGE, bottom, grid.right - EDGE, height, facecolor=_BAND)
    _write(axes, EDGE + _PAD, middle, "\n".join(row.lines), ha="left")
    for index, cell in enumerate(row.cells):
        left = grid.years + index * grid.year_width
        shade = None if cell.grade is None else _shade(cell.grade, grades)
        _box(axes, left, bottom, grid.year_width, height, facecolor=shade or "white")
        if shade is None:
            _write(axes, left + grid.year_width / 2, middle, cell.rating, ha="center", color=DARK)
            continue
        color = "black" if _luminance(shade) > 0.18 else "white"
        _write(axes, left + grid.attainment, middle, cell.attainment, ha="right", color=color)
        _write(axes, left + grid.rating, middle, cell.rating, ha="left", color=color)


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
