"""The texts on the marks: placed in points, so that none meets a target or another text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jusou.report.charts.content import Mark, Panel
from jusou.report.charts.plot import BAR_WIDTH, DIAMOND_HALF, GAP, SQUARE, Plot, Scale
from jusou.report.charts.style import DARK, INSIDE
from jusou.report.charts.text import Lettering, fit, fit_all

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """The text on a mark, or in place of a missing one."""

    year: str
    text: str
    lettering: Lettering
    mark: Mark | None = None

    @property
    def height(self) -> float:
        return self.lettering.height(self.text)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a text begins, in points above the foot of the axes, and how it is written."""

    bottom: float
    lettering: Lettering
    style: Mapping[str, Any]


def labels_of(panel: Panel, slot: float, size: float) -> list[Label]:
    """Return the texts of all marks, set alike, and those of the gaps."""
    letterings = fit_all([mark.text for mark in panel.marks], slot, size)
    labels = [
        Label(mark.year, mark.text, lettering, mark)
        for mark, lettering in zip(panel.marks, letterings, strict=True)
    ]
    return labels + [Label(year, text, fit([text], slot, size)) for year, text in panel.gaps]


def draw_labels(plot: Plot, scale: Scale, labels: Sequence[Label]) -> None:
    """Write each text where nothing else is."""
    places, taken = plot.places, _taken(plot, scale)
    for label in labels:
        placed = _place(plot, scale, label, sorted(taken[label.year]))
        height = scale.figure(placed.bottom)
        centred = {"ha": "center", "va": "bottom", **placed.style}
        plot.write(places[label.year], height, label.text, placed.lettering, **centred)


def _taken(plot: Plot, scale: Scale) -> dict[str, list[Span]]:
    """Which heights a target's diamond and a former target's line take, by year."""
    panel = plot.panel
    taken: dict[str, list[Span]] = {year: [] for year in panel.years}
    for marks, half in ((panel.targets, DIAMOND_HALF), (panel.former, 1.0)):
        for mark in marks:
            middle = scale.points(float(mark.value))
            taken[mark.year].append((middle - half, middle + half))
    return taken


def _place(plot: Plot, scale: Scale, label: Label, spans: Sequence[Span]) -> Placed:
    """Place a text above its mark; but beyond a target it would be read as the target's."""
    if label.mark is None:
        return Placed(_upwards(GAP, label.height, spans), label.lettering, {"color": DARK})
    middle = scale.points(float(label.mark.value))
    lift = SQUARE / 2 if plot.panel.is_rate else 0.0
    bottom = _upwards(middle + lift + GAP, label.height, spans)
    if any(middle < (low + high) / 2 < bottom for low, high in spans):
        lettering, style = _lettering_below(plot, label.lettering, label.mark)
        height = lettering.height(label.text)
        below = _downwards(middle - lift - GAP, height, spans)
        if below >= GAP:
            return Placed(below, lettering, style)
    return Placed(bottom, label.lettering, {})


def _lettering_below(
    plot: Plot, lettering: Lettering, mark: Mark
) -> tuple[Lettering, Mapping[str, Any]]:
    """Below a square there is room; inside a bar a text stands upright if the bar is narrow."""
    if plot.panel.is_rate:
        return lettering, {}
    return fit([mark.text], plot.slot * BAR_WIDTH, lettering.size), INSIDE.get(mark.style, {})


def _upwards(bottom: float, height: float, spans: Sequence[Span]) -> float:
    """Return where a text may begin that meets nothing: at ``bottom``, or the next height up."""
    for low, high in spans:
        if low < bottom + height + GAP and bottom < high + GAP:
            bottom = high + GAP
    return bottom


def _downwards(top: float, height: float, spans: Sequence[Span]) -> float:
    """Return where a text may begin that meets nothing: to end at ``top``, or the next down."""
    for low, high in reversed(spans):
        if low < top + GAP and top - height < high + GAP:
            top = low - GAP
    return top - height
