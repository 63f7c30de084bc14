"""Appending: one block, on the disk or not at all; what stood before is never touched."""

from __future__ import annotations

import csv
import errno
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jusou.errors import JusouError
from jusou.logs.schema import IMPORTS
from jusou.storage.log_writing import append
from tests.faults import Disk, failing
from tests.logs import (
    ACTUAL_COLUMNS,
    AWKWARD,
    FIRST,
    LAST,
    append_rows,
    bytes_of,
    read,
    row_bytes,
)
from tests.support import Ran, call, real_workspace, run, tree, write_actuals

TODAY = ("--date", "2028-06-01", "--by", "山田")
STANDS = "2028-05-11T09:00:00+09:00,R9,sodan-2,2649,,,確定,,山田,,"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "R9.csv"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return write_actuals(real_workspace(tmp_path), "R9", [STANDS]).parents[2]


def actuals(workspace: Path) -> Path:
    return workspace / "data" / "actuals" / "R9.csv"


def appended(log: Path, before: bytes, newline: str = "\r\n") -> list[list[str]]:
    """The rows behind what stood: whole lines that end as the log's do, what stood untouched."""
    content = log.read_bytes()
    assert content.startswith(before)
    text = content.removeprefix(before).decode()
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert text.endswith(newline)
    assert text.count("\r") == (len(rows) if newline == "\r\n" else 0)
    return rows


def test_a_new_log_is_made_with_bom_header_and_crlf(log: Path) -> None:
    append_rows(log, [FIRST, AWKWARD])
    assert appended(log, bytes_of([])) == [FIRST, AWKWARD]
    assert list(tree(log.parent)) == ["R9.csv"]


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
def test_what_stood_is_the_beginning_of_what_stands(log: Path, encoding: str, newline: str) -> None:
    before = bytes_of([FIRST], encoding, newline)
    log.write_bytes(before)
    append_rows(log, [AWKWARD])
    assert appended(log, before, newline) == [AWKWARD]
    before = log.read_bytes()
    append_rows(log, [LAST])
    assert appended(log, before, newline) == [LAST]


def test_a_log_without_the_column_for_the_reader_stays_without(log: Path) -> None:
    before = ",".join(ACTUAL_COLUMNS[:-1]).encode("utf-8-sig") + b"\r\n"
    log.write_bytes(before)
    append_rows(log, [LAST])
    assert appended(log, before) == [LAST[:-1]]


def test_a_row_follows_the_order_of_the_headings(log: Path) -> None:
    titles = [ACTUAL_COLUMNS[0], *reversed(ACTUAL_COLUMNS[1:])]
    before = ",".join(titles).encode("utf-8-sig") + b"\r\n"
    log.write_bytes(before)
    append_rows(log, [AWKWARD])
    assert appended(log, before) == [[AWKWARD[0], *reversed(AWKWARD[1:])]]
    assert (read(log).rows, read(log).problems) == ([AWKWARD], [])


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_a_column_that_a_row_needs_gets_its_heading_once(log: Path, newline: str) -> None:
    *titles, last = IMPORTS.columns
    rows = f'{newline}2028-05-11,"二行\nの欄"{newline}'
    old = (",".join(titles) + rows).encode("utf-8-sig")
    log.write_bytes(old)
    append(log.parent, {log.name: (IMPORTS, [dict.fromkeys(titles, "一") | {last: ""}])})
    assert log.read_bytes().startswith(old)
    for remark in ("訂正", "再訂正"):
        append(log.parent, {log.name: (IMPORTS, [dict.fromkeys(titles, "二") | {last: remark}])})
    content = log.read_bytes().decode("utf-8-sig")
    assert content.startswith(",".join(IMPORTS.columns) + rows)
    assert content.endswith(f',"再訂正"{newline}')
    assert log.with_name("R9.csv.bak").read_bytes().startswith(old)
    assert len(list(tree(log.parent))) == 2


@pytest.mark.parametrize("end", [b"", b"\r", b"\r\n"])
def test_a_last_row_without_its_line_end_gets_it(log: Path, end: bytes) -> None:
    log.write_bytes(bytes_of([FIRST]).removesuffix(b"\r\n") + end)
    append_rows(log, [LAST])
    assert appended(log, bytes_of([FIRST])) == [LAST]


def test_line_ends_inside_a_cell_are_written_as_excel_does(log: Path) -> None:
    append_rows(log, [[*FIRST[:9], "一\r\n二\r三\n四", "", ""]])
    assert b'"\xe4\xb8\x80\n\xe4\xba\x8c\n\xe4\xb8\x89\n\xe5\x9b\x9b"' in log.read_bytes()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
@pytest.mark.parametrize("row", [LAST, AWKWARD], ids=["plain", "quoted"])
def test_a_row_torn_at_any_byte_is_set_aside(log: Path, row: list[str], encoding: str) -> None:
    before = bytes_of([FIRST], encoding)
    written = row_bytes(row, encoding)
    aside = log.with_name("R9.csv.torn")
    torn = 0
    for cut in range(1, len(written) + 1):
        aside.unlink(missing_ok=True)
        log.write_bytes(before + written[:cut])
        was_torn = read(log).is_torn
        append_rows(log, [LAST])
        found = read(log)
        assert found.problems == []
        assert [found.rows[0], found.rows[-1]] == [FIRST, LAST]
        assert len(found.rows) == (2 if was_torn else 3)
        kept = aside.read_bytes() if aside.exists() else b""
        assert kept == (written[:cut] + b"\r\n" if was_torn else b"")
        torn += was_torn
    assert torn > len(written) / 2


def test_a_second_torn_row_is_set_aside_behind_the_first(log: Path) -> None:
    append_rows(log, [FIRST])
    for row in (LAST, AWKWARD):
        with log.open("ab") as file:
            file.write(row_bytes(row)[:60])
        append_rows(log, [row])
    assert appended(log, bytes_of([])) == [FIRST, LAST, AWKWARD]
    assert log.with_name("R9.csv.torn").read_bytes() == b"".join(
        row_bytes(row)[:60] + b"\r\n" for row in (LAST, AWKWARD)
    )


def test_a_full_disk_leaves_no_part_of_a_row_that_is_set_aside(log: Path) -> None:
    log.write_bytes(bytes_of([FIRST]) + row_bytes(LAST)[:40])
    before = log.read_bytes()
    with failing(Disk(1, errno.ENOSPC, part=0.5)), pytest.raises(JusouError, match="追記"):
        append_rows(log, [LAST])
    assert log.read_bytes() == before
    assert log.with_name("R9.csv.torn").read_bytes() == b""


def test_a_cp932_log_is_converted_once_and_the_old_one_kept(log: Path) -> None:
    old = bytes_of([FIRST, AWKWARD], "cp932")
    log.write_bytes(old)
    append_rows(log, [LAST])
    append_rows(log, [FIRST])
    assert appended(log, bytes_of([FIRST, AWKWARD])) == [LAST, FIRST]
    assert list(tree(log.parent)) == ["R9.csv", "R9.csv.bak"]
    assert log.with_name("R9.csv.bak").read_bytes() == old


@pytest.mark.skipif(os.name == "nt", reason="modes and owners are those of POSIX")
def test_a_converted_log_keeps_its_mode_its_owner_and_its_link(log: Path) -> None:
    elsewhere = log.parent / "共有" / "実績.csv"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(bytes_of([FIRST], "cp932"))
    elsewhere.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(elsewhere, 65534, 65533)
    before = elsewhere.stat()
    log.symlink_to(elsewhere)
    append_rows(log, [LAST])
    assert log.is_symlink()
    assert read(elsewhere).rows == [FIRST, LAST]
    kept = log.with_name("R9.csv.bak")
    for after in (elsewhere.stat(), kept.stat()):
        assert (after.st_mode, after.st_uid, after.st_gid) == (
            before.st_mode, before.st_uid, before.st_gid,
        )  # fmt: skip
    assert not list(elsewhere.parent.glob(".*"))


def test_what_a_dead_writer_left_half_made_is_removed_by_the_next(workspace: Path) -> None:
    data = workspace / "data"
    (data / "reviews").mkdir()
    orphans = [data / folder / f".R9.csv.{number}.tmp" for folder, number in
               (("", "0123abcd"), ("actuals", "ffffffff"), ("reviews", "00000000"))]  # fmt: skip
    others = [data / "actuals" / name for name in ("メモ.tmp", ".R9.csv.tmp", ".R9.csv.0123abcd")]
    for path in (*orphans, *others):
        path.write_bytes(b"x")
    assert call(workspace, "add", "R9", "sodan-3", "92.0", *TODAY, "--dry-run").code == 0
    assert all(path.exists() for path in orphans)
    assert call(workspace, "add", "R9", "sodan-3", "92.0", *TODAY).code == 0
    assert not any(path.exists() for path in orphans)
    assert all(path.exists() for path in others)


def test_a_log_converted_again_keeps_every_old_one(log: Path) -> None:
    for row in (FIRST, AWKWARD, LAST):
        log.write_bytes(bytes_of([row], "cp932"))
        append_rows(log, [LAST])
    kept = [log.with_name(f"R9.csv.bak{number}").read_bytes() for number in ("", "1", "2")]
    assert kept == [bytes_of([row], "cp932") for row in (FIRST, AWKWARD, LAST)]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("actuals/R9.csv", bytes_of([FIRST, ["", "", "sodan-9", "1"]])),
        ("actuals/R9.csv", bytes_of([FIRST]) + b',,sodan-3,"92.0\r\n'),
        ("actuals/R8.csv", b""),
        ("actuals/R9 - コピー.csv", bytes_of([FIRST])),
        ("reviews/R9.csv", b"a,b\r\n"),
        ("revisions.csv", b"\0"),
    ],
    ids=["row", "quote", "another year", "stray file", "reviews", "revisions"],
)
def test_nothing_is_appended_while_something_is_wrong(
    workspace: Path, path: str, content: bytes
) -> None:
    wrong = workspace / "data" / path
    wrong.parent.mkdir(exist_ok=True)
    wrong.write_bytes(content)
    before = tree(workspace)
    ran = call(workspace, "add", "R9", "sodan-3", "92.0", *TODAY)
    assert ran.code == 1
    assert f"data/{path}" in ran.err
    assert tree(workspace) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "remark", ["破損\udcff", "一行目\n<<<<<<< HEAD"], ids=["bytes", "conflict"]
)
@pytest.mark.parametrize("year", ["R8", "R9"], ids=["new log", "log that stands"])
@pytest.mark.skipif(os.name == "nt", reason="Windows passes arguments as text")
def test_a_text_that_could_not_be_read_again_is_not_written(
    workspace: Path, year: str, remark: str
) -> None:
    before = tree(workspace)
    ran = run(workspace, "add", year, "sodan-3", "90.0", *TODAY, "--remark", remark)
    assert ran.code == 1
    assert "記録できない文字" in ran.err
    assert "Traceback" not in ran.err
    assert tree(workspace) == before


def run_limited(workspace: Path, size: int, *arguments: str) -> Ran:
    """Run ``jusou`` where no file may grow beyond ``size`` bytes, as on a full disk."""
    program = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
        "from jusou.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", program, *arguments],
        cwd=workspace,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit to a file's size")
@pytest.mark.parametrize("room", [0, 1, 40])
def test_a_full_disk_leaves_the_log_as_it_was(workspace: Path, room: int) -> None:
    before = tree(workspace)
    size = len(actuals(workspace).read_bytes()) + room
    ran = run_limited(workspace, size, "add", "R9", "sodan-3", "92.0", *TODAY)
    assert ran.code == 1
    assert "R9.csv: 追記できませんでした。" in ran.err
    assert "ディスクの空きがありません。" in ran.err
    assert tree(workspace) == before


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit to a file's size")
def test_a_full_disk_leaves_no_part_of_a_new_log(workspace: Path) -> None:
    before = tree(workspace)
    ran = run_limited(workspace, 50, "add", "R8", "sodan-3", "92.0", *TODAY)
    assert ran.code == 1
    assert "R8.csv: 書き込みできませんでした。" in ran.err
    assert tree(workspace) == before


@pytest.fixture
def read_only(workspace: Path) -> Iterator[Path]:
    actuals(workspace).chmod(0o444)
    yield workspace
    actuals(workspace).chmod(0o644)


@pytest.mark.permissions
def test_a_log_that_may_not_be_written_is_said_to_be_in_use(read_only: Path) -> None:
    before = tree(read_only)
    ran = call(read_only, "add", "R9", "sodan-3", "92.0", *TODAY)
    assert ran.code == 1
    assert "R9.csv: 追記できませんでした。" in ran.err
    assert "Excel" in ran.err
    assert tree(read_only) == before


def test_a_folder_in_place_of_a_log_is_refused(log: Path) -> None:
    log.mkdir()
    with pytest.raises(JusouError, match="同じ名前のフォルダー"):
        append_rows(log, [FIRST])
    assert list(log.iterdir()) == []


def test_add_writes_one_row_behind_what_stood(workspace: Path) -> None:
    before = actuals(workspace).read_bytes()
    ran = call(workspace, "add", "R9", "sodan-3", "", "--basis", "該当なし", *TODAY,
               "--remark", "対象者なし")  # fmt: skip
    assert ran.code == 0
    after = actuals(workspace).read_bytes()
    assert after.startswith(before)
    assert after.count(b"\r\n") == before.count(b"\r\n") + 1
    assert read(actuals(workspace)).rows[-1][1:10] == [
        "R9", "sodan-3", "", "", "", "該当なし", "", "山田", "対象者なし",
    ]  # fmt: skip
