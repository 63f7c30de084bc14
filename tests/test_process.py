"""What a process of its own shows: Ctrl-C, a closed pipe, no room, completion, a folder gone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from tests.support import (
    ACTUALS_HEADER,
    SAMPLE,
    Ran,
    call,
    fictional_workspace,
    rows_of,
    tree,
    write_log,
)

pytestmark = pytest.mark.slow

DAY = {"JUSOU_DATE": "2028-06-01"}  # R9 is over
posix = pytest.mark.skipif(os.name != "posix", reason="the shell closes the streams")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return fictional_workspace(tmp_path / "workspace")


@contextmanager
def started(
    workspace: Path, *arguments: str, out: int = subprocess.PIPE
) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``jusou`` in a process of its own that the test can watch and interrupt."""
    inherited = {key: each for key, each in os.environ.items() if not key.startswith("JUSOU_")}
    with subprocess.Popen(
        [sys.executable, "-m", "jusou", *arguments],
        cwd=workspace,
        env={**inherited, **DAY, "PYTHONIOENCODING": "utf-8"},
        stdout=out,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def interrupted(workspace: Path, set_up: str, *arguments: str) -> Ran:
    """Run ``jusou`` in a process of its own that has prepared when Ctrl-C will be pressed."""
    done = subprocess.run(
        [sys.executable, "-c", f"{set_up}\nfrom jusou.cli import main; main()", *arguments],
        cwd=workspace,
        env={**os.environ, **DAY, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode().replace("\r\n", "\n"))


def while_opening(name: str) -> str:
    """Return the lines that press Ctrl-C at the very moment in which a file is opened."""
    return (
        "import signal, sys\n"
        "def watch(event, arguments):\n"
        f"    if event == 'open' and str(arguments[0]).endswith({name!r}):\n"
        "        signal.raise_signal(signal.SIGINT)\n"
        "sys.addaudithook(watch)"
    )


STOPPED = Ran(130, "", "\n中断しました。\n")


def test_ctrl_c_while_the_plan_is_read(workspace: Path) -> None:
    assert interrupted(workspace, while_opening("targets.yaml"), "list") == STOPPED


def test_ctrl_c_inside_the_lock_gives_it_back(workspace: Path) -> None:
    write_log(workspace / "data" / "actuals" / "R8.csv", ACTUALS_HEADER, [])
    before = tree(workspace)
    ran = interrupted(workspace, while_opening("R8.csv"), "add", "R9", "mado-1", "120")
    assert ran == STOPPED
    assert tree(workspace) == before
    assert (workspace / "data" / ".lock").exists()
    with FileLock(workspace / "data" / ".lock", timeout=0):
        pass


def test_ctrl_c_while_another_holds_the_lock(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    before = tree(workspace)
    with FileLock(workspace / "data" / ".lock"):
        monkeypatch.setattr(time, "sleep", interrupted)  # only who waits for the lock sleeps
        ran = call(workspace, "add", "R9", "mado-1", "120", env=DAY)
    assert ran == STOPPED
    assert tree(workspace) == before


@pytest.mark.parametrize("arguments", [["show", "R9"], ["schema"], ["--help"], ["check"]])
def test_a_closed_pipe_is_no_traceback(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with started(SAMPLE, *arguments, out=writing) as process:
        os.close(writing)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in err.decode()
    assert "Error" not in err.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_output_that_finds_no_room(workspace: Path) -> None:
    with (
        Path("/dev/full").open("wb") as full,
        started(workspace, "list", out=full.fileno()) as process,
    ):
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.decode().startswith("エラー: 結果を出力できませんでした。\n    出力先と")


ADD = ("add", "R9", "mado-1", "120")


def stands(workspace: Path) -> bool:
    return [row["実績値"] for row in rows_of(workspace)] == ["120"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_what_was_recorded_is_said_to_stand_where_it_cannot_be_printed(
    workspace: Path, unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    with (
        Path("/dev/full").open("wb") as full,
        started(workspace, *ADD, out=full.fileno()) as process,
    ):
        _, err = process.communicate(timeout=60)
    assert (process.returncode, stands(workspace)) == (1, True)
    assert "エラー: 結果を出力できませんでした。\n    記録は済んでいます。" in err.decode()


def test_what_was_recorded_is_said_to_stand_where_nobody_reads_it(workspace: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with started(workspace, *ADD, out=writing) as process:
        os.close(writing)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, stands(workspace)) == (1, True)
    assert "記録は済んでいます。" in err.decode()


@posix
@pytest.mark.parametrize(
    ("closed", "code", "said"),
    [
        (">&-", 1, "エラー: 結果を出力できませんでした。\n    記録は済んでいます。"),
        ("2>&-", 0, ""),
        (">&- 2>&-", 1, ""),
        ("<&- >&- 2>&-", 1, ""),
        ("2>/dev/full", 0, ""),
    ],
)
def test_a_stream_that_is_closed_is_no_traceback(
    workspace: Path, closed: str, code: int, said: str
) -> None:
    shell = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "jusou", *ADD]
    done = subprocess.run(
        shell,
        cwd=workspace,
        env={**os.environ, **DAY, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=False,
    )
    err = done.stderr.decode()
    assert (done.returncode, stands(workspace)) == (code, True)
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize("module", ["jusou.cli.console", "jusou.errors", "typer", "jusou.cli.app"])
def test_ctrl_c_while_the_program_is_loaded(workspace: Path, module: str) -> None:
    """The key is pressed at the very moment in which a module is looked for."""
    finder = (
        "import sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}: raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Finder())"
    )
    assert interrupted(workspace, finder, "list") == STOPPED


@pytest.mark.parametrize("named", ["option", "environment", "folder"])
def test_completion_knows_the_years_and_indicators(workspace: Path, named: str) -> None:
    arguments = ["--workspace", str(workspace)] if named == "option" else []
    env = {"JUSOU_WORKSPACE": str(workspace)} if named == "environment" else {}
    folder = workspace if named == "folder" else workspace.parent
    for word, expected in (("add R", "R9"), ("add R9 ma", "mado-1"), ("history mado-", "mado-1")):
        line = " ".join(["jusou", *arguments, word])
        done = subprocess.run(
            [sys.executable, "-m", "jusou"],
            cwd=folder,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **env, "COMP_WORDS": line,
                 "COMP_CWORD": str(len(line.split()) - 1), "_JUSOU_COMPLETE": "complete_bash"},
            capture_output=True,
            check=False,
        )  # fmt: skip
        assert expected in done.stdout.decode().split(), (line, done)


def test_completion_is_not_set_up_where_it_cannot_work(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shellingham.detect_shell", lambda: ("fish-and-chips", ""))
    ran = call(workspace, "--install-completion")
    assert (ran.code, ran.out) == (1, "")
    assert "この端末には入力補完を設定できません。" in ran.err


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    code = "import os; os.rmdir(os.getcwd()); from jusou.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "list"],
        cwd=gone,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert "読み込みできませんでした" in done.stderr.decode()
