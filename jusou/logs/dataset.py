"""All that was read of a workspace, checked: what stands, and which targets were in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from jusou.errors import DataError, Problem
from jusou.logs.revisions import fold_revisions, revised
from jusou.logs.rows import missing_remark
from jusou.logs.schema import Actual, Basis, Import, Item, ReviewNote, Revision
from jusou.logs.slots import NOTHING, Standing, fold_actuals
from jusou.plan.model import WHOLE_PLAN, Indicator, Plan
from jusou.plan.targets import Aim, Targets, aim_of
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear


class Note(NamedTuple):
    """The human text of the review that stands for one subject and year; empty is none."""

    activity: str = ""
    cause: str = ""
    issue: str = ""
    action: str = ""
    course: str = ""
    evaluation: str = ""
    evaluation_reason: str = ""
    meeting: str = ""
    committee: str = ""
    response: str = ""
    action_status: str = ""
    follow_up: str = ""
    first_half: str = ""
    forecast_cause: str = ""
    second_half: str = ""
    next_year: str = ""
    plan_summary: str = ""
    next_plan_issues: str = ""
    handover: str = ""


class Rows(NamedTuple):
    """Every row of every log, in the order of years and lines."""

    actuals: tuple[Actual, ...] = ()
    notes: tuple[ReviewNote, ...] = ()
    revisions: tuple[Revision, ...] = ()
    imports: tuple[Import, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """All that was read: the plan, every row, what stands of them, and warnings about rows.

    ``standings`` and ``texts`` hold what stands by year and subject; use ``standing`` and
    ``note``. ``digests`` are the sha256 of the files read, by their path in the workspace.
    ``row_digests`` are those of the rows of each log, by path and line, where they were asked for.
    ``corrected`` are the figures that a paper has to mark, with the day of the meeting that was
    given another one as 確定. ``changes`` are the rows of revisions that stand.
    """

    plan: Plan
    rows: Rows
    standings: Mapping[tuple[FiscalYear, str], Standing]
    texts: Mapping[tuple[FiscalYear, str], Note]
    warnings: tuple[Problem, ...]
    digests: Mapping[str, str]
    row_digests: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    corrected: Mapping[tuple[FiscalYear, str], date] = field(default_factory=dict)
    changes: tuple[Revision, ...] = ()

    def standing(self, year: FiscalYear, indicator: Indicator) -> Standing:
        """What stands for an indicator in a year; all slots empty if nothing does."""
        return self.standings.get((year, indicator.id), NOTHING)

    def stands(self, row: Actual) -> bool:
        """Tell whether a row fills one of the slots."""
        return row in self.standings.get((row.year, row.indicator), NOTHING).rows

    def note(self, year: FiscalYear, subject: str) -> Note:
        """The human text that stands for an indicator, programme or initiative in a year."""
        return self.texts.get((year, subject), Note())

    def plan_note(self, until: FiscalYear) -> Note:
        """The latest text of each kind for the plan as a whole, of the years up to one."""
        note = Note()
        for year in self.plan.years:
            if year <= until:
                given = self.note(year, WHOLE_PLAN)._asdict()
                note = note._replace(**{name: text for name, text in given.items() if text})
        return note

    def with_row(self, row: Actual) -> Dataset:
        """Return the data as they will be once a figure is appended."""
        key = (row.year, row.indicator)
        standing = self.standings.get(key, NOTHING).with_row(row)
        return replace(self, standings={**self.standings, key: standing})

    def with_change(self, row: Revision) -> Dataset:
        """Return the data as they will be once a change of the plan is appended."""
        rows = self.rows._replace(revisions=(*self.rows.revisions, row))
        return replace(self, rows=rows, changes=fold_revisions(self.plan, rows.revisions)[0])

    def holds(self, digest: str) -> bool:
        """Tell whether a row is in one of the logs, given its digest."""
        return digest in self._all_digests

    @cached_property
    def _all_digests(self) -> frozenset[str]:
        return frozenset(each for rows in self.row_digests.values() for each in rows.values())

    @cached_property
    def _revisions(self) -> Mapping[str, tuple[Revision, ...]]:
        found: dict[str, tuple[Revision, ...]] = {}
        for each in self.changes:
            found[each.indicator] = (*found.get(each.indicator, ()), each)
        return found

    def revisions(self, indicator: Indicator) -> tuple[Revision, ...]:
        """The changes of an indicator that stand, in the order of the log."""
        return self._revisions.get(indicator.id, ())

    def revisions_for(self, indicator: Indicator, review_year: FiscalYear) -> tuple[Revision, ...]:
        """The changes that the review of a year takes into account: decided by its last day."""
        return tuple(
            each for each in self.revisions(indicator) if each.decided_on <= review_year.last_day
        )

    def in_year(self, indicator: Indicator, year: FiscalYear) -> Indicator:
        """An indicator as the review of a year takes it: with the changes that hold then."""
        changes = self.revisions(indicator)
        return revised(self.plan.indicators[indicator.id], changes, year) if changes else indicator

    def plan_in(self, year: FiscalYear) -> Plan:
        """The plan with its indicators as the review of a year takes them."""
        if all(each.item is Item.TARGET for each in self.changes):
            return self.plan
        programmes = (
            each._replace(indicators=tuple(self.in_year(one, year) for one in each.indicators))
            for each in self.plan.programmes
        )
        return replace(self.plan, programmes=tuple(programmes))

    def targets(self, indicator: Indicator, review_year: FiscalYear) -> Targets:
        """The targets in force for the review of a year: as published, with its revisions."""
        return _revised(indicator, self.revisions_for(indicator, review_year))

    def aim(
        self, indicator: Indicator, year: FiscalYear, review_year: FiscalYear | None = None
    ) -> Aim:
        """What a year is measured against in its own review, or in another's.

        Before the plan, that is only a target of its own.
        """
        targets = self.targets(indicator, review_year or year)
        if year < self.plan.info.start and targets.get(year) is None:
            return Aim()
        return aim_of(indicator, targets, year)

    def targets_now(self, indicator: Indicator) -> Targets:
        """The targets with every change that is recorded, whenever it was decided."""
        return _revised(indicator, self.revisions(indicator))

    def targets_before(self, indicator: Indicator, review_year: FiscalYear) -> Targets:
        """The targets in force when a year began: a change inside the year is not in them."""
        earlier = (
            each for each in self.revisions(indicator) if each.decided_on < review_year.first_day
        )
        return _revised(indicator, earlier)

    def last_count(self, indicator: Indicator, row: Actual) -> tuple[str, Decimal] | None:
        """The latest figure before a row, with its time; else the baseline.

        A 中間 counts where nothing later is reported of its year; nothing that was counted in
        another way does.
        """
        indicator = self.in_year(indicator, row.year)
        first = max(indicator.redefined, default=self.plan.log_years[0])
        for year in reversed(self.plan.log_years):
            if not first <= year <= row.year:
                continue
            standing = self.standing(year, indicator)
            reported, interims = standing.reported, standing.interims
            if year < row.year and reported and reported.value is not None:
                return str(year), reported.value
            if year == row.year and row.basis is Basis.INTERIM and row.as_of:
                interims = tuple(each for each in interims if each.as_of and each.as_of < row.as_of)
            if interims and interims[-1].as_of and interims[-1].value is not None:
                return wareki(interims[-1].as_of), interims[-1].value
        baseline = indicator.comparable_baseline
        return None if baseline is None else (indicator.baseline_name, baseline)


def _revised(indicator: Indicator, revisions: Iterable[Revision]) -> Targets:
    """Return the targets with changes; a year in which the indicator has ended has none."""
    targets = dict(indicator.targets)
    for each in revisions:
        if each.item is Item.TARGET and each.year:
            targets[each.year] = each.after
        elif each.item is Item.END and each.year:
            targets |= {year: None for year in targets if year >= each.year}
    return targets


def build_dataset(
    plan: Plan,
    rows: Rows,
    problems: Iterable[Problem],
    digests: Mapping[str, str],
    row_digests: Mapping[str, Mapping[int, str]] | None = None,
) -> Dataset:
    """Return the data of all rows, given what reading them has found wrong.

    Raises DataError with every problem, warnings included, if one is an error.
    """
    found = [*problems, *filter(None, map(missing_remark, rows.actuals))]
    standings = fold_actuals(rows.actuals)
    texts = fold_notes(rows.notes)
    found += _bare_evaluations(rows.notes, texts)
    revisions, misplaced = fold_revisions(plan, rows.revisions)
    found += misplaced
    paths = list(dict.fromkeys(problem.path for problem in found))
    found.sort(key=lambda problem: (paths.index(problem.path), problem.line or 0))
    if any(problem.is_error for problem in found):
        raise DataError(found)
    return Dataset(
        plan, rows, standings, texts, tuple(found), digests, row_digests or {}, changes=revisions
    )


def fold_notes(rows: Iterable[ReviewNote]) -> dict[tuple[FiscalYear, str], Note]:
    """Return what stands of review notes, in order: a given text replaces, an empty one clears."""
    notes: dict[tuple[FiscalYear, str], Note] = {}
    for row in rows:
        key = (row.year, row.subject)
        notes[key] = notes.get(key, Note())._replace(**row.texts)
    return notes


def bare_evaluation(note: Note) -> str:
    """Return what is wrong with an 評価 left without a 評価理由; nothing where there is none."""
    if not note.evaluation or note.evaluation_reason:
        return ""
    return f"評価「{note.evaluation}」に評価理由がありません。"


def _bare_evaluations(
    rows: Iterable[ReviewNote], notes: Mapping[tuple[FiscalYear, str], Note]
) -> list[Problem]:
    """Return an error for each 評価 left without a 評価理由, at the last row that spoke of them."""
    fields = {"evaluation", "evaluation_reason"}
    last = {(row.year, row.subject): row for row in rows if fields & row.texts.keys()}
    return [
        Problem(
            f"{subject} の{bare}",
            "評価理由も入力してください。",
            last[year, subject].path,
            last[year, subject].line,
            "評価理由",
        )
        for (year, subject), note in notes.items()
        if (bare := bare_evaluation(note))
    ]
