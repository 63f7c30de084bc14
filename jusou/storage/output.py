"""Writes what the tool makes: each file replaced whole, files of others left alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jusou.storage.files import replace


def write_pack(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files into ``folder``, in order, each atomically. Raises JusouError."""
    written = []
    for name, content in files.items():
        replace(folder / name, content)
        written.append(folder / name)
    return written
