"""Spoiled forms, tables and files: each is refused with place, text found and remedy.

What is printed for each stands in ``tests/spoiled``; ``JUSOU_UPDATE=1`` writes it anew: read the
difference before you keep it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.collecting import LATER, open_year, send, take
from tests.filled_forms import Paper
from tests.spoiling import FILES, FORM, FORMS, TABLES
from tests.support import record, small_workspace, tree

GALLERY = Path(__file__).parent / "spoiled"
NAME = "返信.xlsx"
REPORTER = "総合福祉課地域包括支援センター"
INDICATORS = (
    "id: a, baseline: 90",
    "id: b, unit: ％, decimals: 1, measure: rate, targets: {R8: 90, R9: 90, R10: 90}",
    "id: c, measure: cumulative, baseline: 5",
    "id: d",
)
ANSWERS: dict[str, dict[str, int | str]] = {
    "sodan-1": {"分子": 930, "分母": 1000, "要因": "周知が進んだ。"},
    "sodan-4": {"実績値": 37},
    "chiiki-1": {"実績値": 21},
    "chiiki-7": {"区分": "該当なし", "備考": "統合のため"},
}
CELL = re.compile(r"(実績|実績 \(2\)|取組の記述)![A-Z]+\d+: ")
WHOLE_FORM = {"sheet-deleted", "cell-far-away"}
WHOLE_TABLE = {"no-year", "year-outside", "nothing", "quote-unclosed", "quote-inside"}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a workspace and the form of one reporter, filled in as it should be."""
    workspace = open_year(tmp_path_factory.mktemp("sent"), "R9", "R10")
    (form,) = send(workspace, "R9", LATER, "--reporter", REPORTER)
    paper = Paper.open(form)
    for subject, cells in ANSWERS.items():
        for title, value in cells.items():
            paper.put(subject, title, value)
    return workspace, paper.save(workspace / NAME)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with R8 over, and one figure in it."""
    workspace = small_workspace(tmp_path_factory.mktemp("small"), *INDICATORS)
    return record(workspace, "R8 d 100")


def refusal(workspace: Path, path: Path, *options: str) -> list[str]:
    """Import what must be refused; return the lines of its messages, each with its remedy."""
    before = tree(workspace)
    ran = take(workspace, path, *options)
    assert (ran.code, tree(workspace)) == (1, before)
    *lines, last, _ = ran.err.splitlines()
    messages = [line for line in lines if not line.startswith(" ")]
    assert re.fullmatch(r"エラー: .*\d件あるため、何も書き込みませんでした。", last)
    assert lines
    assert all(line.startswith(path.name) for line in messages)
    assert len(lines) == 2 * len(messages)  # no message without its remedy
    return lines


def check_words(case: str, lines: list[str]) -> None:
    """Compare with what the gallery holds."""
    path = GALLERY / f"{case}.txt"
    text = "\n".join(lines) + "\n"
    if os.environ.get("JUSOU_UPDATE"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


def test_the_form_is_taken_when_nothing_is_spoiled(sent: tuple[Path, Path], tmp_path: Path) -> None:
    workspace, form = sent
    ran = take(workspace, Paper.open(form).save(tmp_path / NAME), "--dry-run")
    assert (ran.code, "（新規 5件）" in ran.out, ran.err.count("\n")) == (0, True, 1), ran


@pytest.mark.parametrize("case", FORMS)
def test_a_spoiled_form_is_refused(case: str, sent: tuple[Path, Path], tmp_path: Path) -> None:
    workspace, form = sent
    paper = Paper.open(form)
    FORMS[case](paper)
    lines = refusal(workspace, paper.save(tmp_path / NAME))
    check_words(f"form-{case}", lines)
    assert case in WHOLE_FORM or all(CELL.search(line) for line in lines[::2])


@pytest.mark.parametrize("case", TABLES)
def test_a_spoiled_table_is_refused(case: str, small: Path, tmp_path: Path) -> None:
    text, options = TABLES[case]
    path = tmp_path / "表.csv"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    lines = refusal(small, path, *options)
    check_words(f"table-{case}", lines)
    assert case in WHOLE_TABLE or all(re.match(r"表\.csv \d行目: ", line) for line in lines[::2])


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_is_no_table_is_refused(
    case: str, sent: tuple[Path, Path], tmp_path: Path
) -> None:
    workspace, form = sent
    name, content = FILES[case]
    path = tmp_path / name
    path.write_bytes(form.read_bytes() if content == FORM else content)
    check_words(f"file-{case}", refusal(workspace, path))


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.999])
def test_a_form_that_was_cut_off_is_refused(
    share: float, sent: tuple[Path, Path], tmp_path: Path
) -> None:
    workspace, form = sent
    content = form.read_bytes()
    path = tmp_path / NAME
    path.write_bytes(content[: int(len(content) * share)])
    lines = refusal(workspace, path)
    assert "Excel ブックとして開けません。" in lines[0]


def test_the_gallery_holds_nothing_else() -> None:
    cases = {f"form-{each}" for each in FORMS} | {f"table-{each}" for each in TABLES}
    cases |= {f"file-{each}" for each in FILES}
    assert {path.stem for path in GALLERY.iterdir()} == cases
    assert len(cases) > 40
