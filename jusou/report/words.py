"""The words of the document: how figures, marks, states and flags are written for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from jusou.logs.dataset import Note
from jusou.logs.schema import NOTE_FIELDS, Actual, Basis, Revision
from jusou.logs.schema import Item as RevisedItem
from jusou.plan.model import (
    Direction,
    Indicator,
    IndicatorKind,
    Initiative,
    Measure,
    Plan,
    Programme,
)
from jusou.plan.targets import Aim, TargetBasis, aim_of
from jusou.report.document import NONE, Cell, Column, Held, Item, Kind, Notation
from jusou.review.assessment import Assessment, Status, Unrated
from jusou.review.attainment import SHOWN_DECIMALS, SMALL, Judgement, Progress, is_coarse
from jusou.review.build import IndicatorReview, Interim
from jusou.review.flags import Flag, rate_before_rounding
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import format_difference, format_number, round_half_up

NO_FIGURE = Cell(NONE, "数値なし")
NO_TEXT = Cell(NONE, "記入なし")
COLLECTING = "集計中"
CORRECTED = "※"
MOST_NAMED = 6
"""Of how many indicators a sentence names each by its number."""
EVALUATION = "所管課評価"

MEASURES = {
    Measure.FLOW: "年間の数",
    Measure.STOCK: "年度末時点",
    Measure.CUMULATIVE: "累計",
    Measure.RATE: "率",
    Measure.UNCONFIRMED: "集計方法を確認中",
}
DIRECTIONS = {
    Direction.UP: "多いほどよい",
    Direction.DOWN: "少ないほどよい",
    Direction.KEEP: "維持する",
    Direction.NONE: "なし（計画量）",
}
_MOVED: Mapping[Direction | IndicatorKind, Mapping[Judgement, str]] = {
    Direction.UP: {
        Judgement.IMPROVED: "{than}を上回る",
        Judgement.SAME: "{than}から増減なし",
        Judgement.WORSE: "{than}を下回る",
    },
    Direction.DOWN: {
        Judgement.IMPROVED: "{than}を下回る",
        Judgement.SAME: "{than}から増減なし",
        Judgement.WORSE: "{than}を上回る",
    },
    Direction.KEEP: {
        Judgement.IMPROVED: "{than}より目標に近い",
        Judgement.SAME: "目標との差は{than}と同じ",
        Judgement.WORSE: "{than}より目標から遠い",
    },
    IndicatorKind.OUTCOME: {
        Judgement.IMPROVED: "{than}より改善",
        Judgement.SAME: "{than}から変わらない",
        Judgement.WORSE: "{than}より悪化",
    },
}
STATES = {
    Status.INTERIM: COLLECTING,
    Status.PENDING: COLLECTING,
    Status.UNREPORTED: COLLECTING,
    Status.NOT_APPLICABLE: "該当なし",
    Status.NOT_MEASURABLE: "測定不能",
}
KINDS = {IndicatorKind.OUTPUT: "活動指標", IndicatorKind.OUTCOME: "成果指標"}
UNRATED = {
    Unrated.NO_TARGET: "目標なし",
    Unrated.NOT_COMPUTABLE: "算定不能",
    Unrated.NO_DIRECTION: "評価対象外",
    Unrated.ENDED: "終了",
}
PLAN_RATIO = "対計画比"
FLAGS = {
    Flag.TARGET_BELOW_BASELINE: "目標が{of_base}を{beyond}",
    Flag.MET_BUT_WORSE_THAN_BASELINE: "目標達成だが{worse_than_base}",
    Flag.NO_PROGRESS_FROM_BASELINE: "{base}から前進なし",
    Flag.WORSE_THAN_BASELINE: "{worse_than_base}",
    Flag.FAR_ABOVE_TARGET: "目標を大きく上回る",
    Flag.LIFTED_BY_ROUNDING: "公表値（{digits}）で達成。四捨五入前{exact}",
    Flag.SMALL_TARGET: "{weight}",
    Flag.SMALL_DENOMINATOR: "{weight}",
    Flag.WORSE_THAN_LAST_YEAR: "{worse_than_last_year}",
    Flag.CUMULATIVE_FELL: "累計が減少（要確認）",
    Flag.REVISED_IN_YEAR: "年度途中変更（{former}）",
    Flag.BEFORE_YEAR_END: "年度終了前の数値",
    Flag.AGGREGATION_UNCONFIRMED: "集計方法を確認中",
    Flag.DEFINITION_CHANGED: "{year}から集計方法を変更",
}
# What says it already, and more of it.
_SAID_BY = {
    Flag.NO_PROGRESS_FROM_BASELINE: Flag.WORSE_THAN_BASELINE,
    Flag.WORSE_THAN_BASELINE: Flag.MET_BUT_WORSE_THAN_BASELINE,
}


def legend(*sentences: str) -> str:
    """Return what stands below a table, without what is empty."""
    return "　".join(filter(None, sentences))


def bracketed(text: str, aside: str) -> str:
    """Return a text with what is said beside it: 「A（見込）」, or alone if nothing is."""
    return f"{text}（{aside}）" if aside else text


def figure(
    value: Decimal | None,
    decimals: int = 0,
    unit: str = "",
    aside: str = "",
    notation: Notation = Notation.GROUPED,
) -> Cell:
    """Return a figure as it is printed and read aloud, 「—」 for None: the one place of both."""
    if value is None:
        return NO_FIGURE
    rounded, spoken = round_half_up(value, decimals), ""
    if notation is Notation.SIGNED or rounded < 0:
        sign = "プラス" if rounded > 0 else "マイナス" if rounded else ""
        spoken = f"{sign}{format_number(abs(rounded), decimals)}{unit}"
    if notation is Notation.SIGNED:
        digits = format_difference(value, decimals)
    else:
        bare = notation is Notation.BARE and rounded >= 0
        digits = f"{rounded:f}" if bare else format_number(value, decimals)
    text = bracketed(f"{digits}{unit}", aside)
    return Cell(text, spoken, value, decimals, unit, aside, notation)


def corrected(cell: Cell) -> Cell:
    """Return a figure with the mark of one that was corrected since a meeting: ``201※``."""
    spoken = f"{cell.aloud}、訂正した値"
    return cell._replace(text=f"{cell.text}{CORRECTED}", spoken=spoken, mark=CORRECTED)


def number(value: Decimal | None, indicator: Indicator, aside: str = "") -> Cell:
    """Return a figure of an indicator where a heading names its unit: ``2,655``."""
    return figure(value, indicator.decimals, aside=aside)


def amount(value: Decimal | None, indicator: Indicator, aside: str = "") -> Cell:
    """Return a figure of an indicator with its unit: ``2,655件``."""
    return figure(value, indicator.decimals, indicator.unit, aside)


def with_unit(cell: Cell, unit: str) -> Cell:
    """Return a figure as it is worded with its unit; a word or 「—」 stays as it is."""
    if cell.value is None:
        return cell
    worded = figure(cell.value, cell.decimals, unit, cell.aside, cell.notation)
    worded = worded._replace(held=cell.held)
    return corrected(worded) if cell.mark else worded


def difference(value: Decimal | None, indicator: Indicator) -> Cell:
    """Return a difference with its sign; of rates in ポイント."""
    points = "ポイント" if indicator.measure is Measure.RATE else ""
    return figure(value, indicator.decimals, points, notation=Notation.SIGNED)


def percent(value: Decimal | None, unit: str = "", notation: Notation = Notation.GROUPED) -> Cell:
    """Return a percentage as the review rounded it, with 「％」 where no heading says so."""
    return figure(value, SHOWN_DECIMALS, unit, notation=notation)


def percent_words(value: Decimal | None, unit: str = "％") -> str:
    """Return a percentage inside a sentence: ``1006.9％``."""
    return figure(value, SHOWN_DECIMALS, unit, notation=Notation.BARE).text


def count(value: Decimal | int | None) -> Cell:
    """Return what was counted, with the decimals it was typed with."""
    if value is None:
        return NO_FIGURE
    exact = Decimal(value)
    return figure(exact, max(-int(exact.as_tuple().exponent), 0))


def recorded(row: Actual, indicator: Indicator) -> str:
    """Return the figure of a row with its 区分, ``2,655件（確定）``, or the 区分 alone."""
    return str(row.basis) if row.value is None else amount(row.value, indicator, row.basis).text


def parts(row: Actual, mark: str) -> str:
    """Return the parts of a rate with ``mark`` between them, ``20/38``; nothing without parts."""
    if row.numerator is None or row.denominator is None:
        return ""
    return f"{count(row.numerator).text}{mark}{count(row.denominator).text}"


def provisional(row: Actual | None) -> str:
    """Return the 区分 that a figure is marked with: any but 確定."""
    return "" if row is None or row.basis is Basis.FINAL else str(row.basis)


def text_cell(text: str | None) -> Cell:
    """Return a text as it was written, or 「—」."""
    return Cell(text) if text else NO_TEXT


def name_cell(review: IndicatorReview) -> Cell:
    """``(1)② 相談件数``."""
    return Cell(f"{review.label} {review.indicator.name}", subject=review.indicator.id)


def labels(reviews: Sequence[IndicatorReview]) -> str:
    """``(2)②・(2)③``; nothing where they are too many to be read."""
    return "・".join(each.label for each in reviews) if len(reviews) <= MOST_NAMED else ""


def counted(reviews: Sequence[IndicatorReview]) -> str:
    """``3指標（(2)②・(2)③・(2)⑤）``, by number where they are few."""
    return bracketed(f"{len(reviews)}指標", labels(reviews))


def title_cell(review: IndicatorReview) -> Cell:
    """``(1)② 相談件数（件）``."""
    name = name_cell(review)
    return name._replace(text=bracketed(name.text, review.indicator.unit))


def initiative_name(initiative: Initiative) -> str:
    """``(ア) 交流の場の開設``."""
    return f"({initiative.mark}) {initiative.name}" if initiative.mark else initiative.name


def initiative_title(programme: Programme, initiative: Initiative) -> str:
    """``(2)(ア) 交流の場の開設``, where those of several programmes stand together."""
    return f"{programme.label}{'' if initiative.mark else ' '}{initiative_name(initiative)}"


def subject_name(plan: Plan, subject: str) -> str:
    """Return the name of an indicator, programme or initiative by its id, a label before it."""
    return f"{plan.labels.get(subject, '')} {plan.name_of(subject)}".strip()


def baseline_title(plan: Plan) -> str:
    """``R6（参考）``, or ``参考`` without a baseline year."""
    return f"{plan.info.baseline_year}（参考）" if plan.info.baseline_year else "参考"


def baseline_cell(plan: Plan, indicator: Indicator) -> Cell:
    """Return the baseline of an indicator, its year beside it where it is not the plan's."""
    is_plans = indicator.baseline_years in ((), (plan.info.baseline_year,))
    return number(indicator.baseline, indicator, "" if is_plans else indicator.baseline_name)


def own_baseline_title(indicator: Indicator) -> str:
    """``H24（参考）``, ``H25〜H28平均（参考）``, or ``参考`` where no year is known."""
    return f"{indicator.baseline_name}（参考）" if indicator.baseline_years else "参考"


def baseline_column(plan: Plan) -> Column:
    short = f"{plan.info.baseline_year or ''}参考"
    return Column("baseline", baseline_title(plan), Kind.NUMBER, short)


def scale_words(plan: Plan) -> str:
    """What the marks of the rating mean: ``A: 達成、B: 概ね達成``."""
    return "、".join(f"{each.mark}: {each.label}" for each in plan.scale)


def final_title(plan: Plan) -> str:
    return f"{plan.info.end}目標"


def target_cell(review: IndicatorReview, year: FiscalYear | None = None) -> Cell:
    """Return the target of a year (the reviewed one), and its first: ``8（当初10）``.

    One that the plan does not set says where it comes from; where there is none, the next.
    """
    year, indicator = year or review.current.year, review.indicator
    # What the year was rated by: with the baseline of its own, which may be another today.
    rated = next((each.aim for each in review.years if each.year == year), None)
    aim, held = rated or aim_of(indicator, review.targets, year), (Held.TARGET, year)
    if aim.basis is not TargetBasis.OWN:
        return aim_cell(aim, indicator)._replace(held=held)
    now = number(aim.value, indicator)._replace(held=held)
    changes = [
        each for each in review.revisions if (each.item, each.year) == (RevisedItem.TARGET, year)
    ]
    if not changes:
        return now
    former = {"当初": number(indicator.targets.get(year), indicator)}
    if len(changes) > 1:
        former["変更前"] = number(changes[-1].before, indicator)
    aside = "、".join(f"{name}{cell.text}" for name, cell in former.items())
    aloud = (now.aloud, *(f"{name}は{cell.aloud}" for name, cell in former.items()))
    return number(aim.value, indicator, aside)._replace(spoken="、".join(aloud), held=held)


def aim_cell(aim: Aim, indicator: Indicator) -> Cell:
    """Return what a year is measured against: ``10``, ``10（R12の目標）``, or ``R12に設定``."""
    if aim.value is None and aim.following:
        return Cell(f"{aim.following}に設定", decimals=indicator.decimals)
    asides = {TargetBasis.NEXT: f"{aim.following}の目標", TargetBasis.LINEAR: "目安（按分）"}
    return number(aim.value, indicator, asides.get(aim.basis, "") if aim.basis else "")


REVISED = {
    RevisedItem.TARGET: "目標の変更",
    RevisedItem.BASELINE: "参考値の変更",
    RevisedItem.END: "指標の終了",
    RevisedItem.JOIN: "指標の追加",
    RevisedItem.DEFINITION: "数え方の変更",
    RevisedItem.REPORTER: "照会先の変更",
}


def revised_cell(revision: Revision, indicator: Indicator) -> Cell:
    """Return what a decision changes: ``10回→8回``, ``R11から``, ``R10から甲→乙``."""
    if revision.item in (RevisedItem.TARGET, RevisedItem.BASELINE):
        before, after = (amount(each, indicator) for each in (revision.before, revision.after))
        return Cell(f"{before.text}→{after.text}", f"{before.aloud}から{after.aloud}へ")
    old, new = revision.texts
    changed = "→".join(filter(None, (old, new)))
    since = f"{revision.year}から"
    return Cell(f"{since}{changed}", f"{since}、{old}を{new}へ" if old else "")


def actual_cell(current: Assessment, indicator: Indicator) -> Cell:
    """Return the figure with its 区分 unless that is 確定, or the state in words."""
    held = (Held.ACTUAL, current.year)
    if current.value is None:
        is_owed = current.row is not None or current.unrated is not Unrated.NO_TARGET
        cell = Cell(state(current, indicator)) if is_owed else NO_FIGURE
        return cell._replace(decimals=indicator.decimals, held=held)
    cell = number(current.value, indicator, provisional(current.row))._replace(held=held)
    return corrected(cell) if current.corrected_since else cell


def previous_cell(review: IndicatorReview) -> Cell:
    """Return the figure of the year before, marked where it was corrected."""
    last = _last_year(review)
    held = (Held.ACTUAL, review.current.year.previous)
    cell = number(review.previous, review.indicator)._replace(held=held)
    return corrected(cell) if last and last.corrected_since else cell


def _last_year(review: IndicatorReview) -> Assessment | None:
    every = (*review.earlier, *review.years)
    return next((each for each in every if each.year == review.current.year.previous), None)


def corrected_words(reviews: Iterable[IndicatorReview], *, previous: bool = True) -> str:
    """Return the foot of a table with marked figures; nothing where none is marked.

    They are those of the reviewed year and, with ``previous``, of the year before.
    """
    days = {
        each.corrected_since
        for review in reviews
        for each in (review.current, _last_year(review) if previous else None)
        if each and each.corrected_since
    }
    said = "・".join(map(wareki, sorted(days)))
    return f"{CORRECTED}: {said}配布資料から訂正した値" if said else ""


def state(current: Assessment, indicator: Indicator) -> str:
    """Return in a word why a year has no figure: ``集計中``, ``調査年度外（次回R12）``.

    Nothing where nobody waits for one: it has no target, in a later year neither, and no row.
    """
    if current.status is Status.ENDED:
        return f"終了（{indicator.ended}から）"
    if current.status is Status.NOT_YET:
        return f"{indicator.since}から"
    if current.status is Status.OFF_YEAR:
        following = current.next_measured
        return bracketed("調査年度外", f"次回{following}" if following else "")
    if current.row is None and current.unrated is Unrated.NO_TARGET:
        return ""
    return STATES.get(current.status, "")


def unrated_words(current: Assessment) -> str:
    """Return why a figure has no attainment; nothing where it has one, or is still to come."""
    if current.unrated is Unrated.TARGET_LATER:
        return f"{current.aim.following}に設定"
    return "" if current.unrated is None else UNRATED.get(current.unrated, "")


def attainment_cell(current: Assessment) -> Cell:
    """Return the attainment as shown, or why there is none; of a planned volume 対計画比."""
    if current.plan_ratio is not None:
        return figure(current.plan_ratio, SHOWN_DECIMALS, aside=PLAN_RATIO)
    if current.unrated in UNRATED:
        return Cell(UNRATED[current.unrated])
    return percent(current.shown)


def rating_cell(current: Assessment) -> Cell:
    """``B``, ``B（見込）``, ``B（速報）`` or 「—」."""
    if current.rating is None:
        return Cell(NONE, "評価なし")
    return Cell(bracketed(current.rating, provisional(current.row)))


def remarks_cell(review: IndicatorReview, plan: Plan) -> Cell:
    """Return 備考 of the list of indicators: the state, then the flags, in words."""
    planned = review.current.unrated is Unrated.NO_DIRECTION
    unrated = unrated_words(review.current) if planned else ""
    parts = (state_words(review), unrated, flags_words(review, plan), _ending_words(review))
    said = "／".join(filter(None, parts))
    return Cell(said) if said else Cell(NONE, "備考なし")


def _ending_words(review: IndicatorReview) -> str:
    """Return from when an indicator is no more, where that is decided and still to come."""
    ends = (each.year for each in review.revisions if each.item is RevisedItem.END)
    return next((f"終了（{year}から）" for year in ends if year and year > review.current.year), "")


def state_words(review: IndicatorReview) -> str:
    """Return what there is instead of a figure that is 確定: its 区分, or why there is none."""
    row = review.current.row
    if row is None:
        return state(review.current, review.indicator)
    if row.basis is Basis.INTERIM:
        return interim_words(review)
    return bracketed(row.basis, row.remark) if row.value is None else provisional(row)


def interim_words(review: IndicatorReview) -> str:
    """Return the interim figure: its day, its share of the target, the same day last year."""
    interim, indicator = review.interim, review.indicator
    if interim is None:
        return ""
    beside = []
    if interim.progress is not None:
        beside.append(f"年間目標に対する中間進捗率 {percent_words(interim.progress)}")
    if interim.previous is not None:
        beside.append(f"前年同期 {amount(interim.previous, indicator).text}")
    words = f"{wareki(interim.as_of)}現在 {amount(interim.value, indicator).text}"
    return bracketed(words, "、".join(beside))


def month_day(day: date) -> str:
    """``9月30日``, where the year is plain."""
    return f"{day.month}月{day.day}日"


def elapsed_words(interim: Interim) -> str:
    """Return how much of the year is over: ``令和10年9月30日で6か月経過（50.0％）``."""
    over = f"{wareki(interim.as_of)}で{interim.months}か月経過"
    return bracketed(over, percent_words(interim.elapsed))


def flags_words(review: IndicatorReview, plan: Plan) -> str:
    """Return what a reader must know of a figure, as printed in 備考."""
    indicator = review.indicator
    base = indicator.baseline_name
    if not review.flags:
        return ""
    said = {
        "base": base,
        "of_base": f"{base}の実績" if indicator.baseline_years else base,
        "beyond": "上回る" if indicator.direction is Direction.DOWN else "下回る",
        "worse_than_base": moved_words(Judgement.WORSE, indicator, base),
        "worse_than_last_year": moved_words(Judgement.WORSE, indicator, "前年度"),
        "digits": f"小数第{indicator.decimals}位" if indicator.decimals else "整数",
        "exact": _exact_words(review),
        "weight": _weight_words(review),
        "year": str(max(indicator.redefined, default="")),
        "former": former_words(review),
    }
    flags = [flag for flag in review.flags if _SAID_BY.get(flag) not in review.flags]
    return "／".join(filter(None, (FLAGS[flag].format_map(said) for flag in flags)))


def moved_words(judgement: Judgement, indicator: Indicator, than: str) -> str:
    """Return which way a figure moved: of an outcome what it means, else the side it is on.

    More or less of what a city does is neither good nor bad by itself.
    """
    is_outcome = indicator.kind is IndicatorKind.OUTCOME
    moved = _MOVED[IndicatorKind.OUTCOME if is_outcome else indicator.direction]
    return moved[judgement].format(than=than)


def _exact_words(review: IndicatorReview) -> str:
    exact = rate_before_rounding(review.indicator, review.current)
    return figure(exact, review.indicator.decimals + 1, review.indicator.unit).text


def _weight_words(review: IndicatorReview) -> str:
    """Return what one case weighs: ``1人の増減で達成率が20.0ポイント変わる``."""
    indicator, row = review.indicator, review.current.row
    if row is None or row.value is None or review.current.target is None:
        return ""
    is_rate, weight = indicator.measure is Measure.RATE, ""
    if review.one_case_points is not None:
        worth = percent_words(review.one_case_points, "ポイント")
        weight = f"1{'件' if is_rate else indicator.unit}の増減で達成率が{worth}変わる"
    if is_rate:
        return bracketed(f"分母{count(row.denominator).text}", weight)
    return weight or f"目標が{SMALL:f}以下"


def former_words(review: IndicatorReview) -> str:
    """Return the target before a change inside the year, and how the figure stands against it."""
    former = review.former
    if former is None or former.rated is None:
        return target_cell(review).aside
    is_first = former.target == review.indicator.targets.get(review.current.year)
    name = "当初の目標" if is_first else "変更前の目標"
    rated = f"{percent_words(former.rated.shown)}・{former.rated.rating}"
    return f"{name}{number(former.target, review.indicator).text}では{rated}"


def progress_items(review: IndicatorReview) -> tuple[Item, ...]:
    """Return the way from the baseline to this year's target, and to the latest that is set.

    A step back is said once: it is the same towards any target.
    """
    indicator, year, last = review.indicator, review.current.year, review.final_year
    base = indicator.baseline_name
    ways = [("目標", year, review.progress, review.current.target)]
    aim = review.current.aim
    if aim.basis is TargetBasis.NEXT and aim.following:  # the year itself has no target
        year = aim.following
        ways = [(f"{year}目標", year, review.progress, aim.ahead)]
    if last and last != year:
        ways.append((f"{last}目標", last, review.final_progress, review.targets.get(last)))
    items = [
        progress_item(
            indicator, base, progress, f"{name}（{amount(target, indicator).text}）", f"{of}目標"
        )
        for name, of, progress, target in ways
        if progress
    ]
    return tuple(dict.fromkeys(items))


def progress_item(
    indicator: Indicator, base: str, progress: Progress, target: str, of: str
) -> Item:
    """「R6（34人）から目標（46人）まで12人のうち、4人進んだ（33.3％）」; ``of`` is for the label.

    A percentage is said only of a way of ten steps or more: of fewer, a single one weighs much.
    """
    is_rate = indicator.measure is Measure.RATE
    needed, made = (
        figure(abs(value), indicator.decimals, "ポイント" if is_rate else indicator.unit).text
        for value in (progress.needed, progress.made)
    )
    if progress.made < 0:
        down, up = ("下がった", "上がった") if is_rate else ("減った", "増えた")
        moved = down if indicator.direction is Direction.UP else up
        return Item(f"{base}からの進み", Cell(f"{base}より{made}{moved}"))
    label = bracketed(f"{base}からの進み", of)
    way = f"{base}（{amount(indicator.baseline, indicator).text}）から{target}まで{needed}"
    if not progress.made:
        return Item(label, Cell(f"{way}のうち、進みなし"))
    said = f"{way}{'に対し' if progress.made > progress.needed else 'のうち'}、{made}進んだ"
    if is_coarse(indicator, progress.needed):
        return Item(label, Cell(said))
    label = bracketed(f"{base}からの進捗率", of)
    return Item(label, Cell(bracketed(said, percent_words(progress.percent))))


def noted(note: Note, *fields: str) -> dict[str, str]:
    """Return texts of a note by the titles of their fields.

    The evaluation has its reason; a blank one is left out, for not every city makes one.
    """
    texts = {NOTE_FIELDS[field]: getattr(note, field) for field in fields if field != "evaluation"}
    if note.evaluation and "evaluation" in fields:
        evaluation = bracketed(note.evaluation, note.evaluation_reason)
        return {EVALUATION: evaluation, **texts}
    return texts


def written_items(texts: Mapping[str, str | None]) -> tuple[Item, ...]:
    """Return texts by their labels, without the empty ones."""
    return tuple(Item(label, Cell(text)) for label, text in texts.items() if text)


def text_items(texts: Mapping[str, str | None]) -> tuple[Item, ...]:
    """Return texts by their labels, 「—」 for the empty ones."""
    return tuple(Item(label, text_cell(text)) for label, text in texts.items())
