"""``jusou trace``: 「この83.9％はどこから」, answered back to who filled in the cell of a form."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from wcwidth import wcswidth

from jusou.logs.schema import Actual, Basis
from jusou.logs.slots import Standing
from jusou.plan.model import Direction, Formula, Grade, Indicator, Measure, Plan, PlanInfo
from jusou.plan.targets import Aim
from jusou.report.tables.trace import working
from jusou.review.assessment import assess
from jusou.values.fiscal_year import FiscalYear
from tests.collecting import send, take
from tests.filled_forms import Paper
from tests.support import (
    REVISIONS_HEADER,
    SAMPLE_DAY,
    Ran,
    call,
    record,
    sample_workspace,
    show_json,
    small_workspace,
    write_log,
)

DAY, LATER = "2028-06-10", "2028-07-20"


def trace(workspace: Path, year: str, indicator: str, day: str = LATER) -> dict[str, Any]:
    return show_json(workspace, "trace", year, indicator, "--date", day)


def screen(workspace: Path, year: str, indicator: str, day: str = LATER) -> str:
    """What the screen shows, each item in one line."""
    wide = {"COLUMNS": "400"}
    ran = call(workspace, "trace", year, indicator, "--date", day, env=wide)
    assert ran.code == 0, ran.err
    return ran.out


def place(row: dict[str, Any]) -> tuple[str, int, bool]:
    return row["path"], row["line"], row["stands"]


def freeze(workspace: Path, year: str = "R9", day: str = DAY) -> None:
    report = ("report", year, "--only", "md", "--doc-no", "資料１", "--date", day)
    assert call(workspace, *report).code == 0
    assert call(workspace, "freeze", year, "--as", "第1回会議", "--date", day).code == 0


def correct(workspace: Path, *more: str) -> Ran:
    given_reason = ("--correct", "--reason", "二重に数えていた", "--by", "山田")
    ran = call(workspace, "add", "R9", "a", "94", *given_reason, *more, "--date", LATER)
    assert ran.code == 0, ran.err
    return ran


def test_a_figure_of_the_sample_is_explained_on_an_ordinary_screen(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path)
    for year, indicator in (("R9", "outreach-2"), ("R9", "takikan-1"), ("R10", "sodan-3")):
        out = call(workspace, "trace", year, indicator, "--date", SAMPLE_DAY).out
        assert max(map(wcswidth, out.splitlines())) <= 80
        assert "架空データ" in out
    out = screen(workspace, "R9", "outreach-2", SAMPLE_DAY)
    assert "達成率：実績 ÷ 目標 × 100 = 193 ÷ 230 × 100 = 83.9130…％（表示は83.9％）\n" in out
    assert "達成度：B　概ね達成（達成率80％以上）\n" in out
    assert "計画期間累計：実績341／目標430（79.3％）\n" in out
    found = trace(workspace, "R9", "outreach-2", SAMPLE_DAY)
    assert (found["attainment"], found["rating"], found["actual"]) == (83.9, "B", 193)
    assert found["working"]["numbers"] == "193 ÷ 230 × 100"
    assert found["working"]["exact"] == pytest.approx(193 * 100 / 230)
    assert found["row"]["basis"] == "確定"
    assert [each["basis"] for each in found["other_rows"]] == ["中間", "見込"]


def test_the_places_are_where_the_row_and_the_target_stand(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path)
    for indicator in ("sodan-1", "takikan-1", "sanka-3"):
        found = trace(workspace, "R9", indicator, SAMPLE_DAY)
        lines = (workspace / found["row"]["path"]).read_text("utf-8-sig").splitlines()
        assert f",{indicator}," in lines[found["row"]["line"] - 1]
        own = found["published"]
        plan = (workspace / own["path"]).read_text("utf-8").splitlines()
        assert re.search(rf"targets: .*R9: {own['target']}\b", plan[own["line"] - 1])


def test_a_rate_is_traced_to_its_parts(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path)
    out = screen(workspace, "R9", "sodan-3", SAMPLE_DAY)
    assert "実績：52.6％、分子 20 ÷ 分母 38 × 100 = 52.6315…\n" in out
    found = trace(workspace, "R9", "sodan-3", SAMPLE_DAY)
    assert (found["numerator"], found["denominator"], found["actual"]) == (20, 38, 52.6)


def test_a_changed_target_names_the_decision_and_its_row(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path)
    found = trace(workspace, "R9", "takikan-1", SAMPLE_DAY)
    assert (found["published"]["target"], found["target"]) == (10, 8)
    (change,) = found["revisions"]
    assert (change["number"], change["path"], change["line"]) == (1, "data/revisions.csv", 2)
    assert (change["before"], change["after"], change["decided_on"]) == (10, 8, "2028-01-20")
    assert change["decided_by"] == "架空の計画見直し会議"
    out = screen(workspace, "R9", "takikan-1", SAMPLE_DAY)
    assert "第1回変更：目標の変更 10回→8回（令和10年1月20日決定、架空の計画見直し会議）" in out
    assert trace(workspace, "R8", "takikan-1", SAMPLE_DAY)["revisions"] == []


def test_a_decision_keeps_its_number_and_one_typed_by_mistake_is_not_named(tmp_path: Path) -> None:
    workspace = record(small_workspace(tmp_path, "id: a", "id: b"), "R9 b 90")
    rows = [
        "t,a,目標値,R9,100,90,誤り,会議,2027-05-01,,,",
        "t,b,目標値,R9,100,80,窓口の統合,会議,2027-06-01,,,",
        "t,a,取消（誤入力）,R9,100,90,入力誤り,会議,2027-05-01,,,",
        "t,b,参考値,,,50,再集計,会議,2027-07-01,,,",
    ]
    write_log(workspace / "data" / "revisions.csv", REVISIONS_HEADER, rows)
    assert trace(workspace, "R9", "a")["revisions"] == []
    found = trace(workspace, "R9", "b")
    assert [(each["number"], each["line"]) for each in found["revisions"]] == [(2, 3), (3, 5)]
    assert (found["target"], found["baseline"]) == (80, 50)


def test_a_change_is_named_in_every_year_in_which_it_holds(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a, reporter: 甲課, baseline: 40")
    rows = [
        "t,a,所管課,R9,甲課,乙課,再編,会議,2027-05-01,,,",
        "t,a,目標値,R9,100,90,再編,会議,2027-05-01,,,",
        "t,a,参考値,,40,45,再集計,会議,2027-05-01,,,",
    ]
    write_log(workspace / "data" / "revisions.csv", REVISIONS_HEADER, rows)
    named = {
        year: [each["item"] for each in trace(workspace, year, "a")["revisions"]]
        for year in ("R8", "R9", "R10")
    }
    assert named == {"R8": [], "R9": ["所管課", "目標値", "参考値"], "R10": ["所管課", "参考値"]}
    assert "R6（参考）：45件　data/revisions.csv:4\n" in screen(workspace, "R10", "a")
    assert re.search(r"R6（参考）：40件　data/targets.yaml:\d+\n", screen(workspace, "R8", "a"))


def test_a_correction_shows_what_stood_before_and_what_was_printed(tmp_path: Path) -> None:
    workspace = record(small_workspace(tmp_path, "id: a"), "R9 a 104")
    freeze(workspace)
    (same,) = trace(workspace, "R9", "a")["handouts"]
    assert (same["id"], same["number"], same["value"]) == ("R9-1", "資料１", 104)
    assert (same["field"], same["changes"], same["pages"]) == ("actual", [], [])
    said = "実績：104件（今も同じ）\nページ：PDF の控えはありません\n"
    assert said in screen(workspace, "R9", "a")
    correct(workspace)
    found = trace(workspace, "R9", "a")
    log = "data/actuals/R9.csv"
    assert (place(found["row"]), found["row"]["recorded_by"]) == ((log, 3, True), "山田")
    assert (found["row"]["reason"], found["actual"]) == ("二重に数えていた", 94)
    assert [place(each) for each in found["other_rows"]] == [(log, 2, False)]
    changes = {each["field"]: each for each in found["handouts"][0]["changes"]}
    assert changes.keys() == {"actual", "attainment", "rating"}
    assert (changes["rating"]["before"], changes["rating"]["after"]) == (["A"], ["B"])
    out = screen(workspace, "R9", "a")
    assert "実績：104件（今は94件）\n" in out
    assert "訂正理由：二重に数えていた\n" in out
    assert "場所：data/actuals/R9.csv:2（以前）\n" in out


def test_the_next_years_paper_printed_it_as_that_of_the_year_before(tmp_path: Path) -> None:
    workspace = record(small_workspace(tmp_path, "id: a"), "R8 a 70", "R9 a 104", "R10 a 99")
    for year, day in (("R8", "2027-06-10"), ("R9", DAY), ("R10", "2029-06-10")):
        freeze(workspace, year, day)
    correct(workspace)
    found = trace(workspace, "R9", "a", "2029-06-11")["handouts"]
    assert [(each["id"], each["field"], each["value"]) for each in found] == [
        ("R9-1", "actual", 104),
        ("R10-1", "previous", 104),
    ]
    assert [each["field"] for each in found[1]["changes"]] == ["previous"]
    assert "前年度実績：104件（今は94件）\n" in screen(workspace, "R9", "a", "2029-06-11")
    assert "R10-1 の「全年度の目標と実績」にも、R8 の列があります。" in screen(workspace, "R8", "a")
    assert "全年度" not in screen(workspace, "R9", "a")


def test_the_paper_of_a_half_printed_a_forecast_and_the_year_before(tmp_path: Path) -> None:
    workspace = record(small_workspace(tmp_path, "id: a"), "R8 a 70", "R9 a 90 見込")
    half = ("R9", "--interim", "--date", "2027-11-10")
    assert call(workspace, "report", *half, "--only", "md").code == 0
    assert call(workspace, "freeze", *half, "--as", "予算会議").code == 0
    assert call(workspace, "add", "R9", "a", "94", "--date", DAY).code == 0
    assert "実績：90件（見込）（今は94件）\n" in screen(workspace, "R9", "a")
    (found,) = trace(workspace, "R8", "a")["handouts"]
    assert (found["id"], found["field"], found["value"]) == ("R9-interim-1", "previous", 70)


def test_the_paper_of_a_half_printed_the_figure_of_that_day(tmp_path: Path) -> None:
    workspace = record(
        small_workspace(tmp_path, "id: a"), "R9 a 40 中間 2027-09-30", "R9 a 90 見込"
    )
    half = ("R9", "--interim", "--date", "2027-11-10")
    assert call(workspace, "report", *half, "--only", "md").code == 0
    assert call(workspace, "freeze", *half, "--as", "予算会議").code == 0
    printed = "上半期実績：40件（令和9年9月30日現在）"
    assert f"{printed}（今も同じ）\n" in screen(workspace, "R9", "a")
    mended = ("add", "R9", "a", "44", "--basis", "中間", "--as-of", "2027-09-30")
    assert call(workspace, *mended, "--correct", "--reason", "誤記", "--date", LATER).code == 0
    out = screen(workspace, "R9", "a")
    assert "実績：90件（見込）（今も同じ）\n" in out
    assert f"{printed}（今は44件（令和9年9月30日現在））\n" in out
    (found,) = trace(workspace, "R9", "a")["handouts"]
    (change,) = found["changes"]
    assert (change["field"], change["before"]) == ("interim", [40, "2027-09-30"])


def test_a_paper_that_had_no_figure_yet_says_so(tmp_path: Path) -> None:
    workspace = record(small_workspace(tmp_path, "id: a", "id: b"), "R9 b 1")
    freeze(workspace)
    assert trace(workspace, "R9", "a")["handouts"] == []
    assert "この数値を載せた資料の控えはありません。" in screen(workspace, "R9", "a")
    assert call(workspace, "add", "R9", "a", "80", "--date", LATER).code == 0
    assert "実績：集計中（今は80件）\n" in screen(workspace, "R9", "a")


def test_an_imported_figure_leads_to_the_cell_and_to_who_filled_it_in(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path / "計画", "id: a, reporter: 甲課", "id: b, reporter: 甲課")
    (form,) = send(workspace, "R9", DAY, "--reporter", "甲課")
    paper = Paper.open(form)
    paper.put("a", "実績値", 100)
    paper.put("b", "実績値", 90)
    paper.label("記入者・内線", "佐藤・内線123")
    own, cell = (f"実績!{paper.address('実績', each, '実績値')}" for each in "ab")
    assert take(workspace, paper.save(tmp_path / "返信" / "甲課.xlsx"), day=DAY).code == 0
    (file,) = trace(workspace, "R9", "b")["row"]["files"]
    assert file == {
        "path": "data/imports.csv",
        "line": 2,
        "file": "甲課.xlsx",
        "reporter": "甲課",
        "filled_by": "佐藤・内線123",
        "cell": cell,
    }
    said = (
        f"取り込み元：甲課.xlsx {cell}（照会先: 甲課、記入者: 佐藤・内線123）　data/imports.csv:2\n"
    )
    assert said in screen(workspace, "R9", "b")
    correct(workspace)
    found = trace(workspace, "R9", "a")
    assert found["row"]["files"] == []
    assert [each["cell"] for each in found["other_rows"][0]["files"]] == [own]
    assert "取り込み元：取り込みの記録はありません\n" in screen(workspace, "R9", "a")


def test_an_import_of_an_older_version_says_that_the_cell_is_unknown(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path / "計画", "id: a", "id: b")
    table = tmp_path / "表.csv"
    table.write_text("指標,実績値\na,90\nb,\n", "utf-8")
    assert take(workspace, table, "--year", "R9", day=DAY).code == 0
    assert trace(workspace, "R9", "a")["row"]["files"][0]["cell"] == "2行目"
    log = workspace / "data" / "imports.csv"
    lines = log.read_text("utf-8-sig").splitlines()
    older = "\n".join(re.sub(r",記録$|,[^,]*$", "", line) for line in lines)
    log.write_text(f"{older}\n", "utf-8-sig")
    (file,) = trace(workspace, "R9", "a")["row"]["files"]
    assert (file["file"], file["cell"]) == ("表.csv", None)
    said = "表.csv（前の版で取り込んだため、この行のもとかどうかと、セルの記録はありません）"
    assert f"取り込み元：{said}" in screen(workspace, "R9", "a")
    assert call(workspace, "add", "R9", "b", "80", "--date", LATER).code == 0
    assert trace(workspace, "R9", "b")["row"]["files"] == []


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    workspace = small_workspace(
        tmp_path, "id: a, baseline: 40", "id: b, measured: [R8, R10]", "id: c", "id: d"
    )
    record(workspace, "R9 c 80 見込", "R9 d 40 中間 2027-09-30", "R8 a 90", "R8 d - 未確定")
    out = screen(workspace, "R9", "a")
    assert "実績：集計中\n" in out
    assert "達成率：実績がないため、計算していません\n" in out
    assert "記録はまだありません。実績が出たら jusou add R9 a 数値 で記録します。\n" in out
    found = trace(workspace, "R9", "a")
    assert (found["status"], found["row"], found["other_rows"]) == ("unreported", None, [])
    assert "調査年度外（次回R10）のため、記録はありません。\n" in screen(workspace, "R9", "b")
    out = screen(workspace, "R9", "c")
    assert "実績：80件（見込）\n" in out
    assert "達成度：B（見込）　概ね達成" in out
    assert "達成率：中間の数値だけのため、計算していません\n" in screen(workspace, "R9", "d")
    assert "内容：40件（中間）　令和9年9月30日現在\n" in screen(workspace, "R9", "d")
    assert trace(workspace, "R8", "d")["status"] == "pending"
    assert "R6 の値は、計画に記載の参考値です。" in screen(workspace, "R6", "a")
    cancelled = ("add", "R8", "a", "--basis", "取消", "--remark", "別の年度", "--date", LATER)
    assert call(workspace, *cancelled).code == 0
    assert "有効な記録はありません（取消などは下のとおりです）。" in screen(workspace, "R8", "a")
    assert [each["basis"] for each in trace(workspace, "R8", "a")["other_rows"]] == ["確定", "取消"]


def test_a_target_between_two_is_worked_out(tmp_path: Path) -> None:
    plan = "id: a, measure: stock, baseline: 60, between: linear, targets: {R10: 100}"
    workspace = record(small_workspace(tmp_path, plan), "R9 a 63")
    out = screen(workspace, "R9", "a")
    assert "目標：90件（目安（按分））\n" in out
    assert "R6からR10への按分：60 +（100 − 60）× 3 ÷ 4\n" in out
    assert trace(workspace, "R9", "a")["target_basis"] == "linear"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("R9",), "「指標」を指定してください。"),
        (("R9", "x"), "指標「x」は計画にありません。"),
        (("a", "R9"), "年度「a」は読めません。"),
        (("R12", "a"), "R12 は計画の年度ではありません。"),
        (("R9", "a", "--format", "xml"), "--format 「xml」は使えません。"),
    ],
)
def test_a_request_that_names_nothing_is_explained(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    ran = call(small_workspace(tmp_path, "id: a"), "trace", *words)
    assert ran.code in (1, 2)
    assert f"エラー: {message}" in ran.err


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("83.9", "R9 の指標一覧では、(4)② 訪問活動回数の達成率です。jusou trace R9 outreach-2 の"),
        ("２７００件", "jusou list で確かめられます。"),
        ("77.7", "R9 の指標一覧に 77.7 はありません。jusou trace R9 指標 のように"),
    ],
)
def test_a_figure_alone_leads_to_the_indicators_that_print_it(
    tmp_path: Path, figure: str, said: str
) -> None:
    ran = call(sample_workspace(tmp_path), "trace", "R9", figure, "--date", SAMPLE_DAY)
    assert (ran.code, said in ran.err) == (1, True), ran.err


def test_of_many_places_of_a_figure_the_first_are_named(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, *(f"id: p-{number}" for number in range(9)))
    told = call(workspace, "trace", "R9", "100", "--date", SAMPLE_DAY).err
    assert (told.count("(1)"), "、ほか12か所です" in told) == (6, True), told


FIGURES = st.decimals("-999", "999", places=1)
YEAR = FiscalYear(9)
SCALE = (Grade("A", "達成", Decimal(100)), Grade("B", "未達", Decimal(0)))
INFO = PlanInfo("計画", "市", YEAR, YEAR, None, None, sample=False, acknowledged=())


@given(FIGURES, FIGURES, FIGURES, st.sampled_from(Direction), st.sampled_from(Formula))
def test_the_formula_with_its_numbers_gives_the_attainment(
    value: Decimal, target: Decimal, base: Decimal, direction: Direction, formula: Formula
) -> None:
    if formula is Formula.RATIO:
        value, target = abs(value), abs(target)
    else:
        assume(direction in (Direction.UP, Direction.DOWN))
    indicator = Indicator(
        "a", "①", "名", "件", 1, Measure.STOCK, direction, Decimal("0.5"), base, {}, None, None,
        None, None, (), attainment=formula,
    )  # fmt: skip
    row = Actual(YEAR, "a", Basis.FINAL, value)
    plan = Plan(INFO, SCALE, None, (), ())
    found = assess(plan, indicator, YEAR, Standing(row), Aim(target))
    how = working(indicator, found)
    exact = found.plan_ratio if found.attainment is None else found.attainment
    if how is None:
        assert exact is None
        return
    assert how.exact == exact
    if how.formula == how.numbers:
        assert exact == 100
        return
    written = how.numbers
    for printed, python in {"△": "-", "（": "(", "）": ")", "−": "-", "÷": "/", "×": "*"}.items():
        written = written.replace(printed, python)
    result = eval(re.sub(r"[\d.]+", r"Decimal('\g<0>')", written))
    # A 対計画比 is known as it is shown only: rounded, or cut off where it would be 100.
    assert abs(result - exact) < (
        Decimal("1e-20") if found.attainment is not None else Decimal("0.1")
    )
