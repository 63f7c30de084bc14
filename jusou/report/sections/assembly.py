"""Review → Document: the sections of the meeting pack, in the order they are read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from jusou.plan.model import Plan
from jusou.report import words
from jusou.report.document import Document, Properties
from jusou.report.sections.how_to_read import how_to_read_section
from jusou.report.sections.indicators import indicators_section
from jusou.report.sections.method import method_section
from jusou.report.sections.opinions import opinions_section
from jusou.report.sections.programme import programme_section
from jusou.report.sections.summary import attention_section, summary_section
from jusou.report.sections.years import years_section
from jusou.review.build import Review
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear


def build_document(
    review: Review,
    *,
    number: str = "",
    meeting: str = "",
    meeting_day: date | None = None,
    draft: bool = False,
) -> Document:
    """Settle every word and figure of the meeting pack.

    ``number`` is printed as the handout's number (資料１), ``meeting`` and its day as where it is
    handed out; ``draft`` marks the title （案）.
    """
    plan = review.plan
    name = f"{plan.info.title}　{review.year.long_name} 進捗評価表"
    title = words.bracketed(name, "案" if draft else "")
    fictional = words.FICTIONAL if plan.info.sample else ""
    return Document(
        title=title,
        year=review.year.long_name,
        number=number,
        meeting="　".join(filter(None, (meeting, wareki(meeting_day) if meeting_day else ""))),
        subtitle="　".join((plan.info.municipality, *_about(plan, review.year))),
        as_of=f"{wareki(review.today)}現在",
        notices=_notices(review),
        sections=(
            summary_section(review),
            how_to_read_section(review),
            attention_section(review),
            *filter(None, [opinions_section(review)]),
            indicators_section(review),
            *(programme_section(review, each) for each in review.programmes),
            years_section(review),
            method_section(plan),
        ),
        properties=Properties(
            words.bracketed(title, fictional), words.bracketed(plan.info.municipality, fictional)
        ),
    )


def _about(plan: Plan, year: FiscalYear) -> Iterator[str]:
    """Yield the years of the plan and which of them is reviewed, and whom to ask."""
    years = plan.years
    yield f"計画期間 {years[0]}〜{years[-1]}（{len(years)}年計画）の{years.index(year) + 1}年目"
    if plan.info.contact:
        yield f"担当課 {plan.info.contact}"


def _notices(review: Review) -> tuple[str, ...]:
    notices = [words.SAMPLE_NOTICE] if review.plan.info.sample else []
    if review.is_running:
        notices.append(
            f"年度途中: {review.year.long_name}は{wareki(review.year.last_day)}までです。"
            "確定していない数値を含みます。"
        )
    return tuple(notices)
