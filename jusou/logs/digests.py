"""Row digests: by what it says, a row is known again in a log that was saved by another program."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from jusou.logs.schema import LOGS, Actual, Log, ReviewNote
from jusou.plan.model import Plan
from jusou.values.dates import parse_date
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import bare_number
from jusou.values.text import normalised, plain_breaks


def row_digest(log: Log, cells: Sequence[str]) -> str:
    """Return eight hex digits of what a row says, given its cells in the order of the columns.

    They need no plan, and do not change with what a spreadsheet, another encoding or a new column
    changes: how numbers, days and years are written, letters and accents apart, cells without
    anything in them. Columns that nobody reads are left out.
    """
    said = (
        f"{title}\t{text}\0"
        for title, cell in zip(log.columns, cells, strict=True)
        if cell and title != log.unread and (text := _said(log, title, cell))
    )
    return hashlib.sha256("".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def digest_of(row: Actual | ReviewNote, plan: Plan) -> str:
    """Return the digest that a row has once it is written to its log."""
    log = LOGS[type(row)]
    return row_digest(log, log.decode([*log.encode(row, plan).values()]))


def _said(log: Log, title: str, cell: str) -> str:
    if title == "年度":
        return _year(cell)
    if log.is_text(title):
        return _text(cell)
    return _number(cell) if title in log.numbers else _day(cell)


def _text(cell: str) -> str:
    plain = cell if cell.isprintable() else plain_breaks(cell)
    return normalised(plain, "NFC").strip()


@lru_cache(maxsize=4096)
def _number(cell: str) -> str:
    return bare_number(_text(cell))


@lru_cache(maxsize=4096)
def _day(cell: str) -> str:
    try:
        return parse_date(cell).isoformat()
    except ValueError:
        return _text(cell)


@lru_cache(maxsize=4096)
def _year(cell: str) -> str:
    try:
        return str(FiscalYear.parse(cell))
    except ValueError:
        return _text(cell)
