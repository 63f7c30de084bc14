"""``jusou revise``: one decision, recorded whole or not at all; ``revisions``, its 新旧対照表."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest

from tests.dialogue import COUNT, RATE
from tests.faults import DeadError, Disk, failing
from tests.handouts import bare, poppler
from tests.spreadsheet import read_rows
from tests.support import (
    REVISIONS_HEADER,
    Ran,
    call,
    log_rows,
    record,
    sample_workspace,
    show_json,
    small_workspace,
    tree,
    write_log,
)

DAY = ("--date", "2027-12-01")  # R9 goes on
DECISION = (
    "--reason", "窓口を1つ閉じたため", "--decided-by", "計画見直し会議",
    "--decided-on", "R9.11.20", *DAY, "--by", "山田",
)  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return small_workspace(tmp_path, COUNT, RATE)


def revise(workspace: Path, *words: str, **more: str) -> Ran:
    return call(workspace, "revise", *DECISION, *words, **more)  # type: ignore[arg-type]


def recorded(workspace: Path) -> list[dict[str, str]]:
    path = workspace / "data" / "revisions.csv"
    return log_rows(path) if path.exists() else []


def lines(out: str) -> list[list[str]]:
    """Return the words of each line of a table, from 変更前 or 変更後 on."""
    return [
        line[line.index("変更", 1) :].split() for line in out.splitlines() if line.find("変更") > 0
    ]


def refused(workspace: Path, *words: str, code: int = 1) -> str:
    before = tree(workspace)
    ran = revise(workspace, *words)
    assert (ran.code, tree(workspace)) == (code, before), ran
    return ran.err


def test_one_decision_changes_many_targets(workspace: Path) -> None:
    ran = revise(workspace, "a", "R9=100", "R10=95", "1-2", "R10=61.5", "--consultation", "書面で")
    assert ran.code == 0, ran.err
    assert "記録しました: 目標値3件（第1回変更）" in ran.out
    columns = ("指標", "年度", "変更前", "変更後")
    assert [[row[each] for each in columns] for row in recorded(workspace)] == [
        ["a", "R9", "110", "100"],
        ["a", "R10", "120", "95"],
        ["b", "R10", "50", "61.5"],
    ]
    (said,) = {
        (row["項目"], row["決定日"], row["決定機関"], row["意見聴取"], row["公表日"], row["入力者"])
        for row in recorded(workspace)
    }
    assert said == ("目標値", "2027-11-20", "計画見直し会議", "書面で", "", "山田")
    found = {each["id"]: each for each in show_json(workspace, "show", "R9", *DAY)["indicators"]}
    assert (found["a"]["target"], found["a"]["target_published"]) == (100, 110)


def test_what_is_as_it_was_is_no_change(workspace: Path) -> None:
    assert revise(workspace, "a", "R9=110", "R10=119").code == 0
    assert len(recorded(workspace)) == 1
    before = tree(workspace)
    ran = revise(workspace, "a", "R10=119")
    assert (ran.code, tree(workspace)) == (0, before)
    assert "a の R10 は、今の目標と同じです。" in ran.err
    assert "何も書き込みませんでした" in ran.out


def test_a_dry_run_shows_and_writes_nothing(workspace: Path) -> None:
    before = tree(workspace)
    ran = revise(workspace, "a", "R10=95", "--dry-run")
    assert (ran.code, tree(workspace)) == (0, before)
    assert ["変更前", "100", "110", "120"] in lines(ran.out)
    assert ["変更後", "100", "110", "_95_", "窓口を1つ閉じたため"] in lines(ran.out)
    assert "書き込んでいません" in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a", "R10=2", "700"], "「R10=2」の後に「700」があります。"),
        (["a", "R10=２", "７００", "R9=1"], "PowerShell は、カンマのところで値を分けます。"),
        (["a", "R9=1", "R10=92", "5.5"], "PowerShell は、カンマのところで値を分けます。"),
        (["R10=95"], "「R10=95」の前に、指標がありません。"),
        (["a"], "新しい目標がありません。"),
        (["a", "b", "R10=60"], "a の新しい目標がありません。"),
        (["a", "R10="], "「R10=」に、新しい目標がありません。"),
        (["a", "R10=95", "R10=96"], "a の R10 が2つあります。"),
        (["a", "R10=95", "1-1", "R10=96"], "a の R10 が2つあります。"),
        (["a", "R10=約95"], "変更後「約95」は"),
        (["a", "R10=95.5"], "小数"),
        (["a", "R11=95"], "年度「R11」は計画期間の外です。"),
        (["a", "R8=95"], "R8 は決定日「R9.11.20」より前に終わっています。"),
        (["x", "R10=95"], "指標「x」は計画にありません。"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_whole(
    workspace: Path, words: list[str], said: str
) -> None:
    assert said in refused(workspace, "b", "R10=61.5", *words) or said in refused(workspace, *words)


def test_a_figure_with_its_comma_in_quotes_is_taken(workspace: Path) -> None:
    assert revise(workspace, "a", "R10=1,200").code == 0
    (row,) = recorded(workspace)
    assert row["変更後"] == "1200"
    assert "今の 1,200 の10倍以上です" in revise(workspace, "a", "R10=12,000", "--dry-run").err


def test_decisions_are_recorded_in_their_order(workspace: Path) -> None:
    assert revise(workspace, "a", "R10=95").code == 0
    earlier = ("--decided-on", "R9.10.1")
    assert "前の変更（令和9年11月20日）より前です。" in refused(workspace, "a", "R10=96", *earlier)
    assert "まだ来ていません。" in refused(workspace, "a", "R10=96", "--decided-on", "R10.1.1")
    assert revise(workspace, "b", "R10=61", *earlier).code == 0  # of another indicator


def test_a_change_of_a_year_that_is_over_is_asked_about(workspace: Path) -> None:
    ran = revise(workspace, "a", "R9=100", "--date", "2028-05-01")
    assert "a の R9 は終わった年度です。" in ran.err
    assert ran.code == 0


def test_what_a_decision_lacks_is_named(workspace: Path) -> None:
    before = tree(workspace)
    ran = call(workspace, "revise", "a", "R10=95", "--reason", "文", *DAY)
    assert (ran.code, tree(workspace)) == (2, before)
    assert "--decided-on、--decided-by がありません。" in ran.err


ANSWERS = ("R9.11.20", "計画見直し会議", "窓口を1つ閉じたため", "", "", "1-1", "R10=95", "")


def test_it_asks_for_a_decision_once_and_then_for_indicators(workspace: Path) -> None:
    answers = "\n".join((*ANSWERS[:-1], "b", "R10=61.5", "制度が変わったため", "", "y", ""))
    ran = call(workspace, "revise", *DAY, stdin=answers)
    assert ran.code == 0, ran.err
    assert "今の目標: (1)1 指標1　R8 100　R9 110　R10 120" in ran.out
    assert ["変更後", "100", "110", "_95_", "窓口を1つ閉じたため"] in lines(ran.out)
    assert [(row["指標"], row["変更後"], row["理由"]) for row in recorded(workspace)] == [
        ("a", "95", "窓口を1つ閉じたため"),
        ("b", "61.5", "制度が変わったため"),
    ]


@pytest.mark.parametrize("last", ["n", "q", ""])
def test_without_a_yes_nothing_is_recorded(workspace: Path, last: str) -> None:
    before = tree(workspace)
    ran = call(workspace, "revise", *DAY, stdin="\n".join((*ANSWERS, last)))
    assert (ran.code, tree(workspace)) == (1, before)


def test_at_a_terminal_an_answer_that_cannot_be_used_is_asked_for_again(workspace: Path) -> None:
    wrong = (
        "R10.11.20",
        "きのう",
        *ANSWERS[:1],
        "",
        *ANSWERS[1:5],
        "x",
        "1-1",
        "R10=約",
        *ANSWERS[6:],
    )
    answers = "\n".join((*wrong, "?", "y", ""))
    ran = call(workspace, "revise", *DAY, stdin=answers, at_terminal=True)
    assert ran.code == 0, ran.err
    (row,) = recorded(workspace)
    assert (row["決定日"], row["変更後"]) == ("2027-11-20", "95")
    assert ran.err.count("エラー: ") == 6
    ran = call(workspace, "revise", *DAY, stdin="\n".join(wrong))
    assert ran.code == 1  # of a pipe the next line would answer another question


def test_whenever_it_dies_the_whole_decision_stands_or_none(tmp_path: Path) -> None:
    counting = Disk()
    with failing(counting):
        done = revise(small_workspace(tmp_path / "0", COUNT, RATE), "a", "R9=100", "b", "R10=61")
    assert done.code == 0
    for at in range(1, counting.count + 1):
        workspace = small_workspace(tmp_path / str(at), COUNT, RATE)
        with failing(Disk(at, None, 0.5)), suppress(DeadError):
            revise(workspace, "a", "R9=100", "b", "R10=61")
        whole = "第1回変更" in call(workspace, "revisions", *DAY).out
        assert revise(workspace, "a", "R9=99").code == 0
        assert len(recorded(workspace)) == (3 if whole else 1)


# ------------------------------------------------------------------------------- 新旧対照表


def test_the_papers_show_each_decision_before_and_after(workspace: Path) -> None:
    assert revise(workspace, "a", "R9=100", "R10=95", "--published", "R9.12.1").code == 0
    later = ("--decided-on", "R9.11.30", "--reason", "再び見直したため")
    assert revise(workspace, "a", "R10=90", "b", "R10=61.5", *later).code == 0
    ran = call(workspace, "revisions", "--format", "pdf,xlsx,md", *DAY)
    assert ran.code == 0, ran.err
    folder = workspace / "reports" / "revisions"
    paper = (folder / "revisions.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in paper.splitlines()
        if "変更前" in line or "変更後" in line
    ]
    assert [row[2:6] for row in rows] == [
        ["変更前", "100", "110", "120"],
        ["変更後", "100", "<ins>100</ins>", "<ins>95</ins>"],
        ["変更前", "100", "100", "95"],
        ["変更後", "100", "100", "<ins>90</ins>"],
        ["変更前", "50.0", "50.0", "50.0"],
        ["変更後", "50.0", "50.0", "<ins>61.5</ins>"],
    ]
    assert [row[6] for row in rows[1::2]] == ["窓口を1つ閉じたため", *["再び見直したため"] * 2]
    printed = bare(poppler("pdftotext", folder / "revisions.pdf"))
    for said in ("第1回変更", "令和9年11月20日決定、計画見直し会議", "令和9年12月1日", "公表予定",
                 "令和9年度の目標から", "下線部分が変更箇所。"):  # fmt: skip
        assert said in paper
        assert bare(said) in printed
    cells = read_rows((folder / "revisions.xlsx").read_bytes(), "新旧対照表")
    assert any(90 in row and "変更後" in row for row in cells)
    one = call(workspace, "revisions", "2", *DAY).out
    assert "第2回変更" in one
    assert "第1回変更" not in one
    assert call(workspace, "revisions", "第3回", *DAY).code == 2


def test_without_a_change_there_is_no_paper(workspace: Path) -> None:
    ran = call(workspace, "revisions", *DAY)
    assert (ran.code, ran.out) == (1, "")
    assert "計画の変更はありません。" in ran.err


def test_the_pack_of_its_year_has_the_whole_table_and_later_ones_a_short_one(
    tmp_path: Path,
) -> None:
    workspace = sample_workspace(tmp_path)
    sections = {}
    for year in ("R8", "R9", "R10"):
        assert call(workspace, "report", year, "--only", "md", "--date", "2029-05-10").code == 0
        text = (workspace / "reports" / year / "review.md").read_text("utf-8")
        sections[year] = text.partition("## 計画の変更（新旧対照表）")[2].partition("\n## ")[0]
    assert sections["R8"] == ""
    assert "### 第1回変更　新旧対照表" in sections["R9"]
    assert "新旧対照表" not in sections["R10"]
    assert "R11 10→9、R12 10→9" in sections["R10"]


def test_a_decision_that_is_not_published_is_named(workspace: Path) -> None:
    record(workspace, "R8 a 100 確定")
    assert revise(workspace, "a", "R9=100", "R10=95").code == 0
    said = "第1回変更（令和9年11月20日、計画見直し会議）の公表日がありません"
    assert said in call(workspace, "check", *DAY).out
    assert said in call(workspace, "status", *DAY, env={"COLUMNS": "200"}).out
    rows = (workspace / "data" / "revisions.csv").read_text("utf-8-sig").splitlines()[1:]
    published = [row.replace(",,,", ",,2027-12-01,") for row in rows]
    write_log(workspace / "data" / "revisions.csv", REVISIONS_HEADER, published)
    found = json.loads(call(workspace, "check", *DAY, "--format", "json").out)["problems"]
    assert not any("公表日" in each["message"] for each in found)
