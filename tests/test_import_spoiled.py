"""Ways to spoil a form or a table: each has a message with the place, the text and the remedy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from tests.collecting import LATER, open_year, send, take
from tests.filled_forms import Formula, Paper
from tests.support import tree

NAME = "返信.xlsx"
REPORTER = "総合福祉課地域包括支援センター"
Spoil = Callable[[Paper], None]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a workspace and the form of one reporter, filled in as it should be."""
    workspace = open_year(tmp_path_factory.mktemp("sent"), "R9", "R10")
    (form,) = send(workspace, "R9", LATER, "--reporter", REPORTER)
    paper = Paper.open(form)
    paper.put("sodan-1", "分子", 930)
    paper.put("sodan-1", "分母", 1000)
    paper.put("sodan-4", "実績値", 37)
    paper.put("chiiki-1", "実績値", 21)
    paper.put("chiiki-7", "区分", "該当なし")
    paper.put("chiiki-7", "備考", "統合のため")
    paper.put("sodan-1", "要因", "周知が進んだ。")
    return workspace, paper.save(workspace / NAME)


def typed(subject: str, title: str, value: Any) -> Spoil:
    return lambda paper: paper.put(subject, title, value)


def both(*spoils: Spoil) -> Spoil:
    def spoil(paper: Paper) -> None:
        for each in spoils:
            each(paper)

    return spoil


def head(label: str, value: Any) -> Spoil:
    return lambda paper: paper.label(label, value)


def without_column(title: str, sheet: str = "実績") -> Spoil:
    def spoil(paper: Paper) -> None:
        column = paper.column(sheet, title)
        for row in paper.sheets[sheet]:
            del row[column]

    return spoil


def renamed(title: str, other: str) -> Spoil:
    def spoil(paper: Paper) -> None:
        titles = paper.titles("実績")
        titles[titles.index(title)] = other

    return spoil


def copied_row(subject: str) -> Spoil:
    def spoil(paper: Paper) -> None:
        rows = paper.sheets["実績"]
        rows.append(list(rows[paper.row("実績", subject)]))

    return spoil


def new_row(*cells: Any) -> Spoil:
    def spoil(paper: Paper) -> None:
        rows = paper.sheets["実績"]
        at = paper.column("実績", "実績値")
        row = ["", "", "新しい指標", *[""] * (len(rows[-1]) - 3)]
        row[at : at + len(cells)] = cells
        rows.append(row)

    return spoil


def sheet_gone(name: str) -> Spoil:
    return lambda paper: paper.sheets.pop(name) and None


def sorted_in_part(paper: Paper) -> None:
    """Sort the columns of ids and values, but not those of numbers and names."""
    rows = paper.sheets["実績"]
    start = paper.heading("実績") + 1
    column = paper.column("実績", "id")
    ids = [row[column] for row in rows[start:]]
    for row, key in zip(rows[start:], reversed(ids), strict=True):
        row[column] = key


def second_heading(paper: Paper) -> None:
    paper.sheets["実績"].append(list(paper.titles("実績")))


def doubled_column(paper: Paper) -> None:
    at = paper.column("実績", "実績値")
    for row in paper.sheets["実績"]:
        row.append(row[at])


def merged(paper: Paper) -> None:
    row, column = paper.row("実績", "sodan-4"), paper.column("実績", "実績値")
    paper.merges.append(("実績", row, column, row + 1, column))


def copied_sheet(paper: Paper) -> None:
    paper.sheets["実績 (2)"] = [list(row) for row in paper.sheets["実績"]]
    paper.sheets["実績 (2)"][paper.row("実績", "sodan-4")][paper.column("実績", "実績値")] = 38


def far_cell(paper: Paper) -> None:
    paper.sheets["実績"][0] += [""] * 300 + ["迷子"]


# What was done, where the message points, what it quotes, and how to mend it.
SPOILED: dict[str, tuple[Spoil, str, str, str]] = {
    "other year in the head": (
        head("年度", "R20"),
        "実績!",
        "「R20」は計画の年度ではありません",
        "R6 から R12",
    ),
    "unreadable year": (
        head("年度", "九年度"),
        "実績!",
        "年度「九年度」は読めません",
        "送ったときのまま",
    ),
    "other plan": (
        head("計画", "第3次計画"),
        "実績!",
        "別の計画「第3次計画」",
        "この計画は「第2次釜石市",
    ),
    "column deleted": (
        without_column("区分"),
        "実績!A",
        "見出し「区分」の列がありません",
        "消したり",
    ),
    "ids deleted and numbers too": (
        both(without_column("id"), without_column("番号")),
        "実績!A1",
        "見出しのある表が見つかりません（最初の文字は「令和9年度",
        "見出しを消したり",
    ),
    "heading renamed": (
        renamed("実績値", "実績数"),
        "実績!",
        "知らない見出し「実績数」",
        "見出しを変え",
    ),
    "sheet deleted": (
        sheet_gone("取組の記述"),
        NAME,
        "シート「取組の記述」がありません",
        "シートを消さず",
    ),
    "column doubled": (
        doubled_column,
        "実績!N",
        "見出し「実績値」の列が2つあります",
        "写した列を消し",
    ),
    "heading twice": (second_heading, "実績!A", "見出しの行「id」がもう1つあります", "1つの表に"),
    "cells merged": (merged, "実績!I", "セル「37」が結合されています", "結合を解除し"),
    "sorted in part": (
        sorted_in_part,
        "実績!B",
        "番号「(1)①」は、「chiiki-7」ではなく",
        "並べ替えていないか",
    ),
    "copied sheet disagrees": (
        copied_sheet,
        "実績 (2)!I",
        "では「37件（確定）」です",
        "直してもらって",
    ),
    "cell far away": (far_cell, NAME, "表から離れたセル 実績!KO1", "そのセルを消すか"),
    "row added": (
        new_row(5),
        "実績!I",
        "「5」の行に id（指標）がありません",
        "id（指標）のある行に",
    ),
    "row copied": (
        copied_row("sodan-4"),
        "実績!A",
        "「sodan-4」（sodan-4）の行が2つ",
        "正しいほうの行だけ",
    ),
    "unknown id": (
        typed("sodan-4", "id", "sodan-9"),
        "実績!A",
        "指標「sodan-9」は計画にありません",
        "jusou list",
    ),
    "id turned into a date": (
        typed("sodan-4", "id", "1月4日"),
        "実績!A",
        "指標「1月4日」は日付に",
        "id で入力",
    ),
    "figure for an initiative": (
        typed("sodan-4", "id", "sodan-ini-1"),
        "実績!",
        "番号「(1)④」は",
        "並べ替え",
    ),
    "about": (
        typed("sodan-4", "実績値", "約37"),
        "実績!I",
        "実績値「約37」は数値として読めません",
        "数字だけ",
    ),
    "other unit": (
        typed("sodan-4", "実績値", "37人"),
        "実績!I",
        "実績値「37人」",
        "付けてよい単位は「件」",
    ),
    "dash": (typed("sodan-4", "実績値", "—"), "実績!I", "実績値「—」", "区分「未確定」"),
    "negative": (typed("sodan-4", "実績値", -3), "実績!I", "実績値「-3」", "0以上の数"),
    "decimals in a count": (
        typed("sodan-4", "実績値", 37.5),
        "実績!I",
        "実績値「37.5」は小数点以下",
        "整数で入力",
    ),
    "too many decimals": (
        both(
            typed("sodan-1", "分子", ""),
            typed("sodan-1", "分母", ""),
            typed("sodan-1", "実績値", 91.86),
        ),
        "実績!I",
        "実績値「91.86」は小数点以下",
        "小数第1位まで",
    ),
    "percent format": (
        both(
            typed("sodan-1", "分子", ""),
            typed("sodan-1", "分母", ""),
            typed("sodan-1", "実績値", 0.915),
        ),
        "実績!I",
        "実績値「0.915」は小数点以下",
        "0.915 ではなく 91.5",
    ),
    "percent format of a round share": (
        both(
            typed("sodan-1", "分子", ""),
            typed("sodan-1", "分母", ""),
            typed("sodan-1", "実績値", 0.9),
        ),
        "実績!I",
        "「0.9％（確定）」は要確認です。率が 0.9％ です",
        "91.5％ なら 91.5",
    ),
    "date": (
        typed("sodan-4", "実績値", date(2028, 3, 31)),
        "実績!I",
        "実績値「2028-03-31」",
        "日付になっています",
    ),
    "time": (
        typed("sodan-4", "実績値", time(10, 30)),
        "実績!I",
        "時刻（10:30:00）になっています",
        "直接入力",
    ),
    "truth value": (typed("sodan-4", "実績値", True), "実績!I", "TRUE になっています", "直接入力"),
    "error value": (
        typed("sodan-4", "実績値", Formula("=1/0", "#DIV/0!")),
        "実績!I",
        "実績値のセルがエラー値 #DIV/0! です",
        "直接入力",
    ),
    "formula without a result": (
        typed("sodan-4", "実績値", Formula("=SUM(A1:A2)")),
        "実績!I",
        "実績値のセルが計算結果のない数式です",
        "直接入力",
    ),
    "formula in a text": (
        typed("sodan-4", "要因", Formula('=IF(A1,"x","y")')),
        "取組の記述!F",
        "要因のセルが計算結果のない数式です",
        "直接入力",
    ),
    "parts of a count": (
        typed("sodan-4", "分子", 3),
        "実績!J",
        "sodan-4 は率の指標ではありません",
        "分子と分母を消し",
    ),
    "part without the whole": (
        typed("sodan-1", "分母", ""),
        "実績!K",
        "分母が空です",
        "一緒に入力",
    ),
    "whole of nothing": (typed("sodan-1", "分母", 0), "実績!K", "分母が 0 です", "該当なし"),
    "part larger than the whole": (
        typed("sodan-1", "分子", 1001),
        "実績!J",
        "分子「1001」が分母「1000」を",
        "確かめて",
    ),
    "rate beside its parts": (
        typed("sodan-1", "実績値", 93.1),
        "実績!I",
        "実績値「93.1」が、分子÷分母",
        "空にするか",
    ),
    "rate above 100": (
        both(
            typed("sodan-1", "分子", ""),
            typed("sodan-1", "分母", ""),
            typed("sodan-1", "実績値", 930),
        ),
        "実績!I",
        "実績値「930」が 100％ を超えて",
        "率を確かめて",
    ),
    "unknown basis": (
        typed("sodan-4", "区分", "暫定"),
        "実績!L",
        "区分「暫定」は使えません",
        "確定・速報",
    ),
    "value of what is not yet known": (
        typed("sodan-4", "区分", "未確定"),
        "実績!I",
        "区分「未確定」の行に数値「37」",
        "数値を消すか",
    ),
    "basis without a value": (
        both(typed("sodan-4", "実績値", ""), typed("sodan-4", "区分", "速報")),
        "実績!I",
        "実績値が空です",
        "未確定・該当なし・測定不能",
    ),
    "interim without a day": (
        typed("sodan-4", "区分", "中間"),
        "実績!L",
        "区分「中間」の行に基準日",
        "いつ時点",
    ),
    "cancelled": (
        both(typed("sodan-4", "実績値", ""), typed("sodan-4", "区分", "取消")),
        "実績!L",
        "区分「取消」は取り込めません",
        "jusou add R9 sodan-4 --basis 取消",
    ),
    "remark alone": (
        both(typed("sodan-4", "実績値", ""), typed("sodan-4", "備考", "集計中")),
        "実績!M",
        "備考「集計中」だけ",
        "区分（未確定・該当なし・測定不能）",
    ),
    "course not on the list": (
        typed("sodan-1", "方向性", "様子見"),
        "取組の記述!I",
        "方向性「様子見」は使えません",
        "拡充・現状維持",
    ),
    "evaluation without its reason": (
        lambda paper: (
            [
                row.append(text)
                for row, text in zip(
                    paper.sheets["取組の記述"][paper.heading("取組の記述") :],
                    ["評価", "B"],
                    strict=False,
                )
            ]
            and None
        ),
        "取組の記述!J",
        "評価「B」は取込不可です",
        "評価理由も入力",
    ),
    "book pasted into a cell": (
        typed("sodan-1", "要因", "長" * 30_000),
        "取組の記述!F",
        "要因が30,000字あります",
        "--accept-suspicious",
    ),
    "control character": (
        typed("sodan-1", "要因", "改\x01行"),
        "取組の記述!F",
        "記録できない文字「?」",
        "その文字を消して",
    ),
    "ten times last year": (
        typed("sodan-4", "実績値", 370),
        "実績!I",
        "前年度（34）の10倍以上",
        "--accept-suspicious",
    ),
    "only what was added": (
        typed("chiiki-1", "実績値", 2),
        "実績!I",
        "累計なのに、R8の 20 より少ない",
        "--accept-suspicious",
    ),
}


@pytest.mark.parametrize("case", SPOILED)
def test_a_spoiled_form_is_refused(case: str, sent: tuple[Path, Path], tmp_path: Path) -> None:
    spoil, place, message, remedy = SPOILED[case]
    workspace, form = sent
    paper = Paper.open(form)
    spoil(paper)
    check_refused(workspace, paper.save(tmp_path / NAME), place, message, remedy)


def check_refused(
    workspace: Path, path: Path, place: str, message: str, remedy: str, *options: str
) -> None:
    """Check the message: one line that starts with the file, and the remedy below it."""
    before = tree(workspace)
    ran = take(workspace, path, *options)
    assert tree(workspace) == before
    lines = ran.err.splitlines()
    at = next((at for at, line in enumerate(lines) if message in line), None)
    assert (ran.code, at is not None) == (1, True), ran.err
    assert at is not None
    assert lines[at].startswith(path.name)
    assert place in lines[at], lines[at]
    assert lines[at + 1].startswith("    ")
    assert remedy in lines[at + 1]
    assert "何も書き込みませんでした。" in lines[-2]


def test_the_form_is_taken_when_nothing_is_spoiled(sent: tuple[Path, Path], tmp_path: Path) -> None:
    workspace, form = sent
    ran = take(workspace, Paper.open(form).save(tmp_path / NAME), "--dry-run")
    assert (ran.code, "（新規 5件）" in ran.out, ran.err.count("\n")) == (0, True, 1), ran
