"""Makes a new workspace: the plan, its schema and the logs of past years, all or nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from jusou.errors import JusouError
from jusou.logs.schema import Actual, Stamp
from jusou.storage.files import translated
from jusou.storage.loading import DATA, PLAN_PATH
from jusou.storage.transaction import transaction

_SCHEMA = "targets.schema.json"


def check_free(folder: Path) -> None:
    """Raise JusouError if a folder holds data already: nothing of it is ever replaced."""
    with translated(folder, "読み込み"):
        if (folder / DATA).exists() or (folder / DATA).is_symlink():
            what = "作業フォルダー" if (folder / PLAN_PATH).exists() else f"{DATA} のあるフォルダー"
            hint = "別のフォルダーを指定するか、data フォルダーをほかの場所に移してください。"
            raise JusouError(f"{folder} は、すでに{what}です。何も書き込みません。", hint)


def found_workspace(
    folder: Path, plan: str, schema: str, actuals: Sequence[Actual], stamp: Stamp
) -> list[Path]:
    """Make a workspace of the texts of its plan and schema, and figures; return its files.

    It is made whole in a temporary folder inside ``folder`` and read back, then renamed. Raises
    JusouError, with nothing left behind.
    """
    check_free(folder)
    with _apart(folder) as apart:
        data = apart / DATA
        with translated(data, "書き込み"):
            data.mkdir()
            (apart / PLAN_PATH).write_text(plan, encoding="utf-8", newline="\n")
            (data / _SCHEMA).write_text(schema, encoding="utf-8", newline="\n")
        with transaction(apart, *stamp, imports=False, lock=contextlib.nullcontext()) as opened:
            for row in actuals:
                opened.append(row)
        made = sorted(each.relative_to(apart) for each in data.rglob("*") if each.suffix)
        with translated(folder / DATA, "書き込み"):
            check_free(folder)
            data.rename(folder / DATA)
    return [folder / each for each in made if not each.name.startswith(".")]


@contextlib.contextmanager
def _apart(folder: Path) -> Iterator[Path]:
    """Make a temporary folder in one that may have to be made; both go if nothing comes of it."""
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    apart = folder / f".{os.urandom(4).hex()}.tmp"
    try:
        with translated(folder, "書き込み"):
            apart.mkdir(parents=True)
        yield apart
    finally:
        shutil.rmtree(apart, ignore_errors=True)
        for each in new:  # the innermost first; one that holds something stays
            with contextlib.suppress(OSError):
                each.rmdir()
