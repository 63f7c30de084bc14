"""Review → Document: the sections of the meeting pack, in the order they are read."""

from __future__ import annotations

from collections.abc import Sequence

from jusou.handouts.changes import Change
from jusou.handouts.manifest import Handout
from jusou.report import words
from jusou.report.document import Document, Properties
from jusou.report.sections.changes import changes_section
from jusou.report.sections.indicators import indicators_section
from jusou.report.sections.method import method_section
from jusou.report.sections.opinions import opinions_section
from jusou.report.sections.programme import programme_section
from jusou.report.sections.summary import summary_section
from jusou.report.sections.years import years_section
from jusou.review.build import Review
from jusou.values.dates import wareki


def build_document(
    review: Review,
    *,
    number: str = "",
    draft: bool = False,
    handout: Handout | None = None,
    changes: Sequence[Change] = (),
) -> Document:
    """Settle every word and figure of the meeting pack.

    ``number`` is printed as the handout's number (資料１); ``draft`` marks the title （案）.
    ``changes`` are those since the last ``handout`` of this year.
    """
    plan = review.plan
    name = f"{plan.info.title}　{review.year.long_name} 進捗評価表"
    title = words.bracketed(name, "案" if draft else "")
    fictional = words.FICTIONAL if plan.info.sample else ""
    since = changes_section(plan, handout, changes) if handout else None
    return Document(
        title=title,
        year=review.year.long_name,
        number=number,
        subtitle=plan.info.municipality,
        as_of=f"{wareki(review.today)}現在",
        notices=_notices(review),
        sections=(
            summary_section(review),
            *filter(None, [opinions_section(review)]),
            *([since] if since else []),
            indicators_section(review),
            *(programme_section(review, each) for each in review.programmes),
            years_section(review),
            method_section(plan),
        ),
        properties=Properties(
            words.bracketed(title, fictional), words.bracketed(plan.info.municipality, fictional)
        ),
    )


def _notices(review: Review) -> tuple[str, ...]:
    notices = [words.SAMPLE_NOTICE] if review.plan.info.sample else []
    if review.is_running:
        notices.append(
            f"年度途中: {review.year.long_name}は{wareki(review.year.last_day)}までです。"
            "確定していない数値を含みます。"
        )
    return tuple(notices)
