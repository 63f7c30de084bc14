"""The Japanese year that a plan counts in: 年度, or 年 from January to December; and the eras."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from jusou.values.text import fold


class Era(NamedTuple):
    """An era: the letter and the name before the number of its years, and its first day."""

    letter: str
    name: str
    first_day: date


ERAS = (Era("R", "令和", date(2019, 5, 1)), Era("H", "平成", date(1989, 1, 8)))
"""The eras that are read and printed, the newest first."""

ERAS_BY_SPELLING = {
    spelling: era for era in ERAS for spelling in (era.letter, era.letter.lower(), era.name)
}
_R1, _H1 = (era.first_day.year for era in ERAS)
_SPELLINGS = re.compile(
    rf"(?:(?P<era>{'|'.join(ERAS_BY_SPELLING)})\s?(?P<number>0[1-9]|[1-9]\d?|元)"
    r"|(?:FY\s?)?(?P<western>(?:19|20)\d\d))\s?(?:年度|年)?",
    re.ASCII,
)


class FiscalYear(NamedTuple):
    """A year since 平成元年度, with the days that belong to it.

    ``number`` counts from 令和元年度, which is 1: 9 is 令和9年度, 2027-04-01 to 2028-03-31, and 0
    is 平成30年度. A ``calendar`` year runs from January to December and is printed 令和9年. It
    equals no 年度, so that one read without the plan (see ``Plan.own``) is never taken for its.
    """

    number: int
    calendar: bool = False

    @classmethod
    def parse(cls, text: str, *, calendar: bool = False) -> FiscalYear:
        """Read ``R9``, ``令和9年度``, ``R元``, ``H30``, ``平成31年度``, ``2027`` or ``FY2027``.

        Raises ValueError for anything else, and for years before 平成元年度.
        """
        match = _SPELLINGS.fullmatch(fold(text))
        if match is None:
            raise ValueError(text)
        if match["western"]:
            western = int(match["western"])
        else:
            number = 1 if match["number"] == "元" else int(match["number"])
            western = ERAS_BY_SPELLING[match["era"]].first_day.year + number - 1
        if western < _H1:
            raise ValueError(text)
        return cls(western - _R1 + 1, calendar)

    @classmethod
    def of(cls, day: date, *, calendar: bool = False) -> FiscalYear:
        """Return the year that a date lies in."""
        return cls(day.year - (day.month < 4 and not calendar) - _R1 + 1, calendar)

    def __str__(self) -> str:
        era, number = self._in_era
        return f"{era.letter}{number}"

    @property
    def _in_era(self) -> tuple[Era, int]:
        era = next((each for each in ERAS if each.first_day.year <= self.western), ERAS[-1])
        return era, self.western - era.first_day.year + 1

    @property
    def western(self) -> int:
        """The year of the common era in which it begins."""
        return _R1 + self.number - 1

    @property
    def long_name(self) -> str:
        """``令和9年度``; of a calendar year ``令和9年``."""
        era, number = self._in_era
        return f"{era.name}{'元' if number == 1 else number}年{'' if self.calendar else '度'}"

    @property
    def first_day(self) -> date:
        return date(self.western, 1 if self.calendar else 4, 1)

    @property
    def last_day(self) -> date:
        return date(self.western, 12, 31) if self.calendar else date(self.western + 1, 3, 31)

    @property
    def interim_day(self) -> date:
        """When half of it is over: 30 September, of a calendar year 30 June."""
        return date(self.western, 6 if self.calendar else 9, 30)

    @property
    def previous(self) -> FiscalYear:
        return self._replace(number=self.number - 1)

    @property
    def following(self) -> FiscalYear:
        return self._replace(number=self.number + 1)

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
    return tuple(first._replace(number=each) for each in range(first.number, last.number + 1))
