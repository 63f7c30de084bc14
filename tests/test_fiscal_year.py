"""Fiscal years and dates: every spelling, what lies in which year, and how much has passed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusou.values.dates import parse_date, wareki
from jusou.values.fiscal_year import FiscalYear, year_range

DAYS = st.dates(date(1989, 4, 1), date(2117, 3, 31))
NUMBERS = st.integers(1, 81)
WIDE = str.maketrans("0123456789RFY", "０１２３４５６７８９ＲＦＹ")
SPELLINGS = [
    "R{n}", "r{n}", "R{n:02}", "R {n}", "R{n}年度", "令和{n}年度", "令和{n}年", "令和{n}",
    "令和 {n} 年度", " R{n} ", "{western}", "{western}年度", "{western}年", "FY{western}",
    "FY {western}",
]  # fmt: skip


@given(NUMBERS, st.sampled_from(SPELLINGS), st.booleans())
def test_reads_every_spelling(number: int, spelling: str, wide: bool) -> None:
    text = spelling.format(n=number, western=2018 + number)
    assert FiscalYear.parse(text.translate(WIDE) if wide else text) == FiscalYear(number)


@pytest.mark.parametrize(
    "text", ["令和元年度", "令和元", "R元", "R1", "2019", "FY2019", "平成31年度", "H31"]
)
def test_reads_the_first_year(text: str) -> None:
    assert FiscalYear.parse(text) == FiscalYear(1)
    assert (str(FiscalYear(1)), FiscalYear(1).long_name) == ("R1", "令和元年度")


@pytest.mark.parametrize(
    ("texts", "western", "long_name"),
    [
        (("H30", "h30", "Ｈ３０", "平成30年度", "2018"), 2018, "平成30年度"),
        (("H1", "H元", "平成元年", "1989", "FY1989"), 1989, "平成元年度"),
        (("平成32年度", "R2"), 2020, "令和2年度"),  # as plans of those days printed it
    ],
)
def test_reads_the_years_of_heisei(texts: tuple[str, ...], western: int, long_name: str) -> None:
    for text in texts:
        year = FiscalYear.parse(text)
        assert (year.western, year.long_name) == (western, long_name)
        assert (year.first_day, year.last_day) == (date(western, 4, 1), date(western + 1, 3, 31))


def test_a_calendar_year_runs_from_january_to_december() -> None:
    year = FiscalYear.parse("R9", calendar=True)
    assert (year.first_day, year.last_day) == (date(2027, 1, 1), date(2027, 12, 31))
    assert (str(year), year.long_name, str(year.previous)) == ("R9", "令和9年", "R8")
    assert FiscalYear.of(date(2027, 3, 31), calendar=True) == year != FiscalYear.parse("R9")


@pytest.mark.parametrize(
    "text",
    ["", "9", "27", "R", "R0", "R100", "R-9", "R9.5", "R9,R10", "H0", "昭和64年", "1988", "S63",
     "2100x", "20270", "R9 - コピー", "令和九年度", "９", "R9年度末", "来年度", "２０２７/４"],
)  # fmt: skip
def test_refuses_what_is_no_year(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        FiscalYear.parse(text)


def test_r9_is_the_year_from_april_2027() -> None:
    year = FiscalYear.parse("R9")
    assert (year.first_day, year.last_day) == (date(2027, 4, 1), date(2028, 3, 31))
    assert (str(year), year.long_name, year.previous) == ("R9", "令和9年度", FiscalYear(8))
    assert not year.has_ended(date(2028, 3, 31))
    assert year.has_ended(date(2028, 4, 1))


@given(DAYS)
def test_each_day_lies_in_exactly_one_year(day: date) -> None:
    year = FiscalYear.of(day)
    assert year.first_day <= day <= year.last_day
    assert day in year
    assert day not in year.previous
    assert FiscalYear.parse(str(year)) == FiscalYear.parse(year.long_name) == year
    assert year.first_day - year.previous.last_day == timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "months"),
    [
        (date(2027, 4, 1), 0),
        (date(2027, 4, 29), 0),
        (date(2027, 4, 30), 1),
        (date(2027, 9, 30), 6),
        (date(2027, 10, 30), 6),
        (date(2027, 12, 31), 9),
        (date(2028, 2, 28), 10),  # 29 February 2028 lies in R9
        (date(2028, 2, 29), 11),
        (date(2028, 3, 31), 12),
    ],
)
def test_a_month_is_over_at_the_end_of_its_last_day(day: date, months: int) -> None:
    assert FiscalYear.parse("R9").months_over(day) == months


@given(DAYS)
def test_a_month_more_is_over_at_the_end_of_each(day: date) -> None:
    year = FiscalYear.of(day)
    ends = [each for each in map(year.first_day.__add__, map(timedelta, range(366)))
            if (each + timedelta(1)).day == 1]  # fmt: skip
    assert year.months_over(day) == sum(end <= day for end in ends)


def test_year_range_has_both_ends() -> None:
    years = year_range(FiscalYear(8), FiscalYear(12))
    assert [str(year) for year in years] == ["R8", "R9", "R10", "R11", "R12"]


@pytest.mark.parametrize(
    "text",
    ["2027-09-30", "2027/9/30", "2027/09/30", "2027-9-30", "R9.9.30", "r9.9.30", "Ｒ９．９．３０",
     "令和9年9月30日", "令和９年９月３０日", "2027年9月30日", " 2027-09-30 ",
     "２０２７－０９－３０"],
)  # fmt: skip
def test_reads_dates_as_offices_write_them(text: str) -> None:
    assert parse_date(text) == date(2027, 9, 30)


@pytest.mark.parametrize(
    "text",
    ["", "2027", "2027-09", "9/30", "9月30日", "2027-02-29", "2027-13-01", "2027-9/30", "27/9/30",
     "R9.9", "R9-9-30", "2027.9.30", "令和9年9月", "2027-09-30 10:00", "20270930", "45930"],
)  # fmt: skip
def test_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_date(text)


@given(st.dates(date(1989, 1, 8), date(2099, 12, 31)))
def test_what_is_written_in_the_japanese_calendar_reads_back(day: date) -> None:
    assert parse_date(wareki(day)) == parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2027, 9, 30), "令和9年9月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1988, 12, 31), "1988年12月31日"),
    ],
)
def test_eras_begin_on_their_day(day: date, text: str) -> None:
    assert wareki(day) == text
