"""What may be appended to an actuals log: the rules of entry, pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jusou.data import Data
from jusou.errors import DataError, JusouError, Problem, Severity
from jusou.fiscal_year import FiscalYear
from jusou.numbers import format_number
from jusou.plan import Indicator, check_log_year
from jusou.records import REPORTED, Actual, Basis, Standing
from jusou.rows import RowReader

TYPED = "入力"


class Refusal(StrEnum):
    """Why an entry that can be read may not be recorded as it is."""

    CONFLICT = "conflict"
    CLOSED = "closed"
    NO_REASON = "no_reason"
    YEAR_NOT_OVER = "year_not_over"


class RefusedError(JusouError):
    """An entry is not recorded as it is. What the person can do is for each front end to say."""

    def __init__(self, refusal: Refusal, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Entry:
    """The cells of one actual as typed, and what the person allows."""

    year: FiscalYear
    indicator: str
    value: str = ""
    basis: str = ""
    as_of: str = ""
    numerator: str = ""
    denominator: str = ""
    remark: str = ""
    recorded_by: str = ""
    correct: bool = False
    before_year_end: bool = False


@dataclass(frozen=True, slots=True)
class Stamp:
    """When and by whom a row is recorded; ``today`` decides whether a year is over."""

    recorded_at: str
    today: date


def read_entry(data: Data, entry: Entry) -> Actual:
    """Read what was typed by the same rules as a row of the log. Raises JusouError."""
    problems: list[Problem] = []
    cells = [
        "", "", entry.indicator, entry.value, entry.numerator, entry.denominator,
        entry.basis, entry.as_of, entry.recorded_by, entry.remark,
    ]  # fmt: skip
    actual = RowReader(data.plan, TYPED, problems, entry.year).actual(1, cells)
    errors = [
        JusouError(each.message, each.hint) for each in problems if each.severity is Severity.ERROR
    ]
    if errors or actual is None:
        raise errors[0] if errors else DataError(problems)
    return actual


def is_new(data: Data, actual: Actual, entry: Entry, today: date) -> bool:
    """Tell whether an entry changes what stands. Raises JusouError when it may not be recorded."""
    indicator = data.plan.indicators[actual.indicator]
    check_log_year(data.plan, actual.year)
    standing = data.standing(actual.year, indicator)
    if _same(standing, actual):
        return False
    if actual.basis is Basis.CANCELLED:
        _check_cancelling(indicator, standing, actual)
    elif actual.basis.is_closing:
        _check_year_over(actual, entry, today)
        _check_closing(indicator, standing.closing, actual, entry)
    elif standing.closing:
        raise RefusedError(
            Refusal.CLOSED,
            f"{actual.year} {indicator.id} には {_words(indicator, standing.closing)} があるため、"
            f"{actual.basis} は記録できません。",
            "年度末の数値を直す場合は、区分を 確定 か 速報 にしてください。",
        )
    return True


def _same(standing: Standing, actual: Actual) -> bool:
    if actual.basis is Basis.CANCELLED:
        return False
    rows = [standing.closing] if actual.basis.is_closing else [standing.forecast]
    if actual.basis is Basis.INTERIM:
        rows = [row for row in standing.interims if row.as_of == actual.as_of]
    return any(row is not None and _content(row) == _content(actual) for row in rows)


def _content(row: Actual) -> tuple[object, ...]:
    figures = (row.value, row.numerator, row.denominator)
    without_figure = row.remark if row.value is None else ""
    return (row.basis, row.as_of, *figures, without_figure)


def _check_cancelling(indicator: Indicator, standing: Standing, actual: Actual) -> None:
    if standing.shown is None:
        raise JusouError(
            f"{actual.year} {indicator.id} には、取り消す数値がありません。",
            f"jusou history {indicator.id} で、これまでの記録を確かめられます。",
        )
    if not actual.remark:
        raise RefusedError(Refusal.NO_REASON, "取消の理由がありません。")


def _check_year_over(actual: Actual, entry: Entry, today: date) -> None:
    if actual.basis not in REPORTED or entry.before_year_end or actual.year.has_ended(today):
        return
    year, over = actual.year, FiscalYear.of(today).previous
    raise RefusedError(
        Refusal.YEAR_NOT_OVER,
        f"{year}（{year.long_name}）は {year.last_day} まで続いています。{actual.basis}の数値は"
        "まだ記録できません。",
        f"{over}（{over.long_name}）の数値ではありませんか。",
    )


def _check_closing(
    indicator: Indicator, closing: Actual | None, actual: Actual, entry: Entry
) -> None:
    """A figure that stands is replaced only on purpose; 速報 may become 確定 unchanged."""
    if closing is None or closing.basis is Basis.PENDING or (entry.correct and entry.remark):
        return
    if entry.correct:
        raise RefusedError(Refusal.NO_REASON, "訂正の理由がありません。")
    settled = closing.basis is Basis.PRELIMINARY and actual.basis is Basis.FINAL
    figures = (actual.value, actual.numerator, actual.denominator)
    if settled and figures == (closing.value, closing.numerator, closing.denominator):
        return
    raise RefusedError(
        Refusal.CONFLICT,
        f"{actual.year} {indicator.id} には、すでに {_words(indicator, closing)} が記録されています"
        f"（{closing.path}:{closing.line}）。",
    )


def _words(indicator: Indicator, row: Actual) -> str:
    if row.value is None:
        return f"「{row.basis}」"
    return f"{format_number(row.value, indicator.decimals)}{indicator.unit}（{row.basis}）"


def cells_of(data: Data, actual: Actual, stamp: Stamp) -> list[str]:
    """Return the row as it is written to the log."""
    return [
        stamp.recorded_at,
        str(actual.year),
        actual.indicator,
        _plain(actual.value),
        _plain(actual.numerator),
        _plain(actual.denominator),
        str(actual.basis),
        actual.as_of.isoformat() if actual.as_of else "",
        actual.recorded_by,
        actual.remark,
        data.plan.indicators[actual.indicator].name,
    ]


def _plain(value: object) -> str:
    return "" if value is None else f"{value:f}"
