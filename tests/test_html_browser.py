"""The HTML page in a browser: accessible, alone, never wider than its window, and on paper."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jusou.report.fonts import printable
from tests.handouts import poppler
from tests.packs import Pack
from tests.pages import (
    axe,
    parse,
    print_to_pdf,
    run_script,
    text,
)

pytestmark = pytest.mark.slow

SCREENS = {"desk": 1280, "phone": 360}
PAPER = 1001  # CSS pixels between the margins of the paper: 297 mm - 20 mm - 12 mm
MARGINS = (56, 810)  # where they are, in points, give or take a rounding
VIOLATIONS = """
    const found = (await axe.run()).violations;
    return found.map(each => [each.id, each.nodes.map(node => node.html)]);
"""
FACTS = """
    const wide = each => each.scrollWidth > each.clientWidth + 1;
    const shown = [...document.querySelectorAll('th, td, dl, p, li, h1, h2, .scroll')];
    return {
        scripts: document.scripts.length,
        requests: performance.getEntriesByType('resource').map(each => each.name),
        width: document.documentElement.scrollWidth,
        clipped: shown.filter(wide).map(each => each.outerHTML.slice(0, 300)),
    };
"""


@pytest.fixture(scope="module")
def axe_source() -> str:
    return axe()


@pytest.fixture(scope="module")
def pages(pack: Callable[[str], Pack]) -> dict[str, str]:
    """The page of a running year of the sample, of its half, of nasty and long texts."""
    packs = {"sample": pack("R10"), "half": pack("R10-interim"), "stress": pack("stress")}
    return {
        name: (folder / "review.html").read_text("utf-8") for name, (folder, _) in packs.items()
    }


@pytest.fixture(scope="module")
def printed(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each page as PDF."""
    return {
        name: print_to_pdf(tmp_path_factory.mktemp("printed"), page) for name, page in pages.items()
    }


@pytest.fixture(scope="module")
def opened(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a script sees in each page at each width, and as it is laid out on paper."""
    frames = {
        f"{name}-{screen}": (page, width)
        for name, page in pages.items()
        for screen, width in SCREENS.items()
    }
    for name, page in pages.items():
        paper = page.replace("@media print", "@media all").replace("@media screen", "@media none")
        frames[f"{name}-paper"] = (paper, PAPER)
    return run_script(tmp_path_factory.mktemp("opened"), frames, FACTS)


def test_axe_finds_no_violation(axe_source: str, pages: dict[str, str], tmp_path: Path) -> None:
    """Each page at one width, for axe-core takes seconds a page."""
    frames = {
        "sample": (pages["sample"], SCREENS["desk"]),
        "half": (pages["half"], SCREENS["phone"]),
        "stress": (pages["stress"], SCREENS["phone"]),
    }
    found = run_script(tmp_path, frames, f"{axe_source};{VIOLATIONS}")
    assert found == {name: [] for name in frames}


def test_it_requests_nothing(opened: dict[str, Any]) -> None:
    assert {name: each["requests"] for name, each in opened.items()} == {
        name: [] for name in opened
    }


def test_a_request_would_be_seen(tmp_path: Path) -> None:
    page = '<html><body><img src="http://localhost:1/x.png"/></body></html>'
    found = run_script(tmp_path, {"control": (page, 360)}, FACTS)
    assert found["control"]["requests"] == ["http://localhost:1/x.png"]


def test_no_text_became_a_script(opened: dict[str, Any]) -> None:
    assert {each["scripts"] for each in opened.values()} == {1}


def test_it_is_never_wider_than_its_window(opened: dict[str, Any]) -> None:
    for name in ("sample", "half", "stress"):
        for screen, width in (*SCREENS.items(), ("paper", PAPER)):
            assert opened[f"{name}-{screen}"]["width"] <= width, (name, screen)


def test_nothing_is_clipped_on_paper(opened: dict[str, Any]) -> None:
    assert opened["sample-paper"]["clipped"] == []
    assert opened["half-paper"]["clipped"] == []
    assert opened["stress-paper"]["clipped"] == []


@pytest.mark.parametrize("name", ["sample", "half", "stress"])
def test_it_prints_on_a4_landscape_within_the_margins(printed: dict[str, Path], name: str) -> None:
    sizes = re.findall(r"Page +\d+ size: *(.*)", poppler("pdfinfo", printed[name], "-l", "99"))
    assert set(sizes) == {"841.92 x 594.96 pts (A4)"}
    shown = poppler("pdftotext", printed[name], "-bbox")
    words = re.findall(r'<word xMin="([\d.]+)".*?xMax="([\d.]+)".*?>(.*?)</word>', shown)
    assert words
    outside = [
        word for left, right, word in words if float(left) < MARGINS[0] or float(right) > MARGINS[1]
    ]
    assert outside == []


@pytest.mark.parametrize("name", ["sample", "half", "stress"])
def test_nothing_is_lost_on_paper(
    pages: dict[str, str], printed: dict[str, Path], name: str
) -> None:
    wanted = Counter(_letters(_for_paper(pages[name])))
    missing = wanted - Counter(_letters(poppler("pdftotext", printed[name])))
    assert not [letter for letter in missing if printable(letter)[1] == ()]


def test_the_notices_stand_on_every_printed_page(printed: dict[str, Path]) -> None:
    *sheets, rest = poppler("pdftotext", printed["sample"]).split("\f")
    assert rest == ""
    for number, sheet in enumerate(sheets, 1):
        assert "架空データ" in sheet
        assert "年度途中" in sheet
        assert f"{number}／{len(sheets)}" in sheet


def _for_paper(page: str) -> str:
    """Return the text that has to be on paper: not the contents, nor the closed details."""
    root = parse(page)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in ("head", "nav", "details", "figcaption", "a"):
                parent.remove(child)
    return text(root)


def _letters(shown: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", shown))
