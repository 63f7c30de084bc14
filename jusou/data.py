"""The data of a workspace, loaded and checked: what stands, and which targets were in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from jusou.errors import Problem, Severity
from jusou.fiscal_year import FiscalYear
from jusou.plan import Indicator, Plan
from jusou.records import NOTHING, Note, ReviewNote, Revision, Standing

Targets = Mapping[FiscalYear, Decimal | None]
_NO_NOTE = Note()


@dataclass(frozen=True, slots=True)
class Data:
    """Everything a review is computed from, and the warnings that its rows gave."""

    plan: Plan
    actuals: Mapping[tuple[FiscalYear, str], Standing]
    notes: Mapping[tuple[FiscalYear, str], Note]
    revisions: tuple[Revision, ...]
    warnings: tuple[Problem, ...]

    def standing(self, year: FiscalYear, indicator: Indicator) -> Standing:
        """What stands for an indicator in a year; all slots empty if nothing does."""
        return self.actuals.get((year, indicator.id), NOTHING)

    def note(self, year: FiscalYear, subject: str) -> Note:
        """The human text that stands for an indicator, programme or initiative in a year."""
        return self.notes.get((year, subject), _NO_NOTE)

    def targets(self, indicator: Indicator, review_year: FiscalYear) -> Targets:
        """The targets in force for the review of a year.

        As published, with the revisions decided up to the last day of that year (design 3).
        """
        return _apply(
            indicator,
            (each for each in self.revisions if each.decided_on <= review_year.last_day),
        )

    def targets_before(self, indicator: Indicator, review_year: FiscalYear) -> Targets:
        """The targets in force when a year began: a change inside the year is not in them."""
        return _apply(
            indicator,
            (each for each in self.revisions if each.decided_on < review_year.first_day),
        )


def _apply(indicator: Indicator, revisions: Iterable[Revision]) -> Targets:
    targets = dict(indicator.targets)
    for revision in revisions:
        if revision.indicator == indicator.id:
            targets[revision.year] = revision.after
    return targets


def fold_notes(
    rows: Iterable[ReviewNote], problems: list[Problem]
) -> dict[tuple[FiscalYear, str], Note]:
    """Merge the rows of review logs, in order: a given text replaces, an empty one clears.

    A 評価 that is left without a 評価理由 is added to ``problems``.
    """
    notes: dict[tuple[FiscalYear, str], Note] = {}
    last: dict[tuple[FiscalYear, str], ReviewNote] = {}
    for row in rows:
        key = (row.year, row.subject)
        notes[key] = replace(notes.get(key, _NO_NOTE), **row.texts)
        last[key] = row
    for key, note in notes.items():
        if note.evaluation and not note.evaluation_reason:
            place = last[key].place
            problems.append(
                Problem(
                    Severity.ERROR,
                    place.path,
                    place.line,
                    "評価理由",
                    f"{key[1]} の評価「{note.evaluation}」に評価理由がありません。",
                    "評価理由も入力してください。",
                )
            )
    return notes


def check_revisions(
    plan: Plan, revisions: Iterable[Revision], problems: list[Problem]
) -> tuple[Revision, ...]:
    """Return the revisions, in the order of the log, each against the target that stood.

    A 変更前 that is not what stood is added to ``problems``.
    """
    stood = {key: dict(indicator.targets) for key, indicator in plan.indicators.items()}
    kept = []
    for revision in revisions:
        before = stood[revision.indicator].get(revision.year)
        if revision.before != before:
            problems.append(
                Problem(
                    Severity.ERROR,
                    revision.place.path,
                    revision.place.line,
                    "変更前",
                    f"変更前（{_shown(revision.before)}）が、{revision.indicator} の "
                    f"{revision.year} の目標値 {_shown(before)} と違います。",
                    "変更前には、その時点の目標値を入力してください。",
                )
            )
        stood[revision.indicator][revision.year] = revision.after
        kept.append(revision)
    return tuple(kept)


def _shown(value: Decimal | None) -> str:
    return "空欄" if value is None else f"{value:f}"
