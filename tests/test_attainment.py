"""The formulas of the evaluation: by tables, and by the laws they must keep."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jusou.plan.model import Direction, Grade
from jusou.review.attainment import (
    Judgement,
    attainment,
    capped_mean,
    change_rate,
    is_met,
    judge,
    plan_to_date,
    rating,
    shown,
)
from jusou.values.numbers import format_number, percentage, round_half_up

UP, DOWN, KEEP = Direction.UP, Direction.DOWN, Direction.KEEP
ZERO = Decimal(0)
FIGURES = st.decimals(0, 10**9, places=1)
POSITIVE = st.decimals("0.1", 10**9, places=1)


def scale(*cuts: str) -> list[Grade]:
    """Return a scale A, B, C … that descends through the cuts."""
    return [
        Grade(mark=chr(ord("A") + index), label="区分", at_least=Decimal(cut))
        for index, cut in enumerate(cuts)
    ]


CITY = scale("100", "80", "50", "0")
WITH_110 = scale("110", "100", "80", "50", "0")
BELOW_100 = scale("90", "0")
SCALES = st.sampled_from([CITY, WITH_110, BELOW_100, scale("100.1", "99.9", "0"), scale("0")])


@pytest.mark.parametrize(
    ("direction", "actual", "target", "tolerance", "percent"),
    [
        (UP, 50, 100, 0, 50),
        (UP, 100, 100, 0, 100),
        (UP, 341, 150, 0, Fraction(34100, 150)),  # uncapped
        (UP, 0, 100, 0, 0),
        (UP, 0, 0, 0, None),
        (UP, 5, 0, 0, None),
        (DOWN, 50, 100, 0, 200),
        (DOWN, 100, 100, 0, 100),
        (DOWN, 200, 100, 0, 50),
        (DOWN, 0, 100, 0, 100),
        (DOWN, 0, 0, 0, 100),
        (DOWN, 1, 0, 0, 0),
        (KEEP, 100, 100, 0, 100),
        (KEEP, 95, 100, 5, 100),
        (KEEP, 105, 100, 5, 100),
        (KEEP, 94, 100, 5, 94),
        (KEEP, 125, 100, 5, 80),
        (KEEP, 0, 100, 5, 0),
        (KEEP, 0, 0, 0, 100),
        (KEEP, 3, 0, 5, 100),
        (KEEP, 6, 0, 5, 0),
        (KEEP, 0, 5, 5, 100),
    ],
)
def test_attainment(
    direction: Direction, actual: int, target: int, tolerance: int, percent: int | Fraction | None
) -> None:
    found = attainment(Decimal(actual), Decimal(target), direction, Decimal(tolerance))
    exact = None if percent is None else Fraction(percent)
    assert found == (exact and Decimal(exact.numerator) / exact.denominator)


@pytest.mark.parametrize(
    ("ratio", "grades", "text", "met", "mark"),
    [
        ("2649/2650", CITY, "99.9", False, "B"),
        ("2650/2650", CITY, "100.0", True, "A"),
        ("341/150", CITY, "227.3", True, "A"),
        ("91.5/91.5", CITY, "100.0", True, "A"),
        ("10997/10000", CITY, "110.0", True, "A"),  # 109.97: no cut at 110
        ("10997/10000", WITH_110, "109.9", True, "B"),
        ("7997/10000", CITY, "79.9", False, "C"),
        ("7996/10000", scale("100", "0"), "80.0", False, "B"),
        ("9996/10000", BELOW_100, "99.9", False, "A"),  # 100 counts, whatever the scale
        ("89.97/100", BELOW_100, "89.9", False, "B"),
        ("0.04/100", CITY, "0.0", False, "D"),
        ("1245/10000", CITY, "12.5", False, "D"),
    ],
)
def test_figures_as_they_are_printed(
    ratio: str, grades: list[Grade], text: str, met: bool, mark: str
) -> None:
    actual, target = map(Decimal, ratio.split("/"))
    percent = attainment(actual, target, UP)
    assert percent is not None
    assert format_number(shown(percent, grades), 1) == text
    assert is_met(percent) is met
    assert rating(percent, grades) == mark


def test_a_rate_is_published_before_it_is_compared() -> None:
    actual = round_half_up(percentage(Decimal(6415), Decimal(7012)), 1)
    assert actual == Decimal("91.5")
    assert attainment(actual, Decimal("91.5"), UP) == 100
    assert round_half_up(Decimal("12.45"), 1) == Decimal("12.5")


@given(FIGURES, FIGURES, POSITIVE)
def test_more_is_better_for_up_and_worse_for_down(one: Decimal, two: Decimal, at: Decimal) -> None:
    low, high = sorted((one, two))
    up = [attainment(value, at, UP) for value in (low, high)]
    assert up[0] is not None
    assert up[1] is not None
    assert up[0] <= up[1]
    assert (up[0] < up[1]) == (low < high)
    assume(low > 0)
    down = [attainment(value, at, DOWN) for value in (low, high)]
    assert down[0] is not None
    assert down[1] is not None
    assert down[0] >= down[1]


@given(FIGURES, POSITIVE, st.decimals(0, 100, places=1))
def test_keep_never_exceeds_100(actual: Decimal, target: Decimal, tolerance: Decimal) -> None:
    percent = attainment(actual, target, KEEP, tolerance)
    assert percent is not None
    assert 0 <= percent <= 100
    assert (percent == 100) == (abs(actual - target) <= tolerance)


@given(st.sampled_from(Direction), FIGURES, FIGURES, st.integers(1, 1000))
def test_the_unit_does_not_matter(
    direction: Direction, actual: Decimal, target: Decimal, times: int
) -> None:
    scaled = attainment(actual * times, target * times, direction, Decimal(3) * times)
    assert scaled == attainment(actual, target, direction, Decimal(3))


@given(st.integers(0, 10**7), st.integers(1, 10**7), SCALES)
def test_rating_and_print_agree_with_the_cuts(
    actual: int, target: int, grades: list[Grade]
) -> None:
    percent = attainment(Decimal(actual), Decimal(target), UP)
    assert percent is not None
    reached = [g.mark for g in grades if Fraction(100 * actual, target) >= Fraction(g.at_least)]
    assert rating(percent, grades) == reached[0]
    printed = shown(percent, grades)
    assert rating(printed, grades) == reached[0]
    assert is_met(printed) == is_met(percent) == (actual >= target)
    assert abs(printed - percent) < Decimal("0.1")


def test_one_figure_that_moved_far_backward_does_not_stand_for_all() -> None:
    assert capped_mean(map(Decimal, (-1000, 100, 80))) == 60


@given(st.lists(st.integers(0, 10**5), max_size=9))
def test_capped_mean(tenths: list[int]) -> None:
    mean = capped_mean(Decimal(each).scaleb(-1) for each in tenths)
    if not tenths:
        assert mean is None
        return
    assert mean is not None
    exact = Fraction(sum(min(each, 1000) for each in tenths), 10 * len(tenths))
    assert 0 <= mean <= 100
    assert abs(Fraction(mean) - exact) < Fraction(1, 10**20)


@pytest.mark.parametrize(
    ("direction", "value", "earlier", "target", "judgement"),
    [
        (UP, 6, 5, None, Judgement.IMPROVED),
        (UP, 5, 5, None, Judgement.SAME),
        (UP, 4, 5, None, Judgement.WORSE),
        (DOWN, 4, 5, None, Judgement.IMPROVED),
        (DOWN, 5, 5, None, Judgement.SAME),
        (DOWN, 6, 5, None, Judgement.WORSE),
        (KEEP, 11, 13, 10, Judgement.IMPROVED),
        (KEEP, 9, 11, 10, Judgement.SAME),
        (KEEP, 7, 12, 10, Judgement.WORSE),
        (KEEP, 7, 12, None, None),
    ],
)
def test_judgement_by_direction(
    direction: Direction, value: int, earlier: int, target: int | None, judgement: Judgement | None
) -> None:
    aim = None if target is None else Decimal(target)
    assert judge(Decimal(value), Decimal(earlier), direction, aim) == judgement


@pytest.mark.parametrize(
    ("value", "earlier", "is_rate", "percent"),
    [
        ("12", "11", False, Decimal(100) / 11),
        ("0", "20", False, Decimal(-100)),
        ("20", "20", False, Decimal(0)),
        ("20", "10", False, None),  # a baseline of 10 or less
        ("20", "0", False, None),
        ("92.3", "91.0", True, None),
    ],
)
def test_change_rate_only_of_counts_above_ten(
    value: str, earlier: str, is_rate: bool, percent: Decimal | None
) -> None:
    assert change_rate(Decimal(value), Decimal(earlier), is_rate) == percent


def test_plan_to_date_adds_up() -> None:
    pairs = [
        ("R8", Decimal(2618), Decimal(2600)),
        ("R9", Decimal(2649), Decimal(2650)),
    ]
    total = plan_to_date(pairs, UP, ZERO)
    assert total.actual == 5267
    assert total.target == 5250
    assert total.attainment == Decimal(526700) / 5250
    assert total.missing_years == ()


@given(
    st.lists(st.tuples(st.none() | FIGURES, st.none() | POSITIVE), min_size=1, max_size=5),
)
def test_plan_to_date_is_whole_or_names_the_years(
    figures: list[tuple[Decimal | None, Decimal | None]],
) -> None:
    pairs = [(f"R{number}", *pair) for number, pair in enumerate(figures, 8)]
    total = plan_to_date(pairs, UP, ZERO)
    missing = tuple(f"R{n}" for n, pair in enumerate(figures, 8) if None in pair)
    assert total.missing_years == missing
    if missing:
        assert (total.actual, total.target, total.attainment) == (None, None, None)
        return
    assert total.actual == sum(actual for actual, _ in figures if actual is not None)
    assert total.target == sum(target for _, target in figures if target is not None)
    assert total.actual is not None
    assert total.target is not None
    assert total.attainment == attainment(total.actual, total.target, UP)
