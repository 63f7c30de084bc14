"""Help and wrong usage are Japanese; exit codes and streams."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from jusou import __version__
from tests.support import (
    SAMPLE,
    Ran,
    call,
    fictional_workspace,
    run,
    tree,
    write_actuals,
)

DAY = {"JUSOU_DATE": "2028-06-01"}  # R9 is over
ENGLISH = re.compile(
    r"usage|options?:|arguments?:|commands?:|show this|error|missing|required|default|try ",
    re.IGNORECASE,
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return fictional_workspace(tmp_path / "workspace")


def commands() -> list[str]:
    """The names that ``jusou --help`` lists."""
    listing = call(SAMPLE, "--help").out.partition("コマンド:\n")[2].partition("\n\n")[0]
    return re.findall(r"^  ([a-z]+)", listing, re.MULTILINE)


def columns(text: str) -> int:
    """The widest a text can be: an ambiguous character is two columns wide on some consoles."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["chekc"], "コマンド「chekc」はありません（check ではありませんか）。", "jusou --help"),
        (["kaiseki"], "コマンド「kaiseki」はありません。", "jusou --help"),
        (["it's"], "コマンド「it's」はありません。", "jusou --help"),
        (["x" * 50], f"コマンド「{'x' * 40}…」はありません。", "jusou --help"),
        (["--workspace", "."], "コマンドを指定してください。", "jusou --help"),
        (["list", "--zen"], "オプション「--zen」はありません。", "jusou list --help"),
        (["-x"], "オプション「-x」はありません。", "jusou --help"),
        (
            ["show", "R9", "--formt", "json"],
            "オプション「--formt」はありません（--format ではありませんか）。",
            "jusou show --help",
        ),
        (["show"], "「年度」を指定してください。", "jusou show --help"),
        (["add", "R9"], "「指標」を指定してください。", "jusou add --help"),
        (["show", "R9", "R8"], "「R8」は余分です。", "jusou show --help"),
        (
            ["add", "R9", "mado-1", "5", "人 (延べ)"],
            "「人 (延べ)」は余分です。",
            "jusou add --help",
        ),
        (
            ["add", "R9", "mado-1", "-5"],
            "負の数は、△5 のように △ を付けて書いてください。",
            "jusou add --help",
        ),
        (
            ["show", "R9", "--format"],
            "オプション「--format」に値を付けてください。",
            "jusou show --help",
        ),
        (["--workspace"], "オプション「--workspace」に値を付けてください。", "jusou --help"),
        (
            ["add", "R9", "mado-1", "5", "--correct=hai"],
            "オプション「--correct」に値は付けられません。",
            "--help",
        ),
        (["show", "kotoshi"], "年度「kotoshi」は読めません。", "R9 か 令和9年度"),
        (["show", ""], "年度「」は読めません。", "R9 か 令和9年度"),
        (["show", "9"], "年度「9」は読めません。", "R9 か 令和9年度"),
        (["add", "R9/../..", "mado-1", "5"], "年度「R9/../..」は読めません。", "R9 か 令和9年度"),
        (["show", "R9", "--format", "xml"], "--format 「xml」は使えません。", "text、json"),
        (["export", "--format", "xlsx"], "--format 「xlsx」は使えません。", "csv、json"),
        (["report", "R9", "--only", "md,pptx"], "--only 「pptx」は使えません。", "md、txt"),
        (["report", "R9", "--only", ""], "--only 「」は使えません。", "md、txt"),
        (["report", "R9", "--only", "md,"], "--only 「」は使えません。", "md、txt"),
        (["show", "R9", "--date", "kinou"], "日付「kinou」は読めません。", "2028-06-01"),
        (["check", "--date", "2028-02-30"], "日付「2028-02-30」は読めません。", "2028-06-01"),
        (["status", "昭和63年度"], "年度「昭和63年度」は読めません。", "R9 か 令和9年度"),
    ],
)
def test_wrong_usage(workspace: Path, arguments: list[str], message: str, hint: str) -> None:
    before = tree(workspace)
    ran = call(workspace, *arguments, env=DAY)
    assert (ran.code, ran.out) == (2, "")
    first, second = ran.err.splitlines()
    assert first == f"エラー: {message}"
    assert second.startswith("    ")
    assert hint in second
    assert tree(workspace) == before


def test_wrong_usage_by_the_environment(workspace: Path) -> None:
    ran = call(workspace, "check", env={"JUSOU_DATE": "kinou"})
    assert (ran.code, ran.err.splitlines()[0]) == (2, "エラー: 日付「kinou」は読めません。")


@pytest.mark.slow
def test_wrong_usage_in_a_process_of_its_own(workspace: Path) -> None:
    assert run(workspace, "chekc") == call(workspace, "chekc")


def test_all_commands_are_listed() -> None:
    promised = {"report", "show", "list", "add", "status", "history", "check", "export", "schema"}
    assert promised <= set(commands())


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", [None, *commands()])
def test_help_is_japanese_and_fits_80_columns(command: str | None, flag: str) -> None:
    arguments = [flag] if command is None else [command, flag]
    ran = call(SAMPLE, *arguments)
    assert (ran.code, ran.err) == (0, "")
    usage, empty, *rest = ran.out.splitlines()
    assert usage.startswith(f"使い方: jusou{f' {command}' if command else ''} [オプション]")
    assert empty == ""
    assert re.match(r"  [^\n]*[ぁ-ん].*?。\n\n", "\n".join(rest), re.DOTALL)
    assert f"  -h, --help{' ' * 2}" in ran.out
    assert not ENGLISH.search(re.sub(r"--?[a-z-]+", "", ran.out))
    for line in (usage, *rest):
        assert columns(line) <= 80, line


def test_no_arguments_show_the_help(workspace: Path) -> None:
    help_ = call(workspace, "--help").out
    assert call(workspace.parent) == Ran(2, help_, "")
    ran = call(workspace)
    assert (ran.code, ran.err) == (2, "")
    assert ran.out.endswith(f"\n\n{help_}")


def test_the_version(workspace: Path) -> None:
    assert call(workspace, "--version") == Ran(0, f"jusou {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["list"], 0),
        (["check"], 0),
        (["add", "R9", "mado-1", "120", "--dry-run"], 0),
        (["show", "R11"], 1),
        (["status", "R7"], 1),
        (["history", "mado-9"], 1),
        (["add", "R9", "mado-1", "約120"], 1),
        (["add", "R11", "mado-1", "120"], 1),
        (["add", "R10", "mado-1", "120"], 1),
        (["report", "R9", "--kinds"], 2),
        (["show", "9"], 2),
    ],
)
def test_exit_codes_and_streams(workspace: Path, arguments: list[str], code: int) -> None:
    ran = call(workspace, *arguments, env=DAY)
    assert ran.code == code
    assert bool(ran.out) is (code == 0)
    assert code == 0 or ran.err.startswith("エラー: ")


def test_what_was_refused_is_on_stderr_and_results_on_stdout(workspace: Path) -> None:
    write_actuals(workspace, "R9", [",,mado-1,約120"])
    shown, checked = call(workspace, "show", "R9"), call(workspace, "check")
    assert (shown.code, shown.out) == (1, "")
    assert (checked.code, checked.err) == (1, "")
    assert "実績値「約120」" in shown.err
    assert "実績値「約120」" in checked.out


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (("report", "R9", "--doc-no"), "--doc-no"),
        (("form", "R9", "--contact"), "--contact"),
    ],
)
def test_bytes_that_are_no_text_are_refused_by_the_name_of_the_option(
    workspace: Path, command: tuple[str, ...], name: str
) -> None:
    before = tree(workspace)
    ran = call(workspace, *command, "資料\udcff")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"エラー: {name} の値「資料?」に、読めない文字があります。\n")
    assert tree(workspace) == before
