"""Whether a row may be recorded, as tables: what stands, what comes, what is allowed → verdict."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jusou.entry.decide import (
    EVERYTHING,
    FIGURE,
    Obstacle,
    Permission,
    Verdict,
    decide,
)
from jusou.errors import JusouError
from jusou.logs.dataset import Dataset, Rows, build_dataset
from jusou.logs.rows import read_actual
from jusou.logs.schema import Actual, ReviewNote
from jusou.values.fiscal_year import FiscalYear
from jusou.workspace import Workspace
from tests.support import SAMPLE

PLAN = Workspace(SAMPLE).plan()
R9 = FiscalYear(9)
AFTER, INSIDE = date(2028, 5, 12), date(2027, 11, 6)
NOTHING = Permission()
CORRECT = Permission(frozenset({FIGURE}), "集計漏れ")


def figure(text: str) -> Actual:
    """Read 区分, value and remark of (1)②; of a 中間 the 基準日 comes before the remark."""
    basis, value, *rest = [*text.split(), "", ""]
    day, remark = (rest[0], rest[1]) if basis == "中間" else ("", rest[0])
    cells = {"指標": "sodan-2", "区分": basis, "実績値": value, "基準日": day, "備考": remark}
    if value == "-":
        cells["実績値"] = ""
    return read_actual(PLAN, R9, cells)


def holding(*texts: str) -> Dataset:
    return build_dataset(PLAN, Rows(tuple(figure(text) for text in texts)), (), {})


@pytest.mark.parametrize(
    ("stands", "typed", "permission", "verdict"),
    [
        ("", "確定 2649", NOTHING, Verdict.NEW),
        ("確定 2649", "確定 2649", NOTHING, Verdict.SAME),
        ("確定 2649 注記", "確定 2649", NOTHING, Verdict.SAME),
        ("確定 2649", "確定 2649 注記", NOTHING, Verdict.NEW),
        ("確定 2649", "確定 2649 集計漏れ", CORRECT._replace(reason=""), Verdict.SAME),
        ("確定 2649", "確定 2649 集計漏れ", CORRECT, Verdict.NEW),
        ("確定 2649 注記", "確定 2649 集計漏れ", CORRECT, Verdict.CORRECTED),
        ("確定 2649", "確定 2650", NOTHING, Verdict.CONFLICT),
        ("確定 2649", "確定 2650", CORRECT, Verdict.CORRECTED),
        ("確定 2649", "確定 2650", CORRECT._replace(reason=""), Verdict.REFUSED),
        ("確定 2649", "確定 2650 集計漏れ", CORRECT._replace(reason=""), Verdict.CORRECTED),
        ("速報 2649", "確定 2649", NOTHING, Verdict.NEW),
        ("速報 2649", "確定 2650", NOTHING, Verdict.CONFLICT),
        ("速報 2649 暫定", "確定 2649 精査済", NOTHING, Verdict.NEW),
        ("速報 2649 暫定", "速報 2649 精査済", NOTHING, Verdict.CONFLICT),
        ("確定 2649", "速報 2649", NOTHING, Verdict.CONFLICT),
        ("未確定 - 7月", "確定 2650", NOTHING, Verdict.NEW),
        ("未確定 -", "未確定 - 集計漏れ", CORRECT, Verdict.NEW),
        ("該当なし - 理由", "確定 2650", NOTHING, Verdict.CONFLICT),
        ("見込 2690", "見込 2690", NOTHING, Verdict.SAME),
        ("見込 2690", "見込 2700", NOTHING, Verdict.CONFLICT),
        ("見込 2690", "見込 2700", CORRECT, Verdict.CORRECTED),
        ("見込 2690", "確定 2700", NOTHING, Verdict.NEW),
        ("中間 1298 2027-09-30", "中間 1300 2027-09-30", NOTHING, Verdict.CONFLICT),
        ("中間 1298 2027-09-30", "中間 1300 2027-09-30", CORRECT, Verdict.CORRECTED),
        ("中間 1298 2027-09-30", "中間 1500 2027-12-31", NOTHING, Verdict.NEW),
        ("確定 2649", "見込 2700", NOTHING, Verdict.REFUSED),
        ("確定 2649", "見込 2700", CORRECT, Verdict.REFUSED),
        ("該当なし - 理由", "見込 2700", NOTHING, Verdict.REFUSED),
        ("", "取消 - 理由", NOTHING, Verdict.REFUSED),
        ("確定 2649", "取消 -", NOTHING, Verdict.REFUSED),
        ("確定 2649", "取消 - 理由", NOTHING, Verdict.NEW),
        ("見込 2690", "取消 - 理由", NOTHING, Verdict.NEW),
        ("中間 1298 2027-09-30", "取消 - 理由", NOTHING, Verdict.NEW),
    ],
)
def test_a_figure_beside_what_stands(
    stands: str, typed: str, permission: Permission, verdict: Verdict
) -> None:
    dataset = holding(*filter(None, [stands]))
    decision = decide(dataset, figure(typed), permission, AFTER)
    assert decision.verdict is verdict, decision
    assert bool(decision.obstacle) == (verdict in (Verdict.CONFLICT, Verdict.REFUSED))
    assert bool(decision.message) == bool(decision.obstacle)


@pytest.mark.parametrize(
    ("stands", "typed", "permission", "obstacle"),
    [
        ("確定 2649", "確定 2650", NOTHING, Obstacle.ANOTHER_STANDS),
        ("確定 2649", "確定 2650", CORRECT._replace(reason=""), Obstacle.NO_REASON),
        ("確定 2649", "見込 2700", NOTHING, Obstacle.CLOSED),
        ("測定不能 - 理由", "中間 1 2027-09-30", NOTHING, Obstacle.BLOCKED),
        ("確定 2649", "取消 -", NOTHING, Obstacle.NO_REASON),
        ("", "取消 - 理由", NOTHING, Obstacle.NOTHING_STANDS),
    ],
)
def test_what_stands_in_the_way(
    stands: str, typed: str, permission: Permission, obstacle: Obstacle
) -> None:
    decision = decide(holding(*filter(None, [stands])), figure(typed), permission, AFTER)
    assert decision.obstacle is obstacle


def test_a_figure_that_was_final_too_early_is_cancelled_for_one_that_is_to_come() -> None:
    decision = decide(holding("確定 2649"), figure("見込 2700"), NOTHING, INSIDE)
    assert decision.obstacle is Obstacle.BLOCKED
    assert decision.hint == "先に「確定」を取り消してください（中間と見込も空になります）。"


@pytest.mark.parametrize(
    ("typed", "permission", "verdict"),
    [
        ("確定 2649", NOTHING, Verdict.REFUSED),
        ("速報 2649", NOTHING, Verdict.REFUSED),
        ("確定 2649", Permission(before_year_end=True), Verdict.NEW),
        ("未確定 - 7月", NOTHING, Verdict.NEW),
        ("見込 2690", NOTHING, Verdict.NEW),
    ],
)
def test_a_year_that_goes_on(typed: str, permission: Permission, verdict: Verdict) -> None:
    assert decide(holding(), figure(typed), permission, INSIDE).verdict is verdict


def test_what_is_recorded_keeps_what_still_holds() -> None:
    def recorded(stands: str, typed: str, permission: Permission = NOTHING) -> Actual:
        return decide(holding(stands), figure(typed), permission, AFTER).row

    assert recorded("確定 2649 注記", "確定 2649").remark == ""  # the same: nothing is written
    assert recorded("確定 2649", "確定 2649 注記").remark == "注記"
    row = recorded("確定 2649", "確定 2650 再集計", CORRECT)
    assert (row.remark, row.reason) == ("再集計", "集計漏れ")
    bare = recorded("確定 2649", "確定 2650", CORRECT)
    assert (bare.value, bare.reason) == (Decimal(2650), "集計漏れ")
    explained = figure("確定 2649")._replace(remark="注記／訂正: 集計漏れ")
    dated = figure("確定 2649 注記")._replace(as_of=date(2028, 3, 31))
    dataset = build_dataset(PLAN, Rows((explained,)), (), {})
    assert decide(dataset, dated, NOTHING, AFTER).row == dated._replace(remark=explained.remark)


def ratio(basis: str, value: str, part: str = "", whole: str = "", remark: str = "") -> Actual:
    cells = {"指標": "sodan-1", "区分": basis, "実績値": value, "分子": part, "分母": whole}
    return read_actual(PLAN, R9, {**cells, "備考": remark})


@pytest.mark.parametrize(
    ("stands", "typed", "parts"),
    [
        (ratio("確定", "", "0", "38"), ratio("確定", "0", remark="注記"), (0, 38)),
        (ratio("速報", "", "905", "1000"), ratio("確定", "90.5"), (905, 1000)),
        (ratio("速報", "90.5"), ratio("確定", "", "905", "1000"), (905, 1000)),
        (ratio("未確定", "", remark="7月"), ratio("確定", "90.5"), (None, None)),
    ],
)
def test_the_parts_of_a_rate_are_kept_as_long_as_they_hold(
    stands: Actual, typed: Actual, parts: tuple[int | None, int | None]
) -> None:
    decision = decide(build_dataset(PLAN, Rows((stands,)), (), {}), typed, NOTHING, AFTER)
    assert decision.verdict is Verdict.NEW
    assert (decision.row.numerator, decision.row.denominator) == parts


def test_a_forecast_is_the_same_one_whatever_its_day() -> None:
    stands = figure("見込 2690")._replace(as_of=date(2027, 9, 30))
    dataset = build_dataset(PLAN, Rows((stands,)), (), {})
    later = figure("見込 2700")._replace(as_of=date(2027, 12, 31))
    assert decide(dataset, later, NOTHING, AFTER).verdict is Verdict.CONFLICT


def test_doubts_come_with_what_may_be_recorded_and_is_new() -> None:
    far = figure("確定 26490")
    assert decide(holding(), far, NOTHING, AFTER).doubts
    assert not decide(holding("確定 26490"), figure("確定 26490 注記"), NOTHING, AFTER).doubts
    assert not decide(holding("確定 1"), far, NOTHING, AFTER).doubts


def test_the_texts_of_a_year_without_a_review_are_an_error() -> None:
    with pytest.raises(JusouError, match="計画期間の外です"):
        decide(holding(), ReviewNote(FiscalYear(6), "sodan-2", {"cause": "一"}), NOTHING, AFTER)


def test_a_year_without_a_log_is_an_error() -> None:
    row = figure("確定 2649")._replace(year=FiscalYear(99))
    with pytest.raises(JusouError, match="計画の年度ではありません"):
        decide(holding(), row, NOTHING, AFTER)


def note(**texts: str) -> ReviewNote:
    return ReviewNote(R9, "sodan-2", texts)


@pytest.mark.parametrize(
    ("stands", "typed", "correct", "verdict"),
    [
        ({}, {"cause": "一"}, (), Verdict.NEW),
        ({}, {"cause": ""}, (), Verdict.SAME),
        ({"cause": "一"}, {"cause": "一"}, (), Verdict.SAME),
        ({"cause": "一"}, {"cause": "二"}, (), Verdict.CONFLICT),
        ({"cause": "一"}, {"cause": "二"}, EVERYTHING, Verdict.NEW),
        ({"cause": "一"}, {"cause": ""}, EVERYTHING, Verdict.NEW),
        ({}, {"evaluation": "B"}, EVERYTHING, Verdict.REFUSED),
        ({}, {"evaluation": "B", "evaluation_reason": "差"}, (), Verdict.NEW),
        ({"evaluation": "B", "evaluation_reason": "差"}, {"evaluation": "C"}, EVERYTHING,
         Verdict.REFUSED),
        ({"evaluation": "B", "evaluation_reason": "差"},
         {"evaluation": "C", "evaluation_reason": "別"}, EVERYTHING, Verdict.NEW),
        ({"evaluation": "B", "evaluation_reason": "差"},
         {"evaluation": "C", "evaluation_reason": "差"}, EVERYTHING, Verdict.NEW),
        ({"evaluation_reason": "差"}, {"evaluation": "C"}, EVERYTHING, Verdict.REFUSED),
        ({"evaluation": "B", "evaluation_reason": "差"},
         {"evaluation": "C", "evaluation_reason": "差"}, ("evaluation",), Verdict.REFUSED),
        ({"evaluation": "B", "evaluation_reason": "差"},
         {"evaluation": "C", "evaluation_reason": "別"}, ("evaluation",), Verdict.REFUSED),
        ({"evaluation": "B", "evaluation_reason": "差"}, {"evaluation_reason": ""}, EVERYTHING,
         Verdict.REFUSED),
        ({"evaluation": "B", "evaluation_reason": "差"},
         {"evaluation": "", "evaluation_reason": ""}, EVERYTHING, Verdict.NEW),
    ],
)  # fmt: skip
def test_texts_beside_what_stands(
    stands: dict[str, str], typed: dict[str, str], correct: tuple[str, ...], verdict: Verdict
) -> None:
    rows = Rows(notes=(note(**stands),) if stands else ())
    dataset = build_dataset(PLAN, rows, (), {})
    decision = decide(dataset, note(**typed), Permission(frozenset(correct)), AFTER)
    assert decision.verdict is verdict, decision
    assert decision.parts.keys() == typed.keys()


def test_a_reason_that_stands_already_is_not_refused_with_its_evaluation() -> None:
    rows = Rows(notes=(note(evaluation="B", evaluation_reason="差"),))
    typed = note(evaluation="C", evaluation_reason="差")
    permission = Permission(frozenset({"evaluation"}))
    decision = decide(build_dataset(PLAN, rows, (), {}), typed, permission, AFTER)
    verdicts = {name: part.verdict for name, part in decision.parts.items()}
    assert verdicts == {"evaluation": Verdict.REFUSED, "evaluation_reason": Verdict.SAME}
