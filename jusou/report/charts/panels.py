"""The panels of a chart: values and targets of an indicator by year.

Counts are bars from zero, rates are squares. The targets are a step; their values stand below
the years, where they are in nobody's way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from matplotlib.ticker import MaxNLocator

from jusou.report.charts.canvas import Canvas
from jusou.report.charts.content import Datum, Panel, Style
from jusou.report.charts.page import DIAMOND_HALF, EDGE, MM, Page, draw_diamond
from jusou.report.charts.style import BLANK, DARK, GROUND, LOOKS, SCALE
from jusou.report.charts.text import LINE, Lettering, fit, fit_all, widest, width, wrap

_GUTTER = 4 * MM
_LEAST_PLOT = 60.0
_GAP = 1.5
_SQUARE = 8.0
_BAR_WIDTH = 0.68  # of a year
_SCALE_SIZE = 7.5
_FILLED = 0.91  # of a year: wider texts reach those of the years beside it

Span = tuple[float, float]


class PanelRow(NamedTuple):
    """Panels that stand side by side, each ``width`` points wide, with texts of one size.

    ``head`` and ``below`` are the room above and below their plots, which begin and end at the
    same heights; ``tallest`` is the highest text on a value of each. ``is_flat`` tells that none
    of the texts stands upright.
    """

    panels: Sequence[Panel]
    titles: Sequence[Sequence[str]]
    width: float
    size: float
    head: float
    below: float
    tallest: Sequence[float]
    is_flat: bool

    @property
    def least(self) -> float:
        """How high the row has to be."""
        return self.head + self.below + max(self.tallest) + _LEAST_PLOT


class Plot(NamedTuple):
    """A panel and where its plot stands, in points; ``size`` is that of its texts.

    The panel's floor is at the height of ``ground``; 1 is ``per_unit`` points high.
    """

    panel: Panel
    canvas: Canvas
    left: float
    bottom: float
    width: float
    size: float
    ground: float
    per_unit: float

    @property
    def year_width(self) -> float:
        return self.width / len(self.panel.years)

    @property
    def axis(self) -> float:
        """Where the scale stands, a little left of the years."""
        return self.left - _GAP

    def x(self, year: str) -> float:
        """Where the middle of a year is."""
        return self.left + (self.panel.years.index(year) + 0.5) * self.year_width

    @property
    def zero(self) -> float:
        """Where bars begin."""
        return max(self.y(0), self.ground)

    def y(self, value: Decimal | float) -> float:
        """How high a value is."""
        return self.ground + (float(value) - float(self.panel.floor)) * self.per_unit

    def write(self, x: float, bottom: float, text: str, lettering: Lettering, color: str) -> None:
        """Write a text around ``x``."""
        size, upright = lettering
        self.canvas.write(x, bottom, text, size, align="center", color=color, upright=upright)


class ValueText(NamedTuple):
    """The text on a value, or, in lines, in place of a missing one."""

    year: str
    lines: Sequence[str]
    lettering: Lettering
    datum: Datum | None = None

    @property
    def width(self) -> float:
        size, upright = self.lettering
        return size if upright else widest(self.lines, size)

    @property
    def height(self) -> float:
        above = (len(self.lines) - 1) * LINE * self.lettering.size
        return above + self.lettering.height(self.lines[-1])


class Place(NamedTuple):
    """Where a text begins, how it is set, and whether it stands inside its bar."""

    bottom: float
    lettering: Lettering
    inside: bool = False


def new_rows(panels: Sequence[Panel], columns: int, size: tuple[float, float]) -> list[PanelRow]:
    """Arrange panels in rows on a sheet of that width and height.

    Fewer stand side by side where their years need more room, and where their texts lie flat then,
    as long as the sheet holds them.
    """
    page_width, height = size
    years = max((len(panel.years) for panel in panels), default=1)
    room = page_width - 2 * EDGE + _GUTTER
    most = max(1, min(columns, int(room / (_margin(_SCALE_SIZE) + 17 * years + _GUTTER))))
    densest = _arrange(panels, most, room)
    for fewer in range(most, 0, -1):
        rows = _arrange(panels, fewer, room)
        if sum(row.least for row in rows) > height:
            break
        if all(row.is_flat for row in rows):
            return rows
    return densest


def _arrange(panels: Sequence[Panel], columns: int, room: float) -> list[PanelRow]:
    size = 7.5 if columns > 3 else 8.5
    width = room / columns - _GUTTER
    starts = range(0, len(panels), columns)
    return [_new_row(panels[start : start + columns], width, size) for start in starts]


def _margin(size: float) -> float:
    """The room left of a plot, for the scale and the heads of the lines below."""
    return 3.8 * size


def _new_row(panels: Sequence[Panel], width: float, size: float) -> PanelRow:
    titles = [wrap(panel.title, width, size + 0.5) for panel in panels]
    head = max(map(len, titles)) * LINE * (size + 0.5) + 2 * _GAP
    head += LINE * size * any(panel.note for panel in panels)
    below, tallest = [], []
    is_flat = True
    for panel in panels:
        year_width = (width - _margin(size)) / len(panel.years)
        texts = _value_texts(panel, year_width, size)
        lines = [_set_below(line, year_width, size) for _, line in _lines_below(panel)]
        higher = LINE * size * any(each.width > _FILLED * year_width for each in texts)
        tallest.append(max((each.height for each in texts), default=0.0) + higher)
        below.append(sum(line.height for line in lines))
        letterings = [each.lettering for each in texts]
        letterings += [each for line in lines for each in line.letterings]
        is_flat &= not any(each.upright for each in letterings)
    return PanelRow(panels, titles, width, size, head, max(below) + 4 * _GAP, tallest, is_flat)


def draw_row(page: Page, row: PanelRow, top: float, height: float) -> None:
    """Draw panels side by side, from ``top`` down."""
    margin = _margin(row.size)
    bottom = top - height + row.below
    for index, (panel, title) in enumerate(zip(row.panels, row.titles, strict=True)):
        left = EDGE + index * (row.width + _GUTTER)
        with page.canvas.group(panel.key):
            page.canvas.write_lines(left, top, title, row.size + 0.5)
            if panel.note:
                above = top - row.head + _GAP
                page.canvas.write(left + margin, above, panel.note, row.size, color=DARK)
            # The highest value ends so far below the top that its text has room.
            foot = _SQUARE / 2 + _GAP if panel.is_rate else 0.0
            room = height - row.head - row.below - foot
            ticks, highest = _ticks(panel), max(_values(panel), default=float(panel.floor))
            per_unit = min(
                _scaled(highest - float(panel.floor), room - row.tallest[index] - _SQUARE),
                _scaled(ticks[-1] - float(panel.floor), room - _SCALE_SIZE / 2),
            )
            plot = Plot(
                panel,
                page.canvas,
                left + margin,
                bottom,
                row.width - margin,
                row.size,
                bottom + foot,
                per_unit,
            )
            _draw_panel(plot, ticks)


def _scaled(span: float, room: float) -> float:
    return max(room, 1.0) / (span or 1.0)


def _values(panel: Panel) -> list[float]:
    """Everything that the scale has to show."""
    return [float(each.value) for each in panel.actuals + panel.targets + panel.former]


def _draw_panel(plot: Plot, ticks: Sequence[float]) -> None:
    panel = plot.panel
    _draw_scale(plot, ticks)
    # Behind the bars, which stay whole; the diamonds before them.
    for way in panel.ways:
        ends = [(plot.x(way.start), plot.y(way.low)), (plot.x(way.end), plot.y(way.high))]
        plot.canvas.line(ends, LOOKS[Style.WAY])
    for year in panel.breaks:
        x = plot.x(year) - plot.year_width / 2
        plot.canvas.line([(x, plot.bottom), (x, plot.y(ticks[-1]))], LOOKS[Style.FORMER])
    _draw_steps(plot, panel.former)
    _draw_steps(plot, panel.targets)
    for datum in panel.actuals:
        x, y, look = plot.x(datum.year), plot.y(datum.value), LOOKS[datum.style]
        if panel.is_rate:
            half = _SQUARE / 2
            plot.canvas.box(x - half, y - half, _SQUARE, _SQUARE, look)
        else:
            width, low = _BAR_WIDTH * plot.year_width, min(y, plot.zero)
            plot.canvas.box(x - width / 2, low, width, max(y, plot.zero) - low, look)
    right = plot.left + plot.width
    plot.canvas.line([(plot.axis, plot.bottom), (right, plot.bottom)], GROUND)
    if plot.zero > plot.ground:
        plot.canvas.line([(plot.axis, plot.zero), (right, plot.zero)], GROUND)
    for each in panel.targets:
        draw_diamond(plot.canvas, plot.x(each.year), plot.y(each.value))
    _write_values(plot)
    _write_lines_below(plot)


def _ticks(panel: Panel) -> list[float]:
    """Return round values from the panel's floor to its highest value or the next above it."""
    values, floor = _values(panel), float(panel.floor)
    highest = max(values, default=floor)
    if highest <= floor:
        return [floor]
    whole = not panel.is_rate and all(value.is_integer() for value in values)
    locator = MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10], integer=whole)
    return [tick for tick in map(float, locator.tick_values(floor, highest)) if tick >= floor]


def _draw_scale(plot: Plot, ticks: Sequence[float]) -> None:
    """Draw, on the left, what the heights mean."""
    plot.canvas.line([(plot.axis, plot.bottom), (plot.axis, plot.y(ticks[-1]))], SCALE)
    for tick, text in zip(ticks, _tick_texts(ticks), strict=True):
        y = plot.y(tick)
        plot.canvas.line([(plot.axis - 2, y), (plot.axis, y)], SCALE)
        bottom = y - _SCALE_SIZE / 2
        plot.canvas.write(plot.axis - 4, bottom, text, _SCALE_SIZE, align="right", color=DARK)


def _tick_texts(ticks: Sequence[float]) -> list[str]:
    """Write the values of a scale, never long: ``1,500``, ``92.5``, ``15万``, ``△2.5億``."""
    units = (("兆", 12, 1e12), ("億", 8, 1e8), ("万", 4, 1e5), ("", 0, 0.0))
    highest = max(map(abs, ticks), default=0.0)
    unit, power = next((unit, power) for unit, power, least in units if highest >= least)
    plain = (f"{tick / 10**power:,.6f}".rstrip("0").rstrip(".") for tick in ticks)
    signed = (text.replace("-", "△") for text in plain)
    return [f"{text}{unit}" if text != "0" else text for text in signed]


def _draw_steps(plot: Plot, targets: Sequence[Datum]) -> None:
    """Draw targets as steps, broken where a year has none."""
    half, years = plot.year_width / 2, plot.panel.years
    # In a run of years each is as far from its place in the list as the one before it.
    for _, run in groupby(enumerate(targets), lambda item: years.index(item[1].year) - item[0]):
        points = [
            (plot.x(each.year) + side, plot.y(each.value))
            for _, each in run
            for side in (-half, half)
        ]
        plot.canvas.line(points, LOOKS[targets[0].style])


def _value_texts(panel: Panel, year_width: float, size: float) -> list[ValueText]:
    """Return the texts of all values, set alike, and those of the gaps, in lines."""
    letterings = fit_all([each.text for each in panel.actuals], year_width, size)
    texts = [
        ValueText(each.year, [each.text], lettering, each)
        for each, lettering in zip(panel.actuals, letterings, strict=True)
    ]
    return texts + [_gap_text(year, said, year_width, size) for year, said in panel.gaps]


def _gap_text(year: str, said: str, year_width: float, size: float) -> ValueText:
    lettering = fit([said], year_width, size)
    if lettering.upright:
        return ValueText(year, wrap(said, year_width, size), Lettering(size))
    return ValueText(year, [said], lettering)


def _write_values(plot: Plot) -> None:
    """Write each text where it meets no other, no target's diamond and no former target's line."""
    panel = plot.panel
    taken: dict[str, list[Span]] = {year: [] for year in panel.years}
    for targets, half in ((panel.targets, DIAMOND_HALF + 0.6), (panel.former, 1.0)):
        for each in targets:
            middle = plot.y(each.value)
            taken[each.year].append((middle - half, middle + half))
    aims = {year: tuple(spans) for year, spans in taken.items()}
    labels = _value_texts(panel, plot.year_width, plot.size)
    placed = {}
    for label in (*labels[::2], *labels[1::2]):  # wide ones stand on two levels in turns
        spans = taken[label.year]
        if label.width > _FILLED * plot.year_width:
            spans = [span for year in _around(panel, label.year) for span in taken[year]]
        placed[label.year] = place = _place(plot, label, aims[label.year], sorted(spans))
        taken[label.year].append((place.bottom, place.bottom + label.height))
    for label in labels:
        _write_value(plot, label, placed[label.year])


def _around(panel: Panel, year: str) -> Sequence[str]:
    """Return a year and those beside it."""
    index = panel.years.index(year)
    return panel.years[max(index - 1, 0) : index + 2]


def _place(plot: Plot, label: ValueText, aims: Sequence[Span], taken: Sequence[Span]) -> Place:
    """Return where a text stands: above its value.

    But beyond a target it would be read as the target's.
    """
    if label.datum is None:
        return Place(_upwards(plot.bottom + _GAP, label.height, taken), label.lettering)
    (text,) = label.lines
    middle = max(plot.y(label.datum.value), plot.zero)
    lift = _SQUARE / 2 if plot.panel.is_rate else 0.0
    bottom = _upwards(middle + lift + _GAP, label.height, taken)
    if any(middle < (low + high) / 2 < bottom for low, high in aims):
        lettering = label.lettering
        if not plot.panel.is_rate:  # inside the bar, upright if that is narrow
            lettering = fit([text], plot.year_width * _BAR_WIDTH, lettering.size)
        below = _downwards(middle - lift - _GAP, lettering.height(text), taken)
        if below >= plot.bottom + _GAP:
            return Place(below, lettering, inside=not plot.panel.is_rate)
    return Place(bottom, label.lettering)


def _write_value(plot: Plot, label: ValueText, place: Place) -> None:
    x, (bottom, lettering, inside) = plot.x(label.year), place
    size = lettering.size
    color = DARK if label.datum is None else "black"
    if label.datum and inside and label.datum.style is Style.FINAL:
        color = "white"
    elif label.datum and inside and label.datum.style is Style.INTERIM:
        (text,) = label.lines
        wide = size if lettering.upright else width(text, size)
        high = lettering.height(text)
        plot.canvas.box(x - wide / 2 - 0.8, bottom - 0.8, wide + 1.6, high + 1.6, BLANK)
    for number, line in enumerate(label.lines, 1):
        above = bottom + (len(label.lines) - number) * LINE * size
        plot.write(x, above, line, lettering, color)


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
    """What stands below the plot, by year: the years, the targets, and those once in force."""
    words = dict(panel.legend)
    yield "", {year: year for year in panel.years}
    for style, targets in ((Style.TARGET, panel.targets), (Style.FORMER, panel.former)):
        if targets:
            yield words[style], {each.year: each.text for each in targets}


class LineBelow(NamedTuple):
    """Texts by year that stand in a line, or in turns in two."""

    letterings: Sequence[Lettering]
    levels: int
    height: float


def _set_below(line: Mapping[str, str], year_width: float, size: float) -> LineBelow:
    letterings = fit_all(line.values(), year_width, size)
    texts = list(zip(letterings, line.values(), strict=True))
    flat = [width(text, each.size) for each, text in texts if not each.upright]
    levels = 2 if max(flat, default=0.0) > _FILLED * year_width else 1
    highest = max(each.height(text) for each, text in texts) + 2 * _GAP
    return LineBelow(letterings, levels, max(levels * LINE * size, highest))


def _write_lines_below(plot: Plot) -> None:
    top = plot.bottom - DIAMOND_HALF
    for head, line in _lines_below(plot.panel):
        letterings, levels, height = _set_below(line, plot.year_width, plot.size)
        for number, (year, text) in enumerate(line.items()):
            lettering = letterings[number]
            level = top - height * (2 * (number % levels) + 1) / (2 * levels)
            bottom = level - lettering.height(text) / 2
            plot.write(plot.x(year), bottom, text, lettering, "black")
        if head:
            bottom = top - (height + plot.size) / 2
            plot.canvas.write(plot.axis - 4, bottom, head, plot.size, align="right", color=DARK)
        top -= height
