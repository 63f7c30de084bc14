"""A file that came back → a reading: whose rows there are, what they claim, what cannot be taken.

Understood are the forms as they went out, with columns and rows in any order, and a plain table
of 指標 and 実績値. Everything else is refused with the cell's place; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jusou.errors import Problem, quote
from jusou.fiscal_year import FiscalYear
from jusou.forms.book import Book
from jusou.forms.claims import Claim, ClaimReader
from jusou.forms.cover import Cover, form_errors, read_cover, year_of
from jusou.forms.shape import FIGURE_TITLES, FORECAST_TITLE, INTERIM_TITLE
from jusou.forms.table import (
    Row,
    Table,
    error,
    find_tables,
    no_table,
    strangers,
    table_errors,
    warning,
)
from jusou.keys import normalise_key
from jusou.plan import Plan
from jusou.rows import RowReader


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file says, and what in it cannot be taken; ``asked`` are its indicators.

    ``year`` is None when nothing of the file can be taken.
    """

    book: Book
    cover: Cover
    year: FiscalYear | None = None
    asked: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_form(book: Book, plan: Plan, year: FiscalYear | None) -> Reading:
    """Return the claims of a file; ``year`` is the one asked for, which it must not contradict."""
    cover, tables = read_cover(book), find_tables(book)
    reading = Reading(book, cover)
    if not tables:
        return replace(reading, problems=(no_table(book),))
    found = year_of(book, cover, tables, year, plan)
    if isinstance(found, Problem):
        return replace(reading, problems=(found,))
    if wrong := form_errors(book, cover, tables, plan):
        return replace(reading, problems=tuple(wrong))
    problems: list[Problem] = []
    reader = ClaimReader(plan, found, cover.kind, problems)
    claims: list[Claim] = []
    asked: dict[str, None] = {}
    for table in tables:
        problems += strangers(table)
        for subject, row in _rows_by_subject(table, plan, problems):
            if subject in plan.indicators and _asks_for_figures(table):
                asked[subject] = None
            if row:
                claims += reader.claims(subject, row.inputs)
    return replace(
        reading,
        year=found,
        asked=tuple(asked),
        claims=tuple(claims),
        problems=tuple(problems),
    )


def _asks_for_figures(table: Table) -> bool:
    return bool(set(table.columns) & {*FIGURE_TITLES, INTERIM_TITLE, FORECAST_TITLE})


def _rows_by_subject(
    table: Table, plan: Plan, problems: list[Problem]
) -> Iterator[tuple[str, Row | None]]:
    """Yield each subject of a table with its row; None when its row cannot be taken."""
    if errors := list(table_errors(table)):
        problems += errors
        return
    rows: dict[str, list[Row]] = {}
    for row in table.rows():
        if subject := _subject(row, plan, problems):
            rows.setdefault(subject, []).append(row)
    for subject, found in rows.items():
        if len(found) > 1:
            problems += _doubled(subject, found)
        yield subject, found[0] if len(found) == 1 else None


def _doubled(subject: str, rows: Sequence[Row]) -> Iterator[Problem]:
    """Which of two rows is right cannot be known, so neither is taken."""
    keys = [row.key for row in rows if row.key]
    for key in keys[1:]:
        message = f"{quote(key.text)}（{subject}）の行が2つあります（もう1つは {keys[0].place}）。"
        yield error(key.place, message, "正しいほうの行だけを残してください。")


def _subject(row: Row, plan: Plan, problems: list[Problem]) -> str | None:
    """Return whose row it is, or None with the reason added to ``problems``."""
    if not row.filled:
        return _subject_of_blank(row, plan, problems)
    if row.key is None:
        first = next(iter(row.filled.values()))
        hint = "追加した行は取り込めません。id（指標）のある行に入力してください。"
        message = f"{quote(first.text)}の行に id（指標）がありません。"
        problems.append(error(first.place, message, hint))
        return None
    found: list[Problem] = []
    subject = RowReader(plan, "", found).try_subject(1, "指標", row.key.text)
    problems += [replace(each, path=row.key.place, line=None) for each in found]
    other = plan.keys.get(normalise_key(row.number.text)) if row.number else None
    if subject and row.number and other not in (None, subject):
        wrong = f"番号{quote(row.number.text)}は、{quote(row.key.text)}"
        message = f"{wrong}ではなく {other} の番号です。"
        hint = "行の一部だけを並べ替えていないか確かめ、送ったときの並びに戻してください。"
        problems.append(error(row.number.place, message, hint))
        return None
    return subject


def _subject_of_blank(row: Row, plan: Plan, problems: list[Problem]) -> str | None:
    """Return whose row an empty one is; a text outside the rows is not lost without a word."""
    subject = plan.keys.get(normalise_key(row.key.text)) if row.key else None
    if subject is None:
        message = f"表の外にある{quote(row.first.text)}は取り込みません。"
        hint = "必要な内容であれば、備考などの決まった列に移してください。"
        problems.append(warning(row.first.place, message, hint))
    return subject
