"""The kept packs in ``data/handouts``: each a folder that is there whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from jusou.storage.files import sync, translated, write_all
from jusou.storage.loading import DATA

HANDOUTS = "handouts"
_APART = re.compile(r"\.[RH][0-9]+(-interim)?-[0-9]+\.[0-9a-f]{8}\.tmp")


def folders(root: Path) -> list[Path]:
    """Return the folders of handouts, in no order; nothing where none was ever kept."""
    place = root / DATA / HANDOUTS
    with translated(place, "読み込み"):
        there = place.iterdir() if place.exists() else ()
        return [each for each in there if each.is_dir() and not each.name.startswith(".")]


def place_of(root: Path, name: str) -> Path:
    """Return where a handout is kept."""
    return root / DATA / HANDOUTS / name


def digests_in(folder: Path, names: Iterable[str]) -> dict[str, str | None]:
    """Return the sha256 of files, None for one that is not there."""
    found: dict[str, str | None] = {}
    for name in names:
        path = folder / name
        with translated(path, "読み込み"):
            there = path.is_file()
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest() if there else None
    return found


def keep(root: Path, name: str, files: Mapping[str, bytes]) -> Path:
    """Put files into a new folder of ``data/handouts``; the caller holds the workspace's lock.

    They are written and brought onto the disk beside it; one rename makes the handout. Raises
    JusouError where a folder of that name is there already.
    """
    place = root / DATA / HANDOUTS
    apart = place / f".{name}.{os.urandom(4).hex()}.tmp"
    with translated(place, "書き込み"):
        place.mkdir(exist_ok=True)
        for left in place.iterdir():  # by a process that died
            if _APART.fullmatch(left.name):
                shutil.rmtree(left, ignore_errors=True)
        try:
            for file, content in files.items():
                path = apart / file
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("xb", buffering=0) as written:
                    write_all(written, content)
                    sync(written)
            for folder in {path.parent for path in apart.rglob("*")}:
                _sync_folder(folder)
            apart.rename(place / name)
            _sync_folder(place)
        finally:
            shutil.rmtree(apart, ignore_errors=True)
    return place / name


def _sync_folder(folder: Path) -> None:
    """Bring the names in a folder onto the disk; Windows has no way to, and needs none."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
