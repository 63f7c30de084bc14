"""What ``note`` shows: the texts that stand, and what was changed."""

from __future__ import annotations

from jusou.logs.dataset import Dataset
from jusou.logs.schema import NOTE_FIELDS, ReviewNote
from jusou.report import words
from jusou.report.document import Cell, Column, Columns, Kind, Table, filled
from jusou.values.fiscal_year import FiscalYear


def note_table(dataset: Dataset, year: FiscalYear, subject: str) -> Table:
    """Return the texts that stand for a subject in a year."""
    note = dataset.note(year, subject)
    columns: Columns[str] = (
        (Column("field", "項目", Kind.NAME), lambda it: Cell(NOTE_FIELDS[it])),
        (Column("text", "記述", Kind.REMARK), lambda it: words.text_cell(getattr(note, it))),
    )
    caption = f"{year} {words.subject_name(dataset.plan, subject)}"
    legend = words.SAMPLE_NOTICE if dataset.plan.info.sample else ""
    return Table("note", caption, *filled(columns, NOTE_FIELDS), legend=legend)


def note_receipt(dataset: Dataset, note: ReviewNote, *, dry_run: bool) -> str:
    """Return what was written: each field as it was and as it is now."""
    head = "記録する内容（書き込んでいません）" if dry_run else "記録しました"
    if not note.texts:
        head = "今の記述と同じため、何も書き込みませんでした"
    lines = [f"{head}: {note.year} {words.subject_name(dataset.plan, note.subject)}"]
    standing = dataset.note(note.year, note.subject)
    for field, text in note.texts.items():
        before = getattr(standing, field)
        lines.append(f"  {NOTE_FIELDS[field]}: {text or '（削除）'}")
        lines += [f"    変更前: {before}"] if before else []
    if dataset.plan.info.sample:
        lines.append(f"【{words.SAMPLE_NOTICE}】")
    return "\n".join(lines)
