"""Texts that a spreadsheet would change are escaped wherever a CSV file holds them."""

from __future__ import annotations

import csv
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jusou.logs.schema import ACTUALS, IMPORTS, NOTES, REVISIONS, Actual, Basis, Log
from jusou.values.escaping import escaped, unescaped
from jusou.values.fiscal_year import FiscalYear
from jusou.workspace import Workspace
from tests.collecting import logged, send, take
from tests.spreadsheet import needs_office
from tests.support import (
    REVIEWS_HEADER,
    call,
    rows_of,
    show_json,
    small_workspace,
    write_actuals,
    write_log,
)

DAY, YEAR = "2027-06-01", FiscalYear.parse("R8")
TURNED = (
    "1-2", "3/4", "00123", "1e5", "1.5E-3", ".5", "5.", "12月", "1月2日", "2027年5月", "R8.4.1",
    "h30/4/1", "令和8年4月1日", "令8.4.1", "令和元年5月", "2001/2/3", "2027-05-12T09:00", "9:30",
    "9:30 AM", "午後3時", "Jan-5", "5 january 2028", "50%", "５０％", "¥1,000", "￥1,000", "(5)",
    "5-", "1 1/2", "TRUE", "false", "=1+1", "＝1+1", "+81", "-済", "@x", "＠x", "'x", "'", "''",
    "\tx",
)  # fmt: skip
KEPT = (
    "", "窓口", "3月から", "5人", "R9", "第1版", "sodan-2", "①", "(1)①", "100人中3人", "1/2 程度",
    "7月に確定", "R10年7月確定", "—", "・周知", "A4", "o'clock", "a=1",
)  # fmt: skip
TEXTS = st.one_of(
    st.text(st.sampled_from("'=+-@ 0123456789/.:月日年ereRH令和%\tx①＝"), max_size=8),
    st.text(max_size=8),
    st.sampled_from(TURNED),
)


@pytest.mark.parametrize("text", TURNED)
def test_what_would_be_turned_gets_one_apostrophe(text: str) -> None:
    assert escaped(text) == f"'{text}"


@pytest.mark.parametrize("text", KEPT)
def test_other_texts_are_written_as_they_are(text: str) -> None:
    assert (escaped(text), unescaped(text)) == (text, text)


@given(TEXTS)
@example("'=1+1")
@example("''1-2")
def test_every_text_comes_back(text: str) -> None:
    assert unescaped(escaped(text)) == text


@given(TEXTS)
def test_an_apostrophe_of_the_text_itself_stays(text: str) -> None:
    """As older logs have it, where nothing was escaped."""
    assert unescaped(text) == (text[1:] if escaped(text[1:]) == text != text[1:] else text)


@pytest.mark.parametrize("log", [ACTUALS, NOTES, REVISIONS, IMPORTS])
def test_numbers_and_days_are_no_texts(log: Log) -> None:
    cells = ["'1-2"] * len(log.columns)
    texts = dict(zip(log.columns, log.decode(cells), strict=True))
    kept = {title for title, cell in texts.items() if cell == "'1-2"}
    assert kept == {*log.numbers, *log.dates}
    assert "記録日時" in kept


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """R8 is over."""
    workspace = small_workspace(
        tmp_path / "workspace", "id: a, reporter: -課, unit: 3/4", "id: b, reporter: -課"
    )
    plan = workspace / "data" / "targets.yaml"
    plan.write_text(plan.read_text("utf-8").replace("name: 指標1", "name: '=1+1'"), "utf-8")
    return workspace


def raw(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_log_holds_no_live_text_and_says_what_was_typed(workspace: Path) -> None:
    command = ("add", "R8", "a", "100", "--remark", "=1+1", "--by", "@係", "--date", DAY)
    assert call(workspace, *command).code == 0
    assert call(workspace, "note", "R8", "a", "--cause", "1-2", "--issue", "'00123").code == 0
    (_, row) = raw(workspace / "data" / "actuals" / "R8.csv")
    assert row[1:] == ["R8", "a", "100", "", "", "確定", "", "'@係", "'=1+1", "", "'=1+1"]
    (_, note) = raw(workspace / "data" / "reviews" / "R8.csv")
    assert note[4:6] == ["'1-2", "''00123"]
    (found,) = show_json(workspace, "history", "a")["rows"]
    assert (found["remark"], found["recorded_by"]) == ("=1+1", "@係")
    told = show_json(workspace, "show", "R8", "--date", DAY)["indicators"][0]["note"]
    assert (told["cause"], told["issue"]) == ("1-2", "'00123")


def test_an_old_log_says_what_it_said(workspace: Path) -> None:
    rows = ["t,R8,a,100,,,確定,,=係,-1-2,", "t,R8,b,100,,,確定,,'係,'備考,"]
    write_actuals(workspace, "R8", rows)
    one, two = (show_json(workspace, "history", each)["rows"][0] for each in "ab")
    assert (one["recorded_by"], one["remark"]) == ("=係", "-1-2")
    assert (two["recorded_by"], two["remark"]) == ("'係", "'備考")


def test_an_apostrophe_in_a_number_is_no_part_of_it(workspace: Path) -> None:
    write_actuals(workspace, "R8", ["t,R8,a,'100,,,確定,,係,備考,"])
    ran = call(workspace, "check")
    assert (ran.code, "実績値「'100」は数値として読めません。" in ran.out) == (1, True)


def test_the_export_is_safe_to_open(workspace: Path) -> None:
    assert call(workspace, "export", "--date", DAY).code == 0
    heading, first, *_ = raw(workspace / "reports" / "export" / "indicators.csv")
    row = dict(zip(heading, first, strict=True))
    assert (row["指標"], row["単位"], row["年度"]) == ("'=1+1", "'3/4", "R6")
    assert row["年度開始日"] == "2024-04-01"


def test_a_form_as_csv_is_safe_to_open_and_comes_back(workspace: Path) -> None:
    assert call(workspace, "add", "R8", "a", "100", "--remark", "1-2", "--date", DAY).code == 0
    assert call(workspace, "note", "R8", "b", "--cause", "-窓口の周知").code == 0
    options = ("--all", "--format", "csv", "--contact", "@係", "--due", "2027-06-30")
    (path,) = send(workspace, "R8", DAY, *options)
    cells = [cell for row in raw(path) for cell in row]
    assert {"'=1+1", "'1-2", "'-窓口の周知", "'@係", "'令和9年6月30日"} <= {*cells}
    assert not [each for each in cells if each.startswith(("=", "+", "-", "@"))]
    content = path.read_text("utf-8-sig").replace("'1-2", "'3-4")
    path.write_text(content, "utf-8-sig")
    ran = take(workspace, path, "--correct", "a", "--reason", "'再集計'", day=DAY)
    assert ran.code == 0, ran.err
    assert "取り込みました: 実績 1件、記述 0件。" in ran.err
    row = rows_of(workspace, "R8")[-1]
    assert (row["備考"], row["訂正理由"]) == ("3-4", "'再集計'")
    (record,) = logged(workspace, "imports.csv")
    assert record["照会先"] == "計画担当"


def test_a_text_that_was_turned_is_named_once(workspace: Path) -> None:
    rows = [f"t,R8,a,{value},,,確定,,係,{remark}," for value, remark in
            (("100", "3月4日に確認"), ("101", "1月2日"), ("102", "2001/2/3"))]  # fmt: skip
    write_actuals(workspace, "R8", rows)
    note = ",R8,a,Jan-02,'1月2日,1.00E+05,,,,,,,係,"
    write_log(workspace / "data" / "reviews" / "R8.csv", REVIEWS_HEADER, [note])
    ran = call(workspace, "check", "--date", DAY)
    assert ran.code == 0
    said = [line for line in ran.out.splitlines() if "表計算ソフトが変えた文" in line]
    assert [line.partition("は、")[0] for line in said] == [
        "確認: data/actuals/R8.csv:3: 備考「1月2日」",
        "確認: data/reviews/R8.csv:2: 実施状況「Jan-02」",
    ]


@needs_office
def test_a_log_saved_by_a_spreadsheet_says_what_it_said(workspace: Path, tmp_path: Path) -> None:
    texts = [text for text in TURNED if "\t" not in text]
    with Workspace(workspace).transaction(recorded_by="係") as t:
        for number, text in enumerate(texts):
            t.append(Actual(YEAR, "a", Basis.FINAL, Decimal(number), remark=text))
    path = workspace / "data" / "actuals" / "R8.csv"
    before = Workspace(workspace).load(imports=True)
    assert [row.remark for row in before.rows.actuals] == texts
    profile = (tmp_path / "profile").as_uri()
    # UTF-8, Japanese, numbers and dates of every kind looked for; saved as UTF-8 with BOM
    reads = "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,1041,false,true"
    writes = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1041,false,true,true,false,false,0"
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", reads, "--convert-to"]
    command += [writes, "--outdir", str(tmp_path / "out"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    saved = (tmp_path / "out" / "R8.csv").read_bytes()
    assert saved != path.read_bytes()
    path.write_bytes(saved)
    after = Workspace(workspace).load(imports=True)
    assert (after.rows, after.row_digests) == (before.rows, before.row_digests)
