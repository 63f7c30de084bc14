"""An import that was killed and is made again leaves what one that was not killed leaves."""

from __future__ import annotations

import random
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.collecting import COURSES, LATER, figures, open_year, send, take, texts
from tests.filled_forms import Paper
from tests.support import call, show_json, tree

pytestmark = pytest.mark.slow

IMPORTER = Path(__file__).with_name("importer.py")
LOGS = ("data/actuals/R9.csv", "data/reviews/R9.csv", "data/imports.csv")
# When a row was written, and in the log of imports its digest, of which that is a part.
STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d|(?<= )[0-9a-f]{8}(?= )")
CORRECTION = ("--correct", "sodan-2", "--reason", "集計漏れ")

needs_kill = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals here")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace where some came in before, and a folder of answers with all of it."""
    desk = tmp_path_factory.mktemp("desk")
    workspace = open_year(desk / "workspace", "R9", "R10")
    answers = figures(workspace, "R9")
    told = texts([each["id"] for each in show_json(workspace, "list")["indicators"]])
    for form in send(workspace, "R9", LATER):
        paper = Paper.open(form)
        for subject in paper.subjects("実績"):
            for title, value in {**answers[subject], **told[subject]}.items():
                paper.put(subject, title, value)
        paper.save(desk / "返信" / form.name)
    shutil.rmtree(workspace / "reports")
    early = desk / "先.csv"
    early.write_text("指標,実績値\nsodan-2,2700\nchiiki-3,342\n", "utf-8")
    assert take(workspace, early, "--year", "R9").code == 0
    return desk


@pytest.fixture(scope="module")
def whole(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the logs, byte for byte, after an import that nothing interrupted."""
    workspace = copied(desk, tmp_path_factory.mktemp("whole"))
    again(desk, workspace)
    return logs(workspace)


def copied(desk: Path, folder: Path) -> Path:
    return shutil.copytree(desk / "workspace", folder / "workspace")


def logs(workspace: Path) -> dict[str, bytes]:
    paths = {name: workspace / name for name in LOGS}
    return {name: path.read_bytes() if path.exists() else b"" for name, path in paths.items()}


def timeless(found: dict[str, bytes]) -> dict[str, bytes]:
    """Return logs so that what was written at another time is the same.

    The line break behind the last row does not count: if it is cut off, the next row brings it.
    """
    return {name: STAMP.sub(b"T", content).rstrip() for name, content in found.items()}


def again(desk: Path, workspace: Path) -> None:
    ran = take(workspace, desk / "返信", *CORRECTION, "--accept-suspicious", "all")
    assert ran.code == 0, ran.err


def check_mended(desk: Path, workspace: Path, whole: dict[str, bytes]) -> None:
    """Import again; compare, look for torn rows, and import once more for nothing."""
    again(desk, workspace)
    assert timeless(logs(workspace)) == timeless(whole)
    ran = call(workspace, "check", "--date", LATER)
    assert (ran.code, "途中で切れています" in ran.out) == (0, False), ran.out
    before = tree(workspace)
    again(desk, workspace)
    assert tree(workspace) == before


def start(desk: Path, workspace: Path, limit: int = 0) -> subprocess.Popen[str]:
    arguments = [str(desk / "返信"), *CORRECTION, "--accept-suspicious", "all"]
    command = [sys.executable, str(IMPORTER), str(limit), *arguments]
    return subprocess.Popen(
        [*command, "--date", LATER, "--by", "計画係"],
        cwd=workspace,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def added(desk: Path, whole: dict[str, bytes]) -> dict[str, tuple[int, int]]:
    """Return the size of each log before and after the import."""
    before = logs(desk / "workspace")
    return {name: (len(before[name]), len(whole[name])) for name in LOGS}


def test_an_import_says_more_than_nothing(desk: Path, whole: dict[str, bytes]) -> None:
    sizes = added(desk, whole)
    assert all(after > before for before, after in sizes.values()), sizes
    assert whole[LOGS[0]].count(",集計漏れ,".encode()) == 1
    assert COURSES[0].encode() in whole[LOGS[1]]


@pytest.mark.parametrize("seed", range(30))
def test_whatever_part_of_the_rows_is_there_the_rest_is_added(
    seed: int, desk: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    """The logs cut off at any byte of what the import writes, one after the other."""
    workspace = copied(desk, tmp_path)
    before = logs(workspace)
    chance = random.Random(seed)
    torn = chance.randrange(len(LOGS))
    for number, name in enumerate(LOGS[: torn + 1]):
        header = whole[name].index(b"\n") + 1  # a new log is made with its header at once
        first = max(len(before[name]), header)
        end = chance.randrange(first, len(whole[name])) if number == torn else len(whole[name])
        (workspace / name).write_bytes(whole[name][:end])
    check_mended(desk, workspace, whole)


@needs_kill
@pytest.mark.parametrize("seed", range(6))
def test_a_process_that_dies_at_any_byte_leaves_what_can_be_mended(
    seed: int, desk: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    sizes = added(desk, whole)
    largest = max(after for _, after in sizes.values())
    workspace = copied(desk, tmp_path)
    with start(desk, workspace, random.Random(seed).randrange(1, largest)) as process:
        process.communicate()
    assert process.returncode == -signal.SIGXFSZ
    check_mended(desk, workspace, whole)


@needs_kill
@pytest.mark.parametrize("name", LOGS)
def test_a_process_that_is_killed_while_it_writes_leaves_what_can_be_mended(
    name: str, desk: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    workspace = copied(desk, tmp_path)
    before = logs(workspace)[name]
    with start(desk, workspace) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        while process.poll() is None and logs(workspace)[name] == before:
            pass
        process.kill()
    assert logs(workspace)[name] != before
    check_mended(desk, workspace, whole)
