"""Calendar dates as Japanese offices write them."""

from __future__ import annotations

import re
from datetime import date

from jusou.values.fiscal_year import ERAS, ERAS_BY_SPELLING, Era
from jusou.values.text import fold

_ERAS = "|".join(ERAS_BY_SPELLING)
_ISO = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})", re.ASCII)
_KANJI = re.compile(rf"(?:({_ERAS})(\d{{1,2}}|元)|(\d{{4}}))年(\d{{1,2}})月(\d{{1,2}})日", re.ASCII)
_LETTER = re.compile(rf"({_ERAS})(\d{{1,2}}|元)\.(\d{{1,2}})\.(\d{{1,2}})", re.ASCII)


def parse_date(text: str) -> date:
    """Read ``2027-09-30``, ``2027/9/30``, ``R9.9.30`` or ``令和9年9月30日``.

    Raises ValueError for anything else and for days that do not exist.
    """
    plain = fold(text)
    if match := _ISO.fullmatch(plain):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if match := _LETTER.fullmatch(plain):
        return _era_date(*match.group(1, 2, 3, 4))
    if match := _KANJI.fullmatch(plain):
        if match[3]:
            return date(int(match[3]), int(match[4]), int(match[5]))
        return _era_date(match[1], *match.group(2, 4, 5))
    raise ValueError(text)


def _era_date(spelling: str, year: str, month: str, day: str) -> date:
    """Return a day of an era. Raises ValueError for one that the era does not have."""
    era = ERAS_BY_SPELLING[spelling]
    number = 1 if year == "元" else int(year)
    found = date(era.first_day.year + number - 1, int(month), int(day))
    if _era_of(found) is not era:
        raise ValueError(spelling, year, month, day)
    return found


def _era_of(day: date) -> Era | None:
    return next((era for era in ERAS if era.first_day <= day), None)


def wareki(day: date) -> str:
    """Return a date in the Japanese calendar: ``令和9年9月30日``; the first year is 元年."""
    era = _era_of(day)
    if era is None:
        return f"{day.year}年{day.month}月{day.day}日"
    number = day.year - era.first_day.year + 1
    return f"{era.name}{'元' if number == 1 else number}年{day.month}月{day.day}日"
