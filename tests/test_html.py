"""The HTML page as it is written: complete, well-formed, in proper order, and shut."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from jinja2 import UndefinedError

from jusou.report.writers.html import css_string, inline_svg
from tests.figures import figures
from tests.pages import (
    LONG_NAME,
    LONG_NOTE,
    NASTY,
    PICTURE,
    block_texts,
    document_of,
    parse,
    render,
    stress_workspace,
    text,
)
from tests.support import (
    SAMPLE,
    SAMPLE_DAY,
    real_workspace,
    record,
    show_json,
    small_workspace,
)

OF_THE_HALF = ("first_half", "forecast_cause", "second_half", "next_year")
HEADINGS = ("h1", "h2", "h3")
PAGES = ("R8", "R9", "R10", "stress", "empty", "other")


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str]]:
    """The sample's years; nasty and long texts; the plan without a figure; another city."""
    other = small_workspace(
        tmp_path_factory.mktemp("other"),
        "id: a, direction: down",
        "id: b, direction: keep, measure: rate, unit: ％, decimals: 1",
    )
    return {
        **{year: (SAMPLE, year) for year in ("R8", "R9", "R10")},
        "stress": (stress_workspace(tmp_path_factory.mktemp("stress")), "R9"),
        "empty": (real_workspace(tmp_path_factory.mktemp("empty")), "R8"),
        "other": (record(other, "R8 a 120", "R8 b 99.5", "R9 a 0", "R9 b 88.0"), "R9"),
    }


@pytest.fixture(scope="module")
def pages(workspaces: dict[str, tuple[Path, str]]) -> dict[str, str]:
    return {name: render(document_of(*workspace)) for name, workspace in workspaces.items()}


@pytest.fixture(params=PAGES)
def root(request: pytest.FixtureRequest, pages: dict[str, str]) -> Element:
    return parse(pages[request.param])


def test_every_id_is_there_once_and_every_reference_has_one(root: Element) -> None:
    ids = [each.get("id", "") for each in root.iter() if each.get("id")]
    assert sorted(ids) == sorted(set(ids))
    wanted = {each.get("href", "").removeprefix("#") for each in root.iter() if each.get("href")}
    wanted |= {each.get("aria-labelledby", "") for each in root.iter()} - {""}
    wanted |= {name for each in root.iter() for name in re.findall(r"url\(#(.*?)\)", _values(each))}
    assert wanted
    assert wanted <= set(ids)


def test_headings_follow_one_another(root: Element) -> None:
    levels = [HEADINGS.index(each.tag) for each in root.iter() if each.tag in HEADINGS]
    assert levels.count(0) == 1
    assert levels[0] == 0
    assert all(second <= first + 1 for first, second in pairwise(levels))
    assert root.get("lang") == "ja"


def test_the_contents_lead_to_every_section(root: Element) -> None:
    nav, main = _one(root, "nav"), _one(root, "main")
    assert [each.get("href") for each in nav.iter("a")] == [
        f"#{section.get('id')}" for section in main.findall("section")
    ]
    assert [text(each) for each in nav.iter("a")] == [text(each) for each in main.iter("h2")]


@pytest.mark.parametrize("name", PAGES)
def test_every_block_is_laid_out_whole_and_in_order(
    workspaces: dict[str, tuple[Path, str]], pages: dict[str, str], name: str
) -> None:
    sections = _one(parse(pages[name]), "main").findall("section")
    for section, element in zip(document_of(*workspaces[name]).sections, sections, strict=True):
        for figure in element.findall("figure"):
            element.remove(figure)
        texts = (each for block in section.blocks for each in block_texts(block))
        wanted = [section.title, *(each for each in texts if each != section.title)]
        assert _joined(text(element)) == _joined("".join(wanted))


def test_every_table_has_a_caption_and_headers(root: Element) -> None:
    tables = list(root.iter("table"))
    assert tables
    for table in tables:
        assert "".join(_one(table, "caption").itertext())
        assert {each.get("scope") for each in _one(table, "thead").iter("th")} == {"col"}
        for body in table.findall("tbody"):
            rows = [row for row in body.findall("tr") if row.get("class") != "below"]
            first = [next(iter(row)) for row in rows]
            if table.get("class") == "pdca":
                assert [each.get("scope") for each in first[:2]] == ["rowgroup", None]
            else:
                assert {each.get("scope") for each in first} <= {"row", "rowgroup"}


def test_what_scrolls_can_be_reached_by_keyboard_and_has_a_name_of_its_own(root: Element) -> None:
    boxes = [each for each in root.iter("div") if each.get("class") == "scroll"]
    assert {(each.get("tabindex"), each.get("role")) for each in boxes} == {("0", "region")}
    names = [each.get("aria-label") for each in boxes]
    assert sorted(set(map(str, names))) == sorted(map(str, names))
    inside = {each for box in boxes for each in box.iter() if each.tag in ("table", "svg")}
    assert inside == {each for each in root.iter() if each.tag in ("table", "svg")}


def test_every_picture_is_told_in_words(workspaces: dict[str, tuple[Path, str]]) -> None:
    document = document_of(*workspaces["R9"])
    root = parse(render(document))
    for sheet, figure in zip(document.sheets, root.iter("figure"), strict=True):
        picture = next(each for each in figure.iter() if each.get("role") == "img")
        caption = _one(figure, "figcaption")
        assert picture.get("aria-labelledby") == caption.get("id")
        assert "".join(caption.itertext()) == sheet.title
        said = [text(each) for each in _one(figure, "details").iter("li")]
        assert said == list(sheet.alts)
    panels = [panel for chart in document.charts for panel in chart.panels]
    for telling in (*(panel.alt for panel in panels), *(panel.note for panel in panels)):
        assert telling in text(root)


@pytest.mark.parametrize("year", ["R8", "R9", "R10"])
def test_every_figure_of_the_review_is_on_the_page(pages: dict[str, str], year: str) -> None:
    root = parse(pages[year])
    review = show_json(SAMPLE, "show", year, "--date", SAMPLE_DAY)
    decimals = {each["id"]: each["decimals"] for each in show_json(SAMPLE, "list")["indicators"]}
    rows, evaluations, totals = (
        _rows(root, "indicators"),
        _evaluations(root),
        _rows(root, "roll-up"),
    )
    for each in review["indicators"]:
        title, unit = f"{each['label']} {each['name']}", each["unit"]
        shown = f"{rows[title]} {evaluations[f'{title}（{unit}）']}"
        for figure in figures(each, decimals[each["id"]]):
            assert re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.]*\d)", shown), (figure, shown)
        note = {key: said for key, said in each["note"].items() if said}
        for key, said in note.items():
            if key not in OF_THE_HALF:
                assert said in (shown if key != "follow_up" else text(root)), key
        if each["evaluation"]:
            assert f"{each['evaluation']['mark']}（{each['evaluation']['reason']}）" in shown
    for programme in (*review["programmes"], {"name": "計", **review["summary"]}):
        counts = next(row for title, row in totals.items() if title.endswith(programme["name"]))
        met = f"{programme['met']}／{programme['reported']}"
        numbers = [
            programme["indicators"], *programme["ratings"].values(), met, programme["forecast"],
            programme["pending"], programme["excluded"],
        ]  # fmt: skip
        mean = programme["capped_mean"]
        means = ["—", "—"] if mean is None else [f"{mean:.1f}", str(programme["mean_of"])]
        assert counts.split() == [*map(str, numbers), *means]
    for sentence in review["method"]["text"]:
        assert sentence in text(root)


def test_nasty_and_long_texts_come_out_as_they_are(pages: dict[str, str]) -> None:
    root = parse(pages["stress"])
    shown = text(root)
    for nasty in NASTY:
        assert shown.count(nasty) >= 10
    assert f"{NASTY[0]}{NASTY[7]}" in shown
    assert LONG_NAME in shown
    assert LONG_NOTE in shown


def test_control_characters_do_not_reach_the_page() -> None:
    document = document_of(SAMPLE, "R9")
    page = render(replace(document, subtitle="赤\x1b[31m\x07\x9b1m\t字\x0b\x7f"))
    assert "赤 [31m  1m\t字  　" in text(_one(parse(page), "header"))


def test_line_breaks_count(pages: dict[str, str]) -> None:
    """Where a text may hold line breaks the style keeps them, and the template adds none."""
    root = parse(pages["stress"])
    style = str(_one(root, "style").text)
    assert re.search(r"dd, \.lines, \.grid \.remark.*{ white-space: pre-line; }", style)
    texts = [each for each in root.iter() if each.tag == "dd" or "remark" in each.get("class", "")]
    assert "\n".join(NASTY) in {text(each) for each in texts}
    assert all(text(each) == text(each).strip() for each in texts)


def test_it_is_alone_and_inert(pages: dict[str, str]) -> None:
    for page in pages.values():
        root = parse(page)
        assert not {"script", "link", "img", "iframe", "object", "form"} & {
            each.tag for each in root.iter()
        }
        attributes = {(name, value) for each in root.iter() for name, value in each.items()}
        assert not {name for name, _ in attributes if name.startswith("on") or name == "src"}
        assert {value[0] for name, value in attributes if name == "href"} == {"#"}
        assert "default-src 'none'" in page
        assert not re.search(r"https?://|@import|url\((?!#)", page)


def test_what_is_said_aloud_differs_from_what_is_seen(pages: dict[str, str]) -> None:
    pairs = {
        ("".join(seen.itertext()), "".join(said.itertext()))
        for parent in parse(pages["R9"]).iter()
        for seen, said in pairwise(parent)
        if seen.get("aria-hidden") == "true" and said.get("class") == "aloud"
    }
    assert {("—", "数値なし"), ("—", "記入なし"), ("△14", "マイナス14")} <= pairs
    assert all(seen != said for seen, said in pairs)


def test_the_heading_says_whose_it_is_and_what_it_is_not() -> None:
    document = document_of(SAMPLE, "R10", number="資料１", draft=True)
    head = text(_one(parse(render(document)), "header"))
    assert document.title.endswith("（案）")
    for said in ("資料１", document.title, "釜石市", "令和10年11月10日現在", *document.notices):
        assert said in head
    assert len(document.notices) == 2


def test_a_missing_picture_is_not_passed_over() -> None:
    with pytest.raises(UndefinedError):
        render(document_of(SAMPLE, "R9"), {"attainment": PICTURE})


def test_a_picture_is_put_in_without_what_belongs_to_a_file_of_its_own() -> None:
    expected = """
        <svg viewBox="0 0 8 4" version="1.1"><defs><clipPath id="a--clip">
        <rect width="8" height="4" /></clipPath><path id="a--dot" d="M0 0h1" /></defs>
        <g clip-path="url(#a--clip)" style="fill: url(#a--clip)">
        <use href="#a--dot" /><use href="#a--dot" /></g></svg>
    """
    assert _joined(inline_svg(PICTURE, "a--")) == _joined(expected)


def test_a_text_cannot_leave_its_place_in_the_style() -> None:
    assert css_string('計画"</style>\\\n') == (
        '"計画\\000022\\00003c\\00002fstyle\\00003e\\00005c\\00000a"'
    )


def _joined(shown: str) -> str:
    return "".join(shown.split())


def _one(element: Element, tag: str) -> Element:
    (found,) = element.iter(tag)
    return found


def _values(element: Element) -> str:
    return " ".join(value for _, value in element.items())


def _rows(root: Element, key: str) -> dict[str, str]:
    """Return what stands in each row of a table, by its header."""
    (table,) = [each for each in root.iter("table") if each.get("class") == f"grid {key}"]
    return {text(row[0]): " ".join(map(text, row[1:])) for row in table.findall("tbody/tr")}


def _evaluations(root: Element) -> dict[str, str]:
    """Return the PDCA of each indicator, by its title."""
    tables = [each for each in root.iter("table") if each.get("class") == "pdca"]
    return {
        text(next(body.iter("th"))): " ".join(text(each) for each in body.iter("td"))
        for table in tables
        for body in table.findall("tbody")
    }
