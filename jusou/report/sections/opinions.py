"""前回の意見と対応状況: what the committee said last year, what was decided, what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from jusou.logs.dataset import Note
from jusou.logs.schema import NOTE_FIELDS
from jusou.report import words
from jusou.report.document import (
    NONE,
    OPINIONS,
    Cell,
    Column,
    ColumnOf,
    Columns,
    Kind,
    Section,
    Table,
    filled,
)
from jusou.review.build import Review


class Opinion(NamedTuple):
    """What was said of a subject a year ago (``last``), and this year's texts beside it."""

    subject: str
    last: Note
    now: Note


def opinions_section(review: Review) -> Section | None:
    """Return the opinions of the year before with what came of each; None if there are none."""
    found = [each for each in _subjects(review) if each.last.committee or each.now.follow_up]
    if not found:
        return None
    meeting = [_text("meeting", Kind.TEXT, lambda it: it.last)]
    columns: Columns[Opinion] = (
        (Column("name", "対象", Kind.NAME), lambda it: Cell(it.subject)),
        *(meeting if any(each.last.meeting for each in found) else ()),
        _text("committee", Kind.REMARK, lambda it: it.last),
        _text("response", Kind.REMARK, lambda it: it.last),
        _text("follow_up", Kind.REMARK, lambda it: it.now),
    )
    title = "前回の意見と対応状況"
    table = Table(
        OPINIONS,
        words.bracketed(title, f"{review.year.previous.long_name}の評価への意見"),
        *filled(columns, found),
        marks=f"{NONE}: 記入なし",
    )
    return Section(OPINIONS, title, (table,))


def _text(field: str, kind: Kind, note: Callable[[Opinion], Note]) -> ColumnOf[Opinion]:
    column = Column(field.replace("_", "-"), NOTE_FIELDS[field], kind)
    return column, lambda it: words.text_cell(getattr(note(it), field))


def _subjects(review: Review) -> Iterator[Opinion]:
    for each in review.programmes:
        yield Opinion(each.programme.title, each.last_note, each.note)
        for one in each.indicators:
            yield Opinion(words.name_cell(one).text, one.last_note, one.note)
        for other in each.initiatives:
            name = words.initiative_title(each.programme, other.initiative)
            yield Opinion(name, other.last_note, other.note)
