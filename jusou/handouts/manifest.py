"""A handout (配布資料): a pack as it was handed out, and the state of the data it was made from."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from jusou.errors import JusouError, Problem, warning
from jusou.plan.model import Plan
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear

MANIFEST, REVIEW = "manifest.json", "review.json"
_PDF = "review.pdf"
_SOURCE, _FILE = {"program", "plan", "logs", "number"}, {"sha256", "state"}
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
_RESTORE = "控えから、フォルダーごと戻してください。"
NAME = re.compile(r"([RH][1-9][0-9]?(?:-interim)?)-([1-9][0-9]{0,2})")
Digests = Mapping[str, Mapping[int, str]]
"""The digests of the rows of each log, by path and line."""
Place = tuple[str, int]
"""Where a row stands: the path of its log, and the line."""


def pack_name(year: FiscalYear, *, interim: bool) -> str:
    """Return the folder of a pack in ``reports``: ``R9``, of its half ``R9-interim``."""
    return f"{year}-interim" if interim else str(year)


def arguments(pack: str) -> str:
    """Return what a command is given to mean a pack: ``R9``, of its half ``R9 --interim``."""
    return pack.replace("-", " --")


@dataclass(frozen=True)
class Handout:
    """A pack that was kept as ``data/handouts/R9-1``, that of a half as ``R9-interim-1``.

    ``number`` is that of the paper (資料１), ``files`` are the sha256 of what was kept, by name.
    ``former_ids`` are those that it knows indicators by and that are others by now.
    """

    name: str
    meeting: str
    day: date
    number: str
    files: Mapping[str, str]
    content: bytes
    former_ids: Mapping[str, str] = field(default_factory=dict)

    def read_by(self, plan: Plan) -> Handout:
        """Return it with the ids that its indicators have in a plan."""
        return replace(self, former_ids=plan.former_ids)

    @property
    def pack(self) -> str:
        """The folder in ``reports`` that it lay in: ``R9``, of a half ``R9-interim``."""
        return self.name.rpartition("-")[0]

    @property
    def year(self) -> FiscalYear:
        """The reviewed year."""
        return FiscalYear.parse(self.name.partition("-")[0])

    @property
    def title(self) -> str:
        """``令和10年6月10日 第1回計画見直し会議``."""
        return f"{wareki(self.day)} {self.meeting}"

    @cached_property
    def review(self) -> Mapping[str, Any]:
        """What was printed, as plain data: its ``review.json``, by the ids of today.

        Raises JusouError where that is not what was kept: nothing may be called wrong by it.
        """
        if not self.is_whole:
            message = (
                f"data/handouts/{self.name}/{REVIEW} が、控えを残した後に書き換えられています。"
            )
            raise JusouError(message, _RESTORE)
        review = read_review(self.content)
        for each in (*review["indicators"], *review["candidates"]):
            each["id"] = self.former_ids.get(each["id"], each["id"])
        return review

    @property
    def is_whole(self) -> bool:
        """Tell whether its ``review.json`` is what was kept."""
        return hashlib.sha256(self.content).hexdigest() == self.files[REVIEW]

    @property
    def tables(self) -> Mapping[str, Mapping[str, int]]:
        """On which page of the PDF that was kept each subject stands, by the key of the table."""
        tables = self.review["files"][_PDF]["pages"] if _PDF in self.files else {}
        return {
            table: {self.former_ids.get(key, key): page for key, page in pages.items()}
            for table, pages in tables.items()
        }

    def pages(self, subject: str) -> dict[str, int]:
        """On which page of the PDF that was kept a subject stands, by the key of the table."""
        return {table: pages[subject] for table, pages in self.tables.items() if subject in pages}

    @property
    def logs(self) -> Mapping[str, Sequence[str]]:
        """The digests of the rows of each log that there were, in order."""
        logs: Mapping[str, Sequence[str]] = self.review["source"]["logs"]
        return logs


def read_review(content: bytes) -> dict[str, Any]:
    """Read a ``review.json``; its figures stay exact. Raises JusouError."""
    with suppress(*_UNREADABLE):
        review = json.loads(content, parse_float=Decimal)
        date.fromisoformat(review["today"])
        parts = ((_SOURCE, review["source"]), *((_FILE, it) for it in review["files"].values()))
        if all(keys <= part.keys() for keys, part in parts):
            return dict(review)
    raise JusouError(f"{REVIEW} を読めません。", "jusou report で作り直してください。")


def read_handout(name: str, manifest: bytes, content: bytes) -> Handout:
    """Return a handout, given the bytes of its manifest and its ``review.json``."""
    try:
        said = json.loads(manifest)
        day = date.fromisoformat(said["date"])
        texts = (said["meeting"], said["number"] or "", *said["files"].values())
        if REVIEW not in said["files"] or not all(isinstance(each, str) for each in texts):
            raise ValueError
    except _UNREADABLE:
        message = f"data/handouts/{name}/{MANIFEST} を読めません。"
        raise JusouError(message, _RESTORE) from None
    return Handout(name, said["meeting"], day, said["number"] or "", said["files"], content)


def manifest_of(handout: Handout) -> bytes:
    """Return the manifest that says what was kept."""
    said = {
        "meeting": handout.meeting,
        "date": handout.day.isoformat(),
        "number": handout.number or None,
        "files": handout.files,
    }
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()


def state_of(review: Mapping[str, Any]) -> str:
    """Return the sha256 of all that a ``review.json`` says beside its files, as plain data."""
    said = {key: value for key, value in review.items() if key != "files"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def check_pack(pack: str, content: bytes, files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the sha256 of the files of a pack that may be kept, given those that are there.

    Raises JusouError where one was edited, or where they were not made together.
    """
    again = (
        f"配った資料と同じものを jusou report {arguments(pack)} で作り直してください。"
        f"作り直しても出るファイルは古いものなので、reports/{pack} から消してください。"
    )
    review = json.loads(content)
    state = state_of(review)
    found = {name: hashlib.sha256(each).hexdigest() for name, each in files.items()}
    edited = [name for name, digest in found.items() if digest != review["files"][name]["sha256"]]
    if edited:
        message = f"{'、'.join(edited)} が、jusou の作った後に書き換えられています。"
        raise JusouError(message, again)
    others = [name for name in found if review["files"][name]["state"] != state]
    if others:
        message = (
            f"{'、'.join(others)} は、{REVIEW} と違うデータか日付から作られています"
            f"（{REVIEW} が書き換えられたときも、こうなります）。"
        )
        raise JusouError(message, again)
    return {**found, REVIEW: hashlib.sha256(content).hexdigest()}


def rows_since(digests: Digests, logs: Mapping[str, Sequence[str]]) -> frozenset[Place]:
    """Return where the rows stand that were not in the logs of a state, wherever they stand."""
    found = []
    for path, rows in digests.items():
        left = Counter(logs.get(path, ()))
        for line, digest in rows.items():
            if left[digest]:
                left[digest] -= 1
            else:
                found.append((path, line))
    return frozenset(found)


def altered_rows(handout: Handout, digests: Digests) -> Iterator[Problem]:
    """Yield a warning for each log that no longer begins with the rows of a handout."""
    hint = (
        "並べ替えたり、行を直したり消したりすると、配った資料との違いを示せなくなります。"
        "控え（.bak など）から元の順と内容に戻してください。訂正は、新しい行で記録します。"
    )
    for path, rows in handout.logs.items():
        there = [*digests.get(path, {}).items()]
        for index, digest in enumerate(rows):
            if index >= len(there):
                message = f"{handout.name}（{handout.title}）のときより、行が少なくなっています。"
                yield warning(message, hint, path)
                break
            line, now = there[index]
            if now != digest:
                message = f"この行から、{handout.name}（{handout.title}）のときの記録と違います。"
                yield warning(message, hint, path, line)
                break


def altered_files(handout: Handout, found: Mapping[str, str | None]) -> Iterator[Problem]:
    """Yield a warning for each kept file that is not as it was, given the sha256 of what is there.

    A file that is gone has none.
    """
    for name, digest in handout.files.items():
        if found[name] != digest:
            state = "がありません。" if found[name] is None else "が書き換えられています。"
            message = f"{handout.title}で配った資料の控え{state}"
            hint = "配った資料の証拠です。控えから戻してください。"
            yield warning(message, hint, f"data/handouts/{handout.name}/{name}")
