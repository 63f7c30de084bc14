"""Review → Document: the sections of the meeting pack, in the order they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from jusou.plan.model import Plan
from jusou.report import words
from jusou.report.document import Document, Section
from jusou.report.sections.attention import attention_section
from jusou.report.sections.half_year import half_year_sections
from jusou.report.sections.how_to_read import how_to_read_section
from jusou.report.sections.indicators import indicators_section
from jusou.report.sections.method import method_section
from jusou.report.sections.opinions import opinions_section
from jusou.report.sections.paper import paper
from jusou.report.sections.programme import programme_section
from jusou.report.sections.revisions import revisions_section
from jusou.report.sections.summary import summary_section
from jusou.report.sections.years import years_section
from jusou.review.build import Review
from jusou.review.half_year import HalfYear
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear

if TYPE_CHECKING:
    from jusou.handouts.changes import Change
    from jusou.handouts.manifest import Handout


class Occasion(NamedTuple):
    """What papers are made for: their ``number`` (資料１), the meeting and its day; all printed.

    ``draft`` marks the title （案）.
    """

    number: str = ""
    meeting: str = ""
    meeting_day: date | None = None
    draft: bool = False


NO_OCCASION = Occasion()


def build_document(
    review: Review,
    occasion: Occasion = NO_OCCASION,
    handout: Handout | None = None,
    changes: Sequence[Change] = (),
) -> Document:
    """Settle every word and figure of the meeting pack.

    ``changes`` are those since the last ``handout`` of this year.
    """
    sections = (
        summary_section(review),
        how_to_read_section(review),
        attention_section(review),
        *filter(None, [_changes(review.plan, handout, changes)]),
        *filter(None, [opinions_section(review)]),
        indicators_section(review),
        *(programme_section(review, each) for each in review.programmes),
        *filter(None, [revisions_section(review)]),
        years_section(review),
        method_section(review.plan),
    )
    return _document(review, "進捗評価表", sections, occasion)


def _changes(plan: Plan, handout: Handout | None, changes: Sequence[Change]) -> Section | None:
    if handout is None or not changes:
        return None
    from jusou.report.sections.changes import changes_section

    return changes_section(plan, handout, changes)


def build_half_year_document(half: HalfYear, occasion: Occasion = NO_OCCASION) -> Document:
    """Settle every word and figure of the papers for the half of a year."""
    name = f"上半期進捗状況（{words.month_day(half.day)}現在）"
    document = _document(half.review, name, half_year_sections(half), occasion)
    if half.review.today > half.day:
        return document
    early = f"上半期の途中: 上半期は{wareki(half.day)}までです。"
    return replace(document, notices=(*document.notices, early))


def _document(
    review: Review, kind: str, sections: tuple[Section, ...], occasion: Occasion
) -> Document:
    number, meeting, day, draft = occasion
    name = f"{review.plan.info.title}　{review.year.long_name} {kind}"
    title = words.bracketed(name, "案" if draft else "")
    made = paper(review.plan, title, sections, review.today, _notices(review))
    return replace(
        made,
        year=review.year.long_name,
        number=number,
        meeting="　".join(filter(None, (meeting, wareki(day) if day else ""))),
        subtitle="　".join((made.subtitle, *_about(review.plan, review.year))),
    )


def _about(plan: Plan, year: FiscalYear) -> Iterator[str]:
    """Yield the years of the plan and which of them is reviewed, and whom to ask."""
    years = plan.years
    yield f"計画期間 {years[0]}〜{years[-1]}（{len(years)}年計画）の{years.index(year) + 1}年目"
    if plan.info.contact:
        yield f"担当課 {plan.info.contact}"


def _notices(review: Review) -> Iterator[str]:
    if review.is_running:
        yield (
            f"年度途中: {review.year.long_name}は{wareki(review.year.last_day)}までです。"
            "確定していない数値を含みます。"
        )
    if review.recorded_later:
        yield f"後日の記録: {wareki(review.today)}より後の記録を{review.recorded_later}行含みます。"
