"""Any plan, written as YAML, is read back as it was."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jusou.plan.model import (
    Between,
    Direction,
    Formula,
    Grade,
    Indicator,
    IndicatorKind,
    Initiative,
    Measure,
    Notice,
    Period,
    Plan,
    PlanInfo,
    Programme,
    ReviewTrigger,
)
from jusou.plan.scalars import PERS
from jusou.storage.plan_file import load_plan
from jusou.values.fiscal_year import FiscalYear, year_range

TEXTS = st.text("あ％:-#'\"&*!@{}[],\\ nul~1.", min_size=1).map(str.strip).filter(bool)
OPTIONAL = st.none() | TEXTS
DEPARTMENTS = st.lists(TEXTS, max_size=2).map(tuple)
NOTICES = st.lists(st.sampled_from(Notice), max_size=2).map(tuple)
# Not a, c, n, p or r at first: those begin names that mean something else (con, r9).
IDS = st.from_regex(r"[d-m][a-z0-9_]{0,2}(-[a-z0-9_]{1,2}){0,2}", fullmatch=True)


def figures(places: int, *, signed: bool = False) -> st.SearchStrategy[Decimal]:
    return st.decimals(-100 if signed else 0, 100, places=places)


def years_from(first: FiscalYear, last: FiscalYear) -> st.SearchStrategy[FiscalYear]:
    return st.sampled_from(year_range(first, last))


@st.composite
def indicators(draw: st.DrawFn, key: str, label: str, info: PlanInfo) -> Indicator:
    decimals = draw(st.integers(0, 6))
    direction = draw(st.sampled_from(Direction))
    measure = draw(st.sampled_from(Measure))
    signed = direction is not Direction.KEEP and draw(st.booleans())
    optional = st.none() | figures(decimals, signed=signed)
    baseline = draw(optional)
    unit = draw(TEXTS | st.sampled_from(["", "％", "‰"]))
    pers = st.sampled_from(PERS) if unit in ("％", "‰") else st.none() | st.sampled_from(PERS)
    formula = Formula.PROGRESS if signed else Formula.RATIO
    if direction is not Direction.KEEP and not signed:
        formula = draw(st.sampled_from(Formula))
    later = info.end._replace(number=info.end.number + 3)
    since = draw(st.none() | years_from(info.start, info.end))
    return Indicator(
        id=key,
        label=label,
        name=draw(TEXTS),
        unit=unit,
        decimals=decimals,
        measure=measure,
        direction=direction,
        tolerance=draw(figures(2)) if direction is Direction.KEEP else Decimal(0),
        baseline=baseline,
        targets=draw(st.dictionaries(years_from(info.start.previous, later), optional)),
        reporter=draw(OPTIONAL),
        definition=draw(OPTIONAL),
        note=draw(OPTIONAL),
        rationale=draw(OPTIONAL),
        acknowledged=draw(NOTICES),
        kind=draw(st.none() | st.sampled_from(IndicatorKind)),
        source=draw(OPTIONAL),
        former_ids=draw(st.sampled_from([(), (f"old-{key}",), (f"old-{key}", f"older-{key}")])),
        baseline_years=plans_own(info) if baseline is None else draw(baseline_years(info)),
        between=draw(st.sampled_from(Between)),
        measured=draw(st.lists(years_from(since or info.start, later), max_size=2).map(tuple)),
        since=since,
        per=draw(pers) if measure is Measure.RATE else None,
        maximum=draw(st.sampled_from([None, Decimal(100), Decimal("200.5")])),
        signed=signed,
        attainment=formula,
    )


def plans_own(info: PlanInfo) -> tuple[FiscalYear, ...]:
    return (info.baseline_year,) if info.baseline_year else ()


@st.composite
def baseline_years(draw: st.DrawFn, info: PlanInfo) -> tuple[FiscalYear, ...]:
    """Draw the plan's own year, another one, or the years of a mean."""
    first = info.start._replace(number=draw(st.integers(-29, 5)))
    last = first._replace(number=draw(st.integers(first.number + 1, info.start.number - 1)))
    return draw(st.sampled_from([plans_own(info), (first,), (first, last)]))


@st.composite
def programmes(draw: st.DrawFn, number: int, ids: list[str], info: PlanInfo) -> Programme:
    """Draw a programme of two indicators and two initiatives, one of these with a mark."""
    return Programme(
        id=ids[0],
        number=draw(st.just(number) | st.sampled_from([f"{number}-a", f"基本目標{number}"])),
        name=draw(TEXTS),
        law=draw(OPTIONAL),
        operation=draw(OPTIONAL),
        departments=draw(DEPARTMENTS),
        partners=draw(DEPARTMENTS),
        initiatives=tuple(
            Initiative(
                id=key,
                mark=mark,
                name=draw(TEXTS),
                target_group=draw(OPTIONAL),
                operation=draw(OPTIONAL),
                departments=draw(DEPARTMENTS),
                operators=draw(DEPARTMENTS),
            )
            for key, mark in zip(ids[1:3], ("ア", None), strict=True)
        ),
        indicators=tuple(
            draw(indicators(key, label, info)) for key, label in zip(ids[3:5], "①②", strict=True)
        ),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a plan without contradictions."""
    calendar = draw(st.booleans())
    start = FiscalYear(draw(st.integers(7, 9)), calendar)
    info = PlanInfo(
        title=draw(TEXTS),
        municipality=draw(TEXTS),
        start=start,
        end=start._replace(number=start.number + draw(st.integers(0, 2))),
        baseline_year=draw(st.sampled_from([None, FiscalYear(6, calendar)])),
        published=draw(st.sampled_from([None, "2026-03", "2026-03-31"])),
        sample=draw(st.booleans()),
        acknowledged=draw(NOTICES),
        period=Period.CALENDAR if calendar else Period.FISCAL,
        contact=draw(OPTIONAL),
        between=draw(st.sampled_from(Between)),
        attainment=draw(st.sampled_from(Formula)),
        records_from=draw(st.sampled_from([None, FiscalYear(4, calendar)])),
    )
    cuts = sorted({*draw(st.lists(figures(1), max_size=3)), Decimal(0)}, reverse=True)
    low, high = draw(st.tuples(figures(1), figures(1)).filter(lambda cuts: cuts[0] < cuts[1]))
    trigger = st.none() | st.builds(ReviewTrigger, st.just(low), st.just(high), st.integers(1, 9))
    ids = draw(st.lists(IDS, min_size=10, max_size=10, unique=True))
    return Plan(
        info=info,
        scale=tuple(Grade("ABCD"[index], draw(TEXTS), cut) for index, cut in enumerate(cuts)),
        review_trigger=draw(trigger),
        courses=draw(DEPARTMENTS),
        programmes=tuple(
            draw(programmes(number, ids[5 * number :][:5], info))
            for number in range(draw(st.integers(1, 2)))
        ),
    )


def raw(part: Any) -> Any:
    """Return a part of a plan as it is typed: lists, mappings and texts."""
    if isinstance(part, FiscalYear):
        return str(part)
    if isinstance(part, Indicator):
        part = as_typed(part)
    if hasattr(part, "_asdict"):
        part = part._asdict()
    if isinstance(part, Mapping):
        return {str(key): raw(each) for key, each in part.items()}
    if isinstance(part, tuple):
        return [raw(each) for each in part]
    if isinstance(part, Decimal):
        return f"{part:f}"
    if isinstance(part, bool):
        return "true" if part else "false"
    return None if part is None else str(part)


def as_typed(indicator: Indicator) -> dict[str, Any]:
    """Return the parts of an indicator by the keys that they have in the YAML."""
    fields = indicator._asdict()
    years = fields.pop("baseline_years")
    if indicator.baseline is not None and years:
        when = {"year": years[0]} if len(years) == 1 else {"years": years}
        fields["baseline"] = {"value": indicator.baseline, **when}
    fields["from"] = fields.pop("since")
    for name in ("ended", "redefined", "is_baseline_alike"):  # of decisions, not of the plan
        del fields[name]
    return {key: value for key, value in fields.items() if value != ""}


@given(plans())
@settings(max_examples=40)
def test_a_plan_written_as_yaml_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, plan: Plan
) -> None:
    written = {
        "plan": raw(plan.info),
        "rating": {"scale": raw(plan.scale)},
        "review_trigger": raw(plan.review_trigger),
        "courses": raw(plan.courses),
        "programmes": raw(plan.programmes),
    }
    path = tmp_path_factory.getbasetemp() / "targets.yaml"
    path.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), encoding="utf-8")
    found = load_plan(path.read_bytes(), "data/targets.yaml")
    assert found == plan
    assert repr(found.programmes) == repr(plan.programmes)  # 92.50 is not 92.5
