"""Several processes at once, and processes that die: what was reported as written is there."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from jusou.workspace import Workspace
from tests.logs import read
from tests.support import call, real_workspace, run

pytestmark = pytest.mark.slow

WRITERS = 8
SOME_DAY = 1_843_000_000
APPENDER = Path(__file__).with_name("appender.py")
Appender = subprocess.Popen[str]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return real_workspace(tmp_path)


def actuals(workspace: Path) -> Path:
    return workspace / "data" / "actuals" / "R9.csv"


@contextmanager
def appender(workspace: Path, remark: str, figures: Sequence[str]) -> Iterator[Appender]:
    """Start a process that is ready to append and waits for :func:`go`."""
    command = [sys.executable, str(APPENDER), str(workspace), remark, *figures]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            assert line_of(process) == "ready"
            yield process
        finally:
            process.kill()


def line_of(process: Appender) -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


def go(process: Appender) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def reported(process: Appender) -> list[str]:
    """What a process still says until it ends: each figure is on the disk."""
    # Not communicate(): it reads past what readline() has already taken into its buffer.
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    out = process.stdout.read()
    process.wait()
    return out.splitlines()


def figures_in(workspace: Path) -> list[tuple[str, str]]:
    """The remark and the value of every row; nothing may be wrong with the log."""
    found = read(actuals(workspace))
    assert found.problems == []
    return [(cells[9], cells[3]) for cells in found.rows]


def test_many_writers_lose_nothing_and_tear_nothing(workspace: Path) -> None:
    wanted = {
        f"書き手{writer}": [f"sodan-2 {1000 * writer + number}" for number in range(1, 201)]
        for writer in range(WRITERS)
    }
    with ExitStack() as stack:
        writers = [stack.enter_context(appender(workspace, *each)) for each in wanted.items()]
        for writer in writers:
            go(writer)
        for _ in range(20):  # a reader needs no lock and never meets half a row
            line_of(writers[0])
            Workspace(workspace).load()
        for writer in writers[1:]:
            assert len(reported(writer)) == 200
        assert len(reported(writers[0])) == 180
    rows = figures_in(workspace)
    assert len(rows) == WRITERS * 200
    for remark, figures in wanted.items():
        assert [value for each, value in rows if each == remark] == [
            figure.split()[1] for figure in figures
        ]
    assert call(workspace, "check", "--date", "2028-11-10").code == 0


def test_racers_adding_the_same_write_it_once(workspace: Path) -> None:
    figures = [f"sodan-2 {100 * month} 中間 2027-{month:02}-28" for month in range(4, 13)]
    with ExitStack() as stack:
        racers = [
            stack.enter_context(appender(workspace, "同じ理由", figures)) for _ in range(WRITERS)
        ]
        for racer in racers:
            go(racer)
        told = [figure for racer in racers for figure in reported(racer)]
    assert sorted(told) == sorted(figures)
    assert [value for _, value in figures_in(workspace)] == [each.split()[1] for each in figures]


def test_commands_adding_the_same_at_once_all_succeed(workspace: Path) -> None:
    command = [sys.executable, "-m", "jusou", "add", "R9", "sodan-2", "2,655"]
    command += ["--by", "山田", "--date", "2028-11-10"]
    with ExitStack() as stack:
        racers = [
            stack.enter_context(
                subprocess.Popen(
                    command, cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.PIPE
                )
            )
            for _ in range(4)
        ]
        told = [racer.communicate()[0].decode().startswith("記録しました") for racer in racers]
        assert [racer.returncode for racer in racers] == [0] * 4
    assert sorted(told) == [False, False, False, True]
    assert figures_in(workspace) == [("", "2655")]


def test_a_killed_process_loses_nothing_it_reported(workspace: Path) -> None:
    chance = random.Random(20280401)
    stands: list[tuple[str, str]] = []
    for round_ in range(6):
        remark = f"{round_}回目、改行\nあり"
        values = [str(1000 * round_ + number) for number in range(1, 301)]
        with appender(workspace, remark, [f"sodan-2 {value}" for value in values]) as process:
            go(process)
            told = [line_of(process) for _ in range(chance.randint(1, 200))]
            sum(range(chance.randrange(1_000_000)))  # die anywhere in the work on one more row
            process.kill()
            told += reported(process)
        assert len(told) < len(values)
        assert call(workspace, "check", "--date", "2028-11-10").code == 0
        rows = Workspace(workspace).load().rows.actuals  # what the journal holds does not count
        found = [(row.remark, f"{row.value}") for row in rows]
        written = len(found) - len(stands)
        assert written - len(told) in (0, 1)  # the last one may stand but not yet be reported
        assert found == stands + [(remark, value) for value in values[:written]]
        stands = found


def test_a_lock_left_behind_by_a_dead_process_stops_nobody(workspace: Path) -> None:
    (workspace / "data" / ".lock").write_bytes(b"")
    ran = run(workspace, "add", "R9", "sodan-2", "2655", "--date", "2028-11-10")
    assert (ran.code, len(figures_in(workspace))) == (0, 1)


def test_who_waits_too_long_for_another_writer_is_told_so(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = 0.0

    def sleep(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    lock = workspace / "data" / ".lock"
    with FileLock(lock):
        os.utime(lock, (SOME_DAY, SOME_DAY))
        monkeypatch.setattr(time, "sleep", sleep)  # a minute of waiting passes at once
        monkeypatch.setattr(time, "perf_counter", lambda: passed)
        ran = call(workspace, "add", "R9", "sodan-2", "2655", "--date", "2028-11-10")
    at = datetime.fromtimestamp(SOME_DAY, UTC).astimezone()
    since = f"{at.month}月{at.day}日{at.hour}時{at.minute:02}分から"
    assert ran.code == 1
    assert ran.err.startswith(f"ほかの jusou の書き込みを待っています（{since}）…\n")
    assert "ほかの jusou が書き込みを続けています。" in ran.err
    assert not actuals(workspace).exists()


def test_who_gets_the_lock_in_the_end_writes_and_leaves_the_time(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = 0.0
    lock = workspace / "data" / ".lock"
    other = FileLock(lock)
    told: list[str] = []

    def sleep(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    def on_wait(text: str) -> None:
        told.append(text)
        other.release()

    with other:
        os.utime(lock, (SOME_DAY, SOME_DAY))
        monkeypatch.setattr(time, "sleep", sleep)
        monkeypatch.setattr(time, "perf_counter", lambda: passed)
        Workspace(workspace, on_wait).add("R9", "sodan-2", "2655", before_year_end=True)
    assert (len(told), len(figures_in(workspace))) == (1, 1)
    assert lock.stat().st_mtime != SOME_DAY
