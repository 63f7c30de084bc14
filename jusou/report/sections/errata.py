"""正誤表: what was wrong in a handout and what follows from it; 「数値の確定について」 apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from jusou.errors import JusouError
from jusou.handouts.changes import Change, Figure, Kind, Plain
from jusou.handouts.manifest import Handout
from jusou.plan.model import Plan
from jusou.report import words
from jusou.report.charts.content import Illustrated, alt
from jusou.report.differences import Difference, Spot, differences
from jusou.report.document import (
    CHANGES,
    INDICATORS,
    NONE,
    SUMMARY,
    Bullets,
    Cell,
    Column,
    Columns,
    Document,
    Held,
    Pdca,
    Section,
    Table,
    filled,
)
from jusou.report.document import Kind as ColumnKind
from jusou.report.sections.changes import NO_REASON, field_words, subject_words, value_words
from jusou.report.sections.paper import paper
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear

# What has to be as it was printed, before anything may be called wrong or right.
_SURE = {"target", "actual", "parts", "previous", "attainment", "rating", "met", "ratings", "mean"}
_NAMED = 3
_COMES_IN = {Kind.SETTLED, Kind.ADDED, Kind.UPDATED}
_ABSENT, _DELETED, _FOLLOWS = "（記載なし）", "（削除）", "上記に伴う"

Pages = Mapping[str, Mapping[str, int]]
"""The page of each subject, by the key of a table or of a section."""


class Pair(NamedTuple):
    """A pack as it was handed out, and as it would have been without errors; why each was made.

    ``plan`` is what it was made from.
    """

    plan: Plan
    printed: Illustrated
    right: Illustrated
    reasons: Mapping[Figure, str]
    mistyped: Mapping[str, str]


def check_remade(plan: Plan, handout: Handout, found: Sequence[Change]) -> None:
    """Raise JusouError where a handout that was made again is another one.

    ``found`` are the figures that are not what was printed.
    """
    others = [each for each in found if each.field in _SURE]
    if others:
        named = "、".join(
            f"{subject_words(plan, each)}の{field_words(plan, each)}"
            f"（配った資料 {value_words(plan, each, each.before)}、"
            f"作り直すと {value_words(plan, each, each.after)}）"
            for each in others[:_NAMED]
        )
        message = f"{handout.name} を今の記録から作り直すと、違う数値になります: {named}"
        hint = (
            "記録の行が書き換えられていないか jusou check で確かめてください"
            f"（資料は {handout.review['source']['program']} の計算です）。"
            f"変わったところは jusou diff {handout.year} で見られます。"
        )
        raise JusouError(message, hint)


def errata_document(
    plan: Plan, handout: Handout, pair: Pair, others: Sequence[Change], today: date
) -> Document | None:
    """Return the 正誤表 of a handout; None where nothing in it was wrong.

    ``others`` is what differs now from the pack without errors.
    """
    lines = _lines(handout, pair)
    if not lines:
        return None
    columns: Columns[tuple[int, _Line]] = (
        (Column("number", "No.", ColumnKind.MARK), lambda it: Cell(str(it[0]))),
        (Column("pages", "ページ", ColumnKind.TEXT), lambda it: _pages_cell(it[1].pages)),
        (Column("place", "箇所", ColumnKind.REMARK), lambda it: Cell(it[1].place)),
        (Column("wrong", "誤", ColumnKind.REMARK), lambda it: Cell(it[1].wrong)),
        (Column("right", "正", ColumnKind.REMARK), lambda it: Cell(it[1].right)),
        (Column("reason", "訂正理由", ColumnKind.REMARK), lambda it: Cell(it[1].reason)),
    )
    lead = f"{_cited(handout)}に誤りがありましたので、お詫びして訂正します。"
    table = Table("errata", lead, *filled(columns, enumerate(lines, 1)))
    foot = (*_other_words(plan, others), *_also_words(handout, pair), *_contact_words(plan))
    section = Section(SUMMARY, "正誤表", (table, Bullets(foot)))
    return _sheet(plan, handout, section, today)


def settled_document(
    plan: Plan, handout: Handout, changes: Sequence[Change], now: Plain, today: date
) -> Document | None:
    """Return which figures were settled or have come in since a handout; None where none was.

    They were no errors, for it called them 速報, 見込 or 集計中. ``now`` is the review with them.
    """
    found = [each for each in changes if not each.follows and {*each.kinds} & _COMES_IN]
    if not found:
        return None
    reviews = {each["id"]: each for each in now["indicators"]}
    pages = handout.tables.get(INDICATORS, {})

    def rated(it: Change, field: str, *keys: str) -> Cell:
        review = reviews[it.subject]
        return Cell(value_words(plan, it._replace(field=field), [review[key] for key in keys]))

    columns: Columns[Change] = (
        (Column("name", "指標", ColumnKind.NAME), lambda it: Cell(subject_words(plan, it))),
        (
            Column("pages", "ページ", ColumnKind.TEXT),
            lambda it: _pages_cell([pages[it.subject]] if it.subject in pages else []),
        ),
        (Column("kind", "区分", ColumnKind.TEXT), lambda it: Cell("・".join(it.kinds))),
        (Column("field", "欄", ColumnKind.TEXT), lambda it: Cell(field_words(plan, it))),
        (
            Column("before", handout.number or "配布した資料", ColumnKind.TEXT),
            lambda it: Cell(value_words(plan, it, it.before)),
        ),
        (
            Column("after", "今回", ColumnKind.TEXT),
            lambda it: Cell(value_words(plan, it, it.after)),
        ),
        (
            Column("attainment", "達成率", ColumnKind.TEXT),
            lambda it: rated(it, "attainment", "attainment", "unrated_reason"),
        ),
        (Column("rating", "達成度", ColumnKind.MARK), lambda it: rated(it, "rating", "rating")),
    )
    lead = f"{_cited(handout)}では確定していなかった数値が、次のとおりになりました。"
    table = Table("settled", lead, *filled(columns, found))
    legend = "ページは指標一覧のページ、達成率と達成度は今回の値によるものです。"
    foot = Bullets((legend, *_contact_words(plan)))
    section = Section(SUMMARY, "数値の確定について", (table, foot))
    return _sheet(plan, handout, section, today)


def _sheet(plan: Plan, handout: Handout, section: Section, today: date) -> Document:
    """Return a paper with the day and the department at its head."""
    title = f"{plan.info.title}　{plan.own(handout.year).long_name} 進捗評価表　{section.title}"
    made = paper(plan, title, [section], today)
    subtitle = "　".join(filter(None, (made.subtitle, plan.info.contact)))
    return replace(made, subtitle=subtitle, as_of=wareki(today))


def _contact_words(plan: Plan) -> Iterator[str]:
    if plan.info.contact:
        yield f"お問い合わせ: {plan.info.contact}"


def _cited(handout: Handout) -> str:
    number = handout.number or "資料"
    return f"{wareki(handout.day)}の{handout.meeting}で配布した{number}"


def _pages_cell(pages: Iterable[int]) -> Cell:
    return words.text_cell("、".join(map(str, pages)))


def _other_words(plan: Plan, others: Sequence[Change]) -> Iterator[str]:
    """Yield whether ratings and counts are what the handout says, but for its errors."""
    # No error is behind these: where no row is either, the plan was edited.
    changed = [
        each._replace(kinds=tuple(sorted({*each.kinds} - {Kind.CORRECTED})) or (Kind.OTHER,))
        for each in others
        if each.field == "rating" or (each.field == "met" and not each.subject)
    ]
    # Of a plan that was edited nobody but its editor knows whether the former was wrong; where it
    # was, the total may follow from that too.
    is_edited = any(Kind.OTHER in each.kinds for each in changed)
    edited = [
        each for each in changed if Kind.OTHER in each.kinds or (is_edited and not each.subject)
    ]
    innocent = [each for each in changed if each not in edited]
    for found, aside in ((innocent, "誤りではありません"), (edited, "")):
        if found:
            kinds = {kind for each in found for kind in each.kinds}
            why = words.bracketed("・".join(kind for kind in Kind if kind in kinds), aside)
            said = "、".join(
                f"{subject_words(plan, each)}の{field_words(plan, each)} "
                f"{value_words(plan, each, each.before)}→{value_words(plan, each, each.after)}"
                for each in found
            )
            yield f"上記のほか、配布後の{why}により、次のとおり変わりました: {said}。"
    if not changed:
        yield "上記以外の達成度・達成数に変更はありません。"


def _also_words(handout: Handout, pair: Pair) -> Iterator[str]:
    """Yield what else shows figures that were wrong: charts, and the changes since a handout."""
    right = {sheet.key: alt(sheet) for sheet in pair.right.sheets}
    wrong = [sheet.title for sheet in pair.printed.sheets if right.get(sheet.key) != alt(sheet)]
    if wrong:
        names = "".join(f"「{title}」" for title in wrong)
        yield f"{names}のグラフも、上記のとおりに読み替えてください。"
    if CHANGES in handout.tables:
        yield "「資料からの変更点」に同じ数値があれば、上記のとおりに読み替えてください。"


# --------------------------------------------------------------------------------------- lines


class _Line(NamedTuple):
    """A line of the 正誤表, and the pages of the handout on which the wrong words stand."""

    pages: tuple[int, ...]
    place: str
    wrong: str
    right: str
    reason: str


class _Said(NamedTuple):
    """What is said of an indicator under one title, at all the places that say the same.

    ``held`` tells which figure of the plan or the logs it is; None where it is computed.
    """

    title: str
    held: tuple[Held, FiscalYear] | None
    found: list[Difference]

    @property
    def is_target(self) -> bool:
        """Tell whether it is a target, of whatever year: that is wrong by itself."""
        return self.held is not None and self.held[0] is Held.TARGET

    def figure(self, subject: str) -> Figure | None:
        """Return which actual of an indicator it is, if it is one."""
        if self.held is None or self.is_target:
            return None
        return self.held[1], subject

    @property
    def is_listed(self) -> bool:
        """Tell whether the list of all indicators says it: rate, rating, differences."""
        return any(each.spot.block == INDICATORS for each in self.found)


def _lines(handout: Handout, pair: Pair) -> list[_Line]:
    """Return every line: of each indicator its figure first, then what follows from it.

    The indicators stand in the order of pages, behind them those of which only what others made
    of them was wrong; so does, last, what is said of programmes and of the plan.
    """
    pages = _pages_by_section(handout, pair.printed)
    by_subject: dict[str, list[Difference]] = {}
    for each in differences(pair.printed, pair.right):
        by_subject.setdefault(each.spot.subject, []).append(each)
    of_plan = by_subject.pop("", [])
    lines: list[_Line] = []
    year = pair.plan.own(handout.year)
    told = {key: _by_title(year, pair, key, found) for key, found in by_subject.items()}
    # A figure that was wrong may be of a year that is not printed.
    wrong = {*pair.mistyped} | {
        key for key, said in told.items() if any(one.figure(key) in pair.reasons for one in said)
    }

    def order(subject: str) -> tuple[bool, tuple[int, ...]]:
        return subject not in wrong, _pages_of(by_subject[subject], pages)[:1]

    for subject in sorted(told, key=order):
        said = told[subject]
        numbers = dict[Figure, str]()  # of the line of each figure
        for number, one in enumerate(said, len(lines) + 1):
            figure = one.figure(subject)
            if figure and figure in pair.reasons:
                numbers.setdefault(figure, str(number))
        first = "・".join(numbers.values()) or str(len(lines) + 1)
        follows = f"No.{first}に伴う" if subject in wrong else _FOLLOWS
        lines += _of_indicator(pair, subject, said, pages, follows)
    return [*lines, *sorted(_of_plan(of_plan, pages), key=lambda it: it.pages[:1])]


def _by_title(
    year: FiscalYear, pair: Pair, subject: str, found: Iterable[Difference]
) -> list[_Said]:
    """Return what is said of an indicator: what was wrong, then what follows from it."""
    merged = dict[object, _Said]()
    for each in found:
        title = each.spot.title.removeprefix(str(year)).removesuffix("（％）")
        held = next((cell.held for cell in (*each.before, *each.after) if cell.held), None)
        key = (held or title, _content(each.before), _content(each.after))
        merged.setdefault(key, _Said(title, held, [])).found.append(each)

    def order(said: _Said) -> tuple[bool, ...]:
        is_corrected = said.figure(subject) in pair.reasons
        return not is_corrected, not said.is_target, not said.is_listed

    return sorted(merged.values(), key=order)


def _content(cells: Iterable[Cell]) -> tuple[object, ...]:
    """Return what cells say, with a unit or without; nothing is 「—」 in some tables."""
    return tuple(
        cell.text if cell.value is None else (cell.value, cell.notation, cell.aside)
        for cell in cells
        if cell.text != NONE
    )


def _of_indicator(
    pair: Pair, subject: str, said: Sequence[_Said], pages: Pages, follows: str
) -> Iterator[_Line]:
    """Yield the lines of an indicator, given what is said of those that follow from others.

    What is said at one place only is named with it.
    """
    name, label = words.subject_name(pair.plan, subject), pair.plan.labels[subject]
    for index, each in enumerate(said):
        (title, _, found), figure = each, each.figure(subject)
        first = next(
            (one for one in found if any(it.unit for it in (*one.before, *one.after))), found[0]
        )
        place = (name if not index else label, "" if found[1:] else first.caption, title)
        unit = pair.plan.indicators[subject].unit if figure else ""
        reason = pair.reasons.get(figure) if figure else None
        if reason is None and (not index or each.is_target):
            reason = pair.mistyped.get(subject)
        yield _Line(
            _pages_of(found, pages),
            "　".join(filter(None, place)),
            _texts(first.before, unit) or _ABSENT,
            _texts(first.after, unit) or _DELETED,
            follows if reason is None else reason or NO_REASON,
        )


def _of_plan(found: Iterable[Difference], pages: Pages) -> Iterator[_Line]:
    """Yield a line for each row of a programme or of the plan, then for sentences."""
    rows: dict[Spot, list[Difference]] = {}
    for each in sorted(found, key=lambda it: not it.spot.row):
        spot = each.spot
        rows.setdefault(spot._replace(title="") if spot.row else spot, []).append(each)
    for spot, cells in rows.items():
        yield _Line(
            _pages_of(cells, pages),
            "　".join(filter(None, (cells[0].caption, spot.row, spot.title))),
            "、".join(_titled(each.spot, each.before) for each in cells) or _ABSENT,
            "、".join(_titled(each.spot, each.after) for each in cells) or _DELETED,
            _FOLLOWS,
        )


def _titled(spot: Spot, cells: Iterable[Cell]) -> str:
    return f"{spot.title if spot.row else ''} {_texts(cells)}".strip()


def _texts(cells: Iterable[Cell], unit: str = "") -> str:
    return "\n".join(words.with_unit(cell, unit).text if unit else cell.text for cell in cells)


# --------------------------------------------------------------------------------------- pages


def _pages_by_section(handout: Handout, document: Document) -> Pages:
    """Return the pages of the tables, with what has none of its own on the first of its section.

    There are none where the handout was kept without its PDF.
    """
    tables, found = handout.tables, dict[str, Mapping[str, int]]()
    for section in document.sections:
        keys = [each.key for each in section.blocks if isinstance(each, Table | Pdca)]
        known = [page for key in keys for page in tables.get(key, {}).values()]
        first = {"": min(known)} if known else {}
        found |= {key: tables.get(key, first) for key in (section.key, *keys)}
    return found


def _pages_of(found: Iterable[Difference], pages: Pages) -> tuple[int, ...]:
    numbers: set[int] = set()
    for each in found:
        there = pages.get(each.spot.block, {})
        numbers |= {there.get(each.spot.subject, min(there.values()))} if there else set()
    return tuple(sorted(numbers))
