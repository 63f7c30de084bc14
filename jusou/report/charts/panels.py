"""The panels of a chart: figures and targets of an indicator by year.

Counts are bars from zero, rates are squares. The targets are a step; their figures stand below
the years, where they are in nobody's way.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from jusou.report.charts.content import Mark, Panel, Style
from jusou.report.charts.labels import draw_labels, labels_of
from jusou.report.charts.page import EDGE, MM, Page
from jusou.report.charts.plot import (
    BAR_WIDTH,
    DIAMOND_HALF,
    GAP,
    SQUARE,
    Plot,
    Scale,
    new_scale,
)
from jusou.report.charts.style import DARK, DIAMOND, FILLS, GREY, LINES, SEAM
from jusou.report.charts.text import LINE, Lettering, fit_all, wrap

_GUTTER = 4 * MM
_LEAST_PLOT = 60.0


@dataclass(frozen=True, slots=True)
class Row:
    """Panels that stand side by side, each ``width`` points wide, with texts of one size.

    ``head`` and ``below`` are the room above and below their axes, which begin and end at the
    same heights; ``tallest`` is the highest text on a mark of each.
    """

    panels: Sequence[Panel]
    titles: Sequence[Sequence[str]]
    width: float
    size: float
    head: float
    below: float
    tallest: Sequence[float]

    @property
    def least(self) -> float:
        """How high the row has to be."""
        return self.head + self.below + max(self.tallest) + _LEAST_PLOT


def new_rows(panels: Sequence[Panel], columns: int, page_width: float) -> list[Row]:
    """Arrange panels in rows; fewer stand side by side where their years need more room."""
    years = max((len(panel.years) for panel in panels), default=1)
    room = page_width - 2 * EDGE + _GUTTER
    columns = max(1, min(columns, int(room / (_margin(7) + 17 * years + _GUTTER))))
    size = 7.0 if columns > 3 else 8.5
    width = room / columns - _GUTTER
    starts = range(0, len(panels), columns)
    return [_new_row(panels[start : start + columns], width, size) for start in starts]


def _margin(size: float) -> float:
    """The room left of the axes, for the scale and the heads of the rows below."""
    return 4 * size


def _new_row(panels: Sequence[Panel], width: float, size: float) -> Row:
    inside = width - _margin(size)
    titles = [wrap(panel.title, width, size + 0.5) for panel in panels]
    head = max(map(len, titles)) * LINE * (size + 0.5) + 2 * GAP
    head += LINE * size * any(panel.note for panel in panels)
    below = max(_rows_height(panel, inside, size) for panel in panels) + 4 * GAP
    tallest = [_tallest(panel, inside, size) for panel in panels]
    return Row(panels, titles, width, size, head, below, tallest)


def _tallest(panel: Panel, width: float, size: float) -> float:
    labels = labels_of(panel, width / len(panel.years), size)
    return max((label.height for label in labels), default=0.0)


def draw_row(page: Page, row: Row, top: float, height: float) -> None:
    """Draw panels side by side, from ``top`` down."""
    margin = _margin(row.size)
    bottom, inside = top - height + row.below, row.width - margin
    axes_height = height - row.head - row.below
    for index, (panel, title) in enumerate(zip(row.panels, row.titles, strict=True)):
        left = EDGE + index * (row.width + _GUTTER)
        page.write(left, top, title, row.size + 0.5)
        if panel.note:
            above = bottom + axes_height + GAP
            page.write(left + margin, above, [panel.note], row.size, va="bottom", color=DARK)
        axes = page.axes(left + margin, bottom, inside, axes_height)
        _draw_panel(Plot(panel, axes, inside, axes_height, row.size), row.tallest[index] + SQUARE)


def _draw_panel(plot: Plot, room: float) -> None:
    """Draw a panel; ``room`` is left free at its top for texts."""
    scale = new_scale(plot, room)
    plot.axes.set(
        xlim=(-0.5, len(plot.panel.years) - 0.5),
        ylim=(scale.figure(0), scale.figure(plot.height)),
    )
    _draw_scale(plot, scale)
    for mark in plot.panel.marks:
        _draw_mark(plot, mark)
    _draw_steps(plot, plot.panel.former)
    _draw_steps(plot, plot.panel.targets)
    draw_labels(plot, scale, labels_of(plot.panel, plot.slot, plot.size))
    _draw_rows(plot)


def _draw_scale(plot: Plot, scale: Scale) -> None:
    """Draw the ground line, and on the left what the heights mean."""
    highest = max(plot.figures, default=0.0)
    whole = not plot.panel.is_rate and all(each.is_integer() for each in plot.figures)
    locator = MaxNLocator(nbins=4, steps=[1, 2, 5, 10], integer=whole)
    found = locator.tick_values(scale.floor, max(highest, scale.floor))
    ticks = [float(tick) for tick in found if scale.floor <= tick <= max(highest, scale.floor)]
    point = 1 / plot.slot
    edge, right = -0.5, len(plot.panel.years) - 0.5
    ground = scale.figure(0)
    style: dict[str, Any] = {"linewidth": 0.8, "clip_on": False}
    plot.axes.hlines([ground], edge, right, colors=DARK, zorder=3, **style)
    plot.axes.hlines(ticks, edge - 2 * point, edge, colors=GREY, **style)
    plot.axes.vlines([edge], ground, max(ticks, default=ground), colors=GREY, **style)
    lettering = Lettering(plot.size * 0.9)
    for tick, text in zip(ticks, _tick_texts(ticks), strict=True):
        left = {"ha": "right", "va": "center", "color": DARK}
        plot.write(edge - 4 * point, tick, text, lettering, **left)


def _tick_texts(ticks: Sequence[float]) -> list[str]:
    """Write the figures of a scale, never long: ``1,500``, ``92.5``, ``150万``, ``25億``."""
    units = (("兆", 12, 1e13), ("億", 8, 1e9), ("万", 4, 1e6), ("", 0, 0.0))
    highest = max(ticks, default=0.0)
    unit, power = next((unit, power) for unit, power, least in units if highest >= least)
    plain = (f"{tick / 10**power:,.6f}".rstrip("0").rstrip(".") for tick in ticks)
    return [f"{text}{unit}" if text != "0" else text for text in plain]


def _draw_mark(plot: Plot, mark: Mark) -> None:
    place, value, fill = plot.places[mark.year], float(mark.value), FILLS[mark.style]
    if plot.panel.is_rate:
        plot.axes.scatter([place], [value], SQUARE**2, marker="s", zorder=2, **fill)
    else:
        corner = (place - BAR_WIDTH / 2, 0)
        plot.axes.add_patch(Rectangle(corner, BAR_WIDTH, value, zorder=2, **fill))


def _draw_steps(plot: Plot, marks: Sequence[Mark]) -> None:
    """Draw targets as a step with a white seam, so that it stands out from the bars."""
    if not marks:
        return
    places = plot.places
    xs: list[float] = []
    ys: list[float] = []
    for mark in marks:
        start = places[mark.year] - 0.5
        if xs and xs[-1] != start:
            xs.append(math.nan)
            ys.append(math.nan)
        xs += [start, start + 1]
        ys += [float(mark.value)] * 2
    style = marks[0].style
    plot.axes.plot(xs, ys, zorder=4, clip_on=False, **SEAM)
    plot.axes.plot(xs, ys, zorder=4, clip_on=False, **LINES[style])
    if style is Style.TARGET:
        middles = [places[mark.year] for mark in marks]
        heights = [float(mark.value) for mark in marks]
        plot.axes.plot(middles, heights, "none", zorder=5, clip_on=False, **DIAMOND)


def _rows(panel: Panel) -> list[tuple[str, dict[str, str]]]:
    """What stands below the axes: the years, the targets, and those that were replaced."""
    words = dict(panel.legend)
    rows = [("", {year: year for year in panel.years})]
    for style, marks in ((Style.TARGET, panel.targets), (Style.FORMER, panel.former)):
        if marks:
            rows.append((words[style], {mark.year: mark.text for mark in marks}))
    return rows


def _rows_height(panel: Panel, width: float, size: float) -> float:
    slot = width / len(panel.years)
    return sum(_row_height(row, slot, size) for _, row in _rows(panel))


def _row_height(row: Mapping[str, str], slot: float, size: float) -> float:
    texts = row.values()
    letterings = fit_all(texts, slot, size)
    heights = [each.height(text) for each, text in zip(letterings, texts, strict=True)]
    return max(LINE * size, max(heights) + 2 * GAP)


def _draw_rows(plot: Plot) -> None:
    transform = plot.axes.get_xaxis_transform()
    top = -DIAMOND_HALF
    for head, row in _rows(plot.panel):
        height = _row_height(row, plot.slot, plot.size)
        middle = (top - height / 2) / plot.height
        style = {"transform": transform, "va": "center"}
        letterings = fit_all(row.values(), plot.slot, plot.size)
        for (year, text), lettering in zip(row.items(), letterings, strict=True):
            plot.write(plot.places[year], middle, text, lettering, ha="center", **style)
        if head:
            left = -0.5 - 4 / plot.slot
            plot.write(left, middle, head, Lettering(plot.size), ha="right", color=DARK, **style)
        top -= height
