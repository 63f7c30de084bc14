"""A chart without its head, for a page that carries the title and the notices itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jusou.report.chart_page import head_height

_SIZE = re.compile(rb'height="[\d.]+pt" viewBox="0 0 ([\d.]+) ([\d.]+)"')


def without_head(svg: bytes, title: str, notices: Sequence[str]) -> bytes:
    """Return the picture from below its title and ``notices`` down: the same drawing, cut."""

    def cut(found: re.Match[bytes]) -> bytes:
        width, height = map(float, found.groups())
        head = head_height(width, title, notices)
        left = height - head
        return f'height="{left:.6f}pt" viewBox="0 {head:.6f} {width:.6f} {left:.6f}"'.encode()

    return _SIZE.sub(cut, svg, count=1)
