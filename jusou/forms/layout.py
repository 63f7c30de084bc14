"""The shape of a 照会票: its head, its sheets, their columns, and which of them are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jusou.logs.schema import ACTUAL_COLUMNS, NOTE_COLUMNS, NOTE_FIELDS, Basis, FormKind

ID = "id"
KEYS = (ID, "指標", "番号", "対象")
FIGURES = "実績"
TEXTS = "取組の記述"
OPINIONS = "評価"
PLANNER = "計画担当"
INTERIM_TITLE = "9月末実績"
FORECAST_TITLE = "年度末見込"
LAST_ACTION = "前年度の改善策"
FIGURE_TITLES = ("実績値", "分子", "分母", "区分", "基準日", "備考")
RATIO_TITLES = ("分子", "分母")
TEXT_TITLES = tuple(NOTE_FIELDS.values())
VALUE_TITLES = (*FIGURE_TITLES, INTERIM_TITLE, FORECAST_TITLE)
INPUT_TITLES = (*VALUE_TITLES, *TEXT_TITLES)
REMARK = "備考"
REMARK_LENGTH = 100
TEXT_WIDTH = 34
WISHED_LENGTH = 150
WARNED_LENGTH = 200
DOUBTED_LENGTH = 2000
_FIXED = re.compile(r"指標名|対象名|単位|数え方|前年度の改善策|参考|R\d+(参考|実績|目標)")


INPUTS: Mapping[FormKind, Mapping[str, tuple[str, ...]]] = {
    FormKind.CLOSING: {
        FIGURES: ("実績値", "分子", "分母", "区分", "備考"),
        TEXTS: ("実施状況", "要因", "課題", "改善策", "方向性"),
    },
    FormKind.INTERIM: {FIGURES: (INTERIM_TITLE, FORECAST_TITLE, "備考")},
    FormKind.ALL: {
        FIGURES: FIGURE_TITLES,
        TEXTS: ("実施状況", "要因", "課題", "改善策", "方向性"),
        OPINIONS: ("評価", "評価理由", "委員会意見", "対応方針"),
    },
}
"""What is filled in, by sheet: the way out and the way back in read the same table."""

BASES: Mapping[FormKind, tuple[Basis, ...]] = {
    FormKind.CLOSING: tuple(each for each in Basis if each.is_closing),
    FormKind.INTERIM: (),
    FormKind.ALL: tuple(each for each in Basis if each is not Basis.CANCELLED),
}


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


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column: its title (the key on the way back in), width in characters, and kind."""

    title: str
    width: int
    kind: ColumnKind = ColumnKind.FIXED

    @property
    def is_input(self) -> bool:
        return self.kind is not ColumnKind.FIXED


_INPUT_COLUMNS = {
    column.title: column
    for column in (
        *(FormColumn(title, 11, ColumnKind.FIGURE) for title in ("実績値", INTERIM_TITLE)),
        FormColumn(FORECAST_TITLE, 11, ColumnKind.FIGURE),
        *(FormColumn(title, 9, ColumnKind.COUNT) for title in RATIO_TITLES),
        FormColumn("区分", 9, ColumnKind.BASIS),
        FormColumn("基準日", 11, ColumnKind.DAY),
        FormColumn(REMARK, 44, ColumnKind.TEXT),
        *(FormColumn(title, TEXT_WIDTH, ColumnKind.TEXT) for title in TEXT_TITLES),
        FormColumn("方向性", 11, ColumnKind.COURSE),
        FormColumn("評価", 7, ColumnKind.MARK),
    )
}


def input_columns(kind: FormKind, sheet: str) -> tuple[FormColumn, ...]:
    """Return the columns of a sheet that are filled in."""
    return tuple(_INPUT_COLUMNS[title] for title in INPUTS[kind][sheet])


def is_fixed_title(title: str) -> bool:
    """Tell whether a column is one that forms and logs carry for the reader and never read."""
    known = (*KEYS, *Label, *ACTUAL_COLUMNS, *NOTE_COLUMNS)
    return title in known or _FIXED.fullmatch(title) is not None


Value = str | Decimal


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of a form: its values by title, and how many decimals its figures have.

    ``closed`` are the titles of cells to fill in that make no sense here.
    """

    values: Mapping[str, Value]
    decimals: int = 0
    closed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A sheet of a form."""

    name: str
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class Form:
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
    """Return the form's file name without its ending, safe on every system."""
    parts = (form.kind, form.head[Label.YEAR], form.head[Label.EDITION], form.head[Label.REPORTER])
    return re.sub(r'[\\/:*?"<>|\s.]', "_", "_".join(parts))
