"""What people see on a form is what is taken: struck, hidden and stuck on things are named."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.collecting import logged, send, take
from tests.filled_forms import STRIKE, Formula, Paper, Struck, Styled, Touch
from tests.spreadsheet import changed
from tests.support import Ran, record, small_workspace, tree

DAY = "2028-06-01"
SHEET, TEXTS = "実績", "取組の記述"
INDICATORS = (
    "id: a, reporter: 甲課",
    "id: b, reporter: 甲課, unit: ％, decimals: 1, measure: rate,"
    " targets: {R8: 90, R9: 90, R10: 90}",
)
Change = Callable[[Paper], None]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a workspace and the form of 甲課."""
    workspace = small_workspace(tmp_path_factory.mktemp("workspace"), *INDICATORS)
    record(workspace, "R8 a 100", "R8 b 90")
    (form,) = send(workspace, "R9", DAY, "--reporter", "甲課")
    return workspace, form


def put(subject: str, title: str, value: Any) -> Change:
    return lambda paper: paper.put(subject, title, value)


def struck_row(paper: Paper) -> None:
    row = paper.sheets[SHEET][paper.row(SHEET, "a")]
    row[:] = [Styled(each, STRIKE) if each != "" else "" for each in row]


def struck_name(paper: Paper) -> None:
    paper.put("a", "指標名", Styled("指標1", STRIKE))


def struck_heading(paper: Paper) -> None:
    titles = paper.titles(SHEET)
    at = titles.index("実績値")
    paper.sheets[SHEET][paper.heading(SHEET)][at] = Styled("実績値", STRIKE)


def hidden_row(paper: Paper) -> None:
    paper.hidden.add((SHEET, paper.row(SHEET, "a")))


def hidden_column(paper: Paper) -> None:
    paper.narrow.add((SHEET, paper.column(SHEET, "実績値")))


def hidden_sheet(paper: Paper) -> None:
    paper.shut[SHEET] = "hide"


def very_hidden_sheet(paper: Paper) -> None:
    paper.shut[SHEET] = "very_hidden"


def touched(touch: Touch) -> Change:
    return lambda paper: paper.touches.append((SHEET, touch))


def conditional(**look: Any) -> Change:
    """Return a change that gives the figures a look on a condition that nobody can work out."""

    def touch(book: Any, page: Any) -> None:
        rule = {"type": "formula", "criteria": "=$Z$1=1", "format": book.add_format(look)}
        page.conditional_format("A1:J1048576", rule)

    return touched(touch)


PLACE = "返信.xlsx 実績!I16"
ONE = put("a", "実績値", 120)
DOUBTED: dict[str, tuple[list[Change], str, str]] = {
    "struck": (
        [put("a", "実績値", Styled(120, STRIKE))],
        PLACE, "実績値のセルに取り消し線があります。",
    ),
    "struck-text": (
        [put("a", "要因", Styled("周知", STRIKE))],
        "返信.xlsx 取組の記述!E8", "要因のセルに取り消し線があります。",
    ),
    "struck-in-part": (
        [put("a", "要因", Struck("講座を", "年3回", "年5回開いた"))],
        "返信.xlsx 取組の記述!E8", "要因のセルの「年3回」に取り消し線があります。",
    ),
    "struck-remark": (
        [ONE, put("a", "備考", Struck("", "速報", "確定値"))],
        "返信.xlsx 実績!M16", "備考のセルの「速報」に取り消し線があります。",
    ),
    "struck-row": ([ONE, struck_row], PLACE, "実績値のセルに取り消し線があります。"),
    "struck-name": ([ONE, struck_name], PLACE, "と同じ行の指標名に取り消し線があります。"),
    "struck-heading": ([ONE, struck_heading], PLACE, "の見出しに取り消し線があります。"),
    "hidden-row": ([ONE, hidden_row], PLACE, "実績値のセルが非表示の行にあります。"),
    "hidden-column": ([ONE, hidden_column], PLACE, "実績値のセルが非表示の列にあります。"),
    "hidden-sheet": ([ONE, hidden_sheet], PLACE, "実績値のセルが非表示のシートにあります。"),
    "very-hidden-sheet": ([ONE, very_hidden_sheet], PLACE, "「再表示」にも出ない非表示の"),
    "white": (
        [put("a", "実績値", Styled(120, {"font_color": "#FFFFFF"}))],
        PLACE, "実績値のセルの文字が、背景と同じ色です。",
    ),
    "blackened": (
        [put("a", "実績値", Styled(120, {"bg_color": "#000000", "font_color": "#000000"}))],
        PLACE, "実績値のセルの文字が、背景と同じ色です。",
    ),
    "no-format": (
        [put("a", "実績値", Styled(120, {"num_format": ";;;"}))],
        PLACE, "実績値のセルが、何も表示しない書式です。",
    ),
    "tiny": ([put("a", "実績値", Styled(120, {"font_size": 1}))], PLACE, "読めないほど小さい"),
    "off-white": (
        [put("a", "実績値", Styled(120, {"font_color": "#FDFDFD"}))], PLACE, "背景と同じ色です。",
    ),
    "narrow": ([ONE, touched(lambda _, page: page.set_column("I:I", 1))], PLACE, "# で表示されて"),
    "conditional-strike": (
        [ONE, conditional(font_strikeout=True)], PLACE, "実績値のセルに、条件によって取り消し線の",
    ),
    "conditional-white": (
        [ONE, conditional(font_color="#FFFFFF")], PLACE, "に、条件によって文字が見えなくなる書式",
    ),
    "conditional-black": (
        [ONE, conditional(bg_color="#000000")], PLACE, "に、条件によって文字が見えなくなる書式",
    ),
    "conditional-nothing": (
        [ONE, conditional(num_format=";;;")], PLACE, "に、条件によって文字が見えなくなる書式",
    ),
    "no-zeros": (
        [put("a", "実績値", Styled(0, {"num_format": "#,##0;-#,##0;"}))],
        PLACE, "実績値のセルが、何も表示しない書式です。",
    ),
}  # fmt: skip
TAKEN: dict[str, list[Change]] = {
    "as-it-is": [ONE],
    "struck-nothing": [ONE, put("a", "備考", Styled("", STRIKE))],
    "struck-last-year": [ONE, put("a", "R8実績", Styled(100, STRIKE))],
    "hidden-id": [ONE, lambda paper: paper.narrow.add((SHEET, 0))],
    "another-row-hidden": [ONE, lambda paper: paper.hidden.add((SHEET, 16))],
    "own-format": [put("a", "実績値", Styled(120, {"num_format": '#,##0"件";[Red]-#,##0'}))],
    "dark-paper": [
        put("a", "実績値", Styled(120, {"bg_color": "#000000", "font_color": "#FFFFFF"}))
    ],
    "white-paper": [put("a", "実績値", Styled(120, {"bg_color": "#FFFFFF"}))],
    "formula": [put("a", "実績値", Formula("=60*2", 120))],
    "small": [put("a", "実績値", Styled(120, {"font_size": 6}))],
    "as-wide-as-it-is": [ONE, touched(lambda _, page: page.set_column("I:I", 3))],
    "narrow-text": [
        ONE,
        touched(lambda _, page: page.set_column("M:M", 1)),
        put("a", "備考", "済"),
    ],
    "conditional-red": [ONE, conditional(font_color="#FF0000", bold=True)],
    "conditional-white-on-red": [ONE, conditional(font_color="#FFFFFF", bg_color="#FF0000")],
    "conditional-elsewhere": [
        ONE,
        touched(
            lambda book, page: page.conditional_format(
                "A1:H99", {"type": "no_blanks", "format": book.add_format(STRIKE)}
            )
        ),
    ],
}


def answer(sent: tuple[Path, Path], folder: Path, *changes: Change) -> Path:
    paper = Paper.open(sent[1])
    for change in changes:
        change(paper)
    return paper.save(folder / "返信.xlsx")


def messages(ran: Ran) -> list[str]:
    return [line for line in ran.err.splitlines() if line.startswith("返信.xlsx")]


@pytest.mark.parametrize("case", DOUBTED)
def test_what_is_struck_or_hidden_is_not_taken_unless_allowed(
    case: str, sent: tuple[Path, Path], tmp_path: Path
) -> None:
    changes, place, doubt = DOUBTED[case]
    path = answer(sent, tmp_path, *changes)
    before = tree(sent[0])
    for option in ((), ("--accept-valid", "--dry-run")):
        ran = take(sent[0], path, *option, day=DAY)
        (message,) = messages(ran)
        assert message.startswith(f"{place}: a の")
        assert "は要確認です。" in message
        assert doubt in message
        assert "新規" not in ran.out
        assert tree(sent[0]) == before
    ran = take(sent[0], path, "--accept-suspicious", "a", "--dry-run", day=DAY)
    assert (ran.code, "（新規 1件）" in ran.out, messages(ran)) == (0, True, []), ran


@pytest.mark.parametrize("case", TAKEN)
def test_what_is_seen_is_taken(case: str, sent: tuple[Path, Path], tmp_path: Path) -> None:
    ran = take(sent[0], answer(sent, tmp_path, *TAKEN[case]), "--dry-run", day=DAY)
    assert (ran.code, "（新規 1件）" in ran.out, messages(ran)) == (0, True, []), ran
    assert " 120件（確定）" in ran.out


STANDARD = "表示形式を「標準」にして "


@pytest.mark.parametrize(
    ("look", "value", "found"),
    [
        (
            {"num_format": "0%"},
            1,
            f"％の書式（100%）になっています。{STANDARD}100 と入力してください",
        ),
        (
            {"num_format": "0.0%"},
            0.925,
            f"％の書式（92.5%）になっています。{STANDARD}92.5 と入力してください",
        ),
        ({"num_format": "#,##0,"}, 92.5, "千単位で表示する書式（値は 92.5）になっています"),
    ],
)
def test_a_figure_that_is_shown_as_another_is_refused(
    look: dict[str, str], value: float, found: str, sent: tuple[Path, Path], tmp_path: Path
) -> None:
    path = answer(sent, tmp_path, put("b", "実績値", Styled(value, look)))
    ran = take(sent[0], path, "--accept-suspicious", "all", day=DAY)
    (message,) = messages(ran)
    assert (ran.code, message) == (1, f"返信.xlsx 実績!I17: b の実績値のセルが{found}。")


def copied(shut: str, value: int) -> Change:
    def change(paper: Paper) -> None:
        paper.put("a", "実績値", 120)
        copy = [list(row) for row in paper.sheets[SHEET]]
        copy[paper.row(SHEET, "a")][paper.column(SHEET, "実績値")] = value
        paper.sheets = {"旧": copy, **paper.sheets} if shut == "hide" else paper.sheets
        paper.sheets["旧"] = copy
        if shut:
            paper.shut["旧"] = shut

    return change


@pytest.mark.parametrize("shut", ["hide", "very_hidden"])
def test_a_hidden_copy_with_another_figure_is_named_and_not_taken(
    shut: str, sent: tuple[Path, Path], tmp_path: Path
) -> None:
    path = answer(sent, tmp_path, copied(shut, 118))
    ran = take(sent[0], path, day=DAY)
    (message,) = messages(ran)
    assert ran.code == 1
    assert message.startswith("返信.xlsx 旧!I16: a の実績「118件（確定）」は要確認です。")
    assert "返信.xlsx 実績!I16 では「120件（確定）」です。" in message
    ran = take(sent[0], path, "--accept-valid", "--dry-run", day=DAY)
    assert "（新規 1件、要確認 1件）" in ran.out
    ran = take(sent[0], path, "--accept-suspicious", "a", day=DAY)
    assert (ran.code, ran.out.count("食い違い 2件")) == (1, 1)


def test_a_hidden_copy_that_says_the_same_is_nothing_to_tell(
    sent: tuple[Path, Path], tmp_path: Path
) -> None:
    ran = take(sent[0], answer(sent, tmp_path, copied("hide", 120)), "--dry-run", day=DAY)
    assert (ran.code, "（新規 1件）" in ran.out, messages(ran)) == (0, True, []), ran


def test_two_figures_in_one_file_name_both_cells(sent: tuple[Path, Path], tmp_path: Path) -> None:
    ran = take(sent[0], answer(sent, tmp_path, copied("", 118)), day=DAY)
    one, other = messages(ran)
    assert "返信.xlsx 実績!I16: " in one
    assert "返信.xlsx 旧!I16 では" in one
    assert "返信.xlsx 旧!I16: " in other
    assert "同じファイルの中なら、不要なほうのセルかシートを消して" in ran.err


def test_a_second_row_that_is_hidden_is_said_to_be(sent: tuple[Path, Path], tmp_path: Path) -> None:
    def draft(paper: Paper) -> None:
        paper.put("a", "実績値", 120)
        rows = paper.sheets[SHEET]
        rows.append(list(rows[paper.row(SHEET, "a")]))
        rows[-1][paper.column(SHEET, "実績値")] = 34
        paper.hidden.add((SHEET, len(rows) - 1))

    (message,) = messages(take(sent[0], answer(sent, tmp_path, draft), day=DAY))
    assert message.startswith("返信.xlsx 実績!A18: 「a」（a）の行が2つあります（もう1つは ")
    assert message.endswith("返信.xlsx 実績!A18 が非表示の行にあります。")


def test_a_mistake_in_a_hidden_row_is_said_to_be_there(
    sent: tuple[Path, Path], tmp_path: Path
) -> None:
    path = answer(sent, tmp_path, put("a", "実績値", "34 下書き"), hidden_row)
    (message,) = messages(take(sent[0], path, day=DAY))
    assert message.endswith("は数値として読めません。このセルが非表示の行にあります。")


def test_comments_and_text_boxes_are_mentioned_with_their_words(
    sent: tuple[Path, Path], tmp_path: Path
) -> None:
    long = "長い注記" * 40

    def stick(paper: Paper) -> None:
        paper.put("a", "実績値", 120)
        paper.notes += [
            (SHEET, 15, 8, "38件になる見込み\n7月に確定"), (SHEET, 14, 8, long),
            (SHEET, 40, 20, "空"),
        ]  # fmt: skip
        paper.boxes.append((TEXTS, 9, 2, "欄に書き切れません\n別紙のとおり"))
        paper.sheets["控え"] = [[""]]
        paper.notes.append(("控え", 0, 0, "隠れた注記"))
        paper.shut["控え"] = "hide"

    ran = take(sent[0], answer(sent, tmp_path, stick), "--dry-run", day=DAY)
    found = messages(ran)
    assert ran.code == 0
    assert sorted(found) == sorted([
        f"返信.xlsx 実績!I15: コメント「{long}」があります。取り込みません。",
        "返信.xlsx 実績!I16: コメント「38件になる見込み 7月に確定」があります。取り込みません。",
        "返信.xlsx 実績!U41: コメント「空」があります。取り込みません。",
        "返信.xlsx 取組の記述!C10: 図形の文字「欄に書き切れません 別紙のとおり」があります。"
        "取り込みません。",
        "返信.xlsx 控え!A1: コメント「隠れた注記」があります。取り込みません。",
    ])  # fmt: skip


def test_a_line_across_a_figure_is_mentioned_with_its_cells(
    sent: tuple[Path, Path], tmp_path: Path
) -> None:
    path = answer(sent, tmp_path, ONE, lambda paper: paper.boxes.append((SHEET, 15, 8, "線")))
    line = '<xdr:cxnSp macro=""><xdr:spPr/></xdr:cxnSp>'
    drawn = changed(path.read_bytes(), lambda _, xml: re.sub("<xdr:sp .*</xdr:sp>", line, xml))
    path.write_bytes(drawn)
    ran = take(sent[0], path, "--dry-run", day=DAY)
    assert (ran.code, "（新規 1件）" in ran.out) == (0, True)
    (message,) = messages(ran)
    assert re.fullmatch(
        "返信.xlsx 実績!I16:[I-M][0-9]+: 線などの図形があります。取り込みません。", message
    )


def test_a_part_of_a_text_that_nobody_sees_is_asked_about(
    sent: tuple[Path, Path], tmp_path: Path
) -> None:
    path = answer(sent, tmp_path, put("a", "要因", Struck("周知を", "しなかった", "進めた")))
    for look in ('<sz val="1"/>', '<color rgb="FFFFFFFF"/>', '<color theme="0"/>'):
        faint = changed(path.read_bytes(), lambda _, xml: xml.replace("<strike/>", look))  # noqa: B023
        (tmp_path / "薄い").mkdir(exist_ok=True)
        (tmp_path / "薄い" / "返信.xlsx").write_bytes(faint)
        ran = take(sent[0], tmp_path / "薄い" / "返信.xlsx", day=DAY)
        assert ran.code == 1
        assert "要因のセルの「しなかった」が白い文字か、読めないほど小さい文字です。" in ran.err


@pytest.mark.parametrize(
    ("label", "text", "said", "is_refused"),
    [
        ("年度", "R8", "年度「R8」が、ほかのシートの「R9」と違います。", True),
        ("照会先", "乙課", "照会先「乙課」が、ほかのシートの「甲課」と違います。", True),
        ("種類", "取りまとめ票", "種類「取りまとめ票」が、ほかのシートの「実績等照会票」と", True),
        ("版", "第2版", "版「第2版」が、ほかのシートの「第1版」と違います。", False),
        ("年度", Styled("R9", STRIKE), "年度「R9」のセルに取り消し線があります。", True),
    ],
)
@pytest.mark.parametrize("is_shut", [False, True])
def test_the_heads_of_all_sheets_must_agree(  # noqa: PLR0913, PLR0917
    label: str, text: Any, said: str, is_refused: bool, is_shut: bool,
    sent: tuple[Path, Path], tmp_path: Path,
) -> None:  # fmt: skip
    def other_head(paper: Paper) -> None:
        paper.put("a", "実績値", 120)
        (row,) = (each for each in paper.sheets[TEXTS] if label in each)
        at = row.index(label)
        row[next(i for i in range(at + 1, len(row)) if row[i] != "")] = text
        if is_shut:
            paper.shut[TEXTS] = "hide"

    ran = take(sent[0], answer(sent, tmp_path, other_head), "--dry-run", day=DAY)
    assert any(line.startswith("返信.xlsx 取組の記述!") and said in line for line in messages(ran))
    assert ran.code == int(is_refused)


@pytest.mark.parametrize("year", ["令和9年度", "2027", 2027, "Ｒ９ 年度"])
def test_one_year_in_two_spellings_is_no_contradiction(
    year: Any, sent: tuple[Path, Path], tmp_path: Path
) -> None:
    def respelt(paper: Paper) -> None:
        (row,) = (each for each in paper.sheets[TEXTS] if "年度" in each)
        row[row.index("R9")] = year

    ran = take(sent[0], answer(sent, tmp_path, ONE, respelt), "--dry-run", day=DAY)
    assert (ran.code, "（新規 1件）" in ran.out, messages(ran)) == (0, True, []), ran


def test_what_stands_and_comes_back_struck_is_asked_about(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path / "workspace", *INDICATORS)
    record(workspace, "R9 a 120")
    (form,) = send(workspace, "R9", DAY, "--all")
    paper = Paper.open(form)
    paper.put("a", "実績値", Styled(120, STRIKE))
    ran = take(workspace, paper.save(tmp_path / "返信.xlsx"), day=DAY)
    assert ran.code == 1
    assert "返信.xlsx 実績!I" in ran.err
    assert (
        "a の実績「120件（確定） 備考」は要確認です。実績値のセルに取り消し線があります。"
        in ran.err
    )


def test_a_filter_over_what_stands_is_nothing_to_tell(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path / "workspace", *INDICATORS)
    record(workspace, "R9 a 120")
    (form,) = send(workspace, "R9", DAY, "--all")
    paper = Paper.open(form)
    paper.hidden.add((SHEET, paper.row(SHEET, "a")))
    ran = take(workspace, paper.save(tmp_path / "返信.xlsx"), day=DAY)
    assert (ran.code, messages(ran)) == (0, []), ran


def test_a_reason_that_is_struck_does_not_carry_its_evaluation(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path / "workspace", *INDICATORS)
    (form,) = send(workspace, "R9", DAY, "--all")
    for reason in (Styled("目標に届いたため", STRIKE), "長" * 2001):
        paper = Paper.open(form)
        paper.put("a", "評価", "A")
        paper.put("a", "評価理由", reason)
        path = paper.save(tmp_path / "返信.xlsx")
        ran = take(workspace, path, "--accept-valid", day=DAY)
        assert "a の評価「A」は取込不可です。" in ran.err
        assert not (workspace / "data" / "reviews" / "R9.csv").exists()


def test_what_was_not_taken_is_kept_as_such(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path / "workspace", *INDICATORS)
    (form,) = send(workspace, "R9", DAY, "--reporter", "甲課")
    paper = Paper.open(form)
    paper.put("b", "実績値", Styled(92.5, STRIKE))
    copied("hide", 118)(paper)
    path = paper.save(tmp_path / "返信.xlsx")
    assert take(workspace, path, "--accept-valid", day=DAY).code == 0
    (row,) = logged(workspace, "imports.csv")
    assert (row["未取込"], row["取込不可"]) == ("a b", "3")
    assert take(workspace, path, "--accept-suspicious", "b", "--accept-valid", day=DAY).code == 0
    assert [each["指標"] for each in logged(workspace, "actuals/R9.csv")] == ["a", "b"]


def test_invisible_characters_are_dropped_and_told_once(
    sent: tuple[Path, Path], tmp_path: Path
) -> None:
    changes = [
        put("a", "実績値", "1\u200b20"), put("a", "備考", "集計\u2060済"),
        put("a", "要因", "周\ufeff知"),
    ]  # fmt: skip
    path = answer(sent, tmp_path, *changes)
    ran = take(sent[0], path, "--dry-run", day=DAY)
    (message,) = messages(ran)
    assert (ran.code, "120件（確定）" in ran.out) == (0, True)
    assert message == "返信.xlsx 実績!I16: 目に見えない文字があります。読むときに除いています。"
    table = tmp_path / "返信.csv"
    table.write_text("年度,指標,実績値,備考\nR9,a,12\u200b0,集\u2060計\n", "utf-8")
    ran = take(sent[0], table, "--dry-run", day=DAY)
    assert (ran.code, ran.err.count("目に見えない文字")) == (0, 1)
    assert "返信.csv 2行目: 目に見えない" in ran.err


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ('0"件"', "92"),
        ("#,##0\\件;[Red]\\-#,##0", "92"),
        ('"¥"#,##0_);("¥"#,##0)', "92"),
        ('[=0]"なし";0', "92"),
        ('0"0"', "920"),
        ('"約"0', "a の実績値「約92」は数値として読めません。"),
        ('General"千件"', "a の実績値「92千件」は数値として読めません。"),
        ('"済"', "a の実績値「済」は数値として読めません。"),
    ],
)
def test_the_words_that_a_format_puts_beside_a_figure_are_read(
    code: str, outcome: str, sent: tuple[Path, Path], tmp_path: Path
) -> None:
    path = answer(sent, tmp_path, put("a", "実績値", Styled(92, {"num_format": code})))
    ran = take(sent[0], path, "--dry-run", "--accept-suspicious", "all", day=DAY)
    assert outcome in (f"{ran.out}{ran.err}" if outcome.isdigit() else messages(ran)[0])
    assert (ran.code == 0) == outcome.isdigit()
