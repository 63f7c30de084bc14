"""The plan as it was last read, kept in the user's own cache folder: one file a workspace.

To read it from the YAML is a third of what a command costs, for it loads pydantic. What is kept
begins with a seal: the sha256 of the code that read the plan, of the YAML, and of what follows. So
an edited plan, another version, a file that was cut off or that two processes write at once are
never taken for it, and whatever fails here, the YAML is read. A plan with a mistake is not kept.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import sys
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import jusou
from jusou.errors import JusouError
from jusou.plan import model
from jusou.storage.files import read_bytes
from jusou.values.fiscal_year import FiscalYear

_FOLDERS = {
    "win32": ("LOCALAPPDATA", "AppData/Local"),
    "darwin": ("XDG_CACHE_HOME", "Library/Caches"),
}
_MAKERS: dict[str, Any] = {
    "tuple": lambda *items: items,
    "dict": lambda *items: dict(items),
    "Decimal": Decimal,
    "FiscalYear": FiscalYear,
}


def kept_plan(root: Path, content: bytes) -> model.Plan | None:
    """Return the plan that ``content``, a workspace's YAML, was last read as, if it is kept."""
    with contextlib.suppress(OSError, JusouError):
        seal, _, kept = read_bytes(_file(root)).partition(b"\n")
        if seal == _seal(content, kept):
            plan: model.Plan = json.loads(kept, object_hook=_made)
            return plan
    return None


def keep_plan(root: Path, content: bytes, plan: model.Plan) -> None:
    """Keep the plan that ``content`` was read as, if the folder for it can be written."""
    kept = json.dumps(_plain(plan), ensure_ascii=False).encode()
    with contextlib.suppress(OSError):
        path = _file(root)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_seal(content, kept) + b"\n" + kept)


def _plain(value: Any) -> Any:
    """Return a value as JSON: an object of one key, the name of its class, where it has parts."""
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, Enum):
        parts: Any = [value.value]
    elif isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, tuple):
        parts = value
    elif isinstance(value, Decimal):
        parts = [str(value)]
    else:
        parts = [getattr(value, field.name) for field in dataclasses.fields(value)]
    return {type(value).__name__: [_plain(each) for each in parts]}


def _made(found: dict[str, Any]) -> Any:
    ((name, parts),) = found.items()
    return (_MAKERS.get(name) or getattr(model, name))(*parts)


def _seal(content: bytes, kept: bytes) -> bytes:
    digests = (hashlib.sha256(each).hexdigest() for each in (_code(), content, kept))
    return hashlib.sha256("".join(digests).encode()).hexdigest().encode()


def _code() -> bytes:
    """Return what tells the code that reads plans from any other: its version, and its files.

    A released version is enough; who works on the code changes the files of one.
    """
    rooms = (Path(__file__).parent.parent / room for room in ("plan", "storage", "values"))
    files = sorted(
        (each.name, each.stat().st_mtime_ns) for room in rooms for each in os.scandir(room)
    )
    return repr([jusou.__version__, files]).encode()


def _file(root: Path) -> Path:
    """Return where this version keeps the plan of a workspace. Raises OSError if nowhere."""
    variable, usual = _FOLDERS.get(sys.platform, ("XDG_CACHE_HOME", ".cache"))
    with contextlib.suppress(RuntimeError):  # a user without a home
        base = Path(os.environ.get(variable) or Path.home() / usual)
        if base.is_absolute():  # else it may lead into the workspace
            workspace = os.fsencode(f"{jusou.__version__} {os.path.realpath(root)}")
            return base / "jusou" / f"{hashlib.sha256(workspace).hexdigest()}.plan"
    raise FileNotFoundError
