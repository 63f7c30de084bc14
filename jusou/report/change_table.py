"""The tables of ``import``: what would change, and what each file could not give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from jusou.data import Data
from jusou.forms.changes import Change, Outcome
from jusou.forms.importing import Outlook
from jusou.report.document import NONE, Cell, Column, Kind, Table

_ORDER = tuple(Outcome)


def change_table(data: Data, changes: Sequence[Change], *, all_rows: bool) -> Table:
    """Return what an import would do; what stays the same is only counted unless ``all_rows``."""
    columns = (
        Column("subject", "対象", Kind.NAME),
        Column("outcome", "扱い", Kind.TEXT),
        Column("title", "項目", Kind.TEXT),
        Column("before", "今の記録", Kind.TEXT),
        Column("after", "ファイルの内容", Kind.TEXT),
        Column("reason", "理由", Kind.REMARK),
        Column("place", "場所", Kind.REMARK),
    )
    shown = [each for each in changes if all_rows or each.outcome is not Outcome.SAME]
    rows = tuple(_row(data, each) for each in shown)
    counts = Counter(each.outcome for each in changes)
    legend = "、".join(f"{outcome} {counts[outcome]}件" for outcome in _ORDER if counts[outcome])
    caption = f"取り込みの内容（{legend}）" if legend else "取り込みの内容"
    return Table("changes", caption, columns, rows, "", "変わるところはありません。")


def _row(data: Data, change: Change) -> tuple[Cell, ...]:
    label = data.plan.labels.get(change.subject, "")
    name = data.plan.subjects[change.subject]
    return (
        Cell(f"{label} {name}".strip()),
        Cell(str(change.outcome)),
        Cell(change.title),
        Cell(change.before or NONE),
        Cell(change.after),
        Cell(change.reason or NONE),
        Cell(change.place),
    )


def import_receipt(outlook: Outlook, *, written: bool, dry_run: bool) -> str:
    """Return what an import did, and what comes next."""
    figures = sum(map(len, outlook.actuals.values()))
    notes = sum(map(len, outlook.notes.values()))
    counted = f"実績 {figures}件、記述 {notes}件"
    if dry_run:
        return f"--dry-run のため書き込んでいません（取り込めるもの: {counted}）。"
    if not written:
        return "新しい内容はないため、何も書き込みませんでした。"
    if not figures + notes:
        return "新しい数値や記述はありません。ファイルを受け取ったことだけを記録しました。"
    years = sorted({*outlook.actuals, *outlook.notes})
    after = (
        f"次: jusou status {years[0]} で、まだ出ていない指標を確かめてください。" if years else ""
    )
    return f"取り込みました: {counted}。\n{after}".rstrip()
