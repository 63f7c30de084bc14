"""Rows that an import took and that are in no log any more: an older copy was put back, or worse.

An import counts only while its rows are there, whether they stand or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from jusou.logs.dataset import Dataset, Rows
from jusou.logs.schema import NOTE_FIELDS, Actual, Basis, Import, ReviewNote
from jusou.values.fiscal_year import FiscalYear
from jusou.values.moments import Moment, parse_moment

FileKey = tuple[str, FiscalYear]


class LostRow(NamedTuple):
    """What was taken of a file, by its last record: the 区分 of a figure, or the heading of a text.

    It ``is_replaced`` where a later row speaks of the same.
    """

    record: Import
    subject: str
    item: str
    is_replaced: bool


def last_records(imports: Iterable[Import]) -> dict[FileKey, Import]:
    """Return what is known last of each file, in the order in which they first came in."""
    return {(each.digest, each.year): each for each in imports}


def lost_rows(dataset: Dataset) -> list[LostRow]:
    """Return all that the logs of a dataset have lost."""
    named: dict[str, str] = {}  # when a row was first known to be there
    for record in dataset.rows.imports:
        for each in record.taken:
            named.setdefault(each.digest, record.recorded_at)
    found = []
    for record in last_records(dataset.rows.imports).values():
        for each in record.taken:
            if dataset.holds(each.digest):
                continue
            moment = parse_moment(named[each.digest])
            for item in each.items:
                rows = _speaking_of(dataset.rows, record.year, each.subject, item)
                found.append(LostRow(record, each.subject, item, _is_any_later(rows, moment)))
    return found


def _speaking_of(
    rows: Rows, year: FiscalYear, subject: str, item: str
) -> Iterator[Actual | ReviewNote]:
    """Yield the rows that have a say in what was taken; 取消 has in every figure."""
    if item not in list(Basis):
        for note in rows.notes:
            titles = {NOTE_FIELDS[name] for name in note.texts}
            if (note.year, note.subject) == (year, subject) and item in titles:
                yield note
        return
    basis = Basis(item)
    for row in rows.actuals:
        same = row.basis.is_closing if basis.is_closing else row.basis is basis
        if (row.year, row.indicator) == (year, subject) and (same or row.basis is Basis.CANCELLED):
            yield row


def _is_any_later(rows: Iterable[Actual | ReviewNote], moment: Moment | None) -> bool:
    """Tell whether a row was certainly recorded after a moment."""
    later = (parse_moment(row.recorded_at) for row in rows)
    return moment is not None and any(each and each.first > moment.last for each in later)
