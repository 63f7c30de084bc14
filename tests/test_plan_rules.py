"""The rules of the plan as tables: how a scalar is read, and what contradicts itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from jusou.errors import JusouError
from jusou.plan.consistency import contradictions
from jusou.plan.model import (
    Direction,
    Formula,
    Grade,
    Indicator,
    Initiative,
    Measure,
    Plan,
    PlanInfo,
    Programme,
    ReviewTrigger,
)
from jusou.plan.scalars import (
    read_decimal,
    read_flag,
    read_integer,
    read_per,
    read_plan_year,
    read_signed,
    read_target,
)
from jusou.values.fiscal_year import FiscalYear

NULL = "数値がない場合は null と書いてください。"
EXAMPLE = "0以上の数を半角の数字だけで書いてください（例: 2650、92.5）。"
TRUE_OR_FALSE = "true か false と書いてください。"
R9 = "R9 のように書いてください。"


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (read_decimal, "0", Decimal(0)),
        (read_decimal, "2650", Decimal(2650)),
        (read_decimal, "92.50", Decimal("92.50")),
        (read_decimal, "0.05", Decimal("0.05")),
        (read_decimal, "12345678901234.5", Decimal("12345678901234.5")),
        (read_signed, "-353", Decimal(-353)),
        (read_signed, "△0.5", Decimal("-0.5")),
        (read_target, "▲12", Decimal(-12)),
        (read_per, "100000", 100_000),
        (read_integer, "3", 3),
        (read_flag, "true", True),
        (read_flag, "false", False),
        (read_plan_year, "R1", FiscalYear(1)),
        (read_plan_year, "R12", FiscalYear(12)),
        (read_plan_year, "H30", FiscalYear(0)),
        (read_plan_year, "2019", FiscalYear(1)),
        (read_plan_year, "平成31年度", FiscalYear(1)),
        (read_plan_year, "R元", FiscalYear(1)),
    ],
)
def test_a_scalar_is_what_was_typed(read: Callable[[Any], Any], text: str, value: Any) -> None:
    assert str(read(text)) == str(value)
    assert type(read(text)) is type(value)


@pytest.mark.parametrize(
    ("read", "found", "message", "hint"),
    [
        (read_decimal, None, "空欄は数値として読めません。", NULL),
        (read_decimal, "—", "「—」は数値として読めません。", NULL),
        (read_decimal, "2,600", "「2,600」は数値として読めません。",
         "桁区切りのカンマを取り、2600 と書いてください。"),
        (read_decimal, "0123", "「0123」は数値として読めません。",
         "先頭の 0 を取り、123 と書いてください。"),
        (read_decimal, "00", "「00」は数値として読めません。",
         "先頭の 0 を取り、0 と書いてください。"),
        (read_decimal, "１０", "「１０」は数値として読めません。", "半角で 10 と書いてください。"),
        (read_decimal, "-1", "「-1」は数値として読めません。", EXAMPLE),
        (read_decimal, "1e3", "「1e3」は数値として読めません。", EXAMPLE),
        (read_decimal, "約50", "「約50」は数値として読めません。", EXAMPLE),
        (read_decimal, [], "空欄は数値として読めません。", NULL),
        (read_decimal, ["1"], "一覧（「- 」の並び）は数値として読めません。", NULL),
        (read_decimal, {"R8": "1"}, "「項目名: 値」の並びは数値として読めません。", NULL),
        (read_decimal, "1234567890.123456", "「1234567890.123456」は桁が多すぎます。",
         "15桁以内で書いてください。"),
        (read_signed, "--5", "「-5」は数値として読めません。", EXAMPLE),
        (read_per, "10", "「10」は使えません。",
         "1、100、1000、10000、100000 のどれかを書いてください。"),
        (read_integer, "2.5", "「2.5」は整数ではありません。", "整数で書いてください。"),
        (read_integer, "3.0", "「3.0」は整数ではありません。", "3 と書いてください。"),
        (read_target, "80件以上", "「80件以上」は数値として読めません。",
         "80 とだけ書き、direction を up にしてください。"),
        (read_target, "１，２００人未満", "「１，２００人未満」は数値として読めません。",
         "1200 とだけ書き、direction を down にしてください。"),
        (read_target, "90％～95％", "「90％～95％」は数値として読めません。",
         "幅のある目標は、direction を keep にし、中央の値と幅で書いてください"
         "（目標 92.5、tolerance: 2.5）。"),
        (read_target, "継続", "「継続」は数値として読めません。",
         "数値で表せない目標は、取組（initiatives）に書いてください。"),
        (read_target, "約50", "「約50」は数値として読めません。", EXAMPLE),
        (read_integer, "二", "「二」は数値として読めません。", EXAMPLE),
        (read_flag, "yes", "「yes」は true でも false でもありません。", TRUE_OR_FALSE),
        (read_flag, None, "空欄は true でも false でもありません。", TRUE_OR_FALSE),
        (read_plan_year, "令和９年", "「令和９年」は年度として読めません。",
         "R9 と書いてください。"),
        (read_plan_year, "1988", "「1988」は年度として読めません。", R9),
        (read_plan_year, "R0", "「R0」は年度として読めません。", R9),
        (read_plan_year, "R09", "「R09」は年度として読めません。", "R9 と書いてください。"),
        (read_plan_year, "R100", "「R100」は年度として読めません。", R9),
    ],
)  # fmt: skip
def test_nothing_is_guessed(
    read: Callable[[Any], Any], found: Any, message: str, hint: str
) -> None:
    with pytest.raises(JusouError) as refused:
        read(found)
    assert (refused.value.message, refused.value.hint) == (message, hint)


def initiative(**fields: Any) -> Initiative:
    given = Initiative("jigyo-ini", "ア", "取組", None, None, (), ())
    return given._replace(**fields)


def indicator(**fields: Any) -> Indicator:
    given = Indicator(
        id="jigyo-1",
        label="①",
        name="指標",
        unit="％",
        decimals=1,
        measure=Measure.RATE,
        direction=Direction.UP,
        tolerance=Decimal(0),
        baseline=None,
        targets={FiscalYear(8): Decimal("92.5"), FiscalYear(9): None},
        reporter=None,
        definition=None,
        note=None,
        rationale=None,
        acknowledged=(),
        maximum=Decimal(100),
    )
    return given._replace(**fields)


def targets(**figures: str) -> dict[FiscalYear, Decimal]:
    return {FiscalYear.parse(year): Decimal(text) for year, text in figures.items()}


def programme(*parts: Indicator | Initiative, **fields: Any) -> Programme:
    initiatives = tuple(part for part in parts if isinstance(part, Initiative))
    indicators = tuple(part for part in parts if isinstance(part, Indicator))
    given = Programme("jigyo", 1, "事業", None, None, (), (), initiatives, indicators)
    return given._replace(**fields)


def grades(*cuts: str) -> tuple[Grade, ...]:
    return tuple(Grade("SABCD"[index], "区分", Decimal(cut)) for index, cut in enumerate(cuts))


INFO = PlanInfo("計画", "市", FiscalYear(8), FiscalYear(9), FiscalYear(6), None, False, ())
PLAN = Plan(
    info=INFO,
    scale=grades("100", "0"),
    review_trigger=None,
    courses=(),
    programmes=(programme(indicator(), initiative()),),
)


def changed(*parts: Indicator | Initiative, **fields: Any) -> Plan:
    """Return the plan with other parts of its programme, or other fields of its own."""
    programmes = (programme(*parts),) if parts else PLAN.programmes
    return replace(PLAN, **{"programmes": programmes, **fields})


FIRST = "programmes.0.indicators.0"


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        (PLAN, {}),
        # Names
        (changed(indicator(id="jigyo")),
         {f"{FIRST}.id": "id: 「jigyo」が重複しています（「(1) 事業」と「(1)① 指標」）。"}),
        (changed(indicator(), initiative(id="jigyo-1")),
         {"programmes.0.initiatives.0.id":
          "id: 「jigyo-1」が重複しています（「(1)① 指標」と「(1)ア 取組」）。"}),
        (changed(programmes=(programme(indicator()), programme(indicator(id="c"), id="b"))),
         {"programmes.1.number":
          "number: 「(1)」が重複しています（「(1) 事業」と「(1) 事業」）。"}),
        (changed(indicator(label="ア"), initiative(mark="(ｱ)")),
         {"programmes.0.initiatives.0.mark":
          "mark: 「(1)(ｱ)」が重複しています（「(1)ア 指標」と「(1)(ｱ) 取組」）。"}),
        (changed(indicator(), indicator(id="b", label="1")),
         {"programmes.0.indicators.1.label":
          "label: 「(1)1」が重複しています（「(1)① 指標」と「(1)1 指標」）。"}),
        (changed(programmes=(programme(indicator()), programme(id="b", number="1-1"))),
         {"programmes.1.number":
          "number: 「1-1」が重複しています（「(1)① 指標」と「1-1 事業」）。"}),
        (changed(indicator(former_ids=("old", "jigyo")), indicator(id="old", label="②")),
         {f"{FIRST}.former_ids.1":
          "former_ids: 「jigyo」が重複しています（「(1) 事業」と「(1)① 指標」）。",
          "programmes.0.indicators.1.id":
          "id: 「old」が重複しています（「(1)① 指標」と「(1)② 指標」）。"}),
        (changed(programmes=(programme(indicator(label="1"), number="基本目標"),
                             programme(id="b", number="基本目標－１"))),
         {"programmes.1.number":
          "number: 「基本目標－１」が重複しています"
          "（「基本目標-1 指標」と「基本目標－１ 事業」）。"}),
        (changed(indicator(), initiative(mark=None), initiative(id="b", mark=None)), {}),
        (changed(programmes=(programme(indicator()),
                             programme(indicator(id="c"), id="b", number=2))), {}),
        # The scale, the trigger, the years
        (changed(scale=(Grade("A", "達成", Decimal(1)), Grade("A", "未達成", Decimal(0)))),
         {"rating.scale.1.mark": "mark: 「A」が重複しています。"}),
        (changed(scale=grades("80", "100", "0")),
         {"rating.scale.1.at_least":
          "at_least: 「100」が、1つ上の「80」より小さくありません。"}),
        (changed(scale=grades("0.0000002", "0.0000001")),
         {"rating.scale.1.at_least":
          "at_least: いちばん下の達成度が「0.0000001」になっています。"}),
        (changed(review_trigger=ReviewTrigger(Decimal(90), Decimal(90), 2)),
         {"review_trigger.low": "low: 「90」が、high の「90」より小さくありません。"}),
        (changed(info=INFO._replace(end=FiscalYear(7))),
         {"plan.end": "end: 最後の年度 R7 が、最初の年度 R8 より前です。"}),
        (changed(info=INFO._replace(baseline_year=FiscalYear(8))),
         {"plan.baseline_year": "baseline_year: R8 が、最初の年度 R8 より前ではありません。"}),
        (changed(info=INFO._replace(baseline_year=None)), {}),
        (changed(indicator(baseline_years=(FiscalYear(8),))),
         {f"{FIRST}.baseline.year": "year: R8 が、最初の年度 R8 より前ではありません。"}),
        (changed(indicator(baseline_years=(FiscalYear(5), FiscalYear(-3)))),
         {f"{FIRST}.baseline.years": "years: H27 が R5 より後ではありません。"}),
        (changed(indicator(baseline_years=(FiscalYear(-5), FiscalYear(-2)))), {}),
        # Figures
        (changed(indicator(baseline=Decimal("90.55"))),
         {f"{FIRST}.baseline": "baseline: 「90.55」は小数点以下の桁が多すぎます。"}),
        (changed(indicator(baseline=Decimal("90.500"))), {}),
        (changed(indicator(targets=targets(R8="100", R9="100.5"))),
         {f"{FIRST}.targets.R9": "R9: 「100.5」が 100％ を超えています。"}),
        (changed(indicator(maximum=None, targets=targets(R8="100", R9="100.5"))), {}),
        (changed(indicator(tolerance=Decimal("0.5"))),
         {f"{FIRST}.tolerance": "tolerance: 「0.5」は direction: keep のときだけ書けます。"}),
        (changed(indicator(tolerance=Decimal("0.5"), direction=Direction.KEEP)), {}),
        # Years
        (changed(indicator(targets={})), {}),
        (changed(indicator(targets=targets(R10="3", R7="0"))), {}),
        (changed(indicator(since=FiscalYear(10))),
         {f"{FIRST}.from": "from: R10 が、計画の最後の年度 R9 より後です。"}),
        (changed(indicator(since=FiscalYear(9), measured=(FiscalYear(8),))),
         {f"{FIRST}.measured": "measured: 調べる年度が、どれも from の R9 より前です。"}),
        (changed(indicator(since=FiscalYear(9), measured=(FiscalYear(8), FiscalYear(12)))), {}),
        # What goes together
        (changed(indicator(measure=Measure.STOCK, per=1000)),
         {f"{FIRST}.per": "per: 「1000」は measure: rate のときだけ書けます。"}),
        (changed(indicator(baseline=Decimal("-0.5"))),
         {f"{FIRST}.baseline": "baseline: 「-0.5」は負の数です。"}),
        (changed(indicator(baseline=-Decimal(1), signed=True, attainment=Formula.PROGRESS)), {}),
        (changed(indicator(signed=True)),
         {f"{FIRST}.attainment":
          "attainment: 「ratio」は、負の数を使う指標に使えません。"}),
        (changed(indicator(direction=Direction.KEEP, signed=True, attainment=Formula.PROGRESS)),
         {f"{FIRST}.signed": "signed: 負の数を使う指標は、direction: keep にできません。"}),
        (changed(indicator(direction=Direction.KEEP, attainment=Formula.PROGRESS)),
         {f"{FIRST}.attainment":
          "attainment: 「progress」は direction: keep の指標に使えません。"}),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_found_at_its_place(plan: Plan, found: dict[str, str]) -> None:
    findings = list(contradictions(plan))
    assert {".".join(map(str, each.loc)): each.message for each in findings} == found
    assert len(findings) == len(found)
