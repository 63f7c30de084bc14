"""``jusou revise`` beyond targets: 参考値, 終了, 追加, 定義, 所管課, 取消（誤入力）, 公表日."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults import DeadError, Disk, failing
from tests.handouts import bare, poppler
from tests.spreadsheet import read_rows
from tests.support import (
    REVISIONS_HEADER,
    Ran,
    call,
    log_rows,
    record,
    show_json,
    small_workspace,
    tree,
    write_log,
)

DAY = ("--date", "2027-12-01")  # R9 goes on
DECISION = (
    "--reason", "組織の見直し", "--decided-by", "計画見直し会議", "--decided-on", "R9.11.20",
    *DAY, "--by", "山田",
)  # fmt: skip
A = "measure: stock, unit: 人, baseline: 40, reporter: 福祉課, definition: 年度末の数"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    indicators = (f"id: a, {A}", "id: b, reporter: 福祉課", "id: c, from: R10, targets: {R10: 5}")
    return record(small_workspace(tmp_path, *indicators), "R8 a 50", "R8 b 80")


def revise(workspace: Path, *words: str, stdin: str = "") -> Ran:
    return call(workspace, "revise", *words, *DECISION, stdin=stdin)


def recorded(workspace: Path) -> list[list[str]]:
    path = workspace / "data" / "revisions.csv"
    columns = ("指標", "項目", "年度", "変更前", "変更後")
    return [[row[each] for each in columns] for row in log_rows(path)] if path.exists() else []


def refused(workspace: Path, *words: str) -> Ran:
    before = tree(workspace)
    ran = call(workspace, "revise", *words)
    assert (ran.code > 0, tree(workspace)) == (True, before), ran
    return ran


EVERYTHING = [
    ["a", "目標値", "R10", "100", "90"],
    ["a", "参考値", "", "40", "45"],
    ["a", "定義", "R10", "年度末の数", "9月末の数、1-2 を除く"],
    ["a", "所管課", "R10", "福祉課", "こども課"],
]


def of_a(workspace: Path, *more: str) -> Ran:
    counted = "R10=9月末の数、1-2 を除く"
    options = ("--baseline", "45", "--definition", counted, "--department", "R10=こども課")
    return revise(workspace, "a", "R10=90", *options, *more)


def test_one_decision_takes_every_item_by_options(workspace: Path) -> None:
    before = tree(workspace)
    ran = of_a(workspace, "--dry-run")
    assert (ran.code, tree(workspace)) == (0, before)
    assert "書き込んでいません（記録するもの: 目標値1件、参考値1件、定義1件、所管課1件" in ran.out
    ran = of_a(workspace)
    assert (ran.code, recorded(workspace)) == (0, EVERYTHING), ran.err
    assert "確認してください" not in ran.err  # the baseline was counted anew
    assert revise(workspace, "b", "--end", "R10").code == 0
    assert revise(workspace, "c", "--start", "R10").code == 0
    assert recorded(workspace)[4:] == [["b", "終了", "R10", "", ""], ["c", "追加", "R10", "", ""]]
    assert "第2回変更" not in call(workspace, "revisions", *DAY).out  # one day, one body
    (a, b, c) = show_json(workspace, "show", "R10", "--date", "2029-05-01")["indicators"]
    assert (a["target"], a["baseline"], a["flags"][0]) == (90, 45, "definition_changed")
    assert (b["status"], c["target"]) == ("ended", 5)
    again = of_a(workspace)
    assert "何も書き込みませんでした" in again.out
    assert "a は、今の参考値と同じです。" in again.err


def test_many_indicators_get_another_department_at_once(workspace: Path) -> None:
    assert revise(workspace, "a", "b", "--department", "Ｒ10＝地域課").code == 0
    assert [[row[0], *row[3:]] for row in recorded(workspace)] == [
        ["a", "福祉課", "地域課"],
        ["b", "福祉課", "地域課"],
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a", "--baseline", "2", "700"], "PowerShell は、カンマのところで値を分けます。"),
        (["a", "R10=2", "700", "--end", "R10"], "「R10=2」の後に「700」があります。"),
        (["a", "--definition", "R10=甲", "乙"], "指標「乙」は計画にありません。"),
        (["--end", "R10"], "変える指標がありません。"),
        (["a", "R10=90", "b", "--end", "R10"], "どの指標のものか分かりません。"),
        (["a", "b", "--baseline", "50"], "参考値は、指標が2つ以上あると"),
        (["a", "--baseline", "約50"], "a の 変更後「約50」は"),
        (["a", "--definition", "9月末の数"], "定義「9月末の数」に、年度がありません。"),
        (["a", "--department", "R10="], "a の 変更後が空です。"),
        (["a", "--end", "R8"], "a の R8 は決定日「R9.11.20」より前に終わっています。"),
        (["a", "--end", "R20"], "a の 年度「R20」は計画期間の外です。"),
        (["a", "--end", "来年"], "a の 年度「来年」は読めません。"),
        (["a", "--start", "R10"], "計画の from（なし）と違います。"),
        (["a", "--cancel"], "--decision 1 のように"),
        (["--decision", "1", "--published", "R9.12.1"], "だけです。"),
    ],
)
def test_what_cannot_be_meant_is_refused_whole(
    workspace: Path, words: list[str], said: str
) -> None:
    assert said in refused(workspace, *words, *DECISION).err


def test_all_that_is_wrong_is_said_at_once(workspace: Path) -> None:
    err = refused(workspace, "a", "R99=1", "R10=約", "b", "R8=5", "x", *DAY).err
    assert err.count("エラー: ") == 2  # what cannot be read comes before what may not be
    assert "指標「x」は計画にありません。" in err
    assert "--decided-on、--decided-by、--reason がありません。" in err
    err = refused(workspace, "a", "R99=1", "R10=約", "b", "R8=5", "R10=5", "R10=6", *DECISION).err
    assert err.count("エラー: ") == 4
    late = ("--decided-on", "R10.1.1", "--reason", "理由", "--decided-by", "会議", *DAY)
    assert "まだ来ていません。" in refused(workspace, "a", "--baseline", "50", *late).err


def test_decisions_on_the_same_thing_are_recorded_in_their_order(workspace: Path) -> None:
    assert revise(workspace, "a", "--baseline", "45", "--end", "R10").code == 0
    earlier = ("--reason", "理由", "--decided-by", "会議", "--decided-on", "R9.10.1", *DAY)
    assert (
        "前の変更（令和9年11月20日）より前です。"
        in refused(workspace, "a", "--baseline", "50", *earlier).err
    )
    assert (
        "a の「終了」は、すでに3行目にあります。"
        in refused(workspace, "a", "--end", "R10", *DECISION).err
    )


def test_an_old_baseline_beside_another_definition_is_asked_about(workspace: Path) -> None:
    ran = revise(workspace, "a", "--definition", "R10=9月末の数")
    assert "a の参考値は前の数え方のままなので、R10 から比べません。" in ran.err
    ran = revise(workspace, "a", "--baseline", "900", "--dry-run")
    assert "a の 参考値 の新しい値 900 は、今の 40 の10倍以上です。" in ran.err


def test_a_day_of_publication_comes_later(workspace: Path) -> None:
    assert of_a(workspace).code == 0
    said = (
        "第1回変更（令和9年11月20日、計画見直し会議）の公表日がありません"
        "（jusou revise --decision 1 --published 年月日）。"
    )
    for name in ("check", "status"):
        assert said in call(workspace, name, *DAY, env={"COLUMNS": "200"}).out
    before = tree(workspace)
    words = ("revise", "--decision", "第1回", "--published", "R9.12.1", *DAY)
    assert "公表日：令和9年12月1日" in call(workspace, *words, "--dry-run").out
    assert tree(workspace) == before
    ran = call(workspace, *words)
    assert (ran.code, "記録しました: 公表日（第1回変更）" in ran.out) == (0, True), ran.err
    assert "何も書き込みませんでした" in call(workspace, *words).out
    assert said not in call(workspace, "check", *DAY).out
    assert "公表日：令和9年12月1日" in call(workspace, "revisions", *DAY).out
    assert call(workspace, "revise", "--decision", "2", "--published", "R9.12.1").code == 2


def test_what_was_typed_by_mistake_vanishes_from_print_and_stands_in_history(
    workspace: Path,
) -> None:
    assert of_a(workspace).code == 0
    assert revise(workspace, "b", "R10=2577", "--department", "R10=地域課").code == 0
    cancel = ("--decision", "1", "--cancel", "--reason", "入力の誤り", *DAY)
    assert "第1回変更に、b R9 の変更はありません。" in refused(workspace, "b", "R9", *cancel).err
    ran = call(workspace, "revise", "b", "R10", "a", "定義", *cancel)
    assert ran.code == 0, ran.err
    assert "記録しました: 取消（誤入力）3件（第1回変更）" in ran.out
    said = "".join(ran.out.partition("第1回変更：")[0].split())
    assert said.startswith("〔取消（誤入力）〕"), said
    for each in ("R10100→2,577、所管課R10から福祉課→地域課", "変更：定義R10から年度末の数→9月末"):
        assert each in said
    assert sorted(row[:3] for row in recorded(workspace)[6:]) == [
        ["a", "取消（誤入力）", "R10"],
        ["b", "取消（誤入力）", "R10"],
        ["b", "取消（誤入力）", "R10"],
    ]
    printed = call(workspace, "revisions", *DAY).out
    assert ("77" in printed, "地域課" in printed, "9月末の数" in printed) == (False,) * 3
    assert "こども課" in printed
    assert "77" in call(workspace, "history", "b").out
    assert show_json(workspace, "show", "R10", *DAY)["indicators"][1]["target"] == 100
    assert call(workspace, "revise", *cancel).code == 0  # all that is left of it
    assert call(workspace, "revisions", *DAY).code == 1
    ended = ("--reason", "理由", "--decided-by", "会議", "--decided-on", "R9.11.21", *DAY)
    assert "（第2回変更）" in call(workspace, "revise", "b", "--end", "R10", *ended).out
    assert "b の R9 は終わった年度です。取り消すと" in _cancel_of_a_closed_year(workspace).err


def _cancel_of_a_closed_year(workspace: Path) -> Ran:
    assert revise(workspace, "b", "R9=70").code == 0
    cancel = ("--decision", "1", "--cancel", "--reason", "入力の誤り")
    return call(workspace, "revise", "b", "R9", *cancel, "--date", "2028-05-01")


ANSWERS = ("R9.11.20", "計画見直し会議", "組織の見直し", "", "")


def test_it_asks_for_every_item(workspace: Path) -> None:
    ran = call(workspace, "revise", *DAY, stdin="\n".join((*ANSWERS, "a", "定義", "9月末の数")))
    assert (ran.code, recorded(workspace)) == (1, [])
    assert "定義「9月末の数」に、年度がありません。" in ran.err
    of_indicators = (
        ("a", "R10=90"), ("a", "参考値", "45"), ("a", "定義", f"R10={EVERYTHING[2][4]}"),
        ("a", "所管課", "R10=こども課"), ("b", "終了", "R10"), ("c", "追加", "R10"),
    )  # fmt: skip
    same = [(*one, "") for one in of_indicators[1:]]  # the reason of the first
    of_each = (each for one in (of_indicators[0], *same) for each in one)
    answers = (*ANSWERS, *of_each, "", "y", "")
    ran = call(workspace, "revise", *DAY, stdin="\n".join(answers))
    assert ran.code == 0, ran.err
    ends = [["b", "終了", "R10", "", ""], ["c", "追加", "R10", "", ""]]
    assert recorded(workspace) == [*EVERYTHING, *ends]


def test_it_asks_what_there_is_to_say_of_an_earlier_decision(workspace: Path) -> None:
    assert of_a(workspace).code == 0
    published = "\n".join(("第1回", "R9.12.1", "y", ""))
    ran = call(workspace, "revise", *DAY, stdin=published)
    assert (ran.code, "公表日（第1回変更）" in ran.out) == (0, True), ran.err
    mistaken = "\n".join(("第1回変更", "取消", "a 所管課", "入力の誤り", "y", ""))
    ran = call(workspace, "revise", *DAY, stdin=mistaken)
    assert (ran.code, "取消（誤入力）1件（第1回変更）" in ran.out) == (0, True), ran.err
    assert recorded(workspace)[-1] == ["a", "取消（誤入力）", "R10", "福祉課", "こども課"]


def test_the_papers_show_what_is_new_gone_and_worded_otherwise(workspace: Path) -> None:
    assert of_a(workspace).code == 0
    assert revise(workspace, "b", "R9=95", "--end", "R10").code == 0
    assert revise(workspace, "c", "--start", "R10").code == 0
    ran = call(workspace, "revisions", "--format", "text,pdf,xlsx,md", *DAY)
    assert ran.code == 0, ran.err
    folder = workspace / "reports" / "revisions"
    lines = (folder / "revisions.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [row[1:6] for row in rows if row[2:3] in (["変更前"], ["変更後"])] == [
        ["目標値", "変更前", "100", "100", "100"],
        ["", "変更後", "100", "100", "<ins>90</ins>"],
        ["終了", "変更前", "100", "100", "100"],
        ["", "変更後", "100", "<ins>95</ins>", "<ins>（削除）</ins>"],
        ["追加", "変更前", "—", "—", "（新設）"],
        ["", "変更後", "—", "—", "<ins>5</ins>"],
    ]
    assert [row[1:5] for row in rows if row[1:2] in (["参考値"], ["定義"], ["所管課"])] == [
        ["参考値", "R10から", "40人", "<ins>45人</ins>"],  # with the definition
        ["定義", "R10から", "年度末の数", "<ins>9月末の数、1-2 を除く</ins>"],
        ["所管課", "R10から", "福祉課", "<ins>こども課</ins>"],
    ]
    printed = bare(poppler("pdftotext", folder / "revisions.pdf"))
    cells = str(read_rows((folder / "revisions.xlsx").read_bytes(), "新旧対照表"))
    for said in ("（新設）", "（削除）", "9月末の数", "こども課", "公表予定"):
        assert all(bare(said) in text for text in (printed, bare(cells), bare(ran.out))), said
    assert "令和9年度から" in ran.out


def test_the_pdf_keeps_the_rows_of_what_is_no_target_apart(workspace: Path) -> None:
    assert revise(workspace, "a", "b", "--department", "R10=こども課").code == 0
    assert call(workspace, "revisions", "--format", "pdf", *DAY).code == 0
    printed = bare(poppler("pdftotext", workspace / "reports" / "revisions" / "revisions.pdf"))
    for said in ("(1)1指標1", "(1)2指標2"):
        assert said in printed
    assert [printed.count(said) for said in ("R10から", "組織の見直し")] == [2, 2]


def test_a_later_year_names_the_decision_on_the_definition(workspace: Path) -> None:
    assert of_a(workspace).code == 0
    shown = call(workspace, "show", "R10", "--date", "2029-05-01").out
    text = "".join(line.strip() for line in shown.splitlines())
    assert "数え方の変更：R10から年度末の数→9月末の数、1-2 を除く（計画見直し会議、" in text
    assert "100（当初" not in text
    assert "90（当初100）" in text


def test_whenever_it_dies_a_whole_decision_stands_or_none(tmp_path: Path) -> None:
    def story(folder: Path, disk: Disk) -> tuple[Path, int]:
        workspace = small_workspace(folder, f"id: a, {A}", "id: b")
        with suppress(DeadError), failing(disk):
            of_a(workspace)
        return workspace, len(recorded(workspace))

    counting = Disk()
    assert story(tmp_path / "0", counting)[1] == len(EVERYTHING)
    for at in range(1, counting.count + 1):
        workspace, _ = story(tmp_path / str(at), Disk(at, None, 0.5))
        stands = "第1回変更" in call(workspace, "revisions", *DAY).out
        assert ("何も書き込みませんでした" in of_a(workspace).out) is stands
        assert recorded(workspace) == EVERYTHING


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("R9.11.1", "公表日（令和9年11月1日）が、決定日（令和9年11月20日）より前です。"),
        ("R9.12.2", "公表日（令和9年12月2日）は、まだ来ていません。"),
    ],
)
def test_a_day_of_publication_is_neither_before_the_decision_nor_to_come(
    workspace: Path, day: str, said: str
) -> None:
    assert said in refused(workspace, "a", "R10=90", "--published", day, *DECISION).err
    assert revise(workspace, "a", "R10=90").code == 0
    before = tree(workspace)
    assert said in refused(workspace, "--decision", "1", "--published", day, *DAY).err
    for answers in (("第1回", day), (*ANSWERS[:-1], day)):
        assert said in call(workspace, "revise", *DAY, stdin="\n".join(answers)).err
    assert tree(workspace) == before


def test_a_day_of_publication_is_replaced_on_purpose_only(workspace: Path) -> None:
    assert revise(workspace, "a", "R10=90", "--published", "R9.11.25").code == 0
    words = ("--decision", "1", "--published", "R9.12.1", *DAY)
    said = "令和9年11月20日の決定には、公表日（令和9年11月25日）があります。"
    err = refused(workspace, *words).err
    assert (said in err, "--correct" in err) == (True, True)
    asked = "\n".join(("第1回", "R9.12.1", "n"))
    assert f"{said}置き換えます。" in call(workspace, "revise", *DAY, stdin=asked).err
    ran = call(workspace, "revise", *words, "--correct")
    assert (ran.code, f"{said}置き換えます。" in ran.err) == (0, True)
    assert "公表日：令和9年12月1日" in call(workspace, "revisions", *DAY).out


def test_what_joins_a_published_decision_is_not_published_with_it(workspace: Path) -> None:
    assert revise(workspace, "a", "R10=90", "--published", "R9.11.25").code == 0
    ran = revise(workspace, "b", "R10=80")
    name = "第1回変更（令和9年11月20日、計画見直し会議）"
    assert f"{name}に加えます。" in ran.err
    assert f"{name}は、令和9年11月25日に公表しています。加える変更は、まだ" in ran.err
    assert "公表日：令和9年11月25日（一部は公表予定）" in ran.out
    command = "jusou revise --decision 1 --published 年月日"
    assert command in ran.err
    assert command in call(workspace, "check", *DAY).out
    published = ("--decision", "1", "--published", "R9.12.1", *DAY)
    assert call(workspace, "revise", *published).code == 0
    assert recorded(workspace)[2:] == [["b", "公表日", "R10", "", "R9.12.1"]]
    assert "公表日：令和9年12月1日\n" in call(workspace, "revisions", *DAY).out
    assert command not in call(workspace, "check", *DAY).out
    cancel = ("--decision", "1", "--cancel", "--reason", "入力の誤り", *DAY)
    ran = call(workspace, "revise", "a", *cancel)
    assert (ran.code, f"{name}は、令和9年12月1日に公表しています。" in ran.err) == (0, True)
    assert "加えます" not in ran.err


def test_an_item_before_its_indicator_quits_nothing(workspace: Path) -> None:
    answers = "\n".join((*ANSWERS, "終了", "b", "終了", "R10", "", "y", ""))
    ran = call(workspace, "revise", *DAY, stdin=answers, at_terminal=True)
    assert ran.code == 0, ran.err
    assert "「終了」の前に、指標を入力してください。" in ran.err
    assert recorded(workspace) == [["b", "終了", "R10", "", ""]]
    said = "目標のほかを変えるなら"
    assert ran.out.index("変える指標") < ran.out.index(said) < ran.out.index("新しい目標")


def test_no_target_is_changed_after_the_end(workspace: Path) -> None:
    said = "b は R9 から終了のため、R10 の目標値は変えられません。"
    assert said in refused(workspace, "b", "R10=77", "--end", "R9", *DECISION).err
    assert revise(workspace, "b", "--end", "R9").code == 0
    assert said in refused(workspace, "b", "R10=77", *DECISION).err
    log = workspace / "data" / "revisions.csv"
    (row,) = log.read_text("utf-8-sig").splitlines()[1:]
    typed = row.replace(",終了,R9,,,", ",目標値,R10,100,77,")
    write_log(log, REVISIONS_HEADER, [row, typed])
    assert said in call(workspace, "check", *DAY).out


def test_targets_go_with_their_indicator_from_the_decision_on(workspace: Path) -> None:
    assert revise(workspace, "b", "R9=95", "--end", "R10").code == 0

    def of_b(year: str) -> list[object]:
        found = show_json(workspace, "show", year, "--date", "2029-05-01")["indicators"][1]
        return [found["target"], found["target_published"]]

    assert [of_b(year) for year in ("R8", "R9", "R10")] == [[100, 100], [95, 100], [None, 100]]
    words = ("show", "R9", "--date", "2029-05-01")
    shown = call(workspace, *words, env={"COLUMNS": "200"}).out
    assert ("終了（R10から）" in shown, shown.count("R10目標：-")) == (True, 1)
    listed = call(workspace, "list", *DAY, env={"COLUMNS": "200"}).out
    of_years = [each.split()[-4:] for each in listed.splitlines()]
    assert of_years.count(["100", "100", "-", "件"]) == 1
    cancel = ("--decision", "1", "--cancel", "--reason", "入力の誤り", *DAY)
    assert call(workspace, "revise", "b", "終了", *cancel).code == 0
    assert of_b("R9") == [95, 100]
    assert "R10目標：-" not in call(workspace, *words, env={"COLUMNS": "200"}).out


def test_before_the_meeting_a_dry_run_shows_a_draft(workspace: Path) -> None:
    meeting = ("--reason", "文", "--decided-by", "会議", "--decided-on", "R10.1.20", *DAY)
    ran = call(workspace, "revise", "a", "R10=90", *meeting, "--dry-run")
    assert (ran.code, recorded(workspace)) == (0, []), ran.err
    assert "第1回変更（案）：令和10年1月20日決定、会議" in ran.out
    assert "〔第1回変更（案）　新旧対照表〕" in ran.out
    asked = "\n".join(("R10.1.20", "会議", "文", "", "", "a", "R10=90", "", ""))
    ran = call(workspace, "revise", *DAY, "--dry-run", stdin=asked)
    assert (ran.code, "第1回変更（案）" in ran.out, recorded(workspace)) == (0, True, []), ran.err
    assert "まだ来ていません。" in refused(workspace, "a", "R10=90", *meeting).err
    assert "変更理由" not in refused(workspace, "--decided-on", "R10.1.20", *DAY).out
    assert "（案）" not in revise(workspace, "a", "R10=90", "--dry-run").out


@pytest.mark.parametrize(("typed", "bare"), [("24", "24"), ("R10 24", "R10"), ("R9=1 24", "24")])
def test_a_target_without_its_year_is_asked_for_with_it(
    workspace: Path, typed: str, bare: str
) -> None:
    ran = call(workspace, "revise", *DAY, stdin="\n".join((*ANSWERS, "a", typed)))
    assert f"「{bare}」に、= がありません。\n    R10=24 のように" in ran.err
    assert "PowerShell" not in ran.err


def test_what_is_cancelled_is_listed_in_the_order_of_years(workspace: Path) -> None:
    assert revise(workspace, "a", "R9=95", "R10=90").code == 0
    cancel = ("--decision", "1", "--cancel", "--reason", "入力の誤り", *DAY)
    out = call(workspace, "revise", *cancel, "--dry-run", env={"COLUMNS": "200"}).out
    assert 0 < out.index("R9 100→95") < out.index("R10 100→90")


def test_a_row_is_cancelled_by_hand_as_it_was_written(tmp_path: Path) -> None:
    """Also where the figure of a published target has fewer digits than the unit."""
    measure = "id: a, unit: ％, measure: rate, decimals: 1, baseline: 40"
    workspace = small_workspace(tmp_path, measure)
    assert revise(workspace, "a", "R10=55.5", "--baseline", "42").code == 0
    path = workspace / "data" / "revisions.csv"
    _, *rows = path.read_text("utf-8-sig").splitlines()
    assert any(",目標値,R10,100,55.5," in row for row in rows)
    by_hand = [row.replace("目標値", "取消").replace("参考値", "取消") for row in rows]
    path.write_text(path.read_text("utf-8-sig") + "\n".join(by_hand) + "\n", "utf-8-sig")
    ran = call(workspace, "revisions", *DAY)
    assert "計画の変更はありません。" in ran.err


def test_a_definition_where_none_was_written_is_told_alone(workspace: Path) -> None:
    assert revise(workspace, "b", "--definition", "R10=延べの数").code == 0
    shown = call(workspace, "trace", "R10", "b", *DAY, env={"COLUMNS": "400"}).out
    assert "数え方の変更 R10から延べの数（" in shown
