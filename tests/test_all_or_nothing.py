"""A command that records stands whole or not at all, whatever fails and whenever it dies."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from jusou.errors import Severity
from jusou.logs.schema import IMPORTS
from jusou.storage.journal import Entry, append_all, read_logs
from jusou.workspace import Workspace
from tests.dialogue import COUNT, RATE
from tests.faults import DeadError, Disk, failing
from tests.logs import bytes_of, row_bytes
from tests.support import Ran, call, record, small_workspace, tree

DAY = ("--date", "2028-05-20", "--by", "山田")
# When a row was written, and in the log of imports its digest, of which that is a part.
STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d|(?<= )[0-9a-f]{8}(?= )")
ADD = ("add", "R9", "a", "115", "--correct", "--remark", "再集計", *DAY)
IMPORT = ("import", "表.csv", "--year", "R9", "--correct", "a", "--reason", "再集計", *DAY)
ROW = ["2028-05-01T09:00:00+09:00", "R9", "a", "110", "", "", "確定", "", "山田", "備考", "指標1"]
OTHER = [ROW[0], "R9", "b", "55", "", "", "確定", "", "佐藤", "", "指標2"]
DEATH = None
PARTS = {"write": (0, 0.5), "truncate": (0, 1)}  # how much is done of what then fails


def log_of(workspace: Path, name: str = "actuals/R9.csv") -> Path:
    return workspace / "data" / name


def plain(workspace: Path) -> None:
    record(workspace, "R8 a 100 確定", "R9 a 110 確定")


def nothing(workspace: Path) -> None:
    """No log is there yet."""


def no_line_end(workspace: Path) -> None:
    plain(workspace)
    log_of(workspace).write_bytes(log_of(workspace).read_bytes().removesuffix(b"\r\n"))


def torn(workspace: Path) -> None:
    plain(workspace)
    with log_of(workspace).open("ab") as file:
        file.write(row_bytes(OTHER)[:40])


def cp932(workspace: Path) -> None:
    log_of(workspace).parent.mkdir()
    log_of(workspace).write_bytes(bytes_of([ROW], "cp932"))


def table(workspace: Path) -> None:
    plain(workspace)
    (workspace / "表.csv").write_text("指標,実績値\na,115\nb,52\n", "utf-8")


def old_headings(workspace: Path) -> None:
    """A log of imports without its last column, whose last row lacks its line end."""
    table(workspace)
    *titles, _ = IMPORTS.columns
    row = dict.fromkeys(titles, "") | {"記録日時": ROW[0], "年度": "R8", "種類": "表", "指標": "a"}
    row |= {"取込不可": "0", "SHA256": "0" * 64, "備考": "備考"}
    text = f"{','.join(titles)}\r\n{','.join(row.values())}"
    log_of(workspace, "imports.csv").write_text(text, "utf-8-sig", newline="")


CASES: dict[str, tuple[Callable[[Path], None], Sequence[str]]] = {
    "add": (plain, ADD),
    "add, new log": (nothing, ADD),
    "add, no line end": (no_line_end, ADD),
    "add, torn row": (torn, ADD),
    "add, CP932": (cp932, ADD),
    "note": (plain, ("note", "R9", "a", "--cause", "要因\n二行目", "--by", "山田")),
    "import": (table, IMPORT),
    "import, old headings": (old_headings, IMPORT),
}


def prepared(folder: Path, case: str) -> Path:
    workspace = small_workspace(folder, COUNT, RATE)
    CASES[case][0](workspace)
    return workspace


def logs(workspace: Path) -> dict[str, bytes]:
    """Return what stands below the headings of each log, but for when it was written."""
    found = {}
    for path in sorted(workspace.glob("data/**/*.csv")):
        rows = STAMP.sub(b"T", path.read_bytes()).partition(b"\n")[2]
        found[path.relative_to(workspace).as_posix()] = rows.strip()
    return found


def state(workspace: Path) -> list[object]:
    """Return every row that a reader sees, but for when it was written."""
    actuals, notes, revisions, imports = Workspace(workspace).load(imports=True).rows
    rows = (each._replace(recorded_at="") for log in (actuals, notes, revisions) for each in log)
    records = (
        each._replace(recorded_at="", taken=tuple(row._replace(digest="") for row in each.taken))
        for each in imports
    )
    return [*rows, *records]


@pytest.mark.parametrize("error", [DEATH, errno.ENOSPC, errno.EIO], ids=["death", "full", "broken"])
@pytest.mark.parametrize("case", CASES)
def test_whatever_fails_all_stands_or_nothing(case: str, error: int | None, tmp_path: Path) -> None:
    """At everything that is done to a file: what was said is so, and once more is enough."""
    original, command = prepared(tmp_path / "original", case), CASES[case][1]
    old = state(original)
    wanted = shutil.copytree(original, tmp_path / "wanted")
    disk = Disk()
    with failing(disk):
        assert call(wanted, *command).code == 0
    new = state(wanted)
    assert disk.count > 6
    points = ((at, part) for at, what in enumerate(disk.done, 1) for part in PARTS.get(what, (0,)))
    for at, part in points:
        workspace = shutil.copytree(original, tmp_path / f"{at} {part}")
        ran: Ran | None = None
        with suppress(DeadError), failing(Disk(at, error, part)):
            ran = call(workspace, *command)
        told = (disk.done, at, part, ran)
        seen = state(workspace)
        if ran is None:
            assert seen in (old, new), told
        else:
            assert seen == (old if ran.code else new), told
        again = call(workspace, *command)
        assert again.code == 0, (told, again)
        assert (state(workspace), logs(workspace)) == (new, logs(wanted)), told


ENTER = ("enter", "R9", *DAY)
TYPED = ("110\n備考\n", "55\n\n")  # a figure and a remark of each indicator
SAID = re.compile(r"(\d)件の指標を記録しました。")


def entered(workspace: Path, *typed: str) -> Ran:
    return call(workspace, *ENTER, stdin="".join(typed))


@pytest.mark.parametrize("error", [DEATH, errno.ENOSPC, errno.EIO], ids=["death", "full", "broken"])
def test_each_figure_that_is_entered_stands_or_not(error: int | None, tmp_path: Path) -> None:
    original = prepared(tmp_path / "original", "add, new log")
    first, both = (shutil.copytree(original, tmp_path / name) for name in ("first", "both"))
    disks = Disk(), Disk()
    for workspace, typed, disk in ((first, TYPED[:1], disks[0]), (both, TYPED, disks[1])):
        with failing(disk):
            assert entered(workspace, *typed).code == 0
    states = [state(each) for each in (original, first, both)]
    assert list(map(len, states)) == [0, 1, 2]
    points = (
        (at, part) for at, what in enumerate(disks[1].done, 1) for part in PARTS.get(what, (0,))
    )
    for at, part in points:
        workspace = shutil.copytree(original, tmp_path / f"{at} {part}")
        ran: Ran | None = None
        with suppress(DeadError), failing(Disk(at, error, part)):
            ran = entered(workspace, *TYPED)
        told = (disks[1].done, at, part, ran)
        count = len(state(workspace))
        if ran is not None:  # what failed is asked again
            assert [count] == [int(each) for each in SAID.findall(ran.out)], told
            continue
        first_is_said = at > disks[0].count
        assert count in ((1, 2) if first_is_said else (0, 1)), told
        there = [row.indicator for row in Workspace(workspace).load().rows.actuals]
        lacking = [typed for row, typed in zip("ab", TYPED, strict=True) if row not in there]
        assert entered(workspace, *lacking).code == 0
        assert sorted(map(str, state(workspace))) == sorted(map(str, states[2])), told


def interrupted(workspace: Path, *entries: Entry) -> None:
    """Leave logs as a process does that dies before its last step, emptying the journal."""
    disk = Disk()
    copy = shutil.copytree(workspace, workspace.with_name("copy"))
    with failing(disk):
        append_all(copy / "data", entries)
    last = disk.count - disk.done[::-1].index("truncate")
    with suppress(DeadError), failing(Disk(last)):
        append_all(workspace / "data", entries)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return prepared(tmp_path / "workspace", "add")


def block(workspace: Path) -> Entry:
    size = log_of(workspace).stat().st_size
    return Entry("actuals/R9.csv", size, row_bytes(OTHER) + row_bytes(ROW))


def test_what_a_dead_writer_left_is_set_aside_and_said(workspace: Path) -> None:
    before = state(workspace)
    new = Entry("actuals/R10.csv", 0, bytes_of([[*ROW[:1], "R10", *ROW[2:]]]))
    content = log_of(workspace).read_bytes()
    entry = block(workspace)
    interrupted(workspace, entry, new)
    assert log_of(workspace).read_bytes() == content + entry.block
    assert state(workspace) == before
    ran = call(workspace, "note", "R9", "a", "--cause", "要因")
    assert "書きかけの最後の行を R9.csv.torn に移しました。" in ran.err
    assert "書きかけの最後の行を R10.csv.torn に移しました。" in ran.err
    assert log_of(workspace).read_bytes() == content
    assert log_of(workspace, "actuals/R9.csv.torn").read_bytes() == entry.block
    assert log_of(workspace, "actuals/R10.csv.torn").read_bytes() == new.block
    assert not log_of(workspace, "actuals/R10.csv").exists()
    assert log_of(workspace, ".journal").read_bytes() == b""
    assert call(workspace, "note", "R9", "a", "--cause", "別の要因").err.count("移しました") == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content + row_bytes(OTHER),
        lambda content: content.replace(b"110", b"1100"),
        lambda content: content.replace(b"\xef\xbb\xbf", b""),
    ],
    ids=["row added", "row edited", "saved elsewhere"],
)
def test_what_somebody_wrote_behind_a_dead_writer_is_left_and_named(
    workspace: Path, change: Callable[[bytes], bytes]
) -> None:
    interrupted(workspace, block(workspace))
    edited = change(log_of(workspace).read_bytes())
    log_of(workspace).write_bytes(edited)
    named = "書き込みが途中で止まった後に書き換えられています。"
    before = state(workspace)
    assert f"確認: data/actuals/R9.csv: {named}" in call(workspace, "check", *DAY[:2]).out
    ran = call(workspace, "note", "R9", "a", "--cause", "要因")
    assert f"R9.csv は、{named}" in ran.err
    assert log_of(workspace).read_bytes() == edited
    assert state(workspace)[: len(before)] == before
    assert not log_of(workspace, "actuals/R9.csv.torn").exists()
    assert named not in call(workspace, "check", *DAY[:2]).out


def test_an_older_copy_put_back_behind_a_dead_writer_stands(workspace: Path) -> None:
    older = log_of(workspace).read_bytes()
    call(workspace, *ADD)
    interrupted(workspace, block(workspace))
    log_of(workspace).write_bytes(older)
    before = state(workspace)
    assert call(workspace, "note", "R9", "a", "--cause", "要因").code == 0
    assert state(workspace)[: len(before)] == before
    assert log_of(workspace).read_bytes() == older


@pytest.mark.parametrize(
    "content", [b"", b"0" * 64 + b"\n[]", b'[["actuals/R9.csv",0,""]]', b"\xff"]
)
def test_a_journal_that_is_no_journal_stops_nobody(workspace: Path, content: bytes) -> None:
    log_of(workspace, ".journal").write_bytes(content)
    before = state(workspace)
    assert call(workspace, *ADD).code == 0
    assert len(state(workspace)) == len(before) + 1
    assert log_of(workspace, ".journal").read_bytes() == b""


def test_a_journal_overwrites_whatever_longer_one_was_there(workspace: Path) -> None:
    log_of(workspace, ".journal").write_bytes(b"x" * 5000)
    before = state(workspace)
    interrupted(workspace, block(workspace))
    assert state(workspace) == before
    assert call(workspace, *ADD).code == 0
    assert log_of(workspace, "actuals/R9.csv.torn").exists()


def test_a_log_that_changes_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    """Somebody saves another text of the same length while the logs are looked at once more."""
    log = tmp_path / "a.csv"
    log.write_bytes(b"old")
    looks = 0

    def names() -> Iterator[str]:
        nonlocal looks
        looks += 1
        if looks == 2:
            log.write_bytes(b"new")
            os.utime(log, ns=(0, 0))
        yield log.name

    assert read_logs(tmp_path, names) == ({"a.csv": b"new"}, [])
    assert looks == 4


def test_a_log_that_is_taken_back_while_it_is_read_is_no_log(tmp_path: Path) -> None:
    log = tmp_path / "a.csv"
    log.write_bytes(b"half")

    def names() -> Iterator[str]:
        yield log.name
        log.unlink(missing_ok=True)

    assert read_logs(tmp_path, names) == ({}, [])


def test_a_dry_run_takes_nothing_back(workspace: Path) -> None:
    interrupted(workspace, block(workspace))
    before = tree(workspace)
    assert call(workspace, *ADD, "--dry-run").code == 0
    assert tree(workspace) == before


def test_digests_are_those_of_what_was_read(workspace: Path) -> None:
    before = Workspace(workspace).load().digests
    interrupted(workspace, block(workspace))
    assert Workspace(workspace).load().digests == before


WRITER = """
import sys
from decimal import Decimal
from jusou.logs.schema import Actual, Basis, ReviewNote
from jusou.values.fiscal_year import FiscalYear
from jusou.workspace import Workspace
workspace, name = Workspace(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
for number in range(5):
    with workspace.transaction(recorded_by=name) as t:
        for year in (8, 9, 10):
            t.append(Actual(FiscalYear(year), "a", Basis.FINAL, Decimal(number)))
            t.append(ReviewNote(FiscalYear(year), "a", {"cause": f"{name} {number}" * 50}))
"""


def test_sixteen_writers_and_a_reader_see_whole_states_only(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, COUNT)
    with ExitStack() as stack:
        writers = []
        for number in range(16):
            command = [sys.executable, "-c", WRITER, str(workspace), f"書き手{number}"]
            pipe = subprocess.PIPE
            process = subprocess.Popen(command, stdin=pipe, stdout=pipe)
            writers.append(stack.enter_context(process))
        for writer in writers:
            assert writer.stdout is not None
            writer.stdout.readline()
        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.write(b"\n")
            writer.stdin.close()
        seen = []
        while any(writer.poll() is None for writer in writers):
            found = Workspace(workspace).load()
            assert not [each for each in found.warnings if each.severity is Severity.WARNING]
            counts = {
                len([each for each in rows if each.year.number == year])
                for rows in (found.rows.actuals, found.rows.notes)
                for year in (8, 9, 10)
            }
            assert len(counts) == 1
            seen.append(counts.pop())
    assert [writer.returncode for writer in writers] == [0] * 16
    assert seen == sorted(seen)
    assert len(Workspace(workspace).load().rows.notes) == 16 * 5 * 3
