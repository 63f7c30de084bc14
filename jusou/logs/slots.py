"""What stands: each indicator and year has a slot for the closing figure, the forecast, interims.

A later row replaces the one in its slot. Also here: how a row compares with the one in its slot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from jusou.logs.schema import REPORTED, Actual, Basis
from jusou.plan.model import Indicator
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import format_number
from jusou.values.text import plain_text

Slot = tuple[object, ...]
_CORRECTED = "／訂正: "  # what stood before the reason of a correction had a column of its own
_PARTS = ("numerator", "denominator")
_OPTIONAL = (*_PARTS, "as_of", "remark", "reason")


class Standing(NamedTuple):
    """What stands for one indicator and year, by slot. Interims are in order of 基準日."""

    closing: Actual | None = None
    forecast: Actual | None = None
    interims: tuple[Actual, ...] = ()

    @property
    def rows(self) -> tuple[Actual, ...]:
        """Every row that stands: closing, forecast, interims."""
        return tuple(filter(None, (self.closing, self.forecast, *self.interims)))

    @property
    def shown(self) -> Actual | None:
        """The row the review takes: closing, else forecast, else the latest interim."""
        return self.closing or self.forecast or (self.interims[-1] if self.interims else None)

    @property
    def reported(self) -> Actual | None:
        """The closing row if it holds a figure (確定 or 速報)."""
        return self.closing if self.closing and self.closing.basis in REPORTED else None

    @property
    def missing_in_year(self) -> tuple[Basis, ...]:
        """What may still be given while the year goes on: 中間, 見込; once it is closed nothing."""
        if self.closing:
            return ()
        there = {Basis.INTERIM: self.interims, Basis.FORECAST: self.forecast}
        return tuple(basis for basis, given in there.items() if not given)

    def beside(self, row: Actual) -> Actual | None:
        """Return what stands in the slot of a row."""
        return next((each for each in self.rows if slot_of(each) == slot_of(row)), None)

    def with_row(self, row: Actual) -> Standing:
        """Return what stands once a row is appended."""
        return _standing_of((*self.rows, row))


NOTHING = Standing()


def fold_actuals(rows: Iterable[Actual]) -> dict[tuple[FiscalYear, str], Standing]:
    """Return what stands of rows, those of a year in the order of its file, by year and id."""
    own: defaultdict[tuple[FiscalYear, str], list[Actual]] = defaultdict(list)
    for row in rows:
        own[row.year, row.indicator].append(row)
    found = {key: _standing_of(each) for key, each in own.items()}
    return {key: standing for key, standing in found.items() if standing.rows}


def _standing_of(rows: Iterable[Actual]) -> Standing:
    """Return what stands of rows of one indicator and year, in order; 取消 empties all slots."""
    closing = forecast = None
    interims: dict[date | None, Actual] = {}
    for row in rows:
        basis = row.basis
        if basis.is_closing:
            closing = row
        elif basis is Basis.FORECAST:
            forecast = row
        elif basis is Basis.INTERIM:
            interims[row.as_of] = row
        else:
            closing = forecast = None
            interims.clear()
    in_order = sorted(interims.values(), key=lambda each: each.as_of or date.min)
    return Standing(closing, forecast, tuple(in_order))


def slot_of(row: Actual) -> Slot:
    """Return what tells slots apart: one closing and one forecast a year, one interim a day."""
    if row.basis.is_closing:
        return (row.year, row.indicator, "closing")
    return (row.year, row.indicator, row.basis, row.as_of if row.basis is Basis.INTERIM else None)


def says_no_more(stands: Actual, row: Actual) -> bool:
    """Tell whether a row says nothing that what stands does not say."""
    return only_adds(stands, row) and _given(row).keys() <= _given(stands).keys()


def only_adds(stands: Actual, row: Actual) -> bool:
    """Tell whether a row takes nothing back: the same figure, with parts or a remark added."""
    return stands.basis is row.basis and _agrees(stands, row, _OPTIONAL)


def completed(stands: Actual, row: Actual) -> Actual:
    """Return a row that only adds, with what stood."""
    return row._replace(**{**_given(row), **_given(stands)})


def settles(stands: Actual, row: Actual) -> bool:
    """Tell whether a row is the next step: of 未確定 anything, of 速報 the same figure as 確定."""
    return stands.basis is Basis.PENDING or (
        (stands.basis, row.basis) == (Basis.PRELIMINARY, Basis.FINAL)
        and _agrees(stands, row, _PARTS)
    )


def carried(stands: Actual, row: Actual) -> Actual:
    """Return the next step of a figure with its parts, where it says none: they still hold."""
    if stands.value != row.value or row.numerator is not None:
        return row
    return row._replace(numerator=stands.numerator, denominator=stands.denominator)


def _agrees(stands: Actual, row: Actual, names: Iterable[str]) -> bool:
    """Tell whether two rows hold the same figure, and the same where both say something."""
    there, here = _given(stands), _given(row)
    return stands.value == row.value and all(
        there[name] == here[name] or (name == "remark" and _is_same_remark(stands, row))
        for name in there.keys() & here.keys() & set(names)
    )


def _given(row: Actual) -> dict[str, Any]:
    """What a row says besides its figure."""
    return {name: value for name in _OPTIONAL if (value := getattr(row, name)) not in (None, "")}


def _is_same_remark(stands: Actual, row: Actual) -> bool:
    """Tell whether a remark is the one that stands, as a cell gave it back, or began it."""
    there, here = plain_text(stands.remark), plain_text(row.remark)
    return there == here or there.startswith(f"{here}{_CORRECTED}")


def figure_words(indicator: Indicator, row: Actual | None) -> str:
    """Return a figure as a person reads it: ``2,655件（確定）``, its parts, its remark."""
    if row is None:
        return ""
    words = f"{row.basis}"
    if row.value is not None:
        words = f"{format_number(row.value, indicator.decimals)}{indicator.unit}（{row.basis}）"
    if row.numerator is not None and row.denominator is not None:
        words += f" {row.numerator:,f}/{row.denominator:,f}"
    if row.as_of:
        words += f" {wareki(row.as_of)}"
    return f"{words} {row.remark}" if row.remark else words
