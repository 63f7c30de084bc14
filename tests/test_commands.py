"""The commands that look at what is there, and how every command finds its workspace and day."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import (
    SAMPLE_DAY,
    Ran,
    call,
    real_workspace,
    record,
    sample_workspace,
    show_json,
    small_workspace,
    tree,
    write_actuals,
)

DAY = {"JUSOU_DATE": SAMPLE_DAY}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_workspace(tmp_path_factory.mktemp("sample"))


def printed(workspace: Path, *arguments: str) -> str:
    ran = call(workspace, *arguments, env=DAY)
    assert ran.code == 0, ran.err
    return ran.out


def as_json(workspace: Path, *arguments: str) -> Any:
    return json.loads(printed(workspace, *arguments, "--format", "json"))


@pytest.mark.parametrize(
    "command",
    ["show R9", "list", "status R9", "history sodan-2", "check", "schema", "show R9 --format json",
     "export --format json"],
)  # fmt: skip
def test_looking_changes_nothing(sample: Path, command: str) -> None:
    before = tree(sample)
    assert printed(sample, *command.split())
    assert tree(sample) == before


def test_list_as_json(sample: Path) -> None:
    found = as_json(sample, "list")
    assert list(found) == ["plan", "programmes", "indicators"]
    for programme in found["programmes"]:
        keys = "id number name law operation departments partners initiatives"
        assert " ".join(programme) == keys
    for indicator in found["indicators"]:
        assert " ".join(indicator) == (
            "id programme label name unit decimals measure direction tolerance baseline "
            "baseline_years targets reporter definition note rationale kind source former_ids "
            "between measured from per maximum signed attainment"
        )
        assert list(indicator["targets"]) == ["R8", "R9", "R10", "R11", "R12"]
    first, *_ = found["indicators"]
    assert (first["label"], first["baseline"], first["targets"]["R8"]) == ("①", 91, 91.5)


def test_list_on_the_screen(sample: Path) -> None:
    lines = printed(sample, "list").splitlines()
    at = lines.index("(1)② 障がい者（児）の総合窓口相談件数")
    assert lines[at + 1].split() == ["sodan-2", "2,529", "2,600", "2,650", "2,700", "2,750",
                                     "2,800", "件"]  # fmt: skip
    changes = lines.index("〔目標の変更〕")
    assert sum(line.startswith("(") for line in lines[:changes]) == 19
    assert "目標：R9 10→8、R10 10→8、R11 10→9、R12 10→9" in "".join(lines[changes:])
    assert "決定：令和10年1月20日 架空の計画見直し会議" in "".join(lines[changes:])


def test_list_takes_the_changes_before_one_that_was_cut_off(tmp_path: Path) -> None:
    log = sample_workspace(tmp_path) / "data" / "revisions.csv"
    listed = printed(tmp_path, "list")
    log.write_bytes(log.read_bytes() + b"2028-05-01T09:00:00+09:00,sodan")
    assert printed(tmp_path, "list") == listed
    log.write_bytes(log.read_bytes() + b"\r\n")
    assert call(tmp_path, "list").code == 1


def test_status_tells_who_has_not_reported(tmp_path: Path) -> None:
    workspace = small_workspace(
        tmp_path, *(f"id: {name}, reporter: 福祉課" for name in "abcdefg"), "id: h"
    )
    record(
        workspace, "R8 a 5", "R8 b 5 速報", "R8 c - 該当なし", "R8 d - 未確定", "R8 e 5 見込",
        "R8 f 5 中間 2026-09-30",
    )  # fmt: skip
    found = as_json(workspace, "status", "R8")
    assert (found["year"], found["today"], found["sample"]) == ("R8", SAMPLE_DAY, False)
    welfare, unassigned = found["reporters"]
    assert [each["state"] for each in welfare["indicators"]] == [
        "answered", "answered", "answered", "pending", "forecast_only", "interim_only",
        "unanswered",
    ]  # fmt: skip
    assert welfare["indicators"][3] == {
        "id": "d", "label": "(1)4", "name": "指標4", "state": "pending", "basis": "未確定",
        "value": None, "interim": None, "remark": "備考", "not_taken": False, "outstanding": True,
    }  # fmt: skip
    assert (unassigned["reporter"], unassigned["reminder"]) == (None, None)
    text = printed(workspace, "status", "R8")
    assert "〔福祉課　回答済 3／7〕" in text
    assert [word in text for word in ("未回答", "見込のみ", "中間のみ", "未確定")] == [True] * 4
    assert "督促" not in text


def test_history_holds_every_row_that_ever_stood(sample: Path) -> None:
    found = as_json(sample, "history", "(5)②")
    assert (found["id"], found["label"], found["unit"], found["sample"]) == (
        "sanka-2", "(5)②", "人", True,
    )  # fmt: skip
    rows = [(each["path"], each["line"], each["basis"], each["value"], each["stands"])
            for each in found["rows"]]  # fmt: skip
    assert rows == [
        ("data/actuals/R8.csv", 19, "測定不能", None, True),
        ("data/actuals/R9.csv", 28, "確定", 17, False),
        ("data/actuals/R9.csv", 30, "取消", None, False),
        ("data/actuals/R9.csv", 36, "確定", 4, True),
        ("data/actuals/R10.csv", 14, "中間", 2, True),
        ("data/actuals/R10.csv", 27, "見込", 5, True),
    ]
    for path, line, *_ in rows:
        row = (sample / path).read_text("utf-8-sig").splitlines()[line - 1]
        assert ",sanka-2," in row
    text = printed(sample, "history", "sanka-2")
    for path, line, basis, _, stands in rows:
        before, _, after = text.partition(f"場所：{path}:{line}")
        assert after, (path, line)
        assert before.splitlines()[-2].split()[1:] == [
            basis, *["令和10年9月30日"][: basis == "中間"], "有効" if stands else "以前",
        ]  # fmt: skip


def test_history_counts_lines_as_editors_do(tmp_path: Path) -> None:
    rows = ['t,R8,a,1,,,確定,,人,"二行の\r\n備考",', "", "t,R8,a,2,,,確定,,人,,"]
    write_actuals(small_workspace(tmp_path, "id: a"), "R8", rows)
    assert [each["line"] for each in show_json(tmp_path, "history", "a")["rows"]] == [2, 5]


def test_check_without_a_problem(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a")
    ran = call(workspace, "check")
    assert (ran.code, ran.out, ran.err) == (0, "問題はありません。\n", "")
    assert as_json(workspace, "check") == {"sample": False, "problems": []}


def test_check_tells_errors_from_warnings(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a, measure: cumulative, baseline: 50")
    record(workspace, "R6 a 51", "R8 a 60", "R9 a 59", "R10 a 70")
    ran = call(workspace, "check", env=DAY)
    assert ran.code == 0
    assert ran.out.endswith("誤り 0件、確認したほうがよい点 4件\n")
    found = as_json(workspace, "check")["problems"]
    assert [(each["severity"], each["path"], each["line"]) for each in found] == [
        ("warning", "data/actuals/R6.csv", 2),  # against the baseline
        ("warning", "data/actuals/R9.csv", 2),  # a fall
        ("warning", "data/actuals/R10.csv", 2),  # a year not yet over
        ("warning", "data/reviews/R9.csv", None),  # a cause and an action to be written
    ]
    record(workspace, "R9 a 約50")
    ran = call(workspace, "check", "--format", "json", env=DAY)
    (problem,) = json.loads(ran.out)["problems"]
    assert ran.code == 1
    assert list(problem) == ["severity", "path", "line", "column", "message", "hint"]
    assert (problem["severity"], problem["column"]) == ("error", "実績値")
    assert call(workspace, "check", env=DAY).code == 1


def test_export_as_csv_reads_back_and_matches_its_description(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path)
    assert "indicators.csv" in printed(workspace, "export")
    folder = workspace / "reports" / "export"
    content = (folder / "indicators.csv").read_bytes()
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n")
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    (resource,) = package["resources"]
    fields = resource["schema"]["fields"]
    assert resource["path"] == "indicators.csv"
    assert [field["name"] for field in fields] == heading
    assert len(rows) == 19 * 7  # R6 to R12

    long = as_json(workspace, "export")["rows"]
    read: dict[str, Callable[[str], object]] = {
        "number": float, "boolean": lambda cell: cell == "true", "string": str, "date": str,
    }  # fmt: skip
    for row, given in zip(rows, long, strict=True):
        assert [field["title"] for field in fields] == list(given)
        for field, cell in zip(fields, row, strict=True):
            value = given[field["title"]]
            assert (read[field["type"]](cell) if cell else None) == value


def test_export_tells_target_and_actual_of_each_year(sample: Path) -> None:
    long = as_json(sample, "export")["rows"]
    found = {each["year"]: each for each in long if each["indicator"] == "takikan-1"}
    keys = ("target_published", "target", "status", "actual", "attainment", "rating")
    assert {year: tuple(row[key] for key in keys) for year, row in found.items()} == {
        "R6": (None, None, "baseline", 1, None, None),
        "R7": (None, None, "reported", 4, None, None),
        "R8": (10, 10, "reported", 6, 60, "C"),
        "R9": (10, 8, "reported", 8, 100, "A"),
        "R10": (10, 8, "interim", 4, None, None),
        "R11": (10, 9, "unreported", None, None, None),
        "R12": (10, 9, "unreported", None, None, None),
    }
    assert {each["sample"] for each in long} == {True}


def test_export_to_a_folder(tmp_path: Path) -> None:
    workspace = real_workspace(tmp_path)
    printed(workspace, "export", "--output", "out/表")
    assert sorted(path.name for path in (tmp_path / "out" / "表").iterdir()) == [
        "datapackage.json", "indicators.csv",
    ]  # fmt: skip
    assert not (workspace / "reports").exists()


def test_schema_is_the_file_beside_the_plan(sample: Path) -> None:
    committed = Path(__file__).parent.parent / "data" / "targets.schema.json"
    assert json.loads(printed(sample, "schema")) == json.loads(committed.read_text("utf-8"))


def title(ran: Ran) -> str:
    return ran.out.partition("\n")[0] if ran.code == 0 else ran.err.partition("\n")[0]


def test_the_workspace_is_given_or_named_or_found_upward(tmp_path: Path) -> None:
    for name in ("一", "二", "三"):
        plan = small_workspace(tmp_path / name, "id: a") / "data" / "targets.yaml"
        plan.write_text(plan.read_text("utf-8").replace("title: 計画", f"title: {name}"), "utf-8")
    inside = tmp_path / "一" / "reports" / "R9"
    inside.mkdir(parents=True)
    named = {"JUSOU_WORKSPACE": str(tmp_path / "二")}
    given = ["--workspace", str(tmp_path / "三")]
    assert title(call(inside, "list")) == "一"
    assert title(call(inside, "list", env=named)) == "二"
    assert title(call(inside, *given, "list", env=named)) == "三"
    assert title(call(tmp_path, "list")).startswith("エラー: ")
    assert "data/targets.yaml がありません" in call(tmp_path, *given[:1], "x", "list").err


@pytest.mark.parametrize("day", ["2028-11-10", "R10.11.10", "令和10年11月10日"])
def test_today_is_given_or_named(sample: Path, day: str) -> None:
    assert "令和10年11月10日現在" in call(sample, "show", "R9", "--date", day).out
    assert "令和10年11月10日現在" in call(sample, "show", "R9", env={"JUSOU_DATE": day}).out
    early = call(sample, "show", "R9", "--date", "2028-03-31", env={"JUSOU_DATE": day})
    assert "年度途中" in early.out


def test_a_review_outside_the_plan_is_refused_naming_its_years(sample: Path) -> None:
    for command in ("show", "report", "status"):
        for year in ("R7", "R13"):
            ran = call(sample, command, year)
            assert (ran.code, ran.out) == (1, "")
            assert "計画期間は R8 から R12 まで" in ran.err
