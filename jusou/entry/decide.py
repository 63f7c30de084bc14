"""What may be appended to an actuals log: the rules of entry, pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from jusou.errors import DataError, JusouError, Problem, Severity
from jusou.logs.dataset import Dataset
from jusou.logs.rows import RowReader
from jusou.logs.schema import REPORTED, Actual, Basis
from jusou.logs.slots import (
    carried,
    completed,
    figure_words,
    only_adds,
    says_no_more,
    settles,
    standing_row,
)
from jusou.plan.model import check_log_year
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear

TYPED = "入力"


class Refusal(StrEnum):
    """Why an entry that can be read may not be recorded as it is."""

    CONFLICT = "conflict"
    CLOSED = "closed"
    BLOCKED = "blocked"
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


def read_entry(dataset: Dataset, entry: Entry) -> Actual:
    """Read what was typed by the same rules as a row of the log. Raises JusouError."""
    problems: list[Problem] = []
    cells = [
        "", "", entry.indicator, entry.value, entry.numerator, entry.denominator,
        entry.basis, entry.as_of, entry.recorded_by, entry.remark,
    ]  # fmt: skip
    actual = RowReader(dataset.plan, TYPED, problems, entry.year).actual(1, cells)
    errors = [
        JusouError(each.message, each.hint) for each in problems if each.severity is Severity.ERROR
    ]
    if errors or actual is None:
        raise errors[0] if errors else DataError(problems)
    return actual


def row_to_record(dataset: Dataset, actual: Actual, entry: Entry, today: date) -> Actual | None:
    """Return the row to append; None when what stands says the same already.

    A row that only adds to the figure that stands (its parts, a remark) takes over the rest of it.
    Raises JusouError when it may not be recorded.
    """
    check_log_year(dataset.plan, actual.year)
    closing = dataset.standing(actual.year, dataset.plan.indicators[actual.indicator]).closing
    if actual.basis is Basis.CANCELLED:
        _check_cancelling(dataset, actual)
        return actual
    stands = standing_row(dataset, actual)
    if stands and says_no_more(stands, _without_reason(actual, entry)):
        return None
    if actual.basis.is_closing:
        _check_year_over(actual, entry, today)
    elif closing:
        raise _closed(dataset, actual, closing)
    if stands and only_adds(stands, actual):
        return completed(stands, actual)
    if closing is None:
        return actual
    _check_replacing(dataset, closing, actual, entry)
    return carried(closing, actual) if settles(closing, actual) else actual


def _without_reason(actual: Actual, entry: Entry) -> Actual:
    """Return a figure without the reason of a correction, which does not make it another one."""
    return replace(actual, remark="") if entry.correct and actual.value is not None else actual


def _closed(dataset: Dataset, actual: Actual, closing: Actual) -> RefusedError:
    message = (
        f"{actual.year} {actual.indicator} には「{figure_words(dataset, closing)}」があるため、"
        f"{actual.basis} は記録できません。"
    )
    if closing.value is None:
        hint = f"先に「{closing.basis}」を取り消してください。"
        return RefusedError(Refusal.BLOCKED, message, hint)
    hint = "年度末の数値を直す場合は、区分を 確定 か 速報 にしてください。"
    return RefusedError(Refusal.CLOSED, message, hint)


def _check_cancelling(dataset: Dataset, actual: Actual) -> None:
    key = actual.indicator
    if dataset.standing(actual.year, dataset.plan.indicators[key]).shown is None:
        raise JusouError(
            f"{actual.year} {key} には、取り消す数値がありません。",
            f"jusou history {key} で、これまでの記録を確かめられます。",
        )
    if not actual.remark:
        raise RefusedError(Refusal.NO_REASON, "取消の理由がありません。")


def _check_year_over(actual: Actual, entry: Entry, today: date) -> None:
    if actual.basis not in REPORTED or entry.before_year_end or actual.year.has_ended(today):
        return
    year, over = actual.year, FiscalYear.of(today).previous
    raise RefusedError(
        Refusal.YEAR_NOT_OVER,
        f"{year}（{year.long_name}）は{wareki(year.last_day)}まで続いています。{actual.basis}の数値は"
        "まだ記録できません。",
        f"{over}（{over.long_name}）の数値ではありませんか。",
    )


def _check_replacing(dataset: Dataset, closing: Actual, actual: Actual, entry: Entry) -> None:
    """A figure that stands is replaced only on purpose; 速報 may become 確定 unchanged."""
    if settles(closing, actual) or (entry.correct and entry.remark):
        return
    if entry.correct:
        raise RefusedError(Refusal.NO_REASON, "訂正の理由がありません。")
    raise RefusedError(
        Refusal.CONFLICT,
        f"{actual.year} {actual.indicator} には、すでに「{figure_words(dataset, closing)}」が"
        f"記録されています（{closing.path}:{closing.line}）。",
    )


def cells_of(dataset: Dataset, actual: Actual, recorded_at: str) -> list[str]:
    """Return the row as it is written to the log."""
    return [
        recorded_at,
        str(actual.year),
        actual.indicator,
        _plain(actual.value),
        _plain(actual.numerator),
        _plain(actual.denominator),
        str(actual.basis),
        actual.as_of.isoformat() if actual.as_of else "",
        actual.recorded_by,
        actual.remark,
        dataset.plan.indicators[actual.indicator].name,
    ]


def _plain(value: object) -> str:
    return "" if value is None else f"{value:f}"
