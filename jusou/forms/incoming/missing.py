"""Rows that a form went out with and came back without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jusou.errors import Problem, warning
from jusou.forms.incoming.header import Header
from jusou.forms.incoming.tables import Table, TableRow
from jusou.forms.layout import FIGURES, Label, input_columns
from jusou.logs.schema import FormKind
from jusou.plan.model import UNASSIGNED, Plan
from jusou.values.text import squeeze

Rows = Mapping[str, TableRow | None]
"""The rows of a table by subject; None is a row that cannot be taken."""


def missing_rows(
    header: Header, tables: Sequence[tuple[Table, Rows | None]], plan: Plan
) -> Iterator[tuple[str, Problem]]:
    """Yield each subject without a row, once a sheet; of a table that cannot be read none.

    A form had the rows of its reporter's indicators, and each of its sheets the same ones.
    """
    if header.kind is None or any(rows is None for _, rows in tables):
        return
    everything = header.kind is FormKind.ALL
    wanted = set(plan.subjects) if everything else indicators_of(header, plan)
    wanted |= {each for _, rows in tables for each in rows or () if each in plan.indicators}
    for sheet, columns in input_columns(header.kind).items():
        titles = {column.title for column in columns}
        own = [(table, rows) for table, rows in tables if set(table.columns) & titles]
        if not own:
            continue  # a sheet that is not there at all
        there = {subject for _, rows in own for subject in rows or ()}
        able = plan.indicators if sheet == FIGURES else plan.subjects
        one_table = not own[0][0].sheet.name
        for subject in (each for each in able if each in wanted and each not in there):
            # In a CSV file the one row of an indicator is missing for figures already.
            if not one_table or sheet == FIGURES or subject not in plan.indicators:
                yield subject, _gone(own[0][0], sheet, subject, plan)


def indicators_of(header: Header, plan: Plan) -> set[str]:
    """Return the indicators of the reporter that a form names; none for a plain table."""
    reporter = squeeze(header.text(Label.REPORTER))
    return {
        each.id
        for each in plan.indicators.values()
        if squeeze(each.reporter or UNASSIGNED) == reporter
    }


def _gone(table: Table, sheet: str, subject: str, plan: Plan) -> Problem:
    name = f"{plan.labels.get(subject, '')}{plan.subjects[subject]}"
    message = f"{subject}（{name}）の行がありません（{sheet}）。"
    hint = "行を消さずに返してもらうか、この対象だけを別に確かめてください。"
    return warning(message, hint, table.titles[0].place)
