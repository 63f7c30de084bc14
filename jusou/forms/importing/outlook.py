"""One import: files → readings → changes → rows, decided all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache, partial
from typing import NamedTuple

from jusou.entry.decide import Verdict
from jusou.errors import Problem, Severity, warning
from jusou.forms.importing.changes import Allowed, Change, merged, plan_changes, words_of
from jusou.forms.incoming.claims import Claim
from jusou.forms.incoming.reading import Reading, read_form
from jusou.forms.incoming.unread import changed_cells, expected_cells
from jusou.forms.layout import WARNED_LENGTH, WISHED_LENGTH, Label
from jusou.logs.dataset import Dataset
from jusou.logs.history import ever_held, left_over
from jusou.logs.schema import Actual, FormKind, Import, ReviewNote
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import quote
from jusou.values.workbook import Workbook

_MAY_BE_LEFT = {"remark": "備考", "as_of": "基準日"}


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
        return [each for each in self.problems if _is_warning(each)]

    @property
    def errors(self) -> list[Problem]:
        return [each for each in self.problems if not _is_warning(each)]


class _File(NamedTuple):
    """A file as read now, and its last record."""

    reading: Reading
    last: Import | None

    @property
    def is_whole(self) -> bool:
        """Tell whether an import has taken all of it before."""
        return self.last is not None and not self.last.left

    def repeated(self, dataset: Dataset, allowed: Allowed) -> list[Claim]:
        """Return the claims that say nothing anew.

        All of a file that was taken whole; of a 取りまとめ票 what stood when it was made, but for
        what has been cancelled or cleared since then.
        """
        if self.is_whole:
            return list(self.reading.claims)
        if self.reading.header.kind is not FormKind.ALL:
            return []
        return [
            each
            for each in self.reading.claims
            if ever_held(dataset.rows, each.row)
            and words_of(dataset, each)[0]
            and not allowed.corrects(each)
        ]


def look(dataset: Dataset, request: Request) -> Outlook:
    """Settle an import against what stands, without doing anything."""
    allowed = request.allowed
    readings = [_read(dataset, book, request.year) for book in request.books]
    files = _files(readings, dataset.rows.imports)
    repeated = [file.repeated(dataset, allowed) for file in files]
    fresh = [
        claim
        for file, old in zip(files, repeated, strict=True)
        for claim in file.reading.claims
        if claim not in old
    ]
    changes = plan_changes(dataset, fresh, repeated, allowed, request.today)

    unreadable = (*request.unread, *_found(dataset, readings))
    kept = [
        claim
        for file, old in zip(files, repeated, strict=True)
        if not file.is_whole
        for claim in old
    ]
    problems = (*unreadable, *(each for change in changes for each in _told(change, kept)))
    may_write = request.accept_valid or all(map(_is_warning, problems))
    rows: tuple[Actual | ReviewNote | Import, ...] = ()
    if may_write:
        written = [each.row for each in changes if each.verdict.is_written]
        figures = [row for row in written if isinstance(row, Actual)]
        notes = merged(row for row in written if isinstance(row, ReviewNote))
        records = (_record(file, changes, allowed) for file in files)
        rows = (*figures, *notes.values(), *filter(None, records))
    refused = tuple(each for each in unreadable if not _is_warning(each))
    return Outlook(changes, refused, problems, may_write, rows)


def _read(dataset: Dataset, book: Workbook, year: FiscalYear | None) -> Reading:
    """Return what a file says; a 取りまとめ票 without what is left of the figures it came with."""
    reading = read_form(book, dataset.plan, year)
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


def _is_warning(problem: Problem) -> bool:
    return problem.severity is Severity.WARNING


def _files(readings: Iterable[Reading], imports: Iterable[Import]) -> list[_File]:
    """Return the files in the order in which they first came in, new ones last."""
    records: dict[tuple[str, FiscalYear | None], Import] = {
        (each.digest, each.year): each for each in imports
    }
    arrivals = {key: number for number, key in enumerate(records)}
    keyed = [((each.book.digest, each.year), each) for each in readings]
    keyed.sort(key=lambda pair: arrivals.get(pair[0], len(arrivals)))
    return [_File(reading, records.get(key)) for key, reading in keyed]


def _found(dataset: Dataset, readings: Iterable[Reading]) -> Iterator[Problem]:
    """Yield all that is to be said of each file by itself."""
    expected = cache(partial(expected_cells, dataset))
    for reading in readings:
        yield from reading.problems
        yield from reading.strays
        if reading.year and (kind := reading.header.kind):
            yield from changed_cells(reading.tables, dataset.plan, expected(kind, reading.year))


def _told(change: Change, kept: Sequence[Claim]) -> Iterator[Problem]:
    """Yield what is to be said of a change; of the ``kept`` claims, also that they are old."""
    claim, after = change.claim, change.after
    item = f"{claim.subject} の{claim.title}"
    is_long = isinstance(change.row, ReviewNote) and len(after) > WARNED_LENGTH
    if change.verdict.is_blocking:
        message = f"{item}{quote(after)}は{change.verdict}です。{change.reason}"
        yield Problem(message, change.hint, claim.place)
    elif change.verdict is Verdict.EARLIER and claim in kept:
        message = (
            f"{item}{quote(after)}は前の記録です。今の記録{quote(change.before)}のままにします。"
        )
        command = f"--correct {claim.subject}:{claim.title} --reason 理由"
        yield warning(message, f"前の記録に戻すときは {command} を付けてください。", claim.place)
    elif change.verdict.is_written and is_long:
        hint = f"{WISHED_LENGTH}字程度が目安です（このまま取り込めます）。"
        yield warning(f"{item}が{len(after)}字あります。", hint, claim.place)


def _record(file: _File, changes: Sequence[Change], allowed: Allowed) -> Import | None:
    """Return the row of ``imports.csv`` for a file; None if it would say nothing new."""
    reading, last, header = file.reading, file.last, file.reading.header
    if reading.year is None or not (header.kind or reading.claims):
        return None
    blocked = {each.claim.slot for each in changes if each.verdict.is_blocking}
    left = [claim for claim in reading.claims if claim.slot in blocked]
    errors = [each for each in reading.problems if not _is_warning(each)]
    given = {claim.subject for claim in reading.claims if isinstance(claim.row, Actual)}
    answered = given | reading.unread | {*reading.missing}
    refused = {claim.subject for claim in left if isinstance(claim.row, Actual)}
    record = Import(
        year=reading.year,
        reporter=header.text(Label.REPORTER),
        kind=header.kind,
        edition=header.text(Label.EDITION),
        indicators=reading.asked,
        blank=tuple(each for each in reading.asked if each not in answered),
        missing=reading.missing,
        pending=tuple(each for each in reading.asked if each in refused | reading.unread),
        left=len(errors) + len(left),
        file=reading.book.name,
        digest=reading.book.digest,
        filled_by=header.text(Label.FILLED_BY),
        remark=_correction(file, changes, allowed),
    )
    if last and file.is_whole:
        return last._replace(remark=record.remark) if record.remark else None
    unchanged = last and (last.left, last.pending) == (record.left, record.pending)
    return None if last and unchanged and record.remark in ("", last.remark) else record


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

    def says_more(reading: Reading) -> bool:
        held = all(ever_held(dataset.rows, claim.row) for claim in reading.claims)
        return bool(reading.strays) or not held or not all(map(_is_warning, reading.problems))

    readings = [_read(dataset, book, None) for book in books]
    files = _files(readings, dataset.rows.imports)
    return [
        file.reading.book.name for file in files if not file.is_whole and says_more(file.reading)
    ]
