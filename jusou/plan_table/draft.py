"""A plan in the making: what is to stand in ``targets.yaml``, where it came from, what is open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from jusou.errors import JusouError, Problem, warning
from jusou.plan.consistency import Finding
from jusou.plan.model import Loc
from jusou.plan_table.columns import COLUMNS
from jusou.plan_table.headings import TARGET
from jusou.values.workbook import FoundCell

_KEYS = {each.key: each.heading for each in COLUMNS if each.key not in ("programme", "name")}
_HEADINGS = {**_KEYS, "since": _KEYS["from"], "number": "番号"}
_CODED = {
    (each.key, str(code)): spellings[0]
    for each in COLUMNS
    for code, spellings in each.words.items()
}
_KEY = re.compile(rf"\b({'|'.join(_HEADINGS)})\b(?:: ([a-z0-9_]+)\b ?)?")


@dataclass
class Draft:
    """The parts of a plan as they are typed, and what is known of each by its place in it.

    ``places`` tells where in the table a part stands, ``open`` what a person has to confirm about
    it. ``notices`` are what was not read, ``problems`` what cannot be, ``refused`` the parts of
    these: what the plan says of them too is an echo.
    """

    root: dict[str, Any] = field(default_factory=dict)
    places: dict[Loc, str] = field(default_factory=dict)
    open: dict[Loc, str] = field(default_factory=dict)
    notices: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: set[Loc] = field(default_factory=set)

    def refuse(self, cell: FoundCell, error: JusouError, loc: Loc | None = None) -> None:
        """Keep what is wrong with a cell, and the part of the plan that it would have been."""
        self.problems.append(Problem(error.message, error.hint, cell.place))
        if loc:
            self.refused.add(loc)

    def notice(self, message: str, cell: FoundCell, hint: str = "") -> None:
        """Keep what nobody may believe to have been read."""
        self.notices.append(warning(message, hint, cell.place))

    def place_of(self, loc: Loc) -> str:
        """Return where a part stands, or the nearest part around it that stands anywhere."""
        ends = range(len(loc), -1, -1)
        return next((self.places[loc[:end]] for end in ends if loc[:end] in self.places), "")

    def contradict(self, findings: list[Finding]) -> None:
        """Keep what contradicts itself in the plan, in the words of the table."""
        for loc, message, hint in findings:
            if loc not in self.refused:
                kind = TARGET if "targets" in loc[:-1] else ""  # a year there is a heading here
                said = f"{kind}{in_headings(message)}"
                self.problems.append(Problem(said, in_headings(hint), self.place_of(loc)))


def in_headings(text: str) -> str:
    """Return what is said of the keys of ``targets.yaml`` in the headings of the table."""

    def named(match: re.Match[str]) -> str:
        key, code = match.groups()
        heading = _HEADINGS[key]
        if code is None:
            return heading
        return f"{heading}「{_CODED.get((key, code), code)}」"

    return _KEY.sub(named, text)
