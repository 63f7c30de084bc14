"""A pack stands whole, old or new, whatever fails while it is written and whenever that dies."""

from __future__ import annotations

import errno
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from filelock import FileLock

from tests.faults import DeadError, Disk, failing
from tests.support import Ran, call, record, small_workspace, tree

REPORT = ("report", "R9", "--only", "md,txt,json", "--date", "2028-05-20")
PARTS = {"write": (0, 0.5), "replace": (0, 1)}  # how much is done of what then fails


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with a pack, and with other figures than those in it."""
    workspace = small_workspace(tmp_path / "workspace", "id: a")
    record(workspace, "R9 a 110")
    assert call(workspace, *REPORT).code == 0
    record(workspace, "R9 a 115")
    (workspace / "reports" / "R9" / "メモ.md").write_text("市のメモ", "utf-8")
    return workspace


def pack(workspace: Path) -> dict[str, bytes]:
    """Return the files in place, by name."""
    folder = workspace / "reports"
    return {name: each for name, each in tree(folder).items() if ".tmp/" not in name}


def remains(workspace: Path) -> list[str]:
    return sorted(path.name for path in (workspace / "reports" / "R9").glob(".*"))


@pytest.mark.parametrize("error", [None, errno.ENOSPC, errno.EIO], ids=["death", "full", "broken"])
def test_whatever_fails_old_files_never_stand_beside_new(
    error: int | None, workspace: Path, tmp_path: Path
) -> None:
    old = pack(workspace)
    wanted = shutil.copytree(workspace, tmp_path / "wanted")
    disk = Disk()
    with failing(disk):
        assert call(wanted, *REPORT).code == 0
    new = pack(wanted)
    changed = {name for name in new if new[name] != old[name]}
    assert changed == {f"R9/review.{kind}" for kind in ("md", "txt", "json")}
    points = [(at, part) for at, what in enumerate(disk.done, 1) for part in PARTS.get(what, (0,))]
    assert len(points) > 15
    for at, part in points:
        copy = shutil.copytree(workspace, tmp_path / f"{at} {part}")
        ran: Ran | None = None
        with suppress(DeadError), failing(Disk(at, error, part)):
            ran = call(copy, *REPORT)
        told, found = (disk.done, at, part, ran), pack(copy)
        if ran is None:
            assert found.items() <= old.items() or found.items() <= new.items(), told
            assert "R9/review.json" not in found or found in (old, new), told
        else:
            assert found == (old if ran.code else new), told
        assert "R9/メモ.md" in found, told
        assert call(copy, *REPORT).code == 0, told
        assert (pack(copy), remains(copy)) == (new, []), told


def test_a_disk_that_has_gone_is_an_error_and_old_never_stands_beside_new(
    workspace: Path, tmp_path: Path
) -> None:
    old, disk, wanted = pack(workspace), Disk(), shutil.copytree(workspace, tmp_path / "wanted")
    with failing(disk):
        call(wanted, *REPORT)
    new = pack(wanted)
    for at in range(1, disk.count + 1):
        copy = shutil.copytree(workspace, tmp_path / str(at))
        with failing(Disk(at, errno.EIO, lasting=True)):
            ran = call(copy, *REPORT)
        assert pack(copy).items() <= old.items() or pack(copy).items() <= new.items()
        assert ran.code == 1 or pack(copy) == new, (disk.done, at, ran)
        assert call(copy, *REPORT).code == 0
        assert (pack(copy), remains(copy)) == (new, [])


def dead(workspace: Path, tmp_path: Path, *, moving_in: bool, left: int = 2) -> None:
    """Let a report die while it moves the old files out, or the new ones in."""
    disk, copy = Disk(), shutil.copytree(workspace, tmp_path / "copy")
    for folder in (workspace, copy):
        call(folder, "list")  # both plans are kept by now, so that both reports do the same
    with failing(disk):
        call(copy, *REPORT)
    moves = [at for at, what in enumerate(disk.done, 1) if what == "replace"]
    with suppress(DeadError), failing(Disk(moves[-left if moving_in else 1])):
        call(workspace, *REPORT)
    assert len(remains(workspace)) == 1
    assert "R9/review.json" not in pack(workspace)


@pytest.mark.parametrize("moving_in", [False, True])
def test_another_command_first_makes_whole_what_a_dead_one_left(
    workspace: Path, tmp_path: Path, moving_in: bool
) -> None:
    old = pack(workspace)
    dead(workspace, tmp_path, moving_in=moving_in)
    new = pack(tmp_path / "copy")
    more = ("report", "R9", "--only", "xlsx", "--date", "2028-05-20")
    assert call(workspace, *more).code == 0
    found, whole = pack(workspace), new if moving_in else old
    again = {"R9/review.json"}  # which every report writes
    assert {name: found[name] for name in old.keys() - again} == {
        name: whole[name] for name in whole.keys() - again
    }
    assert remains(workspace) == []


def test_what_somebody_put_there_meanwhile_is_not_replaced(workspace: Path, tmp_path: Path) -> None:
    dead(workspace, tmp_path, moving_in=True, left=3)
    text = workspace / "reports" / "R9" / "review.txt"
    text.write_bytes(b"mine")
    assert call(workspace, "report", "R9", "--only", "xlsx", "--date", "2028-05-20").code == 0
    assert (text.read_bytes(), remains(workspace)) == (b"mine", [])


def test_the_temporary_folder_of_a_running_report_is_left_alone(
    workspace: Path, tmp_path: Path
) -> None:
    dead(workspace, tmp_path, moving_in=True)
    (name,) = remains(workspace)
    apart = workspace / "reports" / "R9" / name
    foreign = apart.with_name(".notes.tmp")
    foreign.mkdir()
    with FileLock(apart / ".lock"):
        assert call(workspace, *REPORT).code == 0
    assert remains(workspace) == sorted([name, ".notes.tmp"])
    assert call(workspace, *REPORT).code == 0
    assert remains(workspace) == [".notes.tmp"]
