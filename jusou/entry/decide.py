"""Whether a row may be recorded: one pure rule for add, enter, note and import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from jusou.entry.plausibility import doubts_about, doubts_about_change
from jusou.errors import JusouError
from jusou.logs import slots
from jusou.logs.cells import check_published
from jusou.logs.dataset import Dataset, Note, bare_evaluation
from jusou.logs.revisions import fold_revisions, on_what_stood
from jusou.logs.schema import (
    NOTE_FIELDS,
    REPORTED,
    TEXT_ITEMS,
    Actual,
    Basis,
    Item,
    ReviewNote,
    Revision,
)
from jusou.logs.slots import Standing
from jusou.plan.model import check_log_year, check_plan_year
from jusou.values.dates import wareki
from jusou.values.text import plain_text, quote


class Verdict(StrEnum):
    """What becomes of a row; an import counts by these words, and alone knows 取込済 and 要確認."""

    NEW = "新規"
    CORRECTED = "訂正"
    SAME = "同じ"
    EARLIER = "取込済"
    CONFLICT = "食い違い"
    SUSPICIOUS = "要確認"
    REFUSED = "取込不可"

    @property
    def is_written(self) -> bool:
        return self in (Verdict.NEW, Verdict.CORRECTED)

    @property
    def is_blocking(self) -> bool:
        """Tell whether a person has to do something first."""
        return self in (Verdict.CONFLICT, Verdict.SUSPICIOUS, Verdict.REFUSED)


class Obstacle(StrEnum):
    """Why a row is not recorded as it is. What helps against it is for each front end to say."""

    ANOTHER_STANDS = "another_stands"
    CLOSED = "closed"
    BLOCKED = "blocked"
    NO_REASON = "no_reason"
    NO_EVALUATION_REASON = "no_evaluation_reason"
    YEAR_NOT_OVER = "year_not_over"
    NOTHING_STANDS = "nothing_stands"
    NOT_DECIDED_YET = "not_decided_yet"
    OUT_OF_ORDER = "out_of_order"


FIGURE = "figure"
PUBLICATION = "publication"
_REPLACE_HINT = "正しい日に置き換える場合は、--correct を付けてください。"
EVERYTHING = frozenset((FIGURE, *NOTE_FIELDS))


class Permission(NamedTuple):
    """What the person allows.

    ``correct`` names what may take the place of what stands: the figure, texts by their field, or
    the 公表日 of a decision;
    ``reason`` is why, as it will be printed: without it the remark of a figure has to say it.
    ``before_year_end`` allows a 確定 while its year goes on, ``ahead`` a decision that is to come.
    """

    correct: frozenset[str] = frozenset()
    reason: str = ""
    before_year_end: bool = False
    ahead: bool = False


R = TypeVar("R", Actual, ReviewNote, Revision)


@dataclass(frozen=True, slots=True)
class Decision(Generic[R]):
    """What becomes of a row, given what stands.

    ``row`` is what would be recorded: of a figure that only adds to the one that ``stands``, or
    follows from it, with what still holds. ``doubts`` are what a careful colleague would ask.
    With an ``obstacle``, ``message`` and ``hint`` say what is in the way. ``parts`` are the
    decisions on the single texts of a note, by field.
    """

    verdict: Verdict
    row: R
    stands: Actual | None = None
    doubts: tuple[str, ...] = ()
    obstacle: Obstacle | None = None
    message: str = ""
    hint: str = ""
    parts: Mapping[str, Decision[R]] = field(default_factory=dict)


class RefusedError(JusouError):
    """A row may not be recorded as it is; ``decision`` says what stands in the way.

    ``remedy`` is what helps in the front end at hand.
    """

    def __init__(
        self,
        decision: Decision[Actual] | Decision[ReviewNote] | Decision[Revision],
        remedy: str = "",
    ) -> None:
        super().__init__(decision.message, f"{decision.hint}{remedy}")
        self.decision = decision


def decide(dataset: Dataset, row: R, permission: Permission, today: date) -> Decision[R]:
    """Return what becomes of a row. Raises JusouError for a year that the plan does not have."""
    if isinstance(row, Revision):
        return _decide_revision(dataset, row, permission, today)
    if isinstance(row, ReviewNote):
        check_plan_year(dataset.plan, row.year)
        return _decide_note(dataset, row, permission)
    check_log_year(dataset.plan, row.year)
    decision = _decide_figure(dataset, row, permission, today)
    stands = decision.stands
    if not decision.verdict.is_written or (stands and slots.only_adds(stands, row)):
        return decision  # nothing is said of a figure that was not said before
    return replace(decision, doubts=doubts_about(dataset, decision.row, today))


def _decide_figure(
    dataset: Dataset, row: Actual, permission: Permission, today: date
) -> Decision[Actual]:
    indicator = dataset.plan.indicators[row.indicator]
    standing = dataset.standing(row.year, indicator)
    if row.basis is Basis.CANCELLED:
        return _decide_cancelling(standing, row, permission.reason)
    stands, closing = standing.beside(row), standing.closing

    def refused(obstacle: Obstacle, message: str, hint: str = "") -> Decision[Actual]:
        another = obstacle is Obstacle.ANOTHER_STANDS
        verdict = Verdict.CONFLICT if another else Verdict.REFUSED
        return Decision(verdict, row, stands, (), obstacle, message, hint)

    correct = FIGURE in permission.correct
    if stands and slots.says_no_more(stands, _without_reason(stands, row, permission)):
        if correct and permission.reason and _lacks_reason(dataset, stands):
            return Decision(Verdict.NEW, stands._replace(reason=permission.reason), stands)
        return Decision(Verdict.SAME, row, stands)
    if row.basis.is_closing:
        early = row.basis in REPORTED and not row.year.has_ended(today)
        if early and not permission.before_year_end:
            year, over = row.year, dataset.plan.year_of(today).previous
            message = (
                f"{year}（{year.long_name}）は{wareki(year.last_day)}まで続いています。"
                f"{row.basis}の数値はまだ記録できません。"
            )
            hint = f"{over}（{over.long_name}）の数値ではありませんか。"
            return refused(Obstacle.YEAR_NOT_OVER, message, hint)
    elif closing:
        message = (
            f"{row.year} {row.indicator} には「{slots.figure_words(indicator, closing)}」が"
            f"あるため、{row.basis} は記録できません。"
        )
        if closing.value is None or not row.year.has_ended(today):
            hint = f"先に「{closing.basis}」を取り消してください（中間と見込も空になります）。"
            return refused(Obstacle.BLOCKED, message, hint)
        hint = "年度末の数値を直す場合は、区分を 確定 か 速報 にしてください。"
        return refused(Obstacle.CLOSED, message, hint)
    if stands is None:
        return Decision(Verdict.NEW, row)
    if slots.only_adds(stands, row):
        return Decision(Verdict.NEW, slots.completed(stands, row), stands)
    if slots.settles(stands, row):
        return Decision(Verdict.NEW, slots.carried(stands, row), stands)
    if not correct:
        place = f"（{stands.path}:{stands.line}）" if stands.path else ""
        words = slots.figure_words(indicator, stands)
        message = f"{row.year} {row.indicator} には、すでに「{words}」が記録されています{place}。"
        return refused(Obstacle.ANOTHER_STANDS, message)
    if not (permission.reason or row.remark):
        return refused(Obstacle.NO_REASON, "訂正の理由がありません。")
    return Decision(Verdict.CORRECTED, row._replace(reason=permission.reason), stands)


def _without_reason(stands: Actual, row: Actual, permission: Permission) -> Actual:
    """Return a figure without a remark that is the reason of a correction: it says no more then.

    Beside a figure that has a remark it does: so a remark is corrected.
    """
    is_reason = FIGURE in permission.correct and not permission.reason
    if is_reason and row.value is not None and not stands.remark:
        return row._replace(remark="")
    return row


def _lacks_reason(dataset: Dataset, stands: Actual) -> bool:
    """Tell whether a figure took the place of another one without a reason that can be printed."""
    slot = slots.slot_of(stands)
    own = (each for each in dataset.rows.actuals if slots.slot_of(each) == slot)
    return not stands.reason and any(each.value != stands.value for each in own)


def _decide_cancelling(standing: Standing, row: Actual, reason: str) -> Decision[Actual]:
    if standing.shown is None:
        message = f"{row.year} {row.indicator} には、取り消す数値がありません。"
        hint = f"jusou history {row.indicator} で、これまでの記録を確かめられます。"
        obstacle = Obstacle.NOTHING_STANDS
        return Decision(Verdict.REFUSED, row, None, (), obstacle, message, hint)
    if not (reason or row.remark):
        message = "取消の理由がありません。"
        return Decision(Verdict.REFUSED, row, standing.shown, (), Obstacle.NO_REASON, message)
    return Decision(Verdict.NEW, row._replace(reason=reason), standing.shown)


def _decide_revision(
    dataset: Dataset, row: Revision, permission: Permission, today: date
) -> Decision[Revision]:
    """Decide on a change of the plan; that its year went on when it was decided, its reader knows.

    The row gets what it changes, as it stands with all that was recorded before.
    """
    row = on_what_stood(dataset.plan.indicators[row.indicator], row, dataset.changes)
    _, problems = fold_revisions(dataset.plan, (*dataset.rows.revisions, row))

    def refused(obstacle: Obstacle, message: str, hint: str) -> Decision[Revision]:
        return Decision(Verdict.REFUSED, row, None, (), obstacle, message, hint)

    if row.decided_on > today and not permission.ahead:
        message = f"決定日（{wareki(row.decided_on)}）は、まだ来ていません。"
        return refused(Obstacle.NOT_DECIDED_YET, message, "決定日を確かめてください。")
    if problems:
        return refused(Obstacle.OUT_OF_ORDER, problems[0].message, problems[0].hint)
    if row.published_on:
        check_published(row.published_on, row.decided_on, None if permission.ahead else today)
    if row.item is Item.PUBLISHED:
        return _decide_publication(dataset, row, permission)
    before, after = (row.before, row.after) if row.after is not None else row.texts
    if before == after and row.item in (Item.TARGET, Item.BASELINE, *TEXT_ITEMS):
        return Decision(Verdict.SAME, row)
    return Decision(Verdict.NEW, row, doubts=doubts_about_change(dataset, row, today))


def _decide_publication(
    dataset: Dataset, row: Revision, permission: Permission
) -> Decision[Revision]:
    """Decide on a later 公表日: one that was recorded is replaced on purpose only."""
    pairs = zip(dataset.changes, dataset.with_change(row).changes, strict=True)
    changed = [before.published_on for before, after in pairs if before != after]
    if not changed:
        return Decision(Verdict.SAME, row)
    replaced = next(filter(None, changed), None)
    if replaced is None:
        return Decision(Verdict.NEW, row)
    message = f"{wareki(row.decided_on)}の決定には、公表日（{wareki(replaced)}）があります。"
    if PUBLICATION not in permission.correct:
        return Decision(
            Verdict.CONFLICT, row, None, (), Obstacle.ANOTHER_STANDS, message, _REPLACE_HINT
        )
    return Decision(Verdict.CORRECTED, row, doubts=(f"{message}置き換えます。",))


def _decide_note(dataset: Dataset, row: ReviewNote, permission: Permission) -> Decision[ReviewNote]:
    """Decide on the texts of a note, each and together; its row keeps those that say something."""
    stands = dataset.note(row.year, row.subject)
    parts = {name: _decide_text(stands, row, name, permission) for name in row.texts}
    changed = {name: text for name, text in row.texts.items() if parts[name].verdict.is_written}
    kept = row._replace(texts=changed)
    if lack := _lack_of_reason(stands, row, changed, permission):
        message, hint = lack
        obstacle = Obstacle.NO_EVALUATION_REASON
        refused = Decision(Verdict.REFUSED, kept, None, (), obstacle, message, hint)
        concerned = {"evaluation", "evaluation_reason"} & changed.keys()
        parts |= {name: replace(refused, row=parts[name].row) for name in concerned}
        return replace(refused, parts=parts)
    blocked = next((part for part in parts.values() if part.obstacle), None)
    if blocked:
        return replace(blocked, row=kept, parts=parts)
    return Decision(Verdict.NEW if changed else Verdict.SAME, kept, parts=parts)


def _lack_of_reason(
    stands: Note, row: ReviewNote, changed: Mapping[str, str], permission: Permission
) -> tuple[str, str] | None:
    """Return what to say where an 評価 would have no 評価理由, or one given before it.

    A reason that is said again counts as given with the 評価 only where the person names it.
    """
    merged = stands._replace(**changed)
    if not merged.evaluation or not {"evaluation", "evaluation_reason"} & changed.keys():
        return None
    if bare := bare_evaluation(merged):
        return bare, "評価理由も入力するか、評価も消してください。"
    named = "evaluation_reason" in row.texts and "evaluation_reason" in permission.correct
    if "evaluation" in changed and "evaluation_reason" not in changed and not named:
        message = f"評価「{merged.evaluation}」の評価理由が、以前に入力されたもののままです。"
        return message, "評価と評価理由は、いっしょに入力してください。"
    return None


def _decide_text(
    stands: Note, row: ReviewNote, name: str, permission: Permission
) -> Decision[ReviewNote]:
    """Decide on one text: nothing that was written is replaced but on purpose."""
    before: str = getattr(stands, name)
    alone = row._replace(texts={name: row.texts[name]})
    if not before:
        return Decision(Verdict.NEW if row.texts[name] else Verdict.SAME, alone)
    if plain_text(before) == plain_text(row.texts[name]):
        return Decision(Verdict.SAME, alone)
    if name in permission.correct:
        return Decision(Verdict.CORRECTED, alone)
    message = f"{row.subject} の{NOTE_FIELDS[name]}には、すでに{quote(before)}が記録されています。"
    return Decision(Verdict.CONFLICT, alone, None, (), Obstacle.ANOTHER_STANDS, message)
