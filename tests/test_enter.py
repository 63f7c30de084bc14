"""``jusou enter``: what it shows, and what it takes as people write it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dialogue import AFTER_R9, COUNT, RATE, enter, figures
from tests.support import (
    call,
    real_workspace,
    record,
    rows_of,
    sample_workspace,
    show_json,
    small_workspace,
    tree,
    write_actuals,
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Two indicators, a count and a rate; nothing about 120 or 60.0 is strange."""
    return small_workspace(tmp_path, COUNT, RATE)


def test_shows_all_that_tells_which_figure_is_meant(tmp_path: Path) -> None:
    definition = "窓口で受けた相談の延べ件数"
    small_workspace(
        tmp_path,
        f"id: a, baseline: 2529, definition: {definition}, note: 電話を含む, "
        "targets: {R8: 2600, R9: 2650, R10: 2700}",
        "id: b, measure: stock",
    )
    record(
        tmp_path, "R8 a 2618 確定", "R8 b - 該当なし",
        "R9 a 1300 中間 2027-09-30", "R9 a 2700 見込", "R9 b - 未確定",
    )  # fmt: skip
    out = enter(tmp_path, "s", "q").out
    assert "R9（令和9年度）の実績を入力します。" in out
    assert "2件の指標をたずねます" in out
    first, second = out.split("\n\n[")[1:3]
    assert first.splitlines()[:6] == [
        "1/2] (1)1 指標1（件）",
        f"  数え方: {definition}",
        "  ※電話を含む",
        "  R6（参考） 2,529　前年度（R8） 2,618　R9の目標 2,650",
        "  今の記録: 見込 2,700件　備考",
        "  今の記録: 中間 1,300件（令和9年9月30日現在）　備考",
    ]
    assert second.splitlines()[:4] == [
        "2/2] (1)2 指標2（件）",
        "  数え方: 年度末時点",
        "  R6（参考） -　前年度（R8） 該当なし　R9の目標 100",
        "  今の記録: 未確定　備考",
    ]


def test_one_figure_with_its_rating_and_a_remark(workspace: Path) -> None:
    ran = enter(workspace, "120", "窓口日誌による", "q")
    assert ran.code == 0
    assert "→ 120件（確定）　目標 110　達成率 109.1％　達成度 A" in ran.out
    assert "1件の指標を記録しました。" in ran.out
    assert "jusou status R9" in ran.err
    (row,) = rows_of(workspace)
    assert row.pop("記録日時").startswith("20")
    assert row == {
        "年度": "R9", "指標": "a", "実績値": "120", "分子": "", "分母": "", "区分": "確定",
        "基準日": "", "入力者": "釜石 花子", "備考": "窓口日誌による", "指標名": "指標1",
    }  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    ["1200", "1,200", "１２００", "１，２００件", " 1,200 件 ", "確定 1200", "確定　１２００"],
)
def test_takes_a_count_as_people_write_it(workspace: Path, typed: str) -> None:
    record(workspace, "R8 a 1000")
    assert enter(workspace, typed, "").code == 0
    assert figures(workspace) == ["a 1200"]


@pytest.mark.parametrize(
    ("typed", "value", "parts"),
    [
        ("60.5", "60.5", ("", "")),
        ("６０．５％", "60.5", ("", "")),
        ("60.5%", "60.5", ("", "")),
        ("20/38", "52.6", ("20", "38")),
        ("２０／３８", "52.6", ("20", "38")),
        ("1,900 / 3,800", "50.0", ("1900", "3800")),
        ("速報 20/38", "52.6", ("20", "38")),
        ("速報２０／３８", "52.6", ("20", "38")),
    ],
)
def test_takes_a_rate_or_its_parts(
    workspace: Path, typed: str, value: str, parts: tuple[str, str]
) -> None:
    assert "達成率" in enter(workspace, "s", typed, "").out
    (row,) = rows_of(workspace)
    assert (row["指標"], row["実績値"], (row["分子"], row["分母"])) == ("b", value, parts)
    assert row["区分"] == ("速報" if "速報" in typed else "確定")


@pytest.mark.parametrize(
    ("answers", "row"),
    [
        (["速報 120", ""], "120,速報,,"),
        (["見込 120", "秋の実績から"], "120,見込,,秋の実績から"),
        (["見込み １２０件", ""], "120,見込,,"),
        (["中間 60", "", ""], "60,中間,2027-09-30,"),
        (["中間 60", "R9.12.31", "12月末"], "60,中間,2027-12-31,12月末"),
        (["中間 60", "9月末", "2028-09-30", "令和9年8月31日", ""], "60,中間,2027-08-31,"),
        (["未確定", "7月に確定予定"], ",未確定,,7月に確定予定"),
        (["未確定 7月に確定予定"], ",未確定,,7月に確定予定"),
        (["該当なし　対象の研修会なし"], ",該当なし,,対象の研修会なし"),
        (["測定不能", ""], ",測定不能,,"),
    ],
)
def test_takes_every_basis(workspace: Path, answers: list[str], row: str) -> None:
    assert "1件の指標を記録しました。" in enter(workspace, *answers).out
    (found,) = rows_of(workspace)
    assert ",".join(found[each] for each in ("実績値", "区分", "基準日", "備考")) == row


def test_cancelling_asks_about_what_becomes_empty_with_it(workspace: Path) -> None:
    record(workspace, "R9 a 5 見込", "R9 a 6 確定")
    ran = enter(workspace, "取消 誤り", "n", "取消", "y", "誤り", options="R9 --all")
    assert ran.out.count("確認: 「6件（確定）」のほか、「5件（見込）」も空になります。") == 2
    assert rows_of(workspace)[-1]["区分"] == "取消"


def test_a_running_year_is_offered_a_day_that_has_come(workspace: Path) -> None:
    ran = enter(workspace, "中間 30", "", "", day="2027-07-15")
    assert "基準日（Enter で 2027-07-15）" in ran.out
    assert rows_of(workspace)[0]["基準日"] == "2027-07-15"


def test_cancelling_needs_a_reason(workspace: Path) -> None:
    record(workspace, "R9 a 5 確定")
    ran = enter(workspace, "取消", "", "別の指標の値", "取消 理由", options="R9 --all")
    assert ran.out.count("取消の理由: ") == 2
    assert "R9 b には、取り消す数値がありません" in ran.out
    assert [(row["区分"], row["備考"]) for row in rows_of(workspace)] == [
        ("確定", "備考"), ("取消", "別の指標の値"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("約50", "「約50」は数値として読めません"),
        ("—", "区分「未確定」"),
        ("①", "数値として読めません"),
        ("120人", "「120人」は数値として読めません"),
        ("1.5", "整数で"),
        ("20/38", "「20/38」は数値として読めません"),
        ("-5", "負の数"),
        ("1,20", "3桁ごと"),
        ("予想 120", "「予想 120」は数値として読めません"),
        ("速報", "実績値が空です"),
        ("未確定 120", "区分「未確定」の行に数値「120」があります"),
        ("9" * 16, "桁が多すぎます"),
        ("取消", "取り消す数値がありません"),
    ],
)
def test_a_mistyped_answer_writes_nothing_and_is_asked_again(
    workspace: Path, typed: str, words: str
) -> None:
    before = tree(workspace)
    ran = enter(workspace, typed)
    assert ran.code == 0
    assert words in ran.out
    assert "--" not in ran.out  # how to mend it at this prompt, not by options
    assert ran.out.count("[1/2]") == 1
    assert ran.out.count("実績値: ") == 2
    assert tree(workspace) == before


@pytest.mark.parametrize("typed", ["39/38", "5/0", "/38", "20/", "100.1", "a/b"])
def test_a_mistyped_rate_writes_nothing(workspace: Path, typed: str) -> None:
    ran = enter(workspace, "s", typed)
    assert ran.out.count("実績値: ") == 3
    assert rows_of(workspace) == []


def test_asks_for_what_is_missing_or_for_all(tmp_path: Path) -> None:
    small_workspace(tmp_path, *(f"id: {each}" for each in "abcdef"))
    record(
        tmp_path, "R9 a 90", "R9 b - 該当なし", "R9 c - 未確定", "R9 d 90 見込",
        "R9 e 45 中間 2027-09-30",
    )  # fmt: skip
    assert "4件の指標をたずねます" in enter(tmp_path).out
    assert "6件の指標をたずねます" in enter(tmp_path, options="R9 --all").out
    assert enter(tmp_path, *["90", ""] * 4).out.count("記録しました。") == 5
    ran = enter(tmp_path)
    assert (ran.code, "すべての指標に記録があります" in ran.out) == (0, True)
    assert "--all" in ran.out


IN_OCTOBER = "2027-10-12"


def test_at_half_year_asks_for_the_half_and_the_outlook_that_are_missing(tmp_path: Path) -> None:
    rate = "id: g, measure: rate, unit: ％, decimals: 1, targets: {R8: 92, R9: 92, R10: 92}"
    small_workspace(tmp_path, *(f"id: {each}" for each in "abcdef"), rate)
    record(
        tmp_path, "R9 a 90 速報", "R9 b - 該当なし", "R9 c - 未確定", "R9 d 90 見込",
        "R9 e 45 中間 2027-09-30", "R9 f 45 中間 2027-09-30", "R9 f 95 見込",
    )  # fmt: skip
    answers = ["44", "", "", "93", "", "11/20", "", "", "55.0", ""]
    ran = enter(tmp_path, *answers, day=IN_OCTOBER)
    assert "9月末の実績と、年度末の見込みをたずねます。" in "".join(ran.out.split())
    assert "3件の指標をたずねます" in ran.out
    asked = re.findall(r"^(\[.*?\]) \(1\)(.) |^(9月末実績|年度末見込): ", ran.out, re.MULTILINE)
    assert ["".join(each) for each in asked] == [
        "[1/4]4", "9月末実績", "[2/4]5", "年度末見込",
        "[3/4]7", "9月末実績", "[4/4]7", "年度末見込",
    ]  # fmt: skip
    assert [
        (row["指標"], row["実績値"], row["区分"], row["基準日"]) for row in rows_of(tmp_path)[7:]
    ] == [
        ("d", "44", "中間", "2027-09-30"),
        ("e", "93", "見込", ""),
        ("g", "55.0", "中間", "2027-09-30"),
        ("g", "55.0", "見込", ""),
    ]
    assert "すべての指標に記録があります" in enter(tmp_path, day=IN_OCTOBER).out


def test_an_answer_of_another_kind_settles_what_it_settles(tmp_path: Path) -> None:
    small_workspace(tmp_path, "id: a", "id: b")
    ran = enter(tmp_path, "見込 95", "", "b", "s", "未確定 5月", "y", day=IN_OCTOBER)
    progress = re.findall(r"^\[(.)/4\]", ran.out, re.MULTILINE)
    assert progress == ["1", "3", "2", "3"]  # 2 is answered, but one can go back to it
    assert [(row["指標"], row["区分"]) for row in rows_of(tmp_path)] == [
        ("a", "見込"),
        ("b", "未確定"),
    ]
    all_ = enter(tmp_path, options="R9 --all", day=IN_OCTOBER)
    assert "[1/4]" in all_.out


def test_years_before_the_plan_are_taken_and_others_refused(workspace: Path) -> None:
    assert "達成率" not in enter(workspace, "120", "", options="R7").out
    assert figures(workspace, "R7") == ["a 120"]
    for year in ("R5", "R11"):
        ran = enter(workspace, "120", "", options=year)
        assert (ran.code, ran.out) == (1, "")
        assert "R6 から R10 まで" in ran.err


def test_the_sample_says_that_it_is_fictional(tmp_path: Path) -> None:
    assert "架空データ" in enter(sample_workspace(tmp_path), options="R10", day="2028-11-10").out


def test_data_with_an_error_is_told_before_anything_is_asked(workspace: Path) -> None:
    record(workspace, "R8 a 約50")
    ran = enter(workspace, "120", "")
    assert (ran.code, ran.out) == (1, "")
    assert "data/actuals/R8.csv:2" in ran.err


def test_a_row_typed_in_excel_stands_beside_what_is_entered(workspace: Path) -> None:
    write_actuals(workspace, "R9", [",,１－１,５０"])
    assert enter(workspace, "s", options="R9 --all").out.count("今の記録: 確定 50件") == 1
    enter(workspace, "20/38", "")
    found = show_json(workspace, "show", "R9", "--date", AFTER_R9)["indicators"]
    assert [each["actual"] for each in found] == [50, 52.6]


TYPED = st.one_of(
    st.sampled_from(
        ["120", "20/38", "速報 1", "中間 5", "取消 x", "見込 9", "未確定", "y", "n", "", "b", "s"]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=8),
)


@given(answers=st.lists(TYPED, max_size=25), options=st.sampled_from(["R9", "R9 --all"]))
@settings(max_examples=40)
def test_whatever_is_typed_what_was_said_to_be_recorded_is(
    answers: list[str], options: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    workspace = small_workspace(tmp_path_factory.mktemp("any"), COUNT, RATE)
    ran = enter(workspace, *answers, options=options)
    assert ran.code == 0
    assert ran.out.count("  記録しました。\n") == len(rows_of(workspace))
    assert call(workspace, "check", "--date", AFTER_R9).code == 0


def test_every_line_fits_the_window(tmp_path: Path) -> None:
    from tests.test_outputs import width

    ran = enter(real_workspace(tmp_path), *["0", "n", "？", "1", "n", "x" * 50, "s"] * 19)
    assert "[19/19]" in ran.out
    assert [line for line in ran.out.splitlines() if width(line) > 80] == []
