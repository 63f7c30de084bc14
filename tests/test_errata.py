"""``jusou diff R9 --errata``: the 正誤表 of a handout, and apart from it what was settled since."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.handouts import bare, poppler
from tests.spreadsheet import column, read_rows
from tests.support import (
    Ran,
    call,
    record,
    sample_workspace,
    show_json,
    small_workspace,
    tree,
)

MEETING, LATER = "2028-06-10", "2028-07-20"
LEAD = "令和10年6月10日の第1回会議で配布した資料１に誤りがありましたので、お詫びして訂正します。"
UNCHANGED = "上記以外の達成度・達成数に変更はありません。"
OWN = {"errata.pdf", "errata.xlsx", "errata.md"}
SETTLED = {"settled.pdf", "settled.xlsx", "settled.md"}


def handed_out(workspace: Path, *options: str) -> Path:
    """Record R8 and R9, then hand out the pack of R9: ``b`` is 速報, nothing of ``c`` is there."""
    record(workspace, "R8 a 90 確定", "R8 b 70 確定", "R9 a 104 確定", "R9 b 80 速報")
    return freeze(workspace, *options)


def freeze(workspace: Path, *options: str) -> Path:
    given = options or ("--only", "md", "--doc-no", "資料１")
    assert call(workspace, "report", "R9", *given, "--date", MEETING).code == 0
    assert call(workspace, "freeze", "R9", "--as", "第1回会議", "--date", MEETING).code == 0
    return workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return handed_out(small_workspace(tmp_path, "id: a, baseline: 50", "id: b", "id: c"))


def add(workspace: Path, *words: str) -> None:
    assert call(workspace, "add", *words, "--date", LATER).code == 0


def correct(workspace: Path, value: str = "94", *more: str) -> None:
    add(workspace, "R9", "a", value, "--correct", *(more or ("--reason", "二重に数えていたため")))


def errata(workspace: Path) -> Ran:
    ran = call(workspace, "diff", "R9", "--errata", "--date", LATER)
    assert ran.code == 0, ran
    return ran


def written(workspace: Path) -> set[str]:
    folder = workspace / "reports" / "errata-R9"
    return set(tree(folder)) if folder.exists() else set()


def text(workspace: Path, name: str = "errata") -> str:
    return (workspace / "reports" / "errata-R9" / f"{name}.md").read_text("utf-8")


def lines(workspace: Path, name: str = "errata") -> list[list[str]]:
    """Return the rows of the table, the heading not among them."""
    rows = [line for line in text(workspace, name).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def test_the_figure_stands_first_then_what_follows_from_it(workspace: Path) -> None:
    correct(workspace)
    errata(workspace)
    assert written(workspace) == OWN
    found = lines(workspace)
    assert [row[0] for row in found] == [str(number) for number in range(1, len(found) + 1)]
    assert found[0][2:] == [
        "(1)1 指標1　実績", "104件", "94件", "二重に数えていたため",
    ]  # fmt: skip
    said = {place: rest for _, _, place, *rest in found}
    assert said["(1)1　達成率"] == ["104.0％", "94.0％", "No.1に伴う"]
    assert said["(1)1　達成度"] == ["A", "B", "No.1に伴う"]
    assert said["(1)1　指標一覧　前年度差"] == ["+14", "+4", "No.1に伴う"]
    assert said["(1)1　PDCA評価表　計画期間累計"][:2] == [
        "実績194／目標200（97.0％）", "実績184／目標200（92.0％）",
    ]  # fmt: skip
    assert said["(1)1　主な未達"][:2] == ["（記載なし）",
        "(1)1 指標1（件）<br>目標 100、実績 94、達成率（％） 94.0、達成度 B",
    ]  # fmt: skip
    counts = said["事業別の達成状況　(1) 事業"]
    assert counts[0].startswith("A 1、B 1、達成数／評価指標数 1／2、平均達成率 90.0")
    assert counts[1].startswith("A 0、B 2、達成数／評価指標数 0／2、平均達成率 87.0")
    assert said["事業別の達成状況　計"][0] == counts[0]
    assert "評価した2指標のうち1指標が目標達成" in said["総括"][0]
    assert "評価した2指標のうち0指標が目標達成" in said["総括"][1]
    places = list(said)
    assert places.index("総括") > places.index("事業別の達成状況　計")
    paper = text(workspace)
    assert all(words in paper for words in (LEAD, UNCHANGED, "「全指標の達成率（令和9年度）」"))


def said_in(paper: str) -> set[str]:
    """Return the cells and sentences of a pack, without marks of corrections and units of rates."""
    paper = re.sub(r"\n## [^\n]*変更点\n.*?(?=\n## )", "", paper, flags=re.DOTALL)
    paper = re.sub(r"　?※: [^\n]*訂正した値", "", paper).replace("※", "").replace("<br>", "|")
    cells = re.split(r"[|\n]|(?<=。)|\*\*[^*]+\*\*: ", paper)
    return {cell.strip(" :-").replace("％", "") for cell in cells}


def test_all_that_the_paper_says_otherwise_is_in_it(tmp_path: Path) -> None:
    """As the pack says it that is made from the corrected figures."""
    workspace = sample_workspace(tmp_path)
    paper = workspace / "reports" / "R9" / "review.md"
    command = ("report", "R9", "--only", "md", "--date", LATER)
    assert call(workspace, *command).code == 0
    assert call(workspace, "freeze", "R9", "--as", "会議", "--date", LATER).code == 0
    before = said_in(paper.read_text("utf-8"))
    for year, key, value in (
        ("R9", "outreach-2", "150"), ("R9", "takikan-2", "21"), ("R9", "chiiki-3", "170"),
        ("R9", "sanka-2", "0"), ("R8", "sodan-2", "2700"),
    ):  # fmt: skip
        add(workspace, year, key, value, "--correct", "--reason", "精査")
    errata(workspace)
    assert call(workspace, *command).code == 0
    after = said_in(paper.read_text("utf-8"))
    for index, there, here in ((3, before, after), (4, after, before)):
        told = "、".join(row[index] for row in lines(workspace)).replace("％", "")
        assert len(there - here) > 30
        assert not [each for each in there - here if each not in told]


def test_pdf_and_workbook_say_the_same(workspace: Path) -> None:
    correct(workspace, "94", "--remark", "内線123の山田さんから")
    errata(workspace)
    folder = workspace / "reports" / "errata-R9"
    rows = read_rows((folder / "errata.xlsx").read_bytes(), "正誤表")
    found = lines(workspace)
    assert [column(rows, title) for title in ("誤", "正")] == [
        [row[index].replace("<br>", "\n") for row in found] for index in (3, 4)
    ]
    assert found[0][5] == column(rows, "訂正理由")[0] == "（理由の記載なし）"
    pdf = bare(poppler("pdftotext", folder / "errata.pdf", "-raw"))
    assert all(bare(words) in pdf for words in (LEAD, UNCHANGED, "（理由の記載なし）"))
    for name in tree(folder):
        said = "".join(map(str, rows)) if name.endswith("xlsx") else pdf + text(workspace)
        assert not re.search("山田|内線|備考", said)


def test_pages_are_those_on_which_the_wrong_figure_stands(tmp_path: Path) -> None:
    plan = small_workspace(tmp_path, "id: a", "id: b")
    path = plan / "data" / "targets.yaml"
    info = "municipality: 市"
    path.write_text(path.read_text("utf-8").replace(info, f"{info}, contact: 福祉課"), "utf-8")
    workspace = handed_out(plan, "--only", "pdf")
    correct(workspace, "77")
    errata(workspace)
    pack = workspace / "data" / "handouts" / "R9-1" / "review.pdf"
    pages = poppler("pdftotext", pack, "-raw").removesuffix("\f").split("\f")
    found = {place: numbers for _, numbers, place, *_ in lines(workspace)}
    for place, words in (("(1)1 指標1　実績", "104"), ("(1)1　達成率", "104.0")):
        there = {
            number
            for number, page in enumerate(pages, 1)
            if words in re.split(r"[\s％件]", page) and "(1)事業目標と実績" not in bare(page)
        }
        assert there - {1} == {int(number) for number in found[place].split("、")}  # a chart on 1
    assert found["総括"] == "1"
    assert "お問い合わせ: 福祉課" in text(workspace)
    assert "市　福祉課　令和10年7月20日" in text(workspace)


def test_a_second_handout_is_corrected_by_itself(workspace: Path) -> None:
    correct(workspace)
    again = ("--only", "pdf", "--date", "2028-07-25", "--meeting", "第2回会議")
    assert call(workspace, "report", "R9", *again).code == 0
    (workspace / "reports" / "R9" / "review.md").unlink()
    assert call(workspace, "freeze", "R9", "--date", "2028-07-25").code == 0
    correct(workspace, "95", "--reason", "1件は別の相談")
    ran = call(workspace, "diff", "R9", "--errata", "--date", "2028-08-01")
    assert ran.code == 0, ran.err
    assert "令和10年7月25日の第2回会議で配布した資料に誤りがありました" in text(workspace)
    assert lines(workspace)[0][2:] == ["(1)1 指標1　実績", "94件", "95件", "1件は別の相談"]
    assert "「資料からの変更点」に同じ数値があれば" in text(workspace)
    first = ("diff", "R9", "--handout", "r9-1", "--date", "2028-08-01")
    ran = call(workspace, *first)
    assert "前回（資料１）：104件" in ran.out
    assert "jusou diff R9 --errata --handout R9-1 で" in ran.err
    assert call(workspace, *first, "--errata").code == 0
    assert lines(workspace)[0][2:4] == ["(1)1 指標1　実績", "94件"]  # each in a folder of its own
    earlier = workspace / "reports" / "errata-R9-1" / "errata.md"
    assert "104件" in earlier.read_text("utf-8")
    assert "R9 の控えは R9-1、R9-2 です。" in call(workspace, "diff", "R9", "--handout", "3").err


def test_without_the_kept_pdf_there_are_no_pages(workspace: Path) -> None:
    correct(workspace)
    errata(workspace)
    assert {row[1] for row in lines(workspace)} == {"—"}


def test_what_was_settled_is_no_error(workspace: Path) -> None:
    add(workspace, "R9", "b", "81", "--correct", "--reason", "確定値")
    add(workspace, "R9", "c", "70")
    ran = errata(workspace)
    assert "R9-1（令和10年6月10日 第1回会議）に、訂正する数値はありません。" in ran.out
    assert written(workspace) == SETTLED
    assert "誤り" not in text(workspace, "settled")
    assert [row[0:1] + row[2:] for row in lines(workspace, "settled")] == [
        ["(1)2 指標2", "確定", "実績", "80件（速報）", "81件", "81.0％", "B"],
        ["(1)3 指標3", "追加", "実績", "集計中", "70件", "70.0％", "C"],
    ]


def test_what_changed_besides_the_errors_is_told_below_them(workspace: Path) -> None:
    correct(workspace)
    add(workspace, "R9", "c", "120")
    errata(workspace)
    assert written(workspace) == OWN | SETTLED
    assert not any("指標3" in place or "(1)3" in place for _, _, place, *_ in lines(workspace))
    assert {row[3] for row in lines(workspace) if row[2] == "事業別の達成状況　計"} == {
        "A 1、B 1、達成数／評価指標数 1／2、平均達成率 90.0"
    }
    paper = text(workspace)
    assert UNCHANGED not in paper
    assert (
        "上記のほか、配布後の追加（誤りではありません）により、次のとおり変わりました: "
        "(1)3 指標3の達成度 —→A、計画全体の達成数／評価指標数 0／2→1／3。"
    ) in paper


def test_diff_tells_of_it_where_something_was_wrong(workspace: Path) -> None:
    add(workspace, "R9", "c", "120")
    said = "正誤表は jusou diff R9 --errata で"
    assert said not in call(workspace, "diff", "R9", "--date", LATER).err
    correct(workspace)
    assert said in call(workspace, "diff", "R9", "--date", LATER).err


@pytest.mark.parametrize("value", [None, "104"])
def test_nothing_is_written_where_no_figure_changed(workspace: Path, value: str | None) -> None:
    if value:
        correct(workspace)
        correct(workspace, value, "--reason", "元が正しい")
    assert call(workspace, "note", "R9", "a", "--cause", "増えたため").code == 0
    ran = errata(workspace)
    assert "訂正する数値はありません。" in ran.out
    assert "ほかに記述が1件変わっています" in ran.err
    assert written(workspace) == set()


def test_an_error_of_the_year_before_is_one_of_this_years_paper(workspace: Path) -> None:
    add(workspace, "R8", "b", "75", "--correct", "--reason", "集計漏れ")
    errata(workspace)
    found = {place: rest for _, _, place, *rest in lines(workspace)}
    assert found["(1)2 指標2　前年度実績"] == ["70件", "75件", "集計漏れ"]
    assert found["(1)2　指標一覧　前年度差"][:2] == ["+10", "+5"]
    assert found["(1)2　全年度の目標と実績　R8達成率"][:2] == ["70.0％", "75.0％"]
    assert "(1)2　達成率" not in found


def test_a_figure_that_does_not_exist_is_corrected_too(workspace: Path) -> None:
    add(
        workspace,
        "R9",
        "a",
        "--basis",
        "該当なし",
        "--remark",
        "休止",
        "--correct",
        "--reason",
        "誤認",
    )
    errata(workspace)
    found = {place: rest for _, _, place, *rest in lines(workspace)}
    assert found["(1)1 指標1　実績"] == ["104件", "該当なし", "誤認"]
    assert found["(1)1　達成率"][:2] == ["104.0％", "—"]


def test_what_follows_from_two_errors_names_both(workspace: Path) -> None:
    add(workspace, "R8", "a", "80", "--correct", "--reason", "転記の誤り")
    correct(workspace)
    errata(workspace)
    reasons = [reason for *_, reason in lines(workspace)]
    assert {*reasons[:2]} == {"転記の誤り", "二重に数えていたため"}
    assert {*reasons[2:]} == {"No.1・2に伴う", "上記に伴う"}


def test_what_only_others_made_wrong_follows_from_them(tmp_path: Path) -> None:
    """Also where a figure of its own was wrong, of a year that the paper does not print."""
    workspace = small_workspace(tmp_path, *(f"id: {key}" for key in "abcdef"))
    values = zip("abcdef", (104, 80, 70, 60, 50, 40), strict=True)
    record(workspace, *(f"R9 {key} {value}" for key, value in values), "R10 b - 該当なし")
    freeze(workspace)
    correct(workspace, "10")
    add(workspace, "R10", "b", "--basis", "取消", "--reason", "再開")
    errata(workspace)
    found = {place: rest for _, _, place, *rest in lines(workspace)}
    assert found["(1)2 指標2　主な未達"][1:] == ["（削除）", "上記に伴う"]
    assert "再開" not in text(workspace)


def test_a_list_that_is_new_has_no_empty_lines(tmp_path: Path) -> None:
    workspace = handed_out(small_workspace(tmp_path, "id: a", "id: b"))
    add(workspace, "R9", "a", "--basis", "取消", "--remark", "誤認", "--reason", "誤認")
    errata(workspace)
    assert lines(workspace)[0][2:5] == ["(1)1 指標1　実績", "104件", "集計中"]
    assert all(
        {wrong, right} != {"（記載なし）", "（削除）"} for *_, wrong, right, _ in lines(workspace)
    )


def test_a_sheet_of_a_correction_that_was_taken_back_is_said_to_be_old(workspace: Path) -> None:
    correct(workspace)
    assert "使わないで" not in errata(workspace).err
    before = written(workspace)
    correct(workspace, "104", "--reason", "元の数が正しかったため")
    ran = errata(workspace)
    assert "訂正する数値はありません" in ran.out
    assert "errata.pdf は前に作ったものです。使わないでください。" in ran.err
    assert written(workspace) == before


def test_texts_to_read_again_are_told_once(tmp_path: Path) -> None:
    rate = "id: a, unit: ％, measure: rate, maximum: null"
    workspace = handed_out(small_workspace(tmp_path, rate, "id: b"))
    assert call(workspace, "note", "R9", "a", "--cause", "増えた", "--date", MEETING).code == 0
    parts = ("--numerator", "60", "--denominator", "80")
    add(workspace, "R9", "a", *parts, "--correct", "--reason", "誤り")
    assert errata(workspace).err.count("a の要因が、今の数値と合うか") == 1


def test_an_edited_plan_does_not_change_what_was_printed(workspace: Path) -> None:
    path = workspace / "data" / "targets.yaml"
    plan = path.read_text("utf-8")
    path.write_text(plan.replace("指標1", "別の名").replace("R9: 100", "R9: 50"), "utf-8")
    correct(workspace)
    ran = errata(workspace)
    assert "data/targets.yaml が、R9-1 を作った後に書き換えられています。" in ran.err
    assert lines(workspace)[0][2] == "(1)1 指標1　実績"
    assert lines(workspace)[1][3] == "104.0％"
    assert "配布後の計画・計算の変更により、" in text(workspace)


def test_what_came_in_is_no_error_beside_an_edited_plan(workspace: Path) -> None:
    path = workspace / "data" / "targets.yaml"
    plan = path.read_text("utf-8")
    path.write_text(plan.replace("指標2", "名").replace("R9: 100", "R9: 80"), "utf-8")
    correct(workspace)
    add(workspace, "R9", "c", "20")
    errata(workspace)
    told = [line for line in text(workspace).splitlines() if "上記のほか" in line]
    innocent, edited = (line.partition("により、次のとおり変わりました: ") for line in told)
    assert innocent[0] == "- 上記のほか、配布後の追加（誤りではありません）"
    assert innocent[2] == "(1)3 指標3の達成度 —→D。"
    assert edited[0] == "- 上記のほか、配布後の追加・計画・計算の変更"
    assert edited[2].startswith("(1)1 指標1の達成度 B→A、(1)2 名の達成度 B→A、計画全体の達成数")


def test_an_edited_target_of_a_corrected_figure_is_named_as_such(workspace: Path) -> None:
    path = workspace / "data" / "targets.yaml"
    path.write_text(path.read_text("utf-8").replace("R9: 100", "R9: 200", 1), "utf-8")
    correct(workspace)
    errata(workspace)
    assert "配布後の計画・計算の変更により、" in text(workspace)


def test_where_the_logs_no_longer_tell_what_was_printed_it_is_said(workspace: Path) -> None:
    correct(workspace)
    log = workspace / "data" / "actuals" / "R9.csv"
    log.write_text(log.read_text("utf-8-sig").replace(",80,", ",90,"), "utf-8-sig")
    ran = call(workspace, "diff", "R9", "--errata", "--date", LATER)
    assert ran.code == 1
    assert "R9-1 を今の記録から作り直すと、違う数値になります: (1)2 指標2の実績" in ran.err
    assert "jusou check" in ran.err
    assert written(workspace) == set()


def test_it_goes_with_no_other_format_and_needs_a_handout(workspace: Path) -> None:
    ran = call(workspace, "diff", "R9", "--errata", "--format", "json")
    assert (ran.code, "--format json" in ran.err) == (2, True)
    ran = call(workspace, "diff", "R8", "--errata")
    assert (ran.code, "控えがありません" in ran.err) == (1, True)


def test_indicators_may_have_another_id_by_now(workspace: Path) -> None:
    """Also where a decision that the handout took into account names one of them."""
    revise = ("revise", "b", "R10=90", "--reason", "統合", "--decided-by", "会議")
    assert call(workspace, *revise, "--decided-on", "2028-03-01", "--date", MEETING).code == 0
    path = workspace / "reports" / "R9"
    assert call(workspace, "report", "R9", "--only", "md,pdf", "--date", MEETING).code == 0
    assert call(workspace, "freeze", "R9", "--as", "第2回会議", "--date", MEETING).code == 0
    correct(workspace)
    errata(workspace)
    before = text(workspace)
    plan = workspace / "data" / "targets.yaml"
    renamed = re.sub(r"id: ([ab]),", r"id: new-\1, former_ids: [\1],", plan.read_text("utf-8"))
    plan.write_text(renamed, "utf-8")
    errata(workspace)
    assert text(workspace) == before
    (found, *_) = show_json(workspace, "diff", "R9", "--date", LATER)["changes"]
    assert (found["subject"], found["before"][0], found["after"][0]) == ("new-a", 104, 94)
    (handout,) = show_json(workspace, "trace", "R9", "a", "--date", LATER)["handouts"][1:]
    assert handout["value"] == 104
    assert handout["pages"]
    assert call(workspace, "report", "R9", "--only", "md", "--date", LATER).code == 0
    assert "94※" in (path / "review.md").read_text("utf-8")


def test_a_decision_that_was_typed_by_mistake_was_an_error_of_the_paper(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path)
    command = ("report", "R9", "--only", "md", "--date", LATER)
    assert call(workspace, *command).code == 0
    assert call(workspace, "freeze", "R9", "--as", "会議", "--date", LATER).code == 0
    printed = (workspace / "reports" / "R9" / "review.md").read_text("utf-8")
    cancel = ("revise", "--decision", "1", "--cancel", "--reason", "決定の写し誤り")
    assert call(workspace, *cancel, "--date", LATER).code == 0
    out = errata(workspace).out
    assert "誤りではありません" not in out
    assert "上記以外の達成度・達成数に変更はありません。" in out
    found = lines(workspace)
    assert found[0][2:] == [
        "(3)① 重層的支援会議等開催回数　目標", "8回（当初10）", "10回", "決定の写し誤り",
    ]  # fmt: skip
    said = {place: rest for _, _, place, *rest in found}
    assert said["(3)①　達成度"] == ["A", "B", "No.1に伴う"]
    assert [said[f"(3)①　全年度の目標と実績　{year}目標"][2] for year in ("R10", "R11")] == [
        "決定の写し誤り"
    ] * 2
    assert len([row for row in found if "新旧対照表　(3)①" in row[2]]) == 1  # both its lines
    other = next(row for row in found if row[2].startswith("(2)④"))  # from among the worst five
    assert (other[4], other[5]) == ("（削除）", "上記に伴う")
    assert other[3].split("<br>")[0] in printed.replace("|", "")
    changes = show_json(workspace, "diff", "R9", "--date", LATER)["changes"]
    (change,) = [each for each in changes if not each["follows"]]
    assert (change["kinds"], change["field"], change["reason"], change["date"]) == (
        ["訂正"], "target", "決定の写し誤り", LATER,
    )  # fmt: skip


def test_another_decision_is_no_change_of_a_target(workspace: Path) -> None:
    given = ("--reason", "廃止", "--decided-by", "会議", "--decided-on", "2028-03-01")
    assert call(workspace, "revise", "a", "--end", "R9", *given, "--date", LATER).code == 0
    changes = show_json(workspace, "diff", "R9", "--date", LATER)["changes"]
    assert {kind for each in changes for kind in each["kinds"]} == {"計画・計算の変更"}
    assert "104件（終了）" in call(workspace, "diff", "R9", "--date", LATER).out
