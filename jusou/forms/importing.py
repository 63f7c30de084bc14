"""One import: readings → changes → rows, decided under the lock and all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from jusou.data import Data
from jusou.entry import Stamp, cells_of
from jusou.errors import Problem, Severity
from jusou.fiscal_year import FiscalYear
from jusou.forms.book import Book
from jusou.forms.changes import (
    WRITTEN,
    Allowed,
    Change,
    Outcome,
    plan_changes,
    rows_to_write,
)
from jusou.forms.incoming import Reading, read_form
from jusou.notes import note_cells
from jusou.records import Import


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked of an import."""

    books: Sequence[Book]
    year: FiscalYear | None
    allowed: Allowed
    accept_valid: bool
    recorded_by: str
    recorded_at: str
    today: date


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an import would do: every change, what cannot be taken, and the rows to append."""

    data: Data
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    may_write: bool
    actuals: dict[FiscalYear, list[list[str]]] = field(default_factory=dict)
    notes: dict[FiscalYear, list[list[str]]] = field(default_factory=dict)
    imports: list[list[str]] = field(default_factory=list)

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """Everything that keeps the import from being written, as problems with a place."""
        refused = (
            Problem(Severity.ERROR, each.place, None, None, _why(each), _remedy(each))
            for each in self.changes
            if each.outcome not in (*WRITTEN, Outcome.SAME)
        )
        errors = (each for each in self.problems if each.severity is Severity.ERROR)
        return (*errors, *refused)


def _why(change: Change) -> str:
    return f"{change.subject} の{change.title}は{change.outcome}です。{change.reason}"


def _remedy(change: Change) -> str:
    match change.outcome:
        case Outcome.CONFLICT:
            return (
                f"今の記録「{change.before}」、ファイル「{change.after}」。ファイルが正しければ "
                f"--correct {change.subject} --reason 理由 を付けてください。"
            )
        case Outcome.SUSPICIOUS:
            return "確かめて正しければ --accept-suspicious を付けてください。"
    return (
        "ファイルの数値か区分を直してください。年度が終わる前に確定した数値であれば "
        "--before-year-end を付けてください。"
    )


def look(data: Data, imports: Sequence[Import], request: Request) -> Outlook:
    """Settle an import against what stands, without doing anything."""
    readings = [read_form(book, data.plan, request.year) for book in request.books]
    changes = plan_changes(data, readings, request.allowed, request.today)
    problems = tuple(problem for reading in readings for problem in reading.problems)
    outlook = Outlook(data, changes, problems, may_write=False)
    if outlook.blocking and not request.accept_valid:
        return outlook
    actuals, notes = rows_to_write(changes)
    stamp = Stamp(request.recorded_at, request.today)
    rows = Outlook(data, changes, problems, may_write=True)
    for actual in actuals:
        actual.recorded_by = request.recorded_by
        rows.actuals.setdefault(actual.year, []).append(cells_of(data, actual, stamp))
    for note in notes:
        cells = note_cells(data, note, request.recorded_at, request.recorded_by)
        rows.notes.setdefault(note.year, []).append(cells)
    known = {(each.digest, each.year) for each in imports}
    for book, reading in zip(request.books, readings, strict=True):
        if reading.year and reading.cover.kind and (book.digest, reading.year) not in known:
            rows.imports.append(_import_cells(book, reading, request))
    return rows


def _import_cells(book: Book, reading: Reading, request: Request) -> list[str]:
    cover = reading.cover
    return [
        request.recorded_at,
        str(reading.year),
        cover.reporter,
        cover.kind,
        cover.edition,
        book.name,
        book.digest,
        cover.filled_by,
        request.recorded_by,
        "",
    ]
