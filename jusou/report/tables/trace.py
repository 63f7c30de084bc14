"""What ``trace`` says: how a figure was worked out, from which rows, and where it was printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from jusou.errors import JusouError
from jusou.handouts.changes import Change
from jusou.handouts.manifest import Handout
from jusou.handouts.trace import INTERIM, PREVIOUS, Origin, Printed, origins, printed
from jusou.logs.cells import UnknownSubjectError, find_indicator
from jusou.logs.dataset import Dataset
from jusou.logs.schema import Actual, Revision
from jusou.logs.schema import Item as Changed
from jusou.plan.model import UNASSIGNED, Direction, Formula, Indicator
from jusou.plan.targets import TargetBasis, last_known
from jusou.report import words
from jusou.report.document import Cell, Document, Facts, Item, Section, Table
from jusou.report.sections.changes import field_words, value_words
from jusou.report.sections.indicators import indicators_section
from jusou.report.sections.paper import paper
from jusou.report.sections.programme import plan_to_date_cell
from jusou.report.tables.history import revision_json, row_json, stands_words
from jusou.report.writers.json import pick, plan_to_date_json
from jusou.review.assessment import NOT_EXPECTED, Assessment, Unrated
from jusou.review.attainment import is_beyond
from jusou.review.build import IndicatorReview, Review, build_review
from jusou.review.half_year import build_half_year
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import parse_number, round_half_up

_PLAN = "data/targets.yaml"
_DIGITS = 4
_RATIO = "{actual} ÷ {target} × 100"
_INVERSE = "{target} ÷ {actual} × 100"
_PROGRESS = "（{actual} − {base}）÷（{target} − {base}）× 100"
_UNRATED = {
    Unrated.NO_ACTUAL: "実績がないため、計算していません",
    Unrated.INTERIM: "中間の数値だけのため、計算していません",
    Unrated.NO_TARGET: "この年度の目標がないため、計算していません",
    Unrated.TARGET_LATER: "この年度の目標がない（{following}に設定）ため、計算していません",
    Unrated.NOT_COMPUTABLE: "算定不能（目標が 0 か、参考値から目標までの道のりがないため）",
    Unrated.NO_DIRECTION: "計画と実績（中間を除く）がそろわないため、計算していません",
    Unrated.ENDED: "終了した指標のため、計算していません",
}


class Trace(NamedTuple):
    """A figure of an indicator in a year, with all that it rests on.

    ``found`` is how the review rates the row that it takes; ``others`` are the rows of the year
    beside that: superseded, cancelled, of other slots. ``review`` and ``of`` are those of the year,
    of a year before the plan those of the plan's first. ``later`` are handouts whose list of all
    years has the year too; their kept data do not tell what it printed.
    """

    dataset: Dataset
    review: Review
    of: IndicatorReview
    found: Assessment
    others: tuple[Actual, ...]
    handouts: tuple[Printed, ...]
    later: tuple[Handout, ...]

    @property
    def decisions(self) -> Iterator[tuple[int, Revision]]:
        """The changes of the plan that bear on the year, each with the number of its decision."""
        year, own = self.found.year, self.of.revisions
        for amendment in self.review.amendments:
            for row in filter(own.__contains__, amendment.revisions):
                since = amendment.since[row]
                if since == year or (row.item is not Changed.TARGET and since < year):
                    yield amendment.number, row


def find_traced(dataset: Dataset, year: FiscalYear, text: str, today: date) -> Indicator:
    """Return the indicator that a text names.

    Raises JusouError; for a figure alone, ``83.9``, it tells where the list of the year prints it.
    """
    try:
        return find_indicator(dataset.plan, text)
    except UnknownSubjectError as error:
        try:
            figure = parse_number(text, _DIGITS, "％")
        except JusouError:
            raise error from None
        listed = max(year, dataset.plan.info.start)
        section = indicators_section(build_review(dataset, listed, today))
        found = [
            (cells[0], column)
            for table in section.blocks
            if isinstance(table, Table)
            for cells in table.rows
            for column, cell in zip(table.columns, cells, strict=True)
            if cell.value is not None and figure == round_half_up(cell.value, cell.decimals)
        ]
        named = found[: words.MOST_NAMED]
        where = "、".join(f"{name.text}の{column.short or column.title}" for name, column in named)
        where += f"、ほか{len(found) - len(named)}か所" if len(found) > len(named) else ""
        said = f"では、{where}です" if found else f"に {text} はありません"
        first = next((name.subject for name, _ in found), "指標")
        hint = f"{listed} の指標一覧{said}。jusou trace {year} {first} のように調べてください。"
        raise JusouError(error.message, hint) from None


def build_trace(
    dataset: Dataset, handouts: Sequence[Handout], year: FiscalYear, indicator: str, today: date
) -> Trace:
    """Trace the figure of an indicator in a year that may have one.

    ``dataset`` is read with its imports, ``handouts`` are those of the year and after it.
    """
    half = build_half_year(dataset, max(year, dataset.plan.info.start), today)
    review = half.review
    of = next(each for each in review.indicators if each.indicator.id == indicator)
    found = next(each for each in (*of.earlier, *of.years) if each.year == year)
    others = tuple(
        row
        for row in dataset.rows.actuals
        if (row.year, row.indicator) == (year, indicator) and row != found.row
    )
    reported = dataset.standing(year, of.indicator).reported
    interim = next(
        each.interim for each in half.indicators if each.review.indicator.id == indicator
    )
    now = {
        **_figure(found),
        PREVIOUS: reported.value if reported else None,
        INTERIM: (interim.value, interim.as_of.isoformat()) if interim else (None, None),
    }
    last = year.following.number
    near = (each for each in handouts if each.year.number <= last)
    later = (each for each in handouts if each.year.number > last and each.pack == str(each.year))
    known = tuple(printed(near, year, indicator, now))
    is_listed = year in dataset.plan.years
    return Trace(dataset, review, of, found, others, known, tuple(later) if is_listed else ())


class Working(NamedTuple):
    """How a percentage came about: the formula, the same with its numbers, what exactly it gives.

    Where nothing had to be divided, both say why it is 100.
    """

    formula: str
    numbers: str
    exact: Decimal


def working(indicator: Indicator, found: Assessment) -> Working | None:
    """Return how an attainment, or the 対計画比 of a planned volume, came about; None of none."""
    value, target = found.value, found.target
    exact = found.plan_ratio if found.attainment is None else found.attainment
    if exact is None or value is None or target is None:
        return None
    formula, direction, base = _RATIO, indicator.direction, indicator.baseline
    if indicator.attainment is Formula.PROGRESS:
        formula = "目標が{base}より良い側になく、目標に届いているため"
        if is_beyond(target, base, direction):
            formula = _PROGRESS
    elif direction is Direction.DOWN:
        formula = _INVERSE if value else "実績が 0 のため"
    elif direction is Direction.KEEP and abs(value - target) <= indicator.tolerance:
        within = words.number(indicator.tolerance, indicator).text
        formula = f"目標との差が許容幅（{within}）以内のため"
    elif direction is Direction.KEEP and value > target:
        formula = _INVERSE
    planned = "計画" if direction is Direction.NONE else "目標"
    names = {"actual": "実績", "target": planned, "base": indicator.baseline_name}
    figures = {"actual": value, "target": target, "base": base}
    numbers = {name: words.number(each, indicator).text for name, each in figures.items()}
    if formula not in (_RATIO, _INVERSE, _PROGRESS):
        numbers = names
    return Working(formula.format_map(names), formula.format_map(numbers), exact)


def _digits(value: Decimal) -> str:
    """Return the first digits of an exact result, with … where there are more."""
    whole, _, rest = f"{abs(value):f}".partition(".")
    rest = rest.rstrip("0")
    cut = f"{rest[:_DIGITS]}…" if len(rest) > _DIGITS else rest
    return f"{'△' if value < 0 else ''}{whole}{'.' if cut else ''}{cut}"


def trace_document(trace: Trace) -> Document:
    """Return what the screen shows; it is for whoever is asked, and in no paper."""
    plan, found, indicator = trace.dataset.plan, trace.found, trace.of.indicator
    row, year = found.row, found.year
    own = Facts(tuple(_row_items(trace, row))) if row else _missing(trace)
    others = tuple(Facts(tuple(_row_items(trace, each))) for each in trace.others)
    handouts = tuple(Facts(tuple(_handout_items(trace, each))) for each in trace.handouts)
    none = Facts((Item("", Cell("この数値を載せた資料の控えはありません。")),))
    names = "、".join(each.name for each in trace.later)
    said = f"{names} の「全年度の目標と実績」にも、{year} の列があります。控えで確かめてください。"
    later = [Facts((Item("", Cell(said)),))] if names else []
    name = words.bracketed(words.subject_name(plan, indicator.id), indicator.unit)
    sections = [
        Section("working", "計算", (Facts(tuple(_worked_out(trace))),)),
        Section("target", "目標", (Facts(tuple(_targets(trace))),)),
        Section("row", "もとになった記録", (own,)),
        *([Section("others", "そのほかの記録", others)] if others else []),
        Section("handouts", "配った資料", (*(handouts or [none]), *later)),
    ]
    return paper(plan, f"{year}（{year.long_name}） {name}", sections, trace.review.today)


def _missing(trace: Trace) -> Facts:
    """Return why there is no row, and what to do about it."""
    found, indicator = trace.found, trace.of.indicator
    year = found.year
    said = f"記録はまだありません。実績が出たら jusou add {year} {indicator.id} 数値 で記録します。"
    if found.status in NOT_EXPECTED:
        said = f"{words.state(found, indicator)}のため、記録はありません。"
    elif year in indicator.baseline_years:
        said = f"記録はありません。{year} の値は、計画に記載の参考値です。"
    elif trace.others:
        said = "有効な記録はありません（取消などは下のとおりです）。"
    return Facts((Item("", Cell(said)),))


def _worked_out(trace: Trace) -> Iterator[Item]:
    of, found, plan = trace.of, trace.found, trace.dataset.plan
    indicator, row = of.indicator, found.row
    actual = words.with_unit(words.actual_cell(found, indicator), indicator.unit).text
    if row and row.numerator is not None and row.denominator and indicator.per:
        exact = row.numerator * indicator.per / row.denominator
        named = f"分子 {words.count(row.numerator).text} ÷ 分母 {words.count(row.denominator).text}"
        actual = f"{actual}、{named} × {indicator.per:,} = {_digits(exact)}"
    yield Item("所管課", Cell(indicator.reporter or UNASSIGNED))
    yield Item("実績", Cell(actual))
    yield Item("目標", words.with_unit(words.aim_cell(found.aim, indicator), indicator.unit))
    title = words.PLAN_RATIO if indicator.direction is Direction.NONE else "達成率"
    shown = words.percent(found.plan_ratio if found.shown is None else found.shown, "％").text
    if how := working(indicator, found):
        steps = f"{how.formula} = {how.numbers} =" if how.formula != how.numbers else how.formula
        said = words.bracketed(f"{steps} {_digits(how.exact)}％", f"表示は{shown}")
        yield Item(title, Cell(said))
    elif found.unrated:
        said = _UNRATED[found.unrated].format(following=found.aim.following)
        yield Item(title, Cell(said))
    for grade in (each for each in plan.scale if each.mark == found.rating):
        reached = f"達成率{grade.at_least:f}％以上" if grade.at_least else ""
        said = words.bracketed(grade.label, reached)
        yield Item("達成度", Cell(f"{words.rating_cell(found).text}　{said}"))
    if of.current is found:
        if of.plan_to_date:
            yield Item("計画期間累計", plan_to_date_cell(of, of.plan_to_date))
        yield from words.written_items({"備考": words.flags_words(of, plan)})


def _targets(trace: Trace) -> Iterator[Item]:
    dataset, of, found = trace.dataset, trace.of, trace.found
    indicator, year, aim = of.indicator, found.year, found.aim
    place = f"{_PLAN}:{dataset.plan.lines[indicator.id]}"
    first = words.amount(indicator.targets.get(year), indicator).text
    yield Item("公表時の目標", _at(first, place))
    for number, row in trace.decisions:
        changed = f"{words.REVISED[row.item]} {words.revised_cell(row, indicator).text}"
        decided = f"{wareki(row.decided_on)}決定、{row.decided_by}"
        said = f"{words.bracketed(changed, decided)}。理由: {row.reason}"
        yield Item(f"第{number}回変更", _at(said, f"{row.path}:{row.line}"))
    start = last_known(indicator, of.targets, year)
    if aim.basis is TargetBasis.LINEAR and start and aim.following:
        since, value = start
        last = words.number(aim.ahead, indicator).text
        base, passed = words.number(value, indicator).text, year.number - since.number
        line = f"{base} +（{last} − {base}）× {passed} ÷ {aim.following.number - since.number}"
        yield Item(f"{since}から{aim.following}への按分", Cell(line))
    if indicator.baseline is not None:
        baseline = words.amount(indicator.baseline, indicator).text
        for row in of.revisions:
            if (row.item, row.after) == (Changed.BASELINE, indicator.baseline):
                place = f"{row.path}:{row.line}"
        yield Item(words.own_baseline_title(indicator), _at(baseline, place))


def _at(text: str, place: str) -> Cell:
    return Cell(f"{text}　{place}")


def _row_items(trace: Trace, row: Actual) -> Iterator[Item]:
    dataset, indicator = trace.dataset, trace.of.indicator
    yield Item("場所", Cell(f"{row.path}:{row.line}（{stands_words(dataset, row)}）"))
    as_of = f"{wareki(row.as_of)}現在" if row.as_of else ""
    said = (words.recorded(row, indicator), words.parts(row, "/"), as_of)
    yield Item("内容", Cell("　".join(filter(None, said))))
    yield Item("記録日時", words.text_cell(row.recorded_at))
    yield Item("入力者", words.text_cell(row.recorded_by))
    yield from words.written_items({"備考": row.remark, "訂正理由": row.reason})
    files = map(_origin_words, origins(dataset, row))
    yield Item("取り込み元", Cell("／".join(files) or "取り込みの記録はありません"))


def _origin_words(origin: Origin) -> str:
    record = origin.record
    people = {"照会先": record.reporter, "記入者": record.filled_by}
    said = "、".join(f"{title}: {name}" for title, name in people.items() if name)
    where = f"{record.file} {origin.cell}".strip()
    if not origin.cell:
        said = "前の版で取り込んだため、この行のもとかどうかと、セルの記録はありません"
    return f"{words.bracketed(where, said)}　{record.path}:{record.line}"


def _handout_items(trace: Trace, each: Printed) -> Iterator[Item]:
    handout = each.handout
    head = (handout.name, handout.title, handout.number)
    yield Item("", Cell("　".join(filter(None, head))))
    figure, *rest = each.fields
    at_half = [one for one in rest if one.field == INTERIM and one.before[0] is not None]
    for field in (figure, *(one for one in rest if one in at_half or one in each.changes)):
        yield Item(field_words(trace.dataset.plan, field), _printed_cell(trace, field))
    pages = "・".join(map(str, sorted({*each.pages.values()})))
    yield Item("ページ", Cell(f"review.pdf の{pages}ページ" if pages else "PDF の控えはありません"))


def _printed_cell(trace: Trace, field: Change) -> Cell:
    plan = trace.dataset.plan
    before, after = (value_words(plan, field, each) for each in (field.before, field.after))
    is_same = field.before == field.after
    return Cell(f"{before}（今も同じ）" if is_same else f"{before}（今は{after}）")


def _figure(found: Assessment) -> dict[str, Any]:
    """Return a figure and its rating by the keys of ``review.json``."""
    return {
        "status": found.status,
        **pick(found.row, "basis", "as_of", "numerator", "denominator"),
        "actual": found.value,
        "target": found.target,
        "target_basis": found.aim.basis,
        "attainment": found.shown,
        "plan_ratio": found.plan_ratio,
        "rating": found.rating,
        "unrated_reason": found.unrated,
    }


def trace_json(trace: Trace) -> dict[str, Any]:
    """Return all of it as ``trace --format json`` gives it."""
    dataset, of, found = trace.dataset, trace.of, trace.found
    indicator = of.indicator
    total = of.plan_to_date if of.current is found else None
    return {
        "id": indicator.id,
        "label": of.label,
        **pick(indicator, "name", "unit", "reporter"),
        "year": found.year,
        "sample": dataset.plan.info.sample,
        "baseline": indicator.baseline,
        **_figure(found),
        "working": how._asdict() if (how := working(indicator, found)) else None,
        "plan_to_date": total and plan_to_date_json(total),
        "published": {
            "target": indicator.targets.get(found.year),
            "path": _PLAN,
            "line": dataset.plan.lines[indicator.id],
        },
        "revisions": [{"number": number, **revision_json(row)} for number, row in trace.decisions],
        "row": found.row and _traced_row(trace, found.row),
        "other_rows": [_traced_row(trace, each) for each in trace.others],
        "handouts": [
            {
                "id": each.handout.name,
                **pick(each.handout, "meeting"),
                "date": each.handout.day,
                "number": each.handout.number or None,
                "field": each.fields[0].field,
                "value": each.fields[0].before[0],
                "changes": [pick(one, "field", "before", "after") for one in each.changes],
                "pages": [{"table": table, "page": page} for table, page in each.pages.items()],
            }
            for each in trace.handouts
        ],
    }


def _traced_row(trace: Trace, row: Actual) -> dict[str, Any]:
    files = [
        {**pick(each.record, "path", "line", "file", "reporter", "filled_by"), **pick(each, "cell")}
        for each in origins(trace.dataset, row)
    ]
    return {**row_json(trace.dataset, row), "files": files}
