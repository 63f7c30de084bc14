"""The columns of a plan's table: the one list of headings, spellings, readers and writers.

``init --from`` reads by it, ``list --format xlsx|csv`` and ``init --table`` write by it. Beside
these stand the columns of years (目標R8, 実績R6), which ``headings`` knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from jusou.errors import JusouError
from jusou.logs.cells import read_text
from jusou.plan.model import (
    Between,
    Direction,
    Formula,
    Indicator,
    IndicatorKind,
    Measure,
    Notice,
    Plan,
    Programme,
    usual_maximum,
    usual_per,
)
from jusou.plan.scalars import PERS
from jusou.plan_table.ids import indicator_ids, programme_ids, split_labels, split_numbers
from jusou.values.fiscal_year import FiscalYear, year_range
from jusou.values.numbers import parse_number
from jusou.values.text import fold, quote, squeeze

Words = Mapping[str, Sequence[str]]
"""The spellings of each code: the first is written, all of them and the code itself are read."""

MEASURES: Words = {
    Measure.FLOW: ("年間の数", "年間", "単年度", "年度内の数"),
    Measure.STOCK: ("年度末の数", "年度末時点", "年度末", "年度末時点の数"),
    Measure.CUMULATIVE: ("累計", "累積"),
    Measure.RATE: ("率", "割合", "比率"),
    Measure.UNCONFIRMED: ("集計方法を確認中", "確認中", "不明"),
}
DIRECTIONS: Words = {
    Direction.UP: ("多いほどよい", "高いほどよい", "増加", "上昇", "多い", "高い", "↑"),
    Direction.DOWN: ("少ないほどよい", "低いほどよい", "減少", "低下", "少ない", "低い", "↓"),
    Direction.KEEP: ("維持", "維持する", "現状維持", "→"),
    Direction.NONE: ("なし", "なし(計画量)", "計画量"),
}
BETWEEN: Words = {
    Between.NONE: ("なし",),
    Between.NEXT: ("次の目標",),
    Between.LINEAR: ("次の目標までの按分", "按分"),
}
FORMULAS: Words = {
    Formula.RATIO: ("実績÷目標", "実績/目標"),
    Formula.PROGRESS: ("参考値からの進み", "参考値から目標までの進み"),
}
KINDS: Words = {
    IndicatorKind.OUTPUT: ("活動指標", "アウトプット"),
    IndicatorKind.OUTCOME: ("成果指標", "アウトカム"),
}
NOTICES: Words = {
    Notice.TARGET_BELOW_BASELINE: ("目標値が参考値を下回る",),
    Notice.TARGET_OUTSIDE_PLAN: ("目標値が計画期間の外",),
}
FLAGS: Words = {"true": ("あり", "はい", "○"), "false": ("なし", "いいえ")}

DASHES = frozenset("-−—―‐–ー─－")
NO_LIMIT = "なし"
_SEPARATORS = re.compile(r"[、,，;；\s]+")
_SPAN = re.compile(r"(.+?)[~〜～−–—-](.+)")


class Line(NamedTuple):
    """An indicator on its way into the table.

    The number and the ids ``made`` are those that a reader of the table would give by itself.
    """

    programme: Programme
    indicator: Indicator
    made_programme_id: str
    made_number: int | str
    made_id: str


Value = str | Decimal | None
Reader = Callable[[str, str], Any]


class Column(NamedTuple):
    """A column: its ``heading``, what else it may be headed, how a cell is read and written.

    ``read`` takes the heading and a cell that is not blank, and returns what ``targets.yaml`` says
    at ``key``; it raises JusouError. ``write`` returns what the cell of an indicator holds, nothing
    where a blank one says the same. A ``usual`` column is in every table; the others where an
    indicator needs them. ``words`` are offered in the workbook, and ``help`` is shown there.
    """

    key: str
    heading: str
    read: Reader
    write: Callable[[Line], Value]
    help: str
    aliases: Sequence[str] = ()
    words: Words = MappingProxyType({})
    width: int = 12
    usual: bool = False

    @property
    def choices(self) -> list[str]:
        return [spellings[0] for spellings in self.words.values()]


# ---------------------------------------------------------------------------------------- cells


def is_dash(text: str) -> bool:
    """Tell whether a cell holds nothing but a dash: what tables print where there is nothing."""
    return bool(text) and set(squeeze(text)) <= DASHES


def _text(heading: str, text: str) -> str:
    """Return a text that a plan can hold."""
    if strange := next((each for each in text if unicodedata.category(each) in ("Cc", "Cs")
                        and each not in "\n\t"), ""):  # fmt: skip
        message = f"{heading}{quote(text)}に、使えない文字（U+{ord(strange):04X}）があります。"
        raise JusouError(message, "その文字を消してください。")
    return read_text(heading, text)


def read_code(heading: str, text: str, words: Words) -> str:
    """Return the code of a word, whatever its width, with or without ・ and brackets."""
    known = {
        _bare(each): str(code) for code, spellings in words.items() for each in (*spellings, code)
    }
    if found := known.get(_bare(text)):
        return found
    hint = f"{'、'.join(spellings[0] for spellings in words.values())} のどれかを書いてください。"
    raise JusouError(f"{heading}{quote(text)}は使えません。", hint)


def _bare(text: str) -> str:
    return re.sub(r"[・()（）]", "", squeeze(text)).lower()


def _coded(words: Words) -> Reader:
    return lambda heading, text: read_code(heading, text, words)


def read_year(heading: str, text: str) -> str:
    """Return a year as a plan writes it: ``R9``, ``H30``."""
    try:
        return str(FiscalYear.parse(re.sub(r"末$", "", squeeze(text))))
    except ValueError:
        hint = "R6 か 令和6年度 のように書いてください。"
        raise JusouError(f"{heading}{quote(text)}は年度として読めません。", hint) from None


def _years(heading: str, text: str) -> list[str]:
    return [read_year(heading, each) for each in _SEPARATORS.split(text) if each]


def _baseline_years(heading: str, text: str) -> list[str]:
    """Return the year of a baseline, those of a mean (H25〜H28, H25・H28平均), or none: 「—」."""
    if is_dash(text):
        return []
    plain = re.sub(r"の?平均$", "", squeeze(text))
    if ends := _SPAN.fullmatch(plain):
        first, last = (FiscalYear.parse(read_year(heading, each)) for each in ends.groups())
        if first < last:
            return [str(each) for each in year_range(first, last)]
    return [read_year(heading, each) for each in re.split("[・、,]", plain)]


def read_amount(heading: str, text: str, unit: str = "", *, signed: bool = False) -> str:
    """Return a number with the decimals it is typed with, in plain digits."""
    try:
        value = parse_number(text, 6, unit, signed=signed)
    except JusouError as error:
        raise JusouError(f"{heading}{quote(text)}は{error.message}", error.hint) from None
    typed = re.search(r"\.(\d+)", fold(text))
    places = len(typed[1]) if typed else 0
    return f"{value:.{min(places, 6)}f}"


def _whole(heading: str, text: str) -> str:
    amount = read_amount(heading, text)
    if "." in amount and Decimal(amount) != int(Decimal(amount)):
        raise JusouError(f"{heading}{quote(text)}は整数ではありません。", "整数で書いてください。")
    return f"{Decimal(amount):.0f}"


def _limit(heading: str, text: str) -> str | None:
    return None if squeeze(text) == NO_LIMIT else read_amount(heading, text)


def _list(heading: str, text: str) -> list[str]:
    return [each for each in _SEPARATORS.split(_text(heading, text)) if each]


def _notices(heading: str, text: str) -> list[str]:
    return [read_code(heading, each, NOTICES) for each in _SEPARATORS.split(text) if each]


def _unit(heading: str, text: str) -> str | None:
    return None if is_dash(text) else _text(heading, text)


# ------------------------------------------------------------------------------------- defaults


def _written_per(line: Line) -> Value:
    per, usual = line.indicator.per, usual_per(line.indicator.measure, line.indicator.unit)
    return None if per in (None, usual) else Decimal(per)


def _written_maximum(line: Line) -> Value:
    found = line.indicator.maximum
    if found == usual_maximum(line.indicator.measure, line.indicator.unit):
        return None
    return NO_LIMIT if found is None else found


def _written_years(line: Line) -> Value:
    indicator = line.indicator
    if indicator.baseline is not None and not indicator.baseline_years:
        return "—"  # blank would mean the year of the others
    return indicator.baseline_name if indicator.baseline_years else None


def _own(code: str, words: Words, default: str) -> Value:
    return None if code == default else words[code][0]


def _other(text: str | int, default: str | int) -> Value:
    return None if text == default else str(text)


COLUMNS: tuple[Column, ...] = (
    Column(
        "programme", "事業", _text, lambda it: it.programme.name,
        "事業（施策、基本目標など）の名前。上の行と同じなら、空欄でもかまいません。",
        ("事業名", "施策", "施策名", "基本目標", "基本施策", "分野", "政策", "柱", "大項目"),
        width=24, usual=True,
    ),
    Column(
        "label", "番号", _text, lambda it: it.indicator.label,
        "計画書の番号（①、1-2 など）。空欄なら、並びの順に付けます。",
        ("No", "No.", "№", "指標番号", "指標No", "指標No.", "項番"),
        width=7, usual=True,
    ),
    Column(
        "name", "指標", _text, lambda it: it.indicator.name,
        "指標の名前を、計画書のとおりに。1つの指標を1行に書きます。",
        (
            "指標名", "指標の名称", "指標名称", "成果指標", "目標指標", "評価指標", "数値目標",
            "数値指標", "指標項目", "KPI", "重要業績評価指標", "重要業績評価指標(KPI)",
            "重要業績評価指標KPI",
        ),
        width=40, usual=True,
    ),
    Column(
        "unit", "単位", _unit, lambda it: it.indicator.unit or None,
        "件、人、％ など。単位がなければ空欄か「—」。",
        width=8, usual=True,
    ),
    Column(
        "decimals", "小数", _whole, lambda it: Decimal(it.indicator.decimals),
        "小数点より下の桁数。空欄なら、その行の数値に合わせます。",
        ("小数点以下", "小数の桁", "小数の桁数", "小数点以下の桁数", "小数桁"),
        width=6, usual=True,
    ),
    Column(
        "measure", "数え方", _coded(MEASURES), lambda it: MEASURES[it.indicator.measure][0],
        "一覧から選びます。分からなければ「集計方法を確認中」。",
        ("集計方法", "数値の種類"), MEASURES, width=16, usual=True,
    ),
    Column(
        "direction", "よい方向", _coded(DIRECTIONS),
        lambda it: DIRECTIONS[it.indicator.direction][0],
        "一覧から選びます。計画量のように、評価しない数は「なし」。",
        ("良い方向", "望ましい方向", "目指す方向", "方向"), DIRECTIONS, width=14, usual=True,
    ),
    Column(
        "reporter", "照会先", _text, lambda it: it.indicator.reporter,
        "実績をたずねる部署を1つ。",
        ("担当課", "所管課", "担当部署", "所管部署", "担当", "主管課", "担当所属"),
        width=16, usual=True,
    ),
    Column(
        "baseline_years", "参考値の年度", _baseline_years, _written_years,
        "参考値がいつの値か（R6、平均なら H25〜H28、H25・H28平均）。",
        ("基準年度", "基準年", "基準値の年度", "現状値の年度", "現状の年度", "参考値年度"),
        width=10, usual=True,
    ),
    Column(
        "baseline", "参考値", _text, lambda it: it.indicator.baseline,
        "計画を作ったときの値。なければ空欄か「—」。",
        ("基準値", "現状値", "現状", "策定時", "計画策定時", "策定時の値", "当初値"),
        width=12, usual=True,
    ),
    Column(
        "id", "id", _text,
        lambda it: _other(it.indicator.id, it.made_id),
        "指標の識別名。空欄なら、番号から k1-2 のように付けます。", ("ID", "指標id", "指標ID"),
    ),
    Column(
        "programme_id", "事業id", _text,
        lambda it: _other(it.programme.id, it.made_programme_id),
        "事業の識別名。空欄なら k1 のように付けます。", ("事業ID",),
    ),
    Column(
        "number", "事業の番号", _text,
        lambda it: _other(it.programme.number, it.made_number),
        "計画書の事業の番号（1、1-2、基本目標1）。", ("事業番号", "施策番号"),
    ),
    Column(
        "between", "目標のない年", _coded(BETWEEN),
        lambda it: _own(it.indicator.between, BETWEEN, Between.NONE),
        "目標のない年度を何と比べるか。", ("目標のない年度",), BETWEEN, width=18,
    ),
    Column(
        "attainment", "達成率の式", _coded(FORMULAS),
        lambda it: _own(
            it.indicator.attainment, FORMULAS,
            Formula.PROGRESS if it.indicator.signed else Formula.RATIO,
        ),
        "達成率を、実績÷目標で出すか、参考値から目標までの進みで出すか。",
        ("達成率の計算",), FORMULAS, width=18,
    ),
    Column(
        "tolerance", "許容幅", read_amount, lambda it: it.indicator.tolerance or None,
        "「維持」で、目標どおりとみなす幅（10〜15 なら、目標 12.5、許容幅 2.5）。",
        ("幅", "許容範囲"),
    ),
    Column(
        "definition", "数え方の定義", _text, lambda it: it.indicator.definition,
        "何をどう数えるか。", ("定義", "指標の定義", "算出方法", "算定方法", "計算式"), width=30,
    ),
    Column(
        "note", "計画書の※", _text, lambda it: it.indicator.note,
        "計画書の※の文。評価表に出ます。", ("※", "注", "注記"), width=30,
    ),
    Column(
        "rationale", "目標値の考え方", _text, lambda it: it.indicator.rationale,
        "なぜこの目標か。見直しの表に出ます。",
        ("目標の考え方", "目標設定の考え方", "設定根拠"), width=30,
    ),
    Column(
        "kind", "指標の種類", _coded(KINDS),
        lambda it: it.indicator.kind and KINDS[it.indicator.kind][0],
        "活動指標か成果指標か。", ("種類", "指標種別"), KINDS,
    ),
    Column(
        "source", "データの出典", _text, lambda it: it.indicator.source,
        "統計や調査の名前。", ("出典", "データ出典", "資料"), width=20,
    ),
    Column(
        "former_ids", "前のid", _list, lambda it: "、".join(it.indicator.former_ids) or None,
        "id を変えたときの、前の id。",
    ),
    Column(
        "measured", "調べる年度", _years,
        lambda it: "、".join(map(str, it.indicator.measured)) or None,
        "毎年度でなければ、調べる年度（R8、R12）。", ("調査年度",),
    ),
    Column(
        "from", "始まる年度", read_year,
        lambda it: None if it.indicator.since is None else str(it.indicator.since),
        "途中から加わる指標の、最初の年度。", ("開始年度",),
    ),
    Column(
        "per", "率の分母", _whole, _written_per,
        f"{'、'.join(map(str, PERS))} のどれか（人口10万対なら 100000）。",
    ),
    Column(
        "maximum", "上限", _limit, _written_maximum,
        "数値の上限。100％ を超える率では「なし」。", ("最大値",),
    ),
    Column(
        "signed", "負の数", _coded(FLAGS),
        lambda it: FLAGS["true"][0] if it.indicator.signed else None,
        "0 より小さくなる指標なら「あり」。", ("マイナス",), FLAGS,
    ),
    Column(
        "acknowledged", "確かめたお知らせ", _notices,
        lambda it: "、".join(NOTICES[each][0] for each in it.indicator.acknowledged) or None,
        "jusou check のお知らせのうち、確かめたもの。",
    ),
)  # fmt: skip

BY_KEY: Mapping[str, Column] = {each.key: each for each in COLUMNS}
BY_HEADING: Mapping[str, Column] = {
    squeeze(name).lower(): each for each in COLUMNS for name in (each.heading, *each.aliases)
}


def lines_of(plan: Plan) -> Iterator[Line]:
    """Yield each indicator of a plan with what a reader of the table would call it."""
    names = [each.name for each in plan.programmes]
    numbers = [number for number, _ in split_numbers(names)]
    ids = programme_ids(numbers)
    for programme, number, key in zip(plan.programmes, numbers, ids, strict=True):
        labels = [each.label for each in programme.indicators]
        unsaid = number if split_labels(labels, programme.number) == labels else ""
        own = indicator_ids(programme.id, labels)
        for indicator, made_id in zip(programme.indicators, own, strict=True):
            yield Line(programme, indicator, key, unsaid, made_id)
