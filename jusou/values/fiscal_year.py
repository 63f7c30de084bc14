"""The Japanese fiscal year (年度): 1 April to 31 March, named by its Reiwa number."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from jusou.values.text import fold

_FIRST = 2019
_SPELLINGS = re.compile(
    r"(?:(?:R|r|令和)\s?(?P<era>0[1-9]|[1-9]\d?|元)|(?:FY\s?)?(?P<western>20\d\d))\s?(?:年度|年)?",
    re.ASCII,
)


class FiscalYear(NamedTuple):
    """A fiscal year. ``number`` is its Reiwa year: 9 is 令和9年度, 2027-04-01 to 2028-03-31."""

    number: int

    @classmethod
    def parse(cls, text: str) -> FiscalYear:
        """Read ``R9``, ``r9``, ``Ｒ９``, ``令和9年度``, ``令和元年度``, ``2027`` or ``2027年度``.

        Raises ValueError for anything else, and for years before 令和元年度.
        """
        match = _SPELLINGS.fullmatch(fold(text))
        if match is None:
            raise ValueError(text)
        if match["western"]:
            number = int(match["western"]) - _FIRST + 1
        else:
            number = 1 if match["era"] == "元" else int(match["era"])
        if number < 1:
            raise ValueError(text)
        return cls(number)

    @classmethod
    def of(cls, day: date) -> FiscalYear:
        """Return the fiscal year that a date lies in."""
        return cls(day.year - (day.month < 4) - _FIRST + 1)

    def __str__(self) -> str:
        return f"R{self.number}"

    @property
    def long_name(self) -> str:
        """``令和9年度``."""
        return f"令和{'元' if self.number == 1 else self.number}年度"

    @property
    def first_day(self) -> date:
        return date(_FIRST + self.number - 1, 4, 1)

    @property
    def last_day(self) -> date:
        return date(_FIRST + self.number, 3, 31)

    @property
    def interim_day(self) -> date:
        """30 September: half the year is over."""
        return date(self.first_day.year, 9, 30)

    @property
    def previous(self) -> FiscalYear:
        return FiscalYear(self.number - 1)

    def has_ended(self, today: date) -> bool:
        """Tell whether the year's last day lies before ``today``."""
        return self.last_day < today

    def months_over(self, day: date) -> int:
        """Return how many whole months of the year are over at the end of ``day``."""
        following, first = day + timedelta(days=1), self.first_day
        return 12 * (following.year - first.year) + following.month - first.month

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first_day <= day <= self.last_day


def year_range(first: FiscalYear, last: FiscalYear) -> tuple[FiscalYear, ...]:
    """Return the years from ``first`` to ``last``, both included."""
    return tuple(FiscalYear(number) for number in range(first.number, last.number + 1))
