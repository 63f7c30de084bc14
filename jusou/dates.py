"""Calendar dates as Japanese offices write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_ISO = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})")
_KANJI = re.compile(r"(?:(令和|平成)(\d{1,2}|元)|(\d{4}))年(\d{1,2})月(\d{1,2})日")
_LETTER = re.compile(r"([RHrh])(\d{1,2})\.(\d{1,2})\.(\d{1,2})")
_ERA_OFFSET = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
_REIWA = date(2019, 5, 1)
_HEISEI = date(1989, 1, 8)


def parse_date(text: str) -> date:
    """Read ``2027-09-30``, ``2027/9/30``, ``R9.9.30`` or ``令和9年9月30日``.

    Raises ValueError for anything else and for days that do not exist.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if match := _ISO.fullmatch(plain):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if match := _LETTER.fullmatch(plain):
        offset = _ERA_OFFSET[match[1].upper()]
        return date(offset + int(match[2]), int(match[3]), int(match[4]))
    if match := _KANJI.fullmatch(plain):
        year = int(match[3]) if match[3] else _era_year(match[1], match[2])
        return date(year, int(match[4]), int(match[5]))
    raise ValueError(text)


def _era_year(era: str, number: str) -> int:
    return _ERA_OFFSET[era] + (1 if number == "元" else int(number))


def wareki(day: date) -> str:
    """Return a date in the Japanese calendar: ``令和9年9月30日``; the first year is 元年."""
    if day < _HEISEI:
        return f"{day.year}年{day.month}月{day.day}日"
    era, first = ("令和", 2019) if day >= _REIWA else ("平成", 1989)
    number = day.year - first + 1
    return f"{era}{'元' if number == 1 else number}年{day.month}月{day.day}日"
