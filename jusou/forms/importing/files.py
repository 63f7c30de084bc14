"""A file of an import beside its last record: what it says anew, and its row of ``imports.csv``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from jusou.entry.decide import Verdict
from jusou.errors import Severity
from jusou.forms.importing.changes import Allowed, Change, words_of
from jusou.forms.incoming.claims import Claim
from jusou.forms.incoming.reading import Reading
from jusou.forms.layout import Label
from jusou.logs.dataset import Dataset
from jusou.logs.history import ever_held
from jusou.logs.schema import Actual, FormKind, Import
from jusou.values.fiscal_year import FiscalYear


class File(NamedTuple):
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


def files_of(readings: Iterable[Reading], imports: Iterable[Import]) -> list[File]:
    """Return the files in the order in which they first came in, new ones last."""
    records: dict[tuple[str, FiscalYear | None], Import] = {
        (each.digest, each.year): each for each in imports
    }
    arrivals = {key: number for number, key in enumerate(records)}
    keyed = [((each.book.digest, each.year), each) for each in readings]
    keyed.sort(key=lambda pair: arrivals.get(pair[0], len(arrivals)))
    return [File(reading, records.get(key)) for key, reading in keyed]


def record_of(file: File, changes: Sequence[Change], allowed: Allowed) -> Import | None:
    """Return the row of ``imports.csv`` for a file; None if it would say nothing new."""
    reading, last, header = file.reading, file.last, file.reading.header
    if reading.year is None or not (header.kind or reading.claims):
        return None
    blocked = {each.claim.slot for each in changes if each.verdict.is_blocking}
    left = [claim for claim in reading.claims if claim.slot in blocked]
    errors = [each for each in reading.problems if each.severity is Severity.ERROR]
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


def _correction(file: File, changes: Sequence[Change], allowed: Allowed) -> str:
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
