"""Claims against what stands → changes: what an import would do, settled before it does any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from jusou.data import Data
from jusou.entry import Entry, RefusedError, is_new
from jusou.fiscal_year import FiscalYear
from jusou.forms import standing
from jusou.forms.claims import Claim
from jusou.records import CLEAR, NOTE_FIELDS, REPORTED, Actual, Basis, ReviewNote
from jusou.suspicion import suspicions


class Outcome(StrEnum):
    """What an import would do with one claim."""

    NEW = "新規"
    CORRECTED = "訂正"
    SAME = "同じ"
    EARLIER = "取込済"
    CONFLICT = "食い違い"
    SUSPICIOUS = "要確認"
    REFUSED = "取込不可"


WRITTEN = (Outcome.NEW, Outcome.CORRECTED)
BLOCKING = (Outcome.CONFLICT, Outcome.SUSPICIOUS, Outcome.REFUSED)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the person allows: subjects to correct, the reason, and looks that were checked."""

    correct: frozenset[str] = frozenset()
    reason: str = ""
    suspicious: bool = False
    before_year_end: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One claim and its outcome; ``before`` is what stands, ``after`` what the file says.

    ``row`` is what would be written; ``reason`` is why it is not, ``hint`` how to go on.
    """

    claim: Claim
    before: str
    after: str
    outcome: Outcome
    row: Actual | ReviewNote
    reason: str = ""
    hint: str = ""


def plan_changes(
    data: Data, fresh: Sequence[Claim], earlier: Sequence[Claim], allowed: Allowed, today: date
) -> tuple[Change, ...]:
    """Return what importing claims would do, in the order in which they would be written.

    ``earlier`` are those of files that were taken whole before: what has changed since then stays,
    unless it is to be corrected. Each claim is judged as if those before it stood already, so an
    import that was interrupted and is made again comes to the same.
    """
    slots = {_slot(claim) for claim in fresh}
    again = [each for each in earlier if _slot(each) not in slots]
    fresh = [*fresh, *(each for each in again if each.subject in allowed.correct)]
    changes: list[Change] = []
    for claims in _by_slot(fresh):
        settled = _settled(data, claims, allowed, today)
        changes += settled
        for change in settled:
            if change.outcome in WRITTEN and isinstance(change.row, Actual):
                data = standing.with_row(data, change.row)
    changes = list(_with_reasoned_evaluations(data, changes))
    for claim in again:
        if claim.subject not in allowed.correct:
            change = _judged(data, claim, allowed, today)
            same = change.outcome is Outcome.SAME
            changes.append(change if same else replace(change, outcome=Outcome.EARLIER, reason=""))
    return tuple(changes)


def _slot(claim: Claim) -> tuple[object, ...]:
    row = claim.row
    return standing.slot_of(row) if isinstance(row, Actual) else (row.year, row.subject, claim.title)


def _by_slot(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Group the claims that speak of the same; what a closing figure would shut out comes first."""
    slots: dict[tuple[object, ...], list[Claim]] = {}
    for claim in claims:
        slots.setdefault(_slot(claim), []).append(claim)
    return sorted(slots.values(), key=lambda found: _rank(found[0]))


def _rank(claim: Claim) -> tuple[FiscalYear, int]:
    row = claim.row
    if isinstance(row, ReviewNote):
        return (row.year, 3)
    return (row.year, 2 if row.basis.is_closing else 1 if row.basis is Basis.FORECAST else 0)


def _settled(data: Data, claims: Sequence[Claim], allowed: Allowed, today: date) -> list[Change]:
    """Return the one change of a slot; a conflict for each claim when its files disagree."""
    first, *others = claims
    for claim in others:
        both = _joined(first, claim)
        if both is None:
            return list(_clashing(data, claims))
        first = both
    return [_judged(data, first, allowed, today)]


def _joined(one: Claim, other: Claim) -> Claim | None:
    """Return what two claims say together; None when they disagree."""
    if isinstance(one.row, Actual) and isinstance(other.row, Actual):
        agreed = standing.only_adds(one.row, other.row)
        return replace(one, row=standing.completed(one.row, other.row)) if agreed else None
    return one if _texts(one.row) == _texts(other.row) else None


def _clashing(data: Data, claims: Sequence[Claim]) -> Iterator[Change]:
    """Every claim of a slot beside one that says otherwise."""
    for claim in claims:
        words = _said(data, claim.row)
        other = next(each for each in claims if _said(data, each.row) != words)
        yield Change(
            claim,
            _stood(data, claim),
            words,
            Outcome.CONFLICT,
            claim.row,
            f"{other.place} では「{_said(data, other.row)}」です。",
            "正しいほうだけを取り込むか、もう一方を直してもらってください。",
        )


def _judged(data: Data, claim: Claim, allowed: Allowed, today: date) -> Change:
    """Return the change of a claim that no other contradicts."""
    change = Change(claim, _stood(data, claim), _said(data, claim.row), Outcome.NEW, claim.row)
    if isinstance(claim.row, Actual):
        return _judged_figure(data, change, claim.row, allowed, today)
    if change.before == change.after:
        return replace(change, outcome=Outcome.SAME)
    if not change.before:
        return change
    if claim.subject in allowed.correct:
        return replace(change, outcome=Outcome.CORRECTED)
    return _conflict(change, "すでに別の文が記録されています。")


def _judged_figure(
    data: Data, change: Change, row: Actual, allowed: Allowed, today: date
) -> Change:
    stands = standing.standing_row(data, row)
    if stands and standing.says_no_more(stands, row):
        return replace(change, outcome=Outcome.SAME)
    over = allowed.before_year_end
    entry = Entry(
        row.year, row.indicator, remark="-", correct=True, before_year_end=over
    )  # a conflict is settled below
    try:
        is_new(data, row, entry, today)
    except RefusedError as refused:
        return replace(
            change, outcome=Outcome.REFUSED, reason=refused.message, hint=_way_out(refused)
        )
    if stands and standing.only_adds(stands, row):
        return replace(change, row=standing.completed(stands, row))
    if stands and not standing.settles(stands, row):
        if row.indicator not in allowed.correct:
            where = f"（{stands.path}:{stands.line}）" if stands.path else ""
            return _conflict(change, f"すでに {change.before} が記録されています{where}。")
        corrected = standing.corrected(row, allowed.reason)
        return replace(change, outcome=Outcome.CORRECTED, row=corrected)
    day = date.max if over and row.basis in REPORTED else today
    doubts = () if allowed.suspicious else suspicions(data, row, day)
    if doubts:
        hint = "確かめて正しければ、--accept-suspicious を付けてください。"
        return replace(change, outcome=Outcome.SUSPICIOUS, reason="".join(doubts), hint=hint)
    return change


def _conflict(change: Change, reason: str) -> Change:
    hint = (
        f"今の記録は「{change.before}」、ファイルは「{change.after}」です。ファイルが正しければ "
        f"--correct {change.claim.subject} --reason 理由 を付けてください。"
    )
    return replace(change, outcome=Outcome.CONFLICT, reason=reason, hint=hint)


def _way_out(refused: RefusedError) -> str:
    match refused.refusal:
        case Refusal.YEAR_NOT_OVER:
            return (
                f"{refused.hint}途中の数値なら区分を 見込 に直し、"
                "年度が終わる前に確定した数値なら --before-year-end を付けてください。"
            )
    return refused.hint


def _stood(data: Data, claim: Claim) -> str:
    """Return what stands in the place of a claim, in words."""
    row = claim.row
    if isinstance(row, Actual):
        return standing.figure_words(data, standing.standing_row(data, row))
    (name,) = row.texts
    text: str = getattr(data.note(row.year, row.subject), name)
    return text


def _said(data: Data, row: Actual | ReviewNote) -> str:
    """Return what a row says, in words."""
    return standing.figure_words(data, row) if isinstance(row, Actual) else "".join(row.texts.values())


def _with_reasoned_evaluations(data: Data, changes: Sequence[Change]) -> Iterator[Change]:
    """Refuse an 評価 that would be left without its 評価理由, and a reason that would be taken away."""
    texts: dict[tuple[FiscalYear, str], dict[str, str]] = {}
    for change in changes:
        if change.outcome in WRITTEN and isinstance(change.row, ReviewNote):
            row = change.row
            texts.setdefault((row.year, row.subject), {}).update(row.texts)
    bare = {
        key
        for key, given in texts.items()
        if (merged := replace(data.note(*key), **given)).evaluation
        and not merged.evaluation_reason
    }
    for change in changes:
        row = change.row
        touched = change.outcome in WRITTEN and change.claim.title in _EVALUATION
        if touched and isinstance(row, ReviewNote) and (row.year, row.subject) in bare:
            yield replace(
                change,
                outcome=Outcome.REFUSED,
                reason=f"評価「{change.after}」に評価理由がありません。",
                hint="評価理由も入力してください。",
            )
        else:
            yield change


def rows_to_write(changes: Iterable[Change]) -> tuple[list[Actual], list[ReviewNote]]:
    """Return the rows of the accepted changes: figures, and one note a subject with its texts."""
    actuals: list[Actual] = []
    notes: dict[tuple[FiscalYear, str], ReviewNote] = {}
    for row in (change.row for change in changes if change.outcome in WRITTEN):
        if isinstance(row, Actual):
            actuals.append(row)
        else:
            before = notes.get((row.year, row.subject), row)
            notes[row.year, row.subject] = replace(row, texts={**before.texts, **row.texts})
    return actuals, list(notes.values())
