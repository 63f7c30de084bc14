"""計画の変更: the 新旧対照表 of each decision, and the short list of what was changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from jusou.errors import JusouError
from jusou.logs.amendments import Amended, Amendment
from jusou.logs.schema import Item, Revision
from jusou.plan.model import Plan
from jusou.plan.targets import Targets
from jusou.report import words
from jusou.report.document import (
    REVISIONS,
    SUMMARY,
    Block,
    Cell,
    Column,
    ColumnOf,
    Columns,
    Document,
    Facts,
    Kind,
    Section,
    Table,
    filled,
)
from jusou.report.sections.paper import paper
from jusou.review.build import Review
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear

_TITLE = "計画の変更（新旧対照表）"
_NOT_PUBLISHED = "公表予定"


def revisions_section(review: Review) -> Section | None:
    """Return the changes that a pack shows: those of its year whole, those before in short.

    Earlier ones only while a target of the year or a later one is not the published one.
    """
    plan, year = review.plan, review.year
    of_year = [each for each in review.amendments if each.decided_on in year]
    earlier = [
        row
        for each in review.amendments
        if each not in of_year
        for row in each.revisions
        if row.year is None or row.year >= year
    ]
    ahead = any(
        each.targets.get(later) != each.indicator.targets.get(later)
        for each in review.indicators
        for later in plan.years
        if later >= year
    )
    blocks: list[Block] = [block for each in of_year for block in amendment_blocks(plan, each)]
    table = revision_table(plan, earlier) if ahead else None
    if table:
        blocks.append(table._replace(caption="これまでの目標の変更"))
    return Section(REVISIONS, _TITLE, tuple(blocks), tab="変更") if blocks else None


def revisions_document(plan: Plan, changes: Sequence[Amendment], today: date) -> Document:
    """Return the 新旧対照表 as a paper of its own. Raises JusouError without any change."""
    if not changes:
        raise JusouError("計画の変更はありません。", "jusou revise で記録できます。")
    blocks = tuple(block for each in changes for block in amendment_blocks(plan, each))
    section = Section(SUMMARY, _TITLE, blocks, tab="新旧対照表")
    return paper(plan, f"{plan.info.title}　新旧対照表", (section,), today)


class _Line(NamedTuple):
    """A line of the 新旧対照表: the targets of an indicator before or after."""

    amended: Amended
    targets: Targets
    is_new: bool


def amendment_blocks(plan: Plan, amendment: Amendment) -> tuple[Facts, Table]:
    """Return what was decided, once, and the targets before and after as two lines each."""
    name = f"第{amendment.number}回変更"
    years = [year for each in amendment.indicators for year in each.years]
    across = sorted({*plan.years, *(year for each in amendment.indicators for year in each.after)})
    published = amendment.published_on
    facts = {
        name: "、".join(
            filter(None, (f"{wareki(amendment.decided_on)}決定", amendment.decided_by))
        ),
        "意見聴取": amendment.consultation,
        "公表日": wareki(published) if published else _NOT_PUBLISHED,
        "適用": f"{min(years).long_name}の目標から" if years else "",
    }
    for row in amendment.revisions:
        if row.item is not Item.TARGET:
            changed = words.revised_cell(row, plan.indicators[row.indicator])
            said = f"{words.subject_name(plan, row.indicator)} {changed.text}"
            title = words.REVISED[row.item]
            facts[title] = "、".join(filter(None, (facts.get(title), said)))
    lines = [
        _Line(each, targets, is_new)
        for each in amendment.indicators
        if any(row.item is Item.TARGET for row in each.revisions)
        for targets, is_new in ((each.before, False), (each.after, True))
    ]
    table = Table(
        f"{REVISIONS}-{amendment.number}",
        f"{name}　新旧対照表",
        *filled([*_head(plan), *(_of_year(plan, year) for year in across), _REASON], lines),
        legend="下線部分が変更箇所。",
    )
    return Facts(words.written_items(facts)), table


def _head(plan: Plan) -> Columns[_Line]:
    def name(line: _Line) -> Cell:
        unit = plan.indicators[line.amended.indicator].unit
        text = words.bracketed(words.subject_name(plan, line.amended.indicator), unit)
        return Cell("" if line.is_new else text, text)

    return (
        (Column("name", "番号・指標名（単位）", Kind.NAME), name),
        (Column("item", "区分", Kind.MARK), lambda it: Cell("" if it.is_new else Item.TARGET)),
        (Column("side", "新旧", Kind.MARK), lambda it: Cell("変更後" if it.is_new else "変更前")),
    )


def _of_year(plan: Plan, year: FiscalYear) -> ColumnOf[_Line]:
    def target(line: _Line) -> Cell:
        cell = words.number(line.targets.get(year), plan.indicators[line.amended.indicator])
        if not (line.is_new and year in line.amended.years):
            return cell
        return cell._replace(spoken=f"{cell.aloud}（変更箇所）", underlined=True)

    return Column(f"year-{year}", str(year), Kind.NUMBER), target


def _reason(line: _Line) -> Cell:
    reasons = dict.fromkeys(row.reason for row in line.amended.revisions)
    return Cell("／".join(reasons) if line.is_new else "")


_REASON: ColumnOf[_Line] = (Column("reason", "変更理由", Kind.REMARK), _reason)


def revision_table(plan: Plan, revisions: Iterable[Revision]) -> Table | None:
    """Return the changes of the plan, a row a decision; None if there are none."""
    revisions = list(revisions)
    titles = ("目標の変更", "目標")
    if any(each.item is not Item.TARGET for each in revisions):
        titles = ("計画の変更", "変更")

    def changed(each: Revision) -> str:
        indicator = plan.indicators[each.indicator]
        if each.item is not Item.TARGET:
            return f"{each.item} {words.revised_cell(each, indicator).text}"
        values = (words.number(value, indicator).text for value in (each.before, each.after))
        return f"{each.year} {'→'.join(values)}"

    def decided(each: Revision) -> str:
        return f"{wareki(each.decided_on)} {each.decided_by}".strip()

    columns: Columns[list[Revision]] = (
        (
            Column("name", "指標", Kind.NAME),
            lambda it: Cell(words.subject_name(plan, it[0].indicator)),
        ),
        (Column("targets", titles[1], Kind.TEXT), lambda it: Cell("、".join(map(changed, it)))),
        (Column("decided", "決定", Kind.TEXT), lambda it: Cell(decided(it[0]))),
        (Column("reason", "理由", Kind.REMARK), lambda it: Cell(it[0].reason)),
    )
    groups = groupby(revisions, lambda each: (each.indicator, each.decided_on, each.reason))
    decisions = [list(changes) for _, changes in groups]
    return Table("revisions", titles[0], *filled(columns, decisions)) if decisions else None
