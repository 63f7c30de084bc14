"""Charts to look at: documents, easy and hard, and what stands in the SVGs drawn from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from PIL import ImageFont

from jusou.report.charts.content import Illustrated, Panel
from jusou.report.charts.draw import draw_all, draw_panel, head_lines
from jusou.report.charts.series import illustrate
from jusou.report.fonts import font_file, printable
from jusou.report.sections.assembly import build_document
from jusou.review.build import build_review
from jusou.values.fiscal_year import FiscalYear
from jusou.workspace import Workspace
from tests.support import (
    SAMPLE,
    SAMPLE_DAY,
    record,
    small_workspace,
)

SVG = "{http://www.w3.org/2000/svg}"
Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in points from the upper left corner of the sheet."""


class Written(NamedTuple):
    """A line of text, in which group, and where it stands."""

    group: str
    text: str
    box: Box
    size: float
    color: str
    upright: bool


class Shape(NamedTuple):
    """A line or a closed shape, in which group, by its points from the upper left corner."""

    group: str
    points: tuple[tuple[float, float], ...]
    closed: bool
    style: dict[str, str]

    @property
    def box(self) -> Box:
        xs, ys = zip(*self.points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]

    @property
    def middle(self) -> float:
        return (self.box[0] + self.box[2]) / 2

    @property
    def fill(self) -> str:
        return self.style.get("fill", "#000000")

    @property
    def edge(self) -> str:
        return self.style.get("stroke", "none")


class Drawing(NamedTuple):
    """An SVG, read back; texts and shapes stand in the order in which they are drawn."""

    width: float
    height: float
    texts: tuple[Written, ...]
    shapes: tuple[Shape, ...]

    @property
    def words(self) -> list[str]:
        return [each.text for each in self.texts]

    def lines(self, edge: str) -> list[Shape]:
        """Return the open lines of a colour."""
        return [each for each in self.shapes if not each.closed and each.edge == edge]

    @property
    def boxes(self) -> list[Shape]:
        """Return the outlined rectangles: bars, the squares of rates, and those of the legend."""
        return [
            each
            for each in self.shapes
            if each.closed and each.edge != "none" and len({x for x, _ in each.points}) <= 2
        ]

    @property
    def diamonds(self) -> list[Shape]:
        return [
            each for each in self.shapes if each.closed and len({x for x, _ in each.points}) == 3
        ]

    def of(self, group: str) -> Drawing:
        """Return what stands in a group."""
        return self._replace(
            texts=tuple(each for each in self.texts if each.group == group),
            shapes=tuple(each for each in self.shapes if each.group == group),
        )


def read(svg: bytes) -> Drawing:
    """Read an SVG back."""
    root = ElementTree.fromstring(svg)
    width, height = map(float, str(root.get("viewBox")).split()[2:])
    drawn = list(_drawn(root, ""))
    return Drawing(
        width,
        height,
        tuple(each for each in drawn if isinstance(each, Written)),
        tuple(each for each in drawn if isinstance(each, Shape)),
    )


def _drawn(parent: ElementTree.Element, group: str) -> Iterator[Written | Shape]:
    for each in parent:
        style = dict(part.split(": ", 1) for part in each.get("style", "").split("; ") if part)
        match each.tag.removeprefix(SVG):
            case "g":
                yield from _drawn(each, each.get("id", ""))
            case "text":
                yield _written(each, style, group)
            case "path":
                found = re.findall(r"[ML] (\S+) (\S+)", each.get("d", ""))
                points = tuple((float(x), float(y)) for x, y in found)
                yield Shape(group, points, "z" in each.get("d", ""), style)


def _written(element: ElementTree.Element, style: dict[str, str], group: str) -> Written:
    text = element.text or ""
    size = float(style["font-size"].removesuffix("px"))
    x, y = float(element.get("x", "")), float(element.get("y", ""))
    wide = measured(text) * size
    start = {"start": 0.0, "middle": wide / 2, "end": wide}[style["text-anchor"]]
    upright = "rotate(-90 " in element.get("transform", "")
    box = (x - start, y - 0.88 * size, x - start + wide, y + 0.12 * size)
    if upright:
        box = (x - 0.88 * size, y - wide, x + 0.12 * size, y)
    return Written(group, text, box, size, style.get("fill", "#000000"), upright)


@cache
def measured(text: str) -> float:
    """How wide a text is in the font, in parts of its size, as another library measures it."""
    return ImageFont.truetype(font_file(), 1000).getlength(text) / 1000


def document_of(workspace: Path, year: str, today: str = SAMPLE_DAY) -> Illustrated:
    data = Workspace(workspace).load()
    review = build_review(data, FiscalYear.parse(year), date.fromisoformat(today))
    document, _ = printable(illustrate(review, build_document(review)))
    return document


def stress_document(folder: Path) -> Illustrated:
    """Another city: ten years, three grades, nine indicators, long and nasty names, big figures."""
    years = range(8, 18)

    def indicator(number: int, name: str, target: str, more: str = "") -> str:
        targets = ", ".join(f"R{year}: {target}" for year in years)
        return (
            f"      - {{id: a-{number}, label: '{number}', name: {name!r}, targets: {{{targets}}}, "
            f"{more or 'unit: 件, measure: flow, direction: up'}}}\n"
        )

    rate = "unit: ％, measure: rate, direction: up"
    indicators = [
        indicator(1, "あ" * 40, "100"),
        indicator(2, "<script>alert(1)</script> $x$ | #raw =cmd|x @ *_ 𠮷😀\\", "100"),
        indicator(3, "円の合計", "999999999999999", "unit: 円, measure: flow, direction: up"),
        indicator(4, "減らす指標", "0", "unit: 人, measure: flow, direction: down, baseline: 30"),
        indicator(5, "維持する指標", "50", "unit: 人, measure: stock, direction: keep"),
        indicator(6, "名" * 120, "99.99", f"{rate}, decimals: 2, baseline: 99.98"),
        indicator(7, "Supercalifragilisticexpialidocious" * 3, "50", rate),
        indicator(8, "小数", "0.25", "unit: km, measure: flow, direction: up, decimals: 2"),
        indicator(9, "大きな差", "1000000"),
    ]
    (folder / "data").mkdir()
    (folder / "data" / "targets.yaml").write_text(
        f"plan: {{title: {'長い計画の名称' * 10}, municipality: 市, start: R8, end: R17, "
        "baseline_year: R6, sample: true}\n"
        "rating:\n  scale:\n"
        "    - {mark: 順調, label: 達成, at_least: 100}\n"
        "    - {mark: 概ね順調, label: 概ね達成, at_least: 80}\n"
        "    - {mark: 遅れ, label: 不十分, at_least: 0}\n"
        f"programmes:\n  - id: a\n    number: 1\n    name: {'長い事業名' * 12}\n    indicators:\n"
        + "".join(indicators),
        encoding="utf-8",
    )
    figures = {
        "R8": ("80", "- 未確定", "999999999999998", "3", "50", "99.97", "0", "0.2", "3"),
        "R9": ("90", "- 該当なし", "1", "0", "40", "99.99", "49", "0.25", "0"),
        "R10": ("100", "- 測定不能", "5 速報", "9", "53", "100", "50", "0.26", "999999"),
        "R11": ("110", "99 速報", "7 見込", "2 見込", "60 速報", "99.9", "51", "3", "1000001"),
        "R12": ("99 速報", "", "888888888888888 見込", "3 見込", "49 中間 R12.9.30",
                "99.98 中間 R12.9.30", "50 速報", "0.24 中間 R12.9.30", ""),
    }  # fmt: skip
    rows = [
        f"{year} a-{number} {cell}"
        for year, cells in figures.items()
        for number, cell in enumerate(cells, 1)
        if cell
    ]
    return document_of(record(folder, *rows), "R12", "2030-11-10")


def documents_of(folder: Path) -> dict[str, Illustrated]:
    """The sample's three years, and a stress document in ``folder``."""
    made = {year: document_of(SAMPLE, year) for year in ("R8", "R9", "R10")}
    return made | {"stress": stress_document(folder)}


def sheets_of(document: Illustrated) -> dict[str, Drawing]:
    return {key: read(svg) for key, svg in draw_all(document).items()}


def panels_of(document: Illustrated) -> dict[str, Panel]:
    return {panel.key: panel for chart in document.charts for panel in chart.panels}


def single(panel: Panel, document: Illustrated | None = None) -> Drawing:
    """Draw a panel alone."""
    return read(draw_panel(panel, head_lines(document) if document else []))


def named_workspace(folder: Path, name: str) -> Path:
    """Make a workspace of the indicators a, so named, and b."""
    plan = small_workspace(folder, "id: a", "id: b") / "data" / "targets.yaml"
    plan.write_text(plan.read_text("utf-8").replace("指標1", f"'{name}'"), "utf-8")
    return folder
