"""Review → JSON: numbers as JSON numbers, missing as null, codes in English (docs/formats.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from jusou.logs.amendments import Amendment
from jusou.logs.dataset import Note
from jusou.logs.schema import NOTE_FIELDS, OPINION_FIELDS, PLAN_FIELDS, Basis
from jusou.plan.model import Plan
from jusou.report.sections.method import formulas
from jusou.review.assessment import Rated
from jusou.review.attainment import PlanToDate
from jusou.review.build import Candidate, IndicatorReview, ProgrammeReview, Review, Summary
from jusou.review.half_year import HalfYear, HalfYearIndicator
from jusou.review.whole import Chain, Outcome, WholeIndicator, WholePlan
from jusou.values.fiscal_year import FiscalYear

_ROLL_UP = (
    "reported", "met", "ratings", "forecast", "pending", "excluded", "not_due", "ended",
    "capped_mean", "mean_of",
)  # fmt: skip
_PROGRESS = ("needed", "made", "percent")
_INTERIM = ("value", "as_of", "progress", "months", "elapsed", "previous")
_NOTE = tuple(
    name for name in NOTE_FIELDS if name not in PLAN_FIELDS and not name.startswith("evaluation")
)
_LAST_NOTE = ("action", *OPINION_FIELDS)


def dump(value: Any) -> str:
    """Write JSON in UTF-8 text, indented; decimals keep their digits exactly."""
    return json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n"


def plain(value: Any) -> Any:
    """Return what is read back: decimals as int or the float whose shortest text is the same."""
    if value is None or isinstance(value, str):  # nearly all: they wait for no other question
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, FiscalYear | date):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


_INITIATIVE_KEYS = ["id", "mark", "name", "target_group", "operation", "departments", "operators"]


def pick(subject: object, *keys: str) -> dict[str, Any]:
    """Return what a subject has under the keys; None for an empty text, or without a subject."""
    found = {key: None if subject is None else getattr(subject, key) for key in keys}
    return {key: None if value == "" else value for key, value in found.items()}


def plan_json(plan: Plan) -> dict[str, Any]:
    """Return the plan as ``list --format json`` gives it."""
    return {
        "plan": {**_info(plan), **pick(plan.info, *_INFO_KEYS)},
        "programmes": [
            {
                **pick(each, "id", "number", "name", "law", "operation", "departments", "partners"),
                "initiatives": [pick(one, *_INITIATIVE_KEYS) for one in each.initiatives],
            }
            for each in plan.programmes
        ],
        "indicators": [
            {
                "id": each.id,
                "programme": programme.id,
                **pick(each, "label", "name", "unit", "decimals", "measure", "direction"),
                **pick(each, "tolerance", "baseline", "baseline_years", "targets", "reporter"),
                **pick(each, "definition", "note", "rationale", "kind", "source", "former_ids"),
                **pick(each, "between", "measured"),
                "from": each.since,
                **pick(each, "per", "maximum", "signed", "attainment"),
            }
            for programme in plan.programmes
            for each in programme.indicators
        ],
    }


_INFO_KEYS = ("period", "contact", "between", "attainment", "records_from")


def _info(plan: Plan) -> dict[str, Any]:
    years = ("start", "end", "baseline_year", "published")
    return pick(plan.info, "title", "municipality", *years, "sample")


def review_json(review: Review) -> dict[str, Any]:
    """Return the review as ``show --format json`` gives it."""
    return {
        "plan": _info(review.plan),
        "year": review.year,
        "today": review.today,
        "recorded_later": review.recorded_later,
        "sample": review.plan.info.sample,
        "indicators": [
            _indicator(programme, each)
            for programme in review.programmes
            for each in programme.indicators
        ],
        "programmes": [_programme(each) for each in review.programmes],
        "summary": _summary(review.summary),
        "candidates": [_candidate(each) for each in review.candidates],
        "method": _method(review.plan),
    }


def half_year_json(half: HalfYear) -> dict[str, Any]:
    """Return the review with what is said of the half year, as ``show --interim`` gives it."""
    counts = {str(outlook): count for outlook, count in half.outlooks.items()}
    return {
        **review_json(half.review),
        "half_year": {
            **pick(half, "day", "months", "elapsed", "asked", "reported"),
            **counts,
            "comparable": half.comparable,
            "indicators": list(map(_at_half_year, half.indicators)),
        },
    }


def _at_half_year(each: HalfYearIndicator) -> dict[str, Any]:
    return {
        "id": each.review.indicator.id,
        "interim": each.interim and pick(each.interim, *_INTERIM),
        **pick(
            each,
            "vs_previous",
            "against_previous",
            "is_behind_last_year",
            "is_behind_elapsed",
            "outlook",
            "gap",
        ),
        "missing": [_MISSING[basis] for basis in each.missing],
    }


_MISSING = {Basis.INTERIM: "interim", Basis.FORECAST: "forecast"}


def whole_plan_json(whole: WholePlan) -> dict[str, Any]:
    """Return the evaluation of a whole plan as ``report --plan`` writes it."""
    review = whole.review
    return {
        "plan": _info(review.plan),
        "year": review.year,
        "today": review.today,
        "is_final": whole.is_final,
        "outcomes": {
            outcome: sum(each.outcome is outcome for each in whole.indicators)
            for outcome in Outcome
        },
        "indicators": list(map(_over_the_plan, whole.indicators)),
        "amendments": list(map(_amendment, review.amendments)),
        "actions": list(map(_chain, whole.chains)),
        "note": pick(whole.note, *(name for name in PLAN_FIELDS if name != "handover")),
    }


def _over_the_plan(each: WholeIndicator) -> dict[str, Any]:
    review, last = each.review, each.last
    return {
        "id": review.indicator.id,
        "label": review.label,
        **pick(review.indicator, "name", "unit", "baseline"),
        "target_year": each.target_year,
        "target": each.target,
        "actual_year": last.year,
        "actual": last.value,
        **pick(last, "status"),
        **_rated(each.rated),
        "moved": each.moved,
        "outcome": each.outcome,
        "plan_to_date": review.plan_to_date and plan_to_date_json(review.plan_to_date),
    }


def _amendment(each: Amendment) -> dict[str, Any]:
    return {
        **pick(each, "number", "decided_on", "decided_by", "consultation", "published_on"),
        "revisions": [
            {
                **pick(row, "indicator", "item", "year", "reason"),
                "before": row.texts[0] or row.before,
                "after": row.texts[1] or row.after,
            }
            for row in each.revisions
        ],
    }


def _chain(chain: Chain) -> dict[str, Any]:
    subject = (
        chain.subject.indicator if isinstance(chain.subject, IndicatorReview) else chain.subject
    )
    return {
        "subject": subject.id,
        "years": [
            {
                "year": step.year,
                "attainment": step.assessed and step.assessed.shown,
                "rating": step.assessed and step.assessed.rating,
                **pick(step.note, "cause", "action"),
                "action_status": step.following.action_status or None,
            }
            for step in chain.steps
        ],
    }


def _indicator(programme: ProgrammeReview, each: IndicatorReview) -> dict[str, Any]:
    indicator, current = each.indicator, each.current
    return {
        "id": indicator.id,
        "programme": programme.programme.id,
        "label": each.label,
        **pick(indicator, "name", "unit", "measure", "direction", "baseline"),
        **pick(each, "previous", "previous_forecast"),
        "target": current.target,
        "target_published": indicator.targets.get(current.year),
        "target_basis": current.aim.basis,
        "next_target": current.aim.following
        and {"year": current.aim.following, "target": current.aim.ahead},
        "former_target": each.former
        and {"target": each.former.target, **_rated(each.former.rated)},
        "actual": current.value,
        "corrected_since": current.corrected_since,
        **pick(current.row, "numerator", "denominator"),
        "status": current.status,
        **pick(current.row, "basis", "as_of"),
        "attainment": current.shown,
        "rating": current.rating,
        "unrated_reason": current.unrated,
        "plan_ratio": current.plan_ratio,
        "next_measured": current.next_measured,
        "evaluation": _evaluation(each.note),
        "vs_previous": each.vs_previous,
        "vs_baseline": pick(each.vs_baseline, "difference", "change_rate", "judgement"),
        "vs_final_target": each.vs_final_target,
        "progress": each.progress and pick(each.progress, *_PROGRESS),
        "final_progress": each.final_progress and pick(each.final_progress, *_PROGRESS),
        "standing_still": each.standing_still and _rated(each.standing_still),
        "one_case_points": each.one_case_points,
        "plan_to_date": each.plan_to_date and plan_to_date_json(each.plan_to_date),
        "forecast": None if each.forecast is None else {"value": each.forecast},
        "interim": each.interim and pick(each.interim, *_INTERIM),
        "flags": each.flags,
        "note": pick(each.note, *_NOTE),
        "last_note": pick(each.last_note, *_LAST_NOTE),
    }


def _rated(rated: Rated | None) -> dict[str, Any]:
    return {
        "attainment": rated and rated.shown,
        "rating": rated and rated.rating,
    }


def plan_to_date_json(total: PlanToDate) -> dict[str, Any]:
    """Return 計画期間累計, with that against the published targets where they differ."""
    first = total.published and dict(zip(("target", "attainment"), total.published, strict=True))
    return {**pick(total, "actual", "target", "attainment", "missing_years"), "published": first}


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        **pick(summary.roll_up, "indicators", *_ROLL_UP, "open"),
        **summary.against_previous._asdict(),
        "vs_baseline": summary.against_baseline._asdict(),
        "met_vs_baseline": summary.met_against_baseline._asdict(),
        "met_by_revision": summary.met_by_revision,
        "standing_still": summary.standing_still,
    }


def _evaluation(note: Note) -> dict[str, Any] | None:
    if not note.evaluation:
        return None
    return {"mark": note.evaluation, "reason": note.evaluation_reason}


def _programme(each: ProgrammeReview) -> dict[str, Any]:
    return {
        "id": each.programme.id,
        "name": each.programme.name,
        **pick(each.roll_up, "indicators", *_ROLL_UP),
        "evaluation": _evaluation(each.note),
        "note": pick(each.note, *_NOTE),
        "last_note": pick(each.last_note, *_LAST_NOTE),
        "initiatives": [
            {
                **pick(one.initiative, "id", "name"),
                "evaluation": _evaluation(one.note),
                "note": pick(one.note, *_NOTE),
                "last_note": pick(one.last_note, *_LAST_NOTE),
            }
            for one in each.initiatives
        ],
    }


def _candidate(each: Candidate) -> dict[str, Any]:
    return {
        "id": each.review.indicator.id,
        "label": each.review.label,
        "kind": "watch" if each.watch else "candidate",
        "side": each.side,
        "evidence": [
            {"year": past.year, "status": past.status, "attainment": past.shown}
            for past in each.evidence
        ],
        "baseline": each.review.indicator.baseline,
        "target_share": each.target_share,
    }


def _method(plan: Plan) -> dict[str, Any]:
    trigger = plan.review_trigger
    return {
        "rounding": "half_up",
        "attainment_decimals": 1,
        "rating_on": "unrounded",
        "scale": [pick(grade, "mark", "label", "at_least") for grade in plan.scale],
        "review_trigger": trigger and pick(trigger, "low", "high", "years"),
        "text": formulas(plan),
    }
