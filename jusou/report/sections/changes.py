"""What changed since a handout, in words: the section of the next pack, and ``diff``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from jusou.handouts.changes import Change, Kind
from jusou.handouts.manifest import Handout
from jusou.logs.schema import NOTE_FIELDS, Basis
from jusou.plan.model import Indicator, Plan
from jusou.report import words
from jusou.report.document import (
    CHANGES,
    NONE,
    Cell,
    Column,
    Columns,
    Notation,
    Section,
    Table,
    filled,
)
from jusou.report.document import Kind as ColumnKind
from jusou.report.sections.attention import CANDIDATES
from jusou.review.assessment import Status, Unrated
from jusou.review.build import Side
from jusou.values.dates import wareki

NO_REASON = "（理由の記載なし）"
_Said = Callable[[Sequence[Any], Any], str]


def changes_section(plan: Plan, handout: Handout, changes: Sequence[Change]) -> Section | None:
    """Return the section of the next pack; None where nothing that was printed changed.

    A text that was added since is seen where it stands.
    """
    printed = [each for each in changes if each.kinds != (Kind.NEW_TEXT,)]
    if not printed:
        return None
    table = change_table(plan, handout, printed)
    return Section(CHANGES, table.caption, (table,), tab="変更点")


def change_table(
    plan: Plan, handout: Handout, changes: Sequence[Change], missing: str = NONE
) -> Table:
    """Return what changed, each with what was printed, why it changed, and whose it is.

    ``missing`` stands where there is no reason, no day or no department.
    """
    columns: Columns[Change] = (
        (Column("kind", "区分", ColumnKind.NAME), _kind_cell),
        (Column("subject", "指標", ColumnKind.TEXT), lambda it: Cell(subject_words(plan, it))),
        (Column("field", "欄", ColumnKind.TEXT), lambda it: Cell(field_words(plan, it))),
        (
            Column("before", f"前回（{handout.number or handout.meeting}）", ColumnKind.REMARK),
            lambda it: Cell(value_words(plan, it, it.before)),
        ),
        (
            Column("after", "今回", ColumnKind.REMARK),
            lambda it: Cell(value_words(plan, it, it.after)),
        ),
        (Column("reason", "理由", ColumnKind.REMARK), lambda it: Cell(_reason(it) or missing)),
        (
            Column("day", "変更日", ColumnKind.TEXT),
            lambda it: Cell(wareki(it.day) if it.day else missing),
        ),
        (
            Column("department", "所管課", ColumnKind.TEXT),
            lambda it: _department_cell(plan, it, missing),
        ),
    )
    caption = f"{handout.title} 資料からの変更点"
    empty = "変わったところはありません。"
    return Table(CHANGES, caption, *filled(columns, changes), empty=empty)


def _kind_cell(change: Change) -> Cell:
    kinds = "・".join(change.kinds)
    return Cell(f"{kinds}に伴うもの" if change.follows else kinds)


def subject_words(plan: Plan, change: Change) -> str:
    """Return of what a change is: an indicator, a programme, or the plan as a whole."""
    return words.subject_name(plan, change.subject) if change.subject else "計画全体"


def field_words(plan: Plan, change: Change) -> str:
    """Return what it is that changed, as tables call it."""
    if title := NOTE_FIELDS.get(change.field):
        return title
    title, _ = _FIELDS[change.field]
    base, end = plan.info.baseline_name, plan.info.end
    return title.format(base=base, end=end)


def value_words(plan: Plan, change: Change, value: Sequence[Any]) -> str:
    """Return what was printed, or would be now."""
    if change.field in NOTE_FIELDS:
        return value[0] or NONE
    _, said = _FIELDS[change.field]
    return said(value, plan.indicators.get(change.subject))


def _reason(change: Change) -> str:
    """Return why something changed; of a correction it has to be said."""
    is_error = Kind.CORRECTED in change.kinds and not change.follows
    return change.reason or (NO_REASON if is_error else "")


def _department_cell(plan: Plan, change: Change, missing: str) -> Cell:
    indicator = plan.indicators.get(change.subject)
    name = indicator.reporter if indicator else None
    return Cell(name) if name else words.NO_TEXT._replace(text=missing)


def _amount(value: Any, indicator: Indicator) -> str:
    return words.amount(None if value is None else Decimal(value), indicator).text


def _percent(value: Any, unit: str = "％", notation: Notation = Notation.GROUPED) -> str:
    return words.percent(None if value is None else Decimal(value), unit, notation).text


def _difference(value: Any, indicator: Indicator) -> str:
    return words.difference(None if value is None else Decimal(value), indicator).text


def _count(value: Sequence[Any], _: object) -> str:
    return words.count(value[0]).text


def _actual(value: Sequence[Any], indicator: Indicator) -> str:
    figure, status, basis = value
    if figure is None:
        return words.STATES.get(Status(status), NONE) if status else NONE
    aside = "" if basis == Basis.FINAL else basis
    if status == Status.ENDED:
        aside = words.UNRATED[Unrated.ENDED]
    return words.bracketed(_amount(figure, indicator), aside)


def _interim(value: Sequence[Any], indicator: Indicator) -> str:
    figure, day = value
    as_of = f"{wareki(date.fromisoformat(day))}現在" if day else ""
    return words.bracketed(_amount(figure, indicator), as_of)


def _parts(value: Sequence[Any], _: object) -> str:
    numerator, denominator = value
    if numerator is None or denominator is None:
        return NONE
    return f"{words.count(Decimal(numerator)).text}／{words.count(Decimal(denominator)).text}"


def _attainment(value: Sequence[Any], _: object) -> str:
    percent, unrated = value
    if percent is None and unrated:
        return words.UNRATED.get(Unrated(unrated), NONE)
    return _percent(percent)


def _versus(value: Sequence[Any], indicator: Indicator) -> str:
    (said,) = value
    if not said or said["difference"] is None:
        return NONE
    difference = _difference(said["difference"], indicator)
    if said["change_rate"] is None:
        return difference
    return f"{difference}、{_percent(said['change_rate'], notation=Notation.SIGNED)}"


def _progress(value: Sequence[Any], indicator: Indicator) -> str:
    (said,) = value
    if not said:
        return NONE
    return words.bracketed(_difference(said["made"], indicator), _percent(said["percent"]))


def _plan_to_date(value: Sequence[Any], indicator: Indicator) -> str:
    (said,) = value
    if not said or said["missing_years"]:
        return NONE
    actual, target = (_amount(said[key], indicator) for key in ("actual", "target"))
    return words.bracketed(f"実績{actual}／目標{target}", _percent(said["attainment"]))


def _ratings(value: Sequence[Any], _: object) -> str:
    (said,) = value
    return "、".join(f"{mark} {count}" for mark, count in (said or {}).items()) or NONE


def _candidate(value: Sequence[Any], _: object) -> str:
    side, kind = value
    if side is None:
        return "該当なし"
    return f"{'経過観察' if kind == 'watch' else '候補'}: {CANDIDATES[Side(side)]}"


def _moves(value: Sequence[Any], _: object) -> str:
    titles = ("改善", "悪化", "増減なし", "比較できないもの")
    return "、".join(f"{title}{count}" for title, count in zip(titles, value, strict=True))


_FIELDS: Mapping[str, tuple[str, _Said]] = {
    "target": ("目標", lambda it, indicator: _amount(it[0], indicator)),
    "actual": ("実績", _actual),
    "interim": ("上半期実績", _interim),
    "parts": ("分子／分母", _parts),
    "previous": ("前年度実績", lambda it, indicator: _amount(it[0], indicator)),
    "attainment": ("達成率", _attainment),
    "rating": ("達成度", lambda it, _: it[0] or NONE),
    "vs-previous": ("前年度差", lambda it, indicator: _difference(it[0], indicator)),
    "vs-baseline": ("{base}差", _versus),
    "progress": ("{base}からの進み", _progress),
    "final-progress": ("{base}からの進み（最後の目標まで）", _progress),
    "vs-final-target": ("対{end}目標比", lambda it, _: _percent(it[0])),
    "plan-to-date": ("計画期間累計", _plan_to_date),
    "candidate": ("見直しを検討する指標", _candidate),
    "met": ("達成数／評価指標数", lambda it, _: f"{it[0]}／{it[1]}"),
    "ratings": ("達成度の数", _ratings),
    "forecast": ("見込の数", _count),
    "pending": ("集計中の数", _count),
    "excluded": ("対象外の数", _count),
    "mean": ("平均達成率", lambda it, _: _percent(it[0])),
    "moves": ("前年度との比較", _moves),
}
