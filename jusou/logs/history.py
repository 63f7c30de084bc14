"""Every row that ever stood: what a file says may be old, and is no answer to be lost then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from jusou.logs.dataset import Dataset, Rows
from jusou.logs.schema import REPORTED, Actual, Basis, ReviewNote
from jusou.logs.slots import says_no_more, slot_of
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import plain_text


def ever_held(rows: Rows, row: Actual | ReviewNote) -> bool:
    """Tell whether a figure, or the one text of a note, has stood in a log, or still does."""
    logs = rows.actuals if isinstance(row, Actual) else rows.notes
    return any(says(each, row) for each in logs)


def says(held: Actual | ReviewNote, row: Actual | ReviewNote) -> bool:
    """Tell whether a row of a log says a figure, or the one text of a note."""
    if isinstance(held, Actual) and isinstance(row, Actual):
        return slot_of(held) == slot_of(row) and says_no_more(held, row)
    if isinstance(held, ReviewNote) and isinstance(row, ReviewNote):
        ((name, text),) = row.texts.items()
        own = _speaks_of(held, row, name)
        return own and plain_text(held.texts[name]) == plain_text(text)
    return False


def _speaks_of(held: ReviewNote, row: ReviewNote, name: str) -> bool:
    return (held.year, held.subject) == (row.year, row.subject) and name in held.texts


def standing_row(dataset: Dataset, row: Actual | ReviewNote) -> Actual | ReviewNote | None:
    """Return the row that stands where a figure, or the one text of a note, would stand."""
    if isinstance(row, Actual):
        standing = dataset.standing(row.year, dataset.plan.indicators[row.indicator])
        return standing.beside(row)
    (name,) = row.texts
    given = (each for each in reversed(dataset.rows.notes) if _speaks_of(each, row, name))
    return next(given, None)


def left_over(rows: Rows, row: Actual) -> list[str]:
    """Return which of ``remark`` and ``as_of`` a row has from rows of another 区分 only.

    A form that goes out with what stands may come back with another 区分, and with a remark that
    is not of the new figure.
    """
    key = (row.year, row.indicator)
    own = [each for each in rows.actuals if (each.year, each.indicator) == key]
    found = []
    for name in ("remark",) if row.basis is Basis.INTERIM else ("remark", "as_of"):
        given = _comparable(getattr(row, name))
        said = {each.basis for each in own if given and _comparable(getattr(each, name)) == given}
        if said and row.basis not in said:
            found.append(name)
    return found


def _comparable(value: str | date | None) -> str:
    return plain_text(str(value or ""))


def figures_ever(rows: Rows, year: FiscalYear, indicator: str) -> Iterator[Decimal]:
    """Yield every closing figure that an indicator ever had in a year."""
    for each in rows.actuals:
        own = each.year == year and each.indicator == indicator and each.basis in REPORTED
        if own and each.value is not None:
            yield each.value


def texts_ever(rows: Rows, year: FiscalYear, subject: str, name: str) -> Iterator[str]:
    """Yield everything that ever stood in a field of the texts of a subject."""
    for each in rows.notes:
        if each.year == year and each.subject == subject and name in each.texts:
            yield each.texts[name]
