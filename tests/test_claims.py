"""What a file claims, as tables: the cells of a row, or a table whole → claims and problems."""

from __future__ import annotations

import pytest

from jusou.errors import Problem, Severity
from jusou.forms.incoming.claims import Claim, ClaimReader
from jusou.forms.incoming.reading import read_form
from jusou.logs.schema import Actual, FormKind
from jusou.values.fiscal_year import FiscalYear
from jusou.values.workbook import FoundCell, Sheet, Workbook
from jusou.workspace import Workspace
from tests.support import SAMPLE

DATA = Workspace(SAMPLE).load()
PLAN = DATA.plan
R9 = FiscalYear(9)
CLOSING, INTERIM, ALL = FormKind.CLOSING, FormKind.INTERIM, FormKind.ALL
BASES = "確定・速報・未確定・該当なし・測定不能 のどれかを選んでください。"


def words(claim: Claim) -> str:
    """Return ``確定 92.5 370/400 再集計``, or ``要因 周知``, with the cell it came from."""
    row = claim.row
    if not isinstance(row, Actual):
        return f"{claim.title} {next(iter(row.texts.values()))} @{claim.place}"
    ratio = f"{row.numerator}/{row.denominator}" if row.numerator is not None else ""
    said = (row.basis, row.value, ratio, row.as_of, row.remark)
    return " ".join(str(each) for each in said if each not in ("", None)) + f" @{claim.place}"


def read_row(
    kind: FormKind | None, subject: str, cells: dict[str, str], year: FiscalYear = R9
) -> tuple[list[str], list[Problem]]:
    """Return the claims of a row in words, and its problems; each cell's place is its title."""
    found = {title: FoundCell(text, title) for title, text in cells.items()}
    reader = ClaimReader(PLAN, year, kind)
    said = [*reader.figures(subject, found), *reader.texts(subject, found)]
    claims = [words(each) for each in said if isinstance(each, Claim)]
    return claims, [each for each in said if isinstance(each, Problem)]


@pytest.mark.parametrize(
    ("kind", "subject", "cells", "claims"),
    [
        (None, "sodan-2", {"実績値": ""}, []),
        (None, "sodan-2", {"実績値": "０"}, ["確定 0 @実績値"]),
        (None, "sodan-2", {"実績値": "2,655件", "備考": ""}, ["確定 2655 @実績値"]),
        (None, "sodan-2", {"実績値": "2700", "区分": "見込"}, ["見込 2700 @実績値"]),
        (CLOSING, "sodan-2", {"実績値": "2655", "区分": "速報", "備考": "委託分を除く"},
         ["速報 2655 委託分を除く @実績値"]),
        (CLOSING, "sodan-2", {"実績値": "", "区分": "未確定", "備考": "7月"},
         ["未確定 7月 @区分"]),
        (CLOSING, "sodan-1", {"実績値": "", "分子": "925", "分母": "1000"},
         ["確定 92.5 925/1000 @分子"]),
        (INTERIM, "sodan-2", {"9月末実績": "1,300", "年度末見込": ""},
         ["中間 1300 2027-09-30 @9月末実績"]),
        (INTERIM, "sodan-2", {"9月末実績": "1300", "年度末見込": "2700", "備考": "冬に増える"},
         ["中間 1300 2027-09-30 冬に増える @9月末実績", "見込 2700 冬に増える @年度末見込"]),
        (ALL, "sodan-2", {"実績値": "1500", "区分": "中間", "基準日": "R9.12.31"},
         ["中間 1500 2027-12-31 @実績値"]),
        (CLOSING, "sodan-2", {"実績値": "2655", "要因": "一行目\n二行目", "課題": ""},
         ["確定 2655 @実績値", "要因 一行目\n二行目 @要因"]),
        (ALL, "sodan", {"要因": "周知", "評価": "Ａ"}, ["要因 周知 @要因", "評価 A @評価"]),
        (ALL, "sodan-2", {"課題": "(削除)"}, ["課題  @課題"]),
    ],
)  # fmt: skip
def test_a_row_claims_what_its_cells_say(
    kind: FormKind | None, subject: str, cells: dict[str, str], claims: list[str]
) -> None:
    assert read_row(kind, subject, cells) == (claims, [])


@pytest.mark.parametrize(
    ("kind", "subject", "cells", "message", "hint"),
    [
        (None, "sodan-2", {"実績値": "約100"},
         "実績値: sodan-2 の実績値「約100」は数値として読めません。", "数字"),
        (None, "sodan-2", {"実績値": "2028-03-31"},
         "実績値: sodan-2 の実績値「2028-03-31」は", "日付になっています。"),
        (None, "sodan-2", {"実績値": "5", "分子": "3"},
         "分子: sodan-2 は率の指標ではありません。", "実績値に数を入力してください。"),
        (CLOSING, "sodan-1", {"実績値": "", "分子": "925", "分母": ""},
         "分母: sodan-1 の分母が空です。", "一緒に入力してください。"),
        (CLOSING, "sodan-1", {"実績値": "0.915"},
         "実績値: sodan-1 の実績値「0.915」は", "91.5％ なら 0.915 ではなく 91.5"),
        (CLOSING, "sodan-2", {"実績値": "未確定"},
         "実績値: sodan-2 の実績値「未確定」は", "「未確定」は区分の欄で選んでください。"),
        (CLOSING, "sodan-2", {"実績値": "5", "区分": "暫定"},
         "区分: sodan-2 の区分「暫定」は使えません。", BASES),
        (CLOSING, "sodan-2", {"実績値": "5", "区分": "中間"},
         "区分: sodan-2 の区分「中間」は使えません。", BASES),
        (CLOSING, "sodan-2", {"実績値": "", "区分": "取消"},
         "区分: sodan-2 の区分「取消」は使えません。", "jusou add R9 sodan-2 --basis 取消"),
        (ALL, "sodan-2", {"実績値": "5", "区分": "中間"},
         "区分: sodan-2 の区分「中間」の行に基準日がありません。", "基準日に入力してください"),
        (INTERIM, "sodan-2", {"9月末実績": "-"},
         "9月末実績: sodan-2 の実績値「-」は", "まだ分からないときは空欄にしてもらってください。"),
        (INTERIM, "sodan-2", {"9月末実績": "未確定"},
         "9月末実績: sodan-2 の実績値「未確定」は", "まだ分からないときは空欄に"),
        (INTERIM, "sodan-1", {"9月末実績": "925/1000"},
         "9月末実績: sodan-1 の実績値「925/1000」は", "分子÷分母×100 を計算した数値"),
        (CLOSING, "sodan-2", {"備考": "集計中"},
         "備考: sodan-2 の備考「集計中」だけが入力されています。", "区分（未確定・該当なし・"),
        (ALL, "sodan", {"実績値": "5"},
         "実績値: 指標ではない行（", "数値は、指標の行に入力してください。"),
        (CLOSING, "sodan-2", {"実績値": "5", "備考": "改\x01行"},
         "備考: sodan-2 の備考に記録できない文字「?」があります", "その文字を消してください。"),
        (CLOSING, "sodan-2", {"要因": "<<<<<<< HEAD"},
         "要因: sodan-2 の要因に記録できない文字「<<<<<<< 」があります", "その文字を消して"),
        (CLOSING, "sodan-2", {"方向性": "様子見"},
         "方向性: sodan-2 の方向性「様子見」は使えません。", "拡充、現状維持、"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_claims_nothing(
    kind: FormKind | None, subject: str, cells: dict[str, str], message: str, hint: str
) -> None:
    claims, (problem,) = read_row(kind, subject, cells)
    assert (claims, problem.severity) == ([], Severity.ERROR)
    assert str(problem).startswith(message)
    assert hint in problem.hint


def test_a_bad_figure_takes_no_text_with_it_nor_a_bad_text_the_figure() -> None:
    claims, problems = read_row(CLOSING, "sodan-2", {"実績値": "x", "要因": "周知"})
    assert (claims, len(problems)) == (["要因 周知 @要因"], 1)
    claims, problems = read_row(CLOSING, "sodan-2", {"実績値": "5", "要因": "\x01", "課題": "人手"})
    assert (claims, len(problems)) == (["確定 5 @実績値", "課題 人手 @課題"], 1)


@pytest.mark.parametrize(
    ("kind", "cells", "claims", "said"),
    [
        (CLOSING, {"区分": "該当なし"}, ["該当なし @区分"], "区分「該当なし」の備考が空です。"),
        (INTERIM, {"備考": "集計中"}, [], "備考「集計中」だけが入力されています。"),
    ],
)
def test_what_is_only_told(
    kind: FormKind, cells: dict[str, str], claims: list[str], said: str
) -> None:
    found, (problem,) = read_row(kind, "sodan-2", cells)
    assert (found, problem.severity) == (claims, Severity.WARNING)
    assert said in problem.message


def test_texts_belong_to_the_years_of_the_plan() -> None:
    cells = {"実績値": "5", "要因": "周知"}
    claims, (problem,) = read_row(None, "sodan-2", cells, PLAN.years[0].previous)
    assert (claims, "計画期間の外の" in problem.message) == (["確定 5 @実績値"], True)


def table(*lines: str) -> Workbook:
    """Return a CSV file as it was found; each cell's place is its row and column."""
    rows = [
        tuple(FoundCell(text, f"{row}-{column}") for column, text in enumerate(line.split(","), 1))
        for row, line in enumerate(lines, 1)
    ]
    return Workbook("表.csv", "", (Sheet("", tuple(rows)),))


@pytest.mark.parametrize(
    ("lines", "claims", "asked", "unread", "problems"),
    [
        (["指標,実績値", "sodan-2,5", "", "(1)④,6"],
         ["確定 5 @2-2", "確定 6 @4-2"], ["sodan-2", "sodan-4"], [], []),
        (["課題,指 標,実 績 値,メモ", "人手,sodan-2,5,検算済"],
         ["確定 5 @2-3", "課題 人手 @2-1"], ["sodan-2"], [], []),
        (["指標,実績値", "sodan-2,"], [], ["sodan-2"], [], []),
        (["指標,要因", "sodan-2,周知"], ["要因 周知 @2-2"], [], [], []),
        (["指標,実績値", "sodan-2,約5", "sodan-4,6"],
         ["確定 6 @3-2"], ["sodan-2", "sodan-4"], ["sodan-2"], ["2-2"]),
        (["指標,実績値", "sodan-2,2,655", "sodan-4,6"],
         ["確定 6 @3-2"], ["sodan-2", "sodan-4"], ["sodan-2"], ["2-3"]),
        (["指標,実績値", "sodan-2,5", "(1)②,5", "sodan-4,6"],
         ["確定 6 @4-2"], ["sodan-2", "sodan-4"], ["sodan-2"], ["3-1"]),
        (["指標,番号,実績値", "sodan-2,(1)④,5", "sodan-4,(1)④,6"],
         ["確定 6 @3-3"], ["sodan-2", "sodan-4"], ["sodan-2"], ["2-2"]),
        (["指標,実績値", "sodan-9,5", ",6"], [], [], [], ["2-1", "3-2"]),
        (["指標,実績値,実績値", "sodan-2,5,6"], [], [], [], ["1-3"]),
        (["指標,実績値", "sodan-2,5", "指標,実績値"], [], [], [], ["3-1"]),
        (["指標,実績値［件］", "sodan-2,5", "sodan-1,90.0"],
         ["確定 5 @2-2"], ["sodan-1", "sodan-2"], ["sodan-1"], ["3-2"]),
        (["指標名,実績値", "障がい者（児）の 総合窓口相談件数,5", "支援プラン作成件数,6"],
         ["確定 5 @2-2"], ["sodan-2"], [], ["3-1"]),
        (["指標,R9の実績,備考", "sodan-2,5,再集計"], [], [], [], ["1-2"]),
    ],
)  # fmt: skip
def test_a_table_is_read_row_by_row(
    lines: list[str],
    claims: list[str],
    asked: list[str],
    unread: list[str],
    problems: list[str],
) -> None:
    reading = read_form(table(*lines), DATA, R9)
    assert [words(each) for each in reading.claims] == claims
    assert (list(reading.asked), sorted(reading.unread)) == (asked, unread)
    assert [each.path for each in reading.problems] == problems
