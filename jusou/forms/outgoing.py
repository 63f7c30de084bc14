"""Data → forms: one a reporter, with only its indicators, and what is known filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from jusou.forms.guide import form_title, guide, notices
from jusou.forms.layout import (
    ANSWERS,
    FIELDS,
    FIGURES,
    FILLED_IN,
    ID,
    RATIO_TITLES,
    TEXT_WIDTH,
    Form,
    FormColumn,
    FormRow,
    FormSheet,
    Label,
    Value,
    input_columns,
)
from jusou.logs.dataset import Dataset
from jusou.logs.schema import LAST_ACTION, LAST_OPINION, NOTE_FIELDS, Basis, FormKind
from jusou.plan.model import UNASSIGNED, Indicator, Measure, Plan
from jusou.plan.targets import TargetBasis
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import format_number

NONE = "—"
_UNRECORDED = "記録なし"
NO_FIGURES = (NONE, _UNRECORDED, *(str(each) for each in Basis if not each.needs_value))
_COUNTED = {
    Measure.FLOW: "1年間の数",
    Measure.STOCK: "年度末時点の数",
    Measure.CUMULATIVE: "これまでの累計",
    Measure.RATE: "率",
    Measure.UNCONFIRMED: "集計方法を確認中。いつの何を数えたかを備考に",
}


class FormRequest(NamedTuple):
    """What a form is made for; due date and contact as printed; ``one_table``: as a CSV file."""

    kind: FormKind
    year: FiscalYear
    edition: int
    due: str
    contact: str
    one_table: bool = False


def due_doubt(request: FormRequest, due: date) -> str | None:
    """Return what is to be said of a due date on which nobody can answer yet."""
    year = request.year
    known = year.interim_day if request.kind is FormKind.INTERIM else year.last_day
    if due > known or request.kind is FormKind.ALL:
        return None
    return (
        f"回答期限の{wareki(due)}には、{year.long_name}の数値がまだ出ていません"
        f"（{wareki(known)}までの分です）。--due を確かめてください。"
    )


def reporters(dataset: Dataset, year: FiscalYear) -> tuple[str, ...]:
    """Return whom to ask for a year, in the plan's order; 照会先未設定 if an indicator has none."""
    indicators = dataset.plan_in(year).indicators.values()
    names = (each.reporter or UNASSIGNED for each in indicators if each.is_measured_in(year))
    return tuple(dict.fromkeys(names))


def build_form(dataset: Dataset, reporter: str, request: FormRequest) -> Form:
    """Return the form of one reporter; of a 取りまとめ票 it is the planner, with everything."""
    kind, year = request.kind, request.year
    plan = dataset.plan_in(year)
    subjects = list(plan.subjects)
    if kind is not FormKind.ALL:
        indicators = plan.indicators.values()
        subjects = [
            each.id
            for each in indicators
            if (each.reporter or UNASSIGNED) == reporter and each.is_measured_in(year)
        ]
    head = {
        Label.REPORTER: reporter,
        Label.YEAR: str(year),
        Label.EDITION: f"第{request.edition}版",
        Label.CONTACT: request.contact,
        Label.DUE: request.due,
        Label.KIND: str(kind),
        Label.PLAN: plan.info.title,
        **dict.fromkeys(FILLED_IN, ""),
    }
    return Form(
        kind=kind,
        title=form_title(kind, year),
        head=head,
        notices=notices(sample=plan.info.sample),
        guide=guide(kind, year, one_table=request.one_table),
        courses=plan.courses,
        marks=tuple(grade.mark for grade in plan.scale),
        sheets=form_sheets(dataset, kind, year, subjects),
    )


def form_sheets(
    dataset: Dataset, kind: FormKind, year: FiscalYear, subjects: Sequence[str]
) -> tuple[FormSheet, ...]:
    """Return the sheets of a form: the figures of the indicators among subjects, texts of all."""
    indicators = [each for each in subjects if each in dataset.plan.indicators]
    known = [FormColumn(title, 9) for title in known_titles(dataset.plan, year)]
    fixed = {FIGURES: (FormColumn("単位", 6), FormColumn("数え方", 24), *known)}
    own = (FormColumn(ID, 12), FormColumn("番号", 7), FormColumn(_name_title(kind), 24))
    sheets = []
    for name, inputs in input_columns(kind, year).items():
        listed = indicators if name == FIGURES else subjects
        rows = tuple(_row(dataset, kind, year, subject) for subject in listed)
        asked = (column for each in inputs for column in _with_quote(each, rows))
        sheets.append(FormSheet(name, (*own, *fixed.get(name, ()), *asked), rows))
    return tuple(sheets)


def _with_quote(column: FormColumn, rows: Sequence[FormRow]) -> Iterator[FormColumn]:
    """Yield a column, before it what it answers; nothing where no row has anything to answer."""
    if column.answers:
        if all(column.title in row.closed for row in rows):
            return
        yield FormColumn(column.answers, TEXT_WIDTH)
    yield column


def known_titles(plan: Plan, year: FiscalYear) -> tuple[str, str, str]:
    """Return the titles of what is known: the baseline, last year's figure, the target."""
    base = plan.info.baseline_year
    return (f"{base}参考" if base else "参考", f"{year.previous}実績", f"{year}目標")


def _name_title(kind: FormKind) -> str:
    return "対象名" if kind is FormKind.ALL else "指標名"


def _row(dataset: Dataset, kind: FormKind, year: FiscalYear, subject: str) -> FormRow:
    """Return all that a form says of a subject; each sheet shows what it has columns for."""
    plan, last = dataset.plan_in(year), dataset.note(year.previous, subject)
    values: dict[str, Value] = {
        ID: subject,
        "番号": _number(plan, subject),
        _name_title(kind): plan.subjects[subject],
        LAST_ACTION: last.action or NONE,
        LAST_OPINION: quoted_opinion(last.committee, last.response),
    }
    if kind is FormKind.ALL:
        note = dataset.note(year, subject)
        values |= {title: getattr(note, field) for title, field in FIELDS.items()}
    closed = {
        each.title
        for each in ANSWERS
        if values[each.answers] == NONE and not values.get(each.title)
    }
    indicator = plan.indicators.get(subject)
    if indicator is None:
        return FormRow(values, closed=frozenset(closed))
    if kind is FormKind.ALL:
        values |= _standing_values(dataset, year, indicator)
    figures: tuple[Value, ...] = (
        _baseline(plan, indicator),
        _last(dataset, indicator, year.previous),
        _target(dataset, indicator, year),
    )
    values |= zip(known_titles(plan, year), figures, strict=True)
    values |= {"単位": indicator.unit or NONE, "数え方": _counting(indicator, kind)}
    if indicator.per is None:
        closed.update(RATIO_TITLES)
    return FormRow(values, indicator.decimals, frozenset(closed), indicator.signed)


def quoted_opinion(committee: str, response: str) -> str:
    """Return an opinion of the committee as a form quotes it, with what was to be done about it."""
    if not committee:
        return NONE
    return f"{committee}\n→ {NOTE_FIELDS['response']}：{response}" if response else committee


def _number(plan: Plan, subject: str) -> str:
    for programme in plan.programmes:
        if programme.id == subject:
            return programme.label
        for each in programme.initiatives:
            if each.id == subject:
                return programme.labelled(each.mark) if each.mark else ""
    return plan.labels[subject]


def _baseline(plan: Plan, indicator: Indicator) -> Value:
    """Return the baseline, with its year where the heading says another."""
    value = indicator.baseline
    if value is None or indicator.baseline_years in ((), (plan.info.baseline_year,)):
        return NONE if value is None else value
    return f"{format_number(value, indicator.decimals)}（{indicator.baseline_name}）"


def _target(dataset: Dataset, indicator: Indicator, year: FiscalYear) -> Value:
    """Return the target of a year; one that the plan does not set says where it comes from."""
    aim = dataset.aim(indicator, year)
    if aim.value is None:
        return f"{aim.following}に設定" if aim.following else NONE
    if aim.basis is TargetBasis.OWN:
        return aim.value
    is_next = aim.basis is TargetBasis.NEXT
    aside = f"{aim.following}の目標" if is_next else "目安（按分）"
    return f"{format_number(aim.value, indicator.decimals)}（{aside}）"


def _last(dataset: Dataset, indicator: Indicator, year: FiscalYear) -> Value:
    """Return a closing figure, or the word for why there is none."""
    closing = dataset.standing(year, indicator).closing
    if closing is None:
        return _UNRECORDED
    return str(closing.basis) if closing.value is None else closing.value


def _counting(indicator: Indicator, kind: FormKind) -> str:
    note = f"※{indicator.note}" if indicator.note else ""
    counted = _COUNTED[indicator.measure]
    if indicator.per:
        counted += f"（分子÷分母×{indicator.per:,}）"
    if indicator.per and kind is not FormKind.INTERIM:  # it has no columns for the parts
        counted += "。分子と分母に何を数えたかを備考に"
    return "\n".join(filter(None, (indicator.definition or counted, note)))


def _standing_values(dataset: Dataset, year: FiscalYear, indicator: Indicator) -> dict[str, Value]:
    """Return what stands, in the cells of the 取りまとめ票 that are to be filled in."""
    row = dataset.standing(year, indicator).shown
    if row is None:
        return {}
    figures = {"実績値": row.value, "分子": row.numerator, "分母": row.denominator}
    return {
        **{title: value for title, value in figures.items() if value is not None},
        "区分": str(row.basis),
        "基準日": row.as_of.isoformat() if row.as_of else "",
        "備考": row.remark,
    }
