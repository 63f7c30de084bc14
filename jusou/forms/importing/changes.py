"""The claims of all files → changes: what an import would do, settled before it does any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from jusou.entry.decide import (
    EVERYTHING,
    FIGURE,
    Decision,
    Obstacle,
    Permission,
    Verdict,
    decide,
)
from jusou.forms.incoming.claims import Claim
from jusou.forms.layout import DOUBTED_LENGTH, FIELDS, REMARK
from jusou.logs import slots
from jusou.logs.dataset import Dataset
from jusou.logs.schema import REPORTED, Actual, Basis, ReviewNote
from jusou.logs.slots import Slot
from jusou.values.fiscal_year import FiscalYear


class Allowed(NamedTuple):
    """What the person allows: what to correct, the reason, and looks that were checked.

    ``correct`` are subjects, each with a title (実績, 要因 …) or with an empty one for all of it.
    """

    correct: frozenset[tuple[str, str]] = frozenset()
    reason: str = ""
    suspicious: frozenset[str] = frozenset()
    before_year_end: bool = False

    def corrects(self, claim: Claim) -> bool:
        """Tell whether a claim may take the place of what stands."""
        return bool({(claim.subject, ""), (claim.subject, claim.title)} & self.correct)

    def asks(self, claim: Claim) -> bool:
        """Tell whether a claim waits for an answer to its own doubts."""
        return bool(claim.doubts) and claim.subject not in self.suspicious

    def permission(self, subject: str) -> Permission:
        """Return what is allowed of a subject."""
        titles = {title for each, title in self.correct if each == subject}
        named = frozenset(FIELDS.get(title, FIGURE) for title in titles)
        reason = self.reason if titles else ""
        return Permission(EVERYTHING if "" in titles else named, reason, self.before_year_end)


class Change(NamedTuple):
    """One claim and its verdict; ``before`` is what stands, ``after`` what the file says.

    ``row`` is what would be written; ``reason`` is why it is not, ``hint`` how to go on.
    """

    claim: Claim
    before: str
    after: str
    row: Actual | ReviewNote
    verdict: Verdict
    reason: str = ""
    hint: str = ""


def plan_changes(
    dataset: Dataset,
    fresh: Sequence[Claim],
    earlier: Sequence[Sequence[Claim]],
    allowed: Allowed,
    today: date,
) -> tuple[Change, ...]:
    """Return what importing claims would do, in the order in which they would be written.

    ``earlier`` are the claims of each file that was taken whole before, in the order in which the
    files came in: what has changed since then stays. Each figure is judged as if those before it
    stood already, so an import that was interrupted and is made again comes to the same. Texts
    are decided with the others of their subject, for an 評価 goes with its reason.
    """
    claims = [*fresh, *_wanted_again(dataset, fresh, earlier, allowed, today)]
    groups = []
    for group in sorted(_by_slot(claims), key=_order):
        # What people see on the file is what it says; all of it where nothing else is said.
        seen = [each for each in group if not allowed.asks(each)] or group
        groups.append((seen, _agreed(seen), [each for each in group if each not in seen]))
    sure = (each for _, each, _ in groups if each and not _questions(each, allowed))
    notes = merged(each.row for each in sure if isinstance(each.row, ReviewNote))
    changes: list[Change] = []
    after = dataset
    for group, claim, doubted in groups:
        changes += (change for each in doubted for change in _beside(after, each, group[0]))
        if claim is None:
            changes += (_clash(after, each, group) for each in group)
            continue
        row = claim.row
        if isinstance(row, ReviewNote):
            together = notes.get((row.year, row.subject), row)
            row = row._replace(texts={**together.texts, **row.texts})
        change = _judge(after, claim, row, allowed, today)
        changes.append(change)
        if change.verdict.is_written and isinstance(change.row, Actual):
            after = after.with_row(change.row)
    told = {claim.slot for claim in claims}
    for claim in (each for claims in earlier for each in claims if each.slot not in told):
        change = _judge(dataset, claim, claim.row, _nothing_but_doubts(claim), today)
        same = change.verdict is Verdict.SAME
        changes.append(change._replace(verdict=Verdict.SAME if same else Verdict.EARLIER))
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
    told, subjects = {each.slot for each in fresh}, {each.subject for each in fresh}

    def is_wanted(claim: Claim) -> bool:
        if (claim.subject, claim.title) in allowed.correct:
            return claim.slot not in told
        return (claim.subject, "") in allowed.correct and claim.subject not in subjects

    def is_same(claim: Claim) -> bool:
        allowed = _nothing_but_doubts(claim)
        return _judge(dataset, claim, claim.row, allowed, today).verdict is Verdict.SAME

    wanted: list[Claim] = []
    for subject in sorted({subject for subject, _ in allowed.correct}):
        said = [
            [each for each in claims if each.subject == subject and is_wanted(each)]
            for claims in earlier
        ]
        said = [claims for claims in said if claims]
        if said and not any(all(map(is_same, claims)) for claims in said):
            wanted += said[-1]
    return wanted


def _nothing_but_doubts(claim: Claim) -> Allowed:
    """Allow what was allowed when a claim was taken: how it looks is not asked again."""
    return Allowed(suspicious=frozenset({claim.subject}))


def _questions(claim: Claim, allowed: Allowed) -> tuple[str, ...]:
    """Return what is to be asked of a claim by itself and has not been answered."""
    if claim.subject in allowed.suspicious:
        return ()
    row, title = claim.row, claim.title
    title, text = (REMARK, row.remark) if isinstance(row, Actual) else (title, *row.texts.values())
    if len(text) <= DOUBTED_LENGTH:
        return claim.doubts
    return (*claim.doubts, f"{title}が{len(text):,}字あります。別の文を貼り付けていませんか。")


def _by_slot(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Group the claims that speak of the same."""
    groups: dict[Slot, list[Claim]] = {}
    for claim in claims:
        groups.setdefault(claim.slot, []).append(claim)
    return list(groups.values())


def _order(group: Sequence[Claim]) -> tuple[bool, FiscalYear, int]:
    """Order figures before texts, and what a closing figure shuts out before that figure."""
    row = group[0].row
    if isinstance(row, ReviewNote):
        return True, row.year, 0
    return False, row.year, 2 if row.basis.is_closing else int(row.basis is Basis.FORECAST)


def _agreed(group: Sequence[Claim]) -> Claim | None:
    """Return the one claim that all of a slot come to, None if they disagree."""
    first, *others = group
    for claim in others:
        if not _agree(first, claim):
            return None
        if isinstance(first.row, Actual) and isinstance(claim.row, Actual):
            first = first._replace(row=slots.completed(first.row, claim.row))
    return first


def _agree(one: Claim, other: Claim) -> bool:
    if isinstance(one.row, Actual) and isinstance(other.row, Actual):
        return slots.only_adds(one.row, other.row)
    return one.row == other.row


def _clash(dataset: Dataset, claim: Claim, group: Sequence[Claim]) -> Change:
    """Return a claim beside one that says otherwise."""
    others = [each for each in group if each is not claim]
    other = next((each for each in others if not _agree(each, claim)), others[0])
    hint = (
        "正しいほうだけを残してください（別のファイルなら、もう一方を移します。"
        "同じファイルの中なら、不要なほうのセルかシートを消して保存し直します）。"
    )
    return _contradicted(dataset, claim, other, Verdict.CONFLICT, hint)


def _beside(dataset: Dataset, claim: Claim, seen: Claim) -> Iterator[Change]:
    """Yield a claim that is struck or hidden, beside one that is seen and says otherwise."""
    if claim.is_struck or claim.row != seen.row:
        hint = _way_to_accept(claim)
        yield _contradicted(dataset, claim, seen, Verdict.SUSPICIOUS, hint)


def _contradicted(
    dataset: Dataset, claim: Claim, other: Claim, verdict: Verdict, hint: str
) -> Change:
    before, after = words_of(dataset, claim)
    reason = f"{other.place} では「{words_of(dataset, other)[1]}」です。{''.join(claim.doubts)}"
    return Change(claim, before, after, claim.row, verdict, reason, hint)


def _way_to_accept(claim: Claim) -> str:
    wrong = "違えば、そのセルを空にして（見えない行や列、シートは再表示して）保存し直します。"
    more = wrong if claim.doubts else ""
    return f"確かめて正しければ、--accept-suspicious {claim.subject} を付けてください。{more}"


def merged(rows: Iterable[ReviewNote]) -> dict[tuple[FiscalYear, str], ReviewNote]:
    """Return one note a year and subject, with the texts of all."""
    notes: dict[tuple[FiscalYear, str], ReviewNote] = {}
    for row in rows:
        before = notes.get((row.year, row.subject), row)
        notes[row.year, row.subject] = row._replace(texts={**before.texts, **row.texts})
    return notes


def _judge(
    dataset: Dataset, claim: Claim, row: Actual | ReviewNote, allowed: Allowed, today: date
) -> Change:
    """Return what an import would do with a claim; of a text, ``row`` is all that goes with it.

    Doubts stop it until they are answered.
    """
    decision: Decision[Actual] | Decision[ReviewNote]
    permission = allowed.permission(claim.subject)
    if isinstance(row, ReviewNote):
        decision = decide(dataset, row, permission, today).parts[FIELDS[claim.title]]
    else:
        # Who allows a figure before the year's end has answered that doubt.
        is_early = allowed.before_year_end and row.basis in REPORTED
        decision = decide(dataset, row, permission, date.max if is_early else today)
    before, after = words_of(dataset, claim)
    change = Change(claim, before, after, decision.row, decision.verdict)
    if decision.obstacle:
        hint = _remedy(claim, decision.obstacle, decision.hint)
        return change._replace(reason=decision.message + "".join(claim.doubts), hint=hint)
    doubts: tuple[str, ...] = ()
    match decision.verdict:
        case Verdict.NEW:
            doubts = (*decision.doubts, *_questions(claim, allowed))
        case Verdict.CORRECTED:
            doubts = claim.doubts
        case Verdict.SAME if claim.is_struck:  # what stands is to go, it seems
            doubts = claim.doubts
    if not doubts or claim.subject in allowed.suspicious:
        return change
    hint = _way_to_accept(claim)
    return change._replace(verdict=Verdict.SUSPICIOUS, reason="".join(doubts), hint=hint)


def words_of(dataset: Dataset, claim: Claim) -> tuple[str, str]:
    """Return what stands and what a claim says, as a person reads them."""
    row = claim.row
    if isinstance(row, Actual):
        indicator = dataset.plan.indicators[row.indicator]
        stands = dataset.standing(row.year, indicator).beside(row)
        return slots.figure_words(indicator, stands), slots.figure_words(indicator, row)
    ((name, text),) = row.texts.items()
    return getattr(dataset.note(row.year, row.subject), name), text


def _remedy(claim: Claim, obstacle: Obstacle, hint: str) -> str:
    """Return how to go on from an obstacle in an import."""
    match obstacle:
        case Obstacle.ANOTHER_STANDS:
            option = f"--correct {claim.subject}:{claim.title} --reason 理由"
            return f"ファイルが正しければ {option} を付けてください。"
        case Obstacle.YEAR_NOT_OVER:
            return (
                f"{hint}途中の数値なら、表では区分を 見込 に、照会票なら中間実績照会票に"
                "してもらい、年度が終わる前に確定した数値なら --before-year-end を付けてください。"
            )
        case Obstacle.NO_EVALUATION_REASON:
            return hint
    return f"{hint}ファイルの数値が要らなければ消してください。"
