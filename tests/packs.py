"""The meeting packs that many tests look at, each made once a test run."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from tests.pages import stress_workspace
from tests.support import SAMPLE_DAY, Ran, run, sample_workspace

DAY = {"JUSOU_DATE": SAMPLE_DAY}
# The workspace, the arguments of ``report``, and where in the workspace the pack then is.
PACKS = {
    "R9": (sample_workspace, ["R9"], "reports/R9"),
    "R10": (sample_workspace, ["R10"], "reports/R10"),
    "R10-interim": (sample_workspace, ["R10", "--interim"], "reports/R10-interim"),
    "stress": (
        stress_workspace,
        ["R9", "--doc-no", "資料１", "--draft", "--output", "会議/第1回"],
        "会議/第1回",
    ),
}


class Pack(NamedTuple):
    """The files of a pack, and what the command said."""

    folder: Path
    ran: Ran


def made_once(shared: Path, name: str) -> Pack:
    """Return the pack of a name; who asks first makes it below ``shared``, in a process."""
    make_workspace, arguments, place = PACKS[name]
    workspace, told = shared / f"pack-{name}", shared / f"pack-{name}.json"
    with FileLock(shared / f"pack-{name}.lock"):
        if not told.exists():
            make_workspace(workspace)
            ran = run(workspace, "report", *arguments, env={**DAY, "PYTHONHASHSEED": "1"})
            told.write_text(json.dumps(asdict(ran)), encoding="utf-8")
    return Pack(workspace / place, Ran(**json.loads(told.read_text(encoding="utf-8"))))
