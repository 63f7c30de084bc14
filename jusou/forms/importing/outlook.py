"""One import: files → readings → changes → rows, decided all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache, partial
from typing import NamedTuple

from jusou.entry.decide import Verdict
from jusou.errors import Problem, warning
from jusou.forms.importing.changes import Allowed, Change, merged, plan_changes
from jusou.forms.importing.files import files_of, record_of
from jusou.forms.incoming.claims import Claim
from jusou.forms.incoming.reading import Reading, read_form
from jusou.forms.incoming.unread import changed_cells, expected_cells
from jusou.forms.layout import WARNED_LENGTH, WISHED_LENGTH
from jusou.logs.dataset import Dataset
from jusou.logs.history import ever_held, left_over
from jusou.logs.schema import Actual, FormKind, Import, ReviewNote, Stamp
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import quote
from jusou.values.workbook import Workbook

_MAY_BE_LEFT = {"remark": "備考", "as_of": "基準日"}


class Request(NamedTuple):
    """What a person asked of an import; ``unread`` says which files could not be opened.

    ``stamp`` is what its rows will be recorded with.
    """

    books: Sequence[Workbook]
    unread: Sequence[Problem]
    year: FiscalYear | None
    allowed: Allowed
    accept_valid: bool
    today: date
    stamp: Stamp


class Outlook(NamedTuple):
    """What an import would do: every change, all that is to be said, and the rows to append.

    ``unreadable`` are the errors that are no change: a cell, a row or a file that cannot be read.
    There are no rows unless the import ``may_write``.
    """

    changes: tuple[Change, ...]
    unreadable: tuple[Problem, ...]
    problems: tuple[Problem, ...]
    may_write: bool
    rows: tuple[Actual | ReviewNote | Import, ...]

    @property
    def warnings(self) -> list[Problem]:
        return [each for each in self.problems if not each.is_error]

    @property
    def errors(self) -> list[Problem]:
        return [each for each in self.problems if each.is_error]


def look(dataset: Dataset, request: Request) -> Outlook:
    """Settle an import against what stands, without doing anything."""
    allowed = request.allowed
    readings = [_read(dataset, book, request.year) for book in request.books]
    files = files_of(readings, dataset)
    repeated = [file.repeated(dataset, allowed) for file in files]
    fresh: list[Claim] = []
    told: list[Claim] = []
    for file, old in zip(files, repeated, strict=True):
        fresh += (claim for claim in file.reading.claims if claim not in old)
        told += filter(file.is_told, old)
    changes = plan_changes(dataset, fresh, repeated, allowed, request.today)
    unreadable = (*request.unread, *_about_files(dataset, readings))
    problems = (*unreadable, *(each for change in changes for each in _about_change(change, told)))
    may_write = request.accept_valid or not any(each.is_error for each in problems)
    rows: tuple[Actual | ReviewNote | Import, ...] = ()
    if may_write:
        taken = [each.row for each in changes if each.verdict.is_written]
        figures = [row for row in taken if isinstance(row, Actual)]
        notes = merged(row for row in taken if isinstance(row, ReviewNote))
        written: list[Actual | ReviewNote] = [*figures, *notes.values()]
        written = [row._replace(**request.stamp._asdict()) for row in written]
        records = (record_of(file, dataset, changes, written, allowed) for file in files)
        rows = (*written, *filter(None, records))
    refused = tuple(each for each in unreadable if each.is_error)
    return Outlook(changes, refused, problems, may_write, rows)


def _read(dataset: Dataset, book: Workbook, year: FiscalYear | None) -> Reading:
    """Return what a file says; a 取りまとめ票 without what is left of the figures it came with."""
    reading = read_form(book, dataset, year)
    if reading.header.kind is not FormKind.ALL:
        return reading
    claims, problems = [], [*reading.problems]
    for claim in reading.claims:
        row = claim.row
        if isinstance(row, Actual) and (left := left_over(dataset.rows, row)):
            row = row._replace(**{name: Actual._field_defaults[name] for name in left})
            if not ever_held(dataset.rows, row):
                problems += [_not_taken(claim, name) for name in left]
        claims.append(claim._replace(row=row))
    return reading._replace(claims=tuple(claims), problems=tuple(problems))


def _not_taken(claim: Claim, name: str) -> Problem:
    title, text = _MAY_BE_LEFT[name], str(getattr(claim.row, name))
    message = f"{claim.subject} の{title}{quote(text)}は前の区分のもののため、取り込みません。"
    return warning(message, f"今の数値のことなら、{title}を書き直してください。", claim.place)


def _about_files(dataset: Dataset, readings: Iterable[Reading]) -> Iterator[Problem]:
    """Yield all that is to be said of each file by itself."""
    expected = cache(partial(expected_cells, dataset))
    for reading in readings:
        yield from reading.problems
        yield from reading.strays
        if reading.year and (kind := reading.header.kind):
            yield from changed_cells(reading.tables, dataset.plan, expected(kind, reading.year))


def _about_change(change: Change, old: Sequence[Claim]) -> Iterator[Problem]:
    """Yield what is to be said of a change; of the ``old`` claims, also that they are old."""
    claim, after = change.claim, change.after
    item = f"{claim.subject} の{claim.title}"
    is_long = isinstance(change.row, ReviewNote) and len(after) > WARNED_LENGTH
    if change.verdict.is_blocking:
        message = f"{item}{quote(after)}は{change.verdict}です。{change.reason}"
        yield Problem(message, change.hint, claim.place)
    elif change.verdict is Verdict.EARLIER and claim in old:
        message = (
            f"{item}{quote(after)}は前の記録です。今の記録{quote(change.before)}のままにします。"
        )
        command = f"--correct {claim.subject}:{claim.title} --reason 理由"
        yield warning(message, f"前の記録に戻すときは {command} を付けてください。", claim.place)
    elif change.verdict.is_written and is_long:
        hint = f"{WISHED_LENGTH}字程度が目安です（このまま取り込めます）。"
        yield warning(f"{item}が{len(after)}字あります。", hint, claim.place)


def unrecorded(dataset: Dataset, books: Sequence[Workbook]) -> list[str]:
    """Return the names of the files that say something that has never been in the logs.

    A file is not written over because of what it went out with, even if that was corrected since.
    """

    def says_more(reading: Reading) -> bool:
        held = all(ever_held(dataset.rows, claim.row) for claim in reading.claims)
        said = bool(reading.strays) or any(claim.is_struck for claim in reading.claims)
        return said or not held or any(each.is_error for each in reading.problems)

    readings = [_read(dataset, book, None) for book in books]
    files = files_of(readings, dataset)
    return [
        file.reading.book.name for file in files if not file.is_whole and says_more(file.reading)
    ]
