"""What a log can hold: nothing is written that could not be read again, and it is said why."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.dialogue import COUNT, enter
from tests.logs import FIRST, bytes_of, read
from tests.support import Ran, call, real_workspace, rows_of, small_workspace, tree

CELL = 100_000
DAY = ("--date", "2028-06-01")
LONG = "長" * CELL


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return real_workspace(tmp_path / "workspace")


def edit(workspace: Path, tmp_path: Path, text: str) -> Ran:
    """Run ``note --edit`` with an editor that puts a text under 要因."""
    (tmp_path / "text").write_text(text, "utf-8")
    script = tmp_path / "editor.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\npath = Path(sys.argv[-1])\n"
        f"new = '## 要因\\n' + Path({str(tmp_path / 'text')!r}).read_text('utf-8')\n"
        "path.write_text(path.read_text('utf-8-sig').replace('## 要因', new), 'utf-8')\n",
        "utf-8",
    )
    editor = {"VISUAL": "", "EDITOR": f"'{sys.executable}' '{script}'"}
    return call(workspace, "note", "R9", "sodan-2", "--edit", env=editor)


@pytest.mark.parametrize("length", [CELL + 1, 131_072, 131_073, 400_000])
def test_a_text_too_long_for_a_cell_is_refused_and_its_draft_stays(
    workspace: Path, tmp_path: Path, length: int
) -> None:
    before = tree(workspace)
    ran = edit(workspace, tmp_path, "長" * length)
    assert ran.code == 1
    assert f"エラー: sodan-2 の要因が{length:,}字あります（100,000字まで）。\n" in ran.err
    assert "短くして、もう一度実行してください。" in ran.err
    assert tree(workspace) == before
    draft = Path(ran.err.split("書いた内容は ")[1].split(" に残しました")[0])
    assert "長" * length in draft.read_text("utf-8")
    draft.unlink()


def test_the_longest_text_is_taken_and_read_again(workspace: Path, tmp_path: Path) -> None:
    assert edit(workspace, tmp_path, LONG).code == 0
    assert rows_of(workspace, "R9", "reviews")[0]["要因"] == LONG
    assert call(workspace, "note", "R9", "sodan-2", "--issue", "次の課題", *DAY[2:]).code == 0
    assert call(workspace, "check", *DAY).code == 0


@pytest.mark.parametrize("dry_run", [(), ("--dry-run",)])
def test_a_row_too_long_for_a_line_is_refused(workspace: Path, dry_run: tuple[str, ...]) -> None:
    options = ("--activity", "--cause", "--issue", "--action")
    texts = [each for option in options for each in (option, LONG)]
    before = tree(workspace)
    ran = call(workspace, "note", "R9", "sodan-2", *texts, *dry_run)
    assert ran.code == 1
    assert "sodan-2 の1件の記録が1,200," in ran.err
    assert "いちばん長い実施状況（100,000字）を短くするか、分けて記録してください。" in ran.err
    assert tree(workspace) == before
    for option in options:
        assert call(workspace, "note", "R9", "sodan-2", option, LONG).code == 0
    assert call(workspace, "check", *DAY).code == 0


def test_a_remark_too_long_is_asked_for_again(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, COUNT)
    ran = enter(workspace, "120", LONG + "長", "120", "備考")
    assert "a の備考が100,001字あります（100,000字まで）。" in ran.out
    assert [row["備考"] for row in rows_of(workspace)] == ["備考"]


def test_a_file_that_comes_back_with_too_long_a_text_is_named(
    workspace: Path, tmp_path: Path
) -> None:
    table = tmp_path / "表.csv"
    table.write_text(f"指標,実績値,備考\nsodan-2,2655,{LONG}長\n", "utf-8")
    before = tree(workspace)
    ran = call(workspace, "import", str(table), "--year", "R9", *DAY)
    assert (ran.code, tree(workspace)) == (1, before)
    assert "備考" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ([*FIRST[:9], LONG + "長", ""], "備考が長すぎます（100,001字）。"),
        ([*FIRST, LONG + "長"], "見出しより右が長すぎます（100,001字）。"),
        ([*FIRST[:9], LONG * 2, ""], "1つの欄が長すぎます。"),
    ],
    ids=["cell", "beyond the headings", "beyond what csv reads"],
)
def test_a_cell_typed_too_long_is_an_error_of_its_line(
    tmp_path: Path, row: list[str], place: str
) -> None:
    log = tmp_path / "R9.csv"
    log.write_bytes(bytes_of([FIRST, row]))
    found = read(log)
    assert found.rows == [FIRST]
    assert [(each.line, each.message) for each in found.problems] == [(3, place)]
    assert "10万字以内" in found.problems[0].hint
