"""What the committee said last year and what came of it: asked, recorded, printed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from jusou.logs.schema import NOTES
from tests.collecting import send, take
from tests.filled_forms import Paper
from tests.support import (
    REVIEWS_HEADER,
    call,
    record,
    rows_of,
    show_json,
    small_workspace,
    write_log,
)

AFTER_R9 = "2028-06-01"
WIDE = {"COLUMNS": "1000"}
INITIATIVES = "    initiatives:\n      - {id: ini, mark: ア, name: 広報}\n"
TITLE = "前回の意見と対応状況"
OLD_ROWS = [
    ",R8,a,,,,夜間に開く,,,,夜間はどうか,検討する,,",
    ",R8,ini,,,,,,,,紙面を増やすこと,,,",
]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace whose log of R8 is as earlier versions wrote it."""
    small_workspace(tmp_path, "id: a", "id: b")
    path = tmp_path / "data" / "targets.yaml"
    text = path.read_text("utf-8").replace("    indicators:", f"{INITIATIVES}    indicators:")
    path.write_text(text, "utf-8")
    write_log(tmp_path / "data" / "reviews" / "R8.csv", REVIEWS_HEADER, OLD_ROWS)
    return record(tmp_path, "R8 a 90", "R9 a 120", "R9 b 120")


def note(workspace: Path, year: str, *arguments: str) -> None:
    ran = call(workspace, "note", year, *arguments)
    assert ran.code == 0, ran.err


def show(workspace: Path, year: str = "R9") -> str:
    return call(workspace, "show", year, "--date", AFTER_R9, env=WIDE).out


def found(workspace: Path, subject: str = "a") -> dict[str, Any]:
    indicators = show_json(workspace, "show", "R9", "--date", AFTER_R9)["indicators"]
    return next(each for each in indicators if each["id"] == subject)


def opinions(workspace: Path) -> list[list[str]]:
    """Return the rows of the section on a wide screen."""
    section = show(workspace).partition(f"■ {TITLE}\n")[2].partition("\n■")[0]
    return [re.split(" {2,}", line) for line in section.splitlines() if line.strip("- ")]


def test_last_years_opinions_stand_in_one_table(workspace: Path) -> None:
    assert opinions(workspace) == [
        [f"〔{TITLE}（令和8年度の評価への意見）〕"],
        ["対象", "委員会意見", "対応方針", "その後の状況"],
        ["(1)1 指標1", "夜間はどうか", "検討する", "-"],
        ["(1)(ア) 広報", "紙面を増やすこと", "-", "-"],
        ["※-: 記入なし"],
    ]
    note(workspace, "R8", "(1)ア", "--meeting", "第1回会議")
    note(workspace, "R9", "a", "--follow-up", "月2回開いた")
    note(workspace, "R9", "(1)", "--follow-up", "意見のないところにも書ける")
    assert opinions(workspace)[1:-1] == [
        ["対象", "会議", "委員会意見", "対応方針", "その後の状況"],
        ["(1) 事業", "-", "-", "-", "意見のないところにも書ける"],
        ["(1)1 指標1", "-", "夜間はどうか", "検討する", "月2回開いた"],
        ["(1)(ア) 広報", "第1回会議", "紙面を増やすこと", "-", "-"],
    ]
    assert TITLE not in show(workspace, "R8")


def test_what_a_later_meeting_said_is_in_no_paper_of_an_earlier_day(workspace: Path) -> None:
    on = ("--date", "2028-08-21")
    note(workspace, "R8", "b", "--meeting", "8月の会議", "--committee", "冬はどうか", *on)
    note(workspace, "R9", "a", "--response", "8月に決めた", *on)
    said, before = show(workspace), opinions(workspace)
    assert not any(
        text in said for text in ("冬はどうか", "8月の会議", "8月に決めた", "後日の記録")
    )
    note(workspace, "R9", "a", "--cause", "講師が替わった", "--committee", "夏はどうか", *on)
    assert opinions(workspace) == before
    assert "【後日の記録: 令和10年6月1日より後の記録を1行含みます。】" in show(workspace)
    review = show_json(workspace, "show", "R9", "--date", AFTER_R9)
    assert review["recorded_later"] == 1
    texts = review["indicators"][0]["note"]
    assert (texts["cause"], texts["committee"]) == ("講師が替わった", None)
    later = call(workspace, "show", "R9", *on, env=WIDE).out
    assert "後日の記録" not in later
    assert all(text in later for text in ("冬はどうか", "8月の会議", "8月に決めた", "夏はどうか"))


def test_what_became_of_last_years_action_stands_beside_it(workspace: Path) -> None:
    assert "前年度の改善策：夜間に開く　改善策：" in show(workspace)
    note(workspace, "R9", "a", "--action-status", "10月から開いた")
    assert "前年度の改善策：夜間に開く　前年度の改善策の状況：10月から開いた　改善策：" in show(
        workspace
    )
    review = found(workspace)
    assert review["note"]["action_status"] == "10月から開いた"
    assert review["last_note"] == {
        "action": "夜間に開く",
        "meeting": None,
        "committee": "夜間はどうか",
        "response": "検討する",
    }


def test_an_old_log_gets_the_columns_once_and_keeps_its_rows(workspace: Path) -> None:
    path = workspace / "data" / "reviews" / "R8.csv"
    old = path.read_bytes()
    before = rows_of(workspace, "R8", "reviews")
    note(workspace, "R8", "b", "--cause", "要因だけなら見出しはそのまま")
    assert path.read_bytes().startswith(old)
    note(workspace, "R8", "b", "--meeting", "第1回会議")
    note(workspace, "R8", "b", "--follow-up", "済み")
    assert path.with_name("R8.csv.bak").read_bytes().startswith(old)
    assert [each.name for each in path.parent.glob("*.bak*")] == ["R8.csv.bak"]
    heading, *lines = path.read_text("utf-8-sig").splitlines()
    new = [title for title in NOTES.columns if title not in REVIEWS_HEADER.split(",")]
    assert (heading, len(new)) == (f"{REVIEWS_HEADER},{','.join(new)}", 10)
    assert lines[:2] == OLD_ROWS
    now = rows_of(workspace, "R8", "reviews")
    assert [{title: row[title] for title in before[0]} for row in now[:2]] == before
    assert (now[3]["会議"], now[4]["その後の状況"]) == ("第1回会議", "済み")


def test_the_form_quotes_what_is_to_be_answered_and_brings_the_answers_back(
    workspace: Path, tmp_path: Path
) -> None:
    (form,) = send(workspace, "R9", AFTER_R9, "--all")
    paper = Paper.open(form)
    assert paper.titles("取組の記述")[3:7] == [
        "前年度の改善策", "前年度の改善策の状況", "前回の意見", "その後の状況",
    ]  # fmt: skip
    row = paper.sheets["取組の記述"][paper.row("取組の記述", "a")]
    assert row[3:7] == ["夜間に開く", "", "夜間はどうか\n→ 対応方針：検討する", ""]
    paper.put("a", "前年度の改善策の状況", "10月から開いた")
    paper.put("ini", "その後の状況", "紙面を2面にした")
    note(workspace, "R8", "a", "--response", "土曜も検討する")  # since the form went out
    ran = take(workspace, paper.save(tmp_path / "返信" / form.name))
    assert (ran.code, "送ったときの内容ではありません" in ran.err) == (0, False), ran.err
    texts = {row["対象"]: row for row in rows_of(workspace, "R9", "reviews")}
    assert texts["a"]["前年度の改善策の状況"] == "10月から開いた"
    assert texts["ini"]["その後の状況"] == "紙面を2面にした"


@pytest.mark.parametrize("options", [(), ("--format", "csv")])
def test_nobody_is_asked_what_became_of_nothing(workspace: Path, options: tuple[str, ...]) -> None:
    (form,) = send(workspace, "R10", "2029-06-01", *options)
    told = form.read_text("utf-8-sig") if options else str(Paper.open(form).titles("取組の記述"))
    heading = told.splitlines()[-3] if options else told
    assert "改善策の状況" not in heading
    assert "その後の状況" not in heading
    assert "実施状況" in heading
    assert take(workspace, form, day="2029-06-01").code == 0


def test_check_and_the_draft_name_what_is_to_be_answered(workspace: Path) -> None:
    ran = call(workspace, "check", "--date", AFTER_R9, "--format", "json")
    (problem,) = (
        each for each in json.loads(ran.out)["problems"] if "委員会意見" in each["message"]
    )
    assert "R8 の委員会意見のうち、R9 にその後の状況のないものが2件あります。" in problem["message"]
    assert problem["hint"].splitlines() == [
        "(1)1 指標1: jusou note R9 a --edit",
        "広報: jusou note R9 ini --edit",
    ]
    note(workspace, "R9", "a", "--follow-up", "済み")
    note(workspace, "R9", "ini", "--follow-up", "済み")
    assert "委員会意見のうち" not in call(workspace, "check", "--date", AFTER_R9).out
