"""The charts without their heads, for pages that carry title, day and notices themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jusou.report.charts.content import Illustrated
from jusou.report.charts.draw import OVERVIEW, head_lines
from jusou.report.charts.page import head_height

_SIZE = re.compile(rb'height="[\d.]+pt" viewBox="0 0 ([\d.]+) ([\d.]+)"')


def without_heads(document: Illustrated, drawings: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the SVGs from below their heads down: the same drawings, cut by their view boxes."""
    titles = {OVERVIEW: document.overview.title}
    titles |= {chart.key: chart.title for chart in document.charts}
    notices = head_lines(document)

    def cut(svg: bytes, title: str) -> bytes:
        size = _SIZE.search(svg)
        assert size is not None
        width, height = map(float, size.groups())
        head = head_height(width, title, notices)
        left = height - head
        box = f'height="{left:.6f}pt" viewBox="0 {head:.6f} {width:.6f} {left:.6f}"'
        return svg[: size.start()] + box.encode() + svg[size.end() :]

    return {key: cut(svg, titles[key]) for key, svg in drawings.items()}
