"""A file that came back → a reading: whose rows there are, what they claim, what cannot be taken.

Understood are the forms as they went out, with columns and rows in any order, and a plain table
of 指標 and 実績値. Everything else is refused with the cell's place; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from jusou.errors import JusouError, Problem
from jusou.forms.incoming.claims import Claim, ClaimReader
from jusou.forms.incoming.header import Header, form_errors, left_out, read_header, year_of
from jusou.forms.incoming.missing import Rows, indicators_of, missing_rows
from jusou.forms.incoming.tables import (
    Table,
    TableRow,
    beyond,
    find_tables,
    no_table,
    not_a_form,
    table_errors,
)
from jusou.forms.incoming.unread import outside, stray_columns, stray_lines, stray_sheets
from jusou.forms.layout import FIGURE_TITLES
from jusou.logs.cells import find_subject
from jusou.plan.model import Plan
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import normalise_key, quote
from jusou.values.workbook import Workbook


class Reading(NamedTuple):
    """What one file says, and what in it cannot be taken; ``asked`` are its indicators.

    ``missing`` are those without a row any more, ``unread`` those with a figure that cannot be
    taken. ``strays`` tell of what stands where nothing is read. ``year`` is None when nothing of
    the file can be taken.
    """

    book: Workbook
    header: Header
    tables: tuple[Table, ...] = ()
    year: FiscalYear | None = None
    asked: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unread: frozenset[str] = frozenset()
    claims: tuple[Claim, ...] = ()
    problems: tuple[Problem, ...] = ()
    strays: tuple[Problem, ...] = ()


def read_form(book: Workbook, plan: Plan, year: FiscalYear | None) -> Reading:
    """Return the claims of a file; ``year`` is the one asked for, which it must not contradict."""
    header, tables = read_header(book), find_tables(book)
    reading = Reading(book, header, tuple(tables))
    if not tables:
        return reading._replace(problems=(no_table(book),))
    if header.kind is None and (other := not_a_form(book, tables)):
        return reading._replace(problems=(other,))
    found = year_of(book, header, tables, year, plan)
    if isinstance(found, Problem):
        return reading._replace(problems=(found,))
    if wrong := form_errors(book, header, tables, plan):
        return reading._replace(problems=tuple(wrong))
    return _read_tables(reading._replace(year=found), plan, found)


def _read_tables(reading: Reading, plan: Plan, year: FiscalYear) -> Reading:
    book, header = reading.book, reading.header
    problems: list[Problem] = []
    strays = [*left_out(book, header, reading.tables), *stray_sheets(book, reading.tables)]
    read: list[tuple[Table, Rows | None]] = []
    for table in reading.tables:
        strict = _is_strict(table, header)
        strays += stray_lines(table, plan, header.kind, year) if header.kind else ()
        strays += stray_columns(table, strict=strict)
        read.append((table, _rows_by_subject(table, plan, (problems, strays), strict=strict)))
    reader = ClaimReader(plan, year, header.kind, problems)
    found = ((subject, row) for _, rows in read for subject, row in (rows or {}).items() if row)
    claims = [claim for subject, row in found for claim in reader.claims(subject, row.inputs)]
    gone = list(missing_rows(header, read, plan))
    asked, unread = _asked(read, header, plan)
    missing = {subject for subject, _ in gone} - asked
    return reading._replace(
        asked=tuple(each for each in plan.indicators if each in asked | missing),
        missing=tuple(each for each in plan.indicators if each in missing),
        unread=frozenset((reader.unread | unread) & asked),
        claims=tuple(claims),
        problems=(*problems, *(problem for _, problem in gone)),
        strays=tuple(strays),
    )


def _is_strict(table: Table, header: Header) -> bool:
    """Tell whether nothing may stand right of the headings.

    A form in Excel may have a note there; in any other table it is a row with a comma too many.
    """
    return header.kind is None or not table.sheet.name


def _asked(
    read: Sequence[tuple[Table, Rows | None]], header: Header, plan: Plan
) -> tuple[set[str], set[str]]:
    """Return the indicators that have a row for figures, and those whose row cannot be taken.

    Where the whole table cannot, it is known from the head whose indicators are in it.
    """
    asked: set[str] = set()
    unread: set[str] = set()
    for rows in (rows for table, rows in read if _asks_for_figures(table)):
        own = indicators_of(header, plan) if rows is None else rows
        asked |= {each for each in own if each in plan.indicators}
        unread |= {each for each in asked if rows is None or (each in rows and not rows[each])}
    return asked, unread


def _asks_for_figures(table: Table) -> bool:
    return bool(set(table.columns) & set(FIGURE_TITLES))


def _rows_by_subject(
    table: Table, plan: Plan, sink: tuple[list[Problem], list[Problem]], *, strict: bool
) -> Rows | None:
    """Return the row of each subject of a table; None is a row that cannot be taken.

    There are no rows at all if the table cannot be read.
    """
    problems, strays = sink
    if errors := list(table_errors(table)):
        problems += errors
        return None
    rows: dict[str, list[TableRow]] = {}
    broken = set()
    for row in table.rows():
        wrong = [beyond(table, row)] if strict else []
        if row.filled or (row.key and any(wrong)):
            subject = _subject(row, plan, problems)
            wrong += [_contradiction(row, subject, plan)] if subject else []
        else:
            subject = plan.keys.get(normalise_key(row.key.text)) if row.key else None
            strays += outside(table, row) if subject is None else ()
        problems += filter(None, wrong)
        if subject:
            rows.setdefault(subject, []).append(row)
            broken |= {subject} if any(wrong) else set()
    for subject, found in rows.items():
        if len(found) > 1:
            problems += _doubled(subject, found)
            broken.add(subject)
    return {subject: None if subject in broken else found[0] for subject, found in rows.items()}


def _doubled(subject: str, rows: Sequence[TableRow]) -> Iterator[Problem]:
    """Which of two rows is right cannot be known, so neither is taken."""
    keys = [row.key for row in rows if row.key]
    for key in keys[1:]:
        message = f"{quote(key.text)}（{subject}）の行が2つあります（もう1つは {keys[0].place}）。"
        yield Problem(message, "正しいほうの行だけを残してください。", key.place)


def _subject(row: TableRow, plan: Plan, problems: list[Problem]) -> str | None:
    """Return whose row it is, or None with the reason added to ``problems``."""
    if row.key is None:
        first = next(filter(None, (*row.filled.values(), *row.cells)))
        hint = "追加した行は取り込めません。id（指標）のある行に入力してください。"
        message = f"{quote(first.text)}の行に id（指標）がありません。"
        problems.append(Problem(message, hint, first.place))
        return None
    try:
        return find_subject(plan, row.key.text, "指標")
    except JusouError as refused:
        problems.append(refused.problem._replace(path=row.key.place))
        return None


def _contradiction(row: TableRow, subject: str, plan: Plan) -> Problem | None:
    """Say so if the number of a row is another's: a part of the rows was sorted."""
    other = plan.keys.get(normalise_key(row.number.text)) if row.number else None
    if row.number is None or row.key is None or other in (None, subject):
        return None
    wrong = f"番号{quote(row.number.text)}は、{quote(row.key.text)}"
    message = f"{wrong}ではなく {other} の番号です。"
    hint = "行の一部だけを並べ替えていないか確かめ、送ったときの並びに戻してください。"
    return Problem(message, hint, row.number.place)
