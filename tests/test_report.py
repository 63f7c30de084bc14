"""``jusou report``: which files it writes, and that they are the same each time."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from tests.support import (
    REVIEWS_HEADER,
    REVISIONS_HEADER,
    SAMPLE_DAY,
    call,
    record,
    sample_workspace,
    show_json,
    small_workspace,
    tree,
    write_log,
)

DAY = {"JUSOU_DATE": SAMPLE_DAY}
MINE = ("review.md", "review.txt", "review.json")
QUICK = ("--only", "md,txt,json")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return sample_workspace(tmp_path)


def test_writes_the_files_and_prints_the_summary(workspace: Path) -> None:
    data = tree(workspace / "data")
    ran = call(workspace, "report", "R9", *QUICK, "--date", SAMPLE_DAY)
    assert ran.code == 0
    folder = workspace / "reports" / "R9"
    assert {path.name for path in folder.iterdir()} == set(MINE)
    for name in MINE:
        assert str(folder / name) in ran.out
    assert "■ 総括" in ran.out
    assert "■ 指標一覧" not in ran.out
    assert "次: " in ran.err
    assert tree(workspace / "data") == data


def test_twice_gives_the_same_bytes(workspace: Path) -> None:
    call(workspace, "report", "R9", *QUICK, env=DAY)
    first = tree(workspace / "reports")
    call(workspace, "report", "R9", *QUICK, "--output", "again", env=DAY)
    call(workspace, "report", "R9", *QUICK, env=DAY)
    assert tree(workspace / "reports") == first
    assert {f"R9/{name}": content for name, content in tree(workspace / "again").items()} == first


@pytest.mark.parametrize(
    ("only", "names"),
    [
        ("txt", {"review.txt", "review.json"}),
        ("json,md", {"review.json", "review.md"}),
        (" MD , txt,md", {"review.md", "review.txt", "review.json"}),
    ],
)
def test_only_what_was_asked_for(workspace: Path, only: str, names: set[str]) -> None:
    call(workspace, "report", "R9", "--only", only, env=DAY)
    assert set(tree(workspace / "reports" / "R9")) == names


def test_nothing_is_written_from_data_with_an_error(workspace: Path) -> None:
    record(workspace, "R8 sodan-2 約50")
    ran = call(workspace, "report", "R9", env=DAY)
    assert (ran.code, ran.out) == (1, "")
    assert "data/actuals/R8.csv:2" in ran.err
    assert not (workspace / "reports").exists()


def test_review_json_is_what_show_prints_and_its_inputs(workspace: Path) -> None:
    call(workspace, "report", "R9", *QUICK, env=DAY)
    found = json.loads((workspace / "reports" / "R9" / "review.json").read_bytes())
    inputs, files, source = (found.pop(key) for key in ("inputs", "files", "source"))
    assert {*files} == {*tree(workspace / "reports" / "R9")} - {"review.json"}
    assert source["plan"].encode() == (workspace / "data" / "targets.yaml").read_bytes()
    assert found == show_json(workspace, "show", "R9", "--date", SAMPLE_DAY)
    assert inputs == {
        f"data/{path}": hashlib.sha256(content).hexdigest()
        for path, content in tree(workspace / "data").items()
    }
    assert [*inputs][:2] == ["data/targets.yaml", "data/revisions.csv"]  # the plan comes first
    call(workspace, "add", "R9", "sanka-3", "4", "--correct", "--remark", "訂正", env=DAY)
    call(workspace, "report", "R9", *QUICK, env=DAY)
    after = json.loads((workspace / "reports" / "R9" / "review.json").read_bytes())["inputs"]
    changed = {path for path in after if after[path] != inputs[path]}
    assert changed == {"data/actuals/R9.csv"}


def test_review_txt_opens_as_utf_8_on_windows(workspace: Path) -> None:
    call(workspace, "report", "R9", *QUICK, env=DAY)
    content = (workspace / "reports" / "R9" / "review.txt").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert b"\r" not in (workspace / "reports" / "R9" / "review.md").read_bytes()


def test_the_meeting_is_printed_as_it_was_given(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path)
    meeting = ("--meeting", "第1回見直し会議", "--meeting-date", "R10.11.20")
    assert call(workspace, "report", "R9", "--only", "md", *meeting).code == 0
    text = (workspace / "reports" / "R9" / "review.md").read_text("utf-8")
    assert "第1回見直し会議　令和10年11月20日　釜石市　計画期間 R8〜R12（5年計画）の2年目" in text
    refused = call(workspace, "report", "R9", "--meeting-date", "11月")
    assert refused.code == 2
    assert "日付「11月」は読めません" in refused.err


def test_initiatives_that_nobody_wrote_of_are_named_in_one_line(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a")
    plan = workspace / "data" / "targets.yaml"
    given = "[{id: told, name: 続けた取組}, {id: b, name: 乙の取組}, {id: c, name: 丙の取組}]"
    text = plan.read_text("utf-8")
    plan.write_text(
        text.replace("    indicators:\n", f"    initiatives: {given}\n    indicators:\n"), "utf-8"
    )

    def told() -> str:
        assert call(workspace, "report", "R9", "--only", "txt").code == 0
        return (workspace / "reports" / "R9" / "review.txt").read_text("utf-8-sig")

    before = told()
    assert "記入のない取組、続けた取組、乙の取組、丙の取組。" in before
    assert "数値目標のない取組" not in before
    rows = ["t,R9,told,月に1回開いた。,,,,,,,,,,"]
    write_log(workspace / "data" / "reviews" / "R9.csv", REVIEWS_HEADER, rows)
    after = told()
    assert "記入のない取組、乙の取組、丙の取組。" in after
    assert "続けた取組。\n実施状況 月に1回開いた。" in after.replace("\r\n", "\n")


def test_the_changes_of_a_target_are_told_with_the_decision(tmp_path: Path) -> None:
    folder = small_workspace(tmp_path, "id: a", "id: b, targets: {R8: 100, R9: null, R10: 100}")
    rows = [
        "t,a,目標値,R9,100,1200,見込みの増,会議,2026-10-20,,,人",
        "t,a,目標値,R9,1200,90,一行目／二行目,,2027-10-21,,,人",
        "t,a,目標値,R10,100,80,別の年度,市,2027-10-21,,,人",
        "t,b,目標値,R9,,50,新しい目標,市,2027-10-21,,,人",
    ]
    write_log(folder / "data" / "revisions.csv", REVISIONS_HEADER, rows)

    def shown(year: str) -> list[str]:
        out = call(folder, "show", year, "--date", SAMPLE_DAY, env={"COLUMNS": "1000"}).out
        return re.findall("目標の変更：(.*?)(?:　|\\n)", out)

    assert shown("R8") == []
    assert shown("R9") == [
        "100件→1,200件（会議、令和8年10月20日決定）。理由: 見込みの増",
        "1,200件→90件（令和9年10月21日決定）。理由: 一行目／二行目",
        "-→50件（市、令和9年10月21日決定）。理由: 新しい目標",
    ]
    assert shown("R10") == ["100件→80件（市、令和9年10月21日決定）。理由: 別の年度"]
    call(folder, "report", "R9", "--only", "txt", "--date", SAMPLE_DAY)
    text = (folder / "reports" / "R9" / "review.txt").read_text("utf-8-sig")
    assert "目標の変更、数値なしから50件へ（市、令和9年10月21日決定）。理由: 新しい目標。" in text


def test_what_the_plan_does_not_say_of_a_programme_takes_no_room(tmp_path: Path) -> None:
    shown = call(small_workspace(tmp_path, "id: a"), "show", "R8").out
    assert "PDCA" in shown
    assert "根拠法令" not in shown
