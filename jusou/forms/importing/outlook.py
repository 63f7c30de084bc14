"""One import: files → readings → changes → rows, decided all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache, partial
from typing import NamedTuple

from jusou.entry.decide import Verdict
from jusou.errors import Problem, Severity, warning
from jusou.forms.importing.changes import Allowed, Change, plan_changes, words_of
from jusou.forms.incoming.claims import Claim
from jusou.forms.incoming.reading import Reading, read_form
from jusou.forms.incoming.unread import changed_cells, expected_cells
from jusou.forms.layout import WARNED_LENGTH, WISHED_LENGTH, Label
from jusou.logs.dataset import Dataset
from jusou.logs.history import ever_held
from jusou.logs.schema import Actual, FormKind, Import, ReviewNote
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import quote
from jusou.values.workbook import Workbook


class Request(NamedTuple):
    """What a person asked of an import; ``unread`` says which files could not be opened."""

    books: Sequence[Workbook]
    unread: Sequence[Problem]
    year: FiscalYear | None
    allowed: Allowed
    accept_valid: bool
    today: date


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
        return [each for each in self.problems if each.severity is Severity.WARNING]

    @property
    def errors(self) -> list[Problem]:
        return [each for each in self.problems if each.severity is Severity.ERROR]


def look(dataset: Dataset, request: Request) -> Outlook:
    """Settle an import against what stands, without doing anything."""
    readings = [read_form(book, dataset.plan, request.year) for book in request.books]
    files = _files(readings, dataset.rows.imports)
    said = [each.split(dataset, request.allowed) for each in files]
    fresh = [claim for new, _ in said for claim in new]
    again = [claims for _, claims in said]
    changes = plan_changes(dataset, fresh, again, request.allowed, request.today)
    kept = [
        claim
        for each, (_, told) in zip(files, said, strict=True)
        if not each.is_whole
        for claim in told
    ]
    unreadable = (*request.unread, *_found(dataset, readings))
    problems = (
        *unreadable,
        *(_problem(change) for change in changes if change.verdict.is_blocking),
        *(_long_text(change) for change in changes if _is_long(change)),
        *(
            _older(each)
            for each in changes
            if each.verdict is Verdict.EARLIER and each.claim in kept
        ),
    )
    may_write = request.accept_valid or all(each.severity is Severity.WARNING for each in problems)
    refused = tuple(each for each in unreadable if each.severity is Severity.ERROR)
    rows: tuple[Actual | ReviewNote | Import, ...] = ()
    if may_write:
        records = (_record(each, changes, request.allowed) for each in files)
        rows = (*_accepted(changes), *filter(None, records))
    return Outlook(changes, refused, problems, may_write, rows)


def _accepted(changes: Iterable[Change]) -> list[Actual | ReviewNote]:
    """Return the rows of the accepted changes: figures, and one note a subject with its texts."""
    actuals: list[Actual | ReviewNote] = []
    notes: dict[tuple[FiscalYear, str], ReviewNote] = {}
    for row in (change.row for change in changes if change.verdict.is_written):
        if isinstance(row, Actual):
            actuals.append(row)
        else:
            before = notes.get((row.year, row.subject), row)
            texts = {**before.texts, **row.texts}
            notes[row.year, row.subject] = row._replace(texts=texts)
    return [*actuals, *notes.values()]


def _found(dataset: Dataset, readings: Iterable[Reading]) -> Iterator[Problem]:
    """Yield all that is to be said of each file by itself."""
    expected = cache(partial(expected_cells, dataset))
    for reading in readings:
        yield from reading.problems
        yield from reading.strays
        if reading.year and (kind := reading.header.kind):
            yield from changed_cells(reading.tables, dataset.plan, expected(kind, reading.year))


def _problem(change: Change) -> Problem:
    claim = change.claim
    message = f"{claim.subject} の{claim.title}{quote(change.after)}は{change.verdict}です。"
    return Problem(message + change.reason, change.hint, claim.place)


def _is_long(change: Change) -> bool:
    is_text = isinstance(change.row, ReviewNote) and change.verdict.is_written
    return is_text and len(change.after) > WARNED_LENGTH


def _long_text(change: Change) -> Problem:
    claim = change.claim
    message = f"{claim.subject} の{claim.title}が{len(change.after)}字あります。"
    hint = f"{WISHED_LENGTH}字程度が目安です（このまま取り込めます）。"
    return warning(message, hint, claim.place)


def _older(change: Change) -> Problem:
    claim = change.claim
    message = (
        f"{claim.subject} の{claim.title}{quote(change.after)}は前の記録です。"
        f"今の記録{quote(change.before)}のままにします。"
    )
    command = f"--correct {claim.subject}:{claim.title} --reason 理由"
    hint = f"前の記録に戻すときは {command} を付けてください。"
    return warning(message, hint, claim.place)


class _File(NamedTuple):
    """A file as read now, and its last record."""

    reading: Reading
    last: Import | None

    @property
    def is_whole(self) -> bool:
        """Tell whether an import has taken all of it before."""
        return self.last is not None and not self.last.left

    def split(self, dataset: Dataset, allowed: Allowed) -> tuple[list[Claim], list[Claim]]:
        """Return what a file says anew, and what it only says again.

        A file that was taken whole says nothing anew; a 取りまとめ票 carries what stood when it
        was made. What has been cancelled or cleared since then is said anew.
        """
        claims = list(self.reading.claims)
        if self.is_whole:
            return [], claims
        if self.reading.header.kind is not FormKind.ALL:
            return claims, []
        again = [
            each
            for each in claims
            if ever_held(dataset.rows, each.row)
            and words_of(dataset, each)[0]
            and not allowed.corrects(each)
        ]
        return [each for each in claims if each not in again], again


def _files(readings: Iterable[Reading], imports: Iterable[Import]) -> list[_File]:
    """Return the files in the order in which they first came in, new ones last."""
    records: dict[tuple[str, FiscalYear | None], Import] = {
        (each.digest, each.year): each for each in imports
    }
    arrivals = {key: number for number, key in enumerate(records)}
    keyed = [((each.book.digest, each.year), each) for each in readings]
    keyed.sort(key=lambda pair: arrivals.get(pair[0], len(arrivals)))
    return [_File(reading, records.get(key)) for key, reading in keyed]


def _record(file: _File, changes: Sequence[Change], allowed: Allowed) -> Import | None:
    """Return the row of ``imports.csv`` for a file; None if it would say nothing new."""
    reading, last = file.reading, file.last
    if reading.year is None or not (reading.header.kind or reading.claims):
        return None
    blocked = {each.claim.slot for each in changes if each.verdict.is_blocking}
    left = [claim for claim in reading.claims if claim.slot in blocked]
    errors = sum(each.severity is Severity.ERROR for each in reading.problems)
    header = reading.header
    record = Import(
        year=reading.year,
        reporter=header.text(Label.REPORTER),
        kind=header.kind,
        edition=header.text(Label.EDITION),
        indicators=reading.asked,
        blank=_blank(reading),
        missing=reading.missing,
        pending=_pending(reading, left),
        left=errors + len(left),
        file=reading.book.name,
        digest=reading.book.digest,
        filled_by=header.text(Label.FILLED_BY),
        remark=_correction(file, changes, allowed),
    )
    if last and file.is_whole:
        return last._replace(remark=record.remark) if record.remark else None
    unchanged = last and (last.left, last.pending) == (record.left, record.pending)
    return None if last and unchanged and record.remark in ("", last.remark) else record


def _blank(reading: Reading) -> tuple[str, ...]:
    """Return the indicators whose row came back without a figure."""
    given = {claim.subject for claim in reading.claims if isinstance(claim.row, Actual)}
    given |= {*reading.unread, *reading.missing}
    return tuple(each for each in reading.asked if each not in given)


def _pending(reading: Reading, left: Iterable[Claim]) -> tuple[str, ...]:
    """Return the indicators with a figure that was not taken, or not all of it."""
    refused = {claim.subject for claim in left if isinstance(claim.row, Actual)}
    return tuple(each for each in reading.asked if each in refused | reading.unread)


def _correction(file: _File, changes: Sequence[Change], allowed: Allowed) -> str:
    """Return which subjects a file was to correct, and why.

    Of a file that was taken before those it did correct: most are there because their folder is.
    """
    claims = file.reading.claims
    subjects = {claim.subject for claim in claims if allowed.corrects(claim)}
    if file.is_whole:
        places = {claim.place for claim in claims}
        done = (each.claim for each in changes if each.verdict is Verdict.CORRECTED)
        subjects = {claim.subject for claim in done if claim.place in places}
    return f"訂正の指定: {'、'.join(sorted(subjects))}（{allowed.reason}）" if subjects else ""


def unrecorded(dataset: Dataset, books: Sequence[Workbook]) -> list[str]:
    """Return the names of the files that say something that has never been in the logs.

    A file is not written over because of what it went out with, even if that was corrected since.
    """
    readings = [read_form(book, dataset.plan, None) for book in books]
    return [
        file.reading.book.name
        for file in _files(readings, dataset.rows.imports)
        if not file.is_whole and _says_more(file.reading, dataset)
    ]


def _says_more(reading: Reading, dataset: Dataset) -> bool:
    wrong = any(each.severity is Severity.ERROR for each in reading.problems)
    held = all(ever_held(dataset.rows, claim.row) for claim in reading.claims)
    return wrong or bool(reading.strays) or not held
