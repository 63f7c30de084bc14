"""One claim against what stands: taken, the same, or why it has to be asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from jusou.entry.decide import Entry, Refusal, RefusedError, row_to_record
from jusou.entry.plausibility import suspicions
from jusou.forms.incoming.claims import Claim
from jusou.forms.layout import DOUBTED_LENGTH
from jusou.logs import slots as standing
from jusou.logs.cells import plain_text
from jusou.logs.dataset import Dataset
from jusou.logs.schema import REPORTED, Actual, ReviewNote


class Outcome(StrEnum):
    """What an import would do with one claim."""

    NEW = "新規"
    CORRECTED = "訂正"
    SAME = "同じ"
    EARLIER = "取込済"
    CONFLICT = "食い違い"
    SUSPICIOUS = "要確認"
    REFUSED = "取込不可"

    @property
    def is_written(self) -> bool:
        return self in (Outcome.NEW, Outcome.CORRECTED)

    @property
    def is_blocking(self) -> bool:
        """Tell whether a person has to do something first."""
        return self in (Outcome.CONFLICT, Outcome.SUSPICIOUS, Outcome.REFUSED)


@dataclass(frozen=True, slots=True)
class Allowed:
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


@dataclass(frozen=True, slots=True)
class Change:
    """One claim and its outcome; ``before`` is what stands, ``after`` what the file says.

    ``row`` is what would be written; ``reason`` is why it is not, ``hint`` how to go on.
    """

    claim: Claim
    before: str
    after: str
    row: Actual | ReviewNote
    outcome: Outcome = Outcome.NEW
    reason: str = ""
    hint: str = ""


def judge_claim(dataset: Dataset, claim: Claim, allowed: Allowed, today: date) -> Change:
    """Return what an import would do with a claim that no other file contradicts."""
    change = change_of(dataset, claim)
    if isinstance(claim.row, Actual):
        return _judge_figure(dataset, change, claim.row, allowed, today)
    if plain_text(change.before) == plain_text(change.after):
        return replace(change, outcome=Outcome.SAME)
    if change.before:
        if allowed.corrects(claim):
            return replace(change, outcome=Outcome.CORRECTED)
        return _conflict(change, "すでに別の文が記録されています。")
    return _doubtful(change, allowed, _too_long(claim.title, change.after))


def change_of(dataset: Dataset, claim: Claim) -> Change:
    """Return a claim beside what stands, as if nothing spoke against it."""
    row = claim.row
    if isinstance(row, Actual):
        stands = standing.standing_row(dataset, row)
        words = standing.figure_words
        return Change(claim, words(dataset, stands), words(dataset, row), row)
    ((name, text),) = row.texts.items()
    return Change(claim, getattr(dataset.note(row.year, row.subject), name), text, row)


def _judge_figure(
    dataset: Dataset, change: Change, row: Actual, allowed: Allowed, today: date
) -> Change:
    stands = standing.standing_row(dataset, row)
    if stands and standing.says_no_more(stands, row):
        return replace(change, outcome=Outcome.SAME)
    if refused := _refusal(dataset, row, allowed, today):
        hint = _way_out(refused)
        return replace(change, outcome=Outcome.REFUSED, reason=refused.message, hint=hint)
    if stands and standing.only_adds(stands, row):
        return replace(change, row=standing.completed(stands, row))
    if stands and not standing.settles(stands, row):
        if allowed.corrects(change.claim):
            corrected = standing.corrected(row, allowed.reason)
            return replace(change, outcome=Outcome.CORRECTED, row=corrected)
        where = f"（{stands.path}:{stands.line}）" if stands.path else ""
        what = "内容" if stands.value == row.value else "数値"
        return _conflict(change, f"すでに別の{what}が記録されています{where}。")
    if stands:
        change = replace(change, row=standing.carried(stands, row))
    # Who allows a figure before the year's end has answered that doubt.
    day = date.max if allowed.before_year_end and row.basis in REPORTED else today
    doubts = (*suspicions(dataset, row, day), *_too_long("備考", row.remark))
    return _doubtful(change, allowed, doubts)


def _too_long(title: str, text: str) -> tuple[str, ...]:
    if len(text) <= DOUBTED_LENGTH:
        return ()
    return (f"{title}が{len(text):,}字あります。別の文を貼り付けていませんか。",)


def _doubtful(change: Change, allowed: Allowed, doubts: Sequence[str]) -> Change:
    subject = change.claim.subject
    if subject in allowed.suspicious or not doubts:
        return change
    hint = f"確かめて正しければ、--accept-suspicious {subject} を付けてください。"
    return replace(change, outcome=Outcome.SUSPICIOUS, reason="".join(doubts), hint=hint)


def _refusal(dataset: Dataset, row: Actual, allowed: Allowed, today: date) -> RefusedError | None:
    """Return why a figure may not be recorded, whatever stands in its own slot."""
    over = allowed.before_year_end
    entry = Entry(row.year, row.indicator, remark="-", correct=True, before_year_end=over)
    try:
        row_to_record(dataset, row, entry, today)
    except RefusedError as refused:
        return refused
    return None


def _conflict(change: Change, reason: str) -> Change:
    hint = (
        f"今の記録は「{change.before}」、ファイルは「{change.after}」です。ファイルが正しければ "
        f"--correct {change.claim.subject}:{change.claim.title} --reason 理由 を付けてください。"
    )
    return replace(change, outcome=Outcome.CONFLICT, reason=reason, hint=hint)


def _way_out(refused: RefusedError) -> str:
    if refused.refusal is Refusal.YEAR_NOT_OVER:
        return (
            f"{refused.hint}途中の数値なら、表では区分を 見込 に、照会票なら中間実績照会票に"
            "してもらい、年度が終わる前に確定した数値なら --before-year-end を付けてください。"
        )
    return f"{refused.hint}ファイルの数値が要らなければ消してください。"
