"""Appends actuals as ``add`` does, in a process of its own: one line out for each row written.

Says ``ready``, waits for a line, then takes ``indicator value basis as_of`` from each argument
after the workspace and the remark, the last when it is given another line or no more input. An
entry that stands already is not written and not told.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from jusou.entry.decide import Entry, cells_of, read_entry, row_to_record
from jusou.logs.dataset import Dataset
from jusou.storage.workspace import Workspace
from jusou.values.fiscal_year import FiscalYear

YEAR = FiscalYear(9)
TODAY = date(2028, 11, 10)
STAMP = "2028-11-10T09:00:00+09:00"


def append(workspace: Workspace, entry: Entry) -> bool:
    def compose(dataset: Dataset) -> Sequence[Sequence[str]]:
        row = row_to_record(dataset, read_entry(dataset, entry), entry, TODAY)
        return [cells_of(dataset, row, STAMP)] if row else []

    return workspace.append_actuals(entry.year, compose).written


def main(root: str, remark: str, *figures: str) -> None:
    workspace = Workspace(Path(root))
    print("ready", flush=True)
    sys.stdin.readline()
    for figure in figures:
        if figure == figures[-1]:
            sys.stdin.readline()  # who is to be killed does not end first
        indicator, value, basis, as_of = (*figure.split(), "", "")[:4]
        entry = Entry(YEAR, indicator, value, basis, as_of, remark=remark, correct=True)
        if append(workspace, entry):
            print(figure, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
