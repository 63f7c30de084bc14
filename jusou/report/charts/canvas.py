"""A sheet to draw on, measured in points from its lower left corner, and kept as SVG.

Matplotlib's SVG renderer draws; where everything stands has been settled before, so there are no
figures and axes. Texts stay texts: they can be selected, searched and read aloud, and a browser
without the font takes one of its own.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from matplotlib import rc_context, rcParamsDefault
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from jusou.report.charts.style import Look
from jusou.report.charts.text import DESCENT, LINE, font

Point = tuple[float, float]
Align = Literal["left", "center", "right"]
_NOTHING = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_IN_PLACE = IdentityTransform()
# The defaults, for a matplotlibrc may lie about; no fonts beside ours but the reader's own, and
# the same ids each time.
_SETTINGS: dict[Any, Any] = {
    **{key: value for key, value in rcParamsDefault.items() if key != "backend"},
    "font.sans-serif": [],
    "hatch.linewidth": 0.7,
    "svg.fonttype": "none",
    "svg.hashsalt": "jusou",
}


class Canvas:
    """A sheet that is being drawn."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = round(width, 2), round(height, 2)
        self._written = io.StringIO()
        self._renderer = RendererSVG(self.width, self.height, self._written, metadata=_NOTHING)
        self._anchor = Text(rotation_mode="anchor")

    @contextmanager
    def group(self, key: str) -> Iterator[None]:
        """Put what is drawn meanwhile into a group of that id."""
        self._renderer.open_group(key, gid=key)
        yield
        self._renderer.close_group(key)

    def line(self, points: Iterable[Point], look: Look) -> None:
        """Draw a line from point to point."""
        self._draw(points, look)

    def shape(self, corners: Sequence[Point], look: Look) -> None:
        """Draw a closed shape."""
        self._draw((*corners, corners[0]), look, closed=True)

    def box(self, left: float, bottom: float, width: float, height: float, look: Look) -> None:
        """Draw an upright rectangle."""
        right, top = left + width, bottom + height
        self.shape([(left, bottom), (right, bottom), (right, top), (left, top)], look)

    def write(  # noqa: PLR0913
        self,
        x: float,
        bottom: float,
        text: str,
        size: float,
        *,
        align: Align = "left",
        color: str = "black",
        upright: bool = False,
    ) -> None:
        """Write a line of text: ``x`` is its left, center or right, as ``align`` says.

        An upright one reads from ``bottom`` up; ``x`` is its middle.
        """
        pen = self._renderer.new_gc()
        pen.set_foreground(color)
        baseline = bottom + DESCENT * size
        if upright:
            x, baseline, align = x + (0.5 - DESCENT) * size, bottom, "left"
        x, baseline = round(x, 2), round(baseline, 2)
        # Matplotlib takes the anchor of a text from its Text.
        self._anchor.set_position((x, baseline))
        self._anchor.set_horizontalalignment(align)
        angle = 90 if upright else 0
        y = self.height - baseline
        self._renderer.draw_text(pen, x, y, text, font(size), angle, mtext=self._anchor)

    def write_lines(
        self, x: float, top: float, lines: Sequence[str], size: float, leading: float = LINE
    ) -> None:
        """Write lines of text below one another, from ``top`` down."""
        for number, line in enumerate(lines):
            self.write(x, top - size - number * leading * size, line, size)

    def svg(self) -> bytes:
        """Return what has been drawn; nothing can be drawn after that."""
        self._renderer.finalize()
        # Without the address of its DTD: some readers would fetch it.
        _, tag, rest = self._written.getvalue().partition("<svg")
        return f'<?xml version="1.0" encoding="utf-8"?>\n{tag}{rest}'.encode()

    def _draw(self, points: Iterable[Point], look: Look, *, closed: bool = False) -> None:
        path = Path([(round(x, 2), round(y, 2)) for x, y in points], closed=closed)
        fill = to_rgba(look.fill) if look.fill else None
        self._renderer.draw_path(self._pen(look), path, _IN_PLACE, fill)

    def _pen(self, look: Look) -> GraphicsContextBase:
        pen = self._renderer.new_gc()
        pen.set_linewidth(look.width)
        pen.set_joinstyle("miter")
        if look.edge:
            pen.set_foreground(look.edge)
        if look.dashes:
            pen.set_dashes(0, look.dashes)
        if look.hatch:
            pen.set_hatch(look.hatch)
            pen.set_hatch_color(to_rgba(look.edge))
        return pen


@contextmanager
def drawing() -> Iterator[None]:
    """Draw, for that long, with settings of our own: the same bytes each time, everywhere."""
    with rc_context(_SETTINGS):
        yield
