"""上半期進捗状況: the sentence first, then what asks for a decision, then every indicator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from jusou.logs.dataset import Note
from jusou.logs.schema import NOTE_FIELDS, REPORTED, Basis
from jusou.plan.model import UNASSIGNED, Direction
from jusou.report import words
from jusou.report.document import (
    HALF_YEAR,
    HALF_YEAR_LIST,
    HALF_YEAR_METHOD,
    NONE,
    Block,
    Bullets,
    Cell,
    Column,
    ColumnOf,
    Columns,
    Item,
    Kind,
    Section,
    Table,
    filled,
)
from jusou.report.sections.how_to_read import scale_table
from jusou.review.assessment import Status
from jusou.review.half_year import HalfYear, HalfYearIndicator, Outlook

_TEXTS = ("first_half", "forecast_cause", "second_half", "next_year")
_EMPTY = "該当する指標はありません。"
_MISSING = "未報告"


def half_year_sections(half: HalfYear) -> tuple[Section, ...]:
    """Return what there is to say at half-year, in the order in which it is read."""
    tables = (_short(half), _behind_last_year(half), _behind_elapsed(half), _missing(half))
    blocks: tuple[Block, ...] = (Bullets(conclusion(half)), *tables, *_unsettled(half))
    return (
        Section(HALF_YEAR, "上半期の状況", blocks),
        Section(
            HALF_YEAR_METHOD, "表の見方", (Bullets(_method(half)), scale_table(half.review.plan))
        ),
        Section(HALF_YEAR_LIST, _list_title(half), (_list(half), *_others(half)), tab="指標一覧"),
    )


def conclusion(half: HalfYear) -> tuple[str, ...]:
    """Return in sentences how many have answered, and what they expect."""
    counts, indicators = half.outlooks, half.indicators
    said = [
        f"回答{half.reported}／{half.asked}",
        f"年度末に目標達成の見込み{counts[Outlook.MET]}",
        f"{_falls_short(half)}見込み{counts[Outlook.SHORT]}",
        f"見込み未定{counts[Outlook.OPEN]}",
        f"未回答{counts[Outlook.UNREPORTED]}",
    ]
    if counts[Outlook.EXCLUDED]:
        said.append(f"対象外{counts[Outlook.EXCLUDED]}")
    sentences = [f"{'、'.join(said)}（指標数）。"]
    if half.comparable:
        behind = sum(each.is_behind_last_year for each in indicators)
        sentences.append(
            f"前年同期と比べられる{half.comparable}指標のうち、{behind}指標が前年同期を"
            f"{'下回っています' if _ups(half) else '下回るか、悪くなっています'}。"
        )
    return tuple(sentences)


def _ups(half: HalfYear) -> bool:
    others = (Direction.DOWN, Direction.KEEP)
    return all(each.review.indicator.direction not in others for each in half.indicators)


def _falls_short(half: HalfYear) -> str:
    """Less of what should be less is no shortfall: where a plan has such, other words fit."""
    return "目標を下回る" if _ups(half) else "目標に届かない"


# ------------------------------------------------------------------------------------- columns


def _figure(value: Decimal | None, each: HalfYearIndicator, aside: str = "") -> Cell:
    return words.number(value, each.review.indicator, aside)


def _interim_cell(each: HalfYearIndicator) -> Cell:
    """Return the figure of the half year; of another day, with that day."""
    interim, year = each.interim, each.review.current.year
    if interim is None:
        return _missing_cell(each, Basis.INTERIM)
    day = interim.as_of
    aside = "" if day == year.interim_day else words.month_day(day)
    return _figure(interim.value, each, aside)


def _expected_cell(each: HalfYearIndicator) -> Cell:
    """Return what is expected of the year's end: the 見込, or what is known already."""
    current, indicator = each.review.current, each.review.indicator
    if current.status is Status.FORECAST:  # as the heading says
        return words.number(current.value, indicator)
    if current.status in (Status.INTERIM, Status.UNREPORTED):
        return _missing_cell(each, Basis.FORECAST)
    if current.status is Status.PENDING:
        return Cell(str(Basis.PENDING), decimals=indicator.decimals)
    cell = words.actual_cell(current, indicator)
    if current.row and current.row.basis is Basis.FINAL:
        return words.with_unit(cell._replace(aside=str(Basis.FINAL)), "")  # it is no 見込
    return cell


def _missing_cell(each: HalfYearIndicator, basis: Basis) -> Cell:
    decimals = each.review.indicator.decimals
    if basis in each.missing:
        return Cell(_MISSING, decimals=decimals)
    return words.NO_FIGURE._replace(decimals=decimals)


def _rating_cell(each: HalfYearIndicator) -> Cell:
    """Return the rating, marked where it is not of a 見込."""
    current = each.review.current
    if current.status is Status.FORECAST and current.rating:
        return Cell(current.rating)
    return words.rating_cell(current)


def _outlook_last_year(each: HalfYearIndicator) -> Cell:
    """「2,700→2,649」: how good last year's 見込 was; nothing without both."""
    review = each.review
    if review.previous_forecast is None or review.previous is None:
        return words.NO_FIGURE
    values = [_figure(review.previous_forecast, each), words.previous_cell(review)]
    return Cell("→".join(it.text for it in values), "から".join(it.aloud for it in values))


_NAME: ColumnOf[HalfYearIndicator] = (
    Column("name", "指標", Kind.NAME),
    lambda it: words.title_cell(it.review),
)
_TARGET: ColumnOf[HalfYearIndicator] = (
    Column("target", "年間目標", Kind.NUMBER),
    lambda it: words.target_cell(it.review),
)
_PREVIOUS: ColumnOf[HalfYearIndicator] = (
    Column("previous-interim", "前年同期", Kind.NUMBER),
    lambda it: _figure(it.interim.previous if it.interim else None, it),
)
_INTERIM: ColumnOf[HalfYearIndicator] = (
    Column("interim", "上半期実績", Kind.NUMBER),
    _interim_cell,
)
_SHARE: ColumnOf[HalfYearIndicator] = (
    Column("share", "目標に対する割合（％）", Kind.NUMBER, "目標比"),
    lambda it: words.percent(it.interim.progress if it.interim else None),
)
_ATTAINMENT: ColumnOf[HalfYearIndicator] = (
    Column("attainment", "見込達成率（％）", Kind.NUMBER, "見込達成率"),
    lambda it: words.attainment_cell(it.review.current),
)


def _expected(half: HalfYear) -> ColumnOf[HalfYearIndicator]:
    """Return the column of what is expected; its heading names what is known already."""
    there = {each.review.current.row.basis for each in half.indicators if each.review.current.row}
    title = "・".join(["年度末見込", *(basis for basis in Basis if basis in there & REPORTED)])
    return Column("expected", title, Kind.NUMBER), _expected_cell


# -------------------------------------------------------------------------------------- tables


def _short(half: HalfYear) -> Table:
    expected = _expected(half)
    columns: Columns[HalfYearIndicator] = (
        _NAME,
        (Column("target", "目標", Kind.NUMBER), lambda it: words.target_cell(it.review)),
        expected,
        (
            Column("gap", "差", Kind.DIFFERENCE),
            lambda it: words.difference(it.gap, it.review.indicator),
        ),
        _ATTAINMENT,
        (
            Column("cause", "要因", Kind.REMARK),
            lambda it: words.text_cell(it.review.note.forecast_cause or it.review.note.cause),
        ),
        (
            Column("second-half", NOTE_FIELDS["second_half"], Kind.REMARK),
            lambda it: words.text_cell(it.review.note.second_half),
        ),
    )
    found = [each for each in half.indicators if each.outlook is Outlook.SHORT]
    found.sort(key=lambda each: each.review.current.attainment or 0)
    return Table(
        "half-year-short",
        f"年度末に{_falls_short(half)}見込みの指標",
        *filled(columns, found),
        legend=words.legend(
            f"見込達成率の低い順。差: {expected[0].title} － 目標。",
            words.corrected_words((each.review for each in found), previous=False),
        ),
        marks=f"{NONE}: 記入なし　△: 減・マイナス",
        empty=_EMPTY,
    )


def _behind_last_year(half: HalfYear) -> Table:
    columns: Columns[HalfYearIndicator] = (
        _NAME,
        _PREVIOUS,
        _INTERIM,
        (
            Column("change", "差", Kind.DIFFERENCE),
            lambda it: words.difference(it.vs_previous, it.review.indicator),
        ),
        _expected(half),
        _ATTAINMENT,
    )
    found = [each for each in half.indicators if each.is_behind_last_year]
    legend = (
        "" if _ups(half) else "少ないほどよい指標は上回るもの、維持する指標は目標から遠いもの。"
    )
    return Table(
        "half-year-behind-last-year",
        "前年同期を下回る指標",
        *filled(columns, found),
        legend=legend,
        empty=_EMPTY if half.comparable else "前年同期の値のある指標はありません。",
    )


def _behind_elapsed(half: HalfYear) -> Table:
    found = [each for each in half.indicators if each.is_behind_elapsed]
    elapsed = words.percent_words(half.elapsed)
    return Table(
        "half-year-behind-elapsed",
        f"目標に対する割合が経過割合（{half.months}か月・{elapsed}）を下回る指標"
        "（参考。時期に偏りのある事業を含みます）",
        *filled((_NAME, _TARGET, _INTERIM, _SHARE, _PREVIOUS, _expected(half), _ATTAINMENT), found),
        empty=_EMPTY,
    )


def _missing(half: HalfYear) -> Table:
    """Return a row for each reporter of whom something is still to come, in the plan's order."""
    found: dict[str, list[str]] = {}
    for each in half.indicators:
        if each.missing:
            said = words.bracketed(words.name_cell(each.review).text, "・".join(each.missing))
            found.setdefault(each.review.indicator.reporter or UNASSIGNED, []).append(said)
    columns: Columns[tuple[str, list[str]]] = (
        (Column("reporter", "照会先", Kind.NAME), lambda it: Cell(it[0])),
        (Column("count", "指標数", Kind.NUMBER), lambda it: words.count(len(it[1]))),
        (Column("missing", f"{_MISSING}のもの", Kind.REMARK), lambda it: Cell("、".join(it[1]))),
    )
    return Table(
        "half-year-missing",
        f"{_MISSING}の中間・見込（照会先別）",
        *filled(columns, found.items()),
        empty=f"{_MISSING}の中間・見込はありません。",
    )


def _unsettled(half: HalfYear) -> Iterator[Bullets]:
    """Yield a line of those that are 未確定, each with its reason: they are 見込み未定, too."""
    found = [each.review for each in half.indicators if each.outlook is Outlook.OPEN]
    said = [
        words.bracketed(words.name_cell(each).text, each.current.row.remark)
        for each in found
        if each.current.row and each.current.status is Status.PENDING
    ]
    if said:
        yield Bullets((f"見込み未定のうち、{Basis.PENDING}の{len(said)}指標: {'、'.join(said)}。",))


def _list_title(half: HalfYear) -> str:
    over = f"{words.month_day(half.day)}で{half.months}か月経過"
    return f"指標一覧　{words.bracketed(over, words.percent_words(half.elapsed))}"


def _list(half: HalfYear) -> Table:
    columns: Columns[HalfYearIndicator] = (
        (Column("name", "指標", Kind.NAME), lambda it: words.name_cell(it.review)),
        (Column("unit", "単位", Kind.TEXT), lambda it: words.text_cell(it.review.indicator.unit)),
        (
            Column("previous", "前年度実績", Kind.NUMBER),
            lambda it: words.previous_cell(it.review),
        ),
        _PREVIOUS,
        _TARGET,
        _INTERIM,
        _SHARE,
        _expected(half),
        (Column("last-outlook", "前年度の見込→確定", Kind.NUMBER), _outlook_last_year),
        _ATTAINMENT,
        (Column("rating", "見込達成度", Kind.MARK), _rating_cell),
    )
    return Table(
        HALF_YEAR_LIST,
        _list_title(half),
        *filled(columns, half.indicators),
        legend=words.legend(
            f"達成度 {words.scale_words(half.review.plan)}。",
            words.corrected_words(half.review.indicators),
        ),
        marks=f"{NONE}: 数値なし",
        below=tuple(_texts(each.review.note) for each in half.indicators),
    )


def _texts(note: Note) -> tuple[Item, ...]:
    return words.written_items(words.noted(note, *_TEXTS))


def _others(half: HalfYear) -> Sequence[Table]:
    """Return the texts of programmes and initiatives, where there are any."""
    found = [(name, note) for name, note in _subjects(half) if _texts(note)]
    if not found:
        return ()
    columns: Columns[tuple[str, Note]] = (
        (Column("name", "事業・取組", Kind.NAME), lambda it: Cell(it[0])),
        *map(_text_column, _TEXTS),
    )
    table = filled(columns, found)
    return (Table("half-year-others", "事業・取組の状況", *table, marks=f"{NONE}: 記入なし"),)


def _text_column(field: str) -> ColumnOf[tuple[str, Note]]:
    column = Column(field.replace("_", "-"), NOTE_FIELDS[field], Kind.REMARK)
    return column, lambda it: words.text_cell(getattr(it[1], field))


def _subjects(half: HalfYear) -> Iterator[tuple[str, Note]]:
    for each in half.review.programmes:
        yield each.programme.title, each.note
        for one in each.initiatives:
            yield words.initiative_title(each.programme, one.initiative), one.note


def _method(half: HalfYear) -> tuple[str, ...]:
    """Return what the columns mean."""
    day, elapsed = words.month_day(half.day), words.percent_words(half.elapsed)
    return (
        f"上半期実績: {day}現在の値（中間）。ほかの日の値には、その日を示します。",
        "前年同期: 前年度の同じ月日の値。",
        "目標に対する割合: 上半期実績 ÷ 年間目標 × 100。"
        "年間の数で、多いほどよく、目標が10を超える指標だけです。",
        f"経過割合: 過ぎた月数 ÷ 12 × 100（{half.months}か月で{elapsed}）。",
        "年度末見込: 見込の値。確定・速報があれば、その値にその旨を示します。",
        "見込達成率・見込達成度: 年度末見込を年間目標と比べたもの。"
        "計算と区分は、年度末の評価と同じです。",
        f"前年度の見込→確定: {half.review.year.previous}に見込んだ値と、"
        "その年度の実績（確定・速報）。",
        "見込み未定: 中間の値だけの指標と、未確定の指標。"
        f"未回答: 何も記録のない指標。{_MISSING}: まだ報告のない中間か見込。"
        "対象外: 該当なし・測定不能・目標なし・算定不能、調査や目標の年度でないもの。",
        "—: 数値または記入なし。△: 減・マイナス。",
    )
