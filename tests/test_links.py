"""Links that lead nowhere or in a circle: named, never passed over, never a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support import call, real_workspace

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links take a privilege there")
DAY = ("--date", "2028-06-01")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    workspace = real_workspace(tmp_path)
    (workspace / "data" / "actuals").mkdir()
    return workspace


@pytest.mark.parametrize("target", ["itself", "nowhere"])
@pytest.mark.parametrize(
    "place", ["actuals/R9.csv", "revisions.csv", "imports.csv", "reviews", ".journal"]
)
def test_a_link_among_the_data_is_an_error(workspace: Path, place: str, target: str) -> None:
    link = workspace / "data" / place
    link.symlink_to(link.name if target == "itself" else "nowhere")
    ran = call(workspace, "check", *DAY)
    if (place, target) == (".journal", "nowhere"):
        assert ran.code == 0  # there is no journal
    else:
        assert ran.code == 1
        assert f"data/{place}: 読み込みできませんでした。" in ran.err


@pytest.mark.parametrize("place", ["reports", "reports/R9"])
def test_a_link_in_the_way_of_a_report_is_an_error(workspace: Path, place: str) -> None:
    link = workspace / place
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(link.name)
    ran = call(workspace, "report", "R9", "--only", "txt", *DAY)
    assert ran.code == 1
    assert "書き込みできませんでした。" in ran.err


def test_a_link_among_the_answers_is_named_and_the_others_go_on(workspace: Path) -> None:
    answers = workspace / "返信"
    answers.mkdir()
    (answers / "a.csv").write_text("指標,実績値\nsodan-2,2655\n", "utf-8")
    (answers / "b.csv").symlink_to("b.csv")
    ran = call(workspace, "import", str(answers), "--year", "R9", "--accept-valid", *DAY)
    assert "b.csv" in ran.err
    assert "1件" in ran.err
    assert "2655" in (workspace / "data/actuals/R9.csv").read_text("utf-8")


def test_files_are_named_as_they_were_given_not_by_what_is_behind(workspace: Path) -> None:
    texts = {"甲課": "2655", "乙課": "2656", "控え/乙課": "2657"}
    for folder, figure in texts.items():
        (workspace / folder).mkdir(parents=True)
        answer = f"指標,実績値\nsodan-2,{figure}\n"
        (workspace / folder / "回答.csv").write_text(answer, "utf-8")
    (workspace / "7月").symlink_to("甲課")
    ran = call(workspace, "import", "7月", "乙課", "控え/乙課", "甲課", "--year", "R9", *DAY)
    for name in ("7月", *list(texts)[1:]):
        assert f"\n{name}/回答.csv 2行目: sodan-2 の実績" in f"\n{ran.err}"
    assert "甲課" not in ran.err
