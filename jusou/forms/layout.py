"""The layout of a 照会票: its head, its sheets, their columns, and which of them are filled in.

The way out and the way back in read the same table of columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from jusou.logs.schema import (
    ACTUALS,
    LAST_ACTION,
    LAST_OPINION,
    NOTE_FIELDS,
    NOTES,
    Basis,
    FormKind,
)
from jusou.values.fiscal_year import FiscalYear

ID = "id"
KEYS = (ID, "指標", "番号", "対象", "指標名", "対象名")
FIGURES = "実績"
TEXTS = "取組の記述"
HALF_YEAR = "上半期の記述"
OPINIONS = "評価"
PLANNER = "計画担当"
INTERIM_TITLES = {f"{month}月末実績": month for month in (9, 6)}
"""The headings of figures inside a year, with the month on whose 30th they stand."""
FORECAST_TITLE = "年度末見込"
REMARK = "備考"
REMARK_LENGTH = 100
TEXT_WIDTH = 34
WISHED_LENGTH = 150
WARNED_LENGTH = 200
DOUBTED_LENGTH = 2000
_REPORTER_LENGTH = 40  # of a file's name: some systems take 255 bytes, three or four a character
_FIXED = re.compile(
    rf"指標名|対象名|単位|数え方|{LAST_ACTION}|{LAST_OPINION}|参考|[RH]\d+(参考|実績|目標)"
)


class ColumnKind(StrEnum):
    """How a column is shown, and what may be typed into it."""

    FIXED = "fixed"
    FIGURE = "figure"
    COUNT = "count"
    BASIS = "basis"
    DAY = "day"
    COURSE = "course"
    MARK = "mark"
    TEXT = "text"


class FormColumn(NamedTuple):
    """A column: its title (the key on the way back in), width in characters, and kind.

    One that is filled in stands on the ``sheet`` of the forms in ``kinds``. If it ``answers`` what
    was said last year, the quote stands before it, and where there is none to answer neither does.
    """

    title: str
    width: int
    kind: ColumnKind = ColumnKind.FIXED
    sheet: str = ""
    kinds: tuple[FormKind, ...] = ()
    answers: str = ""

    @property
    def is_input(self) -> bool:
        return self.kind is not ColumnKind.FIXED


_CLOSING = (FormKind.CLOSING, FormKind.ALL)
_INTERIM = (FormKind.INTERIM,)
_HALF_YEAR = (FormKind.INTERIM, FormKind.ALL)
_ALL = (FormKind.ALL,)
_INPUT_COLUMNS = (
    FormColumn("実績値", 11, ColumnKind.FIGURE, FIGURES, _CLOSING),
    *(FormColumn(title, 11, ColumnKind.FIGURE, FIGURES, _INTERIM) for title in INTERIM_TITLES),
    FormColumn(FORECAST_TITLE, 11, ColumnKind.FIGURE, FIGURES, _INTERIM),
    FormColumn("分子", 9, ColumnKind.COUNT, FIGURES, _CLOSING),
    FormColumn("分母", 9, ColumnKind.COUNT, FIGURES, _CLOSING),
    FormColumn("区分", 9, ColumnKind.BASIS, FIGURES, _CLOSING),
    FormColumn("基準日", 11, ColumnKind.DAY, FIGURES, _ALL),
    FormColumn(REMARK, 44, ColumnKind.TEXT, FIGURES, tuple(FormKind)),
    FormColumn("上半期の取組状況", TEXT_WIDTH, ColumnKind.TEXT, HALF_YEAR, _HALF_YEAR),
    FormColumn("見込の要因", TEXT_WIDTH, ColumnKind.TEXT, HALF_YEAR, _HALF_YEAR),
    FormColumn("下半期の対応", TEXT_WIDTH, ColumnKind.TEXT, HALF_YEAR, _HALF_YEAR),
    FormColumn("次年度への反映", TEXT_WIDTH, ColumnKind.TEXT, HALF_YEAR, _HALF_YEAR),
    FormColumn("前年度の改善策の状況", TEXT_WIDTH, ColumnKind.TEXT, TEXTS, _CLOSING, LAST_ACTION),
    FormColumn("その後の状況", TEXT_WIDTH, ColumnKind.TEXT, TEXTS, _CLOSING, LAST_OPINION),
    FormColumn("実施状況", TEXT_WIDTH, ColumnKind.TEXT, TEXTS, _CLOSING),
    FormColumn("要因", TEXT_WIDTH, ColumnKind.TEXT, TEXTS, _CLOSING),
    FormColumn("課題", TEXT_WIDTH, ColumnKind.TEXT, TEXTS, _CLOSING),
    FormColumn("改善策", TEXT_WIDTH, ColumnKind.TEXT, TEXTS, _CLOSING),
    FormColumn("方向性", 11, ColumnKind.COURSE, TEXTS, _CLOSING),
    FormColumn("評価", 7, ColumnKind.MARK, OPINIONS, _ALL),
    FormColumn("評価理由", TEXT_WIDTH, ColumnKind.TEXT, OPINIONS, _ALL),
    FormColumn("会議", 16, ColumnKind.TEXT, OPINIONS, _ALL),
    FormColumn("委員会意見", TEXT_WIDTH, ColumnKind.TEXT, OPINIONS, _ALL),
    FormColumn("対応方針", TEXT_WIDTH, ColumnKind.TEXT, OPINIONS, _ALL),
)
INPUT_TITLES = tuple(column.title for column in _INPUT_COLUMNS)
FIGURE_TITLES = tuple(column.title for column in _INPUT_COLUMNS if column.sheet == FIGURES)
RATIO_TITLES = tuple(each.title for each in _INPUT_COLUMNS if each.kind is ColumnKind.COUNT)
NUMBERS_AND_DAYS = tuple(
    each.title
    for each in _INPUT_COLUMNS
    if each.kind in (ColumnKind.FIGURE, ColumnKind.COUNT, ColumnKind.DAY)
)
FIELDS: Mapping[str, str] = {title: field for field, title in NOTE_FIELDS.items()}
ANSWERS = tuple(column for column in _INPUT_COLUMNS if column.answers)
BASES: Mapping[FormKind, tuple[Basis, ...]] = {
    FormKind.CLOSING: tuple(each for each in Basis if each.is_closing),
    FormKind.INTERIM: (),
    FormKind.ALL: tuple(each for each in Basis if each is not Basis.CANCELLED),
}


def interim_title(year: FiscalYear) -> str:
    """Return the heading of the figures that are asked for when half of a year is over."""
    return f"{year.interim_day.month}月末実績"


def input_columns(kind: FormKind, year: FiscalYear) -> dict[str, list[FormColumn]]:
    """Return the columns of a year's form that are filled in, by sheet."""
    sheets: dict[str, list[FormColumn]] = {}
    others = INTERIM_TITLES.keys() - {interim_title(year)}
    for column in _INPUT_COLUMNS:
        if kind in column.kinds and column.title not in others:
            sheets.setdefault(column.sheet, []).append(column)
    return sheets


def is_known_title(title: str) -> bool:
    """Tell whether a column is read, or known to be there for the reader of a form or log."""
    known = (*INPUT_TITLES, *KEYS, *Label, *ACTUALS.columns, *NOTES.columns)
    return title in known or _FIXED.fullmatch(title) is not None


class Label(StrEnum):
    """A labelled cell in the head of a form; its value stands right of it."""

    REPORTER = "照会先"
    YEAR = "年度"
    EDITION = "版"
    CONTACT = "提出先"
    DUE = "回答期限"
    KIND = "種類"
    PLAN = "計画"
    FILLED_BY = "記入者・内線"
    CONFIRMED = "所属長確認"


FILLED_IN = (Label.FILLED_BY, Label.CONFIRMED)
Value = str | Decimal


class FormRow(NamedTuple):
    """A row of a form: its values by title, and how many decimals its figures have.

    ``closed`` are the titles of cells to fill in that make no sense here. Figures may lie below 0
    where they are ``signed``.
    """

    values: Mapping[str, Value]
    decimals: int = 0
    closed: frozenset[str] = frozenset()
    signed: bool = False


class FormSheet(NamedTuple):
    """A sheet of a form."""

    name: str
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]


class Form(NamedTuple):
    """One form, as it goes to one reporter.

    ``notices`` stand on every sheet; ``guide`` says in words how the form is filled in.
    """

    kind: FormKind
    title: str
    head: Mapping[Label, str]
    notices: tuple[str, ...]
    guide: tuple[str, ...]
    courses: tuple[str, ...]
    marks: tuple[str, ...]
    sheets: tuple[FormSheet, ...]


def file_name(form: Form) -> str:
    """Return the form's file name without its ending, safe and short enough on every system."""
    reporter = form.head[Label.REPORTER][:_REPORTER_LENGTH]
    parts = (form.kind, form.head[Label.YEAR], form.head[Label.EDITION], reporter)
    return re.sub(r'[\\/:*?"<>|\s.]', "_", "_".join(parts))
