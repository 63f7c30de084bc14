"""SVG → PNG: typst sets the very drawing, so that the two cannot differ."""

from __future__ import annotations

from collections.abc import Mapping

from jusou.report.typesetting import typeset

_DPI = 150


def render_pngs(drawings: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return SVGs, by key, as PNGs. One at a time: typst keeps what it has set in memory."""
    return {key: _render_png(svg) for key, svg in drawings.items()}


def _render_png(svg: bytes) -> bytes:
    png, _ = typeset("chart.typ", {"drawing": svg.decode()}, format="png", ppi=_DPI)
    assert isinstance(png, bytes)
    return png
