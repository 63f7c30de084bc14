"""What every kind of console gets: CP932, ASCII, the C locale, a pipe that closes, no colour."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dialogue import terminal
from tests.support import (
    SAMPLE_DAY,
    call,
    rows_of,
    run,
    sample_workspace,
    small_workspace,
    write_actuals,
)

pytestmark = pytest.mark.slow

COMMANDS = ("show R10", "history sanka-2", "trace R9 sodan-3", "check", "show R99")
DAY = {"JUSOU_DATE": SAMPLE_DAY}
PLAIN_C = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": ""}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_workspace(tmp_path_factory.mktemp("sample"))


def raw(workspace: Path, command: str, env: dict[str, str]) -> tuple[int, bytes]:
    """Run a command in a process; return its code and its bytes, stdout then stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "jusou", *command.split()],
        cwd=workspace,
        env={**os.environ, **DAY, "COLUMNS": "80", **env},
        capture_output=True,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).replace(b"\r\n", b"\n")


def expected(workspace: Path, command: str) -> tuple[int, str]:
    ran = call(workspace, *command.split(), env=DAY)
    return ran.code, ran.out + ran.err


@pytest.mark.parametrize("command", COMMANDS)
def test_a_japanese_windows_console_gets_the_same_text(workspace: Path, command: str) -> None:
    code, content = raw(workspace, command, {"PYTHONIOENCODING": "cp932"})
    expected_code, text = expected(workspace, command)
    assert code == expected_code
    assert content.decode("cp932") == text.replace("—", "-").replace("〜", "～")


def test_what_cp932_lacks_is_substituted_and_never_fails(workspace: Path) -> None:
    remark = "𠮷野 😀 — ① ～ ﷽"
    command = ["add", "R9", "sanka-3", "--basis", "測定不能", "--correct", "--remark", remark]
    assert call(workspace, *command, env=DAY).code == 0
    code, content = raw(workspace, "history sanka-3", {"PYTHONIOENCODING": "cp932"})
    assert code == 0
    assert "備考：?野 ? - ① ～ ?" in content.decode("cp932")


@pytest.mark.parametrize("encoding", ["cp932", "ascii"])
def test_json_loses_nothing_on_any_console(workspace: Path, encoding: str) -> None:
    text = "𠮷野さんの案 — 10–20件、①〜③ 😀"
    assert call(workspace, "note", "R9", "sodan-2", "--cause", text, env=DAY).code == 0
    for command in ("show R9 --format json", "list --format json", "check --format json"):
        _, content = raw(workspace, command, {"PYTHONIOENCODING": encoding})
        found = json.loads(content.partition(b"\n}\n")[0].decode(encoding) + "}")
        assert found == json.loads(call(workspace, *command.split(), env=DAY).out)


def test_what_a_terminal_would_obey_is_not_printed(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a, reporter: 窓口課")
    write_actuals(workspace, "R9", [",,a,,,,未確定,,,\x1b[31m赤\x07"])
    for command in ("status R9", "history a", "show R9"):
        ran = call(workspace, *command.split(), env={"JUSOU_DATE": "2028-05-20"})
        assert (ran.code, "赤" in ran.out) == (0, True)
        assert not {char for char in ran.out + ran.err if char < " "} - {"\n"}


@pytest.mark.parametrize("env", [{"PYTHONIOENCODING": "ascii"}, PLAIN_C], ids=["ascii", "C"])
@pytest.mark.parametrize("command", COMMANDS)
def test_an_ascii_console_gets_figures_and_substitutes(
    workspace: Path, command: str, env: dict[str, str]
) -> None:
    code, content = raw(workspace, command, env)
    expected_code, text = expected(workspace, command)
    assert code == expected_code
    shown = content.decode("ascii").splitlines()
    assert len(shown) == len(text.splitlines())
    for line, meant in zip(shown, text.splitlines(), strict=True):
        if "(1)①" in meant:
            assert "(1)(1)" in line
        if meant.isascii():
            assert line == meant


@pytest.mark.parametrize("env", [{"PYTHONIOENCODING": "cp932"}, PLAIN_C], ids=["cp932", "C"])
def test_help_is_given_on_any_console(workspace: Path, env: dict[str, str]) -> None:
    code, content = raw(workspace, "add --help", env)
    assert code == 0
    assert content.count(b"\n") == expected(workspace, "add --help")[1].count("\n")
    assert b"--before-year-end" in content


def test_the_c_locale_as_a_linux_server_has_it(workspace: Path) -> None:
    """Python then writes UTF-8 by itself."""
    code, content = raw(workspace, "show R10", {"LC_ALL": "C", "PYTHONIOENCODING": ""})
    assert (code, content.decode("utf-8")) == expected(workspace, "show R10")


@pytest.mark.skipif(sys.platform == "win32", reason="file names are Unicode there")
def test_a_system_without_japanese_names_says_what_to_set(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a")
    (workspace / "表.csv").write_text("指標,実績値\na,120\n", "utf-8")
    for command, code in (("form R9", 1), ("report R9 --only txt", 0), ("import . --year R9", 0)):
        ended, content = raw(workspace, command, PLAIN_C)
        assert (ended, b"Traceback" in content) == (code, False), content
        assert (b"PYTHONUTF8" in content) is (code == 1)
    assert not [*workspace.glob("reports/R9/forms/*")]
    assert len(rows_of(workspace)) == 1
    assert raw(workspace, "form R9", {**PLAIN_C, "PYTHONUTF8": "1"})[0] == 0


@pytest.mark.parametrize("env", [{"TERM": "xterm"}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}])
def test_pipes_are_plain(workspace: Path, env: dict[str, str]) -> None:
    for command in ("show R10", "--help", "show --farmat"):
        ran = run(workspace, *command.split(), env={**DAY, **env})
        assert "\x1b" not in ran.out + ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {}])
def test_a_terminal_gets_no_colour_that_means_anything(
    workspace: Path, env: dict[str, str]
) -> None:
    """On a terminal the words are the same; with NO_COLOR nothing else is sent."""
    import pty

    leader, follower = pty.openpty()
    with os.fdopen(leader, "rb") as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", "jusou", "list"],
            cwd=workspace,
            env={**os.environ, "COLUMNS": "80", "TERM": "xterm-256color", **env},
            stdout=follower,
            stderr=follower,
        )
        os.close(follower)
        content = b""
        try:
            while chunk := os.read(terminal.fileno(), 65536):
                content += chunk
        except OSError:  # the other end is closed
            pass
        assert process.wait() == 0
    text = content.decode("utf-8").replace("\r\n", "\n")
    assert text == expected(workspace, "list")[1]
    assert "\x1b" not in text


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe is another error there")
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_an_error_is_folded_on_a_terminal(workspace: Path) -> None:
    from tests.test_outputs import width

    arguments = ("add", "R9", "sodan-2", "約" * 60, "--date", SAMPLE_DAY)
    with terminal(workspace, *arguments) as session:
        session.end()
    assert "数値として読めません" in session.said.replace("\n      ", "").replace("\n  ", "")
    assert [line for line in session.said.splitlines() if width(line) > 80] == []


@pytest.mark.parametrize("columns", ["1", "40", "", "abc", "500"])
def test_any_width_of_the_window_is_survived(workspace: Path, columns: str) -> None:
    ran = call(workspace, "show", "R10", env={**DAY, "COLUMNS": columns})
    assert ran.code == 0
    assert "(5)③ 協力団体数" in ran.out
