"""Characters that nobody sees: dropped wherever they carry nothing, and told once."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from jusou.values.text import fold, visible
from tests.dialogue import COUNT
from tests.support import REVIEWS_HEADER, call, rows_of, small_workspace, write_actuals, write_log

TOLD = "目に見えない文字"


@pytest.mark.parametrize("char", "\xad\u034f\u200b\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff")
def test_what_carries_nothing_is_dropped(char: str) -> None:
    assert visible(f"{char}窓口{char}{char}日誌{char}") == "窓口日誌"
    assert fold(f" {char}２６１８ {char}") == "2618"


@pytest.mark.parametrize(
    "text",
    ["👨\u200d👩\u200d👧", "❤\ufe0f\u200d🔥", "葛\U000e0100飾", "か\u3099", "क\u094d\u200dष",
     "می\u200cخواهم", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"],
)  # fmt: skip
def test_what_carries_something_stays(text: str) -> None:
    assert visible(f"前{text}後") == f"前{text}後"


def test_a_joiner_that_joins_nothing_is_dropped() -> None:
    assert visible("窓\u200d口\u200c x\u200dy 👨\u200d") == "窓口 xy 👨"


def test_every_format_character_of_latin_and_japanese_texts_is_dropped() -> None:
    own_scripts = range(0x0600, 0x1D00)
    annotations = range(0xFFF9, 0xFFFC)
    for code in range(0x10000):
        if unicodedata.category(chr(code)) == "Cf" and code not in (*own_scripts, *annotations):
            assert visible(f"あ{chr(code)}い") == "あい", hex(code)


def test_every_character_that_unicode_calls_ignorable_is_dropped() -> None:
    """Default_Ignorable_Code_Point without the variation selectors, letters among them."""
    singles = [0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0]
    ranges = [
        (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFFF0, 0xFFF8),
        (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE00FF), (0xE01F0, 0xE0FFF),
    ]  # fmt: skip
    for code in [*singles, *(each for first, last in ranges for each in range(first, last + 1))]:
        assert visible(f"あ{chr(code)}い\n") == "あい\n", hex(code)


def test_a_log_says_it_once_and_gives_texts_without_them(tmp_path: Path) -> None:
    small_workspace(tmp_path, COUNT)
    write_actuals(
        tmp_path, "R9", [",,a\u200b,\u200e120,,,,,,窓\u2060口,", ",,a,121,,,,,,日\ufeff誌,"]
    )
    path = tmp_path / "data" / "reviews" / "R9.csv"
    write_log(path, REVIEWS_HEADER, [",,a,,窓\u200b口", ",,a,,\u200b"])
    ran = call(tmp_path, "check", "--date", "2028-06-01")
    assert ran.out.count(TOLD) == 2
    assert "R9.csv:2: " in ran.out
    history = call(tmp_path, "history", "a", "--format", "json").out
    assert '"窓口"' in history
    assert '"日誌"' in history
    assert (
        "窓口" in call(tmp_path, "note", "R9", "a").out
    )  # the cell with nothing in it clears nothing


def test_the_plan_says_it_once_and_has_plain_names(tmp_path: Path) -> None:
    small_workspace(tmp_path, f"{COUNT}, reporter: 総合\u2066福祉課")
    (path,) = (tmp_path / "data").iterdir()
    text = path.read_text("utf-8").replace("指標1", "相談\u200b件\u2060数")
    path.write_text(f"\ufeff\ufeff{text}", "utf-8")
    ran = call(tmp_path, "check", "--date", "2028-06-01")
    assert (ran.code, ran.out.count(TOLD)) == (0, 1)
    assert '"相談件数"' in call(tmp_path, "list", "--format", "json").out


def test_what_is_typed_is_recorded_without_them_and_it_is_said(tmp_path: Path) -> None:
    small_workspace(tmp_path, COUNT)
    added = call(
        tmp_path, "add", "R9", "a", "1\u200b20", "--remark", "窓\u200b口", "--before-year-end"
    )
    noted = call(tmp_path, "note", "R9", "a", "--cause", "周\ufeff知")
    assert [TOLD in each.err for each in (added, noted)] == [True, True]
    assert [row["備考"] for row in rows_of(tmp_path)] == ["窓口"]
    assert [row["要因"] for row in rows_of(tmp_path, log="reviews")] == ["周知"]
    assert "要因が空です" in call(tmp_path, "note", "R9", "a", "--cause", "\u200b").err
    assert TOLD not in call(tmp_path, "note", "R9", "a", "--issue", "課題").err


def test_marks_piled_up_are_not_sorted() -> None:
    piled = "a" + "\u0301\u0316" * 500_000  # to sort them takes the square of their number
    assert fold(piled) == piled
    assert fold("か\u3099" * 300) == "が" * 300
