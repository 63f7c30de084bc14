"""What ``status`` without a year says: where a folder stands, what is open, what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from jusou.plan.model import SAMPLE_NOTICE, UNASSIGNED
from jusou.plan.remarks import title_of
from jusou.report import words
from jusou.report.writers.json import pick
from jusou.review.assessment import Status
from jusou.review.overview import Overview, YearState
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear

_COUNTED = {
    "見込": (Status.FORECAST,),
    "中間": (Status.INTERIM,),
    "未確定": (Status.PENDING,),
    "該当なし・測定不能": (Status.NOT_APPLICABLE, Status.NOT_MEASURABLE),
    "記録なし": (Status.UNREPORTED,),
    "対象年度外": (Status.OFF_YEAR, Status.NOT_YET),
}


_BEFORE_THE_BUDGET = timedelta(days=92)
"""How long after its half a year's interim papers are of use."""


class Step(NamedTuple):
    """What comes next, and the command that does it; the first one is the most pressing."""

    text: str
    command: str


def overview_lines(found: Overview) -> Iterator[str]:
    """Yield the lines that a successor reads first."""
    info = found.plan.info
    yield f"{_plan_words(found)}　{wareki(found.today)}現在"
    if info.sample:
        yield f"【{SAMPLE_NOTICE}】"
    parts = {
        "年度": [_year_words(each) for each in found.years] or ["まだ始まっていません。"],
        "まだ届いていない照会先": [
            f"{each.year}: {'、'.join(_reporters(each))}" for each in found.waiting
        ],
        "残っていること": list(_open_words(found)),
        "次にすること": [f"{each.text}: {each.command}" for each in next_steps(found)],
        "市が決めたこと": list(_rules(found)),
        "まだ決めていないこと（targets.yaml の「要確認」）": list(_undecided(found)),
        "引継ぎ": _handover(found),
        "隣にある計画": [
            f"{each.plan.info.title}（{each.plan.info.start}〜{each.plan.info.end}）: {each.folder}"
            for each in found.neighbours
        ],
    }
    for title, lines in parts.items():
        if lines:
            yield ""
            yield f"■ {title}"
            yield from (f"  {line}" for line in lines)


def overview_in_three(found: Overview) -> tuple[str, str, str]:
    """Return the same in three lines: which plan, how far its years are, what comes first."""
    years = "、".join(f"{each.year} {_reported(each)}" for each in found.years[-2:])
    step = next_steps(found)[0]
    return (
        _plan_words(found),
        f"確定・速報の指標: {years}（くわしくは jusou status）"
        if years
        else "まだ始まっていません。",
        f"次にすること: {step.text}: {step.command}",
    )


def _plan_words(found: Overview) -> str:
    info = found.plan.info
    return f"{info.municipality}　{info.title}（{info.start}〜{info.end}）"


def _reported(state: YearState) -> str:
    counts = Counter(each.current.status for each in state.review.indicators)
    return f"{counts[Status.REPORTED]}／{len(state.review.indicators)}"


def _year_words(state: YearState) -> str:
    counts = Counter(each.current.status for each in state.review.indicators)
    said = [f"確定・速報 {_reported(state)}"]
    for title, kinds in _COUNTED.items():
        if count := sum(counts[kind] for kind in kinds):
            said.append(f"{title} {count}")
    if state.has_pack:
        said.append(f"会議資料 reports/{state.year}")
    name = words.bracketed(state.year.long_name, "年度途中" if state.review.is_running else "")
    return f"{state.year}　{name}: {'、'.join(said)}"


def _reporters(state: YearState) -> Iterator[str]:
    for each in state.collections:
        if count := sum(it.outstanding for it in each.asked):
            yield f"{each.reporter or UNASSIGNED} {count}件"


def _open_words(found: Overview) -> Iterator[str]:
    yield from (each.message for each in found.unfinished)
    if found.warnings:
        yield f"確認したほうがよい点が{len(found.warnings)}件あります（jusou check）。"


def next_steps(found: Overview) -> list[Step]:
    """Return what comes next, in the order in which it is done."""
    plan, steps = found.plan, list[Step]()
    if any(each.undecided and each.key == "targets" for each in found.remarks):
        what = "data/targets.yaml の目標値など、「# 要確認」の行を書き込む"
        steps.append(Step(what, "jusou check"))
    for each in found.waiting:
        year, asked = each.year, f"まだの指標 {each.outstanding}件"
        if each.review.is_running:
            what = f"{year}の9月末の実績と見込を集める（{asked}）"
            steps.append(Step(what, f"jusou form {year} --interim"))
        elif any(it.received for it in each.collections):
            steps.append(Step(f"{year}の実績を集める（{asked}）", f"jusou status {year}"))
        else:
            steps.append(Step(f"{year}の照会票を送る（{asked}）", f"jusou form {year}"))
    if found.unfinished:
        steps.append(Step("評価表の文章など、残っていることを書く", "jusou check"))
    over = [each for each in found.years if not each.review.is_running]
    if over and not (over[-1].has_pack or over[-1].outstanding):
        year = over[-1].year
        steps.append(Step(f"{year}の会議資料を作る", f"jusou report {year}"))
    return [*steps, *_ahead(found, plan.info.end)]


def _ahead(found: Overview, end: FiscalYear) -> Iterator[Step]:
    """Yield what the calendar brings: the next half-year or year, the next plan."""
    running = next((each.year for each in found.years if each.review.is_running), None)
    if running and found.today <= running.interim_day:
        yield Step(
            f"10月に、{running}の9月末の実績と見込を集める", f"jusou form {running} --interim"
        )
    elif running:
        if found.today - running.interim_day <= _BEFORE_THE_BUDGET:
            what = f"予算要求の前に、{running}の上半期進捗状況を作る"
            yield Step(what, f"jusou report {running} --interim")
        yield Step(f"4月に、{running}の実績を集める", f"jusou form {running}")
    elif not found.years:
        start = found.plan.info.start
        yield Step(f"{wareki(start.first_day)}に始まります。指標の一覧を見る", "jusou list")
    if not running or running == end:
        yield Step("これまでの記録を、1つの表で見る", "jusou export")
    if found.years and found.years[-1].year == end:
        yield Step("計画全体の評価を作る", "jusou report --plan")
        if not any(each.plan.info.start > end for each in found.neighbours):
            start = end.following
            span = f"{start}-{start._replace(number=start.number + len(found.plan.years) - 1)}"
            what = "次の計画の作業フォルダーを作る"
            yield Step(what, f"jusou init 新しいフォルダー --next {span}")


def _rules(found: Overview) -> Iterator[str]:
    """Yield the rules that the plan leaves to the city, each with what is said of its decision."""
    plan = found.plan
    scale = "、".join(f"{each.mark} {each.label}（{each.at_least}％以上）" for each in plan.scale)
    rules = {"rating": f"達成度の区分: {scale}"}
    if trigger := plan.review_trigger:
        rules["review_trigger"] = (
            f"見直しを検討する指標: 達成率が{trigger.years}年続けて"
            f"{trigger.low}％以下か{trigger.high}％以上"
        )
    if plan.courses:
        rules["courses"] = f"方向性: {'、'.join(plan.courses)}"
    for key, rule in rules.items():
        said = [each for each in found.remarks if each.key == key]
        if any(each.undecided for each in said):
            yield f"{rule}（仮の値。まだ決めていません）"
        else:
            yield words.bracketed(rule, "、".join(each.text for each in said))


def _undecided(found: Overview) -> Iterator[str]:
    """Yield what still bears 要確認, with the number of its places where they are marked."""
    open_ = [each for each in found.remarks if each.undecided]
    marked = Counter(each.key for each in open_ if "要確認" in each.text)
    listed = [each for each in open_ if "要確認" not in each.text]
    for each in listed:
        places = f"{marked.pop(each.key)}か所" if each.key in marked else ""
        yield words.bracketed(each.text, places)
    yield from (f"{title_of(key)}（{count}か所）" for key, count in marked.items())


def _handover(found: Overview) -> list[str]:
    if found.handover is None:
        return ["（書かれていません。jusou note plan --handover 文 で残せます）"]
    return found.handover[1].splitlines()


def overview_json(found: Overview) -> dict[str, Any]:
    """Return ``status --format json`` without a year."""
    info = found.plan.info
    return {
        "plan": pick(info, "title", "municipality", "start", "end"),
        "today": found.today,
        "sample": info.sample,
        "years": [
            {
                "year": each.year,
                "running": each.review.is_running,
                "statuses": {
                    status.value: sum(it.current.status is status for it in each.review.indicators)
                    for status in Status
                },
                "outstanding": each.outstanding,
                "pack": each.has_pack,
            }
            for each in found.years
        ],
        "unfinished": [each.message for each in found.unfinished],
        "warnings": len(found.warnings),
        "next": [each._asdict() for each in next_steps(found)],
        "undecided": [
            pick(each, "line", "key", "text") for each in found.remarks if each.undecided
        ],
        "handover": found.handover and found.handover[1],
        "neighbours": [
            {"folder": str(each.folder), **pick(each.plan.info, "title", "start", "end")}
            for each in found.neighbours
        ],
    }
