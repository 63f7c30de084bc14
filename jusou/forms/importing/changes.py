"""The claims of all files → changes: what an import would do, settled before it does any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from jusou.forms.importing.decisions import Allowed, Change, Outcome, change_of, judge_claim
from jusou.forms.incoming.claims import Claim
from jusou.logs import slots as standing
from jusou.logs.dataset import Dataset
from jusou.logs.schema import NOTE_FIELDS, Actual, Basis, ReviewNote
from jusou.logs.slots import Slot
from jusou.values.fiscal_year import FiscalYear

_EVALUATION = (NOTE_FIELDS["evaluation"], NOTE_FIELDS["evaluation_reason"])


def plan_changes(
    dataset: Dataset,
    fresh: Sequence[Claim],
    earlier: Sequence[Sequence[Claim]],
    allowed: Allowed,
    today: date,
) -> tuple[Change, ...]:
    """Return what importing claims would do, in the order in which they would be written.

    ``earlier`` are the claims of each file that was taken whole before, in the order in which the
    files came in: what has changed since then stays. Each claim is judged as if those before it
    stood already, so an import that was interrupted and is made again comes to the same.
    """
    wanted = _wanted_again(dataset, fresh, earlier, allowed, today)
    changes: list[Change] = []
    for claims in _by_slot([*fresh, *wanted]):
        settled = _settle(dataset, claims, allowed, today)
        changes += settled
        for change in settled:
            if change.outcome.is_written and isinstance(change.row, Actual):
                dataset = standing.with_row(dataset, change.row)
    changes = list(_with_reasoned_evaluations(dataset, changes))
    slots = {claim.slot for claim in (*fresh, *wanted)}
    for claim in (each for claims in earlier for each in claims):
        if claim.slot not in slots:
            change = judge_claim(dataset, claim, Allowed(), today)
            same = change.outcome is Outcome.SAME
            changes.append(replace(change, outcome=Outcome.SAME if same else Outcome.EARLIER))
    return tuple(changes)


def _wanted_again(
    dataset: Dataset,
    fresh: Sequence[Claim],
    earlier: Sequence[Sequence[Claim]],
    allowed: Allowed,
    today: date,
) -> list[Claim]:
    """Return what files that were taken before say of the subjects to correct.

    Only where no new file speaks of the item named (or, without an item, of the subject), and then
    the newest of those that do; if one of them says what stands, it is corrected already.
    """
    slots, subjects = {each.slot for each in fresh}, {each.subject for each in fresh}

    def is_wanted(claim: Claim) -> bool:
        if (claim.subject, claim.title) in allowed.correct:
            return claim.slot not in slots
        return (claim.subject, "") in allowed.correct and claim.subject not in subjects

    wanted: list[Claim] = []
    for subject in sorted({subject for subject, _ in allowed.correct}):
        said = [
            [each for each in claims if each.subject == subject and is_wanted(each)]
            for claims in earlier
        ]
        said = [claims for claims in said if claims]
        if not any(_all_same(dataset, claims, today) for claims in said):
            wanted += said[-1] if said else []
    return wanted


def _all_same(dataset: Dataset, claims: Iterable[Claim], today: date) -> bool:
    changes = (judge_claim(dataset, claim, Allowed(), today) for claim in claims)
    return all(change.outcome is Outcome.SAME for change in changes)


def _by_slot(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Group the claims that speak of the same; what a closing figure shuts out comes before it."""
    slots: dict[Slot, list[Claim]] = {}
    for claim in claims:
        slots.setdefault(claim.slot, []).append(claim)
    return sorted(slots.values(), key=lambda found: _rank(found[0].row))


def _rank(row: Actual | ReviewNote) -> tuple[FiscalYear, int]:
    if isinstance(row, ReviewNote):
        return (row.year, 3)
    return (row.year, 2 if row.basis.is_closing else 1 if row.basis is Basis.FORECAST else 0)


def _settle(
    dataset: Dataset, claims: Sequence[Claim], allowed: Allowed, today: date
) -> list[Change]:
    """Return the one change of a slot; a conflict for each claim when they disagree."""
    first, *others = claims
    for claim in others:
        if not _agree(first, claim):
            return [_clash(dataset, each, claims) for each in claims]
        if isinstance(first.row, Actual) and isinstance(claim.row, Actual):
            first = replace(first, row=standing.completed(first.row, claim.row))
    return [judge_claim(dataset, first, allowed, today)]


def _agree(one: Claim, other: Claim) -> bool:
    if isinstance(one.row, Actual) and isinstance(other.row, Actual):
        return standing.only_adds(one.row, other.row)
    return one.row == other.row


def _clash(dataset: Dataset, claim: Claim, claims: Sequence[Claim]) -> Change:
    """Return a claim beside one that says otherwise."""
    others = [each for each in claims if each is not claim]
    other = next((each for each in others if not _agree(each, claim)), others[0])
    return replace(
        change_of(dataset, claim),
        outcome=Outcome.CONFLICT,
        reason=f"{other.place} では「{change_of(dataset, other).after}」です。",
        hint="正しいほうのファイルだけを残し、もう一方を移してから取り込んでください。",
    )


def _with_reasoned_evaluations(dataset: Dataset, changes: Sequence[Change]) -> Iterator[Change]:
    """Refuse an 評価 that would be left without its 評価理由, and the taking away of one."""
    _, notes = rows_to_write(changes)
    bare = set()
    for note in notes:
        merged = replace(dataset.note(note.year, note.subject), **note.texts)
        if merged.evaluation and not merged.evaluation_reason:
            bare.add((note.year, note.subject))
    for change in changes:
        touched = change.outcome.is_written and change.claim.title in _EVALUATION
        if touched and (change.row.year, change.claim.subject) in bare:
            reason = "評価が、評価理由のないままになります。"
            hint = "評価理由も入力してください。"
            yield replace(change, outcome=Outcome.REFUSED, reason=reason, hint=hint)
        else:
            yield change


def rows_to_write(changes: Iterable[Change]) -> tuple[list[Actual], list[ReviewNote]]:
    """Return the rows of the accepted changes: figures, and one note a subject with its texts."""
    actuals: list[Actual] = []
    notes: dict[tuple[FiscalYear, str], ReviewNote] = {}
    for row in (change.row for change in changes if change.outcome.is_written):
        if isinstance(row, Actual):
            actuals.append(row)
        else:
            before = notes.get((row.year, row.subject), row)
            notes[row.year, row.subject] = replace(row, texts={**before.texts, **row.texts})
    return actuals, list(notes.values())
