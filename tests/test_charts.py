"""What is drawn from the figures: bars, points, steps, looks, labels, shades."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Patch

from jusou.report.charts.content import Illustrated
from jusou.report.charts.draw import draw_chart, draw_panel
from jusou.report.charts.overview import draw_overview
from tests.drawings import (
    axes_of,
    bars,
    document_of,
    documents_of,
    named_workspace,
    panels_of,
    texts_in,
)
from tests.support import (
    REVISIONS_HEADER,
    record,
    small_workspace,
    write_log,
)

WHITE = "#ffffff"


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Illustrated]:
    return documents_of(tmp_path_factory.mktemp("stress"))


def test_bars_start_at_zero(documents: dict[str, Illustrated]) -> None:
    for panel in panels_of(documents["R10"]).values():
        axes = axes_of(panel)
        if panel.is_rate:
            assert not bars(axes)
            continue
        assert axes.get_ylim()[0] == 0
        assert [bar.get_y() for bar in bars(axes)] == [0] * len(panel.actuals)
        assert [bar.get_height() for bar in bars(axes)] == [float(d.value) for d in panel.actuals]


def test_rates_are_points_and_a_shortened_axis_is_said(documents: dict[str, Illustrated]) -> None:
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
def running(tmp_path_factory: pytest.TempPathFactory) -> Illustrated:
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


def test_each_basis_has_its_own_look(running: Illustrated) -> None:
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


def test_legend_shows_the_looks_that_are_used(running: Illustrated) -> None:
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


def test_figures_stand_on_the_marks_and_targets_below(running: Illustrated) -> None:
    figure = draw_panel(panels_of(running)["sum"], [])
    texts = texts_in(figure)
    for text in ("1,234", "1,499", "該当なし", "—", "1,000", "1,250", "1,300", "1,500"):
        assert text in texts
    assert [text for text in texts if text in ("目標", "変更前")][:2] == ["目標", "変更前"]
    labels = {text.get_text(): text for text in figure.axes[0].texts}
    bar = bars(figure.axes[0])[1]
    assert labels["1,499"].get_position()[0] == bar.get_x() + bar.get_width() / 2


def test_a_missing_year_is_a_gap(documents: dict[str, Illustrated]) -> None:
    axes = axes_of(panels_of(documents["R9"])["chiiki-7"])
    assert [round(bar.get_x() + bar.get_width() / 2) for bar in bars(axes)] == [0, 2]
    assert [text.get_position()[0] for text in axes.texts if text.get_text() == "—"] == [1]
    assert [text.get_position()[0] for text in axes.texts if text.get_text() == "該当なし"] == [3]


def test_a_zero_is_no_gap(documents: dict[str, Illustrated]) -> None:
    axes = axes_of(panels_of(documents["R9"])["chiiki-6"])
    assert [bar.get_height() for bar in bars(axes)] == [0, 1, 0]


def test_a_revised_target_leaves_the_former_visible(documents: dict[str, Illustrated]) -> None:
    axes = axes_of(panels_of(documents["R9"])["takikan-1"])
    dotted = [line for line in axes.get_lines() if line.get_linestyle() == "--"]
    assert [np.asarray(line.get_xydata()).tolist() for line in dotted] == [
        [[2.5, 10], [3.5, 10], [3.5, 10], [4.5, 10], [4.5, 10], [5.5, 10], [5.5, 10], [6.5, 10]]
    ]
    marked = [line for line in axes.get_lines() if line.get_marker() == "D"]
    assert [np.asarray(line.get_ydata()).tolist() for line in marked] == [[10, 8, 8, 9, 9]]
    before = axes_of(panels_of(documents["R8"])["takikan-1"])
    assert not [line for line in before.get_lines() if line.get_linestyle() == "--"]


def test_small_bars_stay_visible_beside_large_ones(documents: dict[str, Illustrated]) -> None:
    axes = axes_of(panels_of(documents["R10"])["outreach-2"])
    smallest, *_, largest = bars(axes)
    assert (smallest.get_height(), largest.get_height()) == (5, 235)
    points_high = axes.transData.transform([(0, 5)])[0][1] - axes.bbox.y0
    assert points_high > 2


def test_overview_cells_darken_with_the_grade(documents: dict[str, Illustrated]) -> None:
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


def test_overview_says_why_a_rating_is_missing(documents: dict[str, Illustrated]) -> None:
    shown = texts_in(draw_overview(documents["R10"].overview, []))
    assert {"該当なし", "測定不能", "集計中", "B（見込）", "B（速報）", "99.6"} <= set(shown)


def test_texts_with_dollars_are_no_formulas(tmp_path: Path) -> None:
    folder = named_workspace(tmp_path, "x $y$ \\$ {z}")
    shown = texts_in(draw_panel(panels_of(document_of(folder, "R8"))["a"], []))
    assert "(1)1 x $y$ \\$ {z}（件）" in shown
