"""All texts of the charts can be read: whole, apart from one another and from the targets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from jusou.report.charts.content import Datum, Illustrated, Style
from jusou.report.charts.draw import draw_chart, head_lines
from jusou.report.charts.page import SHEET
from jusou.report.charts.text import width, wrap
from jusou.values.numbers import MAX_DIGITS
from tests.drawings import Drawing, document_of, documents_of, panels_of, read, sheets_of, single
from tests.pages import LONG_NAME
from tests.support import SAMPLE_DAY, call, small_workspace

pytestmark = pytest.mark.slow

Boxes = NDArray[np.float64]


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Illustrated]:
    return documents_of(tmp_path_factory.mktemp("stress"))


def meeting(ones: Boxes, others: Boxes) -> list[tuple[int, int]]:
    """Which boxes share more than half a point with which others."""
    low = np.maximum(ones[:, None, :2], others[None, :, :2])
    high = np.minimum(ones[:, None, 2:], others[None, :, 2:])
    return [(int(one), int(other)) for one, other in np.argwhere(np.all(high - low > 0.5, axis=2))]


def targets_in(drawing: Drawing) -> Boxes:
    """Where the diamonds of targets and the treads of former ones are."""
    found = [each.box for each in drawing.diamonds]
    for line in drawing.shapes:
        if not line.closed and "stroke-dasharray" in line.style:
            for (x, y), (right, its) in zip(line.points, line.points[1:], strict=False):
                if y == its:
                    found.append((x, y - 0.5, right, y + 0.5))
    return np.array(found).reshape(-1, 4)


def check_apart(drawing: Drawing) -> None:
    """Fail if a text meets another, leaves the page, or meets a target."""
    texts = drawing.words
    found = np.array([each.box for each in drawing.texts])
    assert np.all(found[:, :2] >= 0), texts
    assert np.all(found[:, 2:] <= [drawing.width, drawing.height]), texts
    for one, other in meeting(found, found):
        assert one == other, (texts[one], texts[other])
    panels = np.array([each.box for each in drawing.texts if each.group])
    words = [each.text for each in drawing.texts if each.group]
    for one, _ in meeting(panels, targets_in(drawing)):
        pytest.fail(f"{words[one]} meets a target")


@pytest.mark.parametrize("name", ["R8", "R9", "R10", "stress"])
def test_texts_of_sheets_are_apart(documents: dict[str, Illustrated], name: str) -> None:
    for sheet in sheets_of(documents[name]).values():
        check_apart(sheet)


@pytest.mark.parametrize("name", ["R10", "stress"])
def test_texts_of_single_indicators_are_apart(documents: dict[str, Illustrated], name: str) -> None:
    for panel in panels_of(documents[name]).values():
        check_apart(single(panel, documents[name]))


@pytest.mark.parametrize("name", ["R8", "R9", "R10"])
def test_texts_lie_flat_and_can_be_read_on_paper(
    documents: dict[str, Illustrated], name: str
) -> None:
    for sheet in sheets_of(documents[name]).values():
        assert not [each.text for each in sheet.texts if each.upright]
        assert min(each.size for each in sheet.texts) >= 7.25


@pytest.mark.parametrize(
    ("figure", "count"), [(1234, 7), (12345, 7), (123456, 5), (1234567, 3), (123456789, 2)]
)
def test_long_figures_lie_flat_where_a_sheet_has_room(
    documents: dict[str, Illustrated], figure: int, count: int
) -> None:
    panel = panels_of(documents["R10"])["takikan-1"]

    def long(data: tuple[Datum, ...]) -> tuple[Datum, ...]:
        return tuple(replace(each, value=Decimal(figure), text=f"{figure:,}") for each in data)

    panels = [
        replace(panel, key=f"{number}", actuals=long(panel.actuals), targets=long(panel.targets))
        for number in range(count)
    ]
    chart = replace(documents["R10"].charts[0], columns=min(count, 4), panels=tuple(panels))
    drawing = read(draw_chart(chart, head_lines(documents["R10"])))
    assert drawing.words.count(f"{figure:,}") == count * (len(panel.actuals) + len(panel.targets))
    check_apart(drawing)
    assert not [each.text for each in drawing.texts if each.upright]


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
        single(
            replace(
                panel,
                actuals=data(figures, Style.FINAL),
                targets=data(targets, Style.TARGET),
                former=data(former, Style.FORMER),
                gaps=(),
                is_rate=is_rate,
            )
        )
    )


@pytest.mark.parametrize("name", ["R10", "stress"])
def test_every_name_and_notice_is_whole(documents: dict[str, Illustrated], name: str) -> None:
    document = documents[name]
    lines = head_lines(document)
    sheets = sheets_of(document)
    assert all(notice in "".join(lines) for notice in document.notices)
    assert document.as_of in lines[0]
    names = {
        **{
            one.key: [bar.name for _, bars in one.groups for bar in bars]
            for one in document.attainment
        },
        **{chart.key: [panel.title for panel in chart.panels] for chart in document.charts},
    }
    for each in document.sheets:
        told = joined(sheets[each.key].words)
        for text in (each.title, *lines, *names[each.key]):
            assert joined([text]) in told
    panel = document.charts[0].panels[0]
    assert joined([panel.title]) in joined(single(panel, document).words)


def joined(texts: Iterable[str]) -> str:
    """Texts as far as the ends of lines do not matter."""
    return re.sub(r"\s", "", "".join(texts))


TEXTS = st.text("あ漢カー、「（）」aZ -1,.％", min_size=1, max_size=60)


@given(text=TEXTS, limit=st.integers(30, 300))
def test_wrapping_keeps_the_text_and_the_width(text: str, limit: int) -> None:
    lines = wrap(text, limit, 8.0)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, 8.0) <= limit for line in lines)


def test_lines_break_between_words() -> None:
    name = "生活支援コーディネーター等が実施する「生活支援の担い手養成事業」参加者数（人）"
    assert wrap(name, 200, 8.0) == (
        "生活支援コーディネーター等が実施する",
        "「生活支援の担い手養成事業」参加者数（人）",
    )
    assert wrap("短い", 200, 8.0) == ("短い",)
    assert wrap("", 200, 8.0) == ()


@pytest.mark.parametrize("power", range(MAX_DIGITS))
def test_the_figures_of_a_scale_stay_on_the_sheet(
    documents: dict[str, Illustrated], power: int
) -> None:
    panel = panels_of(documents["R10"])["takikan-1"]
    for digits in (1, 2.5, 9.99):
        value = Decimal(int(digits * 10**power))
        actuals = tuple(Datum(year, value, "x", Style.FINAL) for year in panel.years)
        plain = replace(panel, actuals=actuals, targets=(), former=(), gaps=())
        chart = replace(documents["R10"].charts[0], columns=4, panels=(plain,) * 7)
        texts = read(draw_chart(chart, [])).texts
        assert min(each.box[0] for each in texts) >= 0, (value, texts)


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
        drawing = read(draw_chart(chart, head_lines(document)))
        assert drawing.height == pytest.approx(SHEET[1], abs=0.01)
        check_apart(drawing)
    ran = call(folder, "report", "R8", "--only", "html,pdf,png", "--date", SAMPLE_DAY)
    assert ran.code == 0, ran.err
    assert (folder / "reports" / "R8" / "charts" / "p.2.png").is_file()
    page = (folder / "reports" / "R8" / "review.html").read_text("utf-8")
    assert 'id="chart-p.2"' in page
