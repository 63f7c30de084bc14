"""What is still to be written and settled before the meeting, with the commands that do it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from jusou.errors import Problem, warning
from jusou.logs.amendments import amendments
from jusou.logs.dataset import Dataset
from jusou.logs.schema import NOTE_FIELDS, Basis
from jusou.plan.model import Indicator
from jusou.review.assessment import Tally, assess
from jusou.values.fiscal_year import FiscalYear

_EXPLAINS = ("cause", "action")
_MANY = 4  # from here on a form is quicker than single commands


def unfinished(dataset: Dataset, today: date) -> Iterator[Problem]:
    """Yield what is open, one warning for a kind and year.

    The texts asked for are those of the latest year that is over and has figures; a 速報 is asked
    about in every year that is over.
    """
    plan = dataset.plan
    over = [year for year in plan.years if year.has_ended(today)]
    indicators = plan.indicators.values()
    for year in over:
        yield from _preliminary(dataset, year)
    yield from _unpublished(dataset)
    with_figures = [
        year for year in over if any(dataset.standing(year, each).reported for each in indicators)
    ]
    if with_figures:
        yield from _unexplained(dataset, with_figures[-1])
        yield from _unreported_initiatives(dataset, with_figures[-1])
        yield from _unanswered_opinions(dataset, with_figures[-1])


def _unpublished(dataset: Dataset) -> Iterator[Problem]:
    """Yield a warning for each decision of which no day of publication is known."""
    for each in amendments(dataset.plan, dataset.rows.revisions):
        if not each.is_published:
            command = f"jusou revise --decision {each.number} --published 年月日"
            message = f"第{each.number}回変更（{each.decided}）の公表日がありません（{command}）。"
            hint = (
                "公表したら、その日を記録してください。重層的支援体制整備事業実施計画を変更したときは、"
                "公表に努めることとされています（社会福祉法第106条の5）。"
            )
            row = next(row for row in each.revisions if not row.published_on)
            yield warning(message, hint, row.path, row.line, "公表日")


def _preliminary(dataset: Dataset, year: FiscalYear) -> Iterator[Problem]:
    commands = []
    for indicator in dataset.plan.indicators.values():
        row = dataset.standing(year, indicator).closing
        if row and row.basis is Basis.PRELIMINARY and row.value is not None:
            name = _name(dataset, indicator)
            commands.append(f"{name}（確定なら）: jusou add {year} {indicator.id} {row.value:f}")
    if commands:
        message = f"{year} は終わりましたが、速報のままの指標が{len(commands)}件あります。"
        yield warning(message, "\n".join(commands), f"data/actuals/{year}.csv")


def _unexplained(dataset: Dataset, year: FiscalYear) -> Iterator[Problem]:
    commands = []
    for indicator in dataset.plan_in(year).indicators.values():
        aim = dataset.aim(indicator, year)
        found = assess(dataset.plan, indicator, year, dataset.standing(year, indicator), aim)
        note = dataset.note(year, indicator.id)
        lacking = [NOTE_FIELDS[each] for each in _EXPLAINS if not getattr(note, each)]
        if found.tally is Tally.REPORTED and not found.is_met and lacking:
            name = _name(dataset, indicator)
            commands.append(_note(year, indicator.id, f"{name}の{'と'.join(lacking)}"))
    if commands:
        message = f"{year} の目標に届かず、要因か改善策のない指標が{len(commands)}件あります。"
        yield _to_write(year, message, commands)


def _unreported_initiatives(dataset: Dataset, year: FiscalYear) -> Iterator[Problem]:
    commands = [
        _note(year, each.id, each.name)
        for programme in dataset.plan.programmes
        for each in programme.initiatives
        if not dataset.note(year, each.id).activity
    ]
    if commands:
        message = f"{year} の実施状況のない取組が{len(commands)}件あります。"
        yield _to_write(year, message, commands)


def _unanswered_opinions(dataset: Dataset, year: FiscalYear) -> Iterator[Problem]:
    commands = [
        _note(year, subject, f"{dataset.plan.labels.get(subject, '')} {name}".strip())
        for subject, name in dataset.plan.subjects.items()
        if dataset.note(year.previous, subject).committee
        and not dataset.note(year, subject).follow_up
    ]
    if commands:
        message = (
            f"{year.previous} の委員会意見のうち、{year} に{NOTE_FIELDS['follow_up']}の"
            f"ないものが{len(commands)}件あります。"
        )
        yield _to_write(year, message, commands)


def _name(dataset: Dataset, indicator: Indicator) -> str:
    return f"{dataset.plan.labels[indicator.id]} {indicator.name}"


def _note(year: FiscalYear, subject: str, what: str) -> str:
    return f"{what}: jusou note {year} {subject} --edit"


def _to_write(year: FiscalYear, message: str, commands: Sequence[str]) -> Problem:
    at_once = [f"Excel でまとめて書くとき: jusou form {year} --all"]
    hint = "\n".join([*commands, *(at_once if len(commands) >= _MANY else ())])
    return warning(message, hint, f"data/reviews/{year}.csv")
