"""A figure beside the one that stands in its slot: the same, more of it, the next step, another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from jusou.logs.cells import plain_text
from jusou.logs.dataset import Dataset
from jusou.logs.schema import Actual, Basis, Standing
from jusou.values.dates import wareki
from jusou.values.numbers import format_number

Slot = tuple[object, ...]
_CORRECTED = "／訂正: "
_PARTS = ("numerator", "denominator")
_OPTIONAL = (*_PARTS, "as_of", "remark")


def slot_of(row: Actual) -> Slot:
    """Return what tells slots apart: one closing and one forecast a year, one interim a day."""
    if row.basis.is_closing:
        return (row.year, row.indicator, "closing")
    return (row.year, row.indicator, row.basis, row.as_of if row.basis is Basis.INTERIM else None)


def standing_row(dataset: Dataset, row: Actual) -> Actual | None:
    """Return what stands in the slot of a row."""
    standing = dataset.standing(row.year, dataset.plan.indicators[row.indicator])
    return next((each for each in standing.rows if slot_of(each) == slot_of(row)), None)


def with_row(dataset: Dataset, row: Actual) -> Dataset:
    """Return the data as they will be when a row has been appended."""
    key = (row.year, row.indicator)
    standing = dataset.standing(row.year, dataset.plan.indicators[row.indicator])
    return replace(dataset, actuals={**dataset.actuals, key: _with(standing, row)})


def _with(standing: Standing, row: Actual) -> Standing:
    if row.basis.is_closing:
        return replace(standing, closing=row)
    if row.basis is Basis.FORECAST:
        return replace(standing, forecast=row)
    days = {each.as_of: each for each in (*standing.interims, row) if each.as_of}
    return replace(standing, interims=tuple(days[day] for day in sorted(days)))


def says_no_more(stands: Actual, row: Actual) -> bool:
    """Tell whether a row says nothing that what stands does not say."""
    return only_adds(stands, row) and _given(row).keys() <= _given(stands).keys()


def only_adds(stands: Actual, row: Actual) -> bool:
    """Tell whether a row takes nothing back: the same figure, with parts or a remark added."""
    return stands.basis is row.basis and _agrees(stands, row, _OPTIONAL)


def completed(stands: Actual, row: Actual) -> Actual:
    """Return a row that only adds, with what stood."""
    return replace(row, **{**_given(row), **_given(stands)})


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
    return replace(row, numerator=stands.numerator, denominator=stands.denominator)


def corrected(row: Actual, reason: str) -> Actual:
    """Return a row with the reason of its correction in the remark."""
    return replace(row, remark=f"{row.remark}{_CORRECTED}{reason}".removeprefix("／"))


def figure_words(dataset: Dataset, row: Actual | None) -> str:
    """Return a figure as a person reads it: ``2,655件（確定）``, its parts, its remark."""
    if row is None:
        return ""
    indicator = dataset.plan.indicators[row.indicator]
    words = f"{row.basis}"
    if row.value is not None:
        words = f"{format_number(row.value, indicator.decimals)}{indicator.unit}（{row.basis}）"
    if row.numerator is not None and row.denominator is not None:
        words += f" {row.numerator:,f}/{row.denominator:,f}"
    if row.as_of:
        words += f" {wareki(row.as_of)}"
    return f"{words} {row.remark}" if row.remark else words
