"""The plan as published: the shape of ``targets.yaml``.

What its parts demand of one another stands in ``plan_contradictions``.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from jusou.errors import JusouError
from jusou.plan.scalars import (
    MAX_DECIMALS,
    Flag,
    Identifier,
    Integer,
    Number,
    OptionalText,
    Text,
    Year,
    is_percentage,
)
from jusou.values.fiscal_year import FiscalYear, year_range
from jusou.values.text import normalise_key

UNASSIGNED = "照会先未設定"
"""What stands for the reporter of an indicator that has none."""


class Measure(StrEnum):
    """How a figure accumulates; decides plan-to-date, interim progress and some flags."""

    FLOW = "flow"
    STOCK = "stock"
    CUMULATIVE = "cumulative"
    RATE = "rate"
    UNCONFIRMED = "unconfirmed"


class Direction(StrEnum):
    """Which way is better. Declared by the plan, never inferred."""

    UP = "up"
    DOWN = "down"
    KEEP = "keep"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))


class PlanInfo(_Part):
    """The plan's name and years."""

    title: Text = Field(description="計画の名称")
    municipality: Text = Field(description="市町村名")
    start: Year = Field(description="計画の最初の年度（例: R8）")
    end: Year = Field(description="計画の最後の年度（例: R12）")
    baseline_year: Year | None = Field(default=None, description="参考値の年度（例: R6）")
    published: str | None = Field(
        default=None, pattern=r"^\d{4}-\d{2}(-\d{2})?$", description="公表年月（例: 2026-03）"
    )
    sample: Flag = Field(default=False, description="架空データであれば true")

    @property
    def baseline_name(self) -> str:
        """``R6``, or 参考値 in a plan that names no baseline year."""
        return str(self.baseline_year or "参考値")


class Grade(_Part):
    """One step of the rating scale: reached from ``at_least`` percent upwards."""

    mark: Text = Field(description="達成度の記号（例: A）")
    label: Text = Field(description="達成度のことば（例: 達成）")
    at_least: Number = Field(description="この達成率（％）以上")


class Rating(_Part):
    """The city's scale for the rating (達成度)."""

    scale: tuple[Grade, ...] = Field(min_length=1, description="達成度の区分。高い順")


class ReviewTrigger(_Part):
    """When an indicator becomes 見直し候補: on one side for ``years`` years in a row."""

    low: Number = Field(description="達成率がこれ以下（％）")
    high: Number = Field(description="達成率がこれ以上（％）")
    years: Integer = Field(default=2, ge=1, description="続いた年数")


class Initiative(_Part):
    """A commitment of the plan without a number (取組)."""

    id: Identifier = Field(description="取組の識別名（半角英数字）")
    mark: OptionalText = Field(default=None, description="計画書の記号（例: ア）")
    name: Text = Field(description="取組の名称")
    target_group: OptionalText = Field(default=None, description="主な対象区分")
    operation: OptionalText = Field(default=None, description="運営形態")
    departments: tuple[Text, ...] = Field(default=(), description="所管部署・事業者")


class Indicator(_Part):
    """An indicator (指標) with its yearly targets."""

    id: Identifier = Field(description="指標の識別名（例: sodan-1）")
    label: Text = Field(description="計画書の番号（例: ①）")
    name: Text = Field(description="指標の名称（計画書のまま）")
    unit: Text = Field(description="単位（例: 件、％）")
    decimals: Integer = Field(default=0, le=MAX_DECIMALS, description="小数点以下の桁数")
    measure: Measure = Field(
        description="数え方: flow 年間の数、stock 年度末時点、cumulative 累計、rate 率、"
        "unconfirmed 集計方法を確認中"
    )
    direction: Direction = Field(
        description="よい方向: up 多いほどよい、down 少ないほどよい、keep 維持"
    )
    tolerance: Number = Field(default=Decimal(0), description="keep で目標どおりとみなす幅")
    baseline: Number | None = Field(default=None, description="参考値。計画書の「—」は null")
    targets: dict[Year, Number | None] = Field(description="年度ごとの目標値。なければ null")
    reporter: OptionalText = Field(default=None, description="照会先（1つの部署）")
    definition: OptionalText = Field(default=None, description="数え方の定義")
    note: OptionalText = Field(default=None, description="計画書の※")
    rationale: OptionalText = Field(default=None, description="目標値の考え方（市が書く）")

    @cached_property
    def is_percentage(self) -> bool:
        """Tell whether the figure is a rate in ％, which cannot exceed 100."""
        return is_percentage(self.measure, self.unit)


class Programme(_Part):
    """A programme (事業) of the plan."""

    id: Identifier = Field(description="事業の識別名（例: sodan）")
    number: Integer = Field(description="計画書の番号")
    name: Text = Field(description="事業の名称")
    law: OptionalText = Field(default=None, description="根拠法令")
    operation: OptionalText = Field(default=None, description="運営形態")
    departments: tuple[Text, ...] = Field(default=(), description="所管部署")
    initiatives: tuple[Initiative, ...] = Field(default=(), description="数値目標のない取組")
    indicators: tuple[Indicator, ...] = Field(description="指標")

    @property
    def label(self) -> str:
        """``(1)``."""
        return f"({self.number})"

    @property
    def title(self) -> str:
        """``(1) 包括的相談支援事業``."""
        return f"{self.label} {self.name}"


class Plan(_Part):
    """A plan with its rating scale, courses and programmes."""

    info: PlanInfo = Field(alias="plan", description="計画の名称と期間")
    rating: Rating = Field(description="達成度の区分")
    review_trigger: ReviewTrigger | None = Field(default=None, description="見直し候補の参考基準")
    courses: tuple[Text, ...] = Field(default=(), description="今後の方向性の選択肢")
    programmes: tuple[Programme, ...] = Field(min_length=1, description="事業")

    @property
    def scale(self) -> tuple[Grade, ...]:
        """The steps of the rating, from the highest down."""
        return self.rating.scale

    @cached_property
    def years(self) -> tuple[FiscalYear, ...]:
        """The plan's years, from start to end."""
        return year_range(self.info.start, self.info.end)

    @cached_property
    def log_years(self) -> tuple[FiscalYear, ...]:
        """The years whose actuals may be kept: from the baseline year to the plan's end."""
        return year_range(self.info.baseline_year or self.info.start, self.info.end)

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """All indicators by id, in the plan's order."""
        return {each.id: each for programme in self.programmes for each in programme.indicators}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The full label of each indicator, ``(1)①``, by id."""
        return {
            each.id: f"{programme.label}{each.label}"
            for programme in self.programmes
            for each in programme.indicators
        }

    @cached_property
    def subjects(self) -> Mapping[str, str]:
        """The name of all that a review may speak of (indicator, programme, initiative), by id."""
        names: dict[str, str] = {}
        for programme in self.programmes:
            names[programme.id] = programme.name
            names |= {each.id: each.name for each in programme.indicators}
            names |= {each.id: each.name for each in programme.initiatives}
        return names

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """Every spelling of a subject (see :func:`normalise_key`) to its id."""
        keys: dict[str, str] = {}
        for programme in self.programmes:
            keys[normalise_key(programme.label)] = programme.id
            for indicator in programme.indicators:
                keys[normalise_key(f"{programme.label}{indicator.label}")] = indicator.id
            for initiative in programme.initiatives:
                if initiative.mark:
                    keys[normalise_key(f"{programme.label}{initiative.mark}")] = initiative.id
        return keys | {subject: subject for subject in self.subjects}


def check_plan_year(plan: Plan, year: FiscalYear) -> None:
    """Raise JusouError unless a year can be reviewed."""
    if year not in plan.years:
        raise JusouError(
            f"{year}（{year.long_name}）は計画期間の外です。",
            f"計画期間は {plan.info.start} から {plan.info.end} までです。",
        )


def check_log_year(plan: Plan, year: FiscalYear) -> None:
    """Raise JusouError unless actuals of a year may be kept."""
    years = plan.log_years
    if year not in years:
        raise JusouError(
            f"{year} は計画の年度ではありません。",
            f"使える年度は {years[0]} から {years[-1]} までです。",
        )


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``targets.yaml``, for editors."""
    schema = Plan.model_json_schema(by_alias=True)
    for part in schema["$defs"].values():
        part.pop("description", None)  # the classes' own words are for developers
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
