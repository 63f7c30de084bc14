"""One import: files → readings → changes → rows, decided all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from jusou.data import Data
from jusou.entry import cells_of
from jusou.errors import Problem, Severity, quote
from jusou.fiscal_year import FiscalYear
from jusou.forms.book import Book
from jusou.forms.changes import plan_changes, rows_to_write
from jusou.forms.incoming import Reading, read_form
from jusou.forms.judging import Allowed, Change, Outcome
from jusou.forms.shape import WARNED_LENGTH, WISHED_LENGTH, Label
from jusou.forms.table import error, warning
from jusou.notes import note_cells
from jusou.records import Import, ReviewNote
from jusou.standing import Slot

PLAIN_TABLE = "表"
Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked of an import; ``unread`` says which files could not be opened."""

    books: Sequence[Book]
    unread: Sequence[Problem]
    year: FiscalYear | None
    allowed: Allowed
    accept_valid: bool
    recorded_by: str
    recorded_at: str
    today: date


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an import would do: every change, what cannot be taken, and the rows to append."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    may_write: bool
    actuals: dict[FiscalYear, Rows] = field(default_factory=dict)
    notes: dict[FiscalYear, Rows] = field(default_factory=dict)
    imports: Rows = field(default_factory=list)

    @property
    def warnings(self) -> list[Problem]:
        return [each for each in self.problems if each.severity is Severity.WARNING]

    @property
    def errors(self) -> list[Problem]:
        return [each for each in self.problems if each.severity is Severity.ERROR]


def look(data: Data, imports: Sequence[Import], request: Request) -> Outlook:
    """Settle an import against what stands, without doing anything."""
    readings = [read_form(book, data.plan, request.year) for book in request.books]
    records = {(each.digest, str(each.year)): each for each in imports}
    files = [_File(each, records.get((each.book.digest, str(each.year)))) for each in readings]
    changes = plan_changes(
        data,
        [claim for each in files if not each.is_whole for claim in each.reading.claims],
        [claim for each in files if each.is_whole for claim in each.reading.claims],
        request.allowed,
        request.today,
    )
    problems = (
        *request.unread,
        *(problem for each in readings for problem in each.problems),
        *(_problem(change) for change in changes if change.outcome.is_blocking),
        *(_long_text(change) for change in changes if _is_long(change)),
    )
    may_write = request.accept_valid or all(each.severity is Severity.WARNING for each in problems)
    outlook = Outlook(changes, problems, may_write)
    if may_write:
        _compose(data, outlook, request)
        blocked = {each.claim.slot for each in changes if each.outcome.is_blocking}
        outlook.imports.extend(filter(None, (_record(each, blocked, request) for each in files)))
    return outlook


def _problem(change: Change) -> Problem:
    claim = change.claim
    message = f"{claim.subject} の{claim.title}{quote(change.after)}は{change.outcome}です。"
    return error(claim.place, message + change.reason, change.hint)


def _is_long(change: Change) -> bool:
    is_text = isinstance(change.row, ReviewNote) and change.outcome.is_written
    return is_text and len(change.after) > WARNED_LENGTH


def _long_text(change: Change) -> Problem:
    claim = change.claim
    message = f"{claim.subject} の{claim.title}が{len(change.after)}字あります。"
    hint = f"{WISHED_LENGTH}字程度が目安です（このまま取り込めます）。"
    return warning(claim.place, message, hint)


def _compose(data: Data, outlook: Outlook, request: Request) -> None:
    """Add the rows of what is taken."""
    actuals, notes = rows_to_write(outlook.changes)
    for actual in actuals:
        row = replace(actual, recorded_by=request.recorded_by)
        outlook.actuals.setdefault(actual.year, []).append(cells_of(data, row, request.recorded_at))
    for note in notes:
        cells = note_cells(data, note, request.recorded_at, request.recorded_by)
        outlook.notes.setdefault(note.year, []).append(cells)


@dataclass(frozen=True, slots=True)
class _File:
    """A file as read now, and its last record."""

    reading: Reading
    last: Import | None

    @property
    def is_whole(self) -> bool:
        """Tell whether an import has taken all of it before."""
        return self.last is not None and not self.last.left


def _record(file: _File, blocked: set[Slot], request: Request) -> list[str] | None:
    """Return the row of ``imports.csv`` for a file; None if it would say nothing new."""
    reading, last, allowed = file.reading, file.last, request.allowed
    if reading.year is None or not (reading.cover.kind or reading.claims):
        return None
    errors = sum(each.severity is Severity.ERROR for each in reading.problems)
    left = errors + sum(claim.slot in blocked for claim in reading.claims)
    corrected = sorted({each.subject for each in reading.claims} & allowed.correct)
    remark = f"訂正の指定: {'、'.join(corrected)}（{allowed.reason}）" if corrected else ""
    if last and (file.is_whole or left == last.left) and remark in ("", last.remark):
        return None
    cover = reading.cover
    return [
        request.recorded_at,
        str(reading.year),
        cover.text(Label.REPORTER),
        str(cover.kind or PLAIN_TABLE),
        cover.text(Label.EDITION),
        " ".join(reading.asked),
        "0" if file.is_whole else str(left),
        reading.book.name,
        reading.book.digest,
        cover.text(Label.FILLED_BY),
        request.recorded_by,
        remark,
    ]


def unrecorded(data: Data, books: Sequence[Book], today: date) -> list[str]:
    """Return the names of the files that say something that is not in the logs."""
    found = []
    for book in books:
        reading = read_form(book, data.plan, None)
        changes = plan_changes(data, reading.claims, (), Allowed(), today)
        if any(change.outcome is not Outcome.SAME for change in changes) or any(
            each.severity is Severity.ERROR for each in reading.problems
        ):
            found.append(book.name)
    return found
