"""How charts look: colours, fills and lines.

The colours are from a colour-universal-design palette. In grey, fill, outline, dashes and hatch
tell the figures apart; the target is a line with diamonds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from jusou.report.charts.content import Style

BLUE, VERMILION, GREY, DARK = "#0072B2", "#D55E00", "#8C8C8C", "#404040"
PALE_BLUE, PALE_GREY = "#CFE4F2", "#EDEDED"


class Look(NamedTuple):
    """How a shape is drawn: what fills it, and its outline; a line is an outline alone."""

    fill: str = ""
    edge: str = ""
    width: float = 0.0
    dashes: tuple[float, ...] = ()
    hatch: str = ""


LOOKS: Mapping[Style, Look] = {
    Style.TARGET: Look(edge=VERMILION, width=1.4),
    Style.FORMER: Look(edge=DARK, width=1.1, dashes=(1.1, 1.3)),
    Style.WAY: Look(edge=VERMILION, width=1.1, dashes=(4.4, 2.2)),
    Style.REFERENCE: Look(PALE_GREY, GREY, 0.9),
    Style.FINAL: Look(BLUE, BLUE, 0.9),
    Style.PRELIMINARY: Look("white", BLUE, 1.4),
    Style.FORECAST: Look("white", BLUE, 1.1, dashes=(2.75, 1.65)),
    Style.INTERIM: Look("white", BLUE, 0.9, hatch="//////"),
    Style.MISSING: Look(edge=DARK, width=1.0),
    Style.MET: Look(BLUE, BLUE, 0.9),
    Style.UNIMPROVED: Look("white", BLUE, 0.9, hatch="//////"),
    Style.REVISED: Look("white", BLUE, 0.9, hatch="xxxx"),
    Style.UNMET: Look(PALE_BLUE, BLUE, 0.9),
}
DIAMOND = Look("white", VERMILION, 1.2)
GROUND = Look(edge=DARK, width=0.8)
SCALE = Look(edge=GREY, width=0.8)
RULE = Look(edge="#BFBFBF", width=0.5)
HUNDRED = Look(edge="black", width=1.4)
BLANK = Look("white")
