"""上半期進捗状況: what is said at half-year, in every format, and the form that asks for it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from jusou.report.pack import source_of
from jusou.report.workbook.live import half_year_workbook
from jusou.report.workbook.writer import render_xlsx
from jusou.values.fiscal_year import FiscalYear
from jusou.workspace import Workspace
from tests.collecting import send, take
from tests.filled_forms import Paper, as_csv, csv_text
from tests.packs import DAY, Pack
from tests.spreadsheet import (
    TODAY,
    Office,
    column,
    needs_office,
    read_rows,
    with_wrong_results,
)
from tests.support import (
    REVISIONS_HEADER,
    SAMPLE_DAY,
    call,
    record,
    rows_of,
    sample_workspace,
    show_json,
    small_workspace,
    write_log,
)
from tests.test_pack import text_of

WIDE = {"COLUMNS": "1000"}
OCTOBER = "2027-10-20"
SHORT = "年度末に目標を下回る見込みの指標"
BEHIND = "前年同期を下回る指標"
ELAPSED = (
    "目標に対する割合が経過割合（6か月・50.0％）を下回る指標"
    "（参考。時期に偏りのある事業を含みます）"
)


def half_year(workspace: Path, year: str = "R9", day: str = OCTOBER) -> dict[str, Any]:
    found: dict[str, Any] = show_json(workspace, "show", year, "--interim", "--date", day)
    return found


def show(workspace: Path, year: str = "R9", day: str = OCTOBER) -> str:
    ran = call(workspace, "show", year, "--interim", "--date", day, env=WIDE)
    assert ran.code == 0, ran.err
    return ran.out


def named(workspace: Path, caption: str, **options: str) -> list[str]:
    """Return the names in the first column of a table."""
    lines = show(workspace, **options).partition(f"〔{caption}〕\n")[2].splitlines()
    end = next(i for i, line in enumerate(lines) if not line or line.startswith("※"))
    return [name for line in lines[:end] if (name := line.partition("  ")[0]).startswith("(")]


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return sample_workspace(tmp_path)


def test_the_tables_hold_what_the_json_says(sample: Path) -> None:
    found = half_year(sample, "R10", SAMPLE_DAY)
    labels = {each["id"]: each["label"] for each in found["indicators"]}
    half = found["half_year"]

    def those(key: str, value: Any = True) -> list[str]:
        return [labels[each["id"]] for each in half["indicators"] if each[key] == value]

    sample_options = {"year": "R10", "day": SAMPLE_DAY}
    tables = {
        SHORT: those("outlook", "short"),
        BEHIND: those("is_behind_last_year"),
        ELAPSED: those("is_behind_elapsed"),
    }
    assert {caption: len(ids) for caption, ids in tables.items()} == {
        SHORT: 5,
        BEHIND: 5,
        ELAPSED: 6,
    }
    for caption, expected in tables.items():
        listed = [each.split()[0] for each in named(sample, caption, **sample_options)]
        assert sorted(listed) == sorted(expected), caption
    counts = [half[key] for key in ("reported", "met", "short", "open", "unreported", "excluded")]
    assert counts == [17, 6, 5, 6, 2, 0]
    assert sum(counts[1:]) == len(half["indicators"]) == 19
    rest = (
        show(sample, **sample_options)
        .partition("〔未報告の中間・見込（照会先別）〕")[2]
        .partition("\n- ")[0]
    )
    for each in half["indicators"]:
        words = "・".join({"interim": "中間", "forecast": "見込"}[it] for it in each["missing"])
        own = re.search(rf"{re.escape(labels[each['id']])} [^、（]+(?:（[^）]*）)?", rest)
        assert bool(own) is bool(words), each
        assert f"（{words}）" in (own[0] if own and words else "（）"), each


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["pdf", "xlsx", "html", "md", "txt"])
def test_every_format_says_the_same(pack: Any, kind: str) -> None:
    made: Pack = pack("R10-interim")
    names = {f"review.{each}" for each in ("pdf", "xlsx", "html", "md", "txt", "json")}
    assert {each.name for each in made.folder.iterdir()} == names
    assert not (made.folder.parent / "R10").exists()
    found = json.loads((made.folder / "review.json").read_text("utf-8"))
    text = text_of(made.folder, kind)
    for said in (
        "令和10年度上半期進捗状況（9月30日現在）",
        "回答17／19、年度末に目標達成の見込み6、目標を下回る見込み5、見込み未定6、未回答2",
        "前年同期と比べられる10指標のうち、5指標が前年同期を下回っています。",
        *("".join(caption.split()) for caption in (SHORT, BEHIND, ELAPSED)),
        "9月30日で6か月経過（50.0％）",
        "本人の同意を得るまでに時間を要する世帯が多いため。",
        "説明資料の印刷費を令和11年度の予算に要求する。",
        "試行の結果を踏まえ、委託料を令和11年度の予算に要求する。",
    ):
        assert said in text, said
    assert "まだありません" not in text
    for each, half in zip(found["indicators"], found["half_year"]["indicators"], strict=True):
        interim = half["interim"] or {}
        for number in (interim.get("value"), interim.get("previous"), each["target"]):
            shown = "" if number is None else f"{number:,}" if kind != "xlsx" else f"{number}"
            assert shown in text, (each["id"], number)
        for percent in (interim.get("progress"), each["attainment"]):
            shown = "" if percent is None else f"{percent:.1f}" if kind != "xlsx" else f"{percent}"
            assert shown in text, (each["id"], percent)


def test_a_figure_of_another_day_says_so(tmp_path: Path) -> None:
    small_workspace(tmp_path, "id: a", "id: b", "id: c", "id: d")
    record(
        tmp_path, "R9 a 30 中間 2027-08-31", "R9 a 45 中間 2027-12-31", "R9 b 40 中間 2027-10-15",
        "R9 b 60 中間 2027-11-30", "R9 c 50 中間 2027-09-30", "R9 c 70 中間 2027-12-31",
        "R8 b 50 中間 2026-10-15", "R8 c 40 中間 2026-09-30",
    )  # fmt: skip
    found = half_year(tmp_path, day="2028-01-20")["half_year"]["indicators"]
    assert [each["interim"] and each["interim"]["value"] for each in found] == [30, 40, 50, None]
    assert [each["is_behind_last_year"] for each in found] == [False, True, False, False]
    # Of its own day: five months of twelve for the first, six for the second.
    assert [each["is_behind_elapsed"] for each in found] == [True, True, False, False]
    said = show(tmp_path, day="2028-01-20")
    assert "30（8月31日）" in said
    assert "40（10月15日）" in said
    assert "50（9月30日）" not in said


def test_more_of_what_should_be_less_is_no_shortfall(tmp_path: Path) -> None:
    small_workspace(tmp_path, "id: a, direction: down", "id: b, direction: keep, tolerance: 5")
    record(
        tmp_path, "R8 a 40 中間 2026-09-30", "R9 a 55 中間 2027-09-30", "R9 a 120 見込",
        "R8 b 90 中間 2026-09-30", "R9 b 95 中間 2027-09-30", "R9 b 103 見込",
    )  # fmt: skip
    said = show(tmp_path)
    assert (
        "回答2／2、年度末に目標達成の見込み1、目標に届かない見込み1、見込み未定0、未回答0" in said
    )
    assert "1指標が前年同期を下回るか、悪くなっています。" in said
    assert named(tmp_path, "年度末に目標に届かない見込みの指標") == ["(1)1 指標1（件）"]
    assert named(tmp_path, BEHIND) == ["(1)1 指標1（件）"]
    assert "少ないほどよい指標は上回るもの、維持する指標は目標から遠いもの。" in said
    (share,) = (each for each in said.split("〔") if each.startswith("目標に対する割合"))
    assert "該当する指標はありません。" in share


def test_what_is_not_settled_is_named_with_its_reason(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a", "id: b", "id: c")
    record(workspace, "R9 a 5 中間 2027-09-30")
    assert "見込み未定のうち" not in show(workspace)
    pending = ("add", "R9", "b", "--basis", "未確定", "--remark", "11月に確定予定")
    assert call(workspace, *pending, "--date", OCTOBER).code == 0
    said = show(workspace)
    assert "見込み未定2、未回答1" in said
    assert "見込み未定のうち、未確定の1指標: (1)2 指標2（11月に確定予定）。" in said


@pytest.mark.parametrize(
    ("entry", "outlook", "missing", "expected"),
    [
        ("", "unreported", ["interim", "forecast"], "未報告"),
        ("R9 a 30 中間 2027-09-30", "open", ["forecast"], "未報告"),
        ("R9 a 95 見込", "short", ["interim"], "95"),
        ("R9 a 100 速報", "met", [], "100（速報）"),
        ("R9 a 100 確定", "met", [], "100（確定）"),
        ("R9 a - 未確定", "open", [], "未確定"),
        ("R9 a - 該当なし", "excluded", [], "該当なし"),
    ],
)
def test_what_is_expected_and_what_is_missing(
    tmp_path: Path, entry: str, outlook: str, missing: list[str], expected: str
) -> None:
    record(small_workspace(tmp_path, "id: a"), *filter(None, [entry]))
    (found,) = half_year(tmp_path)["half_year"]["indicators"]
    assert (found["outlook"], found["missing"]) == (outlook, missing)
    row = show(tmp_path).partition("■ 指標一覧")[2].partition("(1)1 指標1\n")[2].splitlines()[0]
    assert row.split()[5] == expected


def test_whoever_is_asked_and_does_not_answer_is_named(tmp_path: Path) -> None:
    """A planned volume, a target to come and none at all are asked for, and so owed."""
    others = ("direction: none", "targets: {R10: 100}", "targets: {}")
    small_workspace(
        tmp_path, "id: a", *(f"id: {key}, {it}" for key, it in zip("bcd", others, strict=True))
    )
    record(tmp_path, "R9 a 95 見込", "R9 d 5 中間 2027-09-30")
    half = half_year(tmp_path)["half_year"]
    counts = [half[key] for key in ("asked", "reported", "unreported", "excluded", "short")]
    assert counts == [4, 2, 2, 1, 1]
    said = show(tmp_path)
    assert "回答2／4、" in said
    assert "未回答2、対象外1" in said
    assert "指標1（中間）、(1)2 指標2（中間・見込）、(1)3 指標3（中間・見込）、" in said
    assert "(1)4 指標4（見込）" in said


def test_surveys_planned_volumes_and_the_way_made(tmp_path: Path) -> None:
    small_workspace(
        tmp_path, "id: a, measured: [R8, R10], targets: {R8: 100, R10: 100}",
        "id: b, direction: none", "id: c, measure: stock, attainment: progress, baseline: 50",
    )  # fmt: skip
    record(tmp_path, "R9 b 40 中間 2027-09-30", "R9 b 90 見込", "R9 c 75 見込")
    assert (
        "回答2／2、年度末に目標達成の見込み0、目標を下回る見込み1、見込み未定0、未回答0、対象外2"
        in show(tmp_path)
    )
    found = half_year(tmp_path)["half_year"]["indicators"]
    assert [each["outlook"] for each in found] == ["excluded", "excluded", "short"]
    assert [each["missing"] for each in found] == [[], [], ["interim"]]
    written = Workspace(tmp_path).write_pack("R9", parts=["xlsx", "txt"], interim=True)
    assert [each.name for each in written.files] == [
        "review.xlsx",
        "review.txt",
        "review.json",
    ]


def test_the_half_of_a_calendar_year_ends_in_june(tmp_path: Path) -> None:
    path = small_workspace(tmp_path, "id: a") / "data" / "targets.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("plan: {", "plan: {period: calendar, "), "utf-8")
    record(tmp_path, "R9 a 45 中間 2027-06-30", "R8 a 50 中間 2026-06-30")
    said = show(tmp_path, day="2027-07-20")
    assert "上半期進捗状況（6月30日現在）" in said
    assert "6月30日で6か月経過（50.0％）" in said
    assert named(tmp_path, BEHIND, day="2027-07-20") == ["(1)1 指標1（件）"]


def test_before_the_half_is_over_it_says_so(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a")
    early = "【上半期の途中: 上半期は令和9年9月30日までです。】"
    assert early in show(workspace, day="2027-09-30")
    assert early not in show(workspace, day="2027-10-01")


def test_the_cause_in_october_is_not_that_of_may(tmp_path: Path) -> None:
    workspace = record(small_workspace(tmp_path, "id: a"), "R9 a 95 見込")
    assert call(workspace, "note", "R9", "a", "--cause", "年間の要因").code == 0
    assert "年間の要因" in show(workspace)
    assert call(workspace, "note", "R9", "a", "--forecast-cause", "見込みの要因").code == 0
    said = show(workspace)
    assert ("見込みの要因" in said, "年間の要因" in said) == (True, False)


def test_charts_are_not_part_of_it(sample: Path) -> None:
    ran = call(sample, "report", "R10", "--interim", "--only", "png", env=DAY)
    assert (ran.code, "pdf、xlsx、html、md、txt、json のどれかです。" in ran.err) == (2, True)
    assert not (sample / "reports").exists()


def test_it_is_written_beside_the_pack_of_the_year(sample: Path) -> None:
    made = Workspace(sample).write_pack("R10", today=TODAY, parts=["txt"], interim=True)
    assert [each.relative_to(sample).as_posix() for each in made.files] == [
        "reports/R10-interim/review.txt",
        "reports/R10-interim/review.json",
    ]
    ran = call(sample, "report", "R10", "--interim", "--only", "md", "--doc-no", "資料2", "--draft",
               env=DAY)  # fmt: skip
    assert (ran.code, "■ 上半期の状況" in ran.out) == (0, True)
    assert "jusou show R10 --interim" in ran.err
    text = (sample / "reports" / "R10-interim" / "review.md").read_text("utf-8")
    assert "上半期進捗状況（9月30日現在）（案）" in text
    assert "資料2" in text


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_form_asks_for_it_and_brings_it_back(tmp_path: Path, kind: str) -> None:
    workspace = small_workspace(tmp_path, "id: a, reporter: 環境課", "id: b, reporter: 環境課")
    (form,) = send(workspace, "R9", OCTOBER, "--interim", "--format", kind)
    paper = Paper.open(form) if kind == "xlsx" else as_csv(form)
    told = {
        "上半期の取組状況": "講座を3回開いた",
        "見込の要因": "講師が減ったため",
        "下半期の対応": "講師を募る",
        "次年度への反映": "謝金を要求する",
    }
    for title, text in {"9月末実績": 30, "年度末見込": 90, **told}.items():
        paper.put("a", title, text)
    answer = tmp_path / "返信" / form.name
    if kind == "xlsx":
        paper.save(answer)
    else:
        answer.parent.mkdir()
        answer.write_text(csv_text(paper.sheets["実績"]), "utf-8-sig")
    ran = take(workspace, answer, day=OCTOBER)
    assert ran.code == 0, ran.err
    (row,) = rows_of(workspace, "R9", "reviews")
    assert {title: row[title] for title in told} == told
    assert [each["区分"] for each in rows_of(workspace)] == ["中間", "見込"]
    assert all(text in show(workspace) for text in told.values())


@needs_office
def test_libreoffice_recalculates_to_the_same_figures(tmp_path: Path) -> None:
    small_workspace(
        tmp_path, "id: a", "id: b, direction: down", "id: c, measure: stock", "id: d",
        "id: e, targets: {R8: 10, R9: 10, R10: 10}", "id: f, targets: {R8: 1, R9: null, R10: 1}",
        "id: g, attainment: progress, baseline: 50", "id: h, attainment: progress, baseline: 50",
        "id: i",
    )  # fmt: skip
    end = "t,i,終了,R9,,,統合のため,会議,2027-05-01,,,人"
    write_log(tmp_path / "data" / "revisions.csv", REVISIONS_HEADER, [end])
    record(
        tmp_path, "R9 a 49 中間 2027-09-30", "R9 a 99 見込", "R9 b 120 見込",
        "R9 g 40 中間 2027-09-30", "R9 g 80 見込", "R9 h 40 見込",
        "R9 i 60 中間 2027-09-30", "R9 i 90 見込",
        "R9 c 80 速報", "R9 d 33 中間 2027-09-30", "R9 e 4 中間 2027-09-30", "R9 f 1 見込",
    )  # fmt: skip
    source = source_of(Workspace(tmp_path).load(), FiscalYear.parse("R9"), TODAY, interim=True)
    assert source.half
    document = half_year_workbook(source.half, source.document, source.inputs)
    made = with_wrong_results(render_xlsx(document, TODAY))
    content = Office(tmp_path / "office").recalculate(made=made)["made"]
    listed = read_rows(content, "指標一覧")
    found = half_year(tmp_path)

    def figures(title: str) -> list[Any]:
        return [each if isinstance(each, float) else None for each in column(listed, title)]

    assert figures("目標に対する割合（％）") == [
        each["interim"] and each["interim"]["progress"] for each in found["half_year"]["indicators"]
    ]
    assert figures("見込達成率（％）") == [each["attainment"] for each in found["indicators"]]
    assert column(listed, "見込達成度") == ["B", "B", "B（速報）", "—", "—", "—", "C", "D", "—"]
