"""SVG → PNG: typst sets the very drawing, so that the two cannot differ."""

from __future__ import annotations

import json
from collections.abc import Mapping

from jusou.report.typesetting import typeset

_DPI = 150


def render_pngs(drawings: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return SVGs, by key, as PNGs."""
    svgs = json.dumps([svg.decode() for svg in drawings.values()])
    pages = typeset("charts.typ", {"drawings": svgs}, format="png", ppi=_DPI)
    return dict(zip(drawings, pages if isinstance(pages, list) else [pages], strict=True))
