"""The table of ``import``: what would change; and what an import says when it is done."""

from __future__ import annotations

from collections import Counter

from jusou.forms.importing import Outlook
from jusou.forms.judging import Change, Outcome
from jusou.plan import Plan
from jusou.report.document import NONE, Cell, Column, Kind, Table

_QUIET = (Outcome.SAME, Outcome.EARLIER)
_SHOWN = 60


def change_table(plan: Plan, outlook: Outlook) -> Table:
    """Return what an import would do; what stays as it is is only counted."""
    columns = (
        Column("subject", "対象", Kind.NAME),
        Column("outcome", "扱い", Kind.TEXT),
        Column("title", "項目", Kind.TEXT),
        Column("before", "今の記録", Kind.TEXT),
        Column("after", "ファイル", Kind.TEXT),
        Column("place", "場所", Kind.REMARK),
    )
    order = list(plan.subjects)
    loud = [each for each in outlook.changes if each.outcome not in _QUIET]
    loud.sort(key=lambda each: order.index(each.claim.subject))
    rows = tuple(_row(plan, each) for each in loud)
    return Table("changes", _caption(outlook), columns, rows, "", "変わるところはありません。")


def _caption(outlook: Outlook) -> str:
    counts = Counter(each.outcome for each in outlook.changes)
    counts[Outcome.REFUSED] += len(outlook.errors) - sum(
        each.outcome.is_blocking for each in outlook.changes
    )
    counted = [f"{outcome} {counts[outcome]}件" for outcome in Outcome if counts[outcome]]
    return f"取り込みの内容（{'、'.join(counted)}）" if counted else "取り込みの内容"


def _row(plan: Plan, change: Change) -> tuple[Cell, ...]:
    subject = change.claim.subject
    whole = change.outcome is Outcome.CONFLICT
    before, after = (text if whole else _short(text) for text in (change.before, change.after))
    return (
        Cell(f"{plan.labels.get(subject, '')} {plan.subjects[subject]}".strip()),
        Cell(str(change.outcome)),
        Cell(change.claim.title),
        Cell(before or NONE),
        Cell(after or "（削除）"),
        Cell(change.claim.place),
    )


def _short(text: str) -> str:
    return f"{text[:_SHOWN]}…" if len(text) > _SHOWN else text


def import_receipt(outlook: Outlook, *, written: bool, dry_run: bool) -> str:
    """Return what an import did, and what comes next."""
    figures = sum(map(len, outlook.actuals.values()))
    notes = sum(map(len, outlook.notes.values()))
    counted = f"実績 {figures}件、記述 {notes}件"
    left = f"取り込めなかったものが{len(outlook.errors)}件あります。\n" if outlook.errors else ""
    if dry_run:
        return f"{left}--dry-run のため書き込んでいません（取り込めるもの: {counted}）。"
    if not written:
        return f"{left}新しい内容はないため、何も書き込みませんでした。"
    if not figures + notes:
        return f"{left}新しい内容はないため、ファイルを受け取ったことだけを記録しました。"
    year = min({*outlook.actuals, *outlook.notes})
    return (
        f"{left}取り込みました: {counted}。\n"
        f"次: jusou status {year} で、まだ出ていない指標を確かめてください。"
    )
