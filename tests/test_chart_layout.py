"""All texts of the charts can be read: whole, apart from one another and from the targets."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jusou.report.charts.content import Datum, Illustrated, Style
from jusou.report.charts.draw import draw_chart, draw_panel, head_lines
from jusou.report.charts.page import SHEET
from jusou.report.charts.style import settings as drawing
from jusou.report.charts.text import width, wrap
from tests.drawings import (
    document_of,
    documents_of,
    panels_of,
    sheets_of,
    texts_in,
    texts_of,
)
from tests.pages import LONG_NAME
from tests.support import SAMPLE_DAY, call, small_workspace

pytestmark = pytest.mark.slow

Boxes = NDArray[np.float64]


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Illustrated]:
    return documents_of(tmp_path_factory.mktemp("stress"))


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


@pytest.mark.parametrize("name", ["R8", "R9", "R10", "stress"])
def test_texts_of_sheets_are_apart(documents: dict[str, Illustrated], name: str) -> None:
    for figure in sheets_of(documents[name]):
        check_apart(figure)


@pytest.mark.parametrize("name", ["R10", "stress"])
def test_texts_of_single_indicators_are_apart(documents: dict[str, Illustrated], name: str) -> None:
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
    documents: dict[str, Illustrated],
    figures: list[Decimal | None],
    targets: list[Decimal | None],
    former: list[Decimal | None],
    is_rate: bool,
) -> None:
    panel = panels_of(documents["R10"])["takikan-1"]

    def data(values: list[Decimal | None], style: Style) -> tuple[Datum, ...]:
        return tuple(
            Datum(year, value, f"{value:,f}", style)
            for year, value in zip(panel.years, values, strict=True)
            if value is not None
        )

    check_apart(
        draw_panel(
            replace(
                panel,
                actuals=data(figures, Style.FINAL),
                targets=data(targets, Style.TARGET),
                former=data(former, Style.FORMER),
                gaps=(),
                is_rate=is_rate,
            ),
            [],
        )
    )


@pytest.mark.parametrize("name", ["R10", "stress"])
def test_every_name_and_notice_is_whole(documents: dict[str, Illustrated], name: str) -> None:
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


@pytest.mark.parametrize("power", range(16))
def test_the_figures_of_a_scale_stay_on_the_sheet(
    documents: dict[str, Illustrated], power: int
) -> None:
    panel = panels_of(documents["R10"])["takikan-1"]
    for digits in (1, 2.5, 9.99):
        value = Decimal(int(digits * 10**power))
        actuals = tuple(Datum(year, value, "x", Style.FINAL) for year in panel.years)
        plain = replace(panel, actuals=actuals, targets=(), former=(), gaps=())
        chart = replace(documents["R10"].charts[0], columns=4, panels=(plain,) * 7)
        texts, found = boxes(draw_chart(chart, []))
        low = min(left for text, (left, *_) in zip(texts, found, strict=True) if text != "目標")
        assert low >= 0, (value, texts)


def test_what_a_sheet_cannot_hold_goes_on_another(tmp_path: Path) -> None:
    targets = ", ".join(f"R{year}: 100" for year in range(8, 18))
    lines = (f"id: i{number}, targets: {{{targets}}}" for number in range(12))
    folder = small_workspace(tmp_path, *lines)
    plan = folder / "data" / "targets.yaml"
    text = plan.read_text("utf-8").replace("end: R10", "end: R17")
    plan.write_text(re.sub(r"名|指標\d+", LONG_NAME[:40], text), "utf-8")
    document = document_of(folder, "R8")
    assert [chart.key for chart in document.charts] == ["p", "p.2"]
    assert [chart.title[-5:] for chart in document.charts] == ["（1／2）", "（2／2）"]
    labels = [panel.key for chart in document.charts for panel in chart.panels]
    assert labels == [f"i{number}" for number in range(12)]
    for chart in document.charts:
        figure = draw_chart(chart, head_lines(document))
        assert figure.get_figheight() == pytest.approx(SHEET[1] / 72)
        check_apart(figure)
    ran = call(folder, "report", "R8", "--only", "html,pdf,png", "--date", SAMPLE_DAY)
    assert ran.code == 0, ran.err
    assert (folder / "reports" / "R8" / "charts" / "p.2.png").is_file()
    page = (folder / "reports" / "R8" / "review.html").read_text("utf-8")
    assert 'id="chart-p.2"' in page
