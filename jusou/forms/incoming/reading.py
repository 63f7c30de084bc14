"""A file that came back → a reading: whose rows there are, what they claim, what cannot be taken.

Understood are the forms as they went out, with columns and rows in any order, and a plain table
of 指標 and 実績値. Everything else is refused with the cell's place; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from jusou.errors import JusouError, Problem, warning
from jusou.forms.incoming.claims import Claim, ClaimReader
from jusou.forms.incoming.header import (
    Header,
    another_plan,
    contradictions,
    indicators_of,
    missing_parts,
    read_header,
    year_of,
)
from jusou.forms.incoming.tables import (
    Table,
    TableRow,
    beyond,
    find_tables,
    no_table,
    not_a_form,
    table_errors,
    unknown_figures,
)
from jusou.forms.incoming.unread import outside, remarks, stray_columns, stray_lines, stray_sheets
from jusou.forms.layout import FIGURE_TITLES, FIGURES, input_columns
from jusou.logs.cells import find_subject
from jusou.logs.dataset import Dataset
from jusou.logs.schema import FormKind
from jusou.plan.model import Plan
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import quote, squeeze
from jusou.values.workbook import FoundCell, Workbook


class Reading(NamedTuple):
    """What one file says, and what in it cannot be taken; ``asked`` are its indicators.

    ``missing`` are those without a row any more, ``unread`` those with a figure that cannot be
    taken. ``strays`` tell of what stands where nothing is read. ``year`` is None when nothing of
    the file can be taken.
    """

    book: Workbook
    header: Header
    tables: tuple[Table, ...]
    year: FiscalYear | None = None
    asked: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unread: frozenset[str] = frozenset()
    claims: tuple[Claim, ...] = ()
    problems: tuple[Problem, ...] = ()
    strays: tuple[Problem, ...] = ()


class _Rows(NamedTuple):
    """The rows of a table by subject, and what is wrong with them.

    ``broken`` are the subjects whose row cannot be taken; of a table that cannot be read at all,
    those whose rows must be in it by the file's head.
    """

    table: Table
    taken: Mapping[str, TableRow]
    broken: set[str]
    problems: Sequence[Problem]
    strays: Sequence[Problem] = ()
    is_readable: bool = True

    @property
    def subjects(self) -> set[str]:
        return self.taken.keys() | self.broken


def read_form(book: Workbook, dataset: Dataset, year: FiscalYear | None) -> Reading:
    """Return the claims of a file; ``year`` is the one asked for, which it must not contradict.

    Whose rows a form has to hold is decided by the plan as it stands in that year.
    """
    plan = dataset.plan
    header, tables = read_header(book), find_tables(book)
    reading = Reading(book, header, tables)
    if not tables:
        return reading._replace(problems=(no_table(book),))
    if header.kind is None and (other := not_a_form(book, tables)):
        return reading._replace(problems=(other,))
    found = year_of(book, header, tables, year, plan)
    if isinstance(found, Problem):
        return reading._replace(problems=(found,))
    reading = reading._replace(year=found)
    if other := another_plan(header, plan):
        return reading._replace(problems=(other,))
    lacking = [*contradictions(book, header), *missing_parts(book, header, tables, found)]
    if errors := [each for each in lacking if each.is_error]:
        return reading._replace(problems=tuple(errors))
    return _read_tables(reading._replace(strays=tuple(lacking)), dataset.plan_in(found), found)


def _read_tables(reading: Reading, plan: Plan, year: FiscalYear) -> Reading:
    """Return a reading with what its tables say: whose rows there are, then what these claim."""
    header, tables = reading.header, reading.tables
    # A form in Excel may have a note right of the headings; elsewhere it is a comma too many.
    strict = header.kind is None or reading.book.is_csv
    read = [_read_rows(table, header, plan, year, strict=strict) for table in tables]
    strays = [*reading.strays, *remarks(reading.book), *stray_sheets(reading.book, tables)]
    for rows in read:
        strays += stray_lines(rows.table, plan, header.kind, year) if header.kind else ()
        strays += stray_columns(rows.table, strict=strict, is_plain=header.kind is None)
        strays += rows.strays
    problems = [problem for rows in read for problem in rows.problems]

    asking = [rows for rows in read if rows.table.has_any(FIGURE_TITLES)]
    asked = {each for rows in asking for each in rows.subjects if each in plan.indicators}
    unread = {each for rows in asking for each in rows.broken}
    claims: list[Claim] = []
    reader = ClaimReader(plan, year, header.kind)
    for subject, row in (item for rows in read for item in rows.taken.items()):
        figures = list(reader.figures(subject, row.inputs))
        if any(isinstance(each, Problem) and each.is_error for each in figures):
            unread.add(subject)
        said = [*figures, *reader.texts(subject, row.inputs)]
        claims += [each for each in said if isinstance(each, Claim)]
        problems += [each for each in said if isinstance(each, Problem)]

    missing: set[str] = set()
    for subject, problem in _missing_rows(read, header, plan, year):
        problems.append(problem)
        missing |= {subject} - asked
    return reading._replace(
        asked=tuple(each for each in plan.indicators if each in asked | missing),
        missing=tuple(each for each in plan.indicators if each in missing),
        unread=frozenset(unread & asked),
        claims=tuple(claims),
        problems=tuple(problems),
        strays=tuple(strays),
    )


def _read_rows(
    table: Table, header: Header, plan: Plan, year: FiscalYear, *, strict: bool
) -> _Rows:
    """Return the rows of a table; where it is ``strict`` nothing may stand beyond the headings."""
    errors = [*table_errors(table), *(unknown_figures(table) if strict else ())]
    if errors:
        return _Rows(table, {}, indicators_of(header, plan, year), errors, is_readable=False)
    found: dict[str, list[TableRow]] = {}
    broken: set[str] = set()
    problems: list[Problem] = []
    strays: list[Problem] = []
    for row in table.rows:
        subject = row.subject(plan)
        wrong = list(beyond(table, row)) if strict else []
        if any(row.inputs.values()) or (row.key and wrong):
            wrong = [*_owner_errors(row, plan), *table.other_units(row, plan), *wrong]
        elif subject is None:
            strays += outside(table, row)
        problems += wrong
        if subject:
            found.setdefault(subject, []).append(row)
            broken |= {subject} if wrong else set()
    for subject, rows in found.items():
        first, *others = (row.key for row in rows)
        for key in others:  # which of them is right cannot be known, so none is taken
            wrong_twice = f"{quote(key.text)}（{subject}）の行が2つあります"
            unseen = next(
                (f"{each.place} {each.hidden}。" for each in (key, first) if each.hidden), ""
            )
            message = f"{wrong_twice}（もう1つは {first.place}）。{unseen}"
            problems.append(Problem(message, "正しいほうの行だけを残してください。", key.place))
            broken.add(subject)
    taken = {subject: rows[0] for subject, rows in found.items() if subject not in broken}
    return _Rows(table, taken, broken, problems, strays)


def _owner_errors(row: TableRow, plan: Plan) -> Iterator[Problem]:
    """Yield why it cannot be known whose row it is."""
    if not row.key:
        first = next(filter(None, (*row.inputs.values(), *row.cells)))
        message = f"{quote(first.text)}の行に id（指標）がありません。"
        hint = "追加した行は取り込めません。id（指標）のある行に入力してください。"
        yield Problem(message, hint, first.place)
        return
    if row.subject(plan) is None:
        yield from _unknown(row.key, plan)
        return
    if other := row.other(plan):  # a part of the rows was sorted
        title, cell, owner = other
        wrong = f"{title}{quote(cell.text)}は、{quote(row.key.text)}"
        message = f"{wrong}ではなく {owner} の{title}です。"
        hint = "行の一部だけを並べ替えていないか確かめ、送ったときの並びに戻してください。"
        yield Problem(message, hint, cell.place)


def _unknown(key: FoundCell, plan: Plan) -> Iterator[Problem]:
    """Yield what is wrong with a cell that says whose row it is, but of nobody in the plan."""
    if namesakes := plan.named.get(squeeze(key.text)):
        those = "、".join(f"{each}（{plan.labels.get(each, '')}）" for each in namesakes)
        message = f"{quote(key.text)}という名前が、計画に{len(namesakes)}つあります。"
        yield Problem(message, f"{those}のどれかを、id で入力してください。", key.place)
        return
    try:
        find_subject(plan, key.text, "指標")
    except JusouError as refused:
        yield refused.problem._replace(path=key.place)


def _missing_rows(
    read: Sequence[_Rows], header: Header, plan: Plan, year: FiscalYear
) -> Iterator[tuple[str, Problem]]:
    """Yield each subject whose row a form went out with and came back without, once a sheet.

    A form had the rows of its reporter's indicators, and each of its sheets the same ones. Of a
    table that cannot be read it is not known what is missing.
    """
    if header.kind is None or not all(rows.is_readable for rows in read):
        return
    wanted = set(plan.subjects)
    if header.kind is not FormKind.ALL:
        wanted = indicators_of(header, plan, year)
    wanted |= {each for rows in read for each in rows.subjects if each in plan.indicators}
    for sheet, columns in input_columns(header.kind, year).items():
        own = [rows for rows in read if rows.table.has_any(column.title for column in columns)]
        if not own:
            continue  # a sheet that is not there at all
        gone = wanted - {each for rows in own for each in rows.subjects}
        able = plan.indicators if sheet == FIGURES else plan.subjects
        table = own[0].table
        for subject in (each for each in able if each in gone):
            if not table.sheet.name and sheet != FIGURES and subject in plan.indicators:
                continue  # in a CSV file the one row of an indicator is told of with the figures
            name = f"{plan.labels.get(subject, '')}{plan.subjects[subject]}"
            message = f"{subject}（{name}）の行がありません（{sheet}）。"
            hint = "行を消さずに返してもらうか、この対象だけを別に確かめてください。"
            yield subject, warning(message, hint, table.titles[0].place)
