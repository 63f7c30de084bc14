"""The panels of a chart: values and targets of an indicator by year.

Counts are bars from zero, rates are squares. The targets are a step; their values stand below
the years, where they are in nobody's way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from jusou.report.charts.content import Datum, Panel, Style
from jusou.report.charts.page import EDGE, MM, Page
from jusou.report.charts.style import DARK, DIAMOND, FILLS, GREY, INSIDE, LINES, SEAM
from jusou.report.charts.text import LINE, Lettering, fit, fit_all, font, wrap

_GUTTER = 4 * MM
_LEAST_PLOT = 60.0
_GAP = 1.5
_SQUARE = 8.0
_DIAMOND_HALF = 3.2
_BAR_WIDTH = 0.68  # of a year

Span = tuple[float, float]


class PanelRow(NamedTuple):
    """Panels that stand side by side, each ``width`` points wide, with texts of one size.

    ``head`` and ``below`` are the room above and below their axes, which begin and end at the
    same heights; ``tallest`` is the highest text on a value of each.
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


class Plot(NamedTuple):
    """A panel and the axes it is drawn into, measured in points; ``size`` is that of its texts.

    The panel's floor is ``foot`` points above the foot of the axes; 1 is ``per_unit`` points high.
    """

    panel: Panel
    axes: Axes
    width: float
    height: float
    size: float
    foot: float
    per_unit: float

    @property
    def year_width(self) -> float:
        return self.width / len(self.panel.years)

    def x(self, year: str) -> int:
        """Where a year is on the horizontal axis."""
        return self.panel.years.index(year)

    def points(self, value: Decimal) -> float:
        """How many points a value is above the foot of the axes."""
        return self.foot + (float(value) - float(self.panel.floor)) * self.per_unit

    def value(self, points: float) -> float:
        """Which value is so many points above the foot of the axes."""
        return float(self.panel.floor) + (points - self.foot) / self.per_unit

    def write(self, x: float, y: float, text: str, lettering: Lettering, **style: Any) -> None:
        """Write a text at a year's place and the height of a value."""
        style = {"rotation": 90 if lettering.upright else 0, "zorder": 6, **style}
        self.axes.text(x, y, text, fontproperties=font(lettering.size), **style)


class ValueText(NamedTuple):
    """The text on a value, or in place of a missing one."""

    year: str
    text: str
    lettering: Lettering
    datum: Datum | None = None

    @property
    def height(self) -> float:
        return self.lettering.height(self.text)


def new_rows(panels: Sequence[Panel], columns: int, page_width: float) -> list[PanelRow]:
    """Arrange panels in rows; fewer stand side by side where their years need more room."""
    years = max((len(panel.years) for panel in panels), default=1)
    room = page_width - 2 * EDGE + _GUTTER
    columns = max(1, min(columns, int(room / (_margin(7) + 17 * years + _GUTTER))))
    size = 7.0 if columns > 3 else 8.5
    width = room / columns - _GUTTER
    starts = range(0, len(panels), columns)
    return [_new_row(panels[start : start + columns], width, size) for start in starts]


def _margin(size: float) -> float:
    """The room left of the axes, for the scale and the heads of the lines below."""
    return 4 * size


def _new_row(panels: Sequence[Panel], width: float, size: float) -> PanelRow:
    titles = [wrap(panel.title, width, size + 0.5) for panel in panels]
    head = max(map(len, titles)) * LINE * (size + 0.5) + 2 * _GAP
    head += LINE * size * any(panel.note for panel in panels)
    below, tallest = [], []
    for panel in panels:
        year_width = (width - _margin(size)) / len(panel.years)
        texts = _value_texts(panel, year_width, size)
        tallest.append(max((each.height for each in texts), default=0.0))
        below.append(sum(_line_height(line, year_width, size) for _, line in _lines_below(panel)))
    return PanelRow(panels, titles, width, size, head, max(below) + 4 * _GAP, tallest)


def draw_row(page: Page, row: PanelRow, top: float, height: float) -> None:
    """Draw panels side by side, from ``top`` down."""
    margin = _margin(row.size)
    bottom, width = top - height + row.below, row.width - margin
    axes_height = height - row.head - row.below
    for index, (panel, title) in enumerate(zip(row.panels, row.titles, strict=True)):
        left = EDGE + index * (row.width + _GUTTER)
        page.write(left, top, title, row.size + 0.5)
        if panel.note:
            above = bottom + axes_height + _GAP
            page.write(left + margin, above, [panel.note], row.size, va="bottom", color=DARK)
        # The highest value ends so far below the top that its text has room.
        foot = _SQUARE / 2 + _GAP if panel.is_rate else 0.0
        room = max(axes_height - foot - (row.tallest[index] + _SQUARE), 1.0)
        span = max(_values(panel), default=float(panel.floor)) - float(panel.floor)
        axes = page.axes(left + margin, bottom, width, axes_height)
        _draw_panel(Plot(panel, axes, width, axes_height, row.size, foot, room / (span or 1.0)))


def _values(panel: Panel) -> list[float]:
    """Everything that the scale has to show."""
    return [float(each.value) for each in panel.actuals + panel.targets + panel.former]


def _draw_panel(plot: Plot) -> None:
    panel, axes = plot.panel, plot.axes
    right = len(panel.years) - 0.5
    axes.set(xlim=(-0.5, right), ylim=(plot.value(0), plot.value(plot.height)))
    _draw_scale(plot)
    for datum in panel.actuals:
        x, value, fill = plot.x(datum.year), float(datum.value), FILLS[datum.style]
        if panel.is_rate:
            axes.scatter([x], [value], _SQUARE**2, marker="s", zorder=2, **fill)
        else:
            corner = (x - _BAR_WIDTH / 2, 0)
            axes.add_patch(Rectangle(corner, _BAR_WIDTH, value, zorder=2, **fill))
    _draw_steps(plot, panel.former)
    _draw_steps(plot, panel.targets)
    _write_values(plot)
    _write_lines_below(plot)


def _draw_scale(plot: Plot) -> None:
    """Draw the ground line, and on the left what the heights mean."""
    values, floor = _values(plot.panel), float(plot.panel.floor)
    highest = max(values, default=0.0)
    whole = not plot.panel.is_rate and all(value.is_integer() for value in values)
    locator = MaxNLocator(nbins=4, steps=[1, 2, 5, 10], integer=whole)
    found = map(float, locator.tick_values(floor, max(highest, floor)))
    ticks = [tick for tick in found if floor <= tick <= max(highest, floor)]
    point = 1 / plot.year_width
    edge, right = -0.5, len(plot.panel.years) - 0.5
    ground = plot.value(0)
    style: dict[str, Any] = {"linewidth": 0.8, "clip_on": False}
    plot.axes.hlines([ground], edge, right, colors=DARK, zorder=3, **style)
    plot.axes.hlines(ticks, edge - 2 * point, edge, colors=GREY, **style)
    plot.axes.vlines([edge], ground, max(ticks, default=ground), colors=GREY, **style)
    lettering = Lettering(plot.size * 0.9)
    for tick, text in zip(ticks, _tick_texts(ticks), strict=True):
        left = {"ha": "right", "va": "center", "color": DARK}
        plot.write(edge - 4 * point, tick, text, lettering, **left)


def _tick_texts(ticks: Sequence[float]) -> list[str]:
    """Write the values of a scale, never long: ``1,500``, ``92.5``, ``150万``, ``25億``."""
    units = (("兆", 12, 1e13), ("億", 8, 1e9), ("万", 4, 1e6), ("", 0, 0.0))
    highest = max(ticks, default=0.0)
    unit, power = next((unit, power) for unit, power, least in units if highest >= least)
    plain = (f"{tick / 10**power:,.6f}".rstrip("0").rstrip(".") for tick in ticks)
    return [f"{text}{unit}" if text != "0" else text for text in plain]


def _draw_steps(plot: Plot, targets: Sequence[Datum]) -> None:
    """Draw targets as a step with a white seam, so that it stands out from the bars."""
    if not targets:
        return
    xs: list[float] = []
    ys: list[float] = []
    for each in targets:
        start = plot.x(each.year) - 0.5
        if xs and xs[-1] != start:
            xs.append(math.nan)
            ys.append(math.nan)
        xs += [start, start + 1]
        ys += [float(each.value)] * 2
    style = targets[0].style
    plot.axes.plot(xs, ys, zorder=4, clip_on=False, **SEAM)
    plot.axes.plot(xs, ys, zorder=4, clip_on=False, **LINES[style])
    if style is Style.TARGET:
        middles = [plot.x(each.year) for each in targets]
        values = [float(each.value) for each in targets]
        plot.axes.plot(middles, values, "none", zorder=5, clip_on=False, **DIAMOND)


def _value_texts(panel: Panel, year_width: float, size: float) -> list[ValueText]:
    """Return the texts of all values, set alike, and those of the gaps."""
    letterings = fit_all([each.text for each in panel.actuals], year_width, size)
    texts = [
        ValueText(each.year, each.text, lettering, each)
        for each, lettering in zip(panel.actuals, letterings, strict=True)
    ]
    return texts + [ValueText(*gap, fit([gap[1]], year_width, size)) for gap in panel.gaps]


def _write_values(plot: Plot) -> None:
    """Write each text where it meets no target's diamond and no former target's line."""
    panel = plot.panel
    taken: dict[str, list[Span]] = {year: [] for year in panel.years}
    for targets, half in ((panel.targets, _DIAMOND_HALF), (panel.former, 1.0)):
        for each in targets:
            middle = plot.points(each.value)
            taken[each.year].append((middle - half, middle + half))
    for label in _value_texts(panel, plot.year_width, plot.size):
        bottom, lettering, style = _place(plot, label, sorted(taken[label.year]))
        centred = {"ha": "center", "va": "bottom", **style}
        plot.write(plot.x(label.year), plot.value(bottom), label.text, lettering, **centred)


def _place(
    plot: Plot, label: ValueText, taken: Sequence[Span]
) -> tuple[float, Lettering, Mapping[str, Any]]:
    """Return how high a text begins, in points, and how it is written.

    It stands above its value; but beyond a target it would be read as the target's.
    """
    if label.datum is None:
        return _upwards(_GAP, label.height, taken), label.lettering, {"color": DARK}
    middle = plot.points(label.datum.value)
    lift = _SQUARE / 2 if plot.panel.is_rate else 0.0
    bottom = _upwards(middle + lift + _GAP, label.height, taken)
    if any(middle < (low + high) / 2 < bottom for low, high in taken):
        lettering = label.lettering
        style: Mapping[str, Any] = {}
        if not plot.panel.is_rate:  # inside the bar, upright if that is narrow
            lettering = fit([label.text], plot.year_width * _BAR_WIDTH, lettering.size)
            style = INSIDE.get(label.datum.style, {})
        below = _downwards(middle - lift - _GAP, lettering.height(label.text), taken)
        if below >= _GAP:
            return below, lettering, style
    return bottom, label.lettering, {}


def _upwards(bottom: float, height: float, taken: Sequence[Span]) -> float:
    """Return where a text may begin that meets nothing: at ``bottom``, or the next height up."""
    for low, high in taken:
        if low < bottom + height + _GAP and bottom < high + _GAP:
            bottom = high + _GAP
    return bottom


def _downwards(top: float, height: float, taken: Sequence[Span]) -> float:
    """Return where a text may begin that meets nothing: to end at ``top``, or the next down."""
    for low, high in reversed(taken):
        if low < top + _GAP and top - height < high + _GAP:
            top = low - _GAP
    return top - height


def _lines_below(panel: Panel) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What stands below the axes, by year: the years, the targets, and those once in force."""
    words = dict(panel.legend)
    yield "", {year: year for year in panel.years}
    for style, targets in ((Style.TARGET, panel.targets), (Style.FORMER, panel.former)):
        if targets:
            yield words[style], {each.year: each.text for each in targets}


def _line_height(line: Mapping[str, str], year_width: float, size: float) -> float:
    letterings = fit_all(line.values(), year_width, size)
    heights = [each.height(text) for each, text in zip(letterings, line.values(), strict=True)]
    return max(LINE * size, max(heights) + 2 * _GAP)


def _write_lines_below(plot: Plot) -> None:
    transform = plot.axes.get_xaxis_transform()
    top = -_DIAMOND_HALF
    for head, line in _lines_below(plot.panel):
        height = _line_height(line, plot.year_width, plot.size)
        middle = (top - height / 2) / plot.height
        style = {"transform": transform, "va": "center"}
        letterings = fit_all(line.values(), plot.year_width, plot.size)
        for (year, text), lettering in zip(line.items(), letterings, strict=True):
            plot.write(plot.x(year), middle, text, lettering, ha="center", **style)
        if head:
            left = -0.5 - 4 / plot.year_width
            plot.write(left, middle, head, Lettering(plot.size), ha="right", color=DARK, **style)
        top -= height
