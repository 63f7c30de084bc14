"""Charts: what is drawn from the figures, whether all of it can be read, and the command."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text
from numpy.typing import NDArray
from PIL import Image

from jusou.fiscal_year import FiscalYear
from jusou.report.build import build_document
from jusou.report.chart_style import settings as drawing
from jusou.report.chart_text import width, wrap
from jusou.report.charts import draw_all, draw_chart, draw_overview, draw_panel, head_lines, save
from jusou.report.document import Document, Mark, Panel, Style
from jusou.report.fonts import printable
from jusou.review import build_review
from jusou.storage.workspace import Workspace
from tests.support import (
    REVISIONS_HEADER,
    SAMPLE,
    SAMPLE_DAY,
    call,
    record,
    run,
    sample_workspace,
    small_workspace,
    tree,
    write_log,
)

SHEET = (1517, 944)  # 257 × 160 mm at 150 dots an inch
SINGLE = (944, 590)
SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"
WHITE = "#ffffff"
Boxes = NDArray[np.float64]


def document_of(workspace: Path, year: str, today: str = SAMPLE_DAY) -> Document:
    data = Workspace(workspace).load()
    review = build_review(data, FiscalYear.parse(year), date.fromisoformat(today))
    document, _ = printable(build_document(review))
    return document


def stress_document(folder: Path) -> Document:
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


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    made = {year: document_of(SAMPLE, year) for year in ("R8", "R9", "R10")}
    return made | {"stress": stress_document(tmp_path_factory.mktemp("stress"))}


def sheets_of(document: Document) -> list[Figure]:
    lines = head_lines(document)
    overview = draw_overview(document.overview, lines)
    return [overview, *(draw_chart(chart, lines) for chart in document.charts)]


def panels_of(document: Document) -> dict[str, Panel]:
    return {panel.key: panel for chart in document.charts for panel in chart.panels}


def axes_of(panel: Panel) -> Axes:
    return draw_panel(panel, []).axes[0]


def texts_of(figure: Figure) -> list[Text]:
    texts = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    texts += [text for legend in figure.legends for text in legend.get_texts()]
    return [text for text in texts if text.get_text().strip()]


def boxes(figure: Figure) -> tuple[list[str], Boxes]:
    """Every text, and where it stands: left, bottom, right, top, in pixels."""
    canvas: Any = FigureCanvasAgg(figure)
    texts = texts_of(figure)
    with drawing():
        figure.draw_without_rendering()  # puts the legend in its place
        found = [text.get_window_extent(canvas.get_renderer()).extents for text in texts]
    return [text.get_text() for text in texts], np.array(found)


def meeting(ones: Boxes, others: Boxes) -> list[tuple[int, int]]:
    """Which boxes share more than the rounding of a pixel with which others."""
    low = np.maximum(ones[:, None, :2], others[None, :, :2])
    high = np.minimum(ones[:, None, 2:], others[None, :, 2:])
    return [(int(one), int(other)) for one, other in np.argwhere(np.all(high - low > 0.5, axis=2))]


def check_apart(figure: Figure) -> None:
    """Fail if a text meets another, leaves the page, or meets a target."""
    texts, found = boxes(figure)
    assert np.all(found[:, :2] >= 0), texts
    assert np.all(found[:, 2:] <= [figure.bbox.x1, figure.bbox.y1]), texts
    for one, other in meeting(found, found):
        assert one == other, (texts[one], texts[other])
    for axes in figure.axes:
        for one, _ in meeting(found, targets_in(axes)):
            pytest.fail(f"{texts[one]} meets a target")


def targets_in(axes: Axes) -> Boxes:
    """Where the diamonds and the treads of targets, former ones too, are, in pixels."""
    point = axes.figure.dpi / 72
    found = []
    for line in axes.get_lines():
        corners = axes.transData.transform(np.asarray(line.get_xydata()))
        if line.get_marker() == "D":
            found += [
                (x - 3 * point, y - 3 * point, x + 3 * point, y + 3 * point) for x, y in corners
            ]
        else:
            found += [
                (x, y - 0.5 * point, right, y + 0.5 * point)
                for (x, y), (right, its) in pairwise(corners.tolist())
                if y == its
            ]
    return np.array(found).reshape(-1, 4)


def bars(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def texts_in(figure: Figure) -> list[str]:
    return [text.get_text() for text in texts_of(figure)]


@pytest.mark.parametrize("name", ["R8", "R9", "R10", "stress"])
def test_texts_of_sheets_are_apart(documents: dict[str, Document], name: str) -> None:
    for figure in sheets_of(documents[name]):
        check_apart(figure)


@pytest.mark.parametrize("name", ["R10", "stress"])
def test_texts_of_single_indicators_are_apart(documents: dict[str, Document], name: str) -> None:
    for panel in panels_of(documents[name]).values():
        check_apart(draw_panel(panel, head_lines(documents[name])))


FIGURES = st.lists(
    st.one_of(st.none(), st.decimals(0, 10**6, places=1), st.integers(0, 12).map(Decimal)),
    min_size=7,
    max_size=7,
)


@settings(max_examples=25)
@given(figures=FIGURES, targets=FIGURES, former=FIGURES, is_rate=st.booleans())
def test_no_text_meets_a_text_or_a_target_whatever_the_figures(
    documents: dict[str, Document],
    figures: list[Decimal | None],
    targets: list[Decimal | None],
    former: list[Decimal | None],
    is_rate: bool,
) -> None:
    panel = panels_of(documents["R10"])["takikan-1"]

    def marks(values: list[Decimal | None], style: Style) -> tuple[Mark, ...]:
        return tuple(
            Mark(year, value, f"{value:,f}", style)
            for year, value in zip(panel.years, values, strict=True)
            if value is not None
        )

    check_apart(
        draw_panel(
            replace(
                panel,
                marks=marks(figures, Style.FINAL),
                targets=marks(targets, Style.TARGET),
                former=marks(former, Style.FORMER),
                gaps=(),
                is_rate=is_rate,
            ),
            [],
        )
    )


def test_bars_start_at_zero(documents: dict[str, Document]) -> None:
    for panel in panels_of(documents["R10"]).values():
        axes = axes_of(panel)
        if panel.is_rate:
            assert not bars(axes)
            continue
        assert axes.get_ylim()[0] == 0
        assert [bar.get_y() for bar in bars(axes)] == [0] * len(panel.marks)
        assert [bar.get_height() for bar in bars(axes)] == [float(m.value) for m in panel.marks]


def test_rates_are_points_and_a_shortened_axis_is_said(documents: dict[str, Document]) -> None:
    panels = panels_of(documents["R9"])
    figure = draw_panel(panels["sodan-1"], [])
    assert points(figure.axes[0]) == [(0, 91.0), (1, 91.2), (2, 90.8), (3, 92.3)]
    assert "縦軸は0ではなく90％から" in texts_in(figure)
    assert figure.axes[0].get_ylim()[0] < 90
    from_zero = draw_panel(panels["sodan-3"], [])
    assert points(from_zero.axes[0]) == [(0, 0.0), (2, 29.0), (3, 52.6)]
    assert not any("縦軸" in text for text in texts_in(from_zero))


def points(axes: Axes) -> list[tuple[float, float]]:
    """The squares of a rate, in the order of the years."""
    found = [each for each in axes.collections if isinstance(each, PathCollection)]
    return [(x, y) for each in found for x, y in np.asarray(each.get_offsets()).tolist()]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """A running year: each 区分 once, a revised target, a rate on a shortened axis."""
    folder = small_workspace(
        tmp_path_factory.mktemp("running"),
        "id: flow, baseline: 50, targets: {R8: 80, R9: 90, R10: 100}",
        "id: sum, targets: {R8: 1000, R9: 1250, R10: 1500}",
        "id: rate, measure: rate, unit: ％, decimals: 1",
    )
    record(folder, "R7 flow 60", "R8 flow 81", "R9 flow 85 速報", "R10 flow 40 中間 R10.9.30",
           "R8 sum - 該当なし", "R9 sum 1234", "R10 sum 1499 見込",
           "R9 rate 95.5 速報", "R10 rate 96 見込")  # fmt: skip
    revisions = "t,sum,目標値,R10,1500,1300,理由,市,2028-04-20,,,人"
    write_log(folder / "data" / "revisions.csv", REVISIONS_HEADER, [revisions])
    return document_of(folder, "R10")


def looks(artist: Any) -> tuple[str, str, bool, bool]:
    """Return fill, outline, whether the outline is dashed, whether the fill is hatched."""
    face, edge, dash = artist.get_facecolor(), artist.get_edgecolor(), artist.get_linestyle()
    if isinstance(artist, PathCollection):
        face, edge, dash = face[0], edge[0], dash[0][1]
    dashed = dash not in ("solid", None)
    return to_hex(face), to_hex(edge), dashed, bool(artist.get_hatch())


def test_each_basis_has_its_own_look(running: Document) -> None:
    panels = panels_of(running)
    flow, total = axes_of(panels["flow"]), axes_of(panels["sum"])
    reference, _, final, preliminary, interim = map(looks, bars(flow))
    forecast = looks(bars(total)[1])
    blue = final[1]
    assert final == (blue, blue, False, False)
    assert preliminary == (WHITE, blue, False, False)
    assert forecast == (WHITE, blue, True, False)
    assert interim == (WHITE, blue, False, True)
    assert reference[1] != blue
    assert reference[2:] == (False, False)
    squares = [
        each for each in axes_of(panels["rate"]).collections if isinstance(each, PathCollection)
    ]
    assert [looks(square) for square in squares] == [preliminary, forecast]


def test_legend_shows_the_looks_that_are_used(running: Document) -> None:
    figure = draw_chart(running.charts[0], [])
    shown = {
        text.get_text(): handle
        for text, handle in zip(
            figure.legends[0].get_texts(), figure.legends[0].legend_handles, strict=True
        )
    }
    names = ["目標", "変更前", "参考", "実績（確定）", "速報", "見込", "中間", "数値なし"]
    assert list(shown) == names
    flow = bars(figure.axes[0])
    for name, bar in zip(names[2:5], [flow[0], *flow[2:4]], strict=True):
        handle = shown[name]
        assert isinstance(handle, Patch)
        assert looks(handle) == looks(bar)
    single = draw_panel(panels_of(running)["rate"], [])
    assert [text.get_text() for text in single.legends[0].get_texts()] == [
        "目標", "速報", "見込", "数値なし",
    ]  # fmt: skip


def test_figures_stand_on_the_marks_and_targets_below(running: Document) -> None:
    figure = draw_panel(panels_of(running)["sum"], [])
    texts = texts_in(figure)
    for text in ("1,234", "1,499", "該当なし", "—", "1,000", "1,250", "1,300", "1,500"):
        assert text in texts
    assert [text for text in texts if text in ("目標", "変更前")][:2] == ["目標", "変更前"]
    labels = {text.get_text(): text for text in figure.axes[0].texts}
    bar = bars(figure.axes[0])[1]
    assert labels["1,499"].get_position()[0] == bar.get_x() + bar.get_width() / 2


def test_a_missing_year_is_a_gap(documents: dict[str, Document]) -> None:
    axes = axes_of(panels_of(documents["R9"])["chiiki-7"])
    assert [round(bar.get_x() + bar.get_width() / 2) for bar in bars(axes)] == [0, 2]
    assert [text.get_position()[0] for text in axes.texts if text.get_text() == "—"] == [1]
    assert [text.get_position()[0] for text in axes.texts if text.get_text() == "該当なし"] == [3]


def test_a_zero_is_no_gap(documents: dict[str, Document]) -> None:
    axes = axes_of(panels_of(documents["R9"])["chiiki-6"])
    assert [bar.get_height() for bar in bars(axes)] == [0, 1, 0]


def test_a_revised_target_leaves_the_former_visible(documents: dict[str, Document]) -> None:
    axes = axes_of(panels_of(documents["R9"])["takikan-1"])
    dotted = [line for line in axes.get_lines() if line.get_linestyle() == "--"]
    assert [np.asarray(line.get_xydata()).tolist() for line in dotted] == [
        [[2.5, 10], [3.5, 10], [3.5, 10], [4.5, 10], [4.5, 10], [5.5, 10], [5.5, 10], [6.5, 10]]
    ]
    marked = [line for line in axes.get_lines() if line.get_marker() == "D"]
    assert [np.asarray(line.get_ydata()).tolist() for line in marked] == [[10, 8, 8, 9, 9]]
    before = axes_of(panels_of(documents["R8"])["takikan-1"])
    assert not [line for line in before.get_lines() if line.get_linestyle() == "--"]


def test_small_bars_stay_visible_beside_large_ones(documents: dict[str, Document]) -> None:
    axes = axes_of(panels_of(documents["R10"])["outreach-2"])
    smallest, *_, largest = bars(axes)
    assert (smallest.get_height(), largest.get_height()) == (5, 235)
    points_high = axes.transData.transform([(0, 5)])[0][1] - axes.bbox.y0
    assert points_high > 2


@pytest.mark.parametrize("name", ["R10", "stress"])
def test_every_name_and_notice_is_whole(documents: dict[str, Document], name: str) -> None:
    document = documents[name]
    lines = head_lines(document)
    overview, *sheets = sheets_of(document)
    assert all(notice in "".join(lines) for notice in document.notices)
    assert document.as_of in lines[0]
    names = [title for _, rows in document.overview.groups for title, _ in rows]
    assert bare(*names, *lines) <= bare(*texts_in(overview))
    for chart, sheet in zip(document.charts, sheets, strict=True):
        titles = [panel.title for panel in chart.panels]
        assert bare(chart.title, *titles, *lines) <= bare(*texts_in(sheet))
    panel = document.charts[0].panels[0]
    assert bare(panel.title, *lines) <= bare(*texts_in(draw_panel(panel, lines)))


def bare(*texts: str) -> set[str]:
    """The texts as far as the ends of lines do not matter."""
    return {re.sub(r"\s", "", text) for text in texts}


def test_overview_cells_darken_with_the_grade(documents: dict[str, Document]) -> None:
    axes = draw_overview(documents["R9"].overview, []).axes[0]
    shades: dict[str, set[str]] = {}
    for text in axes.texts:
        if text.get_text() in ("A", "B", "C", "D"):
            x, y = text.get_position()
            bar = next(each for each in bars(axes) if each.get_bbox().contains(x, y))
            shades.setdefault(text.get_text(), set()).add(to_hex(bar.get_facecolor()))
            assert contrast(to_rgb(bar.get_facecolor()), to_rgb(text.get_color())) >= 4.5
    one_each = [min(shades[mark]) for mark in "ABCD"]
    assert all(len(found) == 1 for found in shades.values())
    lights = [luminance(to_rgb(shade)) for shade in one_each]
    assert lights == sorted(lights, reverse=True)


def luminance(color: tuple[float, float, float]) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_overview_says_why_a_rating_is_missing(documents: dict[str, Document]) -> None:
    shown = texts_in(draw_overview(documents["R10"].overview, []))
    assert {"該当なし", "測定不能", "集計中", "B（見込）", "B（速報）", "99.6"} <= set(shown)


def test_texts_with_dollars_are_no_formulas(tmp_path: Path) -> None:
    folder = named_workspace(tmp_path, "x $y$ \\$ {z}")
    shown = texts_in(draw_panel(panels_of(document_of(folder, "R8"))["a"], []))
    assert "(1)1 x $y$ \\$ {z}（件）" in shown


def named_workspace(folder: Path, name: str) -> Path:
    """Make a workspace of the indicators a, so named, and b."""
    plan = small_workspace(folder, "id: a", "id: b") / "data" / "targets.yaml"
    plan.write_text(plan.read_text("utf-8").replace("指標1", f"'{name}'"), "utf-8")
    return folder


TEXTS = st.text("あ漢カー、「（）」aZ -1,.％", min_size=1, max_size=60)


@given(text=TEXTS, limit=st.integers(30, 300))
def test_wrapping_keeps_the_text_and_the_width(text: str, limit: int) -> None:
    lines = wrap(text, limit, 8.0)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, 8.0) <= limit for line in lines)


def test_lines_break_between_words() -> None:
    name = "生活支援コーディネーター等が実施する「生活支援の担い手養成事業」参加者数（人）"
    assert wrap(name, 200, 8.0) == [
        "生活支援コーディネーター等が実施する",
        "「生活支援の担い手養成事業」参加者数（人）",
    ]
    assert wrap("短い", 200, 8.0) == ["短い"]
    assert wrap("", 200, 8.0) == []


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The charts of the sample, as another process writes them."""
    folder = sample_workspace(tmp_path_factory.mktemp("sample"))
    ran = run(folder, "chart", "R10", "--date", SAMPLE_DAY, env={"PYTHONHASHSEED": "1"})
    assert ran.code == 0, ran.err
    return tree(folder / "reports" / "R10" / "charts")


def test_pictures_are_complete_and_plain(
    documents: dict[str, Document], written: dict[str, bytes]
) -> None:
    names = ["overview", *(chart.key for chart in documents["R10"].charts)]
    assert set(written) == {f"{name}.{kind}" for name in names for kind in ("png", "svg")}
    for name in names:
        check_png(written[f"{name}.png"], SHEET)
        check_svg(written[f"{name}.svg"])
    single = save(draw_panel(panels_of(documents["R9"])["sodan-2"], []))
    check_png(single.png, SINGLE)
    check_svg(single.svg)


def test_pictures_are_the_same_each_time(
    documents: dict[str, Document], written: dict[str, bytes]
) -> None:
    for name, picture in draw_all(documents["R10"]).items():
        assert picture.png == written[f"{name}.png"]
        assert picture.svg == written[f"{name}.svg"]


def check_png(png: bytes, size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(png)) as image:
        assert image.size == size
        assert len(image.convert("L").getcolors() or ()) > 20
        assert "Software" not in image.info


def check_svg(svg: bytes) -> None:
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert not list(root.iter(f"{SVG}image"))
    assert not list(root.iter(f"{SVG}text"))
    assert all(each.get(XLINK, "#").startswith("#") for each in root.iter())
    assert set(re.findall(rb"https?://[^\"\s]+", svg)) == {
        b"http://www.w3.org/2000/svg", b"http://www.w3.org/1999/xlink",
    }  # fmt: skip
    assert len(svg) < 400_000
    assert b"atplotlib" not in svg


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_workspace(tmp_path_factory.mktemp("workspace"))


def test_chart_of_chosen_indicators(workspace: Path) -> None:
    ran = call(workspace, "chart", "R9", "sodan-2", "(2)①", "--date", SAMPLE_DAY)
    assert ran.code == 0, ran.err
    written = {"chiiki-1.png", "chiiki-1.svg", "sodan-2.png", "sodan-2.svg"}
    folder = workspace / "reports" / "R9" / "charts"
    assert set(tree(folder)) == written
    assert ran.out.startswith("書き出しました:\n")
    assert all(str(folder / name) in ran.out for name in written)


def test_chart_without_a_year_takes_the_last_with_a_row(tmp_path: Path) -> None:
    folder = small_workspace(tmp_path, "id: a", "id: b")
    ran = call(folder, "chart", "a", "--format", "svg", "--date", SAMPLE_DAY)
    assert ran.code == 0, ran.err
    assert "R8（令和8年度）のグラフを作ります" in ran.err
    record(folder, "R7 a 1", "R8 a 1", "R9 b 2")
    ran = call(folder, "chart", "a", "--format", "png", "--date", SAMPLE_DAY)
    assert "R9（令和9年度）のグラフを作ります" in ran.err
    reports = folder / "reports"
    assert set(tree(reports)) == {"R8/charts/a.svg", "R9/charts/a.png"}


def test_each_adds_every_indicator(tmp_path: Path) -> None:
    folder = small_workspace(tmp_path, "id: a", "id: b")
    ran = call(folder, "chart", "R8", "--each", "--format", "svg", "--date", SAMPLE_DAY)
    assert ran.code == 0, ran.err
    assert set(tree(folder / "reports" / "R8" / "charts")) == {
        "overview.svg", "p.svg", "a.svg", "b.svg",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["R9", "nothing"], 1, "「nothing」"),
        (["R20"], 1, "計画期間の外"),
        (["R9", "--format", "gif"], 2, "「gif」"),
        (["R9", "--each", "sodan-1"], 2, "--each"),
    ],
)
def test_wrong_requests_write_nothing(
    workspace: Path, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    ran = call(workspace, "chart", *arguments, "--output", str(tmp_path / "x"))
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert not list(tmp_path.iterdir())


def test_characters_without_a_glyph_are_named_once(tmp_path: Path) -> None:
    folder = named_workspace(tmp_path, "𠮷野の件数")
    ran = call(folder, "chart", "R8", "--format", "svg", "--date", SAMPLE_DAY)
    assert ran.code == 0
    assert ran.err.count("𠮷") == 1
    assert "〓" in ran.err
    assert "「(1)1 𠮷野の件数」" in ran.err
    plain = call(folder, "chart", "R8", "b", "--format", "svg", "--date", SAMPLE_DAY)
    assert plain.code == 0
