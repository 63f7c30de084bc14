"""Reads the rows of the logs: every rule of a row stands here once.

The same readers serve the loading of logs, the forms that come back and every command that
appends, so a row typed in Excel is as good as one the tool wrote. What is wrong is raised as a
JusouError that names the column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, partial

from jusou.errors import JusouError, Problem, warning
from jusou.logs.cells import (
    check_interim_date,
    check_published,
    find_indicator,
    find_noted,
    ratio_value,
    read_basis,
    read_choice,
    read_date,
    read_ratio,
    read_text,
    read_value,
    read_year,
)
from jusou.logs.schema import (
    ACTUALS,
    CLEAR,
    IMPORTS,
    NOTE_FIELDS,
    NOTES,
    PLAIN_TABLE,
    REMARK_WANTED,
    REVISIONS,
    Actual,
    Basis,
    FormKind,
    Import,
    Item,
    Log,
    ReviewNote,
    Revision,
    Taken,
    fields_of,
)
from jusou.plan.model import Indicator, Plan, years_hint
from jusou.values.escaping import unescaped, was_turned
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import fold, quote

_COUNT = re.compile("[0-9]{1,9}")
_DIGEST = re.compile("[0-9a-f]{64}")
_TAKEN = re.compile("(\\S+) (\\S+) ([0-9a-f]{8}) (.+)")
_OWN_ROW_HINT = "jusou が書いた行です。控えから戻してください。"


class RowReader:
    """Reads rows of one plan; what its cells say again and again is looked up once.

    ``unseen`` holds a warning for each log in whose texts characters were passed over that nobody
    sees, at the first of them.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.unseen: dict[str, Problem] = {}
        self._read_slot = cache(partial(_read_slot, plan))
        self._read_figure = cache(partial(_read_figure, plan))
        self._read_text = cache(read_text)

    def actual(
        self, year: FiscalYear, cells: Sequence[str], path: str = "", line: int = 0
    ) -> Actual:
        """Return a row of the actuals log of a year, given its cells in the log's order."""
        (
            recorded_at, year_text, key, value, numerator, denominator,
            basis_text, as_of_text, recorded_by, remark, reason, _,
        ) = cells  # fmt: skip
        texts = (year_text, key, basis_text, as_of_text)
        indicator, basis, as_of = self._read_slot(year, texts)
        figure = self._read_figure(indicator, basis, (value, numerator, denominator))
        if remark := remark.strip():
            remark = self._text("備考", remark, path, line)
        if reason := reason.strip():
            reason = self._text("訂正理由", reason, path, line)
        return Actual(
            year, indicator, basis, *figure, as_of,
            recorded_at.strip(), recorded_by.strip(), remark, reason, path, line,
        )  # fmt: skip

    def _text(self, column: str, text: str, path: str, line: int) -> str:
        read = self._read_text(column, text)
        if read != text and path not in self.unseen:
            self.unseen[path] = unseen(path, line, column)
        return read

    def note(
        self, year: FiscalYear, cells: Sequence[str], path: str = "", line: int = 0
    ) -> ReviewNote:
        """Return a row of the log of texts of a year, given its cells in the log's order."""
        texts = dict(zip(NOTES.columns, map(str.strip, cells), strict=True))
        check_file_year(texts["年度"], year)
        subject = find_noted(self.plan, texts["対象"])
        given = {
            name: text
            for name, title in NOTE_FIELDS.items()
            if texts[title] and (text := self._text(title, texts[title], path, line))
        }
        return ReviewNote(
            year,
            subject,
            read_texts(self.plan, subject, given),
            texts["記録日時"],
            texts["入力者"],
            path,
            line,
        )

    def revision(self, cells: Sequence[str], path: str = "", line: int = 0) -> Revision:
        """Return a row of ``revisions.csv``, given its cells in the log's order."""
        texts = dict(zip(REVISIONS.columns, map(str.strip, cells), strict=True))
        plan, indicator = self.plan, find_indicator(self.plan, texts["指標"])
        item = _read_item(texts["項目"])
        if empty := [column for column in _WANTED[item] if not texts[column]]:
            columns = "と".join(empty)
            hint = f"{columns}を入力してください。"
            raise JusouError(f"{columns}が空です。", hint, column=empty[0])
        for column in _BLANK.get(item, ()):
            if texts[column]:
                message = f"項目「{item}」の行の{column}に{quote(texts[column])}があります。"
                raise JusouError(message, f"{column}は空にしてください。", column=column)
        year = None
        if texts["年度"]:
            year = read_year(texts["年度"], calendar=plan.info.start.calendar)
        decided_on = read_date("決定日", texts["決定日"])
        if year and item not in NAMING:
            self._check_revised_year(indicator, item, year, texts, decided_on)
        before, after = (unescaped(texts[column]) for column in ("変更前", "変更後"))
        published = after if item is Item.PUBLISHED else texts["公表日"]
        published_on = read_date("公表日", published) if published else None
        if published_on:
            check_published(published_on, decided_on)
        is_figure = item in (Item.TARGET, Item.BASELINE)
        return Revision(
            indicator.id,
            item,
            year,
            read_value("変更前", before, indicator) if before and is_figure else None,
            read_value("変更後", after, indicator) if is_figure else None,
            self._text("理由", texts["理由"], path, line),
            self._text("決定機関", texts["決定機関"], path, line),
            decided_on,
            self._text("意見聴取", texts["意見聴取"], path, line),
            published_on,
            ("", "") if is_figure else (before, self._text("変更後", after, path, line)),
            texts["記録日時"],
            texts["入力者"],
            path,
            line,
        )

    def _check_revised_year(
        self,
        indicator: Indicator,
        item: Item,
        year: FiscalYear,
        texts: Mapping[str, str],
        decided_on: date,
    ) -> None:
        """Refuse a change of a year that is none of the plan's, or that was over by then."""
        info, found = self.plan.info, f"年度{quote(texts['年度'])}"
        own = item is Item.TARGET and year in indicator.targets
        if year not in self.plan.years and not own:
            hint = f"計画期間は {info.start} から {info.end} までです。"
            raise JusouError(f"{found}は計画期間の外です。", hint, column="年度")
        if item is Item.JOIN and year != indicator.since:
            hint = f"targets.yaml の {indicator.id} に from: {year} と書くか、確かめてください。"
            message = f"{found}が、計画の from（{indicator.since or 'なし'}）と違います。"
            raise JusouError(message, hint, column="年度")
        if item is not Item.JOIN and year.has_ended(decided_on):
            message = f"{year} は決定日{quote(texts['決定日'])}より前に終わっています。"
            what = "の目標値は変更" if item is Item.TARGET else "にさかのぼることは"
            raise JusouError(message, f"終わった年度{what}できません。", column="年度")

    def imported(self, cells: Sequence[str], path: str = "", line: int = 0) -> Import:
        """Return a row of the log of imports, given its cells in the log's order."""
        texts = dict(zip(IMPORTS.columns, map(str.strip, cells), strict=True))
        year = read_year(texts["年度"], calendar=self.plan.info.start.calendar)
        if year not in self.plan.log_years:
            message = f"年度{quote(texts['年度'])}は計画の年度ではありません。"
            raise JusouError(message, years_hint(self.plan.log_years), column="年度")
        kind, left, digest = texts["種類"], texts["取込不可"], texts["SHA256"]
        if kind not in (*FormKind, PLAIN_TABLE):
            hint = f"{'・'.join((*FormKind, PLAIN_TABLE))} のどれかです。"
            raise JusouError(f"種類{quote(kind)}は使えません。", hint, column="種類")
        indicators = self._ids(texts, "指標")
        blank, missing, pending = (self._ids(texts, each) for each in ("空欄", "行なし", "未取込"))
        for column, found in (("空欄", blank), ("行なし", missing), ("未取込", pending)):
            if strange := [each for each in found if each not in indicators]:
                message = f"{column}の {strange[0]} が、列「指標」にありません。"
                raise JusouError(message, _OWN_ROW_HINT, column=column)
        if _COUNT.fullmatch(left) is None:
            hint = "取り込めなかったものの数です。なければ 0 としてください。"
            raise JusouError(f"取込不可{quote(left)}は数ではありません。", hint, column="取込不可")
        if _DIGEST.fullmatch(digest) is None:
            message = f"SHA256{quote(digest)}は64桁の16進数ではありません。"
            raise JusouError(message, _OWN_ROW_HINT, column="SHA256")
        return Import(
            year=year,
            reporter=texts["照会先"],
            kind=None if kind == PLAIN_TABLE else FormKind(kind),
            edition=texts["版"],
            indicators=indicators,
            blank=blank,
            missing=missing,
            pending=pending,
            left=int(left),
            file=texts["ファイル名"],
            digest=digest,
            filled_by=texts["記入者"],
            recorded_at=texts["記録日時"],
            recorded_by=texts["入力者"],
            remark=texts["備考"],
            taken=self._taken(texts["記録"]),
            path=path,
            line=line,
        )

    def _ids(self, texts: Mapping[str, str], column: str) -> tuple[str, ...]:
        return tuple(find_indicator(self.plan, each, column).id for each in texts[column].split())

    def _taken(self, text: str) -> tuple[Taken, ...]:
        """Read what was taken of a file; see ``Taken``."""
        found = []
        for each in text.split("; ") if text else ():
            match = _TAKEN.fullmatch(each)
            if match is None:
                raise JusouError(f"記録{quote(each)}は読めません。", _OWN_ROW_HINT, column="記録")
            subject, items, digest, cell = match.groups()
            subject = self.plan.former_ids.get(subject, subject)
            found.append(Taken(subject, tuple(items.split("・")), digest, cell))
        return tuple(found)


def _read_slot(
    plan: Plan, year: FiscalYear, texts: tuple[str, str, str, str]
) -> tuple[str, Basis, date | None]:
    """Return the indicator that a row is of, its 区分 and its 基準日."""
    year_text, key, basis_text, as_of_text = map(str.strip, texts)
    check_file_year(year_text, year)
    indicator = find_indicator(plan, key)
    basis = read_basis(basis_text)
    as_of = read_date("基準日", as_of_text) if as_of_text else None
    if basis is Basis.INTERIM:
        check_interim_date(as_of, as_of_text, year)
    return indicator.id, basis, as_of


def _read_figure(
    plan: Plan, name: str, basis: Basis, texts: tuple[str, str, str]
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Return the 実績値, 分子 and 分母 of a row, as far as its 区分 has them."""
    value, numerator, denominator = map(str.strip, texts)
    if not basis.needs_value and (value or numerator or denominator):
        column = "実績値" if value else "分子" if numerator else "分母"
        message = f"区分「{basis}」の行に数値{quote(value or numerator or denominator)}があります。"
        raise JusouError(message, "数値を消すか、区分を見直してください。", column=column)
    indicator = plan.indicators[name]
    if numerator or denominator:
        part, whole = read_ratio(indicator, numerator, denominator)
        return ratio_value(indicator, part, whole, value), part, whole
    if value:
        return read_value("実績値", value, indicator), None, None
    if basis.needs_value:
        hint = "数値が無い場合は、区分に 未確定・該当なし・測定不能 のどれかを入力してください。"
        raise JusouError("実績値が空です。", hint, column="実績値")
    return None, None, None


_WANTED: Mapping[Item, tuple[str, ...]] = {
    Item.TARGET: ("年度", "理由", "決定日", "変更後"),
    Item.BASELINE: ("理由", "決定日", "変更後"),
    Item.END: ("年度", "理由", "決定日"),
    Item.JOIN: ("年度", "理由", "決定日"),
    Item.DEFINITION: ("年度", "理由", "決定日", "変更後"),
    Item.REPORTER: ("年度", "理由", "決定日", "変更後"),
    Item.CANCELLED: ("理由", "決定日"),
    Item.PUBLISHED: ("決定日", "変更後"),
}
_BLANK: Mapping[Item, tuple[str, ...]] = {
    Item.BASELINE: ("年度",),
    Item.END: ("変更前", "変更後"),
    Item.JOIN: ("変更前", "変更後"),
    Item.PUBLISHED: ("変更前",),
}
NAMING = (Item.CANCELLED, Item.PUBLISHED)
"""What speaks of an earlier row, and changes nothing by itself."""


def _read_item(text: str) -> Item:
    for item in Item:
        if fold(text) in (fold(item), fold(item).partition("(")[0]) or not text:
            return item  # a blank cell is a target: the first
    hint = f"項目には、{'、'.join(Item)} のどれかを書いてください。"
    raise JusouError(f"項目{quote(text)}は変更できません。", hint, column="項目")


def read_actual(plan: Plan, year: FiscalYear, cells: Mapping[str, str]) -> Actual:
    """Return a figure typed anywhere but in a log, given its cells by heading."""
    return RowReader(plan).actual(
        plan.own(year), [cells.get(title, "") for title in ACTUALS.columns]
    )


def read_revision(plan: Plan, cells: Mapping[str, str]) -> Revision:
    """Return a change typed anywhere but in its log, given its cells by heading."""
    return RowReader(plan).revision([cells.get(title, "") for title in REVISIONS.columns])


def check_file_year(text: str, year: FiscalYear) -> None:
    """Refuse a typed 年度 that is not the year of its file."""
    if text and text != str(year) and (found := read_year(text, calendar=year.calendar)) != year:
        message = f"年度{quote(text)}が、ファイル名の {year} と違います。"
        hint = f"{found} の行なら {found}.csv に移し、{year} の行なら年度を直してください。"
        raise JusouError(message, hint, column="年度")


def read_texts(plan: Plan, subject: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of a subject by field, words chosen from a list as the plan spells them.

    （削除） becomes the empty text: it clears. Raises JusouError for a field of other subjects.
    """
    own = fields_of(subject)
    for name in texts.keys() - own.keys():
        message = f"{NOTE_FIELDS[name]}は、{subject} には書けません。"
        raise JusouError(
            message, f"{'、'.join(own.values())} を書けます。", column=NOTE_FIELDS[name]
        )
    choices = {"course": plan.courses, "evaluation": [grade.mark for grade in plan.scale]}
    read = {}
    for name, text in texts.items():
        if fold(text) == fold(CLEAR):
            read[name] = ""
        elif choices.get(name):
            read[name] = read_choice(NOTE_FIELDS[name], text, choices[name])
        else:
            read[name] = read_text(NOTE_FIELDS[name], text)
    return read


def unseen(path: str, line: int | None = None, column: str | None = None) -> Problem:
    """Return what to say of characters in a file that nobody sees, and that are not taken."""
    message = "目に見えない文字があります。読むときに除いています。"
    hint = "そのままでかまいません。ウェブページなどから写した文に、混ざることがあります。"
    return warning(message, hint, path, line, column)


def turned(log: Log, cells: Sequence[str], path: str, line: int) -> Problem | None:
    """Return what to say of a row, as it stands in its file, if a spreadsheet changed a text."""
    for title, cell in zip(log.columns, cells, strict=True):
        if cell and was_turned(cell) and log.is_text(title):
            message = f"{title}{quote(cell)}は、表計算ソフトが変えた文かもしれません。"
            hint = (
                "「1-2」や「3/4」を CSV のまま開いて保存すると、日付になります。"
                "控えか照会票で元の文を確かめてください。正しければ、そのままでかまいません。"
            )
            return warning(message, hint, path, line, title)
    return None


def missing_remark(row: Actual) -> Problem | None:
    """Return what to say of a row whose 区分 wants a remark and has none."""
    if row.remark or row.basis not in REMARK_WANTED:
        return None
    message = f"区分「{row.basis}」の備考が空です。"
    hint = f"{REMARK_WANTED[row.basis]}を備考に書いてください。"
    return warning(message, hint, row.path, row.line, "備考")
