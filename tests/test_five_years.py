"""Five years of a plan through the command line alone, as a planner and a successor live them.

Figures, texts, two decisions, a kept handout, a correction after it, a 速報 that became 確定, a log
that was sorted; in the end every figure of the plan's last paper is traced to the row that says it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.support import Ran, call, log_rows, real_workspace, show_json

YEARS = ("R8", "R9", "R10", "R11", "R12")
IDS = (
    "sodan-1", "sodan-2", "sodan-3", "sodan-4", "chiiki-1", "chiiki-2", "chiiki-3", "chiiki-4",
    "chiiki-5", "chiiki-6", "chiiki-7", "takikan-1", "takikan-2", "outreach-1", "outreach-2",
    "outreach-3", "sanka-1", "sanka-2", "sanka-3",
)  # fmt: skip
PRINTED = ("R8", "R9")  # the years whose pack was handed out on paper, and kept
RATES = ("sodan-1", "sodan-3")
CORRECTED = ("outreach-2", "R8")
LATER = (CORRECTED, ("sodan-4", "R8"))  # typed in July, over what had come in
FIRST = {"sodan-1": "91.2", "sodan-3": "40.5", "sodan-2": "2610", "chiiki-5": "1512"}
# After which year each was made: on what day, published when, and what it changed.
DECISIONS = {
    "R8": ("R10.1.20", "2028-02-01", "takikan-1", "R9=8", "R10=8", "R11=9", "R12=9"),
    "R11": (
        "R12.11.6", "2030-12-01", "sodan-2", "R12=2720", "takikan-1", "R12=8", "sanka-2", "R12=6",
    ),
}  # fmt: skip


def figure(key: str, year: str) -> str:
    """What a year brought: always another figure, so that none can be taken for another."""
    step = YEARS.index(year)
    if key in RATES:
        return f"{float(FIRST[key]) + step:.1f}"
    return str(int(FIRST.get(key, 10 + 3 * IDS.index(key))) + 2 * step)


def day(year: str, text: str) -> str:
    """Return a day after the end of a year: ``06-10`` of the year that follows it."""
    return f"{2019 + int(year[1:])}-{text}"


class Story:
    """The workspace of the story; every command must succeed."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self.diff: list[dict[str, Any]] = []

    def json(self, *words: str, on: str) -> dict[str, Any]:
        return show_json(self.workspace, *words, "--date", on)

    def do(self, *words: str, on: str) -> Ran:
        ran = call(self.workspace, *words, "--date", on, env={"COLUMNS": "300"})
        assert ran.code == 0, (words, ran)
        return ran

    def collect(self, year: str) -> None:
        """Take the year's figures from one table, one of them 速報, as they come in in May."""
        rows = [
            f"{key},{figure(key, year)},{'速報' if (key, year) == ('sodan-4', 'R8') else '確定'}"
            for key in IDS
        ]
        table = self.workspace.parent / f"{year}.csv"
        table.write_text("\n".join(["指標,実績値,区分", *rows]), "utf-8")
        words = ("import", str(table), "--year", year, "--accept-suspicious", "all")
        self.do(*words, on=day(year, "05-12"))

    def note(self, year: str, key: str, **texts: str) -> None:
        options = [
            word for name, text in texts.items() for word in (f"--{name.replace('_', '-')}", text)
        ]
        self.do("note", year, key, *options, on=day(year, "05-20"))

    def paper(self, year: str) -> str:
        return (self.workspace / "reports" / year / "review.md").read_text("utf-8")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    told = Story(real_workspace(tmp_path_factory.mktemp("五年") / "計画"))
    for year in YEARS:
        if year == "R12":
            told.do("add", "R12", "sodan-2", "2700", "--basis", "見込", on="2030-11-10")
            told.do("report", "--plan", "--only", "md", on="2030-11-12")
        told.collect(year)
        told.note(year, "outreach-2", cause="人手", action=f"{year}の改善策")
        if year in ("R8", "R10", "R12"):
            told.note(year, "sodan-2", evaluation="B", evaluation_reason=f"{year}の理由")
        if year != "R8":
            told.note(year, "outreach-2", action_status=f"{year}に済んだ")
        parts = "pdf,md" if year in PRINTED else "md"
        told.do("report", year, "--only", parts, "--doc-no", "資料１", on=day(year, "06-10"))
        if year in PRINTED:
            told.do("freeze", year, "--as", "計画見直し会議", on=day(year, "06-10"))
        if year == "R8":
            corrected = ("add", "R8", "outreach-2", "61", "--correct", "--remark", "集計漏れ")
            told.do(*corrected, on="2027-07-14")
            told.do("add", "R8", "sodan-4", figure("sodan-4", "R8"), on="2027-07-14")
            told.do("diff", "R8", "--errata", on="2027-07-14")
            told.diff = told.json("diff", "R8", on="2027-07-15")["changes"]
        if year in DECISIONS:
            decided, published, *targets = DECISIONS[year]
            words = ("--reason", "見直し", "--decided-by", "計画見直し会議")
            days = ("--decided-on", decided, "--published", published)
            told.do("revise", *targets, *words, *days, on=published)
    texts = ("--plan-summary", "進んだ。", "--handover", "後を頼む。")
    told.do("note", "plan", *texts, on="2031-05-20")
    told.do("report", "--plan", on="2031-06-10")
    return told


def all_years(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of 全年度の目標と実績 by column."""
    table = text.partition("### 全年度の目標と実績")[2].partition("\n|")[2].partition("\n\n")[0]
    titles, _, *lines = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()
    )
    for line in lines:
        yield line[0], dict(zip(titles, line, strict=True))


def test_every_figure_of_the_last_paper_is_traced_to_a_row(story: Story) -> None:
    paper = (story.workspace / "reports" / "plan" / "plan.md").read_text("utf-8")
    rows = list(all_years(paper))
    assert len(rows) == len(IDS)
    for key, (_, printed) in zip(IDS, rows, strict=True):
        for year in YEARS:
            expected = "61" if (key, year) == CORRECTED else figure(key, year)
            found = story.json("trace", year, key, on="2031-06-11")
            row = found["row"]
            line = log_rows(story.workspace / row["path"])[row["line"] - 2]
            assert (line["指標"], line["実績値"]) == (key, expected)
            for titled, value in {"実績": row["value"], "目標": found["target"]}.items():
                said = printed[f"{year}{titled}"].partition("（")[0].replace(",", "")
                assert float(said) == value, (key, year, titled)
            files = [each["file"] for each in row["files"]]
            assert files == ([] if (key, year) in LATER else [f"{year}.csv"]), (key, year)
    whole = json.loads((story.workspace / "reports" / "plan" / "plan.json").read_text("utf-8"))
    for each in whole["indicators"]:
        found = story.json("trace", each["actual_year"], each["id"], on="2031-06-11")
        judged = ("actual", "target", "attainment", "rating", "plan_to_date")
        assert {key: found[key] for key in judged} == {key: each[key] for key in judged}
        assert found["row"]["value"] == each["actual"]
    targets = {name[:5].strip(): row for name, row in rows}
    assert targets["(3)①"]["R9目標"] == "8（当初10）"
    assert targets["(3)①"]["R12目標"] == "8（当初10、変更前9）"
    assert targets["(1)②"]["R12目標"] == "2,720（当初2,800）"


def test_the_corrected_figure_leads_back_to_the_page_on_which_it_was_printed(story: Story) -> None:
    found = story.json("trace", "R8", "outreach-2", on="2031-06-11")
    assert [each["value"] for each in (*found["other_rows"], found["row"])] == [
        int(figure("outreach-2", "R8")),
        61,
    ]
    assert [each["file"] for each in found["other_rows"][0]["files"]] == ["R8.csv"]
    own, following = found["handouts"]
    assert (own["id"], own["value"], following["id"], following["value"]) == (
        "R8-1",
        int(figure("outreach-2", "R8")),
        "R9-1",
        61,
    )
    assert {each["field"] for each in own["changes"]} >= {"actual", "attainment"}
    assert following["changes"] == []
    pages = {each["table"]: each["page"] for each in own["pages"]}
    assert pages["indicators"] < pages["pdca-outreach"] < pages["years"]
    assert {each["table"] for each in following["pages"]} == {"indicators", "years"}
    printed = "・".join(map(str, sorted({*pages.values()})))
    screen = story.do("trace", "R8", "outreach-2", on="2031-06-11").out
    assert f"ページ：review.pdf の{printed}ページ\n" in screen
    said = {each["subject"]: each["kinds"] for each in story.diff if each["field"] == "actual"}
    assert said == {"outreach-2": ["訂正"], "sodan-4": ["確定"]}


def test_a_target_changed_twice_is_traced_to_both_decisions(story: Story) -> None:
    found = story.json("trace", "R12", "takikan-1", on="2031-06-11")
    changes = [(each["number"], each["before"], each["after"]) for each in found["revisions"]]
    assert (found["published"]["target"], changes) == (10, [(1, 10, 9), (2, 9, 8)])
    log = log_rows(story.workspace / "data" / "revisions.csv")
    for each in found["revisions"]:
        assert log[each["line"] - 2]["変更後"] == str(each["after"])


def test_the_decisions_stand_in_the_papers_from_their_year_on(story: Story) -> None:
    heading = "## 計画の変更（新旧対照表）"
    assert heading not in story.paper("R8")
    assert "### 第1回変更　新旧対照表" in story.paper("R9")
    for year in ("R10", "R11"):
        part = story.paper(year).partition(heading)[2].partition("\n## ")[0]
        assert "これまでの目標の変更" in part
        assert "新旧対照表" not in part
    assert "### 第2回変更　新旧対照表" in story.paper("R12")
    paper = (story.workspace / "reports" / "plan" / "plan.md").read_text("utf-8")
    assert "### 第1回変更" in paper
    assert "### 第2回変更" in paper
    assert "公表日がありません" not in story.do("check", on="2031-06-11").out
    rows = log_rows(story.workspace / "data" / "revisions.csv")
    assert len(rows) == 7


def test_what_became_of_each_action_stands_in_the_last_paper(story: Story) -> None:
    paper = (story.workspace / "reports" / "plan" / "plan.md").read_text("utf-8")
    chain = paper.partition("## 改善策とその後")[2]
    for year, following in pairwise(YEARS):
        assert re.search(rf"{year}の改善策 +\| {following}に済んだ", chain)
    assert "進んだ。" in paper
    assert "後を頼む。" not in paper
    for year in ("R8", "R10", "R12"):  # the city's own mark beside the computed one
        assert f"B（{year}の理由）" in story.paper(year)


def test_a_preliminary_figure_that_was_settled_is_no_correction(story: Story) -> None:
    rows = show_json(story.workspace, "history", "sodan-4")["rows"]
    assert [row["basis"] for row in rows if row["year"] == "R8"] == ["速報", "確定"]
    log = log_rows(story.workspace / "data" / "actuals" / "R8.csv")
    assert sum("訂正" in (row.get("備考") or "") or row["備考"] == "集計漏れ" for row in log) == 1


def test_the_correction_and_nothing_else_is_in_the_errata(story: Story) -> None:
    folder = story.workspace / "reports" / "errata-R8"
    errata, settled = ((folder / f"{name}.md").read_text("utf-8") for name in ("errata", "settled"))
    (first,) = (line for line in errata.splitlines() if line.startswith("| 1 "))
    _, pages, place, *said = (cell.strip() for cell in first.strip("|").split("|"))
    assert said == [f"{figure('outreach-2', 'R8')}回", "61回", "（理由の記載なし）"]
    assert (place.startswith("(4)②"), "、" in pages) == (True, True)
    assert ("(1)④" in errata, "(1)④" in settled, "(4)②" in settled) == (False, True, False)
    assert "R8-1" not in story.do("check", on="2031-06-11").out


def test_a_sorted_log_is_named(story: Story) -> None:
    path = story.workspace / "data" / "actuals" / "R8.csv"
    before = path.read_bytes()
    heading, *rows = before.splitlines(keepends=True)
    path.write_bytes(heading + b"".join(sorted(rows, reverse=True)))
    try:
        said = call(story.workspace, "check", "--date", "2031-06-11").out
        assert re.search(r"data/actuals/R8\.csv:\d+: ", said)
        assert "並べ替え" in said
    finally:
        path.write_bytes(before)


def test_a_successor_finds_out_what_comes_next(story: Story) -> None:
    screen = story.do("status", on="2031-06-11").out
    assert "後を頼む。" in screen
    assert "jusou report --plan" in screen
    assert "jusou init 新しいフォルダー --next R13-R17" in screen
    story.do("init", "../次の計画", "--next", "R13-R17", on="2031-06-12")
    made = story.workspace.parent / "次の計画"
    found = {each["id"]: each for each in show_json(made, "list")["indicators"]}
    assert [str(found[key]["baseline"]) for key in IDS] == [
        str(float(figure(key, "R12"))) if key in RATES else figure(key, "R12") for key in IDS
    ]
    assert str(made) in story.do("status", on="2031-06-13").out
