"""How charts look: colours, fills and lines, and the settings they are drawn with.

The colours are from a colour-universal-design palette. In grey, fill, outline, dashes and hatch
tell the figures apart; the target is a line with diamonds.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from matplotlib import rc_context, rcParamsDefault

from jusou.report.charts.content import Style

BLUE, VERMILION, GREY, DARK = "#0072B2", "#D55E00", "#8C8C8C", "#404040"
FILLS: Mapping[Style, Mapping[str, Any]] = {
    Style.REFERENCE: {"facecolor": "#EDEDED", "edgecolor": GREY, "linewidth": 0.9},
    Style.FINAL: {"facecolor": BLUE, "edgecolor": BLUE, "linewidth": 0.9},
    Style.PRELIMINARY: {"facecolor": "white", "edgecolor": BLUE, "linewidth": 1.4},
    Style.FORECAST: {
        "facecolor": "white",
        "edgecolor": BLUE,
        "linewidth": 1.1,
        "linestyle": (0, (2.5, 1.5)),
    },
    Style.INTERIM: {"facecolor": "white", "edgecolor": BLUE, "linewidth": 0.9, "hatch": "//////"},
}
# A text inside a bar.
INSIDE: Mapping[Style, Mapping[str, Any]] = {
    Style.FINAL: {"color": "white"},
    Style.INTERIM: {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.8}},
}
LINES: Mapping[Style, Mapping[str, Any]] = {
    Style.TARGET: {"color": VERMILION, "linewidth": 1.4},
    Style.FORMER: {"color": DARK, "linewidth": 1.1, "linestyle": (0, (1, 1.2))},
}
MISSING: Mapping[str, Any] = {"color": DARK, "linestyle": "none", "marker": "_"}
SEAM: Mapping[str, Any] = {"color": "white", "linewidth": 2.6}
DIAMOND: Mapping[str, Any] = {
    "marker": "D",
    "markersize": 4.2,
    "markerfacecolor": "white",
    "markeredgecolor": VERMILION,
    "markeredgewidth": 1.2,
}


def settings() -> AbstractContextManager[None]:
    """What figures are drawn and saved with: no formulas in texts, the same ids each time.

    Nothing of a matplotlibrc that lies about counts.
    """
    defaults: dict[Any, Any] = {
        key: value for key, value in rcParamsDefault.items() if key != "backend"
    }
    return rc_context(
        {
            **defaults,
            "text.hinting": "none",
            "text.parse_math": False,
            "hatch.linewidth": 0.7,
            "svg.fonttype": "path",
            "svg.hashsalt": "jusou",
        }
    )
