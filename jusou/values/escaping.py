"""Texts in a CSV file that a spreadsheet would turn into something else, kept as they are.

Who opens and saves the file in Excel or LibreOffice gets ``1月2日`` for ``1-2``, 123 for ``00123``,
and a formula for ``=1+1``. One apostrophe before such a text keeps it a text.
"""

from __future__ import annotations

import re

_MARK = "'"
_LIVE = ("=", "+", "-", "@", _MARK, "\t", "\r")
_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xFFE5: "¥"}
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
# More than any of them turns: one apostrophe too many is taken off again, one too few is a loss.
# As a text, compiled where the first cell asks: in most logs none does.
_FIGURE = (
    "true|false|(?=[^0-9]*[0-9])"
    "(?:[mtshr](?=(?:[0-9]+|元)[./年-])|明治|大正|昭和|平成|令和|[明大昭平令])?"
    r"(?:[0-9\s.,/:%‰()+¥$€£\\年月日時分秒元-]|午[前後]|[et](?=[-+0-9])|"
    rf"{_MONTH}|(?<=[0-9\s])[ap]m?(?![a-z]))++"
)
_TURNED = re.compile(
    r"\d{1,2}月\d{1,2}日|\d{4}/\d{1,2}/\d{1,2}|\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}[- ]\d{2}"
    r"|\d(?:\.\d+)?E[+-]\d{2,3}",
    re.ASCII,
)
_LONG = 20  # no cell that was turned is: most cells need not be looked at


def escaped(text: str) -> str:
    """Return a text as it is written into a cell of a CSV file."""
    return f"{_MARK}{text}" if _would_turn(text) else text


def unescaped(cell: str) -> str:
    """Return the text that was written into a cell.

    An apostrophe that keeps nothing from being turned is the text's own.
    """
    rest = cell.removeprefix(_MARK)
    return rest if rest != cell and _would_turn(rest) else cell


def _would_turn(text: str) -> bool:
    plain = text.translate(_HALF_WIDTH)
    return plain.startswith(_LIVE) or bool(re.fullmatch(_FIGURE, plain, re.IGNORECASE))


def was_turned(cell: str) -> bool:
    """Tell whether a cell is what a spreadsheet makes of ``1-2``, ``3/4`` or ``1e5``."""
    return len(cell) < _LONG and _TURNED.fullmatch(cell) is not None
