"""The words of the document: how figures, marks, states and flags are written for people."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from jusou.logs.dataset import Note
from jusou.logs.schema import Basis
from jusou.plan.model import Direction, Indicator, Measure, Plan
from jusou.report.document import NONE, Cell, Column, Item, Kind
from jusou.review.assessment import Assessment, Status, Unrated
from jusou.review.attainment import Judgement
from jusou.review.build import IndicatorReview
from jusou.review.flags import Flag
from jusou.values.dates import wareki
from jusou.values.numbers import (
    format_difference,
    format_number,
    percentage,
    round_half_up,
)

NO_FIGURE = Cell(NONE, "数値なし")
NO_TEXT = Cell(NONE, "記入なし")
COLLECTING = "集計中"
FICTIONAL = "架空データ"
SAMPLE_NOTICE = f"{FICTIONAL}: この資料の実績値と記述は架空のもので、市の実績ではありません。"

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
}
JUDGEMENTS = {
    Judgement.IMPROVED: "改善",
    Judgement.SAME: "同程度",
    Judgement.WORSE: "後退",
}
STATES = {
    Status.INTERIM: COLLECTING,
    Status.PENDING: COLLECTING,
    Status.UNREPORTED: COLLECTING,
    Status.NOT_APPLICABLE: "該当なし",
    Status.NOT_MEASURABLE: "測定不能",
}
UNRATED = {
    Unrated.NO_TARGET: "目標なし",
    Unrated.NOT_COMPUTABLE: "算定不能",
}


def text_cell(text: str | None) -> Cell:
    """A text as it was written, or 「—」."""
    return Cell(text) if text else NO_TEXT


def count_cell(number: int) -> Cell:
    return Cell(str(number), value=Decimal(number))


def figure(value: Decimal | None, indicator: Indicator) -> Cell:
    """A figure in the indicator's decimals, or 「—」."""
    if value is None:
        return NO_FIGURE
    return Cell(format_number(value, indicator.decimals), value=value, decimals=indicator.decimals)


def percent(value: Decimal | None) -> Cell:
    """A percentage as rounded by the review, one decimal, without its sign."""
    if value is None:
        return NO_FIGURE
    return Cell(format_number(value, 1), value=value, decimals=1)


def difference(value: Decimal | None, indicator: Indicator) -> Cell:
    """A difference with its sign; of rates in ポイント."""
    if value is None:
        return NO_FIGURE
    points = "ポイント" if indicator.measure is Measure.RATE else ""
    text = format_difference(value, indicator.decimals) + points
    spoken = text.replace("△", "マイナス").replace("+", "プラス")
    return Cell(text, spoken, value, indicator.decimals)


def baseline_title(plan: Plan) -> str:
    """``R6（参考）``, or ``参考`` without a baseline year."""
    return f"{plan.info.baseline_year}（参考）" if plan.info.baseline_year else "参考"


def baseline_column(plan: Plan) -> Column:
    short = f"{plan.info.baseline_year or ''}参考"
    return Column("baseline", baseline_title(plan), Kind.NUMBER, short)


def scale_words(plan: Plan) -> str:
    """What the marks of the rating mean: ``A: 達成、B: 概ね達成``."""
    return "、".join(f"{each.mark}: {each.label}" for each in plan.scale)


def final_title(plan: Plan) -> str:
    return f"{plan.info.end}目標"


def target_cell(review: IndicatorReview) -> Cell:
    """This year's target; when it was changed inside the year, the former one beside it."""
    indicator = review.indicator
    cell = figure(review.current.target, indicator)
    if Flag.REVISED_IN_YEAR not in review.flags:
        return cell
    before = figure(review.target_before, indicator)
    text = f"{cell.text}（変更前 {before.text}）"
    return Cell(text, f"{cell.aloud}、変更前は{before.aloud}", cell.value, cell.decimals)


def actual_cell(current: Assessment, indicator: Indicator) -> Cell:
    """The figure with its basis, or the state in words."""
    if current.value is None or current.row is None:
        return Cell(STATES[current.status], decimals=indicator.decimals)
    cell = figure(current.value, indicator)
    if current.row.basis is Basis.FINAL:
        return cell
    return Cell(f"{cell.text}（{current.row.basis}）", "", cell.value, cell.decimals)


def attainment_cell(current: Assessment) -> Cell:
    """The attainment as shown, or why there is none."""
    if current.shown is not None:
        return percent(current.shown)
    return Cell(UNRATED[current.unrated]) if current.unrated in UNRATED else NO_FIGURE


def rating_cell(current: Assessment) -> Cell:
    """``B``, ``B（見込）``, ``B（速報）`` or 「—」."""
    if current.rating is None or current.row is None:
        return Cell(NONE, "評価なし")
    if current.row.basis is Basis.FINAL:
        return Cell(current.rating)
    return Cell(f"{current.rating}（{current.row.basis}）")


def with_unit(cell: Cell, indicator: Indicator) -> Cell:
    """The figure followed by its unit; words and 「—」 stay alone."""
    if cell.value is None:
        return cell
    text = cell.text.replace("（", f"{indicator.unit}（", 1)
    text = text if "（" in cell.text else f"{cell.text}{indicator.unit}"
    return Cell(text, "", cell.value, cell.decimals)


def remarks(review: IndicatorReview, plan: Plan) -> str:
    """備考 of the list of indicators: the state, then the flags, in words."""
    said = [_state_words(review), *(flag_words(flag, review, plan) for flag in review.flags)]
    return "／".join(words for words in said if words) or NONE


def _state_words(review: IndicatorReview) -> str:
    current = review.current
    remark = f"（{current.row.remark}）" if current.row and current.row.remark else ""
    if current.status is Status.UNREPORTED:
        return COLLECTING
    if current.status is Status.PENDING:
        return f"未確定{remark}"
    if current.status in (Status.NOT_APPLICABLE, Status.NOT_MEASURABLE):
        return f"{STATES[current.status]}{remark}"
    if current.status is Status.INTERIM:
        return interim_words(review)
    if current.row and current.row.basis is not Basis.FINAL:
        return f"{current.row.basis}"
    return ""


def interim_words(review: IndicatorReview) -> str:
    """The interim figure in words: its day, and a flow's progress beside the year elapsed."""
    interim = review.interim
    if interim is None:
        return ""
    value = with_unit(figure(interim.value, review.indicator), review.indicator).text
    words = f"{wareki(interim.as_of)}現在 {value}"
    if interim.progress is None:
        return words
    return (
        f"{words}（年間目標に対する中間進捗率 {interim.progress}％、"
        f"年度経過率（目安）{interim.elapsed}％）"
    )


def flag_words(flag: Flag, review: IndicatorReview, plan: Plan) -> str:
    """One flag as printed in 備考."""
    base = plan.info.baseline_name
    of_base = f"{base}の実績" if plan.info.baseline_year else base
    below = "上回る" if review.indicator.direction is Direction.DOWN else "下回る"
    if flag is Flag.SMALL_TARGET:
        return small_target_words(review)
    if flag is Flag.REVISED_IN_YEAR:
        before = figure(review.target_before, review.indicator).text
        return f"年度途中変更（変更前 {before}）"
    return {
        Flag.TARGET_BELOW_BASELINE: f"目標が{of_base}を{below}",
        Flag.MET_BUT_WORSE_THAN_BASELINE: f"目標達成だが{base}より後退",
        Flag.NO_PROGRESS_FROM_BASELINE: f"{base}から前進なし",
        Flag.FAR_ABOVE_TARGET: "目標を大きく超える",
        Flag.WORSE_THAN_LAST_YEAR: "前年度より後退",
        Flag.CUMULATIVE_FELL: "累計が減少（要確認）",
        Flag.BEFORE_YEAR_END: "年度終了前の数値",
        Flag.AGGREGATION_UNCONFIRMED: "集計方法を確認中",
    }[flag]


def small_target_words(review: IndicatorReview) -> str:
    """What one case weighs: ``実績/目標 4/5（1人で20.0ポイント変わる）``."""
    indicator, current = review.indicator, review.current
    target = current.target
    if current.value is None or target is None:
        return ""
    words = f"実績/目標 {figure(current.value, indicator).text}/{figure(target, indicator).text}"
    if indicator.direction is not Direction.UP or not target:
        return words
    worth = round_half_up(percentage(Decimal(1), target), 1)
    return f"{words}（1{indicator.unit}で{worth}ポイント変わる）"


def waiting_words(review: IndicatorReview) -> str:
    """Why a figure has not come in: 集計中, 未確定 with its remark, or 中間 only."""
    if review.current.status is Status.INTERIM:
        return f"中間のみ: {interim_words(review)}"
    return _state_words(review)


def evaluation_words(note: Note) -> str:
    """The evaluation with its reason, or nothing."""
    return f"{note.evaluation}（{note.evaluation_reason}）" if note.evaluation else ""


def note_items(note: Note) -> tuple[Item, ...]:
    """The texts of a programme's note that were written, labelled; no empty ones."""
    texts = {
        "実施状況": note.activity,
        "評価": evaluation_words(note),
        "要因": note.cause,
        "課題": note.issue,
        "改善策": note.action,
        "方向性": note.course,
    }
    return (*written_items(texts), *opinion_items(note))


def opinion_items(note: Note) -> tuple[Item, ...]:
    """委員会意見 and 対応方針, where written."""
    return written_items({"委員会意見": note.committee, "対応方針": note.response})


def written_items(texts: Mapping[str, str]) -> tuple[Item, ...]:
    """Texts by their labels, without the empty ones."""
    return tuple(Item(label, Cell(text)) for label, text in texts.items() if text)
