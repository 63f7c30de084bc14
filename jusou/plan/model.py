"""The plan as published, ready to use: what ``targets.yaml`` means, whole and free of mistakes.

What may be written there stands in ``shape``, what its parts demand of one another in
``consistency``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from jusou.errors import JusouError
from jusou.values.fiscal_year import FiscalYear, year_range
from jusou.values.text import fold, normalise_key, squeeze

UNASSIGNED = "照会先未設定"
"""What stands for the reporter of an indicator that has none."""


WHOLE_PLAN = "plan"
"""The subject of what is written of the plan itself; no part of a plan may have this id."""


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


class Notice(StrEnum):
    """What ``check`` says of a plan though it may be right: a city can put it to rest."""

    TARGET_BELOW_BASELINE = "target_below_baseline"


class PlanInfo(NamedTuple):
    """The plan's name and years. ``published`` is ``2026-03`` or ``2026-03-31``."""

    title: str
    municipality: str
    start: FiscalYear
    end: FiscalYear
    baseline_year: FiscalYear | None
    published: str | None
    sample: bool
    acknowledged: tuple[Notice, ...]

    @property
    def baseline_name(self) -> str:
        """``R6``, or 参考値 in a plan that names no baseline year."""
        return str(self.baseline_year or "参考値")


class Grade(NamedTuple):
    """One step of the rating scale: reached from ``at_least`` percent upwards."""

    mark: str
    label: str
    at_least: Decimal


class ReviewTrigger(NamedTuple):
    """When an indicator becomes 見直し候補: on one side for ``years`` years in a row.

    One side is an attainment of ``low`` percent or less, the other of ``high`` percent or more.
    """

    low: Decimal
    high: Decimal
    years: int


class Initiative(NamedTuple):
    """A commitment of the plan without a number (取組)."""

    id: str
    mark: str | None
    name: str
    target_group: str | None
    operation: str | None
    departments: tuple[str, ...]
    operators: tuple[str, ...]


class Indicator(NamedTuple):
    """An indicator (指標) with its yearly targets; None is a year without one."""

    id: str
    label: str
    name: str
    unit: str
    decimals: int
    measure: Measure
    direction: Direction
    tolerance: Decimal
    baseline: Decimal | None
    targets: Mapping[FiscalYear, Decimal | None]
    reporter: str | None
    definition: str | None
    note: str | None
    rationale: str | None
    acknowledged: tuple[Notice, ...]

    @property
    def is_percentage(self) -> bool:
        """Tell whether the figure is a rate in ％, which cannot exceed 100."""
        return self.measure is Measure.RATE and fold(self.unit) == "%"


class Programme(NamedTuple):
    """A programme (事業) of the plan."""

    id: str
    number: int
    name: str
    law: str | None
    operation: str | None
    departments: tuple[str, ...]
    partners: tuple[str, ...]
    initiatives: tuple[Initiative, ...]
    indicators: tuple[Indicator, ...]

    @property
    def label(self) -> str:
        """``(1)``."""
        return f"({self.number})"

    @property
    def title(self) -> str:
        """``(1) 包括的相談支援事業``."""
        return f"{self.label} {self.name}"


@dataclass(frozen=True)
class Plan:
    """A plan with its programmes, and the scale of its rating from the highest grade down."""

    info: PlanInfo
    scale: tuple[Grade, ...]
    review_trigger: ReviewTrigger | None
    courses: tuple[str, ...]
    programmes: tuple[Programme, ...]

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

    def name_of(self, subject: str) -> str:
        """Return the name of a subject, or of the plan itself."""
        return self.info.title if subject == WHOLE_PLAN else self.subjects[subject]

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

    @cached_property
    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The subjects of each name, written without spaces: of some names there are two."""
        found: dict[str, tuple[str, ...]] = {}
        for subject, name in self.subjects.items():
            found[squeeze(name)] = (*found.get(squeeze(name), ()), subject)
        return found


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
