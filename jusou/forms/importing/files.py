"""A file of an import beside its last record: what it says anew, and its row of ``imports.csv``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from jusou.entry.decide import Verdict
from jusou.forms.importing.changes import Allowed, Change, words_of
from jusou.forms.incoming.claims import Claim
from jusou.forms.incoming.reading import Reading
from jusou.forms.layout import Label
from jusou.logs.dataset import Dataset
from jusou.logs.digests import digest_of
from jusou.logs.history import ever_held, says, standing_row
from jusou.logs.lost_rows import last_records, lost_rows
from jusou.logs.schema import Actual, FormKind, Import, ReviewNote, Taken
from jusou.logs.slots import Slot, slot_of

Item = tuple[str, str]


class File(NamedTuple):
    """A file as read now, and its last record.

    ``kept`` are the rows of the logs that the record names, by their digests: what of each subject
    they say. ``lost`` are those that no log holds any more; of the ``replaced`` ones among them a
    later row speaks.
    """

    reading: Reading
    last: Import | None
    kept: Mapping[Item, str]
    lost: frozenset[Item]
    replaced: frozenset[Item]

    @property
    def is_known(self) -> bool:
        """Tell whether an import has dealt with all of it before."""
        return self.last is not None and not self.last.left

    @property
    def is_whole(self) -> bool:
        """Tell whether all of it has been taken, and is there."""
        return self.is_known and not self.lost

    def repeated(self, dataset: Dataset, allowed: Allowed) -> list[Claim]:
        """Return the claims that say nothing anew.

        Of a file that was taken whole all, but for what was lost since; of any other what was taken
        of it; of a 取りまとめ票 also what stood when it was made, but for what has been cancelled
        or cleared since then.
        """
        claims = self.reading.claims
        if self.is_known:
            return [each for each in claims if _item(each) not in self.lost - self.replaced]
        is_planners = self.reading.header.kind is FormKind.ALL

        def is_old(claim: Claim) -> bool:
            stood = is_planners and not claim.is_struck and ever_held(dataset.rows, claim.row)
            return _item(claim) in self.kept or (stood and bool(words_of(dataset, claim)[0]))

        return [each for each in claims if is_old(each) and not allowed.corrects(each)]

    def is_told(self, claim: Claim) -> bool:
        """Tell whether people have to hear that a claim is old.

        Of a file that was dealt with they know, but where a later row took the place of a lost one.
        """
        return not self.is_known or _item(claim) in self.replaced


def _item(claim: Claim) -> Item:
    """Return what a claim is about, as the record of an import names it."""
    item = str(claim.row.basis) if isinstance(claim.row, Actual) else claim.title
    return claim.subject, item


def files_of(readings: Iterable[Reading], dataset: Dataset) -> list[File]:
    """Return the files in the order in which they first came in, new ones last."""
    records, gone = last_records(dataset.rows.imports), lost_rows(dataset)
    arrivals = {key: number for number, key in enumerate(records)}
    found = []
    for reading in readings:
        last = records.get((reading.book.digest, reading.year)) if reading.year else None
        own = [each for each in gone if each.record is last]
        lost = frozenset((each.subject, each.item) for each in own)
        replaced = frozenset((each.subject, each.item) for each in own if each.is_replaced)
        kept = {
            (each.subject, item): each.digest
            for each in (last.taken if last else ())
            for item in each.items
            if (each.subject, item) not in lost
        }
        found.append(File(reading, last, kept, lost, replaced))
    last_of_all = len(arrivals)

    def arrival(file: File) -> int:
        last = file.last
        return arrivals[last.digest, last.year] if last else last_of_all

    return sorted(found, key=arrival)


def record_of(
    file: File,
    dataset: Dataset,
    changes: Sequence[Change],
    written: Sequence[Actual | ReviewNote],
    allowed: Allowed,
) -> Import | None:
    """Return the row of ``imports.csv`` for a file; None if it would say nothing new.

    ``written`` are the rows to be written before it, with when and by whom.
    """
    reading, last, header = file.reading, file.last, file.reading.header
    if reading.year is None or not (header.kind or reading.claims):
        return None
    blocked = [each.claim for each in changes if each.verdict.is_blocking]
    plain = {each.slot for each in blocked if not each.doubts}
    doubted = {each.slot for each in blocked} - plain
    left = [
        each
        for each in reading.claims
        if each.slot in plain or (each.slot in doubted and each.doubts)
    ]
    errors = [each for each in reading.problems if each.is_error]
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
        taken=_taken(file, dataset, written),
    )
    if last and file.is_whole:
        new = last._replace(remark=record.remark, taken=record.taken)
        return new if record.remark else None
    unchanged = (
        last
        and (last.left, last.pending) == (record.left, record.pending)
        and last.taken in ((), record.taken)
    )
    return None if last and unchanged and record.remark in ("", last.remark) else record


def _taken(
    file: File, dataset: Dataset, written: Sequence[Actual | ReviewNote]
) -> tuple[Taken, ...]:
    """Return the rows that say what a file says: written now, known to be there, or found there."""
    new = {_slot_written(row): (row, digest_of(row, dataset.plan)) for row in written}
    found: dict[Item, Taken] = {}
    for claim in file.reading.claims:
        subject, item = _item(claim)
        own, digest = new.get(_slot_written(claim.row), (None, ""))
        if own is None or not says(own, claim.row):
            digest = file.kept.get((subject, item), "") or _digest_of_standing(dataset, claim.row)
        if digest:
            cell = claim.place.removeprefix(f"{file.reading.book.name} ")
            first = found.get((subject, digest), Taken(subject, (), digest, cell))
            found[subject, digest] = first._replace(items=(*first.items, item))
    return tuple(found.values())


def _digest_of_standing(dataset: Dataset, row: Actual | ReviewNote) -> str:
    """Return the digest of the row that stands and says the same; empty if none does."""
    stands = standing_row(dataset, row)
    if stands is None or not says(stands, row):
        return ""
    return dataset.row_digests[stands.path][stands.line]


def _slot_written(row: Actual | ReviewNote) -> Slot:
    """Return the key under which an import writes at most one row."""
    return slot_of(row) if isinstance(row, Actual) else (row.year, row.subject)


def _correction(file: File, changes: Sequence[Change], allowed: Allowed) -> str:
    """Return which subjects a file was to correct, and why.

    Of a file that was taken before, only those that it did correct: mostly it is named again
    because its whole folder is.
    """
    claims = file.reading.claims
    subjects = {claim.subject for claim in claims if allowed.corrects(claim)}
    if file.is_known:
        places = {claim.place for claim in claims}
        done = (each.claim for each in changes if each.verdict is Verdict.CORRECTED)
        subjects = {claim.subject for claim in done if claim.place in places}
    return f"訂正の指定: {'、'.join(sorted(subjects))}（{allowed.reason}）" if subjects else ""
