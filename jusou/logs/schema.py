"""The shape of the logs: their words, the types of their rows, and their columns.

A log's table of columns is its codec on the way out; ``rows`` reads the same columns. A column is
added in one line here, and read where its row is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from jusou.plan.model import WHOLE_PLAN, Plan
from jusou.values.escaping import escaped, unescaped
from jusou.values.fiscal_year import FiscalYear

PLAN_FIELDS: Mapping[str, str] = {
    "plan_summary": "計画期間の総括",
    "next_plan_issues": "次期計画に向けた課題",
    "handover": "引継ぎ",
}
"""What is written of the plan as a whole; 引継ぎ is for the successor and in no paper."""
NOTE_FIELDS: Mapping[str, str] = {
    "activity": "実施状況",
    "cause": "要因",
    "issue": "課題",
    "action": "改善策",
    "course": "方向性",
    "evaluation": "評価",
    "evaluation_reason": "評価理由",
    "meeting": "会議",
    "committee": "委員会意見",
    "response": "対応方針",
    "action_status": "前年度の改善策の状況",
    "follow_up": "その後の状況",
    "first_half": "上半期の取組状況",
    "forecast_cause": "見込の要因",
    "second_half": "下半期の対応",
    "next_year": "次年度への反映",
    **PLAN_FIELDS,
}
"""The texts of the review by field: their headings in the log, on forms and in drafts.

``action_status`` and ``follow_up`` tell what became of last year's 改善策 and 委員会意見;
``forecast_cause`` is why a target will be missed, apart from the 要因 of the closed year.
"""
OPINION_FIELDS = ("meeting", "committee", "response")
"""What a meeting said, and what is to be done about it."""
_ADDED_LATER = (  # logs of earlier versions lack them
    "meeting", "action_status", "follow_up",
    "first_half", "forecast_cause", "second_half", "next_year", *PLAN_FIELDS,
)  # fmt: skip
LAST_ACTION = "前年度の改善策"
"""What last year's 改善策 is called where it is quoted; ``action_status`` answers it."""
LAST_OPINION = "前回の意見"
"""The same of last year's 委員会意見, with its 対応方針; ``follow_up`` answers it."""
CLEAR = "（削除）"
PLAIN_TABLE = "表"


def fields_of(subject: str) -> dict[str, str]:
    """Return the texts that there are of a subject, by field: of the whole plan other ones."""
    of_plan = subject == WHOLE_PLAN
    return {name: title for name, title in NOTE_FIELDS.items() if (name in PLAN_FIELDS) == of_plan}


class Basis(StrEnum):
    """区分: what kind of figure a row holds."""

    FINAL = "確定"
    PRELIMINARY = "速報"
    PENDING = "未確定"
    NOT_APPLICABLE = "該当なし"
    NOT_MEASURABLE = "測定不能"
    FORECAST = "見込"
    INTERIM = "中間"
    CANCELLED = "取消"

    @property
    def needs_value(self) -> bool:
        return self in _VALUED

    @property
    def is_closing(self) -> bool:
        """Tell whether the row fills the closing slot."""
        return self in _CLOSING


_VALUED = frozenset((Basis.FINAL, Basis.PRELIMINARY, Basis.FORECAST, Basis.INTERIM))
REPORTED = frozenset((Basis.FINAL, Basis.PRELIMINARY))
_CLOSING = REPORTED | {Basis.PENDING, Basis.NOT_APPLICABLE, Basis.NOT_MEASURABLE}
REMARK_WANTED: Mapping[Basis, str] = {
    Basis.PENDING: "いつ確定するか",
    Basis.NOT_APPLICABLE: "対象がない理由",
    Basis.NOT_MEASURABLE: "測定できない理由",
}


class FormKind(StrEnum):
    """種類: which form. For a department, at half-year, or the planner's own with everything."""

    CLOSING = "実績等照会票"
    INTERIM = "中間実績照会票"
    ALL = "取りまとめ票"


class Actual(NamedTuple):
    """One row of ``actuals/R<n>.csv``; ``path`` and ``line`` are where it stands, if it does.

    ``reason`` is why it takes the place of another, in words for a meeting; ``remark`` is not
    printed there.
    """

    year: FiscalYear
    indicator: str
    basis: Basis
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    as_of: date | None = None
    recorded_at: str = ""
    recorded_by: str = ""
    remark: str = ""
    reason: str = ""
    path: str = ""
    line: int = 0


class ReviewNote(NamedTuple):
    """One row of ``reviews/R<n>.csv``: the texts given, by field; an empty one clears."""

    year: FiscalYear
    subject: str
    texts: Mapping[str, str]
    recorded_at: str = ""
    recorded_by: str = ""
    path: str = ""
    line: int = 0


class Item(StrEnum):
    """項目: what a row of ``revisions.csv`` changes, or which earlier row it speaks of."""

    TARGET = "目標値"
    BASELINE = "参考値"
    END = "終了"
    JOIN = "追加"
    DEFINITION = "定義"
    REPORTER = "所管課"
    CANCELLED = "取消（誤入力）"
    PUBLISHED = "公表日"


TEXT_ITEMS = (Item.DEFINITION, Item.REPORTER)


class Revision(NamedTuple):
    """One row of ``revisions.csv``: a change of one indicator by a dated decision.

    ``year`` is the one whose target it is, or the first in which it holds; None for a baseline.
    ``before`` and ``after`` are figures, ``texts`` the same for what is a text, and as they were
    typed where a row only names another one.
    """

    indicator: str
    item: Item
    year: FiscalYear | None
    before: Decimal | None
    after: Decimal | None
    reason: str
    decided_by: str
    decided_on: date
    consultation: str = ""
    published_on: date | None = None
    texts: tuple[str, str] = ("", "")
    recorded_at: str = ""
    recorded_by: str = ""
    path: str = ""
    line: int = 0


class Taken(NamedTuple):
    """A row of a log that says what a file said of a subject, by its digest.

    ``items`` are what was taken: the 区分 of a figure, or the headings of texts. ``cell`` is where
    the first of them stands in the file.
    """

    subject: str
    items: tuple[str, ...]
    digest: str
    cell: str


class Import(NamedTuple):
    """One row of ``imports.csv``: a file that came back, when, and what it was asked for.

    ``kind`` is None for a plain table. Of the ``indicators`` asked for, ``blank`` were left blank,
    ``missing`` had no row any more, and ``pending`` were filled in but not (wholly) taken. ``left``
    counts all that was not taken, texts too; with nothing left the file was taken whole. What was
    ``taken`` counts only while its rows are in the logs; older records do not say it.
    """

    year: FiscalYear
    reporter: str
    kind: FormKind | None
    edition: str
    indicators: tuple[str, ...]
    blank: tuple[str, ...]
    missing: tuple[str, ...]
    pending: tuple[str, ...]
    left: int
    file: str
    digest: str
    filled_by: str
    recorded_at: str = ""
    recorded_by: str = ""
    remark: str = ""
    taken: tuple[Taken, ...] = ()
    path: str = ""
    line: int = 0


Row = Actual | ReviewNote | Revision | Import
Fill = Callable[[Any, Plan], str]


class Stamp(NamedTuple):
    """When rows are recorded, and by whom."""

    recorded_at: str
    recorded_by: str


class Log(NamedTuple):
    """A kind of log: its columns in order, each with how a row of a plan fills its cell.

    ``path`` is that of its file in ``data`` for a row, ``subject`` what tells people the row: a
    name of its fields. The first column is 記録日時. A file may lack the ``optional`` ones; the
    ``unread`` one is written for people and never read back. All but ``numbers`` and ``dates``
    hold texts.
    """

    path: str
    subject: str
    columns: Mapping[str, Fill]
    optional: tuple[str, ...]
    numbers: tuple[str, ...]
    dates: tuple[str, ...]
    unread: str = ""

    def encode(self, row: Row, plan: Plan) -> dict[str, str]:
        """Return the cells of a row by heading, as they are written."""
        cells = ((title, fill(row, plan)) for title, fill in self.columns.items())
        return {title: escaped(cell) if self.is_text(title) else cell for title, cell in cells}

    def decode(self, cells: Sequence[str]) -> Sequence[str]:
        """Return what the cells of a row say, both in the order of the columns."""
        return [
            unescaped(cell.strip()) if self.is_text(title) else cell
            for title, cell in zip(self.columns, cells, strict=True)
        ]

    def is_text(self, title: str) -> bool:
        """Tell whether a column holds texts."""
        return title not in self.numbers and title not in self.dates


def _digits(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _taken(each: Taken) -> str:
    """Return what was taken as one reads it: ``sodan-4 確定 3fa9c1d2 実績!F7``."""
    return f"{each.subject} {'・'.join(each.items)} {each.digest} {each.cell}"


def _text(name: str) -> Fill:
    """Return how a text of a note fills its cell: a field that is not given stays as it stood."""
    return lambda row, _: (row.texts[name] or CLEAR) if name in row.texts else ""


ACTUALS = Log(
    "actuals/{0.year}.csv",
    "indicator",
    {
        "記録日時": lambda row, _: row.recorded_at,
        "年度": lambda row, _: str(row.year),
        "指標": lambda row, _: row.indicator,
        "実績値": lambda row, _: _digits(row.value),
        "分子": lambda row, _: _digits(row.numerator),
        "分母": lambda row, _: _digits(row.denominator),
        "区分": lambda row, _: row.basis.value,
        "基準日": lambda row, _: _day(row.as_of),
        "入力者": lambda row, _: row.recorded_by,
        "備考": lambda row, _: row.remark,
        "訂正理由": lambda row, _: row.reason,
        "指標名": lambda row, plan: plan.indicators[row.indicator].name,
    },
    optional=("訂正理由", "指標名"),
    numbers=("実績値", "分子", "分母"),
    dates=("記録日時", "基準日"),
    unread="指標名",
)
NOTES = Log(
    "reviews/{0.year}.csv",
    "subject",
    {
        "記録日時": lambda row, _: row.recorded_at,
        "年度": lambda row, _: str(row.year),
        "対象": lambda row, _: row.subject,
        **{title: _text(name) for name, title in NOTE_FIELDS.items()},
        "入力者": lambda row, _: row.recorded_by,
        "対象名": lambda row, plan: plan.name_of(row.subject),
    },
    optional=("対象名", *(NOTE_FIELDS[name] for name in _ADDED_LATER)),
    numbers=(),
    dates=("記録日時",),
    unread="対象名",
)
REVISIONS = Log(
    "revisions.csv",
    "indicator",
    {
        "記録日時": lambda row, _: row.recorded_at,
        "指標": lambda row, _: row.indicator,
        "項目": lambda row, _: row.item.value,
        "年度": lambda row, _: str(row.year or ""),
        "変更前": lambda row, _: _digits(row.before) or escaped(row.texts[0]),
        "変更後": lambda row, _: _digits(row.after) or escaped(row.texts[1]),
        "理由": lambda row, _: row.reason,
        "決定機関": lambda row, _: row.decided_by,
        "決定日": lambda row, _: _day(row.decided_on),
        "意見聴取": lambda row, _: row.consultation,
        "公表日": lambda row, _: _day(row.published_on),
        "入力者": lambda row, _: row.recorded_by,
    },
    optional=("入力者",),
    numbers=("変更前", "変更後"),
    dates=("記録日時", "決定日", "公表日"),
)
IMPORTS = Log(
    "imports.csv",
    "file",
    {
        "記録日時": lambda row, _: row.recorded_at,
        "年度": lambda row, _: str(row.year),
        "照会先": lambda row, _: row.reporter,
        "種類": lambda row, _: row.kind or PLAIN_TABLE,
        "版": lambda row, _: row.edition,
        "指標": lambda row, _: " ".join(row.indicators),
        "空欄": lambda row, _: " ".join(row.blank),
        "行なし": lambda row, _: " ".join(row.missing),
        "未取込": lambda row, _: " ".join(row.pending),
        "取込不可": lambda row, _: str(row.left),
        "ファイル名": lambda row, _: row.file,
        "SHA256": lambda row, _: row.digest,
        "記入者": lambda row, _: row.filled_by,
        "入力者": lambda row, _: row.recorded_by,
        "備考": lambda row, _: row.remark,
        "記録": lambda row, _: "; ".join(map(_taken, row.taken)),
    },
    optional=("備考", "記録"),
    numbers=("取込不可",),
    dates=("記録日時",),
)
LOGS: Mapping[type[Row], Log] = {
    Actual: ACTUALS,
    ReviewNote: NOTES,
    Revision: REVISIONS,
    Import: IMPORTS,
}
"""The log of each kind of row."""
