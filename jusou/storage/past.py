"""Reads every row that ever stood, for what came back may be older than a correction."""

from __future__ import annotations

from jusou.logs.history import History
from jusou.plan.model import Plan
from jusou.storage.workspace import Workspace


def read_past(workspace: Workspace, plan: Plan) -> History:
    """Return the rows of all logs; what is wrong with one is for loading the data to say."""
    return History(tuple(workspace.actual_rows(plan, [])), tuple(workspace.note_rows(plan, [])))
