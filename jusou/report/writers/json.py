"""Review → JSON: numbers as JSON numbers, missing as null, codes in English (docs/formats.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jusou.logs.dataset import Note
from jusou.plan.model import Indicator, Plan
from jusou.report.sections.method import formulas
from jusou.review.build import Candidate, IndicatorReview, ProgrammeReview, Review


def dump(value: Any) -> str:
    """Write JSON in UTF-8 text, indented; decimals keep their digits exactly."""
    return json.dumps(_plain(value), ensure_ascii=False, indent=2) + "\n"


def _plain(value: Any) -> Any:
    """Decimals become int or the float whose shortest text is the same number."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def plan_json(plan: Plan) -> dict[str, Any]:
    """The plan as ``list --format json`` gives it."""
    return {
        "plan": _info(plan),
        "programmes": [
            {
                "id": each.id,
                "number": each.number,
                "name": each.name,
                "law": each.law,
                "operation": each.operation,
                "departments": each.departments,
                "initiatives": [initiative._asdict() for initiative in each.initiatives],
            }
            for each in plan.programmes
        ],
        "indicators": [
            _indicator(programme.id, indicator)
            for programme in plan.programmes
            for indicator in programme.indicators
        ],
    }


def _info(plan: Plan) -> dict[str, Any]:
    info = plan.info
    return {
        "title": info.title,
        "municipality": info.municipality,
        "start": str(info.start),
        "end": str(info.end),
        "baseline_year": str(info.baseline_year) if info.baseline_year else None,
        "published": info.published,
        "sample": info.sample,
    }


def _indicator(programme: str, indicator: Indicator) -> dict[str, Any]:
    return {
        "id": indicator.id,
        "programme": programme,
        "label": indicator.label,
        "name": indicator.name,
        "unit": indicator.unit,
        "decimals": indicator.decimals,
        "measure": indicator.measure.value,
        "direction": indicator.direction.value,
        "tolerance": indicator.tolerance,
        "baseline": indicator.baseline,
        "targets": indicator.targets,
        "reporter": indicator.reporter,
        "definition": indicator.definition,
        "note": indicator.note,
        "rationale": indicator.rationale,
    }


def review_json(review: Review) -> dict[str, Any]:
    """The review as ``show --format json`` gives it."""
    return {
        "plan": _info(review.plan),
        "year": str(review.year),
        "today": review.today.isoformat(),
        "sample": review.plan.info.sample,
        "indicators": [
            _review_indicator(programme.programme.id, each)
            for programme in review.programmes
            for each in programme.indicators
        ],
        "programmes": [_programme(each) for each in review.programmes],
        "candidates": [_candidate(each) for each in review.candidates],
        "method": _method(review.plan),
    }


def _review_indicator(programme: str, each: IndicatorReview) -> dict[str, Any]:
    indicator, current, note = each.indicator, each.current, each.note
    row = current.row
    return {
        "id": indicator.id,
        "programme": programme,
        "label": each.label,
        "name": indicator.name,
        "unit": indicator.unit,
        "measure": indicator.measure.value,
        "direction": indicator.direction.value,
        "baseline": indicator.baseline,
        "previous": each.previous,
        "target": current.target,
        "actual": current.value,
        "numerator": row.numerator if row else None,
        "denominator": row.denominator if row else None,
        "status": current.status.value,
        "basis": row.basis.value if row else None,
        "as_of": row.as_of.isoformat() if row and row.as_of else None,
        "attainment": current.shown,
        "rating": current.rating,
        "unrated_reason": current.unrated.value if current.unrated else None,
        "evaluation": _evaluation(note),
        "vs_previous": each.vs_previous,
        **_comparisons(each),
        "flags": [flag.value for flag in each.flags],
        "note": _note(note),
    }


def _evaluation(note: Note) -> dict[str, Any] | None:
    if not note.evaluation:
        return None
    return {"mark": note.evaluation, "reason": note.evaluation_reason}


def _note(note: Note) -> dict[str, Any]:
    return {
        "activity": note.activity or None,
        "cause": note.cause or None,
        "issue": note.issue or None,
        "action": note.action or None,
        "course": note.course or None,
        "committee": note.committee or None,
        "response": note.response or None,
    }


def _comparisons(each: IndicatorReview) -> dict[str, Any]:
    versus, total, interim = each.vs_baseline, each.plan_to_date, each.interim
    return {
        "vs_baseline": {
            "difference": versus.difference if versus else None,
            "change_rate": versus.change_rate if versus else None,
            "judgement": versus.judgement.value if versus and versus.judgement else None,
        },
        "vs_final_target": each.vs_final_target,
        "plan_to_date": total
        and {
            "actual": total.actual,
            "target": total.target,
            "attainment": total.attainment,
            "missing_years": total.missing_years,
        },
        "forecast": None if each.forecast is None else {"value": each.forecast},
        "interim": interim
        and {
            "value": interim.value,
            "as_of": interim.as_of.isoformat(),
            "progress": interim.progress,
            "elapsed": interim.elapsed,
        },
    }


def _programme(each: ProgrammeReview) -> dict[str, Any]:
    return {
        "id": each.programme.id,
        "name": each.programme.name,
        "indicators": len(each.indicators),
        "reported": each.reported,
        "met": each.met,
        "ratings": each.ratings,
        "forecast": each.forecast,
        "pending": each.pending,
        "excluded": each.excluded,
        "capped_mean": each.capped_mean,
        "evaluation": _evaluation(each.note),
        "note": _note(each.note),
        "initiatives": [
            {
                "id": one.initiative.id,
                "name": one.initiative.name,
                "evaluation": _evaluation(one.note),
                "note": _note(one.note),
            }
            for one in each.initiatives
        ],
    }


def _candidate(each: Candidate) -> dict[str, Any]:
    return {
        "id": each.review.indicator.id,
        "label": each.review.label,
        "kind": "watch" if each.watch else "candidate",
        "side": each.side.value,
        "evidence": [{"year": str(year.year), "attainment": year.shown} for year in each.evidence],
        "baseline": each.review.indicator.baseline,
    }


def _method(plan: Plan) -> dict[str, Any]:
    trigger = plan.review_trigger
    return {
        "rounding": "half_up",
        "attainment_decimals": 1,
        "rating_on": "unrounded",
        "scale": [grade._asdict() for grade in plan.scale],
        "review_trigger": trigger._asdict() if trigger else None,
        "text": formulas(plan),
    }
