"""The table of a plan → a new plan, its figures of past years, and what a person has to confirm.

It is read as a careful person would: what can mean one thing only is understood, what the table
does not say is filled in and kept open (要確認), what cannot be read is refused with its cell, all
of it at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from jusou.entry.prompts import Question, read_figure
from jusou.errors import DataError, JusouError, Problem
from jusou.logs.rows import read_actual
from jusou.logs.schema import Actual, Basis
from jusou.plan.model import Loc, Plan
from jusou.plan_table.columns import is_dash
from jusou.plan_table.draft import Draft
from jusou.plan_table.headings import ACTUAL, HEAD_LABELS, TARGET, Table
from jusou.plan_table.ids import indicator_ids, programme_ids, split_labels, split_numbers
from jusou.plan_table.indicators import IndicatorReader, read_label
from jusou.plan_table.rows import Row, mention_unread, only_table, rows_of
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import quote, squeeze
from jusou.values.workbook import FoundCell, Workbook

_REASON = re.compile(r"([^\d（(]+)[（(](.+)[)）]")  # 測定不能（調査を中止したため）
_UNNAMED = "計画の指標"
_SCALE = (("A", "達成", 100), ("B", "概ね達成", 80), ("C", "やや不十分", 50), ("D", "不十分", 0))
_ASKED = {"title": "計画の名称", "municipality": "市町村名", "published": "公表年月"}
_INFO_ORDER = (
    "title", "municipality", "start", "end", "period", "baseline_year", "records_from",
    "published", "sample",
)  # fmt: skip
_TRIGGER = {"low": "90", "high": "110", "years": "2"}
_COURSES = ("拡充", "現状維持", "改善・見直し", "縮小", "休止・廃止", "完了")


class Founding(NamedTuple):
    """What a new workspace is made of.

    ``root`` is what ``targets.yaml`` says, ``plan`` what that means; ``open`` tells what has to be
    confirmed about its parts. ``actuals`` are the rows of the logs, ``notices`` what was not read.
    """

    root: Mapping[str, Any]
    plan: Plan
    open: Mapping[Loc, str]
    actuals: Sequence[Actual]
    notices: Sequence[Problem]


def read_plan_table(book: Workbook, today: date, info: Mapping[str, str] | None = None) -> Founding:
    """Return the plan of a table, given what else is known of its head (``info``).

    Raises DataError with everything that cannot be read.
    """
    from jusou.plan.shape import PlanError, read_plan  # only here: pydantic is slow

    table = only_table(book)
    draft = Draft(problems=list(table.problems))
    draft.places[()] = table.place
    mention_unread(draft, book, table)
    rows = [*rows_of(draft, table)]
    if not rows and not draft.problems:
        hint = "見出しの下に、1つの指標を1行に書いてください。"
        draft.problems.append(Problem("指標の行がありません。", hint, draft.places[()]))
    _fill(draft, book, table, rows, info or {})
    plan = None
    if rows and draft.root["plan"]["start"]:
        try:
            plan = read_plan(draft.root)
        except PlanError as error:
            draft.contradict(error.findings)
    actuals = _actuals(draft, plan, rows, today) if plan else []
    if draft.problems or plan is None:
        raise DataError(draft.problems)
    return Founding(draft.root, plan, draft.open, actuals, draft.notices)


def _fill(
    draft: Draft, book: Workbook, table: Table, rows: Sequence[Row], info: Mapping[str, str]
) -> None:
    """Fill the draft with the whole plan, what no table says by defaults."""
    draft.root["plan"] = _info(draft, book, table, info)
    draft.root["rating"] = {
        "scale": [
            {"mark": mark, "label": label, "at_least": f"{cut}"} for mark, label, cut in _SCALE
        ]
    }
    draft.root["review_trigger"] = {**_TRIGGER}
    draft.root["courses"] = [*_COURSES]
    draft.open["rating", "scale"] = "達成度の区分"
    draft.open["review_trigger",] = "見直しを検討する基準"
    draft.open["courses",] = "今後の方向性の選択肢"
    draft.root["programmes"] = _programmes(draft, rows)
    _baseline_years(draft)
    _first_records(draft, rows)
    info_found = draft.root["plan"]
    draft.root["plan"] = {key: info_found[key] for key in _INFO_ORDER if key in info_found}


def _info(draft: Draft, book: Workbook, table: Table, info: Mapping[str, str]) -> dict[str, Any]:
    headings = [each for each in table.headings.values() if each.kind == TARGET]
    years = sorted(each.year for each in headings if each.year and not each.outside)
    if not years and not table.problems:
        hint = "「目標R8」のような見出しで、計画の年度ごとに列を作ってください。"
        draft.problems.append(Problem("目標の列がありません。", hint, draft.places[()]))
    said, perhaps = _said_above(draft, table)
    found: dict[str, Any] = {
        "title": perhaps or re.sub(r"\.[^.]+$", "", book.name),
        "municipality": "○○市",
        "start": str(years[0]) if years else None,
        "end": str(years[-1]) if years else None,
        "published": None,
    }
    if any(each.calendar for each in headings):
        found["period"] = "calendar"
    info = {**said, **info}
    for key, what in _ASKED.items():
        if key not in info:
            draft.open["plan", key] = what
    if years and len(years) <= max(1, years[-1].number - years[0].number):
        draft.open["plan", "start"] = "計画の最初の年度（目標の列の最初としました）"
    return {**found, **info}


def _said_above(draft: Draft, table: Table) -> tuple[dict[str, str], str]:
    """Return what the rows above the headings say of the plan, and what may be its title."""
    found: dict[str, str] = {}
    perhaps = ""
    for row in filter(None, table.above):
        key = HEAD_LABELS.get(squeeze(row[0].text), "")
        if key and len(row) > 1:
            found[key] = row[1].text
            draft.places["plan", key] = row[1].place
        elif not key:
            perhaps = perhaps or row[0].text
    return found, perhaps


def _programmes(draft: Draft, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the programmes in the order in which they first stand, each with its indicators."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        key = (row.programme.text, row.cell("number").text, row.cell("programme_id").text)
        groups.setdefault(key, []).append(row)
    names = [own[0].programme.text or _UNNAMED for own in groups.values()]
    split = split_numbers(names)
    ids = programme_ids([number for number, _ in split])
    found = []
    for index, own in enumerate(groups.values()):
        first, loc, (number, short) = own[0], ("programmes", index), split[index]
        draft.places[loc] = (first.programme or first.cell("name")).place
        stated = first.cell("number").text
        name = names[index] if stated else short
        if not first.programme:
            draft.open[*loc, "name"] = "事業の名前"
        labels = [read_label(draft, row) for row in own]
        if not stated and all(labels):
            labels = split_labels(labels, number)
        programme_id = first.cell("programme_id").text or ids[index]
        found.append(
            {
                "id": programme_id,
                "number": stated or str(number),
                "name": name,
                "indicators": _indicators(draft, own, labels, (*loc, "indicators"), programme_id),
            }
        )
    return found


def _indicators(
    draft: Draft, rows: Sequence[Row], labels: Sequence[str], loc: Loc, programme_id: str
) -> list[dict[str, Any]]:
    counted = [label or _circled(order) for order, label in enumerate(labels, 1)]
    ids = indicator_ids(programme_id, counted)
    return [
        IndicatorReader(draft, row, (*loc, index)).read(row.cell("id").text or key, label)
        for index, (row, label, key) in enumerate(zip(rows, counted, ids, strict=True))
    ]


def _circled(order: int) -> str:
    return chr(ord("①") + order - 1) if order <= 20 else str(order)


def _baseline_years(draft: Draft) -> None:
    """Give the plan the commonest year of its baselines, and the others their own.

    A baseline is of years before the plan. One of another year is kept without it, and is open.
    """
    indicators = [
        ((*("programmes", at, "indicators", order),), each)
        for at, programme in enumerate(draft.root["programmes"])
        for order, each in enumerate(programme["indicators"])
    ]
    start = draft.root["plan"]["start"]
    years: dict[Loc, list[str] | None] = {}
    for loc, each in indicators:
        years[loc] = found = each.pop("baseline_years", None)
        if found and start and FiscalYear.parse(found[-1]) >= FiscalYear.parse(start):
            draft.open[*loc, "baseline"] = f"参考値の年度（{found[-1]} は計画の期間の中です）"
            years[loc] = []
    valued = [loc for loc, each in indicators if each.get("baseline") is not None]
    single = [each[0] for loc in valued or years if (each := years[loc]) and len(each) == 1]
    unknown = [loc for loc in valued if years[loc] == []]
    common = "" if unknown else next((year for year, _ in Counter(single).most_common(1)), "")
    if common:
        draft.root["plan"]["baseline_year"] = common
    for loc, each in indicators:
        own, value = years[loc], each.get("baseline")
        if value is None or own == []:
            continue
        if own is None and common:
            draft.open[*loc, "baseline"] = f"参考値の年度（仮に、ほかと同じ {common}）"
        elif own and own != [common]:
            when = {"year": own[0]} if len(own) == 1 else {"years": own}
            each["baseline"] = {"value": value, **when}


def _first_records(draft: Draft, rows: Sequence[Row]) -> None:
    """Let the plan keep figures of years before all of its baselines, where the table has such."""
    years = [year for row in rows for year, cell in row.actuals.items() if not is_dash(cell.text)]
    info = draft.root["plan"]
    own = [info.get("baseline_year"), info["start"]]
    baselines = (
        each["baseline"]
        for programme in draft.root["programmes"]
        for each in programme["indicators"]
    )
    own += [each.get("year") or each["years"][0] for each in baselines if isinstance(each, dict)]
    known = min((FiscalYear.parse(each) for each in own if each), default=None)
    if known and years and min(years) < known:
        info["records_from"] = str(min(years))


# ---------------------------------------------------------------------------------- the figures


def _actuals(draft: Draft, plan: Plan, rows: Sequence[Row], today: date) -> list[Actual]:
    """Return the figures of past years as rows of the logs, by the rules of these."""
    found: list[Actual] = []
    places = {place: loc for loc, place in draft.places.items() if len(loc) == 4}
    for row in rows:
        loc = places[row.cell("name").place]
        indicator = plan.programmes[int(loc[1])].indicators[int(loc[3])]
        for year, cell in row.actuals.items():
            own = plan.own(year)
            if is_dash(cell.text):
                hint = "実績が無い（0 だった）のであれば、後で jusou add で 0 を記録してください。"
                draft.notice(f"{ACTUAL}{year}{quote(cell.text)}は記録しません。", cell, hint)
                continue
            if cell.refused:
                continue
            try:
                found.append(_actual(plan, own, cell, indicator.id, today))
            except JusouError as error:
                message = error.message.replace("実績値", f"{ACTUAL}{year}", 1)
                draft.refuse(cell, JusouError(message, error.hint))
    return found


def _actual(plan: Plan, year: FiscalYear, cell: FoundCell, key: str, today: date) -> Actual:
    """Read the cell of a year: a figure, or a 区分 with or without its reason: 測定不能（…）."""
    reason = _REASON.fullmatch(cell.text)
    question = Question(plan.indicators[key], Basis.FINAL)
    typed = read_figure(" ".join(reason.groups()) if reason else cell.text, question)
    typed.setdefault("備考", f"計画の表から（{cell.place}）")
    row = read_actual(plan, year, typed)
    if row.basis.is_closing and not year.has_ended(today):
        message = f"実績値{quote(cell.text)}: {year} は{wareki(year.last_day)}まで続いています。"
        hint = "見込みの値であれば、「見込 120」のように書いてください。"
        raise JusouError(message, hint)
    if year > plan.info.end:
        message = f"実績値{quote(cell.text)}は、計画の最後の年度 {plan.info.end} より後です。"
        raise JusouError(message, "見出しの年度を確かめてください。")
    return row
