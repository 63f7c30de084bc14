"""The plan as published, ready to use: what ``targets.yaml`` means, whole and free of mistakes.

What may be written there stands in ``shape``, what its parts demand of one another in
``consistency``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from jusou.errors import JusouError
from jusou.values.fiscal_year import FiscalYear, year_range
from jusou.values.text import fold, normalise_key, squeeze

SIGNED_HINT = "負の数を使う指標には signed: true と書いてください。"
EXCEEDING_HINT = "これを超えることがある指標には、targets.yaml に maximum: null と書いてください。"
UNASSIGNED = "照会先未設定"
"""What stands for the reporter of an indicator that has none."""
FICTIONAL = "架空データ"
SAMPLE_NOTICE = f"{FICTIONAL}: この資料の実績値と記述は架空のもので、市の実績ではありません。"
"""What stands on everything made from a plan that is a ``sample``."""

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
    """Which way is better; ``none`` of a planned volume. Declared by the plan, never inferred."""

    UP = "up"
    DOWN = "down"
    KEEP = "keep"
    NONE = "none"


class Between(StrEnum):
    """What a year without its own target is measured against: nothing, the next, the line to it."""

    NONE = "none"
    NEXT = "next"
    LINEAR = "linear"


class Formula(StrEnum):
    """How attainment is computed: the figure against the target, or the way from the baseline."""

    RATIO = "ratio"
    PROGRESS = "progress"


class Period(StrEnum):
    """What the plan calls a year: from April to March (年度), or from January to December."""

    FISCAL = "fiscal"
    CALENDAR = "calendar"


class IndicatorKind(StrEnum):
    """What an indicator counts: what is done (活動指標), or what comes of it (成果指標)."""

    OUTPUT = "output"
    OUTCOME = "outcome"


class Notice(StrEnum):
    """What ``check`` says of a plan though it may be right: a city can put it to rest."""

    TARGET_BELOW_BASELINE = "target_below_baseline"
    TARGET_OUTSIDE_PLAN = "target_outside_plan"


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
    period: Period = Period.FISCAL
    contact: str | None = None
    between: Between = Between.NONE
    attainment: Formula = Formula.RATIO
    records_from: FiscalYear | None = None

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
    """An indicator (指標) with its yearly targets; None is a year without one.

    ``unit`` is empty where there is none. ``baseline_years`` are the year of the baseline, those
    that it is a mean of, the oldest first, or nothing where no year is known.
    ``former_ids`` are ids under which rows were recorded before. It is measured in every year, or
    in those of ``measured``, ``since`` its first. A rate is a count ``per`` so many; without it
    its parts are not kept. No figure lies above ``maximum``, none below 0 unless ``signed``.
    Changes since the plan was published may add ``ended``, the first year without it, and
    ``redefined``, the years from which it is counted in another way; ``is_baseline_alike`` tells
    whether the baseline was counted as the figures of the year are.
    """

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
    kind: IndicatorKind | None = None
    source: str | None = None
    former_ids: tuple[str, ...] = ()
    baseline_years: tuple[FiscalYear, ...] = ()
    between: Between = Between.NONE
    measured: tuple[FiscalYear, ...] = ()
    since: FiscalYear | None = None
    per: int | None = None
    maximum: Decimal | None = None
    signed: bool = False
    attainment: Formula = Formula.RATIO
    ended: FiscalYear | None = None
    redefined: tuple[FiscalYear, ...] = ()
    is_baseline_alike: bool = True

    @property
    def comparable_baseline(self) -> Decimal | None:
        """The baseline, but where it was counted in another way than the figures."""
        return self.baseline if self.is_baseline_alike else None

    @property
    def baseline_name(self) -> str:
        """``R6``, ``H25〜H28平均`` or ``H25・H28平均`` of a mean, or 参考値 where none is known."""
        years = self.baseline_years
        if len(years) < 2:
            return "".join(map(str, years)) or "参考値"
        in_a_row = len(years) > 2 and years == year_range(years[0], years[-1])
        ends = f"{years[0]}〜{years[-1]}" if in_a_row else "・".join(map(str, years))
        return f"{ends}平均"

    @property
    def baseline_year(self) -> FiscalYear | None:
        """The one year of the baseline; None where it is a mean, or no year is known."""
        return self.baseline_years[0] if len(self.baseline_years) == 1 else None

    def is_measured_in(self, year: FiscalYear) -> bool:
        """Tell whether a figure of a year is to be expected."""
        started = self.since is None or year >= self.since
        if self.ended and year >= self.ended:
            return False
        return started and (not self.measured or year in self.measured)

    def next_measured(self, year: FiscalYear) -> FiscalYear | None:
        """Return the first year after one in which it is measured, if that is laid down."""
        first = self.since if self.since and self.since > year else None
        if self.ended:
            return None
        later = (each for each in self.measured if each > year and self.is_measured_in(each))
        return min(later, default=None) if self.measured else first

    def refusal(self, value: Decimal) -> tuple[str, str] | None:
        """Return what is wrong with a figure beyond the bounds, as words behind it, and a hint."""
        if value < 0 and not self.signed:
            return "は負の数です。", SIGNED_HINT
        if self.maximum is not None and value > self.maximum:
            return (
                f"が {self.maximum:f}{self.unit} を超えています。",
                f"数値を確かめてください。{EXCEEDING_HINT}",
            )
        return None

    @property
    def is_percentage(self) -> bool:
        """Tell whether the figure is a rate in ％."""
        return self.measure is Measure.RATE and fold(self.unit) == "%"


def usual_per(measure: str, unit: str) -> int | None:
    """Return what a rate in a unit is counted per, unless the plan says otherwise."""
    return {"%": 100, "‰": 1_000}.get(fold(unit)) if measure == Measure.RATE else None


def usual_maximum(measure: str, unit: str) -> Decimal | None:
    """Return above which no figure in a unit lies, unless the plan says otherwise."""
    return Decimal(100) if usual_per(measure, unit) == 100 else None


class Programme(NamedTuple):
    """A programme (事業) of the plan; its ``number`` may be a text such as ``1-2`` or 基本目標1."""

    id: str
    number: int | str
    name: str
    law: str | None
    operation: str | None
    departments: tuple[str, ...]
    partners: tuple[str, ...]
    initiatives: tuple[Initiative, ...]
    indicators: tuple[Indicator, ...]

    @property
    def label(self) -> str:
        """``(1)``; a text stands as the plan prints it."""
        return self.number if isinstance(self.number, str) else f"({self.number})"

    def labelled(self, mark: str) -> str:
        """Return the full label of what bears a mark in the programme: ``(1)①``, ``1-2-1``."""
        runs_on = isinstance(self.number, str) and mark[:1].isascii() and mark[:1].isalnum()
        return f"{self.label}{'-' if runs_on else ''}{mark}"

    @property
    def title(self) -> str:
        """``(1) 包括的相談支援事業``."""
        return f"{self.label} {self.name}"


Loc = tuple[str | int, ...]
"""The keys and the indexes that lead to a part of ``targets.yaml``."""


class Name(NamedTuple):
    """What a subject may be called, its id, and where in ``targets.yaml`` both stand."""

    text: str
    subject: str
    part: Loc
    field: Loc


@dataclass(frozen=True)
class Plan:
    """A plan with its programmes, and the scale of its rating from the highest grade down.

    ``lines`` are those of ``targets.yaml`` where the targets of each indicator stand, by its id.
    """

    info: PlanInfo
    scale: tuple[Grade, ...]
    review_trigger: ReviewTrigger | None
    courses: tuple[str, ...]
    programmes: tuple[Programme, ...]
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    @cached_property
    def years(self) -> tuple[FiscalYear, ...]:
        """The plan's years, from start to end."""
        return year_range(self.info.start, self.info.end)

    @cached_property
    def log_years(self) -> tuple[FiscalYear, ...]:
        """The years whose actuals may be kept: from the first baseline's to the plan's end.

        A plan may say that its records go further back.
        """
        baselines = (year for each in self.indicators.values() for year in each.baseline_years)
        own = (self.info.start, self.info.baseline_year, self.info.records_from)
        return year_range(min(filter(None, (*own, *baselines))), self.info.end)

    @cached_property
    def baseline_name(self) -> str:
        """``R6``, or 参考値 where some baselines are of other years, or no year is known."""
        own = (self.info.baseline_year,)
        others = any(
            each.baseline is not None and each.baseline_years != own
            for each in self.indicators.values()
        )
        return "参考値" if others else self.info.baseline_name

    def own(self, year: FiscalYear) -> FiscalYear:
        """Return a year that was read without the plan as the plan counts it."""
        return year._replace(calendar=self.info.period is Period.CALENDAR)

    def year_of(self, day: date) -> FiscalYear:
        """Return the year, as the plan counts it, that a date lies in."""
        return FiscalYear.of(day, calendar=self.info.period is Period.CALENDAR)

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """All indicators by id, in the plan's order."""
        return {each.id: each for programme in self.programmes for each in programme.indicators}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The full label of each indicator, ``(1)①``, by id."""
        return {
            each.id: programme.labelled(each.label)
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
    def names(self) -> tuple[Name, ...]:
        """Everything that a subject may be called: ids, former ids, numbers, labels, marks."""
        found = []
        for index, programme in enumerate(self.programmes):
            place: Loc = ("programmes", index)
            found.append(Name(programme.id, programme.id, place, ("id",)))
            found.append(Name(programme.label, programme.id, place, ("number",)))
            for order, each in enumerate(programme.indicators):
                part: Loc = (*place, "indicators", order)
                found.append(Name(each.id, each.id, part, ("id",)))
                found.append(Name(programme.labelled(each.label), each.id, part, ("label",)))
                found += [
                    Name(former, each.id, part, ("former_ids", at))
                    for at, former in enumerate(each.former_ids)
                ]
            for order, one in enumerate(programme.initiatives):
                part = (*place, "initiatives", order)
                found.append(Name(one.id, one.id, part, ("id",)))
                if one.mark:
                    found.append(Name(programme.labelled(one.mark), one.id, part, ("mark",)))
        return tuple(found)

    @cached_property
    def former_ids(self) -> Mapping[str, str]:
        """The id of an indicator by each that it had before."""
        return {old: key for key, each in self.indicators.items() for old in each.former_ids}

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """A number to count by for each programme: its own, or its place where one is a text."""
        own = {each.id: each.number for each in self.programmes}
        return {
            key: order if str in map(type, own.values()) else int(number)
            for order, (key, number) in enumerate(own.items(), 1)
        }

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """Every spelling of a subject (see :func:`normalise_key`) to its id."""
        return {normalise_key(name.text): name.subject for name in self.names}

    @cached_property
    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The subjects of each name, written without spaces: of some names there are two."""
        found: dict[str, tuple[str, ...]] = {}
        for subject, name in self.subjects.items():
            found[squeeze(name)] = (*found.get(squeeze(name), ()), subject)
        return found


def check_plan_year(plan: Plan, year: FiscalYear) -> FiscalYear:
    """Return a year as the plan counts it. Raises JusouError unless it can be reviewed."""
    own = plan.own(year)
    if own not in plan.years:
        raise JusouError(
            f"{own}（{own.long_name}）は計画期間の外です。",
            f"計画期間は {plan.info.start} から {plan.info.end} までです。",
        )
    return own


def check_log_year(plan: Plan, year: FiscalYear) -> FiscalYear:
    """Return a year as the plan counts it. Raises JusouError unless its actuals may be kept."""
    own = plan.own(year)
    if own not in plan.log_years:
        raise JusouError(f"{own} は計画の年度ではありません。", years_hint(plan.log_years))
    return own


def years_hint(years: Sequence[FiscalYear]) -> str:
    """Return which years may be named in place of one that may not."""
    return f"使える年度は {years[0]} から {years[-1]} までです。"
