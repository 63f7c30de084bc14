"""The Japanese font of PDF and charts, and what it cannot print."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

FAMILY = "IPAexGothic"
MISSING = "〓"
_LAYOUT = frozenset("\n\t ")
T = TypeVar("T")


@cache
def font_file() -> Path:
    """Where IPAexGothic lies: inside matplotlib-fontja, which is found but never imported."""
    spec = find_spec("matplotlib_fontja")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "fonts" / "ipaexg.ttf"


@cache
def _covered() -> frozenset[int]:
    import logging

    # What matplotlib remarks on its caches is English, and there is nothing to do about it.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(font_file())).get_charmap())


def printable(value: T) -> tuple[T, tuple[str, ...]]:
    """Return a document with 〓 for every character that the font lacks, and the texts concerned.

    Works on any nesting of dataclasses, tuples and texts. Variation selectors are dropped, for
    the character before them can be printed; line breaks become one kind.
    """
    found: dict[str, None] = {}
    return _printable(value, found), tuple(found)


def _printable(value: Any, found: dict[str, None]) -> Any:
    if isinstance(value, StrEnum):
        return value
    if isinstance(value, str):
        lines = value.replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(map(_glyph, lines))
        if text != lines:
            found[value] = None
        return text
    if isinstance(value, tuple):
        return tuple(_printable(each, found) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {
            field.name: _printable(getattr(value, field.name), found)
            for field in dataclasses.fields(value)
        }
        return dataclasses.replace(value, **changes)
    return value


def _glyph(char: str) -> str:
    code = ord(char)
    if code in _covered() or char in _LAYOUT:
        return char
    if 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
        return ""
    return MISSING
