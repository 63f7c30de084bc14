"""What ``note`` shows: the texts that stand, and what was changed."""

from __future__ import annotations

from dataclasses import fields

from jusou.data import Data
from jusou.fiscal_year import FiscalYear
from jusou.records import NOTE_FIELDS, ReviewNote
from jusou.report import words
from jusou.report.document import Cell, Column, Kind, Table


def note_table(data: Data, year: FiscalYear, subject: str) -> Table:
    """Return the texts that stand for a subject in a year."""
    note = data.note(year, subject)
    rows = tuple(
        (Cell(NOTE_FIELDS[each.name]), words.text_cell(getattr(note, each.name)))
        for each in fields(note)
    )
    columns = (Column("field", "項目", Kind.NAME), Column("text", "記述", Kind.REMARK))
    label = data.plan.labels.get(subject, "")
    caption = f"{year} {label} {data.plan.subjects[subject]}".replace("  ", " ")
    legend = words.SAMPLE_NOTICE if data.plan.info.sample else ""
    return Table("note", caption, columns, rows, legend)


def note_receipt(data: Data, note: ReviewNote, *, dry_run: bool) -> str:
    """Return what was written: each field as it was and as it is now."""
    name = data.plan.subjects[note.subject]
    if not note.texts:
        return f"{note.year} {name}: 今の記述と同じため、何も書き込みませんでした。"
    standing = data.note(note.year, note.subject)
    head = "記録する内容（書き込んでいません）" if dry_run else "記録しました"
    lines = [f"{head}: {note.year} {name}"]
    for field, text in note.texts.items():
        before = getattr(standing, field)
        former = f"（変更前: {before}）" if before else ""
        lines.append(f"  {NOTE_FIELDS[field]}: {text or '（削除）'}{former}")
    if data.plan.info.sample:
        lines.append(f"【{words.SAMPLE_NOTICE}】")
    return "\n".join(lines)
