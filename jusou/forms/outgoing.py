"""Data → forms: one a reporter, with only its indicators, and what is known filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jusou.data import Data
from jusou.dates import wareki
from jusou.fiscal_year import FiscalYear
from jusou.forms.guide import guide
from jusou.forms.shape import (
    FIGURES,
    FILLED_IN,
    ID,
    INPUTS,
    OPINIONS,
    TEXTS,
    UNASSIGNED,
    Form,
    FormColumn,
    FormKind,
    FormSheet,
    Label,
    Value,
    input_columns,
)
from jusou.plan import Indicator, Measure, Plan
from jusou.records import NOTE_FIELDS, Basis

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
        guide=guide(kind, year, sample=plan.info.sample),
        courses=plan.courses,
        marks=tuple(grade.mark for grade in plan.rating.scale),
        sheets=tuple(
            _figures(data, request, indicators)
            if name == FIGURES
            else _texts(data, request, name, subjects)
            for name in INPUTS[kind]
        ),
    )


def _head_columns(kind: FormKind) -> tuple[FormColumn, ...]:
    name = "対象名" if kind is FormKind.ALL else "指標名"
    return (FormColumn(ID, 12), FormColumn("番号", 7), FormColumn(name, 30))


def _figures(data: Data, request: FormRequest, indicators: Iterable[Indicator]) -> FormSheet:
    year, base = request.year, data.plan.info.baseline_year
    columns = (
        *_head_columns(request.kind),
        FormColumn("単位", 6),
        FormColumn("数え方", 20),
        FormColumn(f"{base}参考" if base else "参考", 9),
        FormColumn(f"{year.previous}実績", 9),
        FormColumn(f"{year}目標", 9),
        *input_columns(request.kind, FIGURES),
    )
    rows, decimals = [], []
    for each in indicators:
        previous = data.standing(year.previous, each).reported
        filled = _standing_cells(data, year, each) if request.kind is FormKind.ALL else {}
        rows.append(
            (
                each.id,
                data.plan.labels[each.id],
                each.name,
                each.unit,
                _counting(each),
                _known(each.baseline),
                _known(previous.value if previous else None),
                _known(data.targets(each, year).get(year)),
                *(filled.get(title, "") for title in INPUTS[request.kind][FIGURES]),
            )
        )
        decimals.append(each.decimals)
    return FormSheet(FIGURES, columns, tuple(rows), tuple(decimals))


def _counting(indicator: Indicator) -> str:
    note = f"※{indicator.note}" if indicator.note else ""
    return "\n".join(filter(None, (indicator.definition or _COUNTED[indicator.measure], note)))


def _known(value: Decimal | None) -> Value:
    return "—" if value is None else value


def _standing_cells(data: Data, year: FiscalYear, indicator: Indicator) -> Mapping[str, Value]:
    """The cells of the 取りまとめ票, with what stands."""
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
    with_action = name == TEXTS
    columns = (
        *_head_columns(kind),
        *((FormColumn("前年度の改善策", 27),) if with_action else ()),
        *input_columns(kind, name),
    )
    fields = {title: field for field, title in NOTE_FIELDS.items()}
    rows = []
    for subject in subjects:
        note, earlier = data.note(year, subject), data.note(year.previous, subject)
        texts = (getattr(note, fields[title]) for title in INPUTS[kind][name])
        rows.append(
            (
                subject,
                _label(data.plan, subject),
                data.plan.subjects[subject],
                *((earlier.action or "—",) if with_action else ()),
                *(text if kind is FormKind.ALL else "" for text in texts),
            )
        )
    return FormSheet(name, columns, tuple(rows), tuple(0 for _ in rows))


def _label(plan: Plan, subject: str) -> str:
    for programme in plan.programmes:
        if programme.id == subject:
            return programme.label
        for each in (*programme.indicators, *programme.initiatives):
            if each.id == subject:
                mark = each.label if isinstance(each, Indicator) else each.mark
                return f"{programme.label}{mark}" if mark else ""
    return ""
