"""What is drawn from the figures: bars, squares, steps, looks, labels, the scale."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from jusou.report.charts.content import Illustrated, Way
from jusou.report.charts.draw import draw_all, draw_chart
from tests.drawings import (
    Drawing,
    Shape,
    document_of,
    documents_of,
    named_workspace,
    panels_of,
    read,
    single,
)
from tests.support import (
    REVISIONS_HEADER,
    record,
    small_workspace,
    write_log,
)

WHITE, BLUE, TARGET, DARK = "#ffffff", "#0072b2", "#d55e00", "#404040"


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Illustrated]:
    return documents_of(tmp_path_factory.mktemp("stress"))


def drawn(document: Illustrated, key: str) -> Drawing:
    """The panel of an indicator, drawn alone, without its legend."""
    return single(panels_of(document)[key]).of(key)


def ground(panel: Drawing) -> float:
    """Where the line below the bars is."""
    return max(line.box[1] for line in panel.lines(DARK) if line.width > 100)


def years(panel: Drawing, shapes: list[Shape]) -> list[int]:
    """In which of the seven years shapes stand, from 0."""
    (line,) = [line for line in panel.lines(DARK) if line.width > 100 and not line.height]
    width = (line.width - 1.5) / 7
    return [int((shape.middle - line.box[0] - 1.5) / width) for shape in shapes]


def test_bars_start_at_zero(documents: dict[str, Illustrated]) -> None:
    for key, panel in panels_of(documents["R10"]).items():
        if panel.is_rate:
            continue
        found = drawn(documents["R10"], key)
        assert len(found.boxes) == len(panel.actuals)
        assert {bar.box[3] for bar in found.boxes} == {ground(found)}
        highest = max(panel.actuals, key=lambda datum: datum.value)
        tallest = max(bar.height for bar in found.boxes)
        for bar, datum in zip(found.boxes, panel.actuals, strict=True):
            share = float(datum.value / highest.value)
            assert bar.height == pytest.approx(tallest * share, abs=0.02), key


def test_rates_are_squares_as_high_as_the_targets_that_they_equal(
    documents: dict[str, Illustrated],
) -> None:
    panel = panels_of(documents["R9"])["sodan-1"]
    found = drawn(documents["R9"], "sodan-1")
    heights = {
        float(datum.value): (shape.box[1] + shape.box[3]) / 2
        for data, shapes in ((panel.actuals, found.boxes), (panel.targets, found.diamonds))
        for datum, shape in zip(data, shapes, strict=True)
    }
    (low, bottom), (high, top) = min(heights.items()), max(heights.items())
    for value, height in heights.items():
        share = (value - low) / (high - low)
        assert height == pytest.approx(bottom + (top - bottom) * share, abs=0.02)
    assert years(found, found.boxes) == [0, 1, 2, 3]
    assert "縦軸は0ではなく90％から" in found.words
    assert ground(found) > bottom
    assert not any("縦軸" in text for text in drawn(documents["R9"], "sodan-3").words)


@pytest.mark.parametrize("year", ["R8", "R9", "R10", "stress"])
def test_the_scale_reaches_the_highest_mark(documents: dict[str, Illustrated], year: str) -> None:
    for key in panels_of(documents[year]):
        found = drawn(documents[year], key)
        (scale,) = [line for line in found.lines("#8c8c8c") if not line.width]
        marks = [*found.boxes, *found.diamonds]
        middles = [
            (shape.box[1] + shape.box[3]) / 2 if shape in found.diamonds else shape.box[1]
            for shape in marks
            if shape.width > 8.1 or shape in found.diamonds
        ]
        assert scale.box[1] <= min(middles, default=scale.box[1]) + 0.02, key


def test_targets_keep_the_bars_whole(documents: dict[str, Illustrated]) -> None:
    for key, panel in panels_of(documents["R9"]).items():
        found = drawn(documents["R9"], key)
        order = [*found.shapes]
        steps = [order.index(line) for line in found.lines(TARGET)]
        assert max(steps) < min(order.index(box) for box in found.boxes)
        assert len(found.diamonds) == len(panel.targets)
        assert min(map(order.index, found.diamonds)) > max(map(order.index, found.boxes))


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


def looks(shape: Shape) -> tuple[str, str, bool]:
    """Return fill (a hatch as such), outline, and whether that is dashed."""
    fill = "hatched" if shape.fill.startswith("url(#") else shape.fill
    return fill, shape.edge, "stroke-dasharray" in shape.style


def test_each_basis_has_its_own_look(running: Illustrated) -> None:
    reference, _, final, preliminary, interim = map(looks, drawn(running, "flow").boxes)
    forecast = looks(drawn(running, "sum").boxes[1])
    assert final == (BLUE, BLUE, False)
    assert preliminary == (WHITE, BLUE, False)
    assert forecast == (WHITE, BLUE, True)
    assert interim == ("hatched", BLUE, False)
    assert reference[1] != BLUE
    assert reference[0] not in (WHITE, BLUE)
    assert list(map(looks, drawn(running, "rate").boxes)) == [preliminary, forecast]


def test_legend_shows_the_looks_that_are_used(running: Illustrated) -> None:
    sheet = read(draw_chart(running.charts[0], []))
    names = ["目標", "変更前", "参考", "実績（確定）", "速報", "見込", "中間", "数値なし"]
    legend = sheet.of("")
    assert legend.words == names
    flow, total = sheet.of("flow").boxes, sheet.of("sum").boxes
    wanted = [flow[0], flow[2], flow[3], total[1], flow[4]]
    assert [looks(box) for box in legend.boxes] == [looks(box) for box in wanted]
    alone = single(panels_of(running)["rate"]).of("")
    assert alone.words == ["目標", "速報", "見込", "数値なし"]


def test_figures_stand_on_the_marks_and_targets_below(running: Illustrated) -> None:
    found = drawn(running, "sum")
    for text in ("1,234", "1,499", "該当なし", "—", "1,000", "1,250", "1,300", "1,500"):
        assert text in found.words
    assert [text for text in found.words if text in ("目標", "変更前")] == ["目標", "変更前"]
    (label,) = [each for each in found.texts if each.text == "1,499"]
    assert (label.box[0] + label.box[2]) / 2 == pytest.approx(found.boxes[1].middle, abs=0.02)


def test_a_missing_year_is_a_gap(documents: dict[str, Illustrated]) -> None:
    found = drawn(documents["R9"], "chiiki-7")
    assert years(found, found.boxes) == [0, 2]
    assert [text for text in found.words if text in ("—", "該当なし")] == ["—", "該当なし"]


def test_a_zero_is_no_gap(documents: dict[str, Illustrated]) -> None:
    zero, one, again = (bar.height for bar in drawn(documents["R9"], "chiiki-6").boxes)
    assert zero == again == 0 < one


def test_a_revised_target_leaves_the_former_visible(documents: dict[str, Illustrated]) -> None:
    found = drawn(documents["R9"], "takikan-1")
    (dotted,) = [line for line in found.shapes if not line.closed and looks(line)[2]]
    assert dotted.height == 0
    first, *later = [(each.box[1] + each.box[3]) / 2 for each in found.diamonds]
    assert dotted.box[1] == pytest.approx(first, abs=0.02)
    assert all(height > first + 1 for height in later)
    before = drawn(documents["R8"], "takikan-1")
    assert not [line for line in before.shapes if not line.closed and looks(line)[2]]


def test_small_bars_stay_visible_beside_large_ones(documents: dict[str, Illustrated]) -> None:
    heights = [bar.height for bar in drawn(documents["R10"], "outreach-2").boxes]
    assert heights[0] == pytest.approx(heights[-1] * 5 / 235, abs=0.02)
    assert heights[0] > 2


def test_targets_break_where_a_year_has_none(tmp_path: Path) -> None:
    folder = small_workspace(tmp_path, "id: a, targets: {R8: 1, R9: null, R10: 3}", "id: b")
    lines = drawn(document_of(folder, "R8"), "a").lines(TARGET)
    steps = [line for line in lines if not dashed(line)]
    assert len(steps) == 2
    assert all(one.box[2] < other.box[0] for one, other in pairwise(steps))


def dashed(line: Shape) -> bool:
    return "stroke-dasharray" in line.style


def test_a_dashed_line_leads_to_the_next_target(tmp_path: Path) -> None:
    """From the baseline or the target before it; level where nothing was known, or it counts."""
    way = "measure: stock, targets: {R10: 100}"
    folder = small_workspace(
        tmp_path,
        f"id: a, baseline: 40, {way}",
        f"id: b, {way}",
        f"id: c, baseline: 40, between: next, {way}",
        "id: d, targets: {R8: 60, R12: 100}",
        "id: e",
    )
    document = document_of(folder, "R8")
    panels = panels_of(document)
    assert [panels[key].ways for key in "abcde"] == [
        (Way("R6", Decimal(40), "R10", Decimal(100)),),
        (Way("R8", Decimal(100), "R10", Decimal(100)),),
        (Way("R8", Decimal(100), "R10", Decimal(100)),),
        (),
        (),
    ]
    assert panels["d"].note == "R12目標 100件"
    rising = next(line for line in drawn(document, "a").lines(TARGET) if dashed(line))
    level = next(line for line in drawn(document, "b").lines(TARGET) if dashed(line))
    assert rising.height > level.height == 0
    assert "次の目標へ" in single(panels["a"]).words
    assert not any(map(dashed, drawn(document, "e").lines(TARGET)))


def test_figures_below_zero_hang_from_it(tmp_path: Path) -> None:
    fields = "measure: stock, signed: true, baseline: △40, targets: {R8: △20, R9: 0, R10: 10}"
    folder = record(small_workspace(tmp_path, f"id: a, {fields}"), "R8 a △30", "R9 a 5")
    document = document_of(folder, "R9")
    panel = panels_of(document)["a"]
    assert panel.floor < -40
    assert not panel.note
    before, low, high = drawn(document, "a").boxes
    assert before.box[1] == low.box[1] == pytest.approx(high.box[3], abs=0.02)  # they meet at zero
    assert before.height == pytest.approx(8 * high.height, rel=0.01)
    words = single(panel).words
    assert "△30" in words
    assert not any(text.startswith("-") for text in words)


def test_a_survey_not_held_is_said_in_place_of_a_gap(tmp_path: Path) -> None:
    folder = small_workspace(tmp_path, "id: a, measured: [R8, R10]", "id: b, direction: none")
    document = document_of(record(folder, "R8 a 50", "R9 b 96"), "R9")
    panel = panels_of(document)["a"]
    assert ("R9", "調査年度外（次回R10）") in panel.gaps
    (_, (survey, volume)), *_ = document.attainment[0].groups
    assert survey.value is None
    assert survey.text == "調査年度外（次回R10）"
    assert volume.value is None
    assert (volume.text, volume.rating) == ("96.0（対計画比）", "")


def test_what_moved_backward_has_no_bar(tmp_path: Path) -> None:
    fields = "measure: stock, attainment: progress, baseline: 50"
    folder = record(small_workspace(tmp_path, f"id: a, {fields}"), "R8 a 40")
    document = document_of(folder, "R8")
    (_, (bar,)), *_ = document.attainment[0].groups
    assert (bar.value, bar.text) == (Decimal(-20), "△20.0％")
    assert "attainment" in draw_all(document)


def test_texts_with_dollars_are_no_formulas(tmp_path: Path) -> None:
    folder = named_workspace(tmp_path, "x $y$ \\$ {z}")
    assert "(1)1 x $y$ \\$ {z}（件）" in single(panels_of(document_of(folder, "R8"))["a"]).words
