"""``jusou note``: the texts of the review, given as options; nothing is lost, nothing guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jusou.logs.schema import NOTES
from jusou.values.text import plain_breaks, visible
from tests.support import (
    REVIEWS_HEADER,
    SAMPLE_DAY,
    Ran,
    call,
    real_workspace,
    rows_of,
    sample_workspace,
    show_json,
    tree,
    write_log,
)

TEXTS = {
    "--activity": ("実施状況", "窓口で随時相談を受け付けた。"),
    "--cause": ("要因", "周知が進んだため。"),
    "--issue": ("課題", "記録の様式がそろっていない。"),
    "--action": ("改善策", "様式を見直す。"),
    "--course": ("方向性", "現状維持"),
    "--evaluation": ("評価", "B"),
    "--evaluation-reason": ("評価理由", "差が1件のため"),
    "--committee": ("委員会意見", "周知を続けること。"),
    "--response": ("対応方針", "広報紙に載せる。"),
    "--meeting": ("会議", "第1回計画見直し会議"),
    "--action-status": ("前年度の改善策の状況", "様式を見直した。"),
    "--follow-up": ("その後の状況", "広報紙に2回載せた。"),
}
AT_HALF_YEAR = {
    "--first-half": ("上半期の取組状況", "相談が続いている。"),
    "--forecast-cause": ("見込の要因", "窓口を1つ閉じたため。"),
    "--second-half": ("下半期の対応", "出張相談を開く。"),
    "--next-year": ("次年度への反映", "出張相談の予算を要求する。"),
}
EVERYTHING = TEXTS | AT_HALF_YEAR
COURSES = "拡充、現状維持、改善・見直し、縮小、休止・廃止、完了"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return real_workspace(tmp_path)


def note(workspace: Path, *arguments: str) -> Ran:
    return call(workspace, "note", *arguments, env={"USERNAME": "釜石 花子"})


def noted(workspace: Path, year: str = "R9") -> list[dict[str, str]]:
    return rows_of(workspace, year, "reviews")


def unchanged(workspace: Path, *arguments: str, code: int = 0) -> Ran:
    """Return what a ``note`` says that must not write anything."""
    before = tree(workspace)
    ran = note(workspace, *arguments)
    assert ran.code == code, ran
    assert tree(workspace) == before
    assert code == 0 or ran.out == ""
    return ran


def standing(workspace: Path, subject: str = "sodan-2") -> dict[str, Any]:
    """What the review shows of one indicator."""
    found = show_json(workspace, "show", "R9", "--date", "2028-05-20")["indicators"]
    indicator: dict[str, Any] = next(each for each in found if each["id"] == subject)
    return indicator


def test_writes_one_row_with_all_that_was_given(workspace: Path) -> None:
    options = [word for option, (_, text) in EVERYTHING.items() for word in (option, text)]
    ran = note(workspace, "R9", "sodan-2", *options)
    assert ran.code == 0
    assert "記録しました: R9 (1)② 障がい者（児）の総合窓口相談件数" in ran.out
    assert all(f"  {title}: {text}\n" in ran.out for title, text in EVERYTHING.values())
    assert "jusou show R9" in ran.err
    content = (workspace / "data" / "reviews" / "R9.csv").read_bytes()
    assert content.startswith(f"{','.join(NOTES.columns)}\r\n".encode("utf-8-sig"))
    (row,) = noted(workspace)
    assert row.pop("記録日時").startswith("20")
    assert {title: text for title, text in row.items() if text} == dict(EVERYTHING.values()) | {
        "年度": "R9", "対象": "sodan-2", "入力者": "釜石 花子",
        "対象名": "障がい者（児）の総合窓口相談件数",
    }  # fmt: skip


def test_the_review_prints_the_texts(workspace: Path) -> None:
    options = [word for option, (_, text) in EVERYTHING.items() for word in (option, text)]
    call(workspace, "add", "R9", "sodan-2", "2649", "--date", "2028-05-20")
    note(workspace, "R9", "sodan-2", *options)
    note(workspace, "R9", "(2)(ア)", "--activity", "各地区で交流の場を開いた。")
    note(workspace, "R9", "(1)", "--cause", "相談が増えたため。")
    indicator = standing(workspace)
    assert indicator["evaluation"] == {"mark": "B", "reason": "差が1件のため"}
    assert indicator["note"] == {
        name.removeprefix("--").replace("-", "_"): text
        for name, (_, text) in EVERYTHING.items()
        if not name.startswith("--evaluation")
    }
    shown = call(workspace, "show", "R9", "--date", "2028-05-20").out
    plain = "".join(shown.split())
    assert all(text in plain for _, text in TEXTS.values())
    assert "各地区で交流の場を開いた。" in plain
    assert "相談が増えたため。" in plain


def test_each_text_alone_leaves_the_others(workspace: Path) -> None:
    for option in [*TEXTS, "--cause"]:
        title, text = TEXTS[option]
        if option == "--evaluation":
            continue  # needs its reason
        ran = note(workspace, "R9", "1-2", option, text)
        assert ran.code == 0
        assert (title in ran.out) == ("何も書き込みません" not in ran.out)
    assert len(noted(workspace)) == 11
    given = ("--evaluation", "B", "--evaluation-reason", "目標との差が1件のため")
    assert note(workspace, "R9", "1-2", *given).code == 0
    row = noted(workspace)[-1]
    assert [title for title, _ in TEXTS.values() if row[title]] == ["評価", "評価理由"]
    found = standing(workspace)["note"]
    assert {name for name, text in found.items() if text is None} == {
        name.removeprefix("--").replace("-", "_") for name in AT_HALF_YEAR
    }


@pytest.mark.parametrize(
    ("spelling", "subject"),
    [
        ("sodan-2", "sodan-2"), ("(1)②", "sodan-2"), ("１－２", "sodan-2"), ("1②", "sodan-2"),
        ("sodan", "sodan"), ("(1)", "sodan"), ("１", "sodan"),
        ("chiiki-ini-1", "chiiki-ini-1"), ("(2)(ア)", "chiiki-ini-1"), ("2-ア", "chiiki-ini-1"),
        ("（２）（ア）", "chiiki-ini-1"), ("(2)ア", "chiiki-ini-1"), ("(2)ｱ", "chiiki-ini-1"),
        ("sanka-ini-1", "sanka-ini-1"),
    ],
)  # fmt: skip
def test_takes_every_spelling_of_a_subject(workspace: Path, spelling: str, subject: str) -> None:
    assert note(workspace, "令和9年度", spelling, "--cause", "理由").code == 0
    assert [row["対象"] for row in noted(workspace)] == [subject]


def test_the_later_text_stands_and_the_former_is_shown(workspace: Path) -> None:
    note(workspace, "R9", "sodan-2", "--cause", "はじめの要因", "--issue", "課題です")
    ran = note(workspace, "R9", "sodan-2", "--cause", "次の要因")
    assert "  要因: 次の要因\n    変更前: はじめの要因\n" in ran.out
    assert [row["要因"] for row in noted(workspace)] == ["はじめの要因", "次の要因"]
    found = standing(workspace)["note"]
    assert (found["cause"], found["issue"]) == ("次の要因", "課題です")


def test_no_option_shows_what_stands(workspace: Path) -> None:
    assert "要因" in unchanged(workspace, "R9", "sodan-2").out
    note(workspace, "R9", "sodan-2", "--cause", "一行目\n二行目")
    out = unchanged(workspace, "R9", "sodan-2").out
    assert "〔R9 (1)② 障がい者（児）の総合窓口相談件数〕" in out
    assert "一行目 二行目" in out
    assert all(title in out for title, _ in TEXTS.values())


def test_the_same_text_again_writes_nothing(workspace: Path) -> None:
    given = ["R9", "sodan-2", "--cause", "一行目\n二行目", "--course", "拡充"]
    note(workspace, *given)
    for again in (given, [*given[:3], " 一行目\r\n二行目\n"], given[:2] + given[4:]):
        assert "何も書き込みませんでした" in unchanged(workspace, *again).out
    ran = note(workspace, *given, "--issue", "課題")
    assert "要因" not in ran.out
    assert [row["要因"] for row in noted(workspace)] == ["一行目\n二行目", ""]


def test_clearing(workspace: Path) -> None:
    note(workspace, "R9", "sodan-2", "--cause", "要因です", "--issue", "課題です")
    ran = note(workspace, "R9", "sodan-2", "--clear", "要因", "--action", "改善")
    assert "  要因: （削除）\n    変更前: 要因です\n" in ran.out
    found = standing(workspace)["note"]
    assert [found[each] for each in ("cause", "issue", "action")] == [None, "課題です", "改善"]
    assert "何も書き込みませんでした" in unchanged(workspace, "R9", "1-2", "--clear", "要因").out


def test_dry_run_writes_nothing(workspace: Path) -> None:
    ran = unchanged(workspace, "R9", "sodan-2", "--cause", "要因です", "--dry-run")
    assert "記録する内容（書き込んでいません）" in ran.out
    assert "要因: 要因です" in ran.out
    assert not (workspace / "data" / "reviews").exists()


def test_another_evaluation_needs_a_reason_of_its_own(workspace: Path) -> None:
    reason = ("--evaluation-reason", "差が1件のため")
    assert note(workspace, "R9", "sodan-2", "--evaluation", "B", *reason).code == 0
    ran = note(workspace, "R9", "sodan-2", "--evaluation", "A")
    assert (ran.code, "評価「A」の評価理由が、以前に入力されたもの" in ran.err) == (1, True)
    again = ("--evaluation", "A", "--evaluation-reason", "再集計で達成したため")
    assert note(workspace, "R9", "sodan-2", *again).code == 0


def test_an_evaluation_needs_its_reason(workspace: Path) -> None:
    subject = ["R9", "sodan-2"]
    assert "評価理由" in unchanged(workspace, *subject, "--evaluation", "B", code=1).err
    note(workspace, *subject, "--evaluation-reason", "先に書いた理由")
    assert "いっしょに" in unchanged(workspace, *subject, "--evaluation", "B", code=1).err
    given = ("--evaluation", "B", "--evaluation-reason", "理由")
    assert note(workspace, *subject, *given).code == 0
    assert "評価理由" in unchanged(workspace, *subject, "--clear", "評価理由", code=1).err
    assert note(workspace, *subject, "--clear", "評価").code == 0
    assert standing(workspace)["evaluation"] is None
    assert "いっしょに" in unchanged(workspace, *subject, "--evaluation", "A", code=1).err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["R9", "sodan-2", "--course", "拡大"], f"方向性「拡大」は使えません。\n    {COURSES} "),
        (["R9", "sodan-2", "--evaluation", "S", "--evaluation-reason", "x"], "A、B、C、D "),
        (["R9", "sodan-9", "--cause", "x"], "対象「sodan-9」は計画にありません"),
        (["R9", "sodan-9"], "対象「sodan-9」は計画にありません"),
        (["R9", "(9)(ア)", "--cause", "x"], "計画にありません"),
        (["R9", "1月2日", "--cause", "x"], "日付になっています"),
        (["R7", "sodan-2", "--cause", "x"], "計画期間は R8 から R12 まで"),
        (["R13", "sodan-2"], "計画期間は R8 から R12 まで"),
        (["R9", "sodan-2", "--cause", "<<<<<<< x"], "記録できない文字です"),
        (["R9", "sodan-2", "--cause", "\udcff"], "記録できない文字です"),
    ],
)
def test_refuses(workspace: Path, arguments: list[str], words: str) -> None:
    assert words in unchanged(workspace, *arguments, code=1).err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["R9", "sodan-2", "--cause", ""], "--clear 要因"),
        (["R9", "sodan-2", "--cause", " \n "], "--clear 要因"),
        (["R9", "sodan-2", "--clear", "原因"], "「原因」はありません"),
        (["R9", "sodan-2", "--clear", "要因", "--cause", "x"], "どちらか1つ"),
        (["R9"], "対象"),
        (["9", "sodan-2"], "「9」"),
    ],
)
def test_wrong_usage(workspace: Path, arguments: list[str], words: str) -> None:
    assert words in unchanged(workspace, *arguments, code=2).err


def test_nothing_is_written_to_data_with_an_error(workspace: Path) -> None:
    write_log(workspace / "data" / "reviews" / "R8.csv", REVIEWS_HEADER, [",,sodan-99,x"])
    ran = unchanged(workspace, "R9", "sodan-2", "--cause", "x", code=1)
    assert "data/reviews/R8.csv:2" in ran.err


def test_a_row_typed_in_excel_is_as_good(workspace: Path) -> None:
    row = ',,(1)②,"一行目\r\n二行目",Excel の要因'
    write_log(workspace / "data" / "reviews" / "R9.csv", REVIEWS_HEADER, [row])
    unchanged(workspace, "R9", "sodan-2", "--cause", "Excel の要因", "--activity", "一行目\n二行目")
    assert note(workspace, "R9", "sodan-2", "--cause", "新しい要因").code == 0
    assert standing(workspace)["note"]["cause"] == "新しい要因"


def test_the_person_is_the_account_unless_given(workspace: Path) -> None:
    note(workspace, "R9", "sodan-2", "--cause", "x", "--by", "別の人")
    note(workspace, "R9", "sodan-2", "--cause", "y")
    assert [row["入力者"] for row in noted(workspace)] == ["別の人", "釜石 花子"]


def test_the_sample_says_that_it_is_fictional(tmp_path: Path) -> None:
    sample_workspace(tmp_path)
    for arguments in ([], ["--cause", "x", "--dry-run"], ["--cause", "x"]):
        ran = note(tmp_path, "R9", "sodan-2", *arguments)
        assert (ran.code, "架空データ" in ran.out) == (0, True)
    assert call(tmp_path, "check", "--date", SAMPLE_DAY).code == 0


def test_what_is_shown_fits_the_window_and_holds_no_control_characters(workspace: Path) -> None:
    from tests.test_outputs import width

    nasty = "長い文" * 60 + "\x1b[31m赤\x1b[0m\x07\ttab\n  改行 " + "a" * 100
    ran = note(workspace, "R9", "sodan-2", "--cause", nasty)
    assert (ran.code, "制御文字（U+001B）は記録できない文字です" in ran.err) == (1, True)
    typed = [f',,sodan-2,,"{nasty}"']  # into the log itself, by another program
    write_log(workspace / "data" / "reviews" / "R9.csv", REVIEWS_HEADER, typed)
    out = note(workspace, "R9", "sodan-2").out
    out += note(workspace, "R9", "sodan-2").out
    assert not [line for line in out.splitlines() if width(line) > 80]
    assert not {char for char in out if char < " "} - {"\n"}
    assert standing(workspace)["note"]["cause"] == nasty


TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t"), min_size=1
).map(lambda text: visible(plain_breaks(text)))


@given(text=TEXT.filter(lambda text: text.strip() and not text.startswith("-")))
@settings(max_examples=30)
def test_any_text_comes_back_as_it_was(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    workspace = real_workspace(tmp_path_factory.mktemp("any"))
    assert note(workspace, "R9", "sodan-2", "--cause", text).code == 0
    assert standing(workspace)["note"]["cause"] == (None if text == "（削除）" else text.strip())
    unchanged(workspace, "R9", "sodan-2", "--cause", text)


def test_the_plan_itself_has_texts_of_its_own(workspace: Path) -> None:
    said = {"--plan-summary": "おおむね進んだ。", "--handover": "9月に照会票を送る。"}
    options = [word for pair in said.items() for word in pair]
    assert note(workspace, "plan", *options, "--date", "2028-06-01").code == 0
    assert note(workspace, "R8", "計画", "--next-plan-issues", "指標を絞る。").code == 0
    (last,) = noted(workspace, "R9")  # the last year that is over
    assert (last["対象"], last["計画期間の総括"], last["引継ぎ"]) == ("plan", *said.values())
    assert last["対象名"] == "第2次釜石市重層的支援体制整備事業実施計画"
    (first,) = noted(workspace, "R8")
    assert first["次期計画に向けた課題"] == "指標を絞る。"
    shown = note(workspace, "R9", "plan").out
    assert "9月に照会票を送る。" in shown
    assert "要因" not in shown


def test_the_texts_of_the_plan_are_shown_as_they_stand_in_whatever_year(workspace: Path) -> None:
    written = ("--handover", "9月に送る。", "--plan-summary", "進んだ。")
    ran = note(workspace, "plan", *written, "--date", "2028-06-01")
    assert "実施計画（計画全体の文。R9 の記録に入ります）" in "".join(ran.out.split("\n  "))
    shown = note(workspace, "plan", "--date", "2031-06-01").out
    assert "9月に送る。" in shown
    assert "R9" not in shown.splitlines()[0]
    changed = note(workspace, "plan", "--handover", "10月に送る。", "--date", "2029-06-01").out
    assert "変更前: 9月に送る。" in changed
    whole = ("report", "--plan", "--only", "md", "--date", "2031-06-01")
    said = "R8 より後の記録にある文は載せていません（R9 の計画期間の総括）。"
    assert said in call(workspace, *whole, "--to", "R8").err
    assert "載せていません" not in call(workspace, *whole, "--to", "R9").err


def test_texts_of_the_plan_and_of_its_parts_are_not_mixed_up(workspace: Path) -> None:
    ran = unchanged(workspace, "R9", "sodan-2", "--handover", "引継ぎます。", code=1)
    assert "引継ぎは、sodan-2 には書けません。" in ran.err
    ran = unchanged(workspace, "plan", "--cause", "周知", code=1)
    assert "要因は、plan には書けません。" in ran.err
    assert "引継ぎ を書けます。" in ran.err
    ran = unchanged(workspace, "R9", "--cause", "周知", code=2)
    assert "「対象」を指定してください。" in ran.err
