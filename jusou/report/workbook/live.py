"""Document → the document as a workbook carries it.

Adds what paper cannot hold: live formulas, the figures they come from, the long table of all
years, and which program and files it was made from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from jusou import __version__
from jusou.report import words
from jusou.report.charts.content import Bars
from jusou.report.document import (
    NONE,
    Bullets,
    Cell,
    Column,
    Document,
    Facts,
    Item,
    Kind,
    Section,
    Table,
    programme_key,
)
from jusou.report.sections.programme import initiative_rows
from jusou.report.tables.long import long_table
from jusou.report.workbook import formulas
from jusou.review.assessment import Assessment, Status, Tally
from jusou.review.build import IndicatorReview, ProgrammeReview, Review, is_comparable
from jusou.values.dates import wareki
from jusou.values.numbers import HUNDRED, round_half_up

_TALLIES = {
    Tally.REPORTED: "報告",
    Tally.FORECAST: "見込",
    Tally.PENDING: words.COLLECTING,
    Tally.EXCLUDED: "対象外",
}
_NOTES = (
    "この表計算ファイルの達成率・達成度・差・事業別の集計には計算式が入っています。"
    "目標や実績を書き換えると、書き換えた実績を確定として計算し直します。記録には残りません。",
    "見出しが「計算用」の列は画面だけに表示し、印刷しません。",
    "主な未達、見直し候補、集計中、事業ごとの表、一覧の数値は作成時のものです。",
)


def workbook_document(review: Review, document: Document, inputs: Mapping[str, str]) -> Document:
    """Return the document with what only a workbook carries.

    ``inputs`` are the sha256 of the files that the review was made from, by path.
    """
    programmes = {programme_key(each.programme.id): each for each in review.programmes}
    sections = [
        _with_initiatives(section, programmes[section.key])
        if section.key in programmes
        else _live(review, section)
        for section in document.sections
        if section.key != "method"
    ]
    method = [section for section in document.sections if section.key == "method"]
    return replace(
        document,
        sections=(
            *sections,
            Section("long", "一覧", (long_table(review),)),
            *(_method_section(review, section, inputs) for section in method),
        ),
    )


def _with_initiatives(section: Section, programme: ProgrammeReview) -> Section:
    """Let the initiatives be rows of the PDCA table: a sheet has one heading to repeat."""
    blocks = [block for block in section.blocks if not isinstance(block, Table)]
    if programme.initiatives:
        blocks.append(initiative_rows(programme))
    return section._replace(blocks=tuple(blocks))


def _live(review: Review, section: Section) -> Section:
    if not review.indicators:
        return section
    enrich = {"roll-up": _live_roll_up, "indicators": _live_indicators}
    blocks = tuple(
        enrich[block.key](review, block)
        if isinstance(block, Table) and block.key in enrich
        else block
        for block in section.blocks
    )
    return section._replace(blocks=blocks)


def _with_formulas(table: Table, row: tuple[Cell, ...], found: Mapping[str, str]) -> list[Cell]:
    """Return a row whose cells have their formulas, by column."""
    return [
        cell._replace(formula=found.get(column.key, ""))
        for column, cell in zip(table.columns, row, strict=True)
    ]


def _live_indicators(review: Review, table: Table) -> Table:
    columns = (
        *table.columns,
        Column("number", "計算用: 事業番号", Kind.WORKING, printed=False),
        Column("state", "計算用: 集計の区分", Kind.WORKING, printed=False),
        Column("exact", "計算用: 四捨五入前の達成率（％）", Kind.WORKING, printed=False),
    )
    owners = [(owner, each) for owner in review.programmes for each in owner.indicators]
    rows = tuple(
        (
            *_with_formulas(table, row, _indicator_formulas(review, each)),
            words.count(owner.programme.number),
            _state_cell(each.current),
            _exact_cell(each),
        )
        for (owner, each), row in zip(owners, table.rows, strict=True)
    )
    return table._replace(columns=columns, rows=rows)


def _indicator_formulas(review: Review, each: IndicatorReview) -> dict[str, str]:
    current, decimals = each.current, each.indicator.decimals
    scale = review.plan.scale
    unrated = "" if current.rating else words.attainment_cell(current).text
    rating = formulas.rating("exact", scale, NONE)
    if current.rating and current.value is not None and (aside := words.provisional(current.row)):
        rating = formulas.marked(rating, current.value, words.bracketed("", aside))
    partial = None if is_comparable(each.indicator, current) else current.value
    return {
        "attainment": formulas.shown("exact", scale, unrated or NONE),
        "rating": rating,
        "vs-previous": formulas.difference("previous", decimals, partial, NONE),
        "vs-baseline": formulas.difference("baseline", decimals, partial, NONE),
    }


def _state_cell(current: Assessment) -> Cell:
    """The count a row is in; a figure that is typed over what is there is taken as 確定."""
    provisional = None
    if current.tally is Tally.FORECAST and current.value is not None:
        provisional = (current.value, _TALLIES[Tally.FORECAST])
    excluded = current.tally is Tally.EXCLUDED
    unrated = _TALLIES[Tally.EXCLUDED if excluded else Tally.PENDING]
    formula = formulas.state(_TALLIES[Tally.REPORTED], provisional, unrated)
    return Cell(_TALLIES[current.tally], formula=formula)


def _exact_cell(each: IndicatorReview) -> Cell:
    current = each.current
    interim = current.value if current.status is Status.INTERIM else None
    formula = formulas.exact_attainment(each.indicator, interim, NONE)
    if current.attainment is None:
        return words.NO_FIGURE._replace(decimals=formulas.EXACT_DECIMALS, formula=formula)
    return _working(current.attainment, formulas.EXACT_DECIMALS)._replace(formula=formula)


def _working(value: Decimal, decimals: int) -> Cell:
    return words.figure(round_half_up(value, decimals), decimals)


def _live_roll_up(review: Review, table: Table) -> Table:
    columns = (
        *table.columns,
        Column("mean-exact", "計算用: 四捨五入前の平均", Kind.WORKING, printed=False),
    )
    rows = tuple(
        (*_with_formulas(table, row, _roll_up_formulas(review, each)), _mean_cell(each))
        for each, row in zip(review.programmes, table.rows, strict=True)
    )
    scale = review.plan.scale
    bars = Bars(
        title="事業別の達成度の分布",
        series=tuple(f"rating-{grade.mark}" for grade in scale),
        category_title="事業",
        value_title="指標数",
        alt="事業ごとの達成度別の指標数を示す積み上げ棒グラフ。数値は上の表と同じです。",
    )
    return table._replace(columns=columns, rows=rows, bars=bars)


def _roll_up_formulas(review: Review, each: ProgrammeReview) -> dict[str, str]:
    number, scale = each.programme.number, review.plan.scale
    reported = formulas.count(number, _TALLIES[Tally.REPORTED])
    met = formulas.count(number, _TALLIES[Tally.REPORTED], *formulas.between(HUNDRED, None))
    uppers = [None, *(grade.at_least for grade in scale)]
    ratings = {
        f"rating-{grade.mark}": formulas.count(
            number, _TALLIES[Tally.REPORTED], *formulas.between(grade.at_least, upper)
        )
        for grade, upper in zip(scale, uppers[:-1], strict=True)
    }
    return {
        "indicators": formulas.count(number),
        **ratings,
        "met": f'{met}&"／"&{reported}',
        "forecast": formulas.count(number, _TALLIES[Tally.FORECAST]),
        "pending": formulas.count(number, _TALLIES[Tally.PENDING]),
        "excluded": formulas.count(number, _TALLIES[Tally.EXCLUDED]),
        "mean": formulas.shown("mean-exact", scale, NONE),
    }


def _mean_cell(each: ProgrammeReview) -> Cell:
    formula = formulas.capped_mean(each.programme.number, _TALLIES[Tally.REPORTED], NONE)
    if each.exact_mean is None:
        return words.NO_FIGURE._replace(decimals=formulas.MEAN_DECIMALS, formula=formula)
    return _working(each.exact_mean, formulas.MEAN_DECIMALS)._replace(formula=formula)


def _method_section(review: Review, section: Section, inputs: Mapping[str, str]) -> Section:
    facts = Facts(
        (
            Item("作成に使ったプログラム", Cell(f"jusou {__version__}")),
            Item("作成の基準日", Cell(wareki(review.today))),
        )
    )
    columns = (Column("file", "ファイル", Kind.NAME), Column("sha256", "SHA-256", Kind.TEXT))
    files = Table(
        "inputs",
        "作成に使ったデータ",
        columns,
        tuple((Cell(path), Cell(digest)) for path, digest in inputs.items()),
        "SHA-256: ファイルの内容から計算した値。同じ値であれば同じ内容です。",
        "記録はありません。",
    )
    return section._replace(tab="方法", blocks=(*section.blocks, Bullets(_NOTES), facts, files))
