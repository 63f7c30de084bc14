"""The shape of the three logs: their columns, one dataclass a row, and what each word means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from jusou.values.fiscal_year import FiscalYear

ACTUAL_COLUMNS = (
    "記録日時", "年度", "指標", "実績値", "分子", "分母",
    "区分", "基準日", "入力者", "備考", "指標名",
)  # fmt: skip
NOTE_COLUMNS = (
    "記録日時", "年度", "対象", "実施状況", "要因", "課題", "改善策", "方向性",
    "評価", "評価理由", "委員会意見", "対応方針", "入力者", "対象名",
)  # fmt: skip
REVISION_COLUMNS = (
    "記録日時", "指標", "項目", "年度", "変更前", "変更後",
    "理由", "決定機関", "決定日", "意見聴取", "公表日", "入力者",
)  # fmt: skip

IMPORT_COLUMNS = (
    "記録日時", "年度", "照会先", "種類", "版", "指標", "空欄", "行なし", "未取込",
    "取込不可", "ファイル名", "SHA256", "記入者", "入力者", "備考",
)  # fmt: skip

NOTE_FIELDS: Mapping[str, str] = {
    "activity": "実施状況",
    "cause": "要因",
    "issue": "課題",
    "action": "改善策",
    "course": "方向性",
    "evaluation": "評価",
    "evaluation_reason": "評価理由",
    "committee": "委員会意見",
    "response": "対応方針",
}
CLEAR = "（削除）"
REVISABLE = "目標値"


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: file (relative to the workspace) and line."""

    path: str
    line: int


@dataclass(slots=True)
class Actual:
    """One row of ``actuals/R<n>.csv``. Treat as frozen: it is not, for the speed of long logs."""

    year: FiscalYear
    indicator: str
    basis: Basis
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    as_of: date | None
    recorded_at: str
    recorded_by: str
    remark: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """One row of ``reviews/R<n>.csv``: the texts given, by field; an empty one clears."""

    year: FiscalYear
    subject: str
    texts: Mapping[str, str]
    recorded_at: str
    recorded_by: str
    place: Place


@dataclass(frozen=True, slots=True)
class Revision:
    """One row of ``revisions.csv``: one target of one year, changed by a dated decision."""

    indicator: str
    year: FiscalYear
    before: Decimal | None
    after: Decimal
    reason: str
    decided_by: str
    decided_on: date
    consultation: str
    published_on: date | None
    recorded_at: str
    recorded_by: str
    place: Place


class FormKind(StrEnum):
    """種類: which form. For a department, at half-year, or the planner's own with everything."""

    CLOSING = "実績等照会票"
    INTERIM = "中間実績照会票"
    ALL = "取りまとめ票"


@dataclass(frozen=True, slots=True)
class Import:
    """One row of ``imports.csv``: a file that came back, when, and what it was asked for.

    ``kind`` is None for a plain table. Of the ``indicators`` asked for, ``blank`` were left blank,
    ``missing`` had no row any more, and ``pending`` were filled in but not (wholly) taken. ``left``
    counts all that was not taken, texts too; with nothing left the file was taken whole.
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
    recorded_at: str
    recorded_by: str
    remark: str


@dataclass(frozen=True, slots=True)
class Note:
    """The human text of the review that stands for one subject and year; empty is none."""

    activity: str = ""
    cause: str = ""
    issue: str = ""
    action: str = ""
    course: str = ""
    evaluation: str = ""
    evaluation_reason: str = ""
    committee: str = ""
    response: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands for one indicator and year, by slot. Interims are in order of 基準日."""

    closing: Actual | None = None
    forecast: Actual | None = None
    interims: tuple[Actual, ...] = field(default=())

    @property
    def rows(self) -> tuple[Actual, ...]:
        """Every row that stands: closing, forecast, interims."""
        return tuple(filter(None, (self.closing, self.forecast, *self.interims)))

    @property
    def shown(self) -> Actual | None:
        """The row the review takes: closing, else forecast, else the latest interim."""
        return self.closing or self.forecast or (self.interims[-1] if self.interims else None)

    @property
    def reported(self) -> Actual | None:
        """The closing row if it holds a figure (確定 or 速報)."""
        return self.closing if self.closing and self.closing.basis in REPORTED else None


NOTHING = Standing()


class Slots:
    """Folds the rows of one year, in the order of the file, into what stands by indicator."""

    def __init__(self) -> None:
        self._closing: dict[str, Actual] = {}
        self._forecast: dict[str, Actual] = {}
        self._interims: dict[str, dict[date, Actual]] = {}

    def add(self, actual: Actual) -> None:
        """Put a row into its slot; the later row stands, 取消 empties all three."""
        key = actual.indicator
        basis = actual.basis
        if basis in _CLOSING:
            self._closing[key] = actual
        elif basis is Basis.FORECAST:
            self._forecast[key] = actual
        elif basis is Basis.INTERIM:
            assert actual.as_of is not None
            self._interims.setdefault(key, {})[actual.as_of] = actual
        else:
            for slot in (self._closing, self._forecast, self._interims):
                slot.pop(key, None)

    def standing(self) -> dict[str, Standing]:
        """Return what stands by indicator; those with nothing are absent."""
        keys = {**self._closing, **self._forecast, **self._interims}
        return {
            key: Standing(
                self._closing.get(key),
                self._forecast.get(key),
                tuple(row for _, row in sorted(self._interims.get(key, {}).items())),
            )
            for key in keys
        }
