"""The command chart, and the pictures it writes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from jusou.report.charts.content import Illustrated
from jusou.report.charts.draw import draw_panel
from jusou.report.charts.png import render_pngs
from tests.drawings import SVG, document_of, named_workspace, panels_of, read
from tests.packs import Pack
from tests.support import (
    SAMPLE,
    SAMPLE_DAY,
    call,
    record,
    run,
    sample_workspace,
    small_workspace,
    tree,
)

pytestmark = pytest.mark.slow

SHEET = (1518, 945)  # 257 × 160 mm at 150 dots an inch
SINGLE = (945, 591)
XLINK = "{http://www.w3.org/1999/xlink}href"


@pytest.fixture(scope="module")
def written(pack: Callable[[str], Pack]) -> dict[str, bytes]:
    """The charts of the sample, as ``report`` writes them."""
    return tree(pack("R10").folder / "charts")


@pytest.fixture(scope="module")
def document() -> Illustrated:
    return document_of(SAMPLE, "R10")


def test_pictures_are_complete_and_plain(document: Illustrated, written: dict[str, bytes]) -> None:
    names = [sheet.key for sheet in document.sheets]
    assert set(written) == {f"{name}.{kind}" for name in names for kind in ("png", "svg")}
    for name in names:
        check_png(written[f"{name}.png"], SHEET)
        check_svg(written[f"{name}.svg"])
    single = draw_panel(panels_of(document)["sodan-2"], [])
    check_png(render_pngs({"sodan-2": single})["sodan-2"], SINGLE)
    check_svg(single)


def test_png_shows_what_stands_in_the_svg(written: dict[str, bytes]) -> None:
    drawing = read(written["takikan.svg"])
    with Image.open(io.BytesIO(written["takikan.png"])) as image:
        shown = image.convert("RGB")
    scale = shown.width / drawing.width
    for bar in drawing.boxes:
        left, top, right, bottom = bar.box
        if bar.fill == "#0072b2" and bar.group:
            place = int((left * 3 + right) / 4 * scale), int((top + bottom * 3) / 4 * scale)
            assert shown.getpixel(place) == (0x00, 0x72, 0xB2)


def test_settings_that_lie_about_change_nothing(written: dict[str, bytes], tmp_path: Path) -> None:
    folder = sample_workspace(tmp_path)
    hostile = (
        "font.size: 30\nlines.linewidth: 9\naxes.facecolor: red\nsavefig.facecolor: blue\n"
        "figure.dpi: 33\nsavefig.bbox: tight\nsvg.fonttype: none\npatch.linewidth: 7\n"
        "axes.unicode_minus: True\ntext.usetex: False\nlegend.fontsize: 30\npath.simplify: False\n"
        "figure.facecolor: green\naxes.grid: True\nfigure.autolayout: True\nhatch.color: red\n"
        "legend.shadow: True\nlines.antialiased: False\ntext.color: red\nbackend: svg\n"
    )
    (folder / "matplotlibrc").write_text(hostile, encoding="utf-8")
    ran = run(folder, "chart", "R10", "--date", SAMPLE_DAY)
    assert ran.code == 0, ran.err
    assert tree(folder / "reports" / "R10" / "charts") == written


def check_png(png: bytes, size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(png)) as image:
        assert image.width == size[0]
        assert 500 < image.height <= size[1]
        assert len(image.convert("L").getcolors() or ()) > 20
        assert "Software" not in image.info


def check_svg(svg: bytes) -> None:
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert not list(root.iter(f"{SVG}image"))
    fonts = {each.get("style", "").split("font-family: ")[1] for each in root.iter(f"{SVG}text")}
    assert {font.split(";")[0] for font in fonts} == {"'IPAexGothic', sans-serif"}
    assert all(each.get(XLINK, "#").startswith("#") for each in root.iter())
    assert set(re.findall(rb"https?://[^\"\s]+", svg)) == {
        b"http://www.w3.org/2000/svg", b"http://www.w3.org/1999/xlink",
    }  # fmt: skip
    assert len(svg) < 80_000
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
    record(folder, "R7 a 1", "R8 a 1", "R9 b 2", "R10 a 3 見込", "R10 a - 取消")
    ran = call(folder, "chart", "a", "--format", "png", "--date", SAMPLE_DAY)
    assert "R9（令和9年度）のグラフを作ります" in ran.err
    reports = folder / "reports"
    assert set(tree(reports)) == {"R8/charts/a.svg", "R9/charts/a.png"}


def test_each_adds_every_indicator(tmp_path: Path) -> None:
    folder = small_workspace(tmp_path, "id: a", "id: b")
    ran = call(folder, "chart", "R8", "--each", "--format", "svg", "--date", SAMPLE_DAY)
    assert ran.code == 0, ran.err
    assert set(tree(folder / "reports" / "R8" / "charts")) == {
        "attainment.svg", "p.svg", "a.svg", "b.svg",
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
