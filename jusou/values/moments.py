"""The moment at which a row was recorded, as the tool, spreadsheets and people write it."""

from __future__ import annotations

import re
from datetime import datetime, time
from functools import lru_cache
from typing import NamedTuple

from jusou.values.dates import parse_date
from jusou.values.text import fold

_MOMENT = re.compile(r"(\S+?)(?:[T\s]+(\d{1,2}):(\d{2}).*)?")


class Moment(NamedTuple):
    """Between two points in time, a day apart where only the day is known."""

    first: datetime
    last: datetime


@lru_cache
def parse_moment(text: str) -> Moment | None:
    """Read ``2027-05-12T09:20:11+09:00``, ``2027/5/12 9:20`` or a day alone; None for another."""
    match = _MOMENT.fullmatch(fold(text))
    try:
        day = parse_date(match[1]) if match else None
        clock = time(int(match[2]), int(match[3])) if match and match[2] else None
    except ValueError:
        return None
    if day is None:
        return None
    first, last = (datetime.combine(day, clock or edge) for edge in (time.min, time.max))
    return Moment(first, last)
