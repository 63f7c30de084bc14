"""The moment at which a row was recorded, as the tool, spreadsheets and people write it."""

from __future__ import annotations

import re
from datetime import datetime, time
from functools import lru_cache
from typing import NamedTuple

from jusou.values.dates import parse_date
from jusou.values.text import fold

_MOMENT = re.compile(r"(\S+?)(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?.*)?")


class Moment(NamedTuple):
    """Between two points in time: a day or a minute apart where no more is known."""

    first: datetime
    last: datetime


@lru_cache(4096)  # more than the rows of a plan, which several rules ask in turn
def parse_moment(text: str) -> Moment | None:
    """Read ``2027-05-12T09:20:11+09:00``, ``2027/5/12 9:20`` or a day alone; None for another."""
    match = _MOMENT.fullmatch(fold(text))
    if match is None:
        return None
    day, hour, minute, second = match.groups()
    try:
        first, last = (
            datetime.combine(
                parse_date(day), time(int(hour or h), int(minute or m), int(second or s))
            )
            for h, m, s in ((0, 0, 0), (23, 59, 59))
        )
    except ValueError:
        return None
    return Moment(first, last)
