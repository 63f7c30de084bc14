"""The frame that every paper has: title, day, what it is, and whether its figures are fictional."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from jusou.plan.model import FICTIONAL, SAMPLE_NOTICE, Plan
from jusou.report import words
from jusou.report.document import Document, Properties, Section
from jusou.values.dates import wareki


def paper(
    plan: Plan,
    title: str,
    sections: Sequence[Section],
    today: date,
    notices: Iterable[str] = (),
) -> Document:
    """Return a paper of a plan; that its figures are fictional stands before the ``notices``."""
    info = plan.info
    fictional = FICTIONAL if info.sample else ""
    return Document(
        title=title,
        year="",
        number="",
        meeting="",
        subtitle=info.municipality,
        as_of=f"{wareki(today)}現在",
        notices=(*((SAMPLE_NOTICE,) if info.sample else ()), *notices),
        sections=tuple(sections),
        properties=Properties(
            words.bracketed(title, fictional), words.bracketed(info.municipality, fictional)
        ),
    )
