"""What the first page says: the conclusion in sentences, and what is beside a figure of note."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.support import (
    ACTUALS_HEADER,
    REPOSITORY,
    SAMPLE_DAY,
    call,
    real_workspace,
    record,
    sample_workspace,
    show_json,
    small_workspace,
    write_log,
)
from tests.test_review_flags import revise

WIDE = {"COLUMNS": "1000"}
LATER = "2029-06-01"


def conclusion(workspace: Path, year: str, day: str = LATER) -> list[str]:
    """Return the sentences above the first table."""
    out = call(workspace, "show", year, "--date", day, env=WIDE).out
    summary = out.partition("総括\n")[2].partition("〔")[0]
    return [line.removeprefix("- ") for line in summary.splitlines() if line]


def texts(workspace: Path, year: str, day: str = LATER) -> str:
    return call(workspace, "show", year, "--date", day, env=WIDE).out


def test_the_sample_is_concluded_from_its_figures(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path)
    assert conclusion(workspace, "R9", SAMPLE_DAY) == [
        "評価した18指標のうち9指標が目標達成。全19指標では、前年度と比べ改善12、悪化5、"
        "比較できないもの2。R6と比べ改善11、悪化5、増減なし1、比較できないもの2。",
        "達成した9指標のうち3指標（(2)②・(2)③・(2)⑤）はR6を下回る、1指標は年度途中に変更した"
        "目標による達成（(3)①は当初の目標10では80.0％・B）。",
        "目標がR6より高い13指標のうち5指標（(1)①・(1)②・(1)④・(2)①・(2)④）は、"
        "R6の値のままでもBになります。",
        "評価した指標のうち、(4)①・(5)③は集計方法を確認中、(2)①は累計が減少（要確認）。",
    ]
    said = texts(workspace, "R9", SAMPLE_DAY)
    (high,) = [part for part in said.split("〔") if part.startswith("目標を大きく上回る指標")]
    assert "(2)③ " in high
    assert "R8 141.3％、R9 132.0％" in high
    assert "341人 → 198人（△41.9％、R6を下回る）" in high
    assert "年度途中変更（当初の目標10では80.0％・B）" in said
    assert "達成度と所管課評価が違う指標: (2)④ B→C、(2)⑥ D→C、(3)① A→B（" in said
    assert "目標÷R6：44.0％" in high
    (low,) = [part for part in said.split("〔") if part.startswith("目標に届かない状態")]
    assert re.findall("目標÷R6：(.*)", low) == ["10倍", "46倍"]
    assert "計画期間累計：算定なし（R9は該当なし）" in said


def test_a_plan_that_stands_still_does_not_read_as_a_success(tmp_path: Path) -> None:
    workspace = real_workspace(tmp_path)
    known = [
        each for each in show_json(REPOSITORY, "list")["indicators"] if each["baseline"] is not None
    ]
    record(workspace, *(f"R8 {each['id']} {each['baseline']}" for each in known))
    assert conclusion(workspace, "R8", "2027-06-01") == [
        "評価した18指標のうち5指標が目標達成（ほかに見込・集計中1指標）。"
        "全19指標では、R6と比べ改善0、悪化0、増減なし18、比較できないもの1。",
        "達成した5指標のうち5指標（(2)②・(2)③・(2)⑤・(2)⑦・(5)②）はR6から増減なし。",
        "目標がR6より高い13指標のうち5指標（(1)①・(1)②・(1)④・(2)①・(2)④）は、"
        "R6の値のままでもBになります。",
        "評価した指標のうち、(5)③は集計方法を確認中。",
    ]


@pytest.mark.parametrize(
    ("indicators", "entries", "sentences"),
    [
        (["id: a"], [], ["達成率の出た指標は、まだありません。"]),
        (
            ["id: a", "id: b"],
            ["R9 a 90 見込"],
            ["確定・速報の値による評価はこれからです。見込による達成率を1指標で示します。"],
        ),
        (["id: a"], ["R9 a 90"], ["評価した1指標のうち0指標が目標達成。"]),
        (
            ["id: a, direction: down, baseline: 80", "id: b, baseline: 120"],
            ["R9 a 90", "R9 b 120", "R8 b 130 速報"],
            [
                "評価した2指標のうち2指標が目標達成。前年度と比べ改善0、悪化1、比較できないもの1。"
                "R6と比べ改善0、悪化1、増減なし1、比較できないもの0。",
                "達成した2指標のうち1指標（(1)1）はR6より悪化、1指標（(1)2）はR6から増減なし。",
            ],
        ),
        (
            ["id: a, direction: down, baseline: 110", "id: b, baseline: 40"],
            ["R9 a 90"],
            [
                "評価した1指標のうち1指標が目標達成（ほかに見込・集計中1指標）。"
                "全2指標では、R6と比べ改善1、悪化0、比較できないもの1。",
                "目標がR6よりよい2指標のうち1指標（(1)1）は、R6の値のままでもBになります。",
            ],
        ),
    ],
)
def test_conclusions(
    tmp_path: Path, indicators: list[str], entries: list[str], sentences: list[str]
) -> None:
    workspace = record(small_workspace(tmp_path, *indicators), *entries)
    assert conclusion(workspace, "R9") == sentences


@pytest.mark.parametrize("many", [6, 7])
def test_a_few_indicators_are_named_by_their_numbers(tmp_path: Path, many: int) -> None:
    names = [f"id: i{n}, measure: unconfirmed, baseline: 130" for n in range(many)]
    workspace = small_workspace(tmp_path, *names)
    record(workspace, *(f"R9 i{n} 120" for n in range(many)))
    numbers = "・".join(f"(1){n + 1}" for n in range(many))
    few, some = (f"（{numbers}）", numbers) if many == 6 else ("", f"{many}指標")
    assert conclusion(workspace, "R9")[1:] == [
        f"達成した{many}指標のうち{many}指標{few}はR6を下回る。",
        f"評価した指標のうち、{some}は集計方法を確認中。",
    ]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("R8 a 90 見込", "見込"),
        ("R8 a - 測定不能", "測定不能"),
        ("", "集計中"),
        ("R8 a 9", "目標なし"),
    ],
)
def test_why_a_plan_to_date_is_missing_is_said(tmp_path: Path, entry: str, reason: str) -> None:
    first = "null" if reason == "目標なし" else "100"
    workspace = small_workspace(tmp_path, f"id: a, targets: {{R8: {first}, R9: 100, R10: 100}}")
    record(workspace, *filter(None, [entry]), "R9 a 120")
    assert f"計画期間累計：算定なし（R8は{reason}）" in texts(workspace, "R9")


@pytest.mark.parametrize(
    ("indicator", "entry", "said"),
    [
        ("baseline: 50", "R9 a 49", "R6差：△1、△2.0％、R6を下回る"),
        ("baseline: 50", "R9 a 50", "R6差：0、0.0％、R6から増減なし"),
        ("direction: down, baseline: 50", "R9 a 51", "R6差：+1、+2.0％、R6を上回る"),
        ("direction: keep, baseline: 90", "R9 a 95", "R6差：+5、+5.6％、R6より目標に近い"),
        ("direction: keep, baseline: 90", "R9 a 110", "R6差：+20、+22.2％、目標との差はR6と同じ"),
        ("direction: keep, baseline: 90", "R9 a 80", "R6差：△10、△11.1％、R6より目標から遠い"),
        ("direction: down", "R9 a 160", "計画期間累計：目標200／実績260（76.9％）"),
    ],
)
def test_which_way_a_figure_moved_is_said(
    tmp_path: Path, indicator: str, entry: str, said: str
) -> None:
    workspace = small_workspace(tmp_path, f"id: a, {indicator}")
    assert said in texts(record(workspace, "R8 a 100", entry), "R9")


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((2299, 2500), "四捨五入前91.96％"),
        ((91_996, 100_000), "四捨五入前91.99％"),  # 92.00 would meet the target
        ((92, 100), None),
        ((919, 1000), None),
    ],
)
def test_what_rounding_lifted_is_said_and_keeps_its_rating(
    tmp_path: Path, parts: tuple[int, int], said: str | None
) -> None:
    aims = "targets: {R8: 92, R9: 92, R10: 92}"
    workspace = small_workspace(tmp_path, f"id: a, measure: rate, unit: ％, decimals: 1, {aims}")
    row = f"t,R9,a,,{parts[0]},{parts[1]},,,,,"
    write_log(workspace / "data" / "actuals" / "R9.csv", ACTUALS_HEADER, [row])
    (found,) = show_json(workspace, "show", "R9", "--date", LATER)["indicators"]
    assert ("lifted_by_rounding" in found["flags"]) is (said is not None)
    if said:
        assert found["rating"] == "A"
        assert f"公表値（小数第1位）で達成。{said}" in texts(workspace, "R9")


@pytest.mark.parametrize(
    ("changes", "year", "said"),
    [
        (["R10 10 8 2027-06-01"], "R9", "R10目標：8件（当初10）"),
        (["R10 10 8 2027-06-01"], "R10", "目標：8件（当初10）"),
        (["R10 10 9 2027-06-01", "R10 9 8 2028-06-01"], "R10", "目標：8件（当初10、変更前9）"),
        (["R10 10 9 2027-06-01", "R10 9 8 2028-06-01"], "R10", "変更前の目標9では88.9％・B"),
        (["R10 10 12 2028-06-01"], "R10", "年度途中変更（当初10）"),
    ],
)
def test_what_a_target_was_at_first_is_said_in_every_later_list(
    tmp_path: Path, changes: list[str], year: str, said: str
) -> None:
    workspace = small_workspace(tmp_path, "id: a, targets: {R8: 10, R9: 10, R10: 10}")
    record(revise(workspace, *changes), "R9 a 9", "R10 a 8")
    assert said in texts(workspace, year)


def test_last_years_outlook_stands_beside_what_came_of_it(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a")
    record(
        workspace, "R8 a 90 見込", "R8 a 30 中間 2026-09-30", "R8 a 70", "R9 a 40 中間 2027-09-30"
    )
    said = texts(workspace, "R9", "2027-11-10")
    assert "前年度の見込→実績：90件→70件" in said
    assert "40件（年間目標に対する中間進捗率 40.0％、前年同期 30件）" in said
    assert "〔集計中　令和9年9月30日で6か月経過（50.0％）〕" in said


@pytest.mark.parametrize(
    ("entries", "flagged", "warned"),
    [
        (["R9 a 30 中間 2027-09-30", "R9 a 25"], True, "令和9年9月30日 の 30 から 25"),
        (["R9 a 30 中間 2027-09-30", "R9 a 24 中間 2027-12-31"], True, "から 24"),
        (["R9 a 30 中間 2027-09-30", "R9 a 30"], False, ""),
        (["R8 a 30 中間 2026-09-30", "R9 a 25"], True, "令和8年9月30日 の 30 から 25"),
        (["R8 a 30 中間 2026-09-30", "R8 a 20", "R9 a 25"], False, "から 20"),
        (["R9 a 30 中間 2027-09-30", "R9 a 25 見込"], True, ""),
    ],
)
def test_a_cumulative_count_is_held_against_the_last_value_before_it(
    tmp_path: Path, entries: list[str], flagged: bool, warned: str
) -> None:
    workspace = record(small_workspace(tmp_path, "id: a, measure: cumulative"), *entries)
    (found,) = show_json(workspace, "show", "R9", "--date", LATER)["indicators"]
    assert ("cumulative_fell" in found["flags"]) is flagged
    out = call(workspace, "check", "--date", LATER, env=WIDE).out
    assert ("に減っています" in out) is bool(warned)
    assert warned in out


@pytest.mark.parametrize("entry", ["", "R9 a 5 見込", "R9 a - 未確定", "R9 a 5 中間 2027-09-30"])
@pytest.mark.parametrize(("last", "due"), [("null", 0), ("1", 1)])
def test_what_has_no_target_this_year_is_waited_for_where_it_is_asked_for(
    tmp_path: Path, entry: str, last: str, due: int
) -> None:
    workspace = small_workspace(tmp_path, f"id: a, targets: {{R8: 1, R9: null, R10: {last}}}")
    found: dict[str, Any] = show_json(
        record(workspace, *filter(None, [entry])), "show", "R9", "--date", LATER
    )
    counts = found["summary"]
    states = ("not_due", "excluded", "open", "forecast")
    assert [counts[state] for state in states] == [due, 1 - due, 0, 0]
    reason = "target_later" if due else "no_target"
    assert found["indicators"][0]["unrated_reason"] == reason
    said = texts(workspace, "R9")
    is_asked_for = "未確定" in entry or "中間" in entry or (due == 1 and not entry)
    assert ("集計中の指標はありません。" in said) is not is_asked_for
    counted = f"うち1指標は{'後年度' if due else '対象外'}（事業別の達成状況での数え方）。"
    assert (counted in said) is is_asked_for


@pytest.mark.parametrize(("reported", "mean"), [(0, None), (1, None), (2, 90), (3, 90), (4, 90)])
def test_a_mean_is_of_half_or_more(tmp_path: Path, reported: int, mean: int | None) -> None:
    aims = "targets: {R8: 1, R9: null, R10: 1}"
    names = [f"id: {name}" for name in "abcd"] + [f"id: e, {aims}", f"id: f, {aims}"]
    workspace = small_workspace(tmp_path, *names)
    record(workspace, *(f"R9 {name} 90" for name in "abcd"[:reported]))
    (programme,) = show_json(workspace, "show", "R9", "--date", LATER)["programmes"]
    assert (programme["capped_mean"], programme["mean_of"]) == (mean, reported if mean else None)


@pytest.mark.parametrize("spelling", ["改善・見直し", "改善見直し"])
def test_a_course_is_the_same_word_with_and_without_its_dot(tmp_path: Path, spelling: str) -> None:
    workspace = real_workspace(tmp_path)
    ran = call(workspace, "note", "R8", "sodan-2", "--course", spelling)
    assert ran.code == 0, ran.err
    assert "方向性：改善・見直し" in texts(workspace, "R8", "2027-06-01")


def test_hard_to_grasp_is_not_measurable(tmp_path: Path) -> None:
    workspace = record(small_workspace(tmp_path, "id: a"), "R9 a - 把握困難")
    (found,) = show_json(workspace, "show", "R9", "--date", LATER)["indicators"]
    assert (found["status"], found["basis"]) == ("not_measurable", "測定不能")


def test_an_evaluation_that_nobody_made_is_left_out(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path)
    said = texts(workspace, "R9", SAMPLE_DAY)
    assert len(re.findall("所管課評価：[A-D]", said)) == 3
    assert "所管課評価：-" not in said
