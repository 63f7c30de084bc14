"""Charts to look at: documents, easy and hard, and what stands in the figures drawn from them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from jusou.report.charts.content import Illustrated, Panel
from jusou.report.charts.draw import draw_chart, draw_panel, head_lines
from jusou.report.charts.overview import draw_overview
from jusou.report.charts.series import illustrate
from jusou.report.fonts import printable
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


def sheets_of(document: Illustrated) -> list[Figure]:
    lines = head_lines(document)
    overview = draw_overview(document.overview, lines)
    return [overview, *(draw_chart(chart, lines) for chart in document.charts)]


def panels_of(document: Illustrated) -> dict[str, Panel]:
    return {panel.key: panel for chart in document.charts for panel in chart.panels}


def axes_of(panel: Panel) -> Axes:
    return draw_panel(panel, []).axes[0]


def texts_of(figure: Figure) -> list[Text]:
    texts = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    texts += [text for legend in figure.legends for text in legend.get_texts()]
    return [text for text in texts if text.get_text().strip()]


def texts_in(figure: Figure) -> list[str]:
    return [text.get_text() for text in texts_of(figure)]


def bars(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def named_workspace(folder: Path, name: str) -> Path:
    """Make a workspace of the indicators a, so named, and b."""
    plan = small_workspace(folder, "id: a", "id: b") / "data" / "targets.yaml"
    plan.write_text(plan.read_text("utf-8").replace("指標1", f"'{name}'"), "utf-8")
    return folder
