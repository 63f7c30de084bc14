"""Plans of other years: those of 平成, and those that count from January to December."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import call, record, rows_of, show_json, write_actuals

_PLAN = """\
plan: {{title: 計画, municipality: 市, start: {start}, end: {end}, baseline_year: {base}{more}}}
rating: {{scale: [{{mark: A, label: 達成, at_least: 100}}, {{mark: B, label: 未達, at_least: 0}}]}}
programmes:
  - id: p
    number: 1
    name: 事業
    indicators:
      - {{id: h1, label: ①, name: 相談, unit: 件, measure: flow, direction: up, baseline: 50,
         targets: {targets}}}
"""


def workspace_of(folder: Path, years: tuple[str, str, str], targets: str, more: str = "") -> Path:
    start, end, base = years
    text = _PLAN.format(start=start, end=end, base=base, targets=targets, more=more)
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "targets.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def heisei(tmp_path: Path) -> Path:
    targets = "{H30: 100, 平成31年度: 100, 2020: 100}"
    return workspace_of(tmp_path, ("平成30年度", "R2", "H28"), targets)


def test_a_plan_over_two_eras_is_reviewed_in_each(heisei: Path) -> None:
    record(heisei, "H29 h1 60", "H30 h1 110", "R1 h1 120")
    found = show_json(heisei, "show", "平成31年度", "--date", "2020-06-01")
    assert (found["year"], found["plan"]["start"], found["plan"]["baseline_year"]) == (
        "R1", "H30", "H28",
    )  # fmt: skip
    (first,) = found["indicators"]
    assert (first["previous"], first["actual"], first["rating"]) == (110, 120, "A")
    assert first["plan_to_date"]["actual"] == 230
    screen = call(heisei, "show", "H30", "--date", "2019-06-01").out
    assert "平成30年度 進捗評価表" in screen
    rows = show_json(heisei, "export", "--date", "2020-06-01")["rows"]
    assert [(row["year"], row["actual"]) for row in rows] == [
        ("H28", 50), ("H29", 60), ("H30", 110), ("R1", 120), ("R2", None),
    ]  # fmt: skip


def test_logs_of_heisei_are_written_and_read(heisei: Path) -> None:
    ran = call(heisei, "add", "2018", "h1", "110", "--date", "2019-06-01")
    assert ran.code == 0, ran.err
    assert [row["年度"] for row in rows_of(heisei, "H30")] == ["H30"]
    ran = call(heisei, "report", "H30", "--only", "json", "--date", "2019-06-01")
    assert (heisei / "reports" / "H30" / "review.json").exists(), ran.err


def test_a_log_has_the_name_of_its_year(heisei: Path) -> None:
    write_actuals(heisei, "H31", [",,h1,1,,,,,,,"])
    ran = call(heisei, "check")
    assert "H31.csv: H31 は計画の年度ではありません。" in ran.out + ran.err
    assert "使える年度は H28 から R2 までです。" in ran.out + ran.err


@pytest.mark.slow
def test_an_id_that_reads_like_a_year_is_still_an_indicator(heisei: Path) -> None:
    record(heisei, "H30 h1 110")
    ran = call(heisei, "chart", "h1", "--format", "svg", "--date", "2019-06-01")
    assert ran.code == 0, ran.err
    assert (heisei / "reports" / "H30" / "charts" / "h1.svg").exists()


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    targets = "{R8: 100, R9: 100, R10: 100}"
    return workspace_of(tmp_path, ("R8", "R10", "R6"), targets, ", period: calendar")


def test_a_calendar_year_is_over_in_january(calendar: Path) -> None:
    early = call(calendar, "add", "R8", "h1", "110", "--date", "2026-12-31")
    assert early.code == 1
    assert "R8（令和8年）は令和8年12月31日まで続いています。" in early.err
    assert call(calendar, "add", "R8", "h1", "110", "--date", "2027-01-01").code == 0
    interim = ["R9", "h1", "60", "--basis", "中間", "--as-of"]
    assert call(calendar, "add", *interim, "2028-01-31", "--date", "2028-02-01").code == 1
    assert call(calendar, "add", *interim, "2027-02-28", "--date", "2027-03-01").code == 0
    screen = call(calendar, "show", "令和8年", "--date", "2027-02-01").out
    assert "令和8年 進捗評価表" in screen
    assert "年度途中" not in screen


def test_every_command_knows_a_calendar_year(calendar: Path) -> None:
    day = ("--date", "2027-02-01")
    assert call(calendar, "enter", "R8", *day, stdin="110\n\n").code == 0
    assert call(calendar, "note", "R8", "h1", "--cause", "周知が進んだ").code == 0
    assert "周知が進んだ" in call(calendar, "note", "R8", "h1").out
    assert "周知が進んだ" in call(calendar, "show", "R8", *day).out
    ran = call(calendar, "form", "R8", "--format", "csv", *day)
    assert ran.code == 0, ran.err
    (calendar / "in.csv").write_text("年度,指標,実績値\nR8,h1,120\n", encoding="utf-8")
    correct = ("--year", "2026", "--correct", "h1", "--reason", "訂正")
    ran = call(calendar, "import", "in.csv", *correct, *day)
    assert ran.code == 0, ran.err
    (reporter,) = show_json(calendar, "status", "R8", *day)["reporters"]
    assert reporter["indicators"][0]["value"] == 120
    revision = "t,h1,目標値,R9,100,120,理由,会議,2027-12-31,,,人"
    header = "記録日時,指標,項目,年度,変更前,変更後,理由,決定機関,決定日,意見聴取,公表日,入力者"
    path = calendar / "data" / "revisions.csv"
    path.write_text(f"{header}\n{revision}\n", encoding="utf-8")
    (first,) = show_json(calendar, "show", "R9", *day)["indicators"]
    assert (first["target"], first["previous"]) == (120, 120)
    path.write_text(f"{header}\n{revision.replace('2027-12-31', '2028-01-01')}\n", encoding="utf-8")
    assert "R9 は決定日「2028-01-01」より前に終わっています。" in call(calendar, "check").out


def test_half_of_a_calendar_year_is_over_in_june(calendar: Path) -> None:
    day = ("--date", "2026-07-10")
    assert "6月30日までの分を7月から" in call(calendar, "status", "R8", "--date", "2026-06-30").err
    assert call(calendar, "form", "R8", "--interim", "--format", "csv", *day).code == 0
    (form,) = (calendar / "reports" / "R8" / "forms").iterdir()
    text = form.read_text("utf-8-sig")
    assert "令和8年6月30日までの実績を「6月末実績」に" in text
    (calendar / "half.csv").write_text(text.replace(",100,,,", ",100,60,110,"), "utf-8")
    ran = call(calendar, "import", "half.csv", *day)
    assert "実績 2件" in ran.err, ran
    (found,) = show_json(calendar, "show", "R8", *day)["indicators"]
    assert (found["interim"]["as_of"], found["interim"]["months"]) == ("2026-06-30", 6)
