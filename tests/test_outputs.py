"""The outputs people look at: kept as snapshots, aligned, never wider than the window, readable.

``JUSOU_UPDATE=1`` writes the snapshots anew: read the difference before you keep it.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import (
    SAMPLE_DAY,
    call,
    sample_workspace,
)

SNAPSHOTS = Path(__file__).parent / "snapshots"
DAY = {"JUSOU_DATE": SAMPLE_DAY}
CHOSEN = (
    "総括",
    "資料の見方",
    "検討を要する指標",
    "指標一覧",
    "(3) 多機関協働事業及び支援プランの作成",
    "評価の方法",
)
HEADINGS = {
    "show": re.compile(r"^■ (.+)$", re.MULTILINE),
    "md": re.compile(r"^## (.+)$", re.MULTILINE),
    "txt": re.compile(r"^\d+\. (.+)$", re.MULTILINE),
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = sample_workspace(tmp_path_factory.mktemp("sample"))
    for year in ("R8", "R9", "R10"):
        assert call(folder, "report", year, "--only", "md,txt", env=DAY).code == 0
    return folder


def output(workspace: Path, kind: str, year: str) -> str:
    if kind == "show":
        return call(workspace, "show", year, env=DAY).out
    path = workspace / "reports" / year / f"review.{kind}"
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def sections(text: str, kind: str) -> dict[str, str]:
    """Split an output at the headings of its sections; what stands before them is ``""``."""
    head, *rest = HEADINGS[kind].split(text)
    return {"": head} | dict(zip(rest[::2], rest[1::2], strict=True))


@pytest.mark.parametrize("year", ["R9", "R10"])
@pytest.mark.parametrize("kind", ["show", "md", "txt"])
def test_snapshots(workspace: Path, kind: str, year: str) -> None:
    found = sections(output(workspace, kind, year), kind)
    parts = [found[""], *(f"[{name}]{found[name]}" for name in CHOSEN)]
    path = SNAPSHOTS / f"{kind}-{year}.txt"
    if os.environ.get("JUSOU_UPDATE"):
        path.write_text("".join(parts), encoding="utf-8", newline="\n")
    assert "".join(parts) == path.read_text(encoding="utf-8")


def width(text: str) -> int:
    """Columns of a terminal: wide and full-width 2, ambiguous 1, combining none."""
    unseen = ("Mn", "Me", "Cf")
    return sum(
        2
        if unicodedata.east_asian_width(char) in "WF"
        else unicodedata.category(char) not in unseen
        for char in text
    )


SCREENS = [
    "show R8",
    "show R9",
    "show R10",
    "list",
    "status R10",
    "history sanka-2",
    "report R9 --only md",
]


@pytest.mark.parametrize("command", SCREENS)
@pytest.mark.parametrize("columns", [80, 100])
def test_no_line_is_wider_than_the_window(workspace: Path, command: str, columns: int) -> None:
    ran = call(workspace, *command.split(), env={**DAY, "COLUMNS": str(columns)})
    shown = re.split("書き出しました|〔再依頼の文面〕", ran.out)[
        0
    ]  # then paths, and text to be copied
    for line in shown.splitlines():
        assert width(line) <= columns, line
        assert line == line.rstrip()


def grids(text: str) -> Iterator[tuple[list[tuple[int, int]], list[str]]]:
    """Yield of each table the spans of its columns, and the lines that lie in them."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if not re.fullmatch(r" *-+(  -+)+", line):
            continue
        spans = [match.span() for match in re.finditer(r"-+", line)]
        table = [lines[number - 1]]
        for row in lines[number + 1 :]:
            if not row or row.startswith("※"):
                break
            table.append(row)
        yield spans, [row for row in table if fits(row, spans)]


def by_column(text: str) -> str:
    """Write a wide character as itself and a filler, so that indexes are columns."""
    return "".join(char + "\0" * (width(char) - 1) for char in text)


def fits(row: str, spans: list[tuple[int, int]]) -> bool:
    """Whether each column of a row is filled, and nothing stands between them."""
    cells = by_column(row)
    between = list(cells)
    for start, end in spans:
        if not cells[start:end].strip():
            return False
        between[start:end] = " " * len(cells[start:end])
    return not "".join(between).strip()


@pytest.mark.parametrize("command", SCREENS)
def test_aligned_columns_hold_no_character_of_uncertain_width(
    workspace: Path, command: str
) -> None:
    ran = call(workspace, *command.split(), env=DAY)
    aligned = [line for _, table in grids(ran.out) for line in table]
    assert aligned or command.startswith("status")
    for line in aligned:
        assert not [char for char in line if unicodedata.east_asian_width(char) == "A"], line


def test_figures_stand_flush_right_under_their_heading(workspace: Path) -> None:
    found = {}
    for spans, (heading, *rows) in grids(call(workspace, "show", "R10", env=DAY).out):
        titles = [by_column(heading)[a:b].replace("\0", "").strip() for a, b in spans]
        found[titles[0]] = len(rows)
        if titles[0] != "R6参考":
            continue
        for row in rows:
            for (start, end), title in zip(spans, titles, strict=True):
                cell = by_column(row)[start:end]
                side = cell[:1] if title == "達成度" else cell[-1:]
                assert side.strip(" "), (title, row)
    assert found["R6参考"] == 19
    assert found["指標数"] == 6


def test_text_is_made_to_be_read_aloud(workspace: Path) -> None:
    for year in ("R8", "R9", "R10"):
        text = output(workspace, "txt", year)
        for mark in ("|", "─", "│", "┼", "+-", "--", "===", "。。", "、。", "  ", "**", "\t"):
            assert mark not in text, mark
        found = sections(text, "txt")
        del found["資料の見方"]  # which explains the marks of the other outputs
        for name, section in found.items():
            for mark in ("—", "△", "+"):
                assert mark not in section, (name, mark)
        for line in found["指標一覧"].strip().splitlines()[1:]:
            assert line.endswith("。"), line
    assert "前年度差 マイナス0.2ポイント" in text
    assert "備考 未確定（年度末の手交状況の集計後、令和11年5月に確定予定）。" in text


@pytest.mark.parametrize("kind", ["show", "md", "txt"])
def test_a_running_year_is_marked(workspace: Path, kind: str) -> None:
    assert "年度途中: 令和10年度は令和11年3月31日まで" in sections(
        output(workspace, kind, "R10"), kind
    )[""].replace("\n", "")
    assert "年度途中:" not in output(workspace, kind, "R9")
