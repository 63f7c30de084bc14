"""Logs as the tool, Excel, text editors and power cuts leave them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.logs import (
    ACTUAL_COLUMNS,
    AWKWARD,
    FIRST,
    LAST,
    STAMP,
    append_rows,
    bytes_of,
    read,
    row_bytes,
    text_of,
)
from tests.support import call, real_workspace

CONFLICT = "<<<<<<< "
HEADER = f"{','.join(ACTUAL_COLUMNS)}\r\n"
# Texts that a planner may type or paste: everything but what cannot be stored at all.
TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029"),
        st.sampled_from(',"\n 　①—△𠮷釜石'),
    ),
    max_size=12,
).filter(lambda text: CONFLICT not in text and ">>>>>>> " not in text)
ROWS = st.lists(TEXTS, min_size=11, max_size=11).map(lambda texts: [STAMP, *texts])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "R9.csv"


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932"])
def test_every_encoding_and_line_end_reads_the_same(log: Path, encoding: str, newline: str) -> None:
    log.write_bytes(bytes_of([FIRST, AWKWARD, LAST], encoding, newline))
    found = read(log)
    assert found.rows == [FIRST, AWKWARD, LAST]
    assert found.lines == [2, 3, 6]
    assert found.problems == []


@pytest.mark.parametrize(
    "header",
    [
        HEADER.replace("指標,", " 指標 ,").replace("備考", "　備考　"),
        HEADER.replace("分子", "分⼦"),  # a compatibility form of 子
        HEADER.replace("記録日時", '"記録日時"'),
        HEADER.replace("\r\n", ",,\r\n"),
        "\ufeff" + HEADER,
        "\ufeff" + HEADER.replace("記録日時", '"記録日時"'),
    ],
    ids=[
        "spaces",
        "other form",
        "quoted",
        "empty cells behind",
        "second BOM",
        "BOM, quote",
    ],
)
def test_a_header_may_differ_as_people_leave_it(log: Path, header: str) -> None:
    log.write_bytes((header + text_of([FIRST])).encode("utf-8-sig"))
    found = read(log)
    assert (found.rows, found.problems) == ([FIRST], [])


def test_a_log_may_lack_the_column_for_the_reader(log: Path) -> None:
    log.write_bytes(text_of([ACTUAL_COLUMNS[:-1], FIRST[:-1]]).encode("utf-8-sig"))
    found = read(log)
    assert (found.rows, found.problems) == ([[*FIRST[:-1], ""]], [])


@pytest.mark.parametrize(
    ("typed", "cells"),
    [
        (",,sodan-2,2655", ["", "", "sodan-2", "2655"]),
        (",,sodan-2,2655,,,,,,,,,,", ["", "", "sodan-2", "2655"]),
        (",,sodan-2,2655,,,,,,,,, ,　", ["", "", "sodan-2", "2655"]),
        (',,sodan-2,"2,655",,,,,,"a""b"', ["", "", "sodan-2", "2,655", *[""] * 5, 'a"b']),
        (",,sodan-2, 2655 ", ["", "", "sodan-2", " 2655 "]),
    ],
    ids=["short", "long", "long with spaces", "quoted", "spaces kept"],
)
def test_a_row_typed_in_excel_is_filled_up(log: Path, typed: str, cells: list[str]) -> None:
    log.write_bytes(f"{HEADER}{typed}\r\n".encode("utf-8-sig"))
    found = read(log)
    assert (found.rows, found.problems) == ([cells + [""] * (len(ACTUAL_COLUMNS) - len(cells))], [])


def test_an_extra_cell_with_content_is_an_error_and_the_rest_is_read(log: Path) -> None:
    wrong = ["", "", "sodan-2", "2", "655", *[""] * 6, "", "架空"]
    log.write_bytes(bytes_of([FIRST, wrong, LAST]))
    found = read(log)
    assert found.rows == [FIRST, LAST]
    assert [(each.line, "架空" in each.message) for each in found.errors] == [(3, True)]


def test_blank_rows_are_passed_over_and_lines_still_count(log: Path) -> None:
    blank = "\r\n,,,,\r\n  ,　,\r\n\r\n"
    text = text_of([ACTUAL_COLUMNS, FIRST]) + blank + text_of([LAST]) + blank
    log.write_bytes(text.encode("utf-8-sig"))
    found = read(log)
    assert (found.rows, found.lines, found.problems) == ([FIRST, LAST], [2, 7], [])


def test_a_cell_may_span_lines_of_either_kind(log: Path) -> None:
    text = f'{HEADER},,sodan-2,5,,,,,,"一\r\n二\n\n四",,\r\n' + text_of([LAST])
    log.write_bytes(text.encode("utf-8-sig"))
    found = read(log)
    assert [row[9] for row in found.rows] == ["一\r\n二\n\n四", "再集計"]
    assert found.lines == [2, 6]


@pytest.mark.parametrize(
    ("bad", "message"),
    [(b"\xff\xfe,,\r\n", "文字として"), (b",,\0,\r\n", "NUL"), (b"<<<<<<< HEAD\r\n", "競合")],
    ids=["bytes", "NUL", "conflict"],
)
def test_what_cannot_be_read_is_known_by_its_line_in_a_long_log(
    log: Path, bad: bytes, message: str
) -> None:
    rows = [[*FIRST[:9], str(number), "", "𠮷"] for number in range(4000)]
    good = bytes_of(rows[:3000])
    log.write_bytes(good + bad + b"".join(row_bytes(row) for row in rows[3000:]))
    found = read(log)
    assert found.rows == rows[:3000]
    assert [(each.line, message in each.message) for each in found.errors] == [(3002, True)]


def test_a_long_log_reads_whole(log: Path) -> None:
    rows = [[*FIRST[:9], str(number), "", f"{CONFLICT}𠮷\n"] for number in range(4000)]
    rows[2000][9] = "長" * 100_000
    log.write_bytes(bytes_of(rows))
    found = read(log)
    assert (found.rows, found.problems) == (rows, [])
    assert found.lines[-1] == 2 * 4000


# Torn: an unterminated last row that was cut short.


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932"])
@pytest.mark.parametrize("row", [LAST, AWKWARD], ids=["plain", "quoted"])
def test_a_row_cut_at_any_byte_is_never_half_read(
    log: Path, row: list[str], encoding: str, newline: str
) -> None:
    before = bytes_of([FIRST], encoding, newline)
    written = row_bytes(row, encoding, newline)
    needed = len(row_bytes([*row[:10], ""], encoding, newline).removesuffix(newline.encode()))
    # Where lines end as rows do, a cut inside a quoted cell could be a quote left open long ago.
    doubtful = newline == "\n" and row is AWKWARD
    for cut in range(1, len(written) + 1):
        log.write_bytes(before + written[:cut])
        found = read(log)
        assert found.rows[0] == FIRST
        if len(found.rows) == 1:
            assert found.is_torn or (doubtful and found.errors), cut
        else:
            assert cut >= needed, cut
            assert found.problems == []
            assert [cells[:10] for cells in found.rows[1:]] == [row[:10]]
    assert found.rows == [FIRST, row]


@given(st.lists(ROWS, max_size=2), ROWS, st.data())
def test_whatever_row_is_cut_the_rows_before_it_stand(
    rows: list[list[str]], last: list[str], data: st.DataObject
) -> None:
    before = bytes_of(rows)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "R9.csv")
        log.write_bytes(before)
        append_rows(log, [last])
        written = log.read_bytes()
        cut = data.draw(st.integers(len(before) + 1, len(written)))
        log.write_bytes(written[:cut])
        found = read(log)
    assert found.rows[: len(rows)] == rows
    assert found.is_torn or [cells[:10] for cells in found.rows[len(rows) :]] == [last[:10]]


@pytest.mark.parametrize("end", ["", "\r"])
def test_a_whole_row_without_its_line_end_is_a_row(log: Path, end: str) -> None:
    log.write_bytes(bytes_of([FIRST, LAST]).removesuffix(b"\r\n") + end.encode())
    found = read(log)
    assert (found.rows, found.problems) == ([FIRST, LAST], [])


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("end", ["\r", "\r\r", "\n\r", '"', '""', "\x1a", " \r", ",\r"])
def test_odd_characters_at_the_end_of_a_log_are_no_row(log: Path, newline: str, end: str) -> None:
    log.write_bytes(bytes_of([FIRST], newline=newline) + end.encode())
    found = read(log)
    assert found.rows[0] == FIRST
    assert found.errors or len(found.rows) == 1 + (end == "\x1a")
    if not found.errors:
        append_rows(log, [LAST])
        assert read(log).rows[-1] == LAST


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("typed", [",,sodan-3,12", ",R9,sodan-3", "6/1,R9,sodan-3,1", "山田"])
def test_a_short_row_typed_by_hand_is_not_torn(log: Path, typed: str, newline: str) -> None:
    log.write_bytes(bytes_of([FIRST], newline=newline) + typed.encode())
    found = read(log)
    assert found.problems == []
    assert found.rows[1][: typed.count(",") + 1] == typed.split(",")


def test_an_inch_mark_in_an_earlier_row_does_not_hide_a_torn_one(log: Path) -> None:
    typed = ',,sodan-4,36,,,,,,長さ5"の物\r\n'.encode()
    log.write_bytes(bytes_of([FIRST]) + typed + row_bytes(LAST)[:40])
    found = read(log)
    assert found.is_torn
    assert [row[9] for row in found.rows] == [FIRST[9], '長さ5"の物']


def test_a_row_that_ends_in_lf_is_whole_in_a_log_of_crlf(log: Path) -> None:
    log.write_bytes(bytes_of([FIRST]) + f"{STAMP},R9,sodan-2,2655\n".encode())
    found = read(log)
    assert (found.problems, [row[3] for row in found.rows]) == ([], [FIRST[3], "2655"])
    append_rows(log, [LAST])
    assert [row[3] for row in read(log).rows] == [FIRST[3], "2655", LAST[3]]


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_quote_left_open_long_ago_is_an_error_and_not_torn(
    log: Path, newline: str, end: str
) -> None:
    opened = f'{STAMP},R9,sodan-3,"12,,,確定{newline},,sodan-4,40{newline},,chiiki-1,4'
    log.write_bytes(bytes_of([FIRST], newline=newline) + (opened + end).encode())
    found = read(log)
    assert found.rows == [FIRST]
    assert [(each.line, "引用符" in each.message) for each in found.problems] == [(3, True)]


@given(st.lists(ROWS, min_size=1, max_size=4), st.integers(0, 4))
def test_what_is_appended_reads_back_equal(rows: list[list[str]], first: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "R9.csv")
        for part in (rows[:first], rows[first:]):
            append_rows(log, part)
        found = read(log)
    assert (found.rows, found.problems) == (rows, [])


def test_commands_go_on_over_a_torn_row_and_say_so(tmp_path: Path) -> None:
    workspace = real_workspace(tmp_path)
    log = workspace / "data" / "actuals" / "R9.csv"
    log.parent.mkdir()
    torn = bytes_of([FIRST]) + row_bytes(LAST)[:40]
    log.write_bytes(torn)
    checked = call(workspace, "check", "--date", "2028-06-01")
    assert checked.code == 0
    assert "data/actuals/R9.csv: 最後の行は書き込みの途中で切れています" in checked.out
    assert "data/actuals/R9.csv.torn" in checked.out
    shown = call(workspace, "show", "R9", "--date", "2028-06-01")
    assert shown.code == 0
    assert "2,655" in shown.out
    assert log.read_bytes() == torn


def test_what_was_set_aside_is_mentioned_until_it_is_dealt_with(tmp_path: Path) -> None:
    workspace = real_workspace(tmp_path)
    log = workspace / "data" / "actuals" / "R9.csv"
    log.parent.mkdir()
    log.write_bytes(bytes_of([FIRST]) + f"{STAMP},R9,sodan-3,90.0".encode())
    day = ("--date", "2028-06-01")
    assert call(workspace, "add", "R9", "sodan-4", "36", *day).code == 0
    for _ in range(2):
        assert "確認: data/actuals/R9.csv.torn: " in call(workspace, "check", *day).out
        assert "確認したほうがよい点" in call(workspace, "show", "R9", *day).err
    log.with_name("R9.csv.torn").unlink()
    assert "torn" not in call(workspace, "check", *day).out
