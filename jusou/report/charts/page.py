"""The sheet a chart stands on: its title, the notices that stand on every output, the legend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from jusou.report.charts.content import Legend, Style
from jusou.report.charts.style import DIAMOND, FILLS, LINES, MISSING
from jusou.report.charts.text import LINE, font, width, wrap

INCH = 72
MM = INCH / 25.4
EDGE = 2 * MM
SHEET = (257 * MM, 160 * MM)
_TITLE_SIZE = 12.0
_NOTICE_SIZE = 8.0
_LEGEND_SIZE = 8.0


class Page(NamedTuple):
    """A figure measured in points from its lower left corner; ``top`` is where the title ends."""

    figure: Figure
    width: float
    height: float
    top: float

    def write(self, x: float, y: float, lines: Sequence[str], size: float, **style: Any) -> None:
        """Write lines of text; ``x``, ``y`` is their upper left corner."""
        style = {"va": "top", "ha": "left", "linespacing": LINE, **style}
        text = "\n".join(lines)
        self.figure.text(x / self.width, y / self.height, text, fontproperties=font(size), **style)

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Add axes without a frame."""
        axes = self.figure.add_axes(
            (left / self.width, bottom / self.height, width / self.width, height / self.height)
        )
        axes.set_axis_off()
        return axes


def new_page(size: tuple[float, float], needed: float, title: str, notices: Sequence[str]) -> Page:
    """Begin a figure with its title and the notices below it.

    It is of that size, or higher where what stands below needs more.
    """
    page_width, height = size
    head = head_height(page_width, title, notices)
    height = max(height, head + needed)
    figure = Figure(figsize=(page_width / INCH, height / INCH))
    page = Page(figure, page_width, height, height - head)
    top = height - EDGE
    for lines, points in _head(page_width, title, notices):
        page.write(EDGE, top, lines, points)
        top -= len(lines) * LINE * points + 1
    return page


def head_height(page_width: float, title: str, notices: Sequence[str]) -> float:
    """How much of a page its title and the notices take."""
    head = _head(page_width, title, notices)
    return EDGE + sum(len(lines) * LINE * points + 1 for lines, points in head) + MM


def _head(page_width: float, title: str, notices: Sequence[str]) -> list[tuple[list[str], float]]:
    texts = [(title, _TITLE_SIZE), *((notice, _NOTICE_SIZE) for notice in notices)]
    return [(wrap(text, page_width - 2 * EDGE, points), points) for text, points in texts]


def legend_height(page_width: float, legend: Legend) -> float:
    """How much of a page the legend takes at its foot."""
    return _legend_lines(page_width, legend) * 1.7 * _LEGEND_SIZE + 2 * MM


def _legend_lines(page_width: float, legend: Legend) -> int:
    needed = sum(width(text, _LEGEND_SIZE) + 6 * _LEGEND_SIZE for _, text in legend)
    return 1 if needed <= page_width - 2 * EDGE else 2


def draw_legend(page: Page, legend: Legend) -> None:
    """Draw the legend at the foot of the page, in two lines if need be."""
    columns = math.ceil(len(legend) / _legend_lines(page.width, legend))
    page.figure.legend(
        [_handle(style) for style, _ in legend],
        [text for _, text in legend],
        loc="lower center",
        ncols=max(columns, 1),
        frameon=False,
        prop=font(_LEGEND_SIZE),
        handlelength=3,
        handleheight=1,
        borderaxespad=0.2,
    )


def _handle(style: Style) -> Artist:
    match style:
        case Style.TARGET:
            return Line2D([], [], **LINES[style], **DIAMOND)
        case Style.FORMER:
            return Line2D([], [], **LINES[style])
        case Style.MISSING:
            return Line2D([], [], **MISSING)
    return Patch(**FILLS[style])
