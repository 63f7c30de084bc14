"""How the workbook looks: fonts, fills, number formats, and how much room a text takes.

Widths are in half-width characters at ``SIZE`` points, heights in points.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import combinations, pairwise
from typing import Any

from jusou.report import words
from jusou.report.document import Cell, Column, Kind, Notation, Table

FONT = "游ゴシック"
SIZE = 10
LINE = 17.0
PADDING = 6.0
# Excel's limits: of a row's height in points, of a cell's text in UTF-16 units.
MAX_HEIGHT = 409.0
CELL_LIMIT = 32767
_LATIN = 1.12
_ROOM = 2
_PIXELS = SIZE * 96 / 72 / 2
_BORDER = {"border": 1, "border_color": "#7F7F7F"}

NUMBER: Mapping[str, Any] = {"align": "right", "text_wrap": False}
PLAIN: Mapping[str, Any] = {"valign": "top", "text_wrap": True}
TITLE = {**PLAIN, "bold": True, "font_size": 14}
NOTICE = {**PLAIN, **_BORDER, "bold": True}
CAPTION = {**PLAIN, "bold": True, "font_size": 11}
LABEL = {**PLAIN, **_BORDER, "bold": True, "bg_color": "#F3F5F7"}
HEADER = {**LABEL, "bg_color": "#E3E8EE", "align": "center", "valign": "vcenter"}
TEXT = {**PLAIN, **_BORDER}
WORKING_HEADER = {**PLAIN, "font_color": "#595959", "align": "center", "bottom": 4}
_CENTRED: Mapping[str, Any] = {"align": "center"}
_ALIGN: Mapping[Kind, Mapping[str, Any]] = {
    Kind.NUMBER: _CENTRED,  # its words; figures are NUMBER
    Kind.DIFFERENCE: _CENTRED,
    Kind.MARK: _CENTRED,
    Kind.WORKING: {"align": "right", "border": 0, "font_color": "#595959", "text_wrap": False},
}
# How wide a column is made for its texts and, at least, for its title.
_WIDEST = {Kind.NAME: 44.0, Kind.TEXT: 26.0, Kind.REMARK: 44.0}
_TITLE_WIDTH = 12.0
_FIGURES = (Kind.NUMBER, Kind.DIFFERENCE, Kind.WORKING)
_BEST, _WORST = (255, 255, 255), (244, 150, 74)


@cache
def body_look(kind: Kind) -> Mapping[str, Any]:
    """The look of a table's cell by what its column holds."""
    return {**TEXT, "valign": "vcenter", **_ALIGN.get(kind, {})}


def heading_look(kind: Kind) -> Mapping[str, Any]:
    return WORKING_HEADER if kind is Kind.WORKING else HEADER


def tints(count: int) -> list[str]:
    """Fills for the steps of a scale, from the best (white) to the worst: darker in grey too."""
    shares = [index / max(count - 1, 1) for index in range(count)]
    pairs = list(zip(_BEST, _WORST, strict=True))
    return [
        "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs) for share in shares
    ]


def number_format(cell: Cell, kind: Kind) -> str | None:
    """Return the format that prints a cell's value as its text, None if there is none.

    A word among figures has the format of the figure that people may put there.

    What follows the figure, 「（速報）」 or 「ポイント」, goes into the format; of a figure that
    people may change (it has no formula) only as long as nobody did.
    """
    fraction = "." + "0" * cell.decimals if cell.decimals else ""
    if cell.value is None:
        return f"#,##0{fraction}_ " if kind in _FIGURES else None
    suffix = words.bracketed(cell.unit, cell.aside)
    if '"' in suffix:  # no number format can print it
        return None
    behind = f'"{suffix}"_ ' if suffix else "_ "
    if cell.notation is Notation.SIGNED:
        return f'+#,##0{fraction}{behind};"△"#,##0{fraction}{behind};0{fraction}{behind}'
    digits = ("0" if cell.notation is Notation.BARE else "#,##0") + fraction
    if cell.value < 0:
        return f'{digits}_ ;"△"{digits}{behind}'
    if cell.formula or not suffix:
        return digits + behind
    return f"[={cell.value:f}]{digits}{behind};{digits}_ "


@lru_cache(10_000)  # measured for the sheet and for the table, and many cells say the same
def _text_width(text: str) -> float:
    """Return the width of a text's longest line."""
    return max((sum(map(_char_width, line)) for line in text.split("\n")), default=0.0)


@cache
def _char_width(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    return 2.0 if unicodedata.east_asian_width(char) in "WFA" else _LATIN


def height(lines: int, size: float = SIZE) -> float:
    """Return how high a row of so many lines is: at most as high as Excel can show."""
    return min(lines * LINE * size / SIZE + PADDING, MAX_HEIGHT)


def lines(text: str, width: float, size: float = SIZE) -> int:
    """Return how many lines a text takes, wrapped in a cell of ``width``."""
    room = max((width - _ROOM) * SIZE / size, 2.0)
    count = 0
    for line in text.split("\n"):
        count, used = count + 1, 0.0
        for taken in map(_char_width, line if 2 * len(line) > room else ""):
            used += taken
            if used > room:
                count, used = count + 1, taken
    return count


def pixels(width: float) -> int:
    """Return the pixels of a column of ``width``."""
    return round(width * _PIXELS) + 8


def natural_widths(table: Table) -> list[float]:
    """Return how wide each column would be: figures on one line, texts and titles wrapped."""
    return [
        _natural_width(column, [row[index].text for row in table.rows])
        for index, column in enumerate(table.columns)
    ]


def _natural_width(column: Column, texts: Iterable[str]) -> float:
    wanted = max(map(_text_width, texts), default=0.0)
    if column.printed:
        wanted = min(wanted, _WIDEST.get(column.kind, wanted))
    title = _text_width(column.title)
    if column.kind is not Kind.WORKING:
        title = min(title, max(title / 2 + 1, _TITLE_WIDTH))
    indent = _ROOM if column.kind in (Kind.NUMBER, Kind.DIFFERENCE) else 0
    return max(wanted + indent, title) + _ROOM


def spans(needs: Sequence[float], grid: Sequence[float]) -> list[int]:
    """Spread columns over a grid of more: how many each takes, so that the tightest is widest."""

    def tightest(cuts: tuple[int, ...]) -> float:
        edges = pairwise((0, *cuts, len(grid)))
        return min(
            sum(grid[start:end]) / need for (start, end), need in zip(edges, needs, strict=True)
        )

    best = max(combinations(range(1, len(grid)), len(needs) - 1), key=tightest)
    return [end - start for start, end in pairwise((0, *best, len(grid)))]


def clip(text: str, limit: int) -> str:
    """Shorten a text to what Excel's limit holds, in UTF-16 units, with 「…」 at the end."""
    return text if _units(text) <= limit else f"{cut(text, limit - 1)[0]}…"


def cut(text: str, limit: int) -> list[str]:
    """Cut a text into parts of at most ``limit`` UTF-16 units, never inside a character."""
    if 2 * len(text) <= limit or _units(text) <= limit:
        return [text]
    parts, used = [""], 0
    for char in text:
        used += _units(char)
        if used > limit:
            parts.append("")
            used = _units(char)
        parts[-1] += char
    return parts


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def tab_names(titles: Iterable[str]) -> list[str]:
    """Return names for the tabs: without forbidden characters, at most 31 long, each once."""
    names: list[str] = []
    used: set[str] = set()
    for title in titles:
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", title).strip("' ") or "_"
        name, number = clip(plain, 31), 2
        while _folded(name) in used:
            name, number = clip(plain, 31 - len(f"~{number}")) + f"~{number}", number + 1
        used.add(_folded(name))
        names.append(name)
    return names


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
