"""The human text of the review: what may be appended to a review log, and the draft to edit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from jusou.errors import JusouError
from jusou.logs.dataset import Note
from jusou.logs.rows import read_texts
from jusou.logs.schema import CLEAR, NOTE_FIELDS, ReviewNote, fields_of
from jusou.plan.model import WHOLE_PLAN, Plan
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import plain_breaks, quote, visible

_OWN_HEADING = re.compile(rf"\\*## (?:{'|'.join(map(re.escape, NOTE_FIELDS.values()))})\s*")
_GUIDE = (
    "# 見出し（##）の下に書き、保存して閉じてください。空にした項目は消えます。",
    "# 見出しの行は、そのまま残してください。",
)


def read_note(plan: Plan, year: FiscalYear, subject: str, texts: Mapping[str, str]) -> ReviewNote:
    """Return texts by field, as they were typed, as a row; an empty one clears.

    Raises JusouError when a text breaks a rule.
    """
    given = {name: visible(plain_breaks(text)).strip() or CLEAR for name, text in texts.items()}
    return ReviewNote(plan.own(year), subject, read_texts(plan, subject, given))


def check_unchanged(seen: Note, standing: Note, texts: Mapping[str, str]) -> None:
    """Raise JusouError if a field about to be written is not what its writer saw."""
    for name in texts:
        now = getattr(standing, name)
        if getattr(seen, name) != now:
            message = f"書いている間に、ほかの人が{NOTE_FIELDS[name]}を{quote(now)}にしました。"
            raise JusouError(message, "今の記述を確かめ、もう一度実行してください。")


def draft_of(plan: Plan, subject: str, about: Sequence[str], note: Note) -> str:
    """Return the text that an editor opens: every field under its heading, ``about`` first.

    A line of a text that looks like a heading gets a backslash, which reading takes away.
    """
    marks = "・".join(grade.mark for grade in plan.scale)
    lines = [
        *(f"# {line}" for line in about),
        *_GUIDE,
    ]
    if subject != WHOLE_PLAN:
        lines.append(f"# 評価は {marks} のどれかで、評価理由も書きます。")
    if subject != WHOLE_PLAN and plan.courses:
        lines.append(f"# 方向性は {'、'.join(plan.courses)} のどれかです。")
    for heading, name in _headings(subject).items():
        own = plain_breaks(getattr(note, name)).split("\n")
        lines += ["", heading]
        lines += [f"\\{line}" if _OWN_HEADING.fullmatch(line) else line for line in own]
    return "\n".join(lines) + "\n"


def _headings(subject: str) -> dict[str, str]:
    return {f"## {title}": name for name, title in fields_of(subject).items()}


def read_draft(subject: str, text: str) -> dict[str, str]:
    """Return the texts of an edited draft by field.

    Raises JusouError when it cannot be told to which field a text belongs.
    """
    headings = _headings(subject)
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in plain_breaks(text).split("\n"):
        if name := headings.get(line.rstrip()):
            if name in found:
                raise _misplaced(f"見出し「{line.rstrip()}」が2つあります。")
            current = found[name] = []
        elif current is not None:
            current.append(line.removeprefix("\\") if _OWN_HEADING.fullmatch(line) else line)
        elif line.strip() and not line.startswith("#"):
            raise _misplaced(f"最初の見出しより前に{quote(line)}があります。")
    for heading, name in headings.items():
        if name not in found:
            raise _misplaced(f"見出し「{heading}」がありません。")
    return {name: "\n".join(lines).strip() for name, lines in found.items()}


def _misplaced(message: str) -> JusouError:
    return JusouError(message, "見出しの行を元のとおりにし、文はその下に書いてください。")
