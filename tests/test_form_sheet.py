"""What a form looks like: words, open and locked cells, choices, paper; and the command's words."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from tests.collecting import COURSES, IN_AUTUMN, LATER, open_year, send
from tests.filled_forms import Paper
from tests.spreadsheet import formulas, part
from tests.support import REVIEWS_HEADER, small_workspace, write_log

KINDS = {
    "closing": ("R9", LATER),
    "interim": ("R10", IN_AUTUMN, "--interim"),
    "all": ("R9", LATER, "--all"),
}
REPORTER = "総合福祉課地域包括支援センター"
ASKED_WITH = ("--due", "2028-06-30", "--contact", "企画課計画係 内線123")


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    return {
        kind: send(open_year(tmp_path_factory.mktemp(kind), "R9", "R10"), *options, *ASKED_WITH)
        for kind, options in KINDS.items()
    }


def sheet_xml(path: Path) -> dict[str, str]:
    """Return the XML of each worksheet by name."""
    names = Paper.open(path).sheets
    return {
        name: part(path.read_bytes(), f"xl/worksheets/sheet{number}.xml")
        for number, name in enumerate(names, 1)
    }


def open_cells(path: Path, xml: str) -> set[str]:
    """Return the addresses of the cells that are not locked."""
    styles = part(path.read_bytes(), "xl/styles.xml")
    formats = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", styles.split("<cellXfs")[1], re.DOTALL)
    unlocked = {str(at) for at, each in enumerate(formats) if 'locked="0"' in each}
    return {
        address
        for address, style in re.findall(r'<c r="(\w+)" s="(\d+)"', xml)
        if style in unlocked
    }


def words(path: Path) -> str:
    rows = (row for sheet in Paper.open(path).sheets.values() for row in sheet)
    return "\n".join("　".join(map(str, filter(None, row))) for row in rows)


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_is_made_for_a4_and_protected_without_a_password(
    forms: dict[str, list[Path]], kind: str
) -> None:
    for path in forms[kind]:
        for xml in sheet_xml(path).values():
            assert re.search(r'<pageSetup paperSize="9"[^>]* orientation="landscape"', xml)
            assert re.search(r'<pageSetup [^>]*fitToHeight="0"', xml)
            protection = re.search(r"<sheetProtection [^>]*>", xml)
            assert protection
            assert 'sheet="1"' in protection[0]
            assert not re.search("password|hash", protection[0], re.IGNORECASE)
            assert formulas(xml) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_says_what_an_officer_wants_to_know(forms: dict[str, list[Path]], kind: str) -> None:
    for path in forms[kind]:
        text = words(path)
        assert "個人が特定される内容は書かないこと" in text
        assert "架空データ" in text
        assert "第2次釜石市重層的支援体制整備事業実施計画" in text
        year = KINDS[kind][0]
        assert (f"年度　{year}" in text, "版　第1版" in text) == (True, True)
        if kind == "all":
            continue
        assert "回答期限　令和10年6月30日" in text
        assert "提出先　企画課計画係 内線123" in text
        assert ("記入者・内線" in text, "所属長確認" in text) == (True, True)
        assert "実績がないときは 0" in text
        assert "返送してください" in text


def test_a_closing_form_explains_each_basis(forms: dict[str, list[Path]]) -> None:
    text = words(forms["closing"][0])
    for word in ("未確定＝", "該当なし＝", "測定不能＝", "「速報」を選んでください", "150字程度"):
        assert word in text


def test_the_closing_form_asks_one_reporter_for_its_indicators_alone(
    forms: dict[str, list[Path]],
) -> None:
    asked = {
        path.stem.rpartition("_")[2]: list(Paper.open(path).subjects("実績"))
        for path in forms["closing"]
    }
    assert asked[REPORTER] == ["sodan-1", "sodan-4", "chiiki-1", "chiiki-7"]
    assert sum(map(len, asked.values())) == 19
    for path in forms["closing"]:
        paper = Paper.open(path)
        assert list(paper.subjects("取組の記述")) == list(paper.subjects("実績"))


def test_what_is_known_is_filled_in(forms: dict[str, list[Path]]) -> None:
    paper = Paper.open(forms["closing"][0])
    row = paper.sheets["実績"][paper.row("実績", "sodan-1")]
    heading = paper.titles("実績")
    assert dict(zip(heading[:8], row[:8], strict=True)) == {
        "id": "sodan-1",
        "番号": "(1)①",
        "指標名": "高齢者現況調査回収率",
        "単位": "％",
        "数え方": "率（分子÷分母×100）。分子と分母に何を数えたかを備考に",
        "R6参考": 91.0,
        "R8実績": 90.8,
        "R9目標": 92.0,
    }
    assert set(row[8:]) == {""}
    told = paper.sheets["取組の記述"][paper.row("取組の記述", "sodan-1")]
    assert told[3].startswith("未回収世帯への再度の案内を早め")
    revised = Paper.open(next(path for path in forms["closing"] if "地域包括ケア" in path.stem))
    titles = revised.titles("実績")
    assert revised.sheets["実績"][revised.row("実績", "takikan-1")][titles.index("R9目標")] == 8.0


@pytest.mark.parametrize("kind", KINDS)
def test_the_cells_to_fill_in_are_open_and_no_others(
    forms: dict[str, list[Path]], kind: str
) -> None:
    given = {"実績値", "分子", "分母", "区分", "基準日", "備考", "9月末実績", "年度末見込"}
    given |= {"実施状況", "要因", "課題", "改善策", "方向性"}
    given |= {"評価", "評価理由", "会議", "委員会意見", "対応方針"}
    given |= {"上半期の取組状況", "見込の要因", "下半期の対応", "次年度への反映"}
    asked = {"前年度の改善策の状況": "前年度の改善策", "その後の状況": "前回の意見"}

    def is_quoted(paper: Paper, sheet: str, subject: str, title: str) -> bool:
        row = paper.sheets[sheet][paper.row(sheet, subject)]
        return bool(row[paper.column(sheet, asked[title])] != "—")

    for path in forms[kind]:
        paper = Paper.open(path)
        for sheet, xml in sheet_xml(path).items():
            expected = {
                paper.address(sheet, subject, title)
                for subject in paper.subjects(sheet)
                for title in paper.titles(sheet)
                if (
                    title in given
                    and (title not in ("分子", "分母") or subject in ("sodan-1", "sodan-3"))
                )
                or (title in asked and is_quoted(paper, sheet, subject, title))
            }
            below = paper.heading(sheet) + 1
            cells = open_cells(path, xml)
            in_table = {each for each in cells if int(re.sub(r"\D", "", each)) > below}
            assert in_table == expected, (path.name, sheet)
            in_head = kind != "all" and sheet == "実績"
            assert bool(cells - in_table) is in_head


def test_choices_are_offered(forms: dict[str, list[Path]]) -> None:
    def choices(path: Path) -> list[str]:
        xml = "".join(sheet_xml(path).values())
        return [html.unescape(each) for each in re.findall(r"<formula1>(\".*?\")</formula1>", xml)]

    courses = f'"{",".join(COURSES)}"'
    assert choices(forms["closing"][0]) == ['"確定,速報,未確定,該当なし,測定不能"', courses]
    (everything,) = forms["all"]
    bases = '"確定,速報,未確定,該当なし,測定不能,見込,中間"'
    assert choices(everything) == [bases, courses, '"A,B,C,D"']
    xml = sheet_xml(forms["closing"][0])["取組の記述"]
    assert re.search(r'type="textLength" operator="lessThanOrEqual" errorStyle="warning"', xml)
    assert "<formula1>200</formula1>" in xml


def test_long_choices_and_texts_that_look_like_formulas_stay_texts(tmp_path: Path) -> None:
    courses = [f"{number}番目のとても長い方向性の選択肢" for number in range(20)]
    extra = f"courses: [{', '.join(courses)}]\n"
    small_workspace(tmp_path, "id: a, reporter: 甲課, definition: '=HYPERLINK(1)'", extra=extra)
    write_log(tmp_path / "data" / "reviews" / "R8.csv", REVIEWS_HEADER, [",R8,a,,,,=1+1,,,,,,,"])
    (path,) = send(tmp_path, "R9", "2028-06-01")
    assert "=HYPERLINK(1)" in words(path)
    assert "=1+1" in words(path)
    assert all(formulas(xml) == {} for xml in sheet_xml(path).values())


def test_a_text_too_long_for_a_cell_is_seen_to_be_cut(tmp_path: Path) -> None:
    long = "とても長い記述です。" * 4_000
    small_workspace(tmp_path, "id: a", "id: b")
    write_log(tmp_path / "data" / "reviews" / "R9.csv", REVIEWS_HEADER, [f",R9,a,{long}{',' * 10}"])
    (path,) = send(tmp_path, "R9", "2028-06-01", "--all")
    paper = Paper.open(path)
    cell = paper.sheets["取組の記述"][paper.row("取組の記述", "a")][
        paper.column("取組の記述", "実施状況")
    ]
    assert (len(cell), cell) == (32_767, f"{long[:32_766]}…")
    assert list(paper.subjects("取組の記述")) == ["p", "a", "b"]


def validations(path: Path, sheet: str) -> dict[str, str]:
    """Return the rule of each cell's range, by range."""
    xml = sheet_xml(path)[sheet]
    found = re.findall(r"<dataValidation [^>]*>", xml)
    return {re.search(r'sqref="([^"]+)"', each)[1]: html.unescape(each) for each in found}  # type: ignore[index]


@pytest.mark.parametrize("kind", ["closing", "interim", "all"])
def test_counts_are_whole_numbers(forms: dict[str, list[Path]], kind: str) -> None:
    path = forms[kind][0]
    paper = Paper.open(path)
    title = "9月末実績" if kind == "interim" else "実績値"
    rules = validations(path, "実績")
    rate, count = (paper.address("実績", each, title) for each in ("sodan-1", "sodan-4"))
    assert 'type="decimal"' in rules[rate]
    (own,) = (
        rule
        for area, rule in rules.items()
        if area.startswith(count[0]) and rule != rules[rate] and covers(area, count)
    )
    assert 'type="whole"' in own


def covers(area: str, address: str) -> bool:
    first, _, last = area.partition(":")
    rows = [int(re.sub(r"\D", "", each)) for each in (first, last or first, address)]
    return rows[0] <= rows[2] <= rows[1]


def test_the_prompts_name_what_is_there(forms: dict[str, list[Path]]) -> None:
    half = "".join(validations(forms["interim"][0], "実績").values())
    assert "区分" not in half
    assert "まだ分からないときは空欄のままに" in half
    day = next(each for each in validations(forms["all"][0], "実績").values() if "基準日" in each)
    assert ("150字" in day, "いつ時点の数値か" in day) == (False, True)


def test_the_guide_names_what_is_there(forms: dict[str, list[Path]], tmp_path: Path) -> None:
    text = words(forms["closing"][0])
    assert "2枚目のシート「取組の記述」には、指標ごとに" in text
    workspace = open_year(tmp_path, "R9", "R10")
    (path, *_) = send(workspace, "R9", LATER, "--format", "csv")
    text = path.read_text("utf-8-sig")
    assert "150字程度" in text
    assert not [each for each in ("灰色", "シート", "セル", "取組の記述") if each in text]


def width_of(xml: str, column: int) -> float:
    found = re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', xml)
    (width,) = (each for first, last, each in found if int(first) <= column <= int(last))
    return float(width)


def test_a_text_of_the_length_asked_for_fits(forms: dict[str, list[Path]]) -> None:
    """Heights that LibreOffice was seen to print whole; a line of 10 points takes 17."""
    for kind, sheet, title, length in (
        ("closing", "取組の記述", "要因", 150),
        ("closing", "実績", "備考", 100),
        ("interim", "実績", "備考", 100),
        ("all", "取組の記述", "要因", 150),
        ("all", "評価", "委員会意見", 150),
    ):
        path = forms[kind][0]
        paper = Paper.open(path)
        xml = sheet_xml(path)[sheet]
        # A unit of width is 8 pixels here; a character of 10 points takes 13.3.
        chars = int((width_of(xml, paper.column(sheet, title) + 1) * 8 - 10) / (10 * 96 / 72))
        lines = -(-length // chars)
        for subject in paper.subjects(sheet):
            row = paper.row(sheet, subject) + 1
            height = re.search(rf'<row r="{row}" [^>]* ht="([\d.]+)"', xml)
            assert height
            assert float(height[1]) >= lines * 17, (kind, sheet, subject)


def test_texts_begin_at_the_top_of_their_cells(forms: dict[str, list[Path]]) -> None:
    path = forms["closing"][0]
    paper = Paper.open(path)
    styles = part(path.read_bytes(), "xl/styles.xml").split("<cellXfs")[1]
    formats = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", styles, re.DOTALL)
    for sheet, title in (
        ("実績", "備考"),
        ("取組の記述", "要因"),
        ("取組の記述", "前年度の改善策"),
    ):
        address = paper.address(sheet, "sodan-1", title)
        found = re.search(rf'<c r="{address}" s="(\d+)"', sheet_xml(path)[sheet])
        assert found
        assert 'vertical="top"' in formats[int(found[1])]
