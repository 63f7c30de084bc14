"""The Japanese font of PDF and charts, and what it cannot print."""

from __future__ import annotations

import dataclasses
import re
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from jusou.report.document import Cell, Document, Item, PdcaRow, Section, Table

FONT = "IPAexGothic"
MISSING = "〓"
_NAMED = 20
_AROUND = re.compile("-{0,8}x(?:-{0,8}x)*-{0,8}")
_LAYOUT = frozenset("\n\t ")
_PRIVATE = frozenset(range(0xE000, 0xF900))
_SELECTORS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
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
    """Return the characters that can be printed; those of private use mean nothing to a reader.

    The font has some of them, but a PDF that is to be archived may not.
    """
    import logging

    # What matplotlib remarks on its caches is English, and there is nothing to do about it.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(font_file())).get_charmap()) - _PRIVATE


class Replaced(NamedTuple):
    """A text with characters that the font lacks: where it stands, and what is around them."""

    where: str
    excerpt: str


def printable(value: T) -> tuple[T, tuple[Replaced, ...]]:
    """Return a document with 〓 for every character that the font lacks, and the texts concerned.

    Works on any nesting of dataclasses, tuples (named ones too) and texts. Variation selectors are
    dropped, for the character before them can be printed; line breaks become one kind. Of texts
    that hold one another (a name, and what is said of it) only the shortest is told.
    """
    found: dict[str, str] = {}
    printed = _printable(value, "", found)
    told = (
        Replaced(where, _excerpt(text))
        for text, where in found.items()
        if not any(other != text and other in text for other in found)
    )
    return printed, tuple(told)


def _printable(value: Any, where: str, found: dict[str, str]) -> Any:
    if isinstance(value, str):
        # Nearly every text, and a code is no text: a tenth of what each would take.
        if _as_they_are().issuperset(value) or isinstance(value, StrEnum):
            return value
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        if any(map(_is_missing, text)):
            found.setdefault(text, where)
        return "".join(map(_glyph, text))
    if isinstance(value, Cell) and _is_as_it_is(value):  # a third of the time: most are cells
        return value
    if isinstance(value, Table):
        return _printable_table(value, where, found)
    if hasattr(value, "_fields") or dataclasses.is_dataclass(value):
        return _printable_fields(value, _place(value, where), found)
    if isinstance(value, tuple):
        return tuple(_printable(each, where, found) for each in value)
    return value


def _is_as_it_is(cell: Cell) -> bool:
    return _as_they_are().issuperset("".join([each for each in cell if isinstance(each, str)]))


def _printable_fields(value: Any, where: str, found: dict[str, str]) -> Any:
    if isinstance(value, tuple):
        return type(value)(*(_printable(each, where, found) for each in value))
    names = [field.name for field in dataclasses.fields(value)]
    changes = {name: _printable(getattr(value, name), where, found) for name in names}
    return dataclasses.replace(value, **changes)


def _printable_table(table: Table, where: str, found: dict[str, str]) -> Table:
    """Name what stands in a table by its row and column."""
    rows, belows = [], []
    for row, below in table.whole_rows:
        name = _joined(where, _short(row[0].text))
        cells = zip(row, table.columns, strict=True)
        rows.append(
            tuple(_printable(cell, _joined(name, each.title), found) for cell, each in cells)
        )
        belows.append(_printable(below, name, found))
    rest: Table = _printable_fields(table._replace(rows=(), below=()), where, found)
    return rest._replace(rows=tuple(rows), below=tuple(belows) if table.below else ())


def _place(value: Any, where: str) -> str:
    """Return where the parts of a value stand, as a reader of the handout would say it."""
    match value:
        case Document(title=title) | Section(title=title):
            return _short(title)
        case PdcaRow():
            return value.label or _short(value.name)
        case Item(label=label):
            return _joined(where, label)
    return where


def _joined(*names: str) -> str:
    return " ".join(filter(None, names))


def _short(text: str) -> str:
    shown = "".join(map(_glyph, text.replace("\n", " ")))
    return shown if len(shown) <= _NAMED else f"{shown[: _NAMED - 1]}…"


def _excerpt(text: str) -> str:
    """Return what is around the characters that the font lacks."""
    lacks = "".join("x" if _is_missing(char) else "-" for char in text)
    spans = [found.span() for found in _AROUND.finditer(lacks)]
    parts = "…".join(text[start:end] for start, end in spans)
    before, after = "…" * (spans[0][0] > 0), "…" * (spans[-1][1] < len(text))
    return f"{before}{parts}{after}"


@cache
def _as_they_are() -> frozenset[str]:
    """Return the characters that are printed as they are, whatever stands beside them."""
    return _LAYOUT | {*map(chr, _covered() - _SELECTORS)} - {"\r"}


@cache
def _glyph(char: str) -> str:
    """Return what is printed for a character: itself, 〓, or nothing for a variation selector."""
    if ord(char) in _SELECTORS:
        return ""
    return char if char in _LAYOUT or ord(char) in _covered() else MISSING


def _is_missing(char: str) -> bool:
    return _glyph(char) not in ("", char)
