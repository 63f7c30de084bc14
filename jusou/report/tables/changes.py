"""The table of ``import``: what would change; and what an import says when it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from jusou.entry.decide import Verdict
from jusou.errors import Problem
from jusou.forms.importing.changes import Change
from jusou.forms.importing.outlook import Outlook
from jusou.logs.schema import CLEAR, Actual
from jusou.plan.model import Plan
from jusou.report import words
from jusou.report.document import NONE, Cell, Column, Columns, Kind, Table, filled

_QUIET = (Verdict.SAME, Verdict.EARLIER)
_SHOWN = 60


def change_table(plan: Plan, outlook: Outlook) -> Table:
    """Return what an import would do; what stays as it is is only counted.

    What could not be read stands behind the rest, each by its place.
    """
    columns: Columns[Change] = (
        (
            Column("subject", "対象", Kind.NAME),
            lambda it: Cell(words.subject_name(plan, it.claim.subject)),
        ),
        (Column("verdict", "扱い", Kind.TEXT), lambda it: Cell(it.verdict)),
        (Column("title", "項目", Kind.TEXT), lambda it: Cell(it.claim.title)),
        (Column("before", "今の記録", Kind.TEXT), lambda it: _told(it, it.before, NONE)),
        (
            Column("after", "ファイル", Kind.TEXT),
            lambda it: _told(it, it.after, CLEAR),
        ),
        (Column("place", "場所", Kind.REMARK), lambda it: Cell(it.claim.place)),
    )
    order = list(plan.subjects)
    loud = [each for each in outlook.changes if each.verdict not in _QUIET]
    loud.sort(key=lambda each: order.index(each.claim.subject))
    heads, rows = filled(columns, loud)
    rows += tuple(map(_refused_row, outlook.unreadable))
    empty = "変わるところはありません。"
    return Table("changes", _caption(outlook), heads, rows, empty=empty)


def _told(change: Change, text: str, missing: str) -> Cell:
    """Return a text, cut short unless it has to be compared with the one beside it."""
    is_whole = change.verdict is Verdict.CONFLICT or len(text) <= _SHOWN
    return Cell((text or missing) if is_whole else f"{text[:_SHOWN]}…")


def _refused_row(problem: Problem) -> tuple[Cell, ...]:
    """Return the row of a cell, a row or a file that could not be read: where it is, and why."""
    column = str(problem.column or "")
    return tuple(map(Cell, (problem.message, Verdict.REFUSED, column, "", "", problem.path)))


def _caption(outlook: Outlook) -> str:
    counts = Counter(each.verdict for each in outlook.changes)
    counts[Verdict.REFUSED] += len(outlook.unreadable)
    counted = [f"{verdict} {counts[verdict]}件" for verdict in Verdict if counts[verdict]]
    return words.bracketed("取り込みの内容", "、".join(counted))


def import_receipt(plan: Plan, outlook: Outlook, *, appended: bool, dry_run: bool) -> str:
    """Return what an import did, and what comes next."""
    written = [each for each in outlook.changes if each.verdict.is_written]
    figures = sum(isinstance(each.row, Actual) for each in written)
    counted = f"実績 {figures}件、記述 {len(written) - figures}件"
    left = f"取り込めなかったものが{len(outlook.errors)}件あります。\n" if outlook.errors else ""
    if dry_run:
        return f"{left}--dry-run のため書き込んでいません（取り込めるもの: {counted}）。"
    if not appended:
        return f"{left}新しい内容はないため、何も書き込みませんでした。"
    if not written:
        return f"{left}新しい内容はないため、ファイルを受け取ったことだけを記録しました。"
    return f"{left}取り込みました: {counted}。\n{_next(plan, written)}"


def _next(plan: Plan, written: Sequence[Change]) -> str:
    """Say what comes next; before the plan's first year there is no collection."""
    first = min(written, key=lambda each: each.row.year)
    if first.row.year in plan.years:
        return f"次: jusou status {first.row.year} で、まだ出ていない指標を確かめてください。"
    return f"次: jusou history {first.claim.subject} で、記録を確かめられます。"
