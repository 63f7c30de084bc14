"""The data of a workspace, loaded and checked: what stands, and which targets were in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from jusou.errors import Problem, Severity
from jusou.logs.schema import NOTHING, Note, ReviewNote, Revision, Standing
from jusou.plan.model import Indicator, Plan
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear

Targets = Mapping[FiscalYear, Decimal | None]
_NO_NOTE = Note()


@dataclass(frozen=True, slots=True)
class Dataset:
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
        return _apply(indicator, self.revisions_for(indicator, review_year))

    def revisions_for(self, indicator: Indicator, review_year: FiscalYear) -> tuple[Revision, ...]:
        """The revisions of an indicator that the review of a year takes into account, in order."""
        return tuple(
            each
            for each in self.revisions
            if each.indicator == indicator.id and each.decided_on <= review_year.last_day
        )

    def last_count(self, indicator: Indicator, year: FiscalYear) -> tuple[str, Decimal] | None:
        """The latest figure before a year, with the name of its year; else the baseline."""
        for each in reversed(self.plan.log_years):
            row = self.standing(each, indicator).reported
            if each < year and row and row.value is not None:
                return str(each), row.value
        if indicator.baseline is None:
            return None
        return self.plan.info.baseline_name, indicator.baseline

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

    Added to ``problems``: a 変更前 that is not what stood, and a 決定日 before that of an earlier
    row on the same target, for a review takes the decisions up to a day.
    """
    stood = {key: dict(indicator.targets) for key, indicator in plan.indicators.items()}
    decided: dict[tuple[str, FiscalYear], date] = {}
    kept = []
    for revision in revisions:
        key = (revision.indicator, revision.year)
        before = stood[revision.indicator].get(revision.year)
        if revision.before != before:
            message = (
                f"変更前（{_shown(revision.before)}）が、{revision.indicator} の "
                f"{revision.year} の目標値 {_shown(before)} と違います。"
            )
            hint = "変更前には、その時点の目標値を入力してください。"
            problems.append(_wrong(revision, "変更前", message, hint))
        last = decided.get(key, revision.decided_on)
        if revision.decided_on < last:
            message = (
                f"決定日（{wareki(revision.decided_on)}）が、{revision.indicator} の "
                f"{revision.year} の前の変更（{wareki(last)}）より前です。"
            )
            hint = "決定日を確かめ、決定した順に書いてください。"
            problems.append(_wrong(revision, "決定日", message, hint))
        stood[revision.indicator][revision.year] = revision.after
        decided[key] = max(last, revision.decided_on)
        kept.append(revision)
    return tuple(kept)


def _wrong(revision: Revision, column: str, message: str, hint: str) -> Problem:
    place = revision.place
    return Problem(Severity.ERROR, place.path, place.line, column, message, hint)


def _shown(value: Decimal | None) -> str:
    return "空欄" if value is None else f"{value:f}"
