"""Text in charts: the font by its file, how wide a text is, and where it breaks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import NamedTuple

from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags

from jusou.report.fonts import FONT, font_file

LINE = 1.3
DESCENT = 0.12
"""How far a line reaches below its baseline, in parts of the size."""
LEAST = 7.3
"""The smallest size that can be read on paper: the PDF prints charts a little larger."""
WIDE = 1.3
"""How wide a text may be that reaches into the room of its neighbours, in parts of its own."""
_BREAK = re.compile(r"[\t\n]")
# Where a line may end: after the particles that follow a word, or where the script changes.
# Brackets and closing marks stay with what they belong to.
_TOKEN = re.compile(
    r"[（「『【〔(]*(?:[ァ-ヶー]+|[一-鿿々]+|[!-'*-~]+|.)[ぁ-ん]*[、。，．・：）」』】〕！？％ー)]*"
)


@cache
def font(size: float) -> FontProperties:
    """The font of all charts, in points; where it is missing, whatever the reader has."""
    return FontProperties(family=[FONT, "sans-serif"], size=size)


@cache
def _face() -> FT2Font:
    return FT2Font(str(font_file()))


@cache
def _ems(char: str) -> float:
    """How wide a character is, in parts of the size."""
    face = _face()
    advance = face.load_char(ord(char), flags=LoadFlags.NO_SCALE).horiAdvance
    return float(advance / face.units_per_EM)


def width(text: str, size: float) -> float:
    """How wide a line is, in points."""
    return sum(map(_ems, text)) * size


def widest(texts: Iterable[str], size: float) -> float:
    """How wide the longest of several lines is, in points."""
    return max((width(text, size) for text in texts), default=0.0)


class Lettering(NamedTuple):
    """How a text is set: its size in points, and whether it stands upright for want of room."""

    size: float
    upright: bool = False

    def height(self, text: str) -> float:
        return width(text, self.size) if self.upright else self.size


def fit(texts: Iterable[str], room: float, size: float) -> Lettering:
    """Fit texts into ``room`` points: long ones a little smaller, longer ones upright."""
    smaller = round(size * min(1.0, 0.9 * room / (widest(texts, size) or room)), 2)
    return Lettering(smaller) if smaller >= LEAST else Lettering(size, upright=True)


def fit_all(texts: Collection[str], room: float, size: float) -> list[Lettering]:
    """Fit texts that stand in a row: all alike, or where that cannot be, each for itself.

    Texts a little wider than their room lie flat too: they have to stand on two levels in turns.
    """
    alike = fit(texts, room, size)
    if alike.upright and widest(texts, size) <= WIDE * room:
        alike = Lettering(size)
    return [fit([text], room, size) if alike.upright else alike for text in texts]


@cache
def wrap(text: str, limit: float, size: float) -> tuple[str, ...]:
    """Break a text into as few lines as fit ``limit`` points, about equally long."""
    lines = _wrap(text, limit, size)
    for share in (0.6, 0.7, 0.8, 0.9):
        even = _wrap(text, limit * share, size)
        if len(even) == len(lines) > 1:
            return tuple(even)
    return tuple(lines)


def _wrap(text: str, limit: float, size: float) -> list[str]:
    if not text:
        return []
    lines = [""]
    for token in _tokens(_BREAK.sub(" ", text), limit, size):
        if lines[-1] and width(lines[-1] + token.rstrip(), size) > limit:
            lines.append("")
        lines[-1] += token if lines[-1] else token.lstrip()
    return [line.rstrip() for line in lines]


def _tokens(text: str, limit: float, size: float) -> list[str]:
    """Split a text where a line may end; what is wider than a line may end anywhere."""
    tokens: list[str] = []
    for token in _TOKEN.findall(text):
        tokens += [token] if width(token, size) <= limit else list(token)
    return tokens
