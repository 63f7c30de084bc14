"""The workbook: real numbers, live formulas, print set-up, and texts that stay texts."""

from __future__ import annotations

import hashlib
import html
import re
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from jusou.report.document import Table
from tests.spreadsheet import (
    Made,
    Office,
    Rows,
    changed,
    column,
    formulas,
    make,
    needs_office,
    part,
    read_rows,
    with_wrong_results,
)
from tests.support import (
    REVIEWS_HEADER,
    REVISIONS_HEADER,
    record,
    sample_workspace,
    small_workspace,
    write_log,
)

NASTY = (
    "=cmd|' /C calc'!A0",
    "+1",
    "-x",
    "@y",
    "<script>alert(1)</script>",
    "<r>rich</r>",
    "_x0041_ & \"quoted\" 'single'",
    "#raw $x$ \\ | *_` 𠮷🎉",
    "https://example.com/",
    "一行目\r\n=二行目",
)
ATTAINMENT = "達成率（％）"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Made:
    workspace = sample_workspace(tmp_path_factory.mktemp("sample"))
    return make(workspace, "R9", number="資料１")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(sample_workspace(tmp_path_factory.mktemp("running")), "R10")


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Every direction, and figures at and just beside every threshold and rounding tie."""
    pairs = [(2649, 2650), (2650, 2650), (0, 2650), (1999, 2000), (1598, 2000), (1599, 2000)]
    pairs += [(1600, 2000), (999, 2000), (1601, 2000), (333, 2000), (1, 2000), (2, 3), (5, 4)]
    pairs += [(999_999_999, 1_000_000_000), (227, 100), (7, 7), (29, 30), (10_005, 10_000)]
    plan, actuals = [], []
    for direction in ("up", "down", "keep"):
        for number, (actual, target) in enumerate(pairs):
            plan.append(
                f"id: {direction}{number}, direction: {direction},"
                f" targets: {{R8: {target}, R9: {target}, R10: {target}}}"
            )
            actuals.append(f"R9 {direction}{number} {actual}")
    for number in range(60):
        level = 91.5 + (number - 30) / 10
        plan.append(
            f"id: rate{number}, measure: rate, unit: ％, decimals: 1, baseline: 90,"
            f" targets: {{R8: 91.5, R9: 91.5, R10: 91.5}}"
        )
        actuals.append(f"R9 rate{number} {level:.1f}")
        plan.append(
            f"id: near{number}, direction: keep, tolerance: 0.3, decimals: 1,"
            f" targets: {{R8: 18.2, R9: 18.2, R10: 18.2}}"
        )
        actuals.append(f"R9 near{number} {18.2 + (number - 30) / 10:.1f}")
        plan.append(
            f"id: way{number}, attainment: progress, baseline: 50, measure: stock, decimals: 2,"
            f" direction: {'down' if number % 2 else 'up'},"
            f" targets: {{R9: {[80, 20, 50][number % 3]}}}"
        )
        actuals.append(f"R9 way{number} {50 + (number - 30) ** 3 / 700:.2f}")
    plan += ["id: zero, direction: down, targets: {R8: 0, R9: 0, R10: 0}"]
    plan += ["id: never, targets: {R8: 0, R9: 0, R10: 0}"]
    plan += ["id: below, signed: true, baseline: △30, targets: {R9: -10}"]
    plan += ["id: between, between: linear, baseline: 0, targets: {R10: 100}"]
    plan += ["id: later, targets: {R10: 100}", "id: survey, measured: [R8, R10]"]
    recounted = "measure: stock, baseline: 50, targets: {R8: 80, R9: 90}"
    plan += [f"id: anew, {recounted}", f"id: anew-way, {recounted}, attainment: progress"]
    plan += ["id: ended, baseline: 50"]
    others = ["R9 below -15", "R9 between 60", "R9 later 60", "R9 ended 120"]
    others += [f"{year} {key} 70" for year in ("R8", "R9") for key in ("anew", "anew-way")]
    workspace = small_workspace(tmp_path_factory.mktemp("edges"), *plan)
    changes = [f"t,{key},定義,R9,,新,理由,会議,2027-10-01,,,係" for key in ("anew", "anew-way")]
    changes.append("t,ended,終了,R9,,,統合のため,会議,2027-05-01,,,人")
    write_log(workspace / "data" / "revisions.csv", REVISIONS_HEADER, changes)
    return make(record(workspace, *actuals, "R9 zero 3", "R9 never 3", *others), "R9")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Texts that a spreadsheet could take for something else, and notes longer than a row."""
    quoted = [text.split("\r")[0].replace("'", "''") for text in NASTY]
    workspace = small_workspace(
        tmp_path_factory.mktemp("hostile"),
        *(f"id: i{number}, name: '{text}'" for number, text in enumerate(quoted)),
    )
    path = workspace / "data" / "targets.yaml"
    given = re.sub(r"name: 指標\d+, ", "", path.read_text(encoding="utf-8"))
    name = "事業[1]: */とても長い名前" * 4
    path.write_text(given.replace("name: 事業\n", f"name: '{name}'\n"), encoding="utf-8")
    record(workspace, *(f"R9 i{number} 90" for number in range(len(NASTY))))
    notes = [*((text,) * 4 for text in NASTY), (_LONG,) * 4]
    rows = [
        ",".join(["t", "R9", f"i{number % len(NASTY)}", *map(_cell, texts), *[""] * 8])
        for number, texts in enumerate(notes)
    ]
    write_log(workspace / "data" / "reviews" / "R9.csv", REVIEWS_HEADER, rows)
    return make(workspace, "R9")


_LONG = "これは長い記述です。改善の余地があります。" * 60


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _indicators(made: Made, key: str) -> list[Any]:
    return [each[key] for each in made.review["indicators"]]


def _numbers(cells: list[Any]) -> list[float | None]:
    return [cell if isinstance(cell, float) else None for cell in cells]


def _texts(content: bytes) -> str:
    """Everything that stands in the cells, without marks of formatting."""
    shared = part(content, "xl/sharedStrings.xml")
    runs = re.findall(r"<si>(.*?)</si>", shared, re.DOTALL)
    return "\n".join("".join(re.findall(r"<t[^>]*>(.*?)</t>", run, re.DOTALL)) for run in runs)


def test_there_is_a_sheet_for_each_section(sample: Made) -> None:
    programmes = [
        section.title
        for section in sample.document.sections
        if section.key.startswith("programme-")
    ]
    assert len(programmes) == 5
    assert sample.names == [
        "総括",
        "資料の見方",
        "検討を要する指標",
        "指標一覧",
        *programmes,
        "変更",
        "全年度",
        "一覧",
        "方法",
    ]


@pytest.mark.parametrize("name", ["sample", "running", "edges", "hostile"])
def test_figures_are_numbers(name: str, request: pytest.FixtureRequest) -> None:
    made: Made = request.getfixturevalue(name)
    rows = made.rows("指標一覧")
    final = f"{made.review['plan']['end']}目標"
    columns = {"目標": "target", ATTAINMENT: "attainment", "前年度差": "vs_previous"}
    for title, key in {"実績": "actual", "前年度実績": "previous", **columns}.items():
        assert _numbers(column(rows, title)) == _indicators(made, key), title
    assert len(column(rows, final)) == len(made.review["indicators"])


def test_missing_figures_are_words(running: Made) -> None:
    rows = running.rows("指標一覧")
    actuals = column(rows, "実績")
    assert "集計中" in actuals
    assert "—" in column(rows, ATTAINMENT)


def file_of(made: Made, sheet: str) -> str:
    """Return the file of a sheet inside the workbook."""
    return f"xl/worksheets/sheet{made.names.index(sheet) + 1}.xml"


# A pending figure, an interim one, forecasts.
LATE = {"chiiki-2": 5, "sodan-3": 60, "takikan-1": 8, "chiiki-1": 23, "sodan-2": 2700}


@pytest.fixture(scope="module")
def late(running: Made) -> bytes:
    """The workbook of a running year with figures typed into it that came in late."""
    ids = _indicators(running, "id")
    first = next(n for n, row in enumerate(running.rows("指標一覧"), 1) if "指標" in row) + 1

    def typed(name: str, text: str) -> str:
        for key, value in LATE.items() if name == file_of(running, "指標一覧") else ():
            cell = f'<c r="F{first + ids.index(key)}" '
            pattern = f'{cell}(s="[0-9]+")(?: t="s")?><v>[^<]*</v>'
            text, found = re.subn(pattern, rf"{cell}\1><v>{value}</v>", text)
            assert found == 1, key
        return text

    return changed(running.content, typed)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def recalculated(
    office: Office, late: bytes, sample: Made, request: pytest.FixtureRequest
) -> dict[str, bytes]:
    """Workbooks with wrong results, and some with other actuals, as LibreOffice computes them."""

    def correct(name: str, text: str) -> str:
        is_list = name == file_of(sample, "指標一覧")
        return text.replace("<v>2649</v>", "<v>2650</v>") if is_list else text

    books: dict[str, bytes] = {
        name: request.getfixturevalue(name).content
        for name in ("sample", "running", "edges", "hostile")
    }
    given = {name: with_wrong_results(books[name]) for name in ("sample", "running", "edges")}
    assert set(_numbers(column(read_rows(given["edges"], "指標一覧"), ATTAINMENT))) == {0, None}
    corrected = changed(books["sample"], correct)
    return office.recalculate(**given, hostile=books["hostile"], corrected=corrected, late=late)


@pytest.fixture(scope="module")
def shown(office: Office, sample: Made, running: Made, late: bytes) -> dict[str, Rows]:
    """The list of indicators as LibreOffice shows it."""
    books = {"sample": sample.content, "running": running.content, "late": late}
    return office.shown("指標一覧", **books)


@needs_office
@pytest.mark.parametrize("name", ["sample", "running", "edges"])
def test_libreoffice_recalculates_to_the_same_figures(
    name: str, recalculated: dict[str, bytes], request: pytest.FixtureRequest
) -> None:
    made: Made = request.getfixturevalue(name)
    listed = read_rows(recalculated[name], "指標一覧")
    assert _numbers(column(listed, ATTAINMENT)) == _indicators(made, "attainment")
    marks = [str(mark).partition("（")[0] for mark in column(listed, "達成度")]
    assert [None if mark == "—" else mark for mark in marks] == _indicators(made, "rating")
    assert _numbers(column(listed, "前年度差")) == _indicators(made, "vs_previous")
    assert_trials(made, listed)


def assert_trials(made: Made, listed: Rows) -> None:
    """Check what follows from a figure beside its attainment, right of the printed columns."""

    def marks(title: str) -> list[str | None]:
        return [None if mark == "—" else mark for mark in column(listed, f"計算用: {title}")]

    def inner(key: str, part: str) -> list[Any]:
        return [each and each[part] for each in _indicators(made, key)]

    for title, key in {"": "progress", "（最後の目標まで・％）": "final_progress"}.items():
        shown = column(listed, f"計算用: R6からの進捗率{title or '（％）'}")
        assert _numbers(shown) == inner(key, "percent"), key
    for title, key in {"R6の値のまま": "standing_still", "変更前の目標で": "former_target"}.items():
        assert marks(f"{title}の達成度") == inner(key, "rating")
        exact = _numbers(column(listed, f"計算用: {title}の達成率（％）"))
        for value, printed in zip(exact, inner(key, "attainment"), strict=True):
            assert (value is None) == (printed is None)
            assert value is None or abs(value - printed) < 0.1
    points = _numbers(column(listed, "計算用: 1件の増減で変わるポイント"))
    assert points == _indicators(made, "one_case_points")


@needs_office
@pytest.mark.parametrize("name", ["sample", "running", "edges"])
def test_libreoffice_recalculates_the_roll_up(
    name: str, recalculated: dict[str, bytes], request: pytest.FixtureRequest
) -> None:
    made: Made = request.getfixturevalue(name)
    summary = read_rows(recalculated[name], "総括")
    programmes = [*made.review["programmes"], made.review["summary"]]
    for mark in programmes[0]["ratings"]:
        assert column(summary, mark) == [each["ratings"][mark] for each in programmes]
    for title, key in {"平均達成率": "capped_mean", "平均の指標数": "mean_of"}.items():
        assert _numbers(column(summary, title)) == [each[key] for each in programmes]
    assert column(summary, "達成数／評価指標数") == [
        f"{each['met']}／{each['reported']}" for each in programmes
    ]
    for title, key in {"見込": "forecast", "集計中": "pending", "対象外": "excluded"}.items():
        assert column(summary, title) == [each[key] for each in programmes], title


@needs_office
def test_a_changed_figure_changes_what_follows_from_it(
    sample: Made, recalculated: dict[str, bytes]
) -> None:
    row = _indicators(sample, "id").index("sodan-2")
    assert column(sample.rows("指標一覧"), ATTAINMENT)[row] == 99.9
    listed, summary = (read_rows(recalculated["corrected"], name) for name in ("指標一覧", "総括"))
    assert column(listed, ATTAINMENT)[row] == 100
    assert column(listed, "達成度")[row] == "A"
    assert column(summary, "達成数／評価指標数")[0] == "4／4"
    assert column(summary, "平均達成率")[0] == 100


@needs_office
def test_figures_that_come_in_late_are_computed_as_if_recorded(
    recalculated: dict[str, bytes], shown: dict[str, Rows], tmp_path: Path
) -> None:
    workspace = sample_workspace(tmp_path / "late")
    log = workspace / "data" / "actuals" / "R10.csv"
    rows = [f"t,R10,{key},{value},,,確定,,,,\r\n" for key, value in LATE.items()]
    log.write_bytes(log.read_bytes() + "".join(rows).encode())
    expected = make(workspace, "R10")
    content = recalculated["late"]
    listed, summary = (read_rows(content, name) for name in ("指標一覧", "総括"))
    assert _numbers(column(listed, ATTAINMENT)) == _indicators(expected, "attainment")
    assert _numbers(column(listed, "前年度差")) == _indicators(expected, "vs_previous")
    marks = [str(mark).partition("（")[0] for mark in column(listed, "達成度")]
    assert [None if mark == "—" else mark for mark in marks] == _indicators(expected, "rating")
    assert_trials(expected, listed)
    programmes = [*expected.review["programmes"], expected.review["summary"]]
    means = [each["capped_mean"] for each in programmes]
    assert _numbers(column(summary, "平均達成率")) == means
    for title, key in {"見込": "forecast", "集計中": "pending", "対象外": "excluded"}.items():
        assert column(summary, title) == [each[key] for each in programmes], title
    ids = _indicators(expected, "id")
    actuals = dict(zip(ids, column(shown["late"], "実績"), strict=True))
    assert [actuals[key].strip() for key in LATE] == ["5", "60.0", "8", "23", "2,700"]
    ratings = dict(zip(ids, column(shown["late"], "達成度"), strict=True))
    assert ratings["sodan-2"] == "A"


@needs_office
def test_cells_look_as_the_document_says(
    sample: Made, running: Made, shown: dict[str, Rows]
) -> None:
    for made, rows in ((sample, shown["sample"]), (running, shown["running"])):
        (table,) = (
            block
            for section in made.document.sections
            for block in section.blocks
            if isinstance(block, Table) and block.key == "indicators"
        )
        for index, title in enumerate(each.title for each in table.columns):
            texts = [row[index].text for row in table.rows]
            assert [text.strip() for text in column(rows, title)] == texts, title


def test_formulas_stand_only_where_figures_are_computed(hostile: Made, edges: Made) -> None:
    for made in (hostile, edges):
        for name in made.names:
            found = formulas(made.xml(name))
            assert bool(found) == (name in ("総括", "指標一覧")), name
    computed = {re.sub(r"\d", "", address) for address in formulas(edges.xml("指標一覧"))}
    assert computed == set("GHIJOPQRSTWX")


def test_texts_stay_texts(hostile: Made) -> None:
    listed = column(hostile.rows("指標一覧"), "指標")
    assert [name.partition(" ")[2] for name in listed[:-1]] == list(NASTY[:-1])
    sheet = hostile.rows(hostile.names[4])
    cells = "\n".join(str(cell) for row in sheet for cell in row)
    for text in NASTY:
        assert f"実施状況：{text}".replace("\r\n", "\n") in cells or text == NASTY[0], text
    assert "xl/externalLinks" not in part(hostile.content, "[Content_Types].xml")
    assert "<hyperlink" not in "".join(map(hostile.xml, hostile.names))


@needs_office
def test_texts_stay_texts_in_libreoffice(hostile: Made, recalculated: dict[str, bytes]) -> None:
    content = recalculated["hostile"]
    names = column(hostile.rows("指標一覧"), "指標")
    assert column(read_rows(content, "指標一覧"), "指標") == names
    for number, name in enumerate(hostile.names, 1):
        kept = formulas(part(content, f"xl/worksheets/sheet{number}.xml"))
        assert kept.keys() == formulas(hostile.xml(name)).keys()
        if name.startswith("(1)"):
            assert read_rows(content, name) == hostile.rows(name)


def test_risky_texts_are_marked_as_text(hostile: Made) -> None:
    """Excel would read them as formulas when the cell is edited."""
    assert 'quotePrefix="1"' in part(hostile.content, "xl/styles.xml")


def test_long_notes_are_whole_and_no_row_is_too_high(hostile: Made) -> None:
    cells = [str(cell) for row in hostile.rows(hostile.names[4]) for cell in row]
    assert sum(cell.count(_LONG) for cell in cells) == 4
    heights = re.findall(r'ht="([\d.]+)"', "".join(map(hostile.xml, hostile.names)))
    assert 400 < max(map(float, heights)) <= 409


def test_a_note_too_long_for_a_cell_goes_on_in_the_next_row(tmp_path: Path) -> None:
    long = "".join(f"{number}番目の𠮷い文です。" for number in range(6_000))
    workspace = small_workspace(tmp_path, "id: a")
    texts = [long, "要因", long[:100], ""]
    row = ",".join(["t", "R9", "a", *texts, *[""] * 8])
    write_log(workspace / "data" / "reviews" / "R9.csv", REVIEWS_HEADER, [row])
    made = make(workspace, "R9")
    columns = list(zip_longest(*made.rows(made.names[4]), fillvalue=""))
    whole = ["".join(map(str, cells)) for cells in columns]
    assert sum(text.count(f"実施状況：{long}") for text in whole) == 1
    assert (
        max(len(str(cell).encode("utf-16-le")) // 2 for cells in columns for cell in cells)
        <= 32_767
    )


def test_tabs_have_names_that_excel_takes(hostile: Made) -> None:
    for name in hostile.names:
        assert len(name) <= 31
        assert not set("[]:*?/\\") & set(name)
    assert hostile.names[4].startswith("(1) 事業_1__")


@pytest.mark.parametrize("name", ["sample", "running", "hostile", "edges"])
def test_every_sheet_is_set_up_for_a4(name: str, request: pytest.FixtureRequest) -> None:
    made: Made = request.getfixturevalue(name)
    names = html.unescape(part(made.content, "xl/workbook.xml"))
    assert names.count("_xlnm.Print_Titles") == names.count("_xlnm.Print_Area") == len(made.names)
    for sheet in made.names:
        xml = made.xml(sheet)
        # One page for the chart of 総括, which others would cut.
        pages = "" if sheet == "総括" else 'fitToHeight="0" '
        assert re.search(rf'<pageSetup paperSize="9"[^>]* {pages}orientation="landsc', xml)
        assert '<pageSetUpPr fitToPage="1"/>' in xml
        assert 'state="frozen"' in xml
        assert "&amp;P／&amp;N" in xml
        assert ("autoFilter" in xml) == (sheet == "一覧")


def test_every_sheet_carries_the_notices_and_the_number(sample: Made, running: Made) -> None:
    for made in (sample, running):
        for name in made.names:
            header = re.findall(r"<oddHeader>(.*?)</oddHeader>", made.xml(name), re.DOTALL)[0]
            cells = [str(row[0]) for row in made.rows(name)]
            for notice in made.document.notices:
                assert notice in header
                assert f"【{notice}】" in cells
    assert len(running.document.notices) == 2
    assert "資料１</oddHeader>" in sample.xml("方法")


def test_the_headings_stay_in_sight_and_are_repeated(sample: Made) -> None:
    for name in ("指標一覧", "一覧"):
        heading = next(index for index, row in enumerate(sample.rows(name)) if "指標" in row) + 1
        assert f'ySplit="{heading}"' in sample.xml(name)
        titles = html.unescape(part(sample.content, "xl/workbook.xml"))
        assert f"{name}!${heading}:${heading}<" in titles.replace("'", "")


def test_the_method_names_the_data_but_no_person(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path)
    made = make(workspace, "R9")
    cells = [cell for row in made.rows("方法") for cell in row]
    for path in sorted((workspace / "data").rglob("*.csv")):
        assert path.relative_to(workspace).as_posix() in cells
        assert hashlib.sha256(path.read_bytes()).hexdigest() in cells
    assert any(str(cell).startswith("jusou ") for cell in cells)
    assert "架空 花子" not in _texts(made.content)


def test_there_is_a_native_chart_with_names(sample: Made) -> None:
    chart = part(sample.content, "xl/charts/chart1.xml")
    texts = re.findall(r"<a:t>(.*?)</a:t>", chart)
    assert texts == ["事業別の達成度の分布", "事業", "指標数"]
    values = re.findall(r"<c:val><c:numRef><c:f>(.*?)</c:f>", chart)
    assert len(values) == 4
    assert all(value.startswith("総括!") for value in values)
    assert 'descr="事業ごとの達成度別' in part(sample.content, "xl/drawings/drawing1.xml")


def test_marks_are_shaded_beside_the_letter(sample: Made) -> None:
    rules = re.findall(r"<formula>(.*?)</formula>", sample.xml("指標一覧"))
    assert [re.findall(r'&quot;(.)&quot;|"(.)"', rule)[0][1] for rule in rules] == list("ABCD")


def test_another_plan_has_its_own_scale(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a", "id: b")
    path = workspace / "data" / "targets.yaml"
    text = path.read_text(encoding="utf-8")
    scale = (
        "    - {mark: ◎, label: 良, at_least: 100}\n"
        "    - {mark: '\"', label: 可, at_least: 66.67}\n"
        "    - {mark: △, label: 不可, at_least: 0}\n"
    )
    text = re.sub(r"(    - \{mark.*\n)+", scale, text)
    path.write_text(re.sub(r"review_trigger.*\n", "", text), encoding="utf-8")
    made = make(record(workspace, "R9 a 66.66".replace(".66", ""), "R9 b 67"), "R9")
    listed = made.rows("指標一覧")
    assert column(listed, "達成度") == ["△", '"']
    assert '""""' in html.unescape(made.xml("指標一覧"))
    assert column(made.rows("総括"), '"') == [1, 1]


def test_a_year_without_any_figure_makes_a_workbook(tmp_path: Path) -> None:
    made = make(small_workspace(tmp_path, "id: a", "id: b"), "R8")
    assert column(made.rows("指標一覧"), "実績") == ["集計中", "集計中"]
    assert column(made.rows("総括"), "平均達成率") == ["—", "—"]
