"""Writes what the tool makes: built apart, then put in place file by file; others' files stay."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from jusou.errors import JusouError
from jusou.storage.files import translated


def write_pack(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Put ``files`` (name, with ``/`` for a subfolder, to content) into ``folder``.

    All is first written to a temporary folder beside it, so that a failure or an interruption
    leaves what was there whole; a file that another program holds open is named before anything
    is replaced. Then each is replaced atomically, in the order given. Raises JusouError.
    """
    targets = {name: folder / name for name in files}
    apart = folder.with_name(f".{folder.name}.{os.urandom(4).hex()}.tmp")
    try:
        with translated(folder, "書き込み"):
            for name, content in files.items():
                path = apart / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        for target in targets.values():
            _check_replaceable(target)
        for name, target in targets.items():
            with translated(target, "書き込み"):
                target.parent.mkdir(parents=True, exist_ok=True)
                (apart / name).replace(target)
    finally:
        shutil.rmtree(apart, ignore_errors=True)
    return list(targets.values())


def _check_replaceable(path: Path) -> None:
    """Raise JusouError if ``path`` is a folder, or a file that another program keeps open."""
    if path.is_dir():
        raise JusouError(
            f"{path}: 同じ名前のフォルダーがあるため、書き込めません。",
            "名前を変えるか、移してください。",
        )
    if path.exists():
        with translated(path, "書き換え"), path.open("r+b"):
            pass
