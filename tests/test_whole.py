"""``jusou report --plan``: the whole plan in one paper, 最終評価 or, up to a year, 中間評価."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.handouts import bare, poppler
from tests.spreadsheet import read_rows
from tests.support import (
    REVISIONS_HEADER,
    Ran,
    call,
    record,
    sample_workspace,
    small_workspace,
    tree,
    write_log,
)

DAY = ("--date", "2029-05-10")
INDICATORS = (
    "id: met, baseline: 90",
    "id: low, baseline: 110",
    "id: better, baseline: 50",
    "id: same, baseline: 60",
    "id: worse, baseline: 80",
    "id: open, baseline: 50",
    "id: bare",
    "id: survey, measure: stock, baseline: 10, measured: [R9], targets: {R10: 40}",
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    workspace = small_workspace(tmp_path, *INDICATORS)
    figures = {"met": 100, "low": 105, "better": 60, "same": 60, "worse": 60, "bare": 70}
    for year in ("R8", "R9"):
        record(workspace, *(f"{year} {key} 100 確定" for key in figures))
    rows = [f"R9 {key} 100 確定" for key in figures]
    record(workspace, *rows, "R9 survey 30 確定")
    basis = dict.fromkeys(figures, "確定") | {"better": "見込"}
    record(workspace, *(f"R10 {key} {value} {basis[key]}" for key, value in figures.items()))
    return workspace


def report(workspace: Path, *options: str) -> Ran:
    ran = call(workspace, "report", "--plan", *options, *DAY)
    assert ran.code == 0, ran.err
    return ran


def paper(workspace: Path, name: str = "plan") -> str:
    return (workspace / "reports" / name / f"{name}.md").read_text("utf-8")


def rows(text: str, heading: str) -> dict[str, list[str]]:
    """Return the rows of the table below a heading, by their first cell."""
    lines = text.partition(heading)[2].partition("\n|")[2].partition("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first: rest for first, *rest in cells}


def test_every_indicator_has_its_outcome_and_all_are_counted(workspace: Path) -> None:
    out = report(workspace).out
    assert "計画　最終評価" in out
    assert "8指標のうち、達成2、改善（未達）2、変わらない1、悪化1、評価困難2。" in out
    assert "うち1指標（(1)3）は、見込による評価。" in out
    assert "達成した2指標のうち1指標（(1)2）は、R6より後退。" in out
    text = paper(workspace)
    found = rows(text, "### 指標ごとの評価")
    said = {name.split("（")[0].removeprefix("(1)"): row for name, row in found.items()}
    outcomes = [said[f"{n} 指標{n}"][5] for n in range(1, 9)]
    assert outcomes == [
        "達成", "達成", "改善（未達）（見込）", "変わらない", "悪化", "評価困難", "評価困難",
        "改善（未達）",
    ]  # fmt: skip
    assert said["8 指標8"][2:4] == ["30（R9）", "75.0％"]
    assert said["5 指標5"][6] == "実績260／目標300（86.7％）"
    counts = rows(text, "### 評価区分別の指標数")
    assert counts["計"] == ["8", "2", "2", "1", "1", "2"]


def test_page_and_json_say_the_same(workspace: Path) -> None:
    report(workspace)
    folder = workspace / "reports" / "plan"
    found = json.loads((folder / "plan.json").read_text("utf-8"))
    assert found["outcomes"] == {"met": 2, "improved": 2, "same": 1, "worse": 1, "unknown": 2}
    outcomes = {each["id"]: each["outcome"] for each in found["indicators"]}
    assert outcomes == {
        "met": "met", "low": "met", "better": "improved", "same": "same", "worse": "worse",
        "open": "unknown", "bare": "unknown", "survey": "improved",
    }  # fmt: skip
    survey = found["indicators"][-1]
    assert (survey["actual_year"], survey["actual"]) == ("R9", 30)
    assert (survey["target_year"], survey["target"], survey["attainment"]) == ("R10", 40, 75)
    page = (folder / "plan.html").read_text("utf-8")
    assert "8指標のうち、達成2、改善（未達）2、変わらない1、悪化1、評価困難2。" in page


def test_what_was_surveyed_before_is_told_to_have_fallen_behind_the_baseline(
    tmp_path: Path,
) -> None:
    survey = "id: a, measure: stock, baseline: 120, measured: [R9], targets: {R9: 100}"
    workspace = record(small_workspace(tmp_path, survey), "R9 a 110 確定")
    assert (
        "達成した1指標のうち1指標（(1)1）は、R6より後退。" in report(workspace, "--only", "md").out
    )


def test_a_survey_is_rated_by_its_last_figure_not_by_one_inside_a_year(tmp_path: Path) -> None:
    survey = "id: a, measure: stock, measured: [R8], targets: {R8: 100}"
    workspace = small_workspace(tmp_path, survey, "id: b, baseline: 90")
    end = "t,b,終了,R10,,,統合のため,会議,2028-03-01,,,人"
    write_log(workspace / "data" / "revisions.csv", REVISIONS_HEADER, [end])
    record(workspace, "R8 a 120", "R9 a 10 中間 2027-09-30", "R9 b 95", "R10 b 100")
    report(workspace, "--only", "md")
    found = list(rows(paper(workspace), "### 指標ごとの評価").values())
    assert [row[2:4] for row in found] == [["120（R8）", "120.0％"], ["95（R9）", "95.0％"]]
    assert [row[5] for row in found] == ["達成", "改善（未達）"]


def test_up_to_a_year_it_is_the_evaluation_half_way(workspace: Path) -> None:
    report(workspace, "--to", "R9", "--only", "md")
    text = paper(workspace, "plan-R9")
    assert "計画　中間評価（R8〜R9）" in text
    assert "R10より後" not in text
    found = rows(text, "### 指標ごとの評価")
    assert found["(1)8 指標8（件）"][1] == "40（R10）"  # the target to come


def test_texts_changes_and_actions_stand_in_it_and_the_handover_does_not(workspace: Path) -> None:
    day = ("--date", "2028-03-01")
    for year, action in (("R8", "窓口を増やす"), ("R9", "広報を早める")):
        assert call(workspace, "note", year, "worse", "--action", action, *day).code == 0
    assert call(workspace, "note", "R9", "worse", "--action-status", "2か所増やした").code == 0
    for option, text in (
        ("--plan-summary", "おおむね進んだ。"),
        ("--next-plan-issues", "指標を絞る。"),
        ("--handover", "内緒の話"),
    ):
        assert call(workspace, "note", "plan", option, text, *DAY).code == 0
    decided = ("--reason", "減", "--decided-by", "会議", "--decided-on", "R9.11.20", *day)
    assert call(workspace, "revise", "worse", "R10=90", *decided).code == 0
    report(workspace)
    text = paper(workspace)
    for said in ("計画期間の総括", "おおむね進んだ。", "次期計画に向けた課題", "指標を絞る。"):
        assert said in text
    assert "第1回変更　新旧対照表" in text
    assert [row[2:] for row in rows(text, "### (1)5 指標5").values()] == [
        ["窓口を増やす", "2か所増やした"],
        ["広報を早める", "—"],
    ]
    assert "内緒の話" not in text
    printed = bare(poppler("pdftotext", workspace / "reports" / "plan" / "plan.pdf"))
    assert bare("2か所増やした") in printed
    assert "内緒の話" not in printed
    content = (workspace / "reports" / "plan" / "plan.xlsx").read_bytes()
    assert any("おおむね進んだ。" in row for row in read_rows(content, "総括"))


@pytest.mark.parametrize(
    "words",
    [
        ["R9", "--plan"],
        ["--to", "R9"],
        ["--plan", "--doc-no", "資料１"],
        ["--plan", "--only", "png"],
        [],
    ],
)
def test_what_does_not_go_together_is_refused(workspace: Path, words: list[str]) -> None:
    before = tree(workspace)
    ran = call(workspace, "report", *words, *DAY)
    assert (ran.code, tree(workspace)) == (2, before), ran


def test_the_sample_is_said_to_be_fictional(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path)
    report(workspace, "--to", "R9", "--only", "md")
    assert "架空データ" in paper(workspace, "plan-R9")
