"""The plot of one panel: its axes, and how figures and points on paper turn into one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from jusou.report.charts.content import Panel
from jusou.report.charts.text import Lettering, font

GAP = 1.5
BAR_WIDTH = 0.68
SQUARE = 8.0
DIAMOND_HALF = 3.2


@dataclass(frozen=True, slots=True)
class Plot:
    """A panel and the axes it is drawn into, measured in points; ``size`` is that of its texts."""

    panel: Panel
    axes: Axes
    width: float
    height: float
    size: float

    @property
    def slot(self) -> float:
        """How wide a year is."""
        return self.width / len(self.panel.years)

    @property
    def places(self) -> dict[str, int]:
        """Where each year is on the horizontal axis."""
        return {year: place for place, year in enumerate(self.panel.years)}

    @property
    def figures(self) -> list[float]:
        """Everything that the scale has to show."""
        panel = self.panel
        return [float(mark.value) for mark in panel.marks + panel.targets + panel.former]

    def write(self, x: float, y: float, text: str, lettering: Lettering, **style: Any) -> None:
        """Write a text at a year's place and a height in figures."""
        style = {"rotation": 90 if lettering.upright else 0, "zorder": 6, **style}
        self.axes.text(x, y, text, fontproperties=font(lettering.size), **style)


@dataclass(frozen=True, slots=True)
class Scale:
    """Figures as points above the foot of the axes, ``unit`` points each."""

    floor: float
    foot: float
    unit: float

    def points(self, figure: float) -> float:
        return self.foot + (figure - self.floor) * self.unit

    def figure(self, points: float) -> float:
        return self.floor + (points - self.foot) / self.unit


def new_scale(plot: Plot, room: float) -> Scale:
    """Let the highest figure end ``room`` points below the top, which is left to its label."""
    floor = float(plot.panel.floor)
    span = max(plot.figures, default=floor) - floor
    foot = SQUARE / 2 + GAP if plot.panel.is_rate else 0.0
    return Scale(floor, foot, max(plot.height - foot - room, 1.0) / (span or 1.0))
