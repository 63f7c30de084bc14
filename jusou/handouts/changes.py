"""What changed since a handout: two reviews as plain data, and the rows behind the difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from jusou.handouts.manifest import Handout, Place, rows_since
from jusou.logs.dataset import Dataset, Rows, fold_notes
from jusou.logs.revisions import fold_revisions
from jusou.logs.schema import NOTE_FIELDS, Actual, Basis, Item, ReviewNote, Revision
from jusou.logs.slots import NOTHING, Standing, fold_actuals
from jusou.plan.model import Plan
from jusou.values.fiscal_year import FiscalYear
from jusou.values.moments import parse_moment

R = TypeVar("R", Actual, ReviewNote, Revision)
Plain = Mapping[str, Any]
Figure = tuple[FiscalYear, str]


class Kind(StrEnum):
    """区分: what a change is. Only a 訂正 says that what was printed was wrong."""

    CORRECTED = "訂正"
    SETTLED = "確定"
    ADDED = "追加"
    UPDATED = "更新"
    TARGET = "目標変更"
    TEXT = "記述の修正"
    NEW_TEXT = "記述の追加"
    OTHER = "計画・計算の変更"
    """A decision on something else than a target; or no row says why, for the plan was edited or
    another version computed it."""


class Change(NamedTuple):
    """What was printed of a subject, and what would be now; each a tuple of plain data.

    ``subject`` is an id, empty for the plan as a whole; ``year`` is that of the figure. What only
    ``follows`` from another change has the kinds of all that it may follow from, and no reason.
    """

    kinds: tuple[Kind, ...]
    subject: str
    year: FiscalYear
    field: str
    before: tuple[Any, ...]
    after: tuple[Any, ...]
    follows: bool = False
    reason: str = ""
    day: date | None = None


# What is compared, by the keys of review.json: the figures, and what follows from them.
OF_INDICATOR: Mapping[str, tuple[str, ...]] = {
    "target": ("target",),
    "actual": ("actual", "status", "basis"),
    "parts": ("numerator", "denominator"),
    "previous": ("previous",),
    "attainment": ("attainment", "unrated_reason"),
    "rating": ("rating",),
    "vs-previous": ("vs_previous",),
    "vs-baseline": ("vs_baseline",),
    "progress": ("progress",),
    "final-progress": ("final_progress",),
    "vs-final-target": ("vs_final_target",),
    "plan-to-date": ("plan_to_date",),
}
_COUNTED: Mapping[str, tuple[str, ...]] = {
    "met": ("met", "reported"),
    "ratings": ("ratings",),
    "forecast": ("forecast",),
    "pending": ("pending",),
    "excluded": ("excluded",),
    "mean": ("capped_mean", "mean_of"),
}
_OF_PLAN: Mapping[str, tuple[str, ...]] = {
    **_COUNTED,
    "moves": ("improved", "worsened", "unchanged", "incomparable"),
}
# What a row of revisions is; what was typed by mistake should not have been printed.
_DECIDED = {Item.TARGET: Kind.TARGET, Item.CANCELLED: Kind.CORRECTED}
_SETTLED = (Basis.FINAL, Basis.NOT_APPLICABLE, Basis.NOT_MEASURABLE)


class _Cause(NamedTuple):
    kind: Kind
    reason: str = ""
    day: date | None = None


def changes_since(handout: Handout, now: Plain, dataset: Dataset) -> list[Change]:
    """Return what differs from a handout in the review ``now``, in the plan's order.

    ``dataset`` is what that review was made from, with the digests of its rows.
    """
    causes = _Causes(dataset, rows_since(dataset.row_digests, handout.logs))
    return [*_figures(handout.review, now, causes), *_texts(handout.review, now, causes)]


def figures_between(
    before: Plain, now: Plain, dataset: Dataset, since: frozenset[Place] = frozenset()
) -> list[Change]:
    """Return the figures that differ between two reviews, given which rows came in between."""
    return [*_figures(before, now, _Causes(dataset, since))]


class Remade(NamedTuple):
    """The data as they were at a handout, and the same but for the figures that were wrong then.

    So what follows from an error is told from what has come in since. ``reasons`` say of each
    error why, as papers print it; ``mistyped`` the same, by indicator, of decisions that were
    recorded by mistake.
    """

    printed: Dataset
    right: Dataset
    reasons: Mapping[Figure, str]
    mistyped: Mapping[str, str]


def remade(handout: Handout, plan: Plan, dataset: Dataset) -> Remade:
    """Return the data behind a handout once more, given its plan and what the logs hold now.

    In it indicators have the ids that they have now, as the rows do.
    """
    ids = dataset.plan.former_ids
    programmes = (
        each._replace(
            indicators=tuple(one._replace(id=ids.get(one.id, one.id)) for one in each.indicators)
        )
        for each in plan.programmes
    )
    plan = replace(plan, programmes=tuple(programmes))
    since = rows_since(dataset.row_digests, handout.logs)
    wrong = {
        key: cause.reason
        for key, cause in _Causes(dataset, since).figures.items()
        if cause.kind is Kind.CORRECTED
    }
    rows = dataset.rows

    def earlier(own: Iterable[R]) -> tuple[R, ...]:
        return tuple(row for row in own if (row.path, row.line) not in since)

    actuals, notes = earlier(rows.actuals), earlier(rows.notes)
    revisions = earlier(rows.revisions)
    printed = replace(
        dataset,
        plan=plan,
        rows=Rows(actuals, notes, revisions),
        standings=fold_actuals(actuals),
        texts=fold_notes(notes),
        changes=fold_revisions(plan, revisions)[0],
        corrected={},
    )
    standings = {key: dataset.standings.get(key, NOTHING) for key in wrong}
    cancelled = [
        row
        for row in rows.revisions
        if (row.path, row.line) in since and row.item is Item.CANCELLED
    ]
    right = replace(
        printed,
        rows=printed.rows._replace(revisions=(*revisions, *cancelled)),
        standings={**printed.standings, **standings},
        changes=fold_revisions(plan, (*revisions, *cancelled))[0],
    )
    mistyped = {row.indicator: row.reason for row in cancelled}
    return Remade(printed, right, wrong, mistyped)


def corrected_figures(
    dataset: Dataset, year: FiscalYear, handouts: Sequence[Handout]
) -> dict[Figure, date]:
    """Return the figures that a paper of ``year`` marks as corrected, and when the former was out.

    Those of the year itself since its newest handout; those of the year before, which stand beside
    them, since any of that year.
    """
    found: dict[Figure, date] = {}
    year = dataset.plan.own(year)
    for each, papers in ((year, 1), (year.previous, None)):
        own = [handout for handout in handouts if handout.pack == str(each)]
        for handout in own[-papers:] if papers else own:
            for printed in handout.review["indicators"]:
                indicator = dataset.plan.indicators.get(printed["id"])
                if indicator is None or printed["basis"] != Basis.FINAL:
                    continue
                row = dataset.standing(each, indicator).closing
                if row and row.basis is Basis.FINAL and row.value != printed["actual"]:
                    found[each, indicator.id] = handout.day
    return found


class _Causes:
    """Why a figure or a text is another than it was: the rows that were recorded since."""

    def __init__(self, dataset: Dataset, since: frozenset[Place]) -> None:
        rows = dataset.rows
        self.plan = dataset.plan

        def is_new(row: Actual | ReviewNote | Revision) -> bool:
            return (row.path, row.line) in since

        before = fold_actuals(row for row in rows.actuals if not is_new(row))
        said: dict[Figure, Actual] = {}
        for row in filter(is_new, rows.actuals):
            last = said.get((row.year, row.indicator))
            reason = row.reason or (last.reason if last and last.value == row.value else "")
            said[row.year, row.indicator] = row._replace(reason=reason)
        self.figures = {
            key: _Cause(kind, row.reason, _day(row.recorded_at))
            for key, row in said.items()
            if (kind := _kind(before.get(key, NOTHING), dataset.standings.get(key, NOTHING)))
        }
        decided = [row for row in rows.revisions if is_new(row) and row.item is not Item.PUBLISHED]
        self.targets = {
            (row.year, row.indicator): _decided(row)
            for row in sorted(decided, key=lambda it: it.item in _DECIDED)
        }
        self.texts = {
            (row.year, row.subject, name): _day(row.recorded_at)
            for row in filter(is_new, rows.notes)
            for name in row.texts
        }

    def of(self, indicators: Iterable[str]) -> tuple[Kind, ...]:
        """Return the kinds of all that changed about some indicators."""
        wanted = {*indicators}
        causes = [
            cause.kind
            for (_, indicator), cause in (*self.figures.items(), *self.targets.items())
            if indicator in wanted
        ]
        return tuple(kind for kind in Kind if kind in causes) or (Kind.OTHER,)


def _kind(before: Standing, now: Standing) -> Kind | None:
    """Return what became of a figure; None where it is what it was."""
    one, other = before.shown, now.shown
    if one and other and _said(one) == _said(other):
        return None
    if one and one.basis in _SETTLED:
        return Kind.CORRECTED
    is_preliminary = one is not None and one.basis is Basis.PRELIMINARY
    if other and other.basis in _SETTLED:
        return Kind.SETTLED if is_preliminary else Kind.ADDED
    if other and other.basis is Basis.PRELIMINARY and not is_preliminary:
        return Kind.ADDED
    return Kind.UPDATED


def _decided(row: Revision) -> _Cause:
    day = _day(row.recorded_at) if row.item is Item.CANCELLED else row.decided_on
    return _Cause(_DECIDED.get(row.item, Kind.OTHER), row.reason, day)


def _said(row: Actual) -> tuple[Any, ...]:
    return row.basis, row.value, row.numerator, row.denominator, row.as_of


def _day(recorded_at: str) -> date | None:
    moment = parse_moment(recorded_at)
    return moment.first.date() if moment else None


def _figures(before: Plain, now: Plain, causes: _Causes) -> Iterator[Change]:
    year = causes.plan.own(FiscalYear.parse(now["year"]))
    former = {each["id"]: each for each in before["indicators"]}
    for each in now["indicators"]:
        subject = each["id"]
        direct = {
            "target": causes.targets.get((year, subject)),
            "actual": causes.figures.get((year, subject)),
            "parts": causes.figures.get((year, subject)),
            "previous": causes.figures.get((year.previous, subject)),
        }
        own = causes.of([subject])
        for key, one, other in _differences(former.get(subject, {}), each, OF_INDICATOR):
            if key in direct:
                cause = direct[key] or _Cause(Kind.OTHER)
                at = year.previous if key == "previous" else year
                change = Change((cause.kind,), subject, at, key, one, other)
                yield change._replace(reason=cause.reason, day=cause.day)
            else:
                yield Change(own, subject, year, key, one, other, follows=True)
    candidates = [
        {each["id"]: (each["side"], each["kind"]) for each in review["candidates"]}
        for review in (before, now)
    ]
    for subject in (each["id"] for each in now["indicators"]):
        first, second = (found.get(subject, (None, None)) for found in candidates)
        if first != second:
            own = causes.of([subject])
            yield Change(own, subject, year, "candidate", first, second, follows=True)
    programmes = {each["id"]: each for each in before["programmes"]}
    for each in now["programmes"]:
        own = causes.of(one["id"] for one in now["indicators"] if one["programme"] == each["id"])
        for found in _differences(programmes.get(each["id"], {}), each, _COUNTED):
            yield Change(own, each["id"], year, *found, follows=True)
    everything = causes.of(each["id"] for each in now["indicators"])
    for found in _differences(before["summary"], now["summary"], _OF_PLAN):
        yield Change(everything, "", year, *found, follows=True)


def _differences(
    before: Plain, now: Plain, fields: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, tuple[Any, ...], tuple[Any, ...]]]:
    for field, keys in fields.items():
        one, other = (tuple(each.get(key) for key in keys) for each in (before, now))
        if one != other:
            yield field, one, other


def _texts(before: Plain, now: Plain, causes: _Causes) -> Iterator[Change]:
    year = causes.plan.own(FiscalYear.parse(now["year"]))
    former = {each["id"]: _written(each) for each in _subjects(before)}
    for each in _subjects(now):
        there, here = former.get(each["id"], {}), _written(each)
        for name in NOTE_FIELDS:
            one, other = there.get(name), here.get(name)
            if one != other:
                kind = Kind.TEXT if one else Kind.NEW_TEXT
                day = causes.texts.get((year, each["id"], name))
                yield Change((kind,), each["id"], year, name, (one,), (other,), day=day)


def _subjects(review: Plain) -> Iterator[Plain]:
    for programme in review["programmes"]:
        yield programme
        yield from (each for each in review["indicators"] if each["programme"] == programme["id"])
        yield from programme["initiatives"]


def _written(subject: Plain) -> dict[str, Any]:
    evaluation = subject["evaluation"] or {"mark": None, "reason": None}
    said = {"evaluation": evaluation["mark"], "evaluation_reason": evaluation["reason"]}
    return {**subject["note"], **said}
