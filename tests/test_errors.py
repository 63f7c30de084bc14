"""The gallery of mistakes: each folder of ``tests/errors`` is a broken input and its message.

A case holds the files that differ from ``base``; the arguments in ``command``, if they are not
just ``check``; and in ``expected.txt`` what is printed. ``JUSOU_UPDATE=1`` writes every
``expected.txt`` anew: read the difference before you keep it.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.support import GALLERY, Ran, call, fictional_workspace, run, tree

CASES = sorted(path.name for path in GALLERY.iterdir() if path.is_dir() and path.name != "base")
HEAD = re.compile(r"((誤り: |確認: )?data/[^:]+(:\d+){0,2}|エラー): ")
DAY = {"JUSOU_DATE": "2028-06-01"}  # R9 is over, R10 is running


def prepare(case: str, folder: Path) -> Path:
    own = shutil.ignore_patterns("command", "expected.txt")
    shutil.copytree(GALLERY / case, fictional_workspace(folder), dirs_exist_ok=True, ignore=own)
    return folder


def arguments(case: str) -> list[str]:
    command = GALLERY / case / "command"
    return command.read_text(encoding="utf-8").split() if command.exists() else ["check"]


def shown(case: str, ran: Ran) -> str:
    return f"$ jusou {' '.join(arguments(case))}\n{ran.out}{ran.err}[終了コード {ran.code}]\n"


def expected(case: str) -> str:
    return (GALLERY / case / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_the_message_is_exactly_what_is_expected(case: str, tmp_path: Path) -> None:
    workspace = prepare(case, tmp_path / "workspace")
    before = tree(workspace)
    printed = shown(case, call(workspace, *arguments(case), env=DAY))
    if os.environ.get("JUSOU_UPDATE"):
        (GALLERY / case / "expected.txt").write_text(printed, encoding="utf-8", newline="\n")
    assert printed == expected(case)
    assert "Traceback" not in printed
    assert tree(workspace) == before


@pytest.mark.slow
@pytest.mark.parametrize("case", ["log-number", "plan-tab", "request-show-broken-data"])
def test_a_process_of_its_own_prints_the_same(case: str, tmp_path: Path) -> None:
    workspace = prepare(case, tmp_path / "workspace")
    assert shown(case, run(workspace, *arguments(case), env=DAY)) == expected(case)


def test_what_the_cases_differ_from_is_sound(tmp_path: Path) -> None:
    ran = call(prepare("base", tmp_path / "workspace"), "check", env=DAY)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("問題はありません。\n")


@pytest.mark.parametrize("case", CASES)
def test_every_message_names_its_place_and_a_remedy(case: str) -> None:
    _, *lines, code = expected(case).splitlines()
    messages = [index for index, line in enumerate(lines) if HEAD.match(line)]
    assert messages or "json" in arguments(case)
    for index in messages:
        assert lines[index].endswith("。")
        assert re.match(r"    \S", lines[index + 1])
    codes = ["0"] if case.startswith("warning-") else ["1", "2"]
    assert code in [f"[終了コード {number}]" for number in codes]
