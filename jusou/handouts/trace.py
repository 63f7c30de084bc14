"""Where a figure comes from, and where it went: files that came back, and handouts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from jusou.handouts.changes import OF_INDICATOR, Change, Plain
from jusou.handouts.manifest import Handout
from jusou.logs.dataset import Dataset
from jusou.logs.lost_rows import last_records
from jusou.logs.schema import Actual, Import
from jusou.values.fiscal_year import FiscalYear

ACTUAL, PREVIOUS = "actual", "previous"
INTERIM = "interim"
_FIELDS = {ACTUAL: (ACTUAL, "parts", "target", "attainment", "rating"), PREVIOUS: (PREVIOUS,)}
_WITH_PREVIOUS = ("indicators", "years", "half-year-list")


class Origin(NamedTuple):
    """A file that says what a row says, by its record; ``cell`` is empty where it is unknown."""

    record: Import
    cell: str


class Printed(NamedTuple):
    """A handout that printed a figure: of its own year as 実績, of the year before as 前年度実績.

    ``fields`` are what it printed, the figure first, each with what it would say today; of a half
    year's also the 上半期実績. ``pages`` are those of its PDF, by table.
    """

    handout: Handout
    fields: Sequence[Change]
    pages: Mapping[str, int]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What would be another today."""
        return tuple(each for each in self.fields if each.before != each.after)


def origins(dataset: Dataset, row: Actual) -> list[Origin]:
    """Return the files that a row was taken from, or that say the same.

    Where none is known, those of which an older version did not record what was taken.
    """
    records = [
        each for each in last_records(dataset.rows.imports).values() if each.year == row.year
    ]
    meant = (row.indicator, dataset.row_digests[row.path][row.line])
    known = [
        Origin(record, taken.cell)
        for record in records
        for taken in record.taken
        if (taken.subject, taken.digest) == meant and row.basis in taken.items
    ]
    unknown = (
        Origin(each, "")
        for each in records
        if not each.taken
        and row.indicator in {*each.indicators} - {*each.blank, *each.missing, *each.pending}
    )
    return known or [*unknown]


def printed(
    handouts: Iterable[Handout], year: FiscalYear, indicator: str, now: Plain
) -> Iterator[Printed]:
    """Yield those that printed an indicator's figure of a year, of the handouts of it and the next.

    ``now`` is what they would say today, by the keys of ``review.json``; under INTERIM, what the
    paper of the half year would, its figure and day.
    """
    for handout in handouts:
        said = next(filter(lambda it: it["id"] == indicator, handout.review["indicators"]), None)
        if said is None:
            continue
        field, pages = ACTUAL, handout.pages(indicator)
        if handout.year.number > year.number:
            field = PREVIOUS
            pages = {at: page for at, page in pages.items() if at.startswith(_WITH_PREVIOUS)}
        fields = []
        for name in _FIELDS[field]:
            keys = OF_INDICATOR[name]
            before, after = (tuple(each.get(key) for key in keys) for each in (said, now))
            fields.append(Change((), indicator, year, name, before, after))
        main = [fields[0]]
        if "half_year" in handout.review and field == ACTUAL:
            half = handout.review["half_year"]["indicators"]
            at = handout.review["indicators"].index(said)  # its id may be another by now
            known = half[at]["interim"] or {}
            before = tuple(known.get(key) for key in ("value", "as_of"))
            main.append(Change((), indicator, year, INTERIM, before, now[INTERIM]))
            fields.append(main[1])
        found = Printed(handout, fields, pages)
        if found.changes or any(each.before[0] is not None for each in main):
            yield found
