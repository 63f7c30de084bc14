"""Plans of other cities: targets of some years, surveys, other rates, signs, other formulas."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jusou.logs.schema import Actual, Basis
from jusou.logs.slots import Standing
from jusou.plan.model import Between, Direction, Formula, Grade, Indicator, Measure, Plan, PlanInfo
from jusou.plan.targets import aim_of
from jusou.review.assessment import Tally, assess
from jusou.values.fiscal_year import FiscalYear
from tests.support import (
    REVISIONS_HEADER,
    call,
    record,
    rows_of,
    show_json,
    small_workspace,
    write_log,
)

DAY = "2028-06-01"
LAST_ONLY = "targets: {R10: 100}"


def reviewed(workspace: Path, year: str = "R9", day: str = DAY) -> dict[str, Any]:
    return show_json(workspace, "show", year, "--date", day)


def only(workspace: Path, year: str = "R9", day: str = DAY) -> dict[str, Any]:
    (found,) = reviewed(workspace, year, day)["indicators"]
    return dict(found)


def said(workspace: Path, year: str = "R9", day: str = DAY, name: str = "md") -> str:
    ran = call(workspace, "report", year, "--only", name, "--date", day)
    assert ran.code == 0, ran.err
    return (workspace / "reports" / year / f"review.{name}").read_text("utf-8-sig")


def listed(text: str) -> str:
    """Return the list of all indicators of a Markdown pack."""
    return text.split("### 指標一覧")[1].split("\n## ", maxsplit=1)[0]


# Targets of some years


@pytest.mark.parametrize(
    ("fields", "year", "target", "basis"),
    [
        (LAST_ONLY, "R10", 100, "own"),
        (LAST_ONLY, "R9", None, None),
        (f"{LAST_ONLY}, between: none", "R9", None, None),
        (f"{LAST_ONLY}, between: next", "R8", 100, "next"),
        (f"{LAST_ONLY}, between: linear", "R9", None, None),  # no baseline to begin from
        (f"{LAST_ONLY}, between: linear, baseline: 60", "R8", 80, "linear"),
        (f"{LAST_ONLY}, between: linear, baseline: 60", "R9", 90, "linear"),
        (f"{LAST_ONLY}, between: linear, baseline: {{value: 60, year: R7}}", "R9", 87, "linear"),
        (f"{LAST_ONLY}, between: linear, baseline: {{value: 60, years: [R3, R4, R5]}}", "R9", 92,
         "linear"),
        ("targets: {R8: 10, R10: 15}, between: linear, baseline: 0", "R9", 13, "linear"),
        ("targets: {R8: 10, R10: 15}, between: linear, decimals: 1", "R9", 12.5, "linear"),
        ("targets: {R8: 10, R12: 30}, between: linear", "R10", 20, "linear"),
        ("targets: {R12: 30}, between: next", "R10", 30, "next"),
        ("targets: {R7: 10, R10: 16}, between: linear", "R8", 12, "linear"),
        ("targets: {}, between: next", "R9", None, None),
        ("targets: {R8: 10}, between: next", "R9", None, None),
    ],
)  # fmt: skip
def test_a_year_without_a_target_is_measured_as_the_plan_says(
    tmp_path: Path, fields: str, year: str, target: float | None, basis: str | None
) -> None:
    found = only(small_workspace(tmp_path, f"id: a, {fields}"), year, "2030-01-01")
    assert (found["target"], found["target_basis"]) == (target, basis)


def test_a_plan_may_say_it_for_all_its_indicators(tmp_path: Path) -> None:
    workspace = small_workspace(
        tmp_path, f"id: a, {LAST_ONLY}", f"id: b, {LAST_ONLY}, between: none"
    )
    path = workspace / "data" / "targets.yaml"
    path.write_text(path.read_text("utf-8").replace("plan: {", "plan: {between: next, "), "utf-8")
    found = reviewed(workspace)["indicators"]
    assert [each["target_basis"] for each in found] == ["next", None]


def test_a_target_of_the_last_year_is_visible_from_the_first(tmp_path: Path) -> None:
    fields = (f"id: {key}, baseline: 50, measure: stock, {LAST_ONLY}" for key in "abc")
    workspace = record(small_workspace(tmp_path, *fields), "R9 a 50", "R9 b 60", "R9 c 101")
    first, second, third = reviewed(workspace)["indicators"]
    for each in (first, second, third):
        assert (each["attainment"], each["rating"]) == (None, None)
        assert each["unrated_reason"] == "target_later"
        assert each["next_target"] == {"year": "R10", "target": 100}
    assert "no_progress_from_baseline" in first["flags"]
    assert second["final_progress"]["percent"] == 20
    text = said(workspace)
    assert "目標なし" not in listed(text)
    assert listed(text).count("R10に設定") == 3
    assert "まだありません" not in text
    assert "この年度に達成率を出す指標はありません" in text
    (programme,) = reviewed(workspace)["programmes"]
    assert (programme["excluded"], programme["not_due"]) == (0, 3)
    assert "| 後年度" in text.replace(" |   後年度", "| 後年度")


def test_an_indicator_may_only_be_watched(tmp_path: Path) -> None:
    workspace = record(
        small_workspace(tmp_path, "id: a, targets: {}", "id: b"), "R9 a 7", "R9 b 90"
    )
    first, _ = reviewed(workspace)["indicators"]
    assert (first["actual"], first["unrated_reason"]) == (7, "no_target")
    text = said(workspace)
    assert "目標なし" in listed(text)
    assert "後年度" not in text


def test_a_target_between_two_is_marked_where_it_is_printed(tmp_path: Path) -> None:
    fields = f"{LAST_ONLY}, baseline: 60, measure: stock"
    workspace = small_workspace(
        tmp_path, f"id: a, {fields}, between: linear", f"id: b, {fields}, between: next"
    )
    text = said(record(workspace, "R9 a 90", "R9 b 90"))
    assert "90（目安（按分））" in text
    assert "100（R10の目標）" in text
    assert "計画にある目標ではない" in text
    rated = [each["rating"] for each in reviewed(workspace)["indicators"]]
    assert rated == ["A", "B"]
    rows = show_json(workspace, "export", "--date", DAY)["rows"]
    bases = {(row["indicator"], row["year"]): row["target_basis"] for row in rows}
    assert (bases["a", "R9"], bases["b", "R9"], bases["a", "R10"]) == ("linear", "next", "own")
    assert bases["a", "R6"] is None


def test_a_change_of_the_next_target_moves_the_years_before_it(tmp_path: Path) -> None:
    workspace = small_workspace(
        tmp_path, f"id: a, {LAST_ONLY}, baseline: 60, measure: stock, between: linear"
    )
    row = "t,a,目標値,R10,100,80,理由,会議,2027-10-01,,,人"
    write_log(workspace / "data" / "revisions.csv", REVISIONS_HEADER, [row])
    found = only(record(workspace, "R8 a 70", "R9 a 75"))
    assert (found["target"], found["attainment"], found["former_target"]) == (75, 100, None)
    assert "revised_in_year" not in found["flags"]
    assert only(workspace, "R8")["target"] == 80


def test_a_target_outside_the_plan_may_be_changed(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a, targets: {R12: 100}, between: next")
    row = "t,a,目標値,{},{},80,理由,会議,2027-10-01,,,人"
    path = workspace / "data" / "revisions.csv"
    write_log(path, REVISIONS_HEADER, [row.format("R12", 100)])
    assert only(workspace)["target"] == 80
    write_log(path, REVISIONS_HEADER, [row.format("R13", "")])
    assert "R13" in call(workspace, "check").out


@pytest.mark.parametrize(
    ("targets", "years"), [("{R9: 140}", ["R9"]), ("{R9: 120, R10: 140}", ["R9", "R10"])]
)
def test_the_way_to_the_next_target_is_said_once_by_the_year_of_that_target(
    tmp_path: Path, targets: str, years: list[str]
) -> None:
    fields = f"id: a, measure: stock, baseline: 100, targets: {targets}, between: next"
    workspace = record(small_workspace(tmp_path, fields), "R8 a 110 確定")
    said = call(workspace, "show", "R8", "--date", DAY).out
    assert re.findall(r"からの進捗率（(R\d+)目標）", "".join(said.split())) == years


# Surveys, and indicators that join later


def test_a_survey_is_asked_of_nobody_in_the_years_between(tmp_path: Path) -> None:
    workspace = small_workspace(
        tmp_path, "id: a, reporter: 健康課, measured: [R8, R10]", "id: b, reporter: 福祉課"
    )
    found = reviewed(workspace)["indicators"][0]
    assert (found["status"], found["next_measured"]) == ("off_year", "R10")
    (programme,) = reviewed(workspace)["programmes"]
    assert (programme["pending"], programme["not_due"]) == (1, 1)
    assert "調査年度外（次回R10）" in said(workspace)
    status = show_json(workspace, "status", "R9", "--date", DAY)["reporters"]
    (asked,) = status[0]["indicators"]
    assert (asked["state"], asked["outstanding"], status[0]["reminder"]) == (
        "not_asked", False, None,
    )  # fmt: skip
    screen = call(workspace, "status", "R9", "--date", DAY).out
    assert "健康課　回答済 0／0" in screen
    assert "調査年度外（次回R10）" in screen
    ran = call(workspace, "form", "R9", "--date", DAY, "--format", "csv")
    assert ran.code == 0, ran.err
    (form,) = (workspace / "reports" / "R9" / "forms").iterdir()
    assert "福祉課" in form.name
    ran = call(workspace, "enter", "R9", "--date", DAY, stdin="\n")
    assert "1件の指標をたずねます" in ran.out
    refused = call(workspace, "form", "R9", "--reporter", "健康課", "--date", DAY)
    assert "照会先「健康課」に、R9 にたずねる指標はありません。" in refused.err
    record(workspace, "R9 a 90")  # measured after all
    assert reviewed(workspace)["indicators"][0]["status"] == "reported"


def test_after_the_last_survey_none_is_promised(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a, measured: [R8]")
    text = said(workspace)
    assert "調査年度外" in text
    assert "次回" not in text
    (programme,) = reviewed(workspace)["programmes"]
    assert (programme["excluded"], programme["not_due"]) == (1, 0)


def test_an_indicator_that_joins_later_is_not_asked_before(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a, from: R10, targets: {R10: 5}", "id: b")
    found = reviewed(workspace)["indicators"][0]
    assert (found["status"], found["next_measured"]) == ("not_yet", "R10")
    assert "R10から" in said(workspace)
    assert reviewed(workspace, "R10")["indicators"][0]["status"] == "unreported"


# Rates and signs


@pytest.mark.parametrize(
    ("fields", "numerator", "denominator", "value"),
    [
        ("unit: ％, decimals: 1", 20, 38, 52.6),
        ("unit: '%', decimals: 1", 20, 38, 52.6),
        ("unit: ‰, decimals: 1", 112, 20000, 5.6),
        ("unit: 人口10万対, per: 100000, decimals: 1", 41, 88000, 46.6),
        ("unit: 人, per: 1000", 3, 7, 429),
        ("unit: 回, per: 1, decimals: 2", 5, 2, 2.5),
        ("unit: ％, maximum: null", 5, 4, 125),
    ],
)
def test_a_rate_is_a_count_per_so_many(
    tmp_path: Path, fields: str, numerator: int, denominator: int, value: float
) -> None:
    workspace = small_workspace(tmp_path, f"id: a, measure: rate, {fields}, targets: {{}}")
    parts = ("--numerator", str(numerator), "--denominator", str(denominator))
    ran = call(workspace, "add", "R9", "a", *parts, "--date", DAY)
    assert ran.code == 0, ran.err
    assert only(workspace)["actual"] == value
    assert call(workspace, "report", "R9", "--only", "xlsx", "--date", DAY).code == 0


def test_a_rate_of_unknown_parts_is_kept_as_typed(tmp_path: Path) -> None:
    fields = "id: a, measure: rate, unit: 人口10万対, decimals: 1, targets: {R9: 50}"
    workspace = small_workspace(tmp_path, fields)
    parts = ("--numerator", "41", "--denominator", "88000")
    refused = call(workspace, "add", "R9", "a", *parts, "--date", DAY)
    assert refused.code == 1
    assert "per: 100000（人口10万対の場合）のように書いてください。" in refused.err
    assert call(workspace, "add", "R9", "a", "46.6", "--date", DAY).code == 0
    assert call(workspace, "form", "R9", "--date", DAY).code == 0


@pytest.mark.parametrize(
    ("fields", "value", "hint"),
    [
        ("unit: ％, measure: rate", "101", "maximum: null と書いてください。"),
        ("unit: 人", "△5", "負の数を使う指標には signed: true と書いてください。"),
        ("unit: 点, maximum: 5", "6", "maximum: null と書いてください。"),
    ],
)
def test_a_figure_beyond_the_bounds_names_the_way(
    tmp_path: Path, fields: str, value: str, hint: str
) -> None:
    workspace = small_workspace(tmp_path, f"id: a, {fields}, targets: {{}}")
    ran = call(workspace, "add", "R9", "a", value, "--date", DAY)
    assert ran.code == 1
    assert hint in ran.err


def test_negative_figures_are_read_rated_and_printed(tmp_path: Path) -> None:
    fields = "id: a, unit: 人, measure: flow, signed: true, baseline: △1000, targets: {R9: -500}"
    workspace = small_workspace(tmp_path, fields)
    for typed in ("△353", "▲1,353人", "－７５３"):
        options = ("--correct", "--remark", "訂正", "--date", DAY)
        ran = call(workspace, "add", "R9", "a", typed, *options)
        assert ran.code == 0, ran.err
    assert [row["実績値"] for row in rows_of(workspace)] == ["-353", "-1353", "-753"]
    found = only(workspace)
    assert (found["actual"], found["attainment"], found["rating"]) == (-753, 49.4, "D")
    text = said(workspace)
    assert "△753人" in text
    assert "-753" not in text
    assert "マイナス753人" in said(workspace, name="txt")
    assert call(workspace, "form", "R9", "--all", "--date", DAY).code == 0
    assert call(workspace, "report", "R9", "--date", DAY).code == 0
    ran = call(workspace, "enter", "R9", "--all", "--date", DAY, stdin="-800\n訂正\n")
    assert rows_of(workspace)[-1]["実績値"] == "-800", ran.out


# Formulas


@pytest.mark.parametrize(
    ("fields", "value", "attainment", "rating"),
    [
        ("baseline: 50", "75", 50, "C"),
        ("baseline: 50", "40", -20, "D"),
        ("baseline: 50", "49.99", -0.1, "D"),
        ("baseline: 50", "120", 140, "A"),
        ("baseline: 120", "110", 100, "A"),  # the target lies behind, and is met
        ("baseline: 120", "90", None, None),
        ("baseline: 100", "100", 100, "A"),
        ("baseline: null", "120", None, None),
        ("baseline: 200, direction: down", "150", 50, "C"),
        ("baseline: 0", "80", 80, "B"),
    ],
)
def test_progress_is_the_way_from_the_baseline(
    tmp_path: Path, fields: str, value: str, attainment: float | None, rating: str | None
) -> None:
    shape = f"id: a, attainment: progress, decimals: 2, measure: stock, {fields}"
    workspace = record(small_workspace(tmp_path, shape), f"R9 a {value}")
    found = only(workspace)
    assert (found["attainment"], found["rating"]) == (attainment, rating)
    assert (found["unrated_reason"] == "not_computable") is (attainment is None)
    text = said(workspace)
    assert "参考値からの進みで評価する指標" in text
    assert ("算定不能" in listed(text)) is (attainment is None)


def test_a_planned_volume_is_not_rated(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a, direction: none, baseline: 120", "id: b")
    record(workspace, "R8 a 90", "R9 a 96", "R9 b 90")
    first, _ = reviewed(workspace)["indicators"]
    assert (first["plan_ratio"], first["attainment"], first["rating"]) == (96, None, None)
    assert (first["unrated_reason"], first["flags"]) == ("no_direction", [])
    assert first["vs_baseline"]["judgement"] is None
    (programme,) = reviewed(workspace)["programmes"]
    assert (programme["reported"], programme["excluded"]) == (1, 1)
    text = said(workspace)
    assert "96.0（対計画比）" in text
    assert "評価対象外（計画量）" in text
    ran = call(workspace, "add", "R8", "b", "1", "--date", DAY)
    assert ran.code == 0
    ran = call(workspace, "add", "R9", "a", "97", "--correct", "--remark", "訂正", "--date", DAY)
    assert "計画 100　対計画比 97.0％" in ran.out


@pytest.mark.slow
def test_a_pack_of_every_option_is_made(tmp_path: Path) -> None:
    workspace = small_workspace(
        tmp_path,
        "id: a, measured: [R8, R10], measure: stock",
        f"id: b, measure: rate, unit: ‰, decimals: 1, between: linear, baseline: 5.5, {LAST_ONLY}",
        "id: c, direction: none",
        "id: d, signed: true, baseline: △50, targets: {R8: △20, R12: 10}, measure: stock",
        "id: e, from: R10, kind: outcome, source: 調査",
        "id: f, attainment: progress, baseline: 30, measure: stock, targets: {R10: 60}",
        "id: g, unit: null, targets: {}",
    )
    record(
        workspace, "R8 a 70", "R9 b 20.5", "R9 c 90", "R8 d -60", "R9 d -70", "R9 f 20", "R9 g 3"
    )
    ran = call(workspace, "report", "R9", "--date", DAY)
    assert ran.code == 0, ran.err


# The same, by a plain model

YEARS = [FiscalYear(number) for number in range(6, 14)]
SCALE = tuple(
    Grade(mark, mark, Decimal(cut)) for mark, cut in zip("ABCD", (100, 80, 50, 0), strict=True)
)


@st.composite
def indicators(draw: st.DrawFn) -> Indicator:
    decimals = draw(st.integers(0, 2))
    direction = draw(st.sampled_from(Direction))
    signed = direction is not Direction.KEEP and draw(st.booleans())
    figures = st.decimals(-50 if signed else 0, 50, places=decimals)
    ratio = direction in (Direction.KEEP, Direction.NONE)
    return Indicator(
        id="a",
        label="①",
        name="指標",
        unit="件",
        decimals=decimals,
        measure=Measure.STOCK,
        direction=direction,
        tolerance=draw(st.sampled_from([Decimal(0), Decimal(2)])) if ratio else Decimal(0),
        baseline=draw(st.none() | figures),
        targets=draw(st.dictionaries(st.sampled_from(YEARS), st.none() | figures, max_size=4)),
        reporter=None,
        definition=None,
        note=None,
        rationale=None,
        acknowledged=(),
        baseline_years=draw(st.sampled_from([(), YEARS[:1], tuple(YEARS[:3])])),
        between=draw(st.sampled_from(Between)),
        measured=draw(st.sampled_from([(), tuple(YEARS[2::3])])),
        since=draw(st.none() | st.sampled_from(YEARS)),
        signed=signed,
        attainment=Formula.PROGRESS
        if signed
        else Formula.RATIO
        if ratio
        else draw(st.sampled_from(Formula)),
    )


def plain_target(it: Indicator, year: FiscalYear) -> Fraction | None:
    """What a year is measured against, in the words of the design."""
    set_ = {each.number: Fraction(value) for each, value in it.targets.items() if value is not None}
    if year.number in set_:
        return set_[year.number]
    later = [number for number in set_ if number > year.number]
    if not later or it.between == "none":
        return None
    end = min(later)
    if it.between == "next":
        return set_[end]
    before = [number for number in set_ if number < year.number]
    if before:
        begin, value = max(before), set_[max(before)]
    elif it.baseline is not None and it.baseline_years and it.baseline_years[-1] < year:
        begin, value = it.baseline_years[-1].number, Fraction(it.baseline)
    else:
        return None
    exact = value + (set_[end] - value) * Fraction(year.number - begin, end - begin)
    digits = Decimal(exact.numerator) / Decimal(exact.denominator)
    return Fraction(digits.quantize(Decimal(1).scaleb(-it.decimals), ROUND_HALF_UP))


def plain_attainment(it: Indicator, actual: Fraction, target: Fraction) -> Fraction | None:
    if it.direction == "none":
        return None
    if it.attainment == "progress":
        if it.baseline is None:
            return None
        base = Fraction(it.baseline)
        beyond = target > base if it.direction == "up" else target < base
        met = actual >= target if it.direction == "up" else actual <= target
        if beyond:
            return (actual - base) / (target - base) * 100
        return Fraction(100) if met else None
    if it.direction == "keep" and abs(actual - target) <= Fraction(it.tolerance):
        return Fraction(100)
    falls = it.direction == "down" or (it.direction == "keep" and actual > target)
    if falls:
        return target / actual * 100 if actual else Fraction(100)
    return actual / target * 100 if target else None


@given(indicators(), st.sampled_from(YEARS[1:-1]), st.decimals(-50, 50, places=1), st.booleans())
@settings(max_examples=300)
def test_every_option_agrees_with_a_plain_model(
    it: Indicator, year: FiscalYear, figure: Decimal, reported: bool
) -> None:
    actual = figure if it.signed else abs(figure)
    info = PlanInfo("計画", "市", YEARS[1], YEARS[-2], None, None, False, ())
    plan = Plan(info, SCALE, None, (), ())
    row = Actual(year, "a", Basis.FINAL, actual)
    found = assess(
        plan, it, year, Standing(row if reported else None), aim_of(it, it.targets, year)
    )
    target = plain_target(it, year)
    assert (None if found.target is None else Fraction(found.target)) == target
    percent = None
    if reported and target is not None:
        percent = plain_attainment(it, Fraction(actual), target)
    assert (found.attainment is None) is (percent is None)
    if percent is not None and found.attainment is not None and found.shown is not None:
        assert abs(Fraction(found.attainment) - percent) < Fraction(1, 10**18)
        mark = next((each.mark for each in SCALE if percent >= Fraction(each.at_least)), "D")
        assert found.rating == mark
        assert found.is_met is (percent >= 100)
        for cut in (0, 50, 80, 100):
            assert (found.shown >= cut) is (percent >= cut)
        assert abs(Fraction(found.shown) - percent) < Fraction(1, 10)
    due = (it.since is None or year >= it.since) and (not it.measured or year in it.measured)
    later = any(value is not None for each, value in it.targets.items() if each > year)
    if percent is not None:
        expected = Tally.REPORTED
    elif it.direction == "none":
        expected = Tally.EXCLUDED
    elif not reported and not due:
        starts = [*it.measured, *([it.since] if it.since and not it.measured else [])]
        coming = any(each > year and (not it.since or each >= it.since) for each in starts)
        expected = Tally.NOT_DUE if coming else Tally.EXCLUDED
    elif target is None:
        expected = Tally.NOT_DUE if later else Tally.EXCLUDED
    else:
        expected = Tally.EXCLUDED if reported else Tally.PENDING
    assert found.tally is expected
