"""The claims of all files → changes: what an import would do, settled before it does any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from jusou.entry.decide import FIGURE, Decision, Obstacle, Permission, Verdict, decide
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

    def permission(self, claims: Iterable[Claim]) -> Permission:
        """Return what is allowed of the items that claims of one subject speak of."""
        correct = {FIELDS.get(each.title, FIGURE) for each in claims if self.corrects(each)}
        return Permission(frozenset(correct), self.reason, self.before_year_end)


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
    stood already, so an import that was interrupted and is made again comes to the same.
    """
    wanted = _wanted_again(dataset, fresh, earlier, allowed, today)
    claims = [*fresh, *wanted]
    figures = [each for each in claims if isinstance(each.row, Actual)]
    texts = [each for each in claims if isinstance(each.row, ReviewNote)]
    changes: list[Change] = []
    after = dataset
    for group in sorted(_by_slot(figures), key=_rank):
        settled = _settle(after, group, allowed, today)
        changes += settled
        for change in settled:
            if change.verdict.is_written and isinstance(change.row, Actual):
                after = after.with_row(change.row)
    changes += _settle_texts(dataset, texts, allowed, today)
    told = {claim.slot for claim in claims}
    for claim in (each for claims in earlier for each in claims):
        if claim.slot not in told:
            change = judge(dataset, claim, Allowed(), today)
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
        return judge(dataset, claim, Allowed(), today).verdict is Verdict.SAME

    wanted: list[Claim] = []
    for subject in sorted({subject for subject, _ in allowed.correct}):
        said = [
            [each for each in claims if each.subject == subject and is_wanted(each)]
            for claims in earlier
        ]
        said = [claims for claims in said if claims]
        if not any(all(map(is_same, claims)) for claims in said):
            wanted += said[-1] if said else []
    return wanted


def _by_slot(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Group the claims that speak of the same."""
    groups: dict[Slot, list[Claim]] = {}
    for claim in claims:
        groups.setdefault(claim.slot, []).append(claim)
    return list(groups.values())


def _rank(claims: Sequence[Claim]) -> tuple[FiscalYear, int]:
    """Order figures: what a closing figure shuts out comes before it."""
    row = claims[0].row
    assert isinstance(row, Actual)
    return row.year, 2 if row.basis.is_closing else 1 if row.basis is Basis.FORECAST else 0


def _settle(
    dataset: Dataset, claims: Sequence[Claim], allowed: Allowed, today: date
) -> list[Change]:
    """Return the one change of a slot; a conflict for each claim when they disagree."""
    first, *others = claims
    for claim in others:
        if not _agree(first, claim):
            return [_clash(dataset, each, claims) for each in claims]
        if isinstance(first.row, Actual) and isinstance(claim.row, Actual):
            first = first._replace(row=slots.completed(first.row, claim.row))
    return [judge(dataset, first, allowed, today)]


def _agree(one: Claim, other: Claim) -> bool:
    if isinstance(one.row, Actual) and isinstance(other.row, Actual):
        return slots.only_adds(one.row, other.row)
    return one.row == other.row


def _clash(dataset: Dataset, claim: Claim, claims: Sequence[Claim]) -> Change:
    """Return a claim beside one that says otherwise."""
    others = [each for each in claims if each is not claim]
    other = next((each for each in others if not _agree(each, claim)), others[0])
    before, after = words_of(dataset, claim)
    reason = f"{other.place} では「{words_of(dataset, other)[1]}」です。"
    hint = "正しいほうのファイルだけを残し、もう一方を移してから取り込んでください。"
    return Change(claim, before, after, claim.row, Verdict.CONFLICT, reason, hint)


def _settle_texts(
    dataset: Dataset, claims: Sequence[Claim], allowed: Allowed, today: date
) -> Iterator[Change]:
    """Yield the changes of texts, decided subject by subject: an 評価 goes with its reason."""
    subjects: dict[tuple[FiscalYear, str], list[list[Claim]]] = {}
    for group in _by_slot(claims):
        subjects.setdefault((group[0].row.year, group[0].subject), []).append(group)
    for (year, subject), groups in sorted(subjects.items(), key=lambda item: item[0][0]):
        clear = [group[0] for group in groups if all(_agree(group[0], each) for each in group)]
        texts = {name: text for each in clear for name, text in _texts(each).items()}
        note = ReviewNote(year, subject, texts)
        parts = decide(dataset, note, allowed.permission(clear), today).parts
        for group in groups:
            if group[0] in clear:
                yield _change(dataset, group[0], parts[FIELDS[group[0].title]], allowed)
            else:
                yield from (_clash(dataset, each, group) for each in group)


def judge(dataset: Dataset, claim: Claim, allowed: Allowed, today: date) -> Change:
    """Return what an import would do with a claim that stands alone."""
    permission = allowed.permission([claim])
    if isinstance(claim.row, ReviewNote):
        parts = decide(dataset, claim.row, permission, today).parts
        return _change(dataset, claim, parts[FIELDS[claim.title]], allowed)
    # Who allows a figure before the year's end has answered that doubt.
    day = date.max if allowed.before_year_end and claim.row.basis in REPORTED else today
    return _change(dataset, claim, decide(dataset, claim.row, permission, day), allowed)


def _change(
    dataset: Dataset,
    claim: Claim,
    decision: Decision[Actual] | Decision[ReviewNote],
    allowed: Allowed,
) -> Change:
    """Return a decision on a claim as a change; doubts stop it until they are answered."""
    before, after = words_of(dataset, claim)
    change = Change(claim, before, after, decision.row, decision.verdict)
    if decision.obstacle:
        return change._replace(reason=decision.message, hint=_way_out(claim, decision))
    doubts = decision.doubts
    if decision.verdict is Verdict.NEW:
        remark = claim.row.remark if isinstance(claim.row, Actual) else after
        if len(remark) > DOUBTED_LENGTH:
            title = REMARK if isinstance(claim.row, Actual) else claim.title
            long = f"{title}が{len(remark):,}字あります。別の文を貼り付けていませんか。"
            doubts = (*doubts, long)
        if doubts and claim.subject not in allowed.suspicious:
            hint = f"確かめて正しければ、--accept-suspicious {claim.subject} を付けてください。"
            reason = "".join(doubts)
            return change._replace(verdict=Verdict.SUSPICIOUS, reason=reason, hint=hint)
    return change


def words_of(dataset: Dataset, claim: Claim) -> tuple[str, str]:
    """Return what stands and what a claim says, as a person reads them."""
    row = claim.row
    if isinstance(row, Actual):
        indicator = dataset.plan.indicators[row.indicator]
        stands = dataset.standing(row.year, indicator).beside(row)
        return slots.figure_words(indicator, stands), slots.figure_words(indicator, row)
    ((name, text),) = row.texts.items()
    return getattr(dataset.note(row.year, row.subject), name), text


def _texts(claim: Claim) -> dict[str, str]:
    assert isinstance(claim.row, ReviewNote)
    return dict(claim.row.texts)


def _way_out(claim: Claim, decision: Decision[Actual] | Decision[ReviewNote]) -> str:
    """Return how to go on from an obstacle in an import."""
    match decision.obstacle:
        case Obstacle.ANOTHER_STANDS:
            option = f"--correct {claim.subject}:{claim.title} --reason 理由"
            return f"ファイルが正しければ {option} を付けてください。"
        case Obstacle.YEAR_NOT_OVER:
            return (
                f"{decision.hint}途中の数値なら、表では区分を 見込 に、照会票なら中間実績照会票に"
                "してもらい、年度が終わる前に確定した数値なら --before-year-end を付けてください。"
            )
        case Obstacle.NO_EVALUATION_REASON:
            return decision.hint
    return f"{decision.hint}ファイルの数値が要らなければ消してください。"
