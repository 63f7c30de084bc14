"""The PDF as it is read: its text, its pages, its fonts, its tags. Poppler reads it back."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sysconfig
from bisect import bisect_left
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from jusou.report.charts.content import alt
from jusou.report.charts.draw import without_heads
from jusou.report.document import (
    ATTENTION,
    HOW_TO_READ,
    INDICATORS,
    PDCA_TITLES,
    YEARS,
    Pdca,
    Section,
    programme_key,
)
from jusou.report.fonts import printable
from tests.figures import figures
from tests.handouts import (
    MM,
    Handout,
    bare,
    hexadecimal,
    info,
    large_workspace,
    make,
    on_one_page,
    poppler,
    rows_of,
    stands,
    words,
)
from tests.packs import Pack
from tests.pages import NASTY, block_texts, document_of, stress_workspace
from tests.support import (
    REVIEWS_HEADER,
    SAMPLE,
    call,
    real_workspace,
    record,
    show_json,
    small_workspace,
    write_log,
)

pytestmark = pytest.mark.slow

PDFS = ("R8", "R9", "R10", "stress", "empty", "other", "large", "half")


@pytest.fixture(scope="module")
def handouts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Handout]:
    """The sample's years; nasty and long texts; the plan without a figure; other cities."""

    def new(name: str) -> Path:
        return tmp_path_factory.mktemp(name)

    other = small_workspace(new("other"), "id: a, direction: down", "id: b, direction: keep")
    workspaces = {
        **{year: (SAMPLE, year) for year in ("R8", "R9", "R10")},
        "stress": (stress_workspace(new("stress")), "R9"),
        "empty": (real_workspace(new("empty")), "R8"),
        "other": (record(other, "R8 a 120", "R8 b 99", "R9 a 0"), "R9"),
        "large": (large_workspace(new("large")), "R8"),
        "half": (SAMPLE, "R10-interim"),
    }
    return {name: make(new("pdf"), *workspace) for name, workspace in workspaces.items()}


@pytest.fixture(params=PDFS)
def handout(request: pytest.FixtureRequest, handouts: dict[str, Handout]) -> Handout:
    return handouts[request.param]


@pytest.fixture
def sample(handouts: dict[str, Handout]) -> Handout:
    return handouts["R9"]


def test_every_page_is_a4_landscape(handout: Handout) -> None:
    sizes = re.findall(r"Page +\d+ size: +(\S+) x (\S+) pts", info(handout, "-f", "1", "-l", "999"))
    assert len(sizes) == len(handout.pages)
    for width, height in sizes:
        assert float(width) == pytest.approx(297 * MM, abs=0.1)
        assert float(height) == pytest.approx(210 * MM, abs=0.1)


def test_every_text_of_the_document_is_there(handout: Handout) -> None:
    whole = "".join(handout.pages)
    for section in handout.document.sections:
        assert bare(section.title) in whole
        for block in section.blocks:
            for text in block_texts(block):
                assert stands(bare(text), whole), text


def test_every_figure_of_the_review_is_there(handouts: dict[str, Handout]) -> None:
    for year in ("R8", "R9", "R10"):
        review = show_json(SAMPLE, "show", year)
        listed = show_json(SAMPLE, "list")["indicators"]
        whole = "".join(handouts[year].pages)
        for each, plan in zip(review["indicators"], listed, strict=True):
            for figure in figures(each, plan["decimals"]):
                assert figure in whole, (year, each["id"], figure)


@pytest.mark.parametrize("key", [INDICATORS, YEARS])
def test_one_page_lists_all_19_indicators(handouts: dict[str, Handout], key: str) -> None:
    for year in ("R8", "R9", "R10", "empty"):
        handout = handouts[year]
        section = section_of(handout, key)
        (block,) = section.blocks
        rows = list(getattr(block, "rows", ()))
        assert len(rows) == 19
        (page,) = [each for each in handout.pages if re.search(heading(section.title), each)]
        for row in rows:
            assert all(bare(cell.text) in page for cell in row)


def section_of(handout: Handout, key: str) -> Section:
    return next(each for each in handout.document.sections if each.key == key)


@pytest.mark.parametrize("year", ["R8", "R9", "R10"])
def test_the_first_page_tells_what_happened_and_the_second_how_to_read_it(
    handouts: dict[str, Handout], year: str
) -> None:
    handout = handouts[year]
    first, second, *_ = handout.pages
    summary, *_ = handout.document.sections
    for block in summary.blocks:
        assert all(stands(bare(text), first) for text in block_texts(block))
    assert all(bare(sheet.title) in first for sheet in handout.document.attainment)
    assert re.search(heading(section_of(handout, HOW_TO_READ).title), second)
    assert bare(section_of(handout, ATTENTION).title) in second


def test_the_meeting_the_years_and_the_number_stand_below_the_title(tmp_path: Path) -> None:
    made = make(
        tmp_path, SAMPLE, "R9", meeting="第1回計画見直し会議", meeting_day=date(2028, 6, 10)
    )
    head = made.pages[0].partition("総括")[0]
    assert "第1回計画見直し会議令和10年6月10日" in head
    assert "計画期間R8〜R12（5年計画）の2年目" in head
    assert "資料１" in head


def test_title_notices_number_and_day_stand_on_every_page(handout: Handout) -> None:
    document = handout.document
    for number, page in enumerate(handout.pages, 1):
        for text in (document.title, document.as_of, "資料１", *document.notices):
            assert bare(text) in page, number
        assert page.endswith(f"{number}/{len(handout.pages)}")


def test_sections_come_in_order_each_on_a_new_page(sample: Handout) -> None:
    *sections, method = [
        section.title for section in sample.document.sections if section.key != ATTENTION
    ]
    charts = [sheet.title for sheet in sample.document.charts]
    titles = [*sections, *charts, method]
    starts = [
        next(i for i, page in enumerate(sample.pages) if re.search(heading(title), page))
        for title in titles
    ]
    assert starts[:3] == [0, 1, 2]
    assert all(before < after for before, after in pairwise(starts))
    assert starts[-1] == len(sample.pages) - 1


def heading(title: str) -> str:
    """Where a heading stands: after the last of what is at the head of a page."""
    return f"(実績ではありません。|数値を含みます。|資料１){re.escape(bare(title))}"


def test_rows_are_not_cut_and_opinions_stay_with_them(handouts: dict[str, Handout]) -> None:
    for name in ("R8", "R9", "R10"):
        handout = handouts[name]
        blocks = [block for section in handout.document.sections for block in section.blocks]
        for block in blocks:
            for row in rows_of(block):
                assert on_one_page(row, handout), row


@pytest.mark.parametrize("length", [551, 593, 612])
@pytest.mark.parametrize("subject", ["a", "ini"])
def test_a_row_that_a_page_can_hold_is_not_cut(tmp_path: Path, length: int, subject: str) -> None:
    folder = small_workspace(tmp_path, "id: b", "id: a")
    initiatives = "    initiatives: [{id: first, name: 先}, {id: ini, name: 取組}]\n"
    plan = folder / "data" / "targets.yaml"
    plan.write_text(
        plan.read_text("utf-8").replace("    indicators:\n", initiatives + "    indicators:\n"),
        "utf-8",
    )
    text = "あ" * length if subject == "a" else "い" * (length * 25 // 18)
    rows = [f"t,R8,{subject},{text},要因,課題,改善,,,,意見,,,"]
    write_log(folder / "data" / "reviews" / "R8.csv", REVIEWS_HEADER, rows)
    handout = make(tmp_path, folder, "R8")
    blocks = [block for section in handout.document.sections for block in section.blocks]
    for row in (row for block in blocks for row in rows_of(block)):
        assert on_one_page(row, handout), row


def test_a_continued_table_repeats_its_heading_and_its_legend(sample: Handout) -> None:
    programme = section_of(sample, programme_key("chiiki"))
    table = next(block for block in programme.blocks if isinstance(block, Pdca))
    head = bare(programme.title) + "番号" + "".join(PDCA_TITLES)
    pages = [page for page in sample.pages if any(bare(row.name) in page for row in table.rows)]
    pages = [page for page in pages if head in page]
    assert len(pages) >= 2
    assert all(bare(table.printed_legend) in page for page in pages)


def test_a_row_longer_than_a_page_keeps_its_title(handouts: dict[str, Handout]) -> None:
    handout = handouts["large"]
    blocks = section_of(handout, programme_key("p")).blocks
    (table,) = [each for each in blocks if isinstance(each, Pdca)]
    names = [bare(row.name + row.aside) for row in table.rows]
    assert len(names) == 42
    assert all(any(name in page for page in handout.pages) for name in names)


def check_apart(handout: Handout) -> None:
    """Fail if a text meets another or leaves the margins."""
    for number, page in enumerate(words(handout), 1):
        assert page, number
        for word in page:
            # An opening bracket at the start of a line stands without its blank half.
            assert 19 * MM < word.left < word.right < 285.5 * MM, (number, word)
            assert 5 * MM < word.top < word.bottom < 205 * MM, (number, word)
        tops = [word.top for word in page]
        for index, word in enumerate(page):
            beside = page[index + 1 : bisect_left(tops, word.bottom)]
            assert not [other for other in beside if word.overlaps(other)], (number, word)


def test_no_text_overlaps_another_or_leaves_the_margins(handout: Handout) -> None:
    check_apart(handout)


def test_no_indicator_stands_alone_on_the_last_page_of_a_programme(tmp_path: Path) -> None:
    """Three of these fit on the first page: the third goes over with the fourth."""
    ids = ("a", "b", "c", "d")
    workspace = small_workspace(tmp_path, *(f"id: {key}" for key in ids))
    record(workspace, *(f"R9 {key} 90" for key in ids))
    texts = ",".join(("あ" * 130, "い" * 130, "", "う" * 130))
    notes = [f"t,R9,{key},{texts},,,,,,人," for key in ids]
    write_log(workspace / "data" / "reviews" / "R9.csv", REVIEWS_HEADER, notes)
    ran = call(workspace, "report", "R9", "--only", "pdf", "--date", "2028-06-01")
    assert ran.code == 0, ran.err
    found = json.loads((workspace / "reports" / "R9" / "review.json").read_text("utf-8"))
    pages = found["files"]["review.pdf"]["pages"]["pdca-p"]
    assert [pages[key] for key in ids] == [5, 5, 6, 6]


def test_runs_of_any_mark_stay_in_their_cells(tmp_path: Path) -> None:
    marks = "─━〜●■※★◆①→！？♪…・ーっァ々%—=éⅢ"
    folder = small_workspace(tmp_path, *(f"id: i{number}" for number in range(len(marks))))
    plan = folder / "data" / "targets.yaml"
    names = iter(marks)
    text = re.sub(
        r"name: 指標\d+", lambda _: f"name: '{next(names) * 40}'", plan.read_text("utf-8")
    )
    plan.write_text(text, "utf-8")
    rows = [
        f"t,R8,i{number},{mark * 400},あ{mark * 60},,,,,,{mark * 400},,,"
        for number, mark in enumerate(marks)
    ]
    write_log(folder / "data" / "reviews" / "R8.csv", REVIEWS_HEADER, rows)
    check_apart(make(tmp_path, folder, "R8"))


def test_no_text_is_smaller_than_seven_and_a_half_points(handout: Handout) -> None:
    """Poppler's boxes are as high as the type is large, but for their rounding."""
    assert min(word.bottom - word.top for page in words(handout) for word in page) > 7.49


def test_figures_of_nine_digits_are_whole(tmp_path: Path) -> None:
    """Also where all years stand side by side."""
    targets = "{R8: 999999999, R9: 999999999, R10: 999999999}"
    folder = small_workspace(tmp_path, f"id: a, baseline: 888888888, targets: {targets}")
    record(folder, "R8 a 777777777", "R9 a 666666666", "R10 a 555555555")
    handout = make(tmp_path, folder, "R10")
    shown = {word.text for page in words(handout) for word in page}
    assert {",".join([str(digit) * 3] * 3) for digit in range(5, 10)} <= shown
    assert not [text for text in shown if re.search(r"^,\d|\d,$", text)]


def test_texts_are_never_markup_and_missing_glyphs_are_shown(handouts: dict[str, Handout]) -> None:
    whole = "".join(handouts["stress"].pages)
    for text in NASTY:
        shown, _ = printable(text)
        assert bare(shown) in whole, text
    assert "〓野家" in whole
    assert "𠮷" not in whole


def test_nothing_tells_who_entered_it_or_from_which_file(handout: Handout) -> None:
    whole = "".join(handout.pages)
    for word in ("入力者", "入力担当", ".csv", "sha256", "記録日時"):
        assert word not in whole


def test_the_font_is_embedded_and_there_is_no_other(handout: Handout) -> None:
    fonts = poppler("pdffonts", handout.path).splitlines()[2:]
    assert fonts
    for line in fonts:
        name, *_, embedded, subset, unicode = line.split()[:-2]
        assert name.endswith("+IPAexGothic")
        assert (embedded, subset, unicode) == ("yes", "yes", "yes")


def test_it_claims_pdf_a_2a_and_pdf_ua_1(sample: Handout) -> None:
    metadata = info(sample, "-meta")
    for claim in ("pdfaid:part>2<", "pdfaid:conformance>A<", "pdfuaid:part>1<", "rdf:li>ja<"):
        assert claim in metadata
    plain = info(sample)
    assert re.search(r"Tagged: +yes", plain)
    assert re.search(rf"Title: +{re.escape(sample.document.properties.title)}\n", plain)
    assert b"/Lang(ja)" in sample.pdf


@pytest.mark.parametrize("name", ["R8", "R9", "other", "half"])
@pytest.mark.parametrize(
    "command", [["outloud", "--no-info"], ["pdfua", "check", "--min-severity", "error"]]
)
def test_checkers_that_did_not_make_it_find_no_error(
    handouts: dict[str, Handout], command: list[str], name: str
) -> None:
    """Errors only: outloud 0.2 warns of grids without a table where a table spans pages.

    The name of an indicator too tall for a page is repeated, which it takes for shredded headings.
    A cell of the last column that spans two rows it does not count in the second: the 新旧対照表 of
    R9 has nine columns and seems to lack one.
    """
    tool, *options = command
    found = shutil.which(tool, path=sysconfig.get_path("scripts"))
    if not found:
        pytest.skip(f"{tool} is missing (pip install {tool})")
    done = subprocess.run(
        [found, *options, str(handouts[name].path)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    found_wrong = re.findall(r"ERROR +(\S+)[^\n]*\n +evidence: ([^\n]*)", done.stdout)
    is_false_alarm = name == "R9" and found_wrong == [("TBL-004", "9, 9, 8, 9")]
    assert done.returncode == 0 or is_false_alarm, done.stdout


def test_texts_kept_together_are_read_aloud(tmp_path: Path) -> None:
    workspace = record(small_workspace(tmp_path, "id: a"), "R8 a 141", "R9 a 150")
    handout = make(tmp_path, workspace, "R9")
    aloud = re.sub(r'"\s+"', "", info(handout, "-struct-text"))
    assert "R8 141.0％" in aloud
    assert "R9 150.0％" in aloud


def test_tables_have_header_cells_and_charts_have_alternatives(sample: Handout) -> None:
    tags = info(sample, "-struct")
    tables = tags.split("\n  Table")[1:]
    assert tables
    assert all("\n    THead" in table and "/Scope /Column" in table for table in tables)
    wanted = [alt(sheet) for sheet in sample.document.sheets]
    assert sorted(hexadecimal("Alt", sample.pdf)) == sorted(wanted)


def test_bookmarks_lead_to_every_section_and_chart(sample: Handout) -> None:
    document = sample.document
    bookmarks = hexadecimal("Title", sample.pdf)
    titles = {section.title for section in document.sections}
    assert titles | {sheet.title for sheet in document.sheets} <= set(bookmarks)


def test_it_was_made_on_the_day_of_the_review(sample: Handout) -> None:
    assert "2028" in re.findall(r"CreationDate: +(.*)", info(sample))[0]


def test_charts_stand_without_their_own_head(pack: Callable[[str], Pack]) -> None:
    document, _ = printable(document_of(SAMPLE, "R9"))
    folder = pack("R9").folder
    drawings = {path.stem: path.read_bytes() for path in (folder / "charts").glob("*.svg")}
    pictures = without_heads(document, drawings)
    for key, svg in drawings.items():
        assert 30 < height(svg) - height(pictures[key]) < 80
    fonts = poppler("pdffonts", folder / "review.pdf").splitlines()[2:]
    assert all("IPAexGothic" in font for font in fonts)


def height(svg: bytes) -> float:
    return float(re.findall(rb'height="([\d.]+)pt"', svg)[0])
