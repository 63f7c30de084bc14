"""Numbers: what is read, what is refused, rounding against integers, how they are written."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusou.errors import JusouError
from jusou.values.numbers import (
    format_difference,
    format_number,
    parse_number,
    percentage,
    round_below,
    round_half_up,
)

WIDE = str.maketrans("0123456789,.", "０１２３４５６７８９，．")


@pytest.mark.parametrize(
    ("text", "decimals", "unit", "value"),
    [
        ("0", 0, "件", "0"),
        ("2650", 0, "件", "2650"),
        ("2,650", 0, "件", "2650"),
        ("12,345,678", 0, "件", "12345678"),
        ("0123", 0, "件", "123"),
        (" 2,650 ", 0, "件", "2650"),
        ("　2650　", 0, "件", "2650"),
        ("２６５０", 0, "件", "2650"),
        ("２，６５０", 0, "件", "2650"),
        ("2,650件", 0, "件", "2650"),
        ("2,650 件", 0, "件", "2650"),
        ("91.5", 1, "％", "91.5"),
        ("９１．５", 1, "％", "91.5"),
        ("91.5％", 1, "％", "91.5"),
        ("91.5%", 1, "％", "91.5"),
        ("91", 1, "％", "91"),
        ("91.50", 1, "％", "91.5"),
        ("2650.0", 0, "件", "2650"),
        ("12", 0, "m2", "12"),
        ("12m2", 0, "m2", "12"),
        ("12㎡", 0, "㎡", "12"),
        ("12.0", 1, "0", "12"),  # a digit is of the figure, whatever the unit begins with
        ("5 1000人", 0, "1000人", "5"),
        ("5　１０００人", 0, "1000人", "5"),
        ("999999999999999", 0, "件", "999999999999999"),
    ],
)
def test_reads(text: str, decimals: int, unit: str, value: str) -> None:
    assert parse_number(text, decimals, unit) == Decimal(value)


@pytest.mark.parametrize("text", ["51000人", "5,1000人", "５１０００人"])
def test_a_unit_of_thousands_stands_apart_from_its_figure(text: str) -> None:
    with pytest.raises(JusouError):
        parse_number(text, 0, "1000人")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("約50", "数字だけ"),
        ("①", "数字だけ"),
        ("⑩", "数字だけ"),
        ("㉑", "数字だけ"),
        ("5²", "数字だけ"),
        ("½", "数字だけ"),
        ("五", "数字だけ"),
        ("٥", "数字だけ"),
        ("nan", "数字だけ"),
        ("Infinity", "数字だけ"),
        ("1_000", "数字だけ"),
        ("1e5", "数字だけ"),
        ("0x10", "数字だけ"),
        ("+5", "数字だけ"),
        (".5", "数字だけ"),
        ("5.", "数字だけ"),
        ("5,0.1", "カンマ"),
        ("1 000", "数字だけ"),
        ("10\n20", "数字だけ"),
        ("50人", "数字だけ"),
        ("50件件", "数字だけ"),
        ("件", "数字だけ"),
        ("", "数字だけ"),
        ("なし", "無い場合は 0"),
        ("△5", "負の数"),
        ("▲5", "負の数"),
        ("-5", "負の数"),
        ("−5", "負の数"),
        ("△1,200", "負の数"),
        ("26,50", "カンマ"),
        ("1,0000", "カンマ"),
        (",100", "カンマ"),
        ("2650.5", "整数"),
        ("1000000000000000", "15桁"),
        ("—", "無い場合は 0"),
        ("-", "無い場合は 0"),
        ("―", "無い場合は 0"),
        ("ー", "無い場合は 0"),
        ("－", "無い場合は 0"),
        ("…", "無い場合は 0"),
        ("・・・", "数字だけ"),
        ("x", "無い場合は 0"),
        ("Ｘ", "無い場合は 0"),
        ("***", "無い場合は 0"),
        ("36（うち新規5）", "36 とだけ入力し、「(うち新規5)」は備考に"),
        ("３６件（うち新規５）", "36 とだけ入力し、「(うち新規5)」は備考に"),
        ("2,618 ※速報", "2,618 とだけ入力し、「※速報」は備考に"),
        ("36、うち新規5", "36 とだけ入力し、「、うち新規5」は備考に"),
        ("26,50（速報）", "数字だけ"),
        ("36人（うち新規5）", "数字だけ"),
    ],
)
def test_refuses_with_a_remedy(text: str, hint: str) -> None:
    with pytest.raises(JusouError) as refused:
        parse_number(text, 0, "件")
    assert hint in refused.value.hint


def test_reads_what_lies_below_0_and_no_zero_below_it() -> None:
    read = [str(parse_number(text, signed=True)) for text in ("△353", "-353", "△0", "0")]
    assert read == ["-353", "-353", "0", "0"]


def test_refuses_more_decimals_than_the_indicator_has() -> None:
    with pytest.raises(JusouError) as refused:
        parse_number("91.55", 1, "％")
    assert refused.value.hint == "小数第1位までで入力してください。"


def grammar(text: str, decimals: int, unit: str) -> Decimal | None:
    """The design's grammar once more, by hand: no regular expression, no Decimal parsing."""
    plain = text.strip(" 　")
    plain = plain.translate({ord(wide): narrow for narrow, wide in zip(
        "0123456789,.", "０１２３４５６７８９，．", strict=True)})  # fmt: skip
    if plain.endswith(unit):
        plain = plain[: -len(unit)].rstrip(" 　")
    whole, point, fraction = plain.partition(".")
    head, *groups = whole.split(",")
    if groups and not (1 <= len(head) <= 3 and all(len(group) == 3 for group in groups)):
        return None
    digits = head + "".join(groups)
    parts = [digits, *groups, *([fraction] if point else [])]
    if not all(part and set(part) <= set("0123456789") for part in parts) or not head:
        return None
    if len(digits) + len(fraction) > 15 or fraction[decimals:].strip("0"):
        return None
    return Decimal(int(digits + fraction)).scaleb(-len(fraction))


@given(
    st.text(alphabet="0012345,,..，．０５件件 　-—①⑩約e_+△", max_size=9),
    st.integers(0, 2),
)
def test_reads_exactly_the_grammar(text: str, decimals: int) -> None:
    try:
        found = parse_number(text, decimals, "件")
    except JusouError:
        found = None
    assert found == grammar(text, decimals, "件")


@given(st.integers(0, 10**12), st.integers(0, 3), st.booleans(), st.sampled_from(["", "件", "％"]))
def test_what_is_written_reads_back(digits: int, decimals: int, wide: bool, unit: str) -> None:
    value = Decimal(digits).scaleb(-decimals)
    text = format_number(value, decimals)
    if wide:
        text = text.translate(WIDE)
    assert parse_number(text + unit, decimals, unit) == value


@given(st.integers(-(10**15), 10**15), st.integers(0, 6), st.integers(0, 4))
def test_rounds_half_away_from_zero(digits: int, places: int, decimals: int) -> None:
    rounded = round_half_up(Decimal(digits).scaleb(-places), decimals)
    size = abs(digits)
    if places > decimals:
        cut = 10 ** (places - decimals)
        size = (2 * size + cut) // (2 * cut)
    else:
        size *= 10 ** (decimals - places)
    expected = Decimal(size if digits >= 0 else -size).scaleb(-decimals)
    assert rounded == expected
    assert -int(rounded.as_tuple().exponent) == decimals
    assert not (rounded.is_zero() and rounded.is_signed())


@given(
    st.integers(0, 10**9),
    st.integers(1, 10**9),
    st.sets(st.integers(1, 120), max_size=5),
)
def test_is_never_lifted_onto_a_threshold(part: int, whole: int, thresholds: set[int]) -> None:
    found = round_below(
        percentage(Decimal(part), Decimal(whole)), 1, [Decimal(each) for each in thresholds]
    )
    tenths = (2000 * part + whole) // (2 * whole)
    if any(100 * part < each * whole and tenths >= 10 * each for each in thresholds):
        tenths = 1000 * part // whole
    assert found == Decimal(tenths).scaleb(-1)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("0", 0, "0"),
        ("0", 1, "0.0"),
        ("92", 1, "92.0"),
        ("12.45", 1, "12.5"),
        ("2649", 0, "2,649"),
        ("1234567.8", 1, "1,234,567.8"),
        ("999.95", 1, "1,000.0"),
    ],
)
def test_writes_numbers(value: str, decimals: int, text: str) -> None:
    assert format_number(Decimal(value), decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("44", 0, "+44"),
        ("-44", 0, "△44"),
        ("0", 0, "0"),
        ("-0.04", 1, "0.0"),
        ("1.5", 1, "+1.5"),
        ("-1234", 0, "△1,234"),
    ],
)
def test_writes_differences(value: str, decimals: int, text: str) -> None:
    assert format_difference(Decimal(value), decimals) == text


def test_full_width_forms_are_the_only_other_digits() -> None:
    """Every character that NFKC would turn into a digit is refused, but for ０ to ９."""
    lookalikes = [
        char
        for char in map(chr, range(0x80, 0x20000))
        if char.isnumeric() and unicodedata.normalize("NFKC", char).isdecimal()
    ]
    read = []
    for char in lookalikes:
        try:
            parse_number(char)
        except JusouError:
            continue
        read.append(char)
    assert read == list("０１２３４５６７８９")


@pytest.mark.parametrize(
    ("text", "read"), [("5m²", "5"), ("5 m²", "5"), ("5²", None), ("5m²²", None), ("²m²", None)]
)
def test_an_ornament_is_the_units_own_or_no_figure(text: str, read: str | None) -> None:
    if read:
        assert parse_number(text, 0, "m²") == Decimal(read)
    else:
        with pytest.raises(JusouError):
            parse_number(text, 0, "m²")
