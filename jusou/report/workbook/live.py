"""Document → the document as a workbook carries it.

Adds what paper cannot hold: live formulas, the figures they come from, the long table of all
years, and which program and files it was made from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from jusou import __version__
from jusou.plan.model import Direction, Formula, Grade, Measure
from jusou.report import words
from jusou.report.document import (
    HALF_YEAR_LIST,
    HALF_YEAR_METHOD,
    INDICATORS,
    METHOD,
    NONE,
    Bars,
    Bullets,
    Cell,
    Column,
    Columns,
    Document,
    Facts,
    Kind,
    Section,
    T,
    Table,
    filled,
    programme_key,
)
from jusou.report.sections.programme import initiative_rows
from jusou.report.sections.summary import NOT_DUE, ROLL_UP, Line, lines, rating_key
from jusou.report.tables.long import long_table
from jusou.report.workbook import formulas
from jusou.review.assessment import Rated, Status, Tally, Unrated
from jusou.review.attainment import Progress, is_count, is_level
from jusou.review.build import IndicatorReview, ProgrammeReview, Review, is_comparable
from jusou.review.half_year import HalfYear, HalfYearIndicator
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import HUNDRED, round_half_up

_TALLIES = {
    Tally.REPORTED: "報告",
    Tally.FORECAST: "見込",
    Tally.PENDING: words.COLLECTING,
    Tally.EXCLUDED: "対象外",
    Tally.NOT_DUE: NOT_DUE,
    Tally.ENDED: words.UNRATED[Unrated.ENDED],
}
_NOTES = (
    "この表計算ファイルの達成率・達成度・差・事業別の集計には計算式が入っています。"
    "目標や実績を書き換えると、書き換えた実績を確定として計算し直します。記録には残りません。",
    "見出しが「計算用」の列は画面だけに表示し、印刷しません。",
    "総括の文、前回の意見、主な未達、見直しを検討する指標、集計中、備考、事業ごとの表、全年度の目標と実績、一覧の数値は作成時のものです。",
)

_NOTES_OF_HALF = (
    "指標一覧の目標に対する割合・見込達成率・見込達成度には計算式が入っています。目標、上半期実績、"
    "年度末見込を書き換えると、計算し直します。記録には残りません。",
    "見出しが「計算用」の列は画面だけに表示し、印刷しません。",
    "上半期の状況の文と表は作成時のものです。",
)


def workbook_document(review: Review, document: Document, inputs: Mapping[str, str]) -> Document:
    """Return the document with what only a workbook carries.

    ``inputs`` are the sha256 of the files that the review was made from, by path.
    """
    programmes = {programme_key(each.programme.id): each for each in review.programmes}
    sections = []
    for section in document.sections:
        if section.key in programmes:
            sections.append(_with_initiatives(section, programmes[section.key]))
        elif section.key == METHOD:
            sections.append(Section("long", "一覧", (long_table(review),)))
            sections.append(_method(review, section, inputs, _NOTES))
        else:
            sections.append(_live(review, section))
    return replace(document, sections=tuple(sections))


def half_year_workbook(half: HalfYear, document: Document, inputs: Mapping[str, str]) -> Document:
    """Return the papers for the half of a year as a workbook carries them."""
    sections = []
    for section in document.sections:
        if section.key == HALF_YEAR_METHOD:
            sections.append(_method(half.review, section, inputs, _NOTES_OF_HALF))
        else:
            blocks = (
                _half_year(half, block)
                if isinstance(block, Table) and block.key == HALF_YEAR_LIST
                else block
                for block in section.blocks
            )
            sections.append(section._replace(blocks=tuple(blocks)))
    return replace(document, sections=tuple(sections))


def _half_year(half: HalfYear, table: Table) -> Table:
    scale = half.review.plan.scale

    def exact(each: HalfYearIndicator) -> Cell:
        formula = formulas.exact_attainment(each.review.indicator, None, "expected")
        live = formula if _is_live(each) else ""
        return _step(each.review.current.attainment, formulas.EXACT_DECIMALS, live)

    def baseline(each: HalfYearIndicator) -> Cell:
        return words.number(each.review.indicator.baseline, each.review.indicator)

    needs_baseline = any(map(_is_progress, half.indicators))
    working: Columns[HalfYearIndicator] = (
        (_working("exact", "四捨五入前の見込達成率（％）"), exact),
        *([(_working("baseline", half.review.plan.baseline_name), baseline)] * needs_baseline),
    )
    return _computed(table, half.indicators, lambda it: _half_year_formulas(scale, it), working)


def _is_live(each: HalfYearIndicator) -> bool:
    """Tell whether an attainment follows from the figures: of no planned volume, of none ended."""
    current, indicator = each.review.current, each.review.indicator
    return indicator.direction is not Direction.NONE and current.status is not Status.ENDED


def _is_progress(each: HalfYearIndicator) -> bool:
    return each.review.indicator.attainment is Formula.PROGRESS


def _half_year_formulas(scale: Sequence[Grade], each: HalfYearIndicator) -> dict[str, str]:
    current, indicator = each.review.current, each.review.indicator
    unrated = NONE if current.rating else words.attainment_cell(current).text
    rating = formulas.rating("exact", scale)
    if current.status is Status.REPORTED and current.value is not None:
        aside = words.bracketed("", words.provisional(current.row))
        rating = formulas.marked(rating, current.value, aside, "expected") if aside else rating
    if not _is_live(each):
        return {}
    percent = formulas.shown("exact", scale, unrated, may_be_negative=_is_progress(each))
    found = {"attainment": percent, "rating": rating}
    adds_up = indicator.measure is Measure.FLOW and indicator.direction is Direction.UP
    if adds_up and not _is_progress(each):
        found["share"] = formulas.share_of_target("interim", scale)
    return found


def _with_initiatives(section: Section, programme: ProgrammeReview) -> Section:
    """Let the initiatives be rows of the PDCA table: a sheet has one heading to repeat."""
    blocks = [block for block in section.blocks if not isinstance(block, Table)]
    if (initiatives := initiative_rows(programme)).rows:
        blocks.append(initiatives)
    return section._replace(blocks=tuple(blocks))


def _live(review: Review, section: Section) -> Section:
    if not review.indicators:
        return section
    enrich = {ROLL_UP: _roll_up, INDICATORS: _indicators}
    blocks = tuple(
        enrich[block.key](review, block)
        if isinstance(block, Table) and block.key in enrich
        else block
        for block in section.blocks
    )
    return section._replace(blocks=blocks)


def _computed(
    table: Table,
    subjects: Sequence[T],
    formulas_of: Callable[[T], Mapping[str, str]],
    working: Columns[T],
) -> Table:
    """Return a table of the subjects with the formulas of its cells, by column, and their steps."""
    heads, steps = filled(working, subjects)
    rows = []
    for subject, row, more in zip(subjects, table.rows, steps, strict=True):
        found = formulas_of(subject)
        cells = zip(row, table.columns, strict=True)
        live = (cell._replace(formula=found.get(column.key, "")) for cell, column in cells)
        rows.append((*live, *more))
    return table._replace(columns=(*table.columns, *heads), rows=tuple(rows))


def _working(key: str, title: str) -> Column:
    return Column(key, f"計算用: {title}", Kind.WORKING, printed=False)


def _step(value: Decimal | None, decimals: int, formula: str) -> Cell:
    """Return a figure before it is rounded for print."""
    rounded = None if value is None else round_half_up(value, decimals)
    return words.figure(rounded, decimals)._replace(decimals=decimals, formula=formula)


def _indicators(review: Review, table: Table) -> Table:
    numbers = {
        each.indicator.id: review.plan.numbers[programme.programme.id]
        for programme in review.programmes
        for each in programme.indicators
    }
    working: Columns[IndicatorReview] = (
        (_working("number", "事業番号"), lambda it: words.count(numbers[it.indicator.id])),
        (_working("state", "集計の区分"), _state_cell),
        (_working("exact", "四捨五入前の達成率（％）"), _exact_cell),
        *_trials(review),
    )
    scale = review.plan.scale
    return _computed(table, review.indicators, lambda it: _indicator_formulas(scale, it), working)


def _trials(review: Review) -> Columns[IndicatorReview]:
    """Return what else follows from a figure that a person tries; on paper it is said in words."""
    base, end, scale = review.plan.baseline_name, review.plan.info.end, review.plan.scale
    return (
        (
            _working("progress", f"{base}からの進捗率（％）"),
            lambda it: _way_cell(it, it.progress, "{target}"),
        ),
        (
            _working("final-progress", f"{base}からの進捗率（最後の目標まで・％）"),
            lambda it: _final_progress_cell(it, end),
        ),
        (_working("standing-still", f"{base}の値のままの達成率（％）"), _standing_still_cell),
        (
            _working("standing-still-rating", f"{base}の値のままの達成度"),
            lambda it: _mark_cell(it.standing_still, "standing-still", scale),
        ),
        (
            _working("former", "変更前の目標"),
            lambda it: words.number(it.former.target if it.former else None, it.indicator),
        ),
        (_working("former-exact", "変更前の目標での達成率（％）"), _former_cell),
        (
            _working("former-rating", "変更前の目標での達成度"),
            lambda it: _mark_cell(it.former.rated if it.former else None, "former-exact", scale),
        ),
        (_working("one-case", "1件の増減で変わるポイント"), _one_case_cell),
    )


def _way_cell(each: IndicatorReview, progress: Progress | None, target: str) -> Cell:
    cell = words.percent(progress.percent if progress else None)
    if not (each.indicator.baseline and is_level(each.indicator) and _has_side(each)):
        return cell
    return cell._replace(formula=formulas.progress(each.indicator, target, _partial(each)))


def _final_progress_cell(each: IndicatorReview, end: FiscalYear) -> Cell:
    """Return the way to the latest target: the sheet has it if it is that of the plan's end."""
    target = each.targets.get(each.final_year) if each.final_year else None
    if target is None:
        return words.NO_FIGURE
    place = "{final-target}" if each.final_year == end else f"{target:f}"
    return _way_cell(each, each.final_progress, place)


def _standing_still_cell(each: IndicatorReview) -> Cell:
    if not _has_side(each):
        return words.NO_FIGURE
    exact = each.standing_still.attainment if each.standing_still else None
    return _step(exact, formulas.EXACT_DECIMALS, formulas.standing_still(each.indicator))


def _former_cell(each: IndicatorReview) -> Cell:
    if each.former is None:
        return words.NO_FIGURE
    exact = each.former.rated.attainment if each.former.rated else None
    formula = formulas.exact_attainment(each.indicator, _unrated(each), target="former")
    return _step(exact, formulas.EXACT_DECIMALS, formula)


def _mark_cell(rated: Rated | None, key: str, scale: Sequence[Grade]) -> Cell:
    return Cell(rated.rating if rated else NONE, formula=formulas.rating(key, scale))


def _one_case_cell(each: IndicatorReview) -> Cell:
    cell, row = words.percent(each.one_case_points), each.current.row
    indicator = each.indicator
    is_share = indicator.direction is Direction.UP and indicator.attainment is Formula.RATIO
    if not is_share or (not is_count(indicator) and cell.value is None):
        return cell
    denominator = row.denominator if row else None
    return cell._replace(formula=formulas.one_case_points(indicator.per, denominator))


def _has_side(each: IndicatorReview) -> bool:
    """Tell whether a target can lie beyond the baseline."""
    has_side = each.indicator.direction in (Direction.UP, Direction.DOWN)
    return has_side and each.indicator.is_baseline_alike


def _partial(each: IndicatorReview) -> Decimal | None:
    """Return a figure that cannot stand beside other years'."""
    return None if is_comparable(each.indicator, each.current) else each.current.value


def _unrated(each: IndicatorReview) -> Decimal | None:
    """Return a figure that is not rated."""
    is_rated = each.current.status not in (Status.INTERIM, Status.ENDED)
    return None if is_rated else each.current.value


def _indicator_formulas(scale: Sequence[Grade], each: IndicatorReview) -> dict[str, str]:
    current, decimals = each.current, each.indicator.decimals
    if current.tally is Tally.ENDED:
        return {}
    unrated = NONE if current.rating else words.attainment_cell(current).text
    rating = formulas.rating("exact", scale)
    if current.rating and current.value is not None and (aside := words.provisional(current.row)):
        rating = formulas.marked(rating, current.value, words.bracketed("", aside))
    partial = _partial(each)
    backward = each.indicator.attainment is Formula.PROGRESS
    attainment = formulas.shown("exact", scale, unrated, may_be_negative=backward)
    if current.plan_ratio is not None:
        attainment = ""
    found = {"attainment": attainment, "rating": rating}
    if current.year not in each.indicator.redefined:
        found["vs-previous"] = formulas.difference("previous", decimals, partial)
    if each.indicator.is_baseline_alike:
        found["vs-baseline"] = formulas.difference("baseline", decimals, partial)
    return found


def _state_cell(each: IndicatorReview) -> Cell:
    """Return the count a row is in; a figure typed over what is there is taken as 確定."""
    tally, value = each.current.tally, each.current.value
    provisional = None
    if tally is Tally.ENDED:
        return Cell(_TALLIES[tally])
    if tally is Tally.FORECAST and value is not None:
        provisional = (value, _TALLIES[tally])
    unrated = _TALLIES[tally if tally in (Tally.EXCLUDED, Tally.NOT_DUE) else Tally.PENDING]
    formula = formulas.state(_TALLIES[Tally.REPORTED], provisional, unrated)
    return Cell(_TALLIES[tally], formula=formula)


def _exact_cell(each: IndicatorReview) -> Cell:
    formula = formulas.exact_attainment(each.indicator, _unrated(each))
    if each.current.tally is Tally.ENDED:
        formula = ""
    return _step(each.current.attainment, formulas.EXACT_DECIMALS, formula)


def _roll_up(review: Review, table: Table) -> Table:
    scale, counts = review.plan.scale, review.summary.roll_up
    excluded = [Tally.EXCLUDED]
    excluded += [Tally.NOT_DUE] * (counts.not_due > 0) + [Tally.ENDED] * (counts.ended > 0)
    working: Columns[Line] = (
        (_working("mean-exact", "四捨五入前の平均"), lambda it: _mean_cell(it, excluded)),
    )
    bars = Bars(
        title="事業別の達成度の分布",
        series=tuple(rating_key(grade) for grade in scale),
        category_title="事業",
        value_title="指標数",
        alt="事業ごとの達成度別の指標数を示す積み上げ棒グラフ。数値は上の表と同じです。",
    )
    progress = (each.attainment is Formula.PROGRESS for each in review.plan.indicators.values())
    lows: list[Decimal | None] = [grade.at_least for grade in scale]
    if any(progress):
        lows[-1] = None  # what moved backward is below 0
    computed = _computed(
        table, lines(review), lambda it: _roll_up_formulas(scale, lows, it), working
    )
    return computed._replace(bars=bars)


def _roll_up_formulas(
    scale: Sequence[Grade], lows: Sequence[Decimal | None], line: Line
) -> dict[str, str]:
    """Return the counts of a line; an attainment has the grade from its low to that above."""
    number, reported = line.number, _TALLIES[Tally.REPORTED]
    met = formulas.count(number, reported, HUNDRED)
    uppers = [None, *(grade.at_least for grade in scale)]
    return {
        # What has ended stays ended, whatever is typed.
        "indicators": "" if line.counts.ended else formulas.count(number),
        **{
            rating_key(grade): formulas.count(number, reported, low, upper)
            for grade, low, upper in zip(scale, lows, uppers, strict=False)
        },
        "met": f'{met}&"／"&{formulas.count(number, reported)}',
        "forecast": formulas.count(number, _TALLIES[Tally.FORECAST]),
        "pending": formulas.count(number, _TALLIES[Tally.PENDING]),
        "excluded": formulas.count(number, _TALLIES[Tally.EXCLUDED]),
        "not-due": formulas.count(number, _TALLIES[Tally.NOT_DUE]),
        "mean": formulas.shown("mean-exact", scale),
        "mean-of": formulas.where_given("mean-exact", formulas.count(number, reported)),
    }


def _mean_cell(line: Line, excluded: Sequence[Tally]) -> Cell:
    states = [_TALLIES[tally] for tally in excluded]
    formula = formulas.capped_mean(line.number, _TALLIES[Tally.REPORTED], states)
    return _step(line.counts.exact_mean, formulas.MEAN_DECIMALS, formula)


def _method(
    review: Review, section: Section, inputs: Mapping[str, str], notes: tuple[str, ...]
) -> Section:
    facts = words.text_items(
        {
            "作成に使ったプログラム": f"jusou {__version__}",
            "作成の基準日": wareki(review.today),
        }
    )
    columns: Columns[str] = (
        (Column("file", "ファイル", Kind.NAME), Cell),
        (Column("sha256", "SHA-256", Kind.TEXT), lambda it: Cell(inputs[it])),
    )
    files = Table(
        "inputs",
        "作成に使ったデータ",
        *filled(columns, inputs),
        legend="SHA-256: ファイルの内容から計算した値。同じ値であれば同じ内容です。",
        empty="記録はありません。",
    )
    blocks = (*section.blocks, Bullets(notes), Facts(facts), files)
    return section._replace(tab="方法", blocks=blocks)
