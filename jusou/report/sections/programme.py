"""The section of a programme: facts, PDCA table (計画｜実施｜点検｜改善), initiatives."""

from __future__ import annotations

from decimal import Decimal

from jusou.logs.schema import Note, Revision
from jusou.plan.model import Initiative
from jusou.report import words
from jusou.report.document import (
    NONE,
    Block,
    Cell,
    Column,
    Facts,
    Item,
    Kind,
    Notation,
    Pdca,
    PdcaRow,
    Section,
    Table,
)
from jusou.review.build import IndicatorReview, InitiativeReview, ProgrammeReview, Review
from jusou.values.dates import wareki

MARKS = f"{NONE}: 数値または記入なし　△: 減・マイナス"
INITIATIVES = "数値目標のない取組"
INITIATIVE_MARKS = f"{NONE}: 記入なし"


def programme_section(review: Review, programme: ProgrammeReview) -> Section:
    """Return what there is of one programme: its facts, its PDCA table, its initiatives."""
    plan = programme.programme
    facts = [
        Item("根拠法令", words.text_cell(plan.law)),
        Item("運営形態", words.text_cell(plan.operation)),
        Item("所管部署", words.text_cell("、".join(plan.departments))),
    ]
    facts += words.note_items(programme.note)
    blocks: list[Block] = [Facts(tuple(facts)), _pdca_table(review, programme)]
    if programme.initiatives:
        blocks.append(_initiative_table(programme))
    return Section(programme_key(programme), plan.title, tuple(blocks))


def programme_key(programme: ProgrammeReview) -> str:
    """The key of a programme's section."""
    return f"programme-{programme.programme.id}"


def _pdca_table(review: Review, programme: ProgrammeReview) -> Pdca:
    rows = tuple(_row(review, each) for each in programme.indicators)
    legend = f"達成度（計算による）{words.scale_words(review.plan)}。評価: 所管課の評価。"
    return Pdca(f"pdca-{programme.programme.id}", "PDCA評価表", rows, legend, MARKS)


def _row(review: Review, each: IndicatorReview) -> PdcaRow:
    return PdcaRow(
        label=each.label,
        title=f"{each.label} {each.indicator.name}（{each.indicator.unit}）",
        plan=_plan_items(review, each),
        do=_do_items(each),
        check=_check_items(review, each),
        act=_actions(each.previous_action, each.note),
        opinion=words.opinion_items(each.note),
    )


def _plan_items(review: Review, each: IndicatorReview) -> tuple[Item, ...]:
    indicator, plan = each.indicator, review.plan
    items = [
        Item("目標", words.with_unit(words.target_cell(each), indicator.unit)),
        Item(words.baseline_title(plan), _figure(each, indicator.baseline)),
        Item(words.final_title(plan), _figure(each, each.final_target)),
        *(Item("目標の変更", _revision(each, revision)) for revision in each.revisions),
    ]
    if indicator.note:
        items.append(Item("", Cell(f"※{indicator.note}")))
    if indicator.rationale:
        items.append(Item("目標値の考え方", Cell(indicator.rationale)))
    return tuple(items)


def _revision(each: IndicatorReview, revision: Revision) -> Cell:
    """A target's change: from what to what, who decided it and when, and why."""
    before, after = (_figure(each, value) for value in (revision.before, revision.after))
    day = f"{wareki(revision.decided_on)}決定"
    decided = "、".join(filter(None, (revision.decided_by, day)))
    rest = f"（{decided}）。理由: {revision.reason}"
    return Cell(f"{before.text}→{after.text}{rest}", f"{before.aloud}から{after.aloud}へ{rest}")


def _figure(each: IndicatorReview, value: Decimal | None) -> Cell:
    return words.amount(value, each.indicator)


def _do_items(each: IndicatorReview) -> tuple[Item, ...]:
    current, indicator = each.current, each.indicator
    items = [Item("実績", words.with_unit(words.actual_cell(current, indicator), indicator.unit))]
    if current.row and (parts := words.parts(current.row, "／")):
        items.append(Item("分子／分母", Cell(parts)))
    if each.interim:
        items.append(Item("中間", Cell(words.interim_words(each))))
    if each.forecast is not None and current.value != each.forecast:
        items.append(Item("見込", _figure(each, each.forecast)))
    items.append(Item("実施状況", words.text_cell(each.note.activity)))
    return tuple(items)


def _check_items(review: Review, each: IndicatorReview) -> tuple[Item, ...]:
    current, note = each.current, each.note
    items = [
        Item("達成率", words.with_unit(words.attainment_cell(current), "％")),
        Item("達成度", words.rating_cell(current)),
        Item("評価", words.text_cell(words.evaluation_words(note))),
        *_comparisons(review, each),
        Item("要因", words.text_cell(note.cause)),
        Item("課題", words.text_cell(note.issue)),
    ]
    if said := words.flags_words(each, review.plan):
        items.append(Item("備考", Cell(said)))
    return tuple(items)


def _comparisons(review: Review, each: IndicatorReview) -> list[Item]:
    items = []
    plan = review.plan
    if versus := each.vs_baseline:
        said = [words.difference(versus.difference, each.indicator)]
        if versus.change_rate is not None:
            said.append(words.percent(versus.change_rate, "％", Notation.SIGNED))
        judgement = f"・{words.JUDGEMENTS[versus.judgement]}" if versus.judgement else ""
        text = "、".join(cell.text for cell in said) + judgement
        spoken = "、".join(cell.aloud for cell in said) + judgement
        items.append(Item(f"対{plan.info.baseline_year or '参考'}", Cell(text, spoken)))
    if each.vs_final_target is not None:
        items.append(Item(f"対{plan.info.end}目標比", words.percent(each.vs_final_target, "％")))
    if each.plan_to_date:
        items.append(Item("計画期間累計", _plan_to_date(each)))
    return items


def _plan_to_date(each: IndicatorReview) -> Cell:
    total = each.plan_to_date
    assert total is not None
    if total.missing_years:
        years = "、".join(total.missing_years)
        return Cell(f"算定なし（{years} の実績（確定・速報）または目標がないため）")
    actual = words.number(total.actual, each.indicator).text
    target = words.number(total.target, each.indicator).text
    percent = words.percent(total.attainment, "％").text
    return Cell(f"{actual}／{target}（{percent}）", f"目標{target}に対し{actual}、{percent}")


def _actions(previous: str, note: Note) -> tuple[Item, ...]:
    """What was to be done, what is to be done, and where that leads."""
    return (
        Item("前年度の改善策", words.text_cell(previous)),
        Item("改善策", words.text_cell(note.action)),
        Item("方向性", words.text_cell(note.course)),
    )


def _initiative_table(programme: ProgrammeReview) -> Table:
    columns = (
        Column("name", "取組", Kind.NAME),
        Column("target-group", "主な対象区分", Kind.TEXT),
        Column("departments", "運営形態・所管", Kind.TEXT),
        Column("activity", "実施状況", Kind.REMARK),
        Column("issue", "要因・課題", Kind.REMARK),
        Column("action", "改善策", Kind.REMARK),
        Column("course", "方向性", Kind.TEXT),
    )
    rows = []
    for each in programme.initiatives:
        initiative, note = each.initiative, each.note
        issue = "／".join(filter(None, (note.cause, note.issue)))
        rows.append(
            (
                Cell(_initiative_name(initiative)),
                words.text_cell(initiative.target_group),
                words.text_cell(_kept_by(initiative)),
                words.text_cell(note.activity),
                words.text_cell(issue),
                words.text_cell(note.action),
                words.text_cell(note.course),
            )
        )
    return Table(
        f"initiatives-{programme.programme.id}",
        INITIATIVES,
        columns,
        tuple(rows),
        marks=INITIATIVE_MARKS,
        below=tuple(_below_initiative(each) for each in programme.initiatives),
    )


def _below_initiative(each: InitiativeReview) -> tuple[Item, ...]:
    texts = {
        "前年度の改善策": each.previous_action,
        "評価": words.evaluation_words(each.note),
    }
    return (*words.written_items(texts), *words.opinion_items(each.note))


def initiative_rows(programme: ProgrammeReview) -> Pdca:
    """The initiatives as rows of the PDCA table, where both share one heading."""
    rows = tuple(_initiative_row(each) for each in programme.initiatives)
    key = f"initiatives-{programme.programme.id}"
    return Pdca(key, INITIATIVES, rows, "", INITIATIVE_MARKS)


def _initiative_row(each: InitiativeReview) -> PdcaRow:
    initiative, note = each.initiative, each.note
    return PdcaRow(
        label=_initiative_name(initiative),
        title=_initiative_name(initiative),
        plan=(
            Item("主な対象区分", words.text_cell(initiative.target_group)),
            Item("運営形態・所管", words.text_cell(_kept_by(initiative))),
        ),
        do=(Item("実施状況", words.text_cell(note.activity)),),
        check=(
            Item("評価", words.text_cell(words.evaluation_words(note))),
            Item("要因", words.text_cell(note.cause)),
            Item("課題", words.text_cell(note.issue)),
        ),
        act=_actions(each.previous_action, note),
        opinion=words.opinion_items(note),
    )


def _initiative_name(initiative: Initiative) -> str:
    return f"({initiative.mark}) {initiative.name}" if initiative.mark else initiative.name


def _kept_by(initiative: Initiative) -> str:
    departments = "、".join(initiative.departments)
    return "／".join(filter(None, (initiative.operation, departments)))
