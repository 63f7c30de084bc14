"""全年度の目標と実績: each year's figures are those of that year's own review, in each format."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.handouts import bare, poppler
from tests.packs import Pack
from tests.pages import parse, print_to_pdf, text
from tests.spreadsheet import column, read_rows
from tests.support import SAMPLE_DAY, call, record, sample_workspace, show_json

TITLE = "全年度の目標と実績"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = sample_workspace(tmp_path_factory.mktemp("years"))
    day = {"JUSOU_DATE": SAMPLE_DAY}
    assert call(folder, "report", "R9", "--only", "html,md,txt", env=day).code == 0
    return folder


@pytest.fixture(scope="module")
def rows(workspace: Path) -> list[dict[str, str]]:
    """The rows of the table in Markdown, by the titles of its columns."""
    whole = (workspace / "reports" / "R9" / "review.md").read_text("utf-8")
    _, found, rest = whole.partition(f"## {TITLE}\n")
    assert found
    lines = [line for line in rest.split("\n## ")[0].splitlines() if line.startswith("|")]
    titles, _, *cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return [dict(zip(titles, row, strict=True)) for row in cells]


def figure(text: str) -> Decimal | None:
    found = re.match(r"[\d,]+(\.\d+)?", text)
    return Decimal(found[0].replace(",", "")) if found else None


def exact(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def test_each_year_is_as_its_own_review_says(workspace: Path, rows: list[dict[str, str]]) -> None:
    for year in ("R8", "R9"):
        reviewed = show_json(workspace, "show", year)["indicators"]
        for row, each in zip(rows, reviewed, strict=True):
            for title, key in (("目標", "target"), ("実績", "actual"), ("達成率", "attainment")):
                assert figure(row[f"{year}{title}"]) == exact(each[key]), (year, each["id"], key)
            assert row[f"{year}達成度"] == (each["rating"] or "—")
            assert figure(row["R6（参考）"]) == exact(each["baseline"])


def test_the_year_before_is_what_the_first_review_compares_with(
    workspace: Path, rows: list[dict[str, str]]
) -> None:
    first = show_json(workspace, "show", "R8")["indicators"]
    assert [figure(row["R7（参考）"]) for row in rows] == [
        exact(each["previous"]) for each in first
    ]


def test_years_to_come_have_their_targets_only(workspace: Path, rows: list[dict[str, str]]) -> None:
    plan = show_json(workspace, "list")["indicators"]
    for row, each in zip(rows, plan, strict=True):
        assert [title for title in row if title.startswith("R1")] == [
            "R10目標",
            "R11目標",
            "R12目標",
        ]
        if each["id"] != "takikan-1":
            assert figure(row["R10目標"]) == exact(each["targets"]["R10"])
    changed = next(row for row in rows if row["指標"].startswith("(3)①"))
    assert changed["R9目標"] == "8（当初10）"
    assert changed["R8目標"] == "10"


def test_page_and_text_say_the_same(workspace: Path, rows: list[dict[str, str]]) -> None:
    folder = workspace / "reports" / "R9"
    root = parse((folder / "review.html").read_text("utf-8"))
    section = next(each for each in root.iter("section") if each.get("id") == "years")
    spoken = (folder / "review.txt").read_text("utf-8-sig")
    spoken = spoken.partition(f"{TITLE}\n")[2]
    for row, element in zip(rows, list(section.iter("tr"))[1:], strict=True):
        cells = [re.sub("数値なし|評価なし|、当初は.*", "", text(cell)).strip() for cell in element]
        for cell, wanted in zip(cells, row.values(), strict=True):
            assert cell.startswith(wanted), row["指標"]
        assert f"R9目標 {row['R9目標'].split('（')[0]}" in spoken.partition(row["指標"])[2][:300]


@pytest.mark.slow
def test_workbook_and_pdf_say_the_same(
    pack: Callable[[str], Pack], workspace: Path, rows: list[dict[str, str]]
) -> None:
    folder = pack("R9").folder
    sheet = read_rows((folder / "review.xlsx").read_bytes(), "全年度")
    for year in ("R8", "R9"):
        reviewed = show_json(workspace, "show", year)["indicators"]
        for title, key in (("目標", "target"), ("実績", "actual"), ("達成率", "attainment")):
            found = [
                cell if isinstance(cell, float) else None for cell in column(sheet, year + title)
            ]
            assert found == [each[key] for each in reviewed], (year, key)
        assert column(sheet, f"{year}達成度") == [each["rating"] or "—" for each in reviewed]
    pages = poppler("pdftotext", folder / "review.pdf", "-raw").split("\f")
    (page,) = [bare(each) for each in pages if re.search(f"\n{TITLE}\n", each)]
    for row in rows:
        assert bare("".join(row.values())) in page, row["指標"]


@pytest.mark.slow
def test_the_last_year_with_all_before_it_is_printed_on_one_page(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "last")
    listed = show_json(workspace, "list")["indicators"]
    record(
        workspace,
        *(
            f"{year} {each['id']} {each['targets'][year]}"
            for year in ("R11", "R12")
            for each in listed
        ),
    )
    ran = call(workspace, "report", "R12", "--only", "html,pdf", "--date", "2031-06-10")
    assert ran.code == 0
    folder = workspace / "reports" / "R12"
    printed = print_to_pdf(tmp_path, (folder / "review.html").read_text("utf-8"))
    for path in (printed, folder / "review.pdf"):
        pages = map(bare, poppler("pdftotext", path).split("\f"))
        (page,) = [page for page in pages if TITLE in page]
        assert all(bare(each["label"]) in page for each in listed), path


def test_it_does_not_stand_on_the_screen(workspace: Path) -> None:
    assert TITLE not in call(workspace, "show", "R9", env={"JUSOU_DATE": SAMPLE_DAY}).out
