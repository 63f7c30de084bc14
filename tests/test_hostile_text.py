"""Text that means something to a console, to Markdown or to a browser stays text everywhere."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.support import (
    REVIEWS_HEADER,
    call,
    record,
    show_json,
    small_workspace,
    write_log,
)
from tests.test_outputs import width

LATER = "2029-06-01"
COLUMNS = REVIEWS_HEADER.split(",")
HOSTILE = {
    "実施状況": "<script>alert(1)</script> & &lt; &amp; <br> <!-- -->",
    "要因": "a|b *x* _y_ **z** `c` ~~d~~ # [l](u) ![i](u) $m$ \\ \\| \\*",
    "課題": "一行目\n二行目\r\n三行目\r=cmd|x",
    "改善策": "𠮷野家 😀 👨\u200d👩\u200d👧 か\u3099",
    "委員会意見": "http://example.com/" + "long-" * 30,
    "対応方針": "tab\tと\x1b[31m赤\x1b[0m\x07\x9b1m " + "ー" * 60,
}
PLAN_NAME = "名|前 <b> `x` *y* ①"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = small_workspace(
        tmp_path_factory.mktemp("hostile"),
        "id: a, baseline: 5",
        "id: b, measure: stock, targets: {R8: 999999999999999, R9: 1, R10: 1}",
    )
    plan = folder / "data" / "targets.yaml"
    text = plan.read_text("utf-8").replace("指標1", f"'{PLAN_NAME}'")
    plan.write_text(text.replace("name: 事業", f"name: {'長い事業名' * 12}"), "utf-8")
    record(folder, "R8 a 40", "R8 b 999999999999998")
    buffer = io.StringIO()
    cells = {"年度": "R8", "対象": "a", **HOSTILE}
    csv.writer(buffer).writerow([cells.get(name, "") for name in COLUMNS])
    row = buffer.getvalue().removesuffix("\r\n")
    write_log(folder / "data" / "reviews" / "R8.csv", REVIEWS_HEADER, [row])
    assert call(folder, "report", "R8", "--only", "md,txt", "--date", LATER).code == 0
    return folder


def spaced(text: str) -> str:
    """The text as far as spaces do not matter."""
    return "".join(re.sub(r"[\s\x00-\x1f\x7f-\x9f]", "", text))


def test_json_keeps_it_all(workspace: Path) -> None:
    note = show_json(workspace, "show", "R8", "--date", LATER)["indicators"][0]["note"]
    assert note["activity"] == HOSTILE["実施状況"]
    assert note["cause"] == HOSTILE["要因"]
    assert note["action"] == HOSTILE["改善策"]
    assert note["response"] == HOSTILE["対応方針"]


@pytest.mark.parametrize("columns", [40, 60, 80, 200])
def test_the_screen_holds_it_without_control_characters(workspace: Path, columns: int) -> None:
    out = call(workspace, "show", "R8", "--date", LATER, env={"COLUMNS": str(columns)}).out
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", out)
    for line in out.splitlines():
        assert width(line) <= columns, line
    for text in (*HOSTILE.values(), PLAN_NAME):
        assert spaced(text) in spaced(out)


class Cells(HTMLParser):
    """Collects the text of the table cells, and every tag there is."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()
        self.columns: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.columns.append(0)
        elif tag in ("td", "th"):
            self.columns[-1] += 1
            self.cells.append("")
        elif tag == "br" and self.cells:
            self.cells[-1] += "\n"

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


def test_markdown_shows_it_as_it_was_written(workspace: Path) -> None:
    markdown = (workspace / "reports" / "R8" / "review.md").read_text("utf-8")
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(markdown)
    shown = Cells()
    shown.feed(html)
    assert shown.tags <= {
        "h1", "h2", "h3", "p", "blockquote", "strong", "ul", "li", "br",
        "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    pdca = [cell for cell in shown.cells if "実施状況: " in cell or cell.startswith("達成率: ")]
    assert len(pdca) == 4
    for label, text in HOSTILE.items():
        (found,) = (cell for cell in shown.cells if spaced(f"{label}: {text}") in spaced(cell))
        assert f"\n{label}: " in f"\n{found}"
    assert [line for line in "\n".join(shown.cells).split("\n") if line == "二行目"]
    assert sum(PLAN_NAME in cell for cell in shown.cells) >= 2


def test_every_row_of_a_markdown_table_has_the_columns_of_its_heading(workspace: Path) -> None:
    markdown = (workspace / "reports" / "R8" / "review.md").read_text("utf-8")
    tables = re.findall(r"(?:^\|.*\n)+", markdown, re.MULTILINE)
    assert len(tables) >= 5
    for table in tables:
        bars = [len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) for row in table.splitlines()]
        assert len(set(bars)) == 1, table


def test_the_text_for_reading_aloud_keeps_the_lines_of_notes(workspace: Path) -> None:
    text = (workspace / "reports" / "R8" / "review.txt").read_bytes().decode("utf-8-sig")
    lines = text.split("\r\n")
    assert "\r" not in "".join(lines)
    start = lines.index("課題、一行目")
    assert lines[start : start + 4] == ["課題、一行目", "二行目", "三行目", "=cmd|x。"]
    assert f"実施状況、{HOSTILE['実施状況']}。" in lines
    assert f"(1)1 {PLAN_NAME}（件）。" in lines
