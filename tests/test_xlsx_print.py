"""The workbook on paper: every table under its own heading, nothing parted from its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jusou.report.document import PDCA_NAME, PDCA_TITLES, Pdca, Table
from tests.handouts import bare
from tests.pages import LONG_NAME
from tests.spreadsheet import Made, Office, make, needs_office
from tests.support import real_workspace, sample_workspace, small_workspace

pytestmark = pytest.mark.slow

CHART = "事業別の達成度の分布"


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


def tables_of(made: Made) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield of each table its caption, the printed headings, and the names of its rows."""
    for section in made.document.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                titles = [column.title for column in block.columns if column.printed]
                yield block.caption, titles, [row[0].text for row in block.rows]
            elif isinstance(block, Pdca):
                yield block.caption, [PDCA_NAME, *PDCA_TITLES], [row.title for row in block.rows]


@needs_office
@pytest.mark.parametrize("name", BOOKS)
def test_every_row_stands_on_a_page_with_the_heading_of_its_table(
    made: dict[str, Made], printed: dict[str, list[str]], name: str
) -> None:
    for caption, titles, rows in tables_of(made[name]):
        for row in rows:
            pages = [page for page in printed[name] if bare(row) in page]
            headed = [page for page in pages if all(bare(title) in page for title in titles)]
            assert headed, (caption, row)


@needs_office
@pytest.mark.parametrize("name", BOOKS)
def test_captions_and_charts_stay_with_what_they_head(
    made: dict[str, Made], printed: dict[str, list[str]], name: str
) -> None:
    for caption, titles, rows in tables_of(made[name]):
        wanted = [caption, *titles, rows[0]] if rows else [caption]
        whole = [page for page in printed[name] if all(bare(text) in page for text in wanted)]
        assert whole or caption in ("指標一覧", "指標・年度別の一覧"), caption
    programmes = [each["name"] for each in made[name].review["programmes"]]
    charts = [page for page in printed[name] if CHART in page]
    assert len(charts) == 1
    assert all(bare(programme) in charts[0] for programme in programmes)


@needs_office
def test_the_long_list_is_legible(printed: dict[str, list[str]]) -> None:
    """Its columns for pivot tables are left to the screen."""
    heading = "番号指標単位年度当初目標目標実績区分基準日達成率（％）達成度"
    pages = [page for page in printed["R9"] if heading in page]
    assert len(pages) > 3
    assert any("空欄:数値なし" in page for page in pages)
    assert not any("よい方向" in page.replace("（事業", "") for page in pages)
