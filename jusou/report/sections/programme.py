"""The section of a programme: facts, PDCA table (計画｜実施｜点検・評価｜改善), initiatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jusou.logs.schema import LAST_ACTION, OPINION_FIELDS, Revision
from jusou.logs.schema import Item as RevisedItem
from jusou.plan.model import Direction, Initiative
from jusou.report import words
from jusou.report.document import (
    NONE,
    Block,
    Cell,
    Column,
    ColumnOf,
    Columns,
    Facts,
    Held,
    Item,
    Kind,
    Notation,
    Pdca,
    PdcaRow,
    Section,
    Table,
    filled_where_said,
    programme_key,
)
from jusou.review.assessment import Assessment, Status, Unrated
from jusou.review.attainment import PlanToDate
from jusou.review.build import IndicatorReview, InitiativeReview, ProgrammeReview, Review
from jusou.values.dates import wareki

_MARKS = f"{NONE}: 数値または記入なし　△: 減・マイナス"
_INITIATIVES = "数値目標のない取組"
_INITIATIVE_MARKS = f"{NONE}: 記入なし"
# The fields of a note by where they stand.
_DONE = ("activity",)
_EVALUATED = ("evaluation",)
_EXPLAINED = ("cause", "issue")
_CHECKED = (*_EVALUATED, *_EXPLAINED)
_IMPROVED = ("action", "course")
_STAY = (RevisedItem.END, RevisedItem.DEFINITION)  # what is said of later years too


def programme_section(review: Review, programme: ProgrammeReview) -> Section:
    """Return what there is of one programme: its facts, its PDCA table, its initiatives."""
    plan = programme.programme
    facts = {
        "根拠法令": plan.law,
        "運営形態": plan.operation,
        "所管部署": "、".join(plan.departments),
    }
    told = _told(programme)
    untold = [each.initiative for each in programme.initiatives if each not in told]
    written = {
        "連携先": "、".join(plan.partners),
        **_last_action(programme),
        **words.noted(programme.note, *_DONE, *_CHECKED, *_IMPROVED, *OPINION_FIELDS),
        "記入のない取組": "、".join(map(words.initiative_name, untold)),
    }
    legend = words.legend(
        f"達成度（計算による）{words.scale_words(review.plan)}。",
        words.corrected_words(programme.indicators, previous=False),
    )
    rows = tuple(_row(review, each) for each in programme.indicators)
    told_of = words.written_items(facts | written)
    blocks: list[Block] = [
        *([Facts(told_of)] if told_of else []),
        Pdca(f"pdca-{plan.id}", "PDCA評価表", rows, legend, _MARKS),
    ]
    if told:
        blocks.append(_initiative_table(programme))
    return Section(programme_key(plan.id), plan.title, tuple(blocks))


def _row(review: Review, each: IndicatorReview) -> PdcaRow:
    return PdcaRow(
        label=each.label,
        name=each.indicator.name,
        aside=words.bracketed("", each.indicator.unit),
        cells=(_planned(review, each), _done(each), _checked(review, each), _improved(each)),
        opinion=words.written_items(words.noted(each.note, *OPINION_FIELDS)),
        subject=each.indicator.id,
    )


def _planned(review: Review, each: IndicatorReview) -> tuple[Item, ...]:
    indicator, plan = each.indicator, review.plan
    note = f"※{indicator.note}" if indicator.note else ""
    return (
        Item("目標", words.with_unit(words.target_cell(each), indicator.unit)),
        Item(words.own_baseline_title(indicator), words.amount(indicator.baseline, indicator)),
        Item(
            words.final_title(plan),
            words.with_unit(words.target_cell(each, plan.info.end), indicator.unit),
        ),
        *(
            Item(words.REVISED[revision.item], _revised(each, revision))
            for revision in each.revisions
            if revision.year in (None, each.current.year) or revision.item in _STAY
        ),
        *words.written_items(
            {
                "": note,
                "指標の種類": indicator.kind and words.KINDS[indicator.kind],
                "データの出典": indicator.source,
                "目標値の考え方": indicator.rationale,
            }
        ),
    )


def _revised(each: IndicatorReview, revision: Revision) -> Cell:
    """A change: from what to what, who decided it and when, and why."""
    changed = words.revised_cell(revision, each.indicator)
    day = f"{wareki(revision.decided_on)}決定"
    decided = "、".join(filter(None, (revision.decided_by, day)))
    rest = f"（{decided}）。理由: {revision.reason}"
    return Cell(f"{changed.text}{rest}", f"{changed.aloud}{rest}")


def _done(each: IndicatorReview) -> tuple[Item, ...]:
    current, indicator = each.current, each.indicator
    items = [Item("実績", words.with_unit(words.actual_cell(current, indicator), indicator.unit))]
    if current.row and (parts := words.parts(current.row, "／")):
        items.append(Item("分子／分母", Cell(parts, held=(Held.ACTUAL, current.year))))
    if each.interim:
        items.append(Item("中間", Cell(words.interim_words(each))))
    if each.forecast is not None and current.value != each.forecast:
        items.append(Item("見込", words.amount(each.forecast, indicator)))
    is_early = current.status in (Status.FORECAST, Status.INTERIM)
    if is_early and each.previous is not None and each.previous_forecast is not None:
        past = (
            words.amount(value, indicator).text for value in (each.previous_forecast, each.previous)
        )
        items.append(Item("前年度の見込→実績", Cell("→".join(past), "から".join(past))))
    return (*items, *words.text_items(words.noted(each.note, *_DONE)))


def _checked(review: Review, each: IndicatorReview) -> tuple[Item, ...]:
    return (
        *_rated(each.current),
        *words.written_items(words.noted(each.note, *_EVALUATED)),
        *_comparisons(review, each),
        *words.text_items(words.noted(each.note, *_EXPLAINED)),
        *words.written_items({"備考": words.flags_words(each, review.plan)}),
    )


def _rated(current: Assessment) -> tuple[Item, ...]:
    if current.unrated is Unrated.NO_DIRECTION:
        ratio = words.percent(current.plan_ratio, "％")
        return Item(words.PLAN_RATIO, ratio), Item("達成度", Cell(words.unrated_words(current)))
    percent = words.with_unit(words.attainment_cell(current), "％")
    return Item("達成率", percent), Item("達成度", words.rating_cell(current))


def _comparisons(review: Review, each: IndicatorReview) -> list[Item]:
    items = []
    plan, base = review.plan, each.indicator.baseline_name
    if versus := each.vs_baseline:
        said = [words.difference(versus.difference, each.indicator)]
        if versus.change_rate is not None:
            said.append(words.percent(versus.change_rate, "％", Notation.SIGNED))
        if versus.judgement:
            said.append(Cell(words.moved_words(versus.judgement, each.indicator, base)))
        text, spoken = "、".join(cell.text for cell in said), "、".join(cell.aloud for cell in said)
        items.append(Item(f"{base}差", Cell(text, spoken)))
    items += words.progress_items(each)
    if each.vs_final_target is not None and each.final_progress is None:
        items.append(Item(f"対{plan.info.end}目標比", words.percent(each.vs_final_target, "％")))
    if each.plan_to_date:
        items.append(Item("計画期間累計", plan_to_date_cell(each, each.plan_to_date)))
    return items


def plan_to_date_cell(each: IndicatorReview, total: PlanToDate) -> Cell:
    """Return 計画期間累計 in words, or which years it lacks."""
    if total.missing_years:
        lacking = (past for past in each.years if str(past.year) in total.missing_years)
        reasons = "、".join(f"{past.year}は{_lacks(past, each)}" for past in lacking)
        return Cell(f"算定なし（{reasons}）")
    actual, target = (
        words.number(value, each.indicator).text for value in (total.actual, total.target)
    )
    percent = words.percent(total.attainment, "％").text
    of = {"実績": actual, "目標": target}
    if each.indicator.direction is Direction.DOWN:  # the fraction whose value the percentage is
        of = dict(reversed(of.items()))
    text = "／".join(f"{name}{value}" for name, value in of.items())
    first = ""
    if total.published:
        published, against = total.published
        was = words.number(published, each.indicator).text
        first = f"。当初の目標{was}では{words.percent(against, '％').text}"
    spoken = f"目標{target}に対し実績{actual}、{percent}{first}"
    return Cell(f"{words.bracketed(text, percent)}{first}", spoken)


def _lacks(past: Assessment, each: IndicatorReview) -> str:
    """Return why a year does not count in 計画期間累計: ``該当なし``, ``見込``, ``目標なし``."""
    if past.status is Status.REPORTED:
        return words.UNRATED[Unrated.NO_TARGET]
    return words.state(past, each.indicator) or words.provisional(past.row)


def _last_action(each: IndicatorReview | InitiativeReview | ProgrammeReview) -> dict[str, str]:
    """Return what was to be done a year ago, and what came of it."""
    return {LAST_ACTION: each.last_note.action, **words.noted(each.note, "action_status")}


def _improved(each: IndicatorReview | InitiativeReview) -> tuple[Item, ...]:
    """Return what was to be done, what is to be done, and where that leads."""
    last, *status = _last_action(each).items()
    return (
        *words.text_items(dict([last])),
        *words.written_items(dict(status)),
        *words.text_items(words.noted(each.note, *_IMPROVED)),
    )


def _initiative_table(programme: ProgrammeReview) -> Table:
    columns: Columns[InitiativeReview] = (
        (Column("name", "取組", Kind.NAME), lambda it: Cell(words.initiative_name(it.initiative))),
        _text("target-group", "主な対象区分", Kind.TEXT, lambda it: it.initiative.target_group),
        _text("departments", "運営形態・所管", Kind.TEXT, lambda it: _kept_by(it.initiative)),
        _text("activity", "実施状況", Kind.REMARK, lambda it: it.note.activity),
        _text("issue", "要因・課題", Kind.REMARK, _issue_of),
        _text("action", "改善策", Kind.REMARK, lambda it: it.note.action),
        _text("course", "方向性", Kind.TEXT, lambda it: it.note.course),
    )
    told = _told(programme)
    return Table(
        f"initiatives-{programme.programme.id}",
        _INITIATIVES,
        *filled_where_said(columns, told),
        marks=_INITIATIVE_MARKS,
        below=tuple(map(_below_initiative, told)),
    )


def _told(programme: ProgrammeReview) -> list[InitiativeReview]:
    """Return the initiatives of which something is written."""
    return [
        each for each in programme.initiatives if any((*_last_action(each).values(), *each.note))
    ]


def _text(
    key: str, title: str, kind: Kind, text: Callable[[InitiativeReview], str | None]
) -> ColumnOf[InitiativeReview]:
    return Column(key, title, kind), lambda it: words.text_cell(text(it))


def _issue_of(each: InitiativeReview) -> str:
    return "／".join(filter(None, (each.note.cause, each.note.issue)))


def _below_initiative(each: InitiativeReview) -> tuple[Item, ...]:
    texts = words.noted(each.note, "evaluation", *OPINION_FIELDS)
    return words.written_items({**_operators(each.initiative), **_last_action(each), **texts})


def _operators(initiative: Initiative) -> Mapping[str, str]:
    return {"事業者・事業所": "、".join(initiative.operators)}


def initiative_rows(programme: ProgrammeReview) -> Pdca:
    """Return the initiatives as rows of the PDCA table, where both share one heading."""
    rows = tuple(map(_initiative_row, _told(programme)))
    key = f"initiatives-{programme.programme.id}"
    return Pdca(key, _INITIATIVES, rows, "", _INITIATIVE_MARKS)


def _initiative_row(each: InitiativeReview) -> PdcaRow:
    name, initiative, note = words.initiative_name(each.initiative), each.initiative, each.note
    planned: Mapping[str, str | None] = {
        "主な対象区分": initiative.target_group,
        "運営形態・所管": _kept_by(initiative),
    }
    plan = (*words.text_items(planned), *words.written_items(_operators(initiative)))
    texts = (words.noted(note, *_DONE), words.noted(note, *_CHECKED))
    cells = (plan, *map(words.text_items, texts), _improved(each))
    return PdcaRow("", name, "", cells, words.written_items(words.noted(note, *OPINION_FIELDS)))


def _kept_by(initiative: Initiative) -> str:
    departments = "、".join(initiative.departments)
    return "／".join(filter(None, (initiative.operation, departments)))
