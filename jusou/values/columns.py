"""Texts on a terminal: how many columns they take, and where a line breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from unicodedata import category, east_asian_width

from jusou.values.text import without_controls

# A run of ASCII stays whole, and brackets and closing marks stay with what they belong to.
_TOKEN = re.compile(r"[（「『【〔]*(?:[!-~]+|.)[、。，．：）」』】〕！？％ー]*", re.DOTALL)
_WIDTHS = {"W": 2, "F": 2, "Na": 1, "A": 1}


@cache
def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    widths = [*map(_width, text)]
    if 0 not in widths:
        return sum(widths)
    from wcwidth import wcswidth  # only where it has to look: a tenth of what a command costs

    return wcswidth(text)


@cache
def _width(char: str) -> int:
    """Return the columns that a character takes beside any other; 0 where only wcwidth knows."""
    if category(char)[0] in "MC" or char > "\uffff" or char == "\u3164":  # marks, emoji, a filler
        return 0
    return _WIDTHS.get(east_asian_width(char), 0)


def wrapped(text: str, width: int, hang: str = "") -> list[str]:
    """Break a text into lines of at most ``width`` columns; later lines begin with ``hang``."""
    text = steady(text)
    if columns(text) <= width:
        return [text]
    lines, line, used = [], "", 0
    for token in _tokens(text, width - columns(hang)):
        taken = columns(token)
        if used + taken > width and line.strip():
            lines.append(line.rstrip())
            line = hang + token.lstrip(" 　")
            used = columns(line)
        else:
            line += token
            used += taken
    return [*lines, line]


def _tokens(text: str, room: int) -> Iterator[str]:
    """Split a text into what stays on one line; what is too long even for a line, anywhere."""
    for token in _TOKEN.findall(text):
        yield from [token] if 2 * len(token) <= room or columns(token) <= room else token


def steady(text: str) -> str:
    """Make a text safe to print and align.

    A line break or any other control character becomes a space: a console may obey it. 「—」 is
    one column wide on some consoles and two on others.
    """
    return without_controls(text, "").replace("—", "-")
