"""Files that git cannot hold: refused in Japanese, with place and remedy, nothing changed."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import ACTUALS_HEADER, Ran, call, fictional_workspace, tree

DAY = {"JUSOU_DATE": "2028-06-01"}  # R9 is over
LOG = "data/actuals/R9.csv"
PLAN = "data/targets.yaml"
ROW = "2028-05-11T09:20:11+09:00,R9,mado-1,120,,,確定,,架空 花子,,窓口の相談件数"
TEXT = f"{ACTUALS_HEADER}\r\n{ROW}\r\n"
NOISE = random.Random(1).randbytes(4096)
LONG = 50_000_000
BOMB = "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return fictional_workspace(tmp_path / "workspace")


def put(workspace: Path, name: str, content: bytes) -> None:
    path = workspace / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def refused(workspace: Path, *arguments: str) -> str:
    """Run a command that must fail as the design says; return what it printed."""
    before = tree(workspace)
    ran = call(workspace, *arguments, env=DAY)
    assert_refused(ran)
    assert tree(workspace) == before
    return ran.out + ran.err


def assert_refused(ran: Ran) -> None:
    printed = ran.out + ran.err
    assert ran.code == 1, printed
    assert "Traceback" not in printed
    message, hint, *_ = printed.splitlines()
    assert message.endswith("。")
    assert hint.startswith("    ")


@contextmanager
def permissions(path: Path, mode: int) -> Iterator[None]:
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "R9.csv: ファイルが空です（0バイト）。", id="empty"),
        pytest.param(
            b"\xef\xbb\xbf", "R9.csv:1: 1行目「」は見出しではありません。", id="bom alone"
        ),
        pytest.param(
            TEXT.encode() + b",,mado-2,9\x001.5,,,,,,\r\n",
            "R9.csv:3: 文字ではないデータ（NUL）があります。",
            id="nul",
        ),
        pytest.param(bytes(512), "R9.csv:1: CSV ではないファイルです。", id="zeros"),
        pytest.param(
            b"\xff\xfe" + TEXT.encode("utf-16-le"), "R9.csv:1: 文字コードが UTF-16", id="utf-16-le"
        ),
        pytest.param(
            b"\xfe\xff" + TEXT.encode("utf-16-be"), "R9.csv:1: 文字コードが UTF-16", id="utf-16-be"
        ),
        pytest.param(
            "記録日時,年度,指標,実".encode(),
            "R9.csv:1: 見出しに 実績値、分子、",
            id="cut in header",
        ),
        pytest.param(
            f"{TEXT},,mado-2,,,,未確定,,,回答待".encode()[:-1],
            "R9.csv:3: 文字として読めないデータがあります。",
            id="cut in a character",
        ),
        pytest.param(
            f'{TEXT},,mado-2,91.5,,,,,,"回答の'.encode(),
            'R9.csv:3: 引用符（"）が閉じていません。',
            id="cut in quotes",
        ),
        pytest.param(NOISE, "R9.csv:1: ", id="random bytes"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "R9.csv:1: 1行目「", id="png"),
        pytest.param(b"PK\x03\x04\x14\x00\x06\x00", "R9.csv:1: CSV ではないファイル", id="xlsx"),
        pytest.param(
            TEXT.encode() + b",,mado-2,91.5,,,,,\xff,\r\n",
            "R9.csv:3: 文字として読めないデータがあります。",
            id="not UTF-8",
        ),
        pytest.param(TEXT.replace("\r\n", "\r").encode(), "R9.csv:1: CSV として", id="CR alone"),
        pytest.param(
            f'{ACTUALS_HEADER}\n,,mado-1,1,,,,,,"\n{3000 * (ROW + chr(10))}'.encode(),
            "R9.csv:2: 1つの欄が長すぎます。",
            id="a quote that swallows the rest",
        ),
    ],
)
def test_a_log_that_is_no_log(workspace: Path, content: bytes, message: str) -> None:
    put(workspace, LOG, content)
    for arguments in (["check"], ["show", "R9"], ["add", "R9", "mado-3", "18"]):
        assert message in refused(workspace, *arguments)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "number"),
    [
        pytest.param(ROW.encode() + b"," * LONG + b"\n", 2, id="cells"),
        pytest.param(f'{ROW},"'.encode() + b"x" * LONG, 2, id="a quoted cell, cut"),
        pytest.param(b"\n" + ROW.encode() + b"x" * LONG, 3, id="cut, after a blank line"),
    ],
)
def test_a_line_of_50_megabytes(workspace: Path, rows: bytes, number: int) -> None:
    put(workspace, LOG, ACTUALS_HEADER.encode() + b"\n" + rows)
    assert f"R9.csv:{number}: 1行が長すぎます" in refused(workspace, "check")
    assert f"R9.csv:{number}: 1行が長すぎます" in refused(workspace, "add", "R9", "mado-3", "18")


@pytest.mark.slow
def test_a_header_of_50_megabytes(workspace: Path) -> None:
    put(workspace, LOG, b"x" * LONG)
    assert "R9.csv:1: 1行が長すぎます" in refused(workspace, "check")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", f"{PLAN}: ファイルに内容がありません。", id="empty"),
        pytest.param(b"plan:\n  title: \0", f"{PLAN}:2:10: 使えない文字（U+0000）", id="nul"),
        pytest.param("plan:".encode("utf-16"), f"{PLAN}:1:1: UTF-8 の文字として", id="utf-16"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", f"{PLAN}:1:1: UTF-8 の", id="png"),
        pytest.param("plan:\n  title: 計".encode()[:-1], f"{PLAN}:2:10: UTF-8 の", id="cut"),
        pytest.param(b"x: " + b"x" * 5_000_000, f"{PLAN}: ファイルが大きすぎます。", id="big"),
        pytest.param(b"a: &a [x]\n" + BOMB.encode(), f"{PLAN}:2:8: 別名「*a」は", id="alias bomb"),
        # Where it is noticed depends on libyaml's version.
        pytest.param(b"[" * 100_000, "入れ子が深すぎます。", id="deep list"),
        pytest.param(b"{a: " * 9999, "入れ子が深すぎます。", id="deep mapping"),
    ],
)
def test_a_plan_that_is_no_plan(workspace: Path, content: bytes, message: str) -> None:
    put(workspace, PLAN, content)
    assert message in refused(workspace, "check")
    assert message in refused(workspace, "add", "R9", "mado-1", "120")


def test_the_plan_cut_anywhere_is_a_list_of_problems(workspace: Path) -> None:
    content = (workspace / PLAN).read_bytes()
    targets = content.rindex(b"targets")
    for length in (*range(1, targets, 61), *range(targets, len(content) - 2)):
        put(workspace, PLAN, content[:length])
        assert f"{PLAN}" in refused(workspace, "check")


@pytest.mark.parametrize("name", [LOG, "data/reviews/R9.csv", "data/revisions.csv", PLAN])
def test_a_folder_in_place_of_a_file(workspace: Path, name: str) -> None:
    (workspace / name).unlink(missing_ok=True)
    (workspace / name).mkdir(parents=True)
    for arguments in (["check"], ["report", "R9"], ["add", "R9", "mado-1", "120"]):
        printed = refused(workspace, *arguments)
        assert name.rpartition("/")[2] in printed
        assert "フォルダー" in printed or sys.platform == "win32"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
@pytest.mark.parametrize(
    "name", [PLAN, LOG, "data/reviews/R9.csv", "data/revisions.csv", "data/.journal"]
)
def test_a_pipe_in_place_of_a_file_is_not_waited_for(workspace: Path, name: str) -> None:
    (workspace / name).unlink(missing_ok=True)
    (workspace / name).parent.mkdir(exist_ok=True)
    os.mkfifo(workspace / name)
    for arguments in (["check"], ["report", "R9"], ["add", "R9", "mado-1", "120"]):
        printed = refused(workspace, *arguments)
        assert f"{name}: ふつうのファイルではないため、使えません。" in printed


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
def test_a_torn_row_is_not_set_aside_into_a_pipe(workspace: Path) -> None:
    put(workspace, LOG, f"{TEXT}{ROW[:40]}".encode())
    os.mkfifo(workspace / f"{LOG}.torn")
    assert f"{LOG}.torn: ふつうの" in refused(workspace, "add", "R9", "mado-3", "18")


@pytest.mark.parametrize("name", ["data/actuals", "data/reviews", "reports"])
def test_a_file_in_place_of_a_folder(workspace: Path, name: str) -> None:
    put(workspace, name, b"")
    printed = refused(workspace, "report", "R9", "--only", "md")
    assert name.rpartition("/")[2] in printed
    assert "フォルダーを置く場所に、同じ名前のファイルがあります。" in printed


def test_a_workspace_without_a_plan(workspace: Path) -> None:
    (workspace / PLAN).unlink()
    printed = refused(workspace, "list")
    assert "このフォルダーと上のフォルダーに data/targets.yaml がありません。" in printed


@pytest.mark.parametrize("given", ["file", "nowhere", PLAN, "nowhere/\u3042", "x" * 300])
def test_a_workspace_that_is_none(workspace: Path, given: str) -> None:
    put(workspace, "file", b"")
    assert given in refused(workspace, "--workspace", given, "check")
    before = tree(workspace)
    assert_refused(call(workspace, "check", env={**DAY, "JUSOU_WORKSPACE": given}))
    assert tree(workspace) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["history", "../x"],
        ["history", "/etc/passwd"],
        ["add", "R9", "../../etc", "5"],
        ["add", "R9", "..\\mado-1", "5"],
    ],
)
def test_a_path_in_place_of_an_id(workspace: Path, arguments: list[str]) -> None:
    printed = refused(workspace, *arguments)
    assert f"指標「{arguments[-1] if len(arguments) == 2 else arguments[2]}」は計画に" in printed
    assert [path.name for path in workspace.parent.iterdir()] == ["workspace"]


@pytest.mark.parametrize("output", ["out", "out/below", f"{PLAN}/R9", "x" * 300])
@pytest.mark.parametrize("command", [["report", "R9", "--only", "md"], ["export"]])
def test_an_output_that_cannot_be_written(workspace: Path, command: list[str], output: str) -> None:
    put(workspace, "out", b"mine")
    assert output in refused(workspace, *command, "--output", output)


@pytest.mark.permissions
@pytest.mark.parametrize("name", [PLAN, LOG, "data/actuals", "data", "."])
def test_what_may_not_be_read(workspace: Path, name: str) -> None:
    put(workspace, LOG, TEXT.encode())
    before = tree(workspace)
    with permissions(workspace / name, 0):
        ran = call(workspace.parent, "--workspace", str(workspace), "check", env=DAY)
    assert_refused(ran)
    assert name in ran.err or name in ("data", ".")
    assert "権限を確かめてください。" in ran.err
    assert tree(workspace) == before


@pytest.mark.permissions
@pytest.mark.parametrize("mode", [0, 0o100], ids=["closed", "not to be listed"])
def test_an_answer_that_may_not_be_read(workspace: Path, mode: int) -> None:
    put(workspace, "返信/表.csv", "指標,実績値\nmado-3,18\n".encode())
    for name in ("返信", "返信/表.csv"):
        with permissions(workspace / name, mode):
            ran = call(workspace, "import", name, "--year", "R9", env=DAY)
        assert (ran.code, name.rpartition("/")[2] in ran.err) == (1, True)
        assert "権限を確かめてください。" in ran.err


@pytest.mark.permissions
def test_what_may_not_be_written(workspace: Path) -> None:
    put(workspace, LOG, TEXT.encode())
    (workspace / "reports").mkdir()
    assert call(workspace, "report", "R9", "--only", "md", env=DAY).code == 0
    said = "--reason 理由 --decided-by 会議 --decided-on 2028-05-01"
    for name, command in (
        ("data", "add R9 mado-3 18"), (LOG, "add R9 mado-3 18"), ("reports", "report R8"),
        ("data", "note R9 mado-1 --cause 周知"), ("data", "freeze R9 --as 会議"),
        ("data", f"revise mado-1 R10=20 {said}"),
    ):  # fmt: skip
        with permissions(workspace / name, 0o500):
            assert "権限を確かめてください。" in refused(workspace, *command.split())


@pytest.mark.permissions
@pytest.mark.parametrize(
    "command",
    ["add R9 mado-3 18", "note R9 mado-1 --cause 周知", "import 表.csv --year R9"],
)
def test_a_dry_run_needs_no_right_to_write(workspace: Path, command: str) -> None:
    put(workspace, "表.csv", "指標,実績値\nmado-3,18\n".encode())
    put(workspace, LOG, TEXT.encode())
    before = tree(workspace)
    with (
        permissions(workspace / LOG, 0o400),
        permissions(workspace / "data" / "actuals", 0o500),
        permissions(workspace / "data", 0o500),
        permissions(workspace, 0o500),
    ):
        ran = call(workspace, *command.split(), "--dry-run", env=DAY)
        assert call(workspace, *command.split(), env=DAY).code == 1
    assert ran.code == 0, ran.err
    assert tree(workspace) == before


@pytest.mark.permissions
@pytest.mark.parametrize(
    ("command", "below"),
    [
        ("report R9 --only md", "R9"),
        ("form R9", "R9/forms"),
        ("chart R9 mado-1 --format svg", "R9/charts"),
        ("export", "export"),
    ],
)
def test_where_nothing_may_be_looked_for(workspace: Path, command: str, below: str) -> None:
    folder = workspace / "reports" / below
    folder.mkdir(parents=True)
    for closed in (folder, *folder.parents):
        if closed == workspace:
            break
        with permissions(closed, 0):
            ran = call(workspace, *command.split(), env=DAY)
        assert_refused(ran)
        assert "権限を確かめてください。" in ran.err
    assert tree(workspace / "reports") == {}


@pytest.mark.permissions
@pytest.mark.parametrize("name", ["data/revisions.csv", "data/メモ", "data/actuals/R9.csv"])
def test_a_link_to_where_nothing_may_be_looked_for(workspace: Path, name: str) -> None:
    closed = workspace / "closed"
    closed.mkdir()
    (workspace / name).parent.mkdir(exist_ok=True)
    (workspace / name).symlink_to(closed / "somewhere")
    with permissions(closed, 0):
        assert_refused(call(workspace, "check", env=DAY))
