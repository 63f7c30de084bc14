"""Appends actuals as ``add`` does, in a process of its own: one line out for each row written.

Says ``ready``, waits for a line, then takes ``indicator value basis as_of`` from each argument
after the workspace and the remark, the last when it is given another line or no more input. An
entry that stands already is not written and not told.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from jusou.workspace import Workspace

TODAY = date(2028, 11, 10)


def main(root: str, remark: str, *figures: str) -> None:
    workspace = Workspace(Path(root))
    print("ready", flush=True)
    sys.stdin.readline()
    for figure in figures:
        if figure == figures[-1]:
            sys.stdin.readline()  # who is to be killed does not end first
        indicator, value, basis, as_of = (*figure.split(), "", "")[:4]
        added = workspace.add(
            "R9",
            indicator,
            value,
            basis=basis,
            as_of=as_of,
            remark=remark,
            correct=True,
            today=TODAY,
        )
        if added.written:
            print(figure, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
