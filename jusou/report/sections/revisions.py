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
_NAME = Column("name", "番号・指標名（単位）", Kind.NAME)
_ITEM = Column("item", "区分", Kind.MARK)
_LEGEND = "下線部分が変更箇所。"


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
        blocks.append(table._replace(caption=f"これまでの{table.caption}"))
    return Section(REVISIONS, _TITLE, tuple(blocks), tab="変更") if blocks else None


def revisions_document(plan: Plan, changes: Sequence[Amendment], today: date) -> Document:
    """Return the 新旧対照表 as a paper of its own. Raises JusouError without any change."""
    if not changes:
        raise JusouError("計画の変更はありません。", "jusou revise で記録できます。")
    blocks = tuple(block for each in changes for block in amendment_blocks(plan, each))
    section = Section(SUMMARY, _TITLE, blocks, tab="新旧対照表")
    return paper(plan, f"{plan.info.title}　新旧対照表", (section,), today)


class _Line(NamedTuple):
    """A line of the 新旧対照表: an indicator by year before or after the ``rows`` of a decision."""

    amended: Amended
    rows: tuple[Revision, ...]
    is_new: bool

    def since(self, item: Item) -> FiscalYear | None:
        """Return the year from which the indicator is there, or is not any more."""
        return next((row.year for row in self.rows if row.item is item), None)


_BY_YEAR = (Item.TARGET, Item.END, Item.JOIN)


def amendment_blocks(
    plan: Plan, amendment: Amendment, *, is_draft: bool = False
) -> tuple[Facts, *tuple[Table, ...]]:
    """Return what was decided, once, and what it changes.

    Targets stand by year, before and after as two lines; what is no figure of a year stands with
    both side by side.
    """
    name = f"第{amendment.number}回変更{'（案）' if is_draft else ''}"
    key = f"{REVISIONS}-{amendment.number}"
    published = _NOT_PUBLISHED
    if amendment.published_on:
        part = "" if amendment.is_published else f"一部は{_NOT_PUBLISHED}"
        published = words.bracketed(wareki(amendment.published_on), part)
    facts = {
        name: "、".join(
            filter(None, (f"{wareki(amendment.decided_on)}決定", amendment.decided_by))
        ),
        "意見聴取": amendment.consultation,
        "公表日": published,
        "適用": _applies(amendment),
    }
    lines = [
        _Line(each, rows, is_new)
        for each in amendment.indicators
        if (rows := tuple(row for row in each.revisions if row.item in _BY_YEAR))
        for is_new in (False, True)
    ]
    years = {*plan.years, *(year for line in lines for year in line.amended.after)}
    by_year = (*_head(plan), *(_of_year(plan, year) for year in sorted(years)), _REASON)
    others = [row for row in amendment.revisions if row.item not in _BY_YEAR]
    beside = f"{name}　新旧対照表（目標値のほか）"
    tables = (
        Table(key, f"{name}　新旧対照表", *filled(by_year, lines), legend=_LEGEND),
        Table(f"{key}-others", beside, *filled(_beside(plan, amendment), others), legend=_LEGEND),
    )
    return Facts(words.written_items(facts)), *(each for each in tables if each.rows)


def _applies(amendment: Amendment) -> str:
    """Return from when a decision applies: 「令和9年度の目標から」."""
    rows = amendment.revisions
    if all(row.item is Item.TARGET for row in rows):
        years = [year for each in amendment.indicators for year in each.years]
        return f"{min(years).long_name}の目標から" if years else ""
    return f"{min(amendment.since[row] for row in rows).long_name}から"


def _subject(plan: Plan, indicator: str) -> Cell:
    name = words.subject_name(plan, indicator)
    return Cell(words.bracketed(name, plan.indicators[indicator].unit))


def _head(plan: Plan) -> Columns[_Line]:
    def name(line: _Line) -> Cell:
        cell = _subject(plan, line.amended.indicator)
        return Cell("", cell.text) if line.is_new else cell

    def item(line: _Line) -> Cell:
        whole = next((each for each in (Item.JOIN, Item.END) if line.since(each)), Item.TARGET)
        return Cell("" if line.is_new else whole)

    return (
        (_NAME, name),
        (_ITEM, item),
        (Column("side", "新旧", Kind.MARK), lambda it: Cell("変更後" if it.is_new else "変更前")),
    )


def _of_year(plan: Plan, year: FiscalYear) -> ColumnOf[_Line]:
    def target(line: _Line) -> Cell:
        amended = line.amended
        joined, ended = line.since(Item.JOIN), line.since(Item.END)
        is_new, is_gone = (bool(since and year >= since) for since in (joined, ended))
        targets = amended.after if line.is_new else amended.before
        cell = words.number(targets.get(year), plan.indicators[amended.indicator])
        if line.is_new and is_gone:
            cell = Cell("（削除）")
        elif is_new and not line.is_new:
            cell = Cell("（新設）")
        is_changed = year in amended.years or is_new or is_gone
        return _changed(cell) if line.is_new and is_changed else cell

    return Column(f"year-{year}", str(year), Kind.NUMBER), target


def _changed(cell: Cell) -> Cell:
    return cell._replace(spoken=f"{cell.aloud}（変更箇所）", underlined=True)


def _reason(line: _Line) -> Cell:
    return Cell("／".join(dict.fromkeys(row.reason for row in line.rows)) if line.is_new else "")


_REASON: ColumnOf[_Line] = (Column("reason", "変更理由", Kind.REMARK), _reason)


def _beside(plan: Plan, amendment: Amendment) -> Columns[Revision]:
    """The columns of what is changed beside the targets."""

    def side(row: Revision, index: int) -> Cell:
        if row.item is Item.BASELINE:
            return words.amount((row.before, row.after)[index], plan.indicators[row.indicator])
        return words.text_cell(row.texts[index])

    return (
        (_NAME, lambda it: _subject(plan, it.indicator)),
        (_ITEM, lambda it: Cell(it.item)),
        (Column("since", "適用", Kind.MARK), lambda it: Cell(f"{amendment.since[it]}から")),
        (Column("before", "変更前", Kind.TEXT), lambda it: side(it, 0)),
        (Column("after", "変更後", Kind.TEXT), lambda it: _changed(side(it, 1))),
        (Column("reason", "変更理由", Kind.REMARK), lambda it: Cell(it.reason)),
    )


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
