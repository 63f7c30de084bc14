"""Where a worksheet breaks into printed pages: before what would be cut or parted otherwise."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

INCH = 72.0
# A4 landscape, in inches; 20 mm to bind.
MARGINS: Mapping[str, float] = {"left": 0.79, "right": 0.39, "top": 0.79, "bottom": 0.59}
_WIDTH = (11.69 - MARGINS["left"] - MARGINS["right"]) * INCH
_HEIGHT = (8.27 - MARGINS["top"] - MARGINS["bottom"]) * INCH
# Programs differ a little in how wide they make a column.
_SAFE = 0.96


@dataclass
class Paper:
    """The pages that a worksheet of ``width`` points is printed on, shrunk to their width.

    ``repeated`` is the height of the rows that each page after this one begins with; ``breaks``
    are the rows before which a page ends.
    """

    width: float
    repeated: float = 0.0
    breaks: list[int] = field(default_factory=list)
    _used: float = 0.0

    @property
    def capacity(self) -> float:
        """How many points of rows a page holds."""
        percent = min(math.floor(100 * _WIDTH / self.width), 100)
        return _HEIGHT * _SAFE * 100 / percent

    def has_room(self, points: float) -> bool:
        """Tell whether rows fit on the page; or on none, so that they begin where they are."""
        return self._used + points <= self.capacity or points > self.capacity - self.repeated

    def turn(self, row: int) -> None:
        """Begin a new page with a row, unless one begins there."""
        if self._used > self.repeated:
            self.breaks.append(row)
            self._used = self.repeated

    def add(self, row: int, points: float) -> None:
        """Take up a row; one for which there is no room begins a page."""
        if self._used + points > self.capacity:
            self.turn(row)
        self._used += points
