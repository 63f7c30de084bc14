"""Review → Document: the sections of the meeting pack, in the order they are read."""

from __future__ import annotations

from dataclasses import replace

from jusou.report import words
from jusou.report.document import Document, Properties, Section
from jusou.report.sections.half_year import half_year_sections
from jusou.report.sections.indicators import indicators_section
from jusou.report.sections.method import method_section
from jusou.report.sections.opinions import opinions_section
from jusou.report.sections.programme import programme_section
from jusou.report.sections.revisions import revisions_section
from jusou.report.sections.summary import summary_section
from jusou.report.sections.years import years_section
from jusou.review.build import Review
from jusou.review.half_year import HalfYear
from jusou.values.dates import wareki


def build_document(review: Review, *, number: str = "", draft: bool = False) -> Document:
    """Settle every word and figure of the meeting pack.

    ``number`` is printed as the handout's number (資料１); ``draft`` marks the title （案）.
    """
    sections = (
        summary_section(review),
        indicators_section(review),
        *filter(None, [opinions_section(review)]),
        *(programme_section(review, each) for each in review.programmes),
        *filter(None, [revisions_section(review)]),
        years_section(review),
        method_section(review.plan),
    )
    return _document(review, "進捗評価表", sections, number, draft=draft)


def build_half_year_document(half: HalfYear, *, number: str = "", draft: bool = False) -> Document:
    """Settle every word and figure of the papers for the half of a year."""
    name = f"上半期進捗状況（{words.month_day(half.day)}現在）"
    document = _document(half.review, name, half_year_sections(half), number, draft=draft)
    if half.review.today > half.day:
        return document
    early = f"上半期の途中: 上半期は{wareki(half.day)}までです。"
    return replace(document, notices=(*document.notices, early))


def _document(
    review: Review, kind: str, sections: tuple[Section, ...], number: str, *, draft: bool
) -> Document:
    plan = review.plan
    name = f"{plan.info.title}　{review.year.long_name} {kind}"
    title = words.bracketed(name, "案" if draft else "")
    fictional = words.FICTIONAL if plan.info.sample else ""
    return Document(
        title=title,
        year=review.year.long_name,
        number=number,
        subtitle=plan.info.municipality,
        as_of=f"{wareki(review.today)}現在",
        notices=_notices(review),
        sections=sections,
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
