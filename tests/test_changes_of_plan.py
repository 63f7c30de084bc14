"""Decisions that change the plan: what a review says before and after them, and who is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import (
    REVISIONS_HEADER,
    call,
    record,
    show_json,
    small_workspace,
    write_log,
)

DAY = ("--date", "2029-06-01")


def decide(folder: Path, *rows: str) -> Path:
    """Write changes: ``item,year,before,after,day`` each, of the indicator a."""
    lines = []
    for row in rows:
        item, year, before, after, day = row.split(",")
        reason = "" if item == "公表日" else "理由"
        lines.append(f"t,a,{item},{year},{before},{after},{reason},会議,{day},,,係")
    write_log(folder / "data" / "revisions.csv", REVISIONS_HEADER, lines)
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    fields = "measure: stock, baseline: 40, reporter: 福祉課, definition: 年度末の数"
    folder = small_workspace(tmp_path, f"id: a, {fields}", "id: b, reporter: 税務課")
    return record(folder, "R8 a 50", "R9 a 90", "R10 a 95", "R8 b 100", "R9 b 100", "R10 b 100")


def first(folder: Path, year: str) -> dict[str, object]:
    found: dict[str, object] = show_json(folder, "show", year, *DAY)["indicators"][0]
    return found


def test_a_baseline_counts_from_the_year_in_which_it_was_decided(workspace: Path) -> None:
    decide(workspace, "参考値,,40,60,2027-10-01")
    assert [first(workspace, year)["baseline"] for year in ("R8", "R9", "R10")] == [40, 60, 60]
    text = call(workspace, "show", "R9", *DAY).out
    assert "参考値の変更：40件→60件（会議、令和9年10月1日決定）。理由: 理由" in text.replace(
        "\n", ""
    )


def test_every_command_rates_a_figure_from_the_baseline_of_its_year(tmp_path: Path) -> None:
    fields = "measure: stock, baseline: 40, attainment: progress"
    workspace = record(small_workspace(tmp_path, f"id: a, {fields}"), "R8 a 70", "R9 a 70")
    decide(workspace, "参考値,,40,60,2027-10-01", "終了,R10,,,2028-03-20")
    rows = show_json(workspace, "export", *DAY)["rows"]
    found = {each["year"]: (each["status"], each["attainment"]) for each in rows}
    assert [found[year] for year in ("R8", "R9", "R10")] == [
        ("reported", 50),
        ("reported", 25),
        ("ended", None),
    ]
    assert first(workspace, "R9")["attainment"] == 25
    (workspace / "data" / "actuals" / "R9.csv").unlink()
    assert "達成率 25.0％" in call(workspace, "add", "R9", "a", "70", *DAY).out


def test_an_indicator_that_has_ended_is_asked_of_nobody(workspace: Path) -> None:
    (workspace / "data" / "actuals" / "R10.csv").unlink()
    decide(workspace, "終了,R10,,,2028-03-20")
    summary = show_json(workspace, "show", "R10", *DAY)["summary"]
    assert (summary["indicators"], summary["ended"], summary["pending"]) == (1, 1, 1)
    text = call(workspace, "show", "R10", *DAY).out
    assert "1（当初2、終了1）" in text
    assert "終了（R10から）" in text
    assert show_json(workspace, "show", "R9", *DAY)["summary"]["indicators"] == 2
    asked = show_json(workspace, "status", "R10", *DAY)["reporters"]
    assert [one["state"] for each in asked for one in each["indicators"]] == [
        "not_asked",
        "unanswered",
    ]
    ran = call(workspace, "form", "R10", "--format", "csv", *DAY)
    assert ran.code == 0
    forms = [each.name for each in (workspace / "reports" / "R10" / "forms").iterdir()]
    assert len(forms) == 1
    assert "税務課" in forms[0]


def test_at_half_year_what_has_ended_is_in_no_count_of_answers(workspace: Path) -> None:
    (workspace / "data" / "actuals" / "R10.csv").unlink()
    record(workspace, "R10 a 60 中間 2028-06-30")
    decide(workspace, "終了,R10,,,2028-08-20")
    half = show_json(workspace, "show", "R10", "--interim", "--date", "2028-10-20")["half_year"]
    assert (half["asked"], half["reported"]) == (1, 0)


def test_what_is_recorded_after_its_end_is_shown_and_not_compared(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a, baseline: 40", "id: b")
    record(
        workspace, "R8 a 90", "R8 a 50 中間 2026-09-30", "R9 a 30 中間 2027-09-30", "R9 b 95",
        "R10 a 99",
    )  # fmt: skip
    decide(workspace, "終了,R9,,,2027-08-20")
    for year, value in (("R9", 30), ("R10", 99)):
        found = first(workspace, year)
        assert (found["actual"], found["status"], found["flags"]) == (value, "ended", [])
        assert found["vs_baseline"] == dict.fromkeys(("difference", "change_rate", "judgement"))
        assert [found[key] for key in ("vs_previous", "vs_final_target", "rating")] == [None] * 3
    half = show_json(workspace, "show", "R9", "--interim", *DAY)["half_year"]
    assert half["comparable"] == 0
    interim = half["indicators"][0]["interim"]
    assert (interim["value"], interim["progress"], interim["previous"]) == (30, None, None)


def test_without_anybody_to_ask_there_is_no_form(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a, measured: [R8]")
    ran = call(workspace, "form", "R9", *DAY)
    assert (ran.code, "R9 にたずねる指標はありません。" in ran.err) == (1, True)


def test_a_changed_target_beyond_the_plan_is_in_no_chart(tmp_path: Path) -> None:
    workspace = record(small_workspace(tmp_path, "id: a, targets: {R9: 100, R12: 100}"), "R9 a 90")
    decide(workspace, "目標値,R9,100,80,2027-10-01", "目標値,R12,100,80,2027-10-01")
    ran = call(workspace, "chart", "R9", "--format", "svg", *DAY)
    assert ran.code == 0, ran.err


def test_nothing_is_compared_across_another_way_of_counting(workspace: Path) -> None:
    decide(workspace, "定義,R9,年度末の数,9月末の数,2027-10-01")
    before, changed, after = (first(workspace, year) for year in ("R8", "R9", "R10"))
    assert (before["vs_previous"], changed["vs_previous"], after["vs_previous"]) == (None, None, 5)
    for each, is_across in ((before, False), (changed, True), (after, True)):
        compared = [each[name] for name in ("progress", "final_progress", "standing_still")]
        compared.append(each["vs_baseline"]["difference"])  # type: ignore[index]
        assert [one is None for one in compared] == [is_across] * 4
        assert ("definition_changed" in str(each["flags"])) is is_across
        assert each["baseline"] == 40
    method = "集計方法を変えた指標では、前の集計方法の値"
    assert method not in call(workspace, "show", "R8", *DAY).out
    for year in ("R9", "R10"):
        shown = call(workspace, "show", year, *DAY).out
        assert ("R9から集計方法を変更" in shown, method in shown) == (True, True)
    assert call(workspace, "report", "--plan", "--only", "md", *DAY).code == 0
    paper = (workspace / "reports" / "plan" / "plan.md").read_text("utf-8")
    assert "達成1、改善（未達）0、変わらない0、悪化0、評価困難1" in paper


@pytest.mark.parametrize("day", ["2027-10-01", "2027-11-01"])
def test_a_baseline_that_was_counted_anew_is_compared_again(workspace: Path, day: str) -> None:
    """Decided with the new definition, or after it and before it holds."""
    decide(workspace, "定義,R10,年度末の数,9月末の数,2027-10-01", f"参考値,,40,60,{day}")
    found = [first(workspace, year) for year in ("R9", "R10")]
    assert [(each["baseline"], each["vs_baseline"]["difference"]) for each in found] == [  # type: ignore[index]
        (40, 50),  # by the decision, from the year of the new definition on
        (60, 35),
    ]
    assert ["definition_changed" in str(each["flags"]) for each in found] == [False, True]
    printed = call(workspace, "revisions", *DAY, env={"COLUMNS": "400"}).out
    assert printed.count("R10から") == 2, printed


def test_no_line_begins_at_a_baseline_that_was_counted_otherwise(tmp_path: Path) -> None:
    fields = "id: a, measure: stock, baseline: 40, between: linear, targets: {R10: 100}"
    workspace = record(small_workspace(tmp_path, fields), "R8 a 50", "R9 a 90")
    decide(workspace, "定義,R9,,件数,2027-10-01")
    found = [first(workspace, year) for year in ("R8", "R9")]
    assert [each["target"] for each in found] == [70, None]
    assert ["definition_changed" in str(each["flags"]) for each in found] == [False, True]
    assert call(workspace, "report", "R9", "--only", "md", *DAY).code == 0
    paper = (workspace / "reports" / "R9" / "review.md").read_text("utf-8")
    assert ("70（目安（按分））" in paper, "R10に設定" in paper) == (True, True)


def test_a_later_paper_prints_what_a_year_was_rated_by(tmp_path: Path) -> None:
    fields = "id: a, measure: stock, baseline: 40, between: linear, targets: {R10: 100}"
    workspace = record(small_workspace(tmp_path, fields), "R8 a 50", "R9 a 90", "R10 a 90")
    recounted = ("定義,R9,,件数,2026-10-01", "参考値,,40,60,2026-10-01")
    decide(workspace, *recounted, "定義,R10,件数,人数,2027-10-01")
    assert (first(workspace, "R9")["target"], first(workspace, "R9")["attainment"]) == (90, 100)
    call(workspace, "report", "R10", "--only", "md", *DAY)
    text = (workspace / "reports" / "R10" / "review.md").read_text("utf-8")
    row = next(line for line in text[text.index("## 全年度") :].splitlines() if "指標1" in line)
    printed = " ".join(row.split())
    assert "70（目安（按分）） | 50 | 71.4％" in printed
    assert "90（目安（按分）） | 90 | 100.0％" in printed


def test_a_sum_of_years_does_not_mix_two_ways_of_counting(tmp_path: Path) -> None:
    workspace = record(small_workspace(tmp_path, "id: a"), "R8 a 50", "R9 a 90", "R10 a 95")
    decide(workspace, "定義,R9,,件数,2027-10-01")
    found = [first(workspace, year) for year in ("R8", "R9", "R10")]
    assert [each["plan_to_date"] is None for each in found] == [False, True, True]
    assert ["definition_changed" in str(each["flags"]) for each in found] == [False, True, True]
    decide(workspace, "定義,R8,,件数,2026-04-01")  # from the plan's first year on: one way
    assert first(workspace, "R10")["plan_to_date"]["actual"] == 235  # type: ignore[index]
    assert "definition_changed" not in str(first(workspace, "R10")["flags"])


def test_a_way_from_a_baseline_counted_otherwise_is_not_rated(tmp_path: Path) -> None:
    fields = "measure: stock, baseline: 40, attainment: progress"
    workspace = record(small_workspace(tmp_path, f"id: a, {fields}"), "R8 a 70", "R9 a 70")
    decide(workspace, "定義,R9,,9月末の数,2027-10-01")
    found = [first(workspace, year) for year in ("R8", "R9")]
    assert [each["attainment"] for each in found] == [50, None]
    assert "算定不能" in call(workspace, "show", "R9", *DAY).out


def test_what_is_asked_of_a_figure_follows_what_holds_in_its_year(tmp_path: Path) -> None:
    fields = "measure: cumulative, baseline: 60"
    workspace = record(small_workspace(tmp_path, f"id: a, {fields}"), "R8 a 70")
    add = ("add", "R9", "a", "50", "--dry-run", "--date", "2028-05-01")
    assert "後退しています" in call(workspace, *add).err
    assert "累計なのに" in call(workspace, *add).err
    decide(workspace, "参考値,,60,45,2027-10-01")
    assert "後退しています" not in call(workspace, *add).err
    assert "累計なのに" in call(workspace, *add).err
    decide(workspace, "定義,R9,,9月末の数,2027-10-01")
    assert "確認してください" not in call(workspace, *add).err


def test_another_department_is_asked_from_its_year_on(workspace: Path) -> None:
    decide(workspace, "所管課,R10,福祉課,こども課,2028-04-01")
    reporters = [
        show_json(workspace, "status", year, *DAY)["reporters"][0]["reporter"]
        for year in ("R9", "R10")
    ]
    assert reporters == ["福祉課", "こども課"]


def test_a_row_that_another_department_left_out_is_missed(tmp_path: Path) -> None:
    asked = (f"id: {key}, reporter: {who}" for key, who in (("a", "福祉課"), ("b", "こども課")))
    workspace = small_workspace(tmp_path / "計画", *asked)
    decide(workspace, "所管課,R9,福祉課,こども課,2027-04-01")
    assert call(workspace, "form", "R9", "--format", "csv", *DAY).code == 0
    (form,) = (workspace / "reports" / "R9" / "forms").iterdir()
    lines = form.read_text("utf-8-sig").splitlines(keepends=True)
    came_back = tmp_path / "回答.csv"
    came_back.write_text("".join(each for each in lines if not each.startswith("a,")), "utf-8-sig")
    said = call(workspace, "import", str(came_back), "--dry-run", *DAY).err
    assert "a（(1)1指標1）の行がありません" in said
    assert "b（" not in said


def test_a_row_typed_by_mistake_is_taken_out_again(workspace: Path) -> None:
    decide(
        workspace,
        "目標値,R9,100,120,2027-10-01",
        "取消（誤入力）,R9,100,120,2027-10-01",
        "目標値,R9,100,110,2027-10-01",
        "公表日,R9,,2027-11-01,2027-10-01",
    )
    assert first(workspace, "R9")["target"] == 110
    assert "120" not in call(workspace, "show", "R9", *DAY).out
    assert "120" in call(workspace, "history", "a").out
    rows = show_json(workspace, "history", "a")["revisions"]
    assert [each["item"] for each in rows] == ["目標値", "取消（誤入力）", "目標値", "公表日"]


def test_a_new_indicator_has_its_decision(tmp_path: Path) -> None:
    folder = decide(small_workspace(tmp_path, "id: a, from: R9"), "追加,R9,,,2027-03-20")
    text = call(folder, "show", "R9", *DAY).out.replace("\n", "")
    assert "指標の追加：R9から（会議、令和9年3月20日決定）" in text
    assert "追加 R9から" in call(folder, "list").out


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["参考値,R9,40,60,2027-10-01"], "項目「参考値」の行の年度に「R9」があります。"),
        (["参考値,,41,60,2027-10-01"], "変更前（41）が、a の 参考値 40 と違います。"),
        (["終了,,,,2027-10-01"], "年度が空です。"),
        (["終了,R10,1,,2027-10-01"], "項目「終了」の行の変更前に「1」があります。"),
        (["終了,R10,,,2027-10-01", "終了,R10,,,2027-11-01"], "a の「終了」は、すでに2行目に"),
        (["追加,R9,,,2027-10-01"], "年度「R9」が、計画の from（なし）と違います。"),
        (["定義,R8,,後,2027-10-01"], "R8 は決定日「2027-10-01」より前に終わっています。"),
        (["所管課,R9,税務課,後,2027-10-01"], "変更前（税務課）が、a の 所管課 福祉課 と違います。"),
        (
            ["定義,R10,年度末の数,後,2027-10-01", "定義,R9,後,前,2027-11-01"],
            "前の変更（R10）より前",
        ),
        (["取消（誤入力）,R9,100,120,2027-10-01"], "が指す行が、これより上にありません。"),
        (["公表日,R9,,2027-11-01,2027-10-01"], "が指す行が、これより上にありません。"),
        (
            [
                "目標値,R9,100,120,2027-10-01",
                "目標値,R9,120,130,2027-10-01",
                "取消（誤入力）,R9,100,120,2027-10-01",
            ],
            "a の取り消す行より後に、同じものの変更があります。",
        ),
        (["単位,R9,,,2027-10-01"], "項目「単位」は変更できません。"),
    ],
)
def test_a_change_that_cannot_be_is_named(workspace: Path, rows: list[str], message: str) -> None:
    said = call(decide(workspace, *rows), "check", *DAY).out
    assert message in said
