"""The picture of attainment: a bar an indicator, its figures, a line at 100 %."""

from __future__ import annotations

from pathlib import Path

import pytest

from jusou.report.charts.content import Illustrated, Style, alt
from jusou.report.charts.draw import draw_all, without_heads
from tests.drawings import Drawing, Shape, document_of, read
from tests.support import SAMPLE, record, show_json, small_workspace

MM = 72 / 25.4
MET, UNMET, WHITE, DASHED = "#0072b2", "#cfe4f2", "#ffffff", "stroke-dasharray"


def pictures(document: Illustrated) -> dict[str, Drawing]:
    drawings = without_heads(document, draw_all(document))
    return {sheet.key: read(drawings[sheet.key]) for sheet in document.attainment}


def picture(document: Illustrated) -> Drawing:
    (only,) = pictures(document).values()
    return only


def bars(drawing: Drawing) -> list[Shape]:
    """The bars, without the handles of the legend."""
    (hundred,) = hundreds(drawing)
    return [box for box in drawing.boxes if box.box[3] < hundred.box[3]]


def hundreds(drawing: Drawing) -> list[Shape]:
    return drawing.lines("#000000")


@pytest.mark.parametrize("year", ["R8", "R9", "R10"])
def test_every_indicator_has_its_figures(year: str) -> None:
    drawing = picture(document_of(SAMPLE, year))
    review = show_json(SAMPLE, "show", year, "--date", "2028-11-10")
    words = drawing.words
    for each in review["indicators"]:
        start = next(i for i, text in enumerate(words) if text.startswith(f"{each['label']} "))
        told = "".join(words[start : start + 4])
        if each["attainment"] is None:
            assert any(state in told for state in ("集計中", "測定不能", "該当なし")), told
        else:
            assert f"{each['attainment']:.1f}％{each['rating']}" in told
    rated = [each for each in review["indicators"] if each["attainment"] is not None]
    assert len(bars(drawing)) == len(rated)


def test_bars_are_as_long_as_the_attainment_and_told_apart_without_colour(tmp_path: Path) -> None:
    lines = (f"id: i{number}, targets: {{R8: 100, R9: 100, R10: 100}}" for number in range(6))
    folder = record(small_workspace(tmp_path, *lines), "R8 i0 50", "R8 i1 100", "R8 i2 125",
                    "R8 i3 80 見込", "R8 i4 1000", "R8 i5 - 測定不能")  # fmt: skip
    drawing = picture(document_of(folder, "R8"))
    (hundred,) = hundreds(drawing)
    half, whole, above, forecast, far = bars(drawing)
    unit = hundred.middle - half.box[0]
    for bar, percent in ((half, 50), (whole, 100), (above, 125), (forecast, 80), (far, 200)):
        assert bar.width == pytest.approx(unit * percent / 100, abs=0.02)
    assert [bar.fill for bar in (half, whole, above, far)] == [UNMET, MET, MET, MET]
    assert (forecast.fill, DASHED in forecast.style) == (WHITE, True)
    assert {"1,000.0％", "測定不能", "達成（100％以上）", "未達", "見込"} <= set(drawing.words)
    cuts = [each for each in drawing.shapes if each.fill == WHITE and each.edge == "none"]
    assert [far.box[1] < (cut.box[1] + cut.box[3]) / 2 < far.box[3] for cut in cuts] == [
        True,
        False,
    ]
    assert "200％から先は省略" in drawing.words


@pytest.mark.parametrize(
    ("direction", "baseline", "actual", "is_hatched"),
    [
        ("up", 90, 120, False),
        ("up", 120, 120, True),
        ("up", 130, 120, True),
        ("down", 90, 80, False),
        ("down", 70, 80, True),
    ],
)
def test_what_met_its_target_without_getting_better_is_hatched(
    tmp_path: Path, direction: str, baseline: int, actual: int, is_hatched: bool
) -> None:
    line = f"id: a, direction: {direction}, baseline: {baseline}"
    drawing = picture(document_of(record(small_workspace(tmp_path, line), f"R8 a {actual}"), "R8"))
    assert ("達成（R6から改善なし）" in drawing.words) == is_hatched
    assert ("達成（100％以上）" in drawing.words) == (not is_hatched)
    (bar,) = bars(drawing)
    assert (bar.fill == MET) == (not is_hatched)


def test_what_is_met_only_by_a_changed_target_is_hatched_otherwise() -> None:
    document = document_of(SAMPLE, "R9")
    drawing = picture(document)
    assert "達成（年度途中に変更した目標による）" in drawing.words
    fills = {bar.name[:4]: bar.style for _, group in document.attainment[0].groups for bar in group}
    assert fills["(3)①"] is Style.REVISED
    assert [name for name, style in fills.items() if style is Style.UNIMPROVED] == [
        "(2)②",
        "(2)③",
        "(2)⑤",
    ]
    told = alt(document.attainment[0])
    assert (
        "(3)① 重層的支援会議等開催回数: 100.0％ A　達成（年度途中に変更した目標による）。" in told
    )


def test_nothing_reached_is_said_where_no_bar_is() -> None:
    drawing = picture(document_of(SAMPLE, "R9"))
    assert drawing.words.count("0.0％") == 2


def test_the_sample_fills_half_a_page_at_most() -> None:
    for year in ("R8", "R9", "R10"):
        drawing = picture(document_of(SAMPLE, year))
        assert drawing.width <= 265 * MM
        assert drawing.height <= 105 * MM


def test_190_indicators_stand_on_several_sheets_under_their_programme(tmp_path: Path) -> None:
    document = document_of(small_workspace(tmp_path, *(f"id: i{n}" for n in range(190))), "R8")
    sheets = document.attainment
    assert [sheet.key for sheet in sheets[:2]] == ["attainment", "attainment.2"]
    assert sheets[-1].title.endswith(f"（{len(sheets)}／{len(sheets)}）")
    names = [bar.name for sheet in sheets for _, bars in sheet.groups for bar in bars]
    assert len(set(names)) == len(names) == 190
    assert {programme for sheet in sheets for programme, _ in sheet.groups} == {"(1) 事業"}
    for drawing in pictures(document).values():
        assert drawing.height <= 160 * MM
        assert "(1) 事業" in drawing.words


def test_it_is_told_in_words() -> None:
    (sheet,) = document_of(SAMPLE, "R9").attainment
    assert alt(sheet).startswith("全指標の達成率（令和9年度）のグラフ。(1)① 高齢者現況調査回収率: ")
    assert "(1)② 障がい者（児）の総合窓口相談件数: 99.9％ B。" in alt(sheet)
