"""The workbook on paper: as wide as a page, every row whole, headings repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress
from pathlib import Path

import pytest

from jusou.report.document import PDCA_NAME, PDCA_TITLES, Pdca, Section, Table
from tests.handouts import bare
from tests.pages import LONG_NAME
from tests.spreadsheet import Made, Office, make, needs_office
from tests.support import real_workspace, sample_workspace, small_workspace

pytestmark = pytest.mark.slow


def long_workspace(folder: Path) -> Path:
    """The sample with names of 40 characters."""
    plan = sample_workspace(folder) / "data" / "targets.yaml"
    text = plan.read_text(encoding="utf-8")
    long = re.sub(r"(\n +name: )(?!.*事業)[^\n]+", rf"\g<1>{LONG_NAME[:40]}", text)
    plan.write_text(long, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    many = (f"id: i{number}" for number in range(60))
    workspaces = {
        "R9": (sample_workspace(tmp_path_factory.mktemp("sample")), "R9"),
        "R10": (long_workspace(tmp_path_factory.mktemp("long")), "R10"),
        "empty": (real_workspace(tmp_path_factory.mktemp("empty")), "R8"),
        "many": (small_workspace(tmp_path_factory.mktemp("many"), *many), "R8"),
    }
    return {name: make(*workspace) for name, workspace in workspaces.items()}


@pytest.fixture(scope="module")
def printed(
    made: dict[str, Made], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[str]]:
    office = Office(tmp_path_factory.mktemp("office"))
    return office.printed(**{name: each.content for name, each in made.items()})


BOOKS = ("R9", "R10", "empty", "many")


def rows_of(section: Section) -> Iterator[list[str]]:
    """Yield of each row in a section the texts of its printed cells."""
    for block in section.blocks:
        if isinstance(block, Table):
            printed = [column.printed for column in block.columns]
            yield from ([cell.text for cell in compress(row, printed)] for row in block.rows)
        elif isinstance(block, Pdca):
            for each in block.rows:
                yield [each.title, *(item.text for items in each.cells for item in items)]


def heading_of(section: Section) -> list[str]:
    """Return the headings that a section's pages repeat, none if its tables have several."""
    match section.blocks:
        case [Table(columns=columns)]:
            return [column.title for column in columns if column.printed]
        case [*_, Pdca()]:
            return [PDCA_NAME, *PDCA_TITLES]
    return []


@needs_office
@pytest.mark.parametrize("name", BOOKS)
def test_every_row_is_whole_on_a_page_below_the_repeated_heading(
    made: dict[str, Made], printed: dict[str, list[str]], name: str
) -> None:
    headings = [heading_of(section) for section in made[name].document.sections]
    assert sum(map(bool, headings)) >= len(made[name].review["programmes"]) + 3
    for section, heading in zip(made[name].document.sections, headings, strict=True):
        for row in rows_of(section):
            texts = list(map(bare, heading + row))
            assert any(all(text in page for text in texts) for page in printed[name]), row


@needs_office
def test_the_long_list_is_legible(printed: dict[str, list[str]]) -> None:
    """Its columns for pivot tables are left to the screen."""
    heading = "番号指標単位年度当初目標目標実績区分基準日達成率（％）達成度"
    pages = [page for page in printed["R9"] if heading in page]
    assert len(pages) > 3
    assert any("空欄:数値なし" in page for page in pages)
    assert not any("よい方向" in page.replace("（事業", "") for page in pages)
