"""How figures are worded: what is printed, what is read aloud, and what a cell keeps of both."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from jusou.report import words
from jusou.report.document import Kind, Notation
from jusou.report.workbook.style import number_format

SIGNED = {"notation": Notation.SIGNED}


@pytest.mark.parametrize(
    ("value", "given", "text", "aloud"),
    [
        (None, {}, "—", "数値なし"),
        ("0", {}, "0", "0"),
        ("2655", {}, "2,655", "2,655"),
        ("2655", {"unit": "件", "aside": "見込"}, "2,655件（見込）", "2,655件（見込）"),
        ("91.25", {"decimals": 1}, "91.3", "91.3"),
        ("1006.9", {"decimals": 1, "notation": Notation.BARE}, "1006.9", "1006.9"),
        ("0", SIGNED, "0", "0"),
        ("1324", SIGNED, "+1,324", "プラス1,324"),
        (
            "-0.25",
            {"decimals": 1, "unit": "ポイント", **SIGNED},
            "△0.3ポイント",
            "マイナス0.3ポイント",
        ),
        ("-0.04", {"decimals": 1, **SIGNED}, "0.0", "0.0"),
    ],
)
def test_a_figure_is_printed_and_read_aloud(
    value: str | None, given: dict[str, Any], text: str, aloud: str
) -> None:
    cell = words.figure(None if value is None else Decimal(value), **given)
    assert (cell.text, cell.aloud) == (text, aloud)


def test_a_cell_keeps_apart_what_its_text_is_made_of() -> None:
    cell = words.figure(Decimal("12.5"), 1, "人", "速報")
    assert (cell.value, cell.decimals, cell.unit, cell.aside) == (Decimal("12.5"), 1, "人", "速報")
    assert words.with_unit(words.figure(Decimal(8), aside="当初10"), "回").text == "8回（当初10）"
    assert words.with_unit(words.NO_FIGURE, "回") == words.NO_FIGURE


@pytest.mark.parametrize(("value", "text"), [(7, "7"), ("1234.50", "1,234.50"), (None, "—")])
def test_a_count_keeps_its_own_decimals(value: int | str | None, text: str) -> None:
    assert words.count(Decimal(value) if isinstance(value, str) else value).text == text


@pytest.mark.parametrize(
    ("given", "kind", "expected"),
    [
        ({}, Kind.NUMBER, "#,##0_ "),
        ({"decimals": 1}, Kind.NUMBER, "#,##0.0_ "),
        ({"notation": Notation.BARE}, Kind.NUMBER, "0_ "),
        ({"unit": "ポイント", **SIGNED}, Kind.DIFFERENCE,
         '+#,##0"ポイント"_ ;"△"#,##0"ポイント"_ ;0"ポイント"_ '),
        ({"aside": "見込"}, Kind.NUMBER, '[=8]#,##0"（見込）"_ ;#,##0_ '),
        ({"unit": '"'}, Kind.NUMBER, None),
    ],
)  # fmt: skip
def test_a_spreadsheet_prints_a_figure_the_same_way(
    given: dict[str, Any], kind: Kind, expected: str | None
) -> None:
    assert number_format(words.figure(Decimal(8), **given), kind) == expected
