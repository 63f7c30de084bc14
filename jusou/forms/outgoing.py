"""Data → forms: one a reporter, with only its indicators, and what is known filled in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jusou.data import Data
from jusou.fiscal_year import FiscalYear
from jusou.forms.guide import guide, notices
from jusou.forms.shape import (
    FIGURES,
    FILLED_IN,
    ID,
    INPUTS,
    RATIO_TITLES,
    TEXTS,
    UNASSIGNED,
    Form,
    FormColumn,
    FormRow,
    FormSheet,
    Label,
    Value,
    input_columns,
)
from jusou.plan import Indicator, Measure, Plan
from jusou.records import NOTE_FIELDS, FormKind

NONE = "—"
_LAST_ACTION = "前年度の改善策"
_COUNTED = {
    Measure.FLOW: "1年間の数",
    Measure.STOCK: "年度末時点の数",
    Measure.CUMULATIVE: "これまでの累計",
    Measure.RATE: "率（分子÷分母×100）",
    Measure.UNCONFIRMED: "集計方法を確認中。いつの何を数えたかを備考に",
}


@dataclass(frozen=True, slots=True)
class FormRequest:
    """What a form is made for; due date and contact as printed."""

    kind: FormKind
    year: FiscalYear
    edition: int
    due: str
    contact: str


def reporters(data: Data) -> tuple[str, ...]:
    """Return the reporters of the plan in order; 照会先未設定 if an indicator has none."""
    names = (each.reporter or UNASSIGNED for each in data.plan.indicators.values())
    return tuple(dict.fromkeys(names))


def build_form(data: Data, reporter: str, request: FormRequest) -> Form:
    """Return the form of one reporter; of a 取りまとめ票 it is the planner, with everything."""
    plan, kind, year = data.plan, request.kind, request.year
    everything = kind is FormKind.ALL
    indicators = [
        each
        for each in plan.indicators.values()
        if everything or (each.reporter or UNASSIGNED) == reporter
    ]
    subjects = list(plan.subjects) if everything else [each.id for each in indicators]
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
        title=f"{year.long_name} {kind}",
        head=head,
        notices=notices(sample=plan.info.sample),
        guide=guide(kind, year),
        courses=plan.courses,
        marks=tuple(grade.mark for grade in plan.rating.scale),
        sheets=tuple(
            _figures(data, request, indicators)
            if name == FIGURES
            else _texts(data, request, name, subjects)
            for name in INPUTS[kind]
        ),
    )


def _figures(data: Data, request: FormRequest, indicators: Iterable[Indicator]) -> FormSheet:
    year, base = request.year, data.plan.info.baseline_year
    known = (f"{base}参考" if base else "参考", f"{year.previous}実績", f"{year}目標")
    columns = (
        *_head_columns(request.kind),
        FormColumn("単位", 6),
        FormColumn("数え方", 20),
        *(FormColumn(title, 9) for title in known),
        *input_columns(request.kind, FIGURES),
    )
    rows = []
    for each in indicators:
        previous = data.standing(year.previous, each).reported
        target = data.targets(each, year).get(year)
        figures = (each.baseline, previous.value if previous else None, target)
        filled = _standing_values(data, year, each) if request.kind is FormKind.ALL else {}
        values = {
            **_head_values(data.plan, request.kind, each.id),
            "単位": each.unit,
            "数え方": _counting(each),
            **dict(zip(known, map(_known, figures), strict=True)),
            **filled,
        }
        closed = frozenset() if each.measure is Measure.RATE else frozenset(RATIO_TITLES)
        rows.append(FormRow(values, each.decimals, closed))
    return FormSheet(FIGURES, columns, tuple(rows))


def _head_columns(kind: FormKind) -> tuple[FormColumn, ...]:
    return (FormColumn(ID, 12), FormColumn("番号", 7), FormColumn(_name_title(kind), 30))


def _head_values(plan: Plan, kind: FormKind, subject: str) -> dict[str, Value]:
    label = _label(plan, subject)
    return {ID: subject, "番号": label, _name_title(kind): plan.subjects[subject]}


def _name_title(kind: FormKind) -> str:
    return "対象名" if kind is FormKind.ALL else "指標名"


def _known(figure: Decimal | None) -> Value:
    return NONE if figure is None else figure


def _counting(indicator: Indicator) -> str:
    note = f"※{indicator.note}" if indicator.note else ""
    return "\n".join(filter(None, (indicator.definition or _COUNTED[indicator.measure], note)))


def _standing_values(data: Data, year: FiscalYear, indicator: Indicator) -> dict[str, Value]:
    """The cells of the 取りまとめ票 that are to be filled in, with what stands."""
    row = data.standing(year, indicator).shown
    if row is None:
        return {}
    figures = {"実績値": row.value, "分子": row.numerator, "分母": row.denominator}
    return {
        **{title: value for title, value in figures.items() if value is not None},
        "区分": str(row.basis),
        "基準日": row.as_of.isoformat() if row.as_of else "",
        "備考": row.remark,
    }


def _texts(data: Data, request: FormRequest, name: str, subjects: Sequence[str]) -> FormSheet:
    year, kind = request.year, request.kind
    known = (FormColumn(_LAST_ACTION, 27),) if name == TEXTS else ()
    fields = {title: field for field, title in NOTE_FIELDS.items() if title in INPUTS[kind][name]}
    rows = []
    for subject in subjects:
        values = _head_values(data.plan, kind, subject)
        values[_LAST_ACTION] = data.note(year.previous, subject).action or NONE
        if kind is FormKind.ALL:
            note = data.note(year, subject)
            values |= {title: getattr(note, field) for title, field in fields.items()}
        rows.append(FormRow(values))
    columns = (*_head_columns(kind), *known, *input_columns(kind, name))
    return FormSheet(name, columns, tuple(rows))


def _label(plan: Plan, subject: str) -> str:
    if subject in plan.labels:
        return plan.labels[subject]
    for programme in plan.programmes:
        if programme.id == subject:
            return programme.label
        for each in programme.initiatives:
            if each.id == subject:
                return f"{programme.label}{each.mark}" if each.mark else ""
    return ""
