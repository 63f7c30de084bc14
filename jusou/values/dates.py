"""Calendar dates as Japanese offices write them."""

from __future__ import annotations

import re
from datetime import date

from jusou.values.text import fold

_ISO = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})", re.ASCII)
_KANJI = re.compile(r"(?:(令和|平成)(\d{1,2}|元)|(\d{4}))年(\d{1,2})月(\d{1,2})日", re.ASCII)
_LETTER = re.compile(r"([RHrh])(\d{1,2}|元)\.(\d{1,2})\.(\d{1,2})", re.ASCII)
_ERAS = {"R": "令和", "H": "平成"}
_REIWA = date(2019, 5, 1)
_HEISEI = date(1989, 1, 8)
_SPANS = {"令和": (_REIWA, date.max), "平成": (_HEISEI, date(2019, 4, 30))}


def parse_date(text: str) -> date:
    """Read ``2027-09-30``, ``2027/9/30``, ``R9.9.30`` or ``令和9年9月30日``.

    Raises ValueError for anything else and for days that do not exist.
    """
    plain = fold(text)
    if match := _ISO.fullmatch(plain):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if match := _LETTER.fullmatch(plain):
        return _era_date(_ERAS[match[1].upper()], *match.group(2, 3, 4))
    if match := _KANJI.fullmatch(plain):
        if match[3]:
            return date(int(match[3]), int(match[4]), int(match[5]))
        return _era_date(match[1], *match.group(2, 4, 5))
    raise ValueError(text)


def _era_date(era: str, year: str, month: str, day: str) -> date:
    """Return a day of an era. Raises ValueError for one that the era does not have."""
    first, last = _SPANS[era]
    number = 1 if year == "元" else int(year)
    found = date(first.year + number - 1, int(month), int(day))
    if not first <= found <= last:
        raise ValueError(era, year, month, day)
    return found


def wareki(day: date) -> str:
    """Return a date in the Japanese calendar: ``令和9年9月30日``; the first year is 元年."""
    if day < _HEISEI:
        return f"{day.year}年{day.month}月{day.day}日"
    era, first = ("令和", 2019) if day >= _REIWA else ("平成", 1989)
    number = day.year - first + 1
    return f"{era}{'元' if number == 1 else number}年{day.month}月{day.day}日"
