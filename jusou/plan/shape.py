"""The shape of ``targets.yaml``: which keys it may have, what stands there, and what is wrong.

The one module that loads pydantic. Its models are the JSON Schema too, so their descriptions are
for planners. Each has the name and the fields of the object of ``model`` that it becomes. Their
annotations are no texts, which pydantic would have to compile one by one.
"""

import difflib
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    WrapValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from jusou.errors import JusouError
from jusou.plan import model
from jusou.plan.consistency import Finding, contradictions
from jusou.plan.scalars import (
    DIGITS,
    EMPTY,
    PERS,
    YEAR_PATTERN,
    check_years_once,
    describe,
    read_decimal,
    read_flag,
    read_id,
    read_integer,
    read_number,
    read_per,
    read_plan_year,
    read_published,
    read_signed,
    read_target,
)
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import quote

_IDENTIFIER = r"^[a-z][a-z0-9_]*(-[a-z0-9_]+)*$"
_PUBLISHED = r"^\d{4}-\d{2}(-\d{2})?$"
_PATTERN_HINTS = {
    _IDENTIFIER: "英小文字で始め、英小文字・数字・_・- だけで書いてください（例: jigyo-1）。",
    _PUBLISHED: "2026-03 か 2026-03-31 の形で書いてください。",
}
_BETTER = (model.Direction.UP, model.Direction.DOWN)
FULL_WIDTH_COLON_HINT = "全角の「：」を、半角の「:」と空白1つに変えてください。"


def _reading(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a reader that raises its JusouError inside pydantic's own error."""

    def validate(value: Any) -> Any:
        try:
            return read(value)
        except JusouError as error:
            raise PydanticCustomError("jusou", "", {"error": error}) from error

    return validate


def _read_with(read: Callable[[Any], Any]) -> BeforeValidator:
    """Return a reader of scalars as pydantic takes it."""
    return BeforeValidator(_reading(read))


def _each_year_once(value: Any, read: Callable[[Any], Any]) -> Any:
    """Read a mapping by years, and then refuse one that names a year twice."""
    found = read(value)
    if len(found) < len(value):  # else there is none, and they need not be read again
        _reading(check_years_once)(value)
    return found


# What a YAML editor takes for a number or a truth value is a text to the plan, and the other way.
_NUMBER_SCHEMA = {
    "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": f"^{DIGITS}$"}]
}
_SIGNED_SCHEMA = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^[-△▲−]?{DIGITS}$"}]
}
_INTEGER_SCHEMA = {
    "anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^(0|[1-9][0-9]*)$"}]
}
_TEXT_SCHEMA = {"type": ["string", "number", "boolean"], "minLength": 1}
_NUMBER = WithJsonSchema(_NUMBER_SCHEMA)
Number = Annotated[Decimal, _read_with(read_decimal), _NUMBER]
Signed = Annotated[Decimal, _read_with(read_signed), WithJsonSchema(_SIGNED_SCHEMA)]
Target = Annotated[Decimal, _read_with(read_target), WithJsonSchema(_SIGNED_SCHEMA)]
Integer = Annotated[int, _read_with(read_integer), WithJsonSchema(_INTEGER_SCHEMA)]
Flag = Annotated[
    bool, _read_with(read_flag), WithJsonSchema({"enum": [True, False, "true", "false"]})
]
Year = Annotated[
    FiscalYear,
    _read_with(read_plan_year),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": YEAR_PATTERN},
                {"type": "integer", "minimum": 1989, "maximum": 2099},  # as YAML reads 2019
            ]
        }
    ),
]
Targets = Annotated[
    dict[Year, Target | None],
    WrapValidator(_each_year_once),
    WithJsonSchema(
        {
            "type": "object",
            "patternProperties": {YEAR_PATTERN: {"anyOf": [_SIGNED_SCHEMA, {"type": "null"}]}},
            "additionalProperties": False,
        }
    ),
]
Identifier = Annotated[str, StringConstraints(pattern=_IDENTIFIER), _read_with(read_id)]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    WithJsonSchema(_TEXT_SCHEMA),
]
ProgrammeNumber = Annotated[
    int | str,
    _read_with(read_number),
    WithJsonSchema({"type": ["string", "number"], "minLength": 1, "minimum": 0}),
]
OptionalText = Annotated[
    Text | None,
    BeforeValidator(lambda value: None if value == "" else value),
    WithJsonSchema({"type": ["string", "number", "boolean", "null"]}),
]
"""A text that may be left empty until somebody writes it."""


Acknowledged = tuple[model.Notice, ...]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


_BETWEEN = "目標のない年度の目安: none なし、next 次の目標、linear 次の目標までの直線（按分）"
_ATTAINMENT = "達成率の式: ratio 実績÷目標、progress 参考値から目標までの進み"


class Baseline(_Part):
    """A baseline with its own year, or the years that it is a mean of."""

    value: Signed = Field(description="参考値")
    year: Year | None = Field(default=None, description="参考値の年度（例: H24）")
    years: tuple[Year, ...] | None = Field(
        default=None, min_length=1, description="平均した年度を、古い順に（例: [H25, H26, H27]）"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.year and self.years:
            hint = "平均であれば years、そうでなければ year だけを残してください。"
            refused = JusouError("year と years の両方があります。", hint)
            raise PydanticCustomError("jusou", "", {"error": refused})
        return self


def _read_baseline(value: Any, read: Callable[[Any], Any]) -> Any:
    """Read a baseline that may be a number alone."""
    if value is None or isinstance(value, dict):
        return read(value)
    return Baseline.model_construct(value=_reading(read_signed)(value))


OptionalBaseline = Annotated[
    Baseline | None,
    WrapValidator(_read_baseline),
    Field(json_schema_extra=lambda schema: schema["anyOf"].insert(0, _SIGNED_SCHEMA)),
]


class PlanInfo(_Part):
    title: Text = Field(description="計画の名称")
    municipality: Text = Field(description="市町村名")
    start: Year = Field(description="計画の最初の年度（例: R8）")
    end: Year = Field(description="計画の最後の年度（例: R12）")
    baseline_year: Year | None = Field(default=None, description="参考値の年度（例: R6）")
    published: Annotated[str | None, _read_with(read_published)] = Field(
        default=None, pattern=_PUBLISHED, description="公表年月（例: 2026-03）"
    )
    sample: Flag = Field(default=False, description="架空データであれば true")
    acknowledged: Acknowledged = Field(
        default=(), description="すべての指標で確かめた、jusou check のお知らせ"
    )
    period: model.Period = Field(
        default=model.Period.FISCAL,
        description="年度の区切り: fiscal 4月から3月（令和9年度）、calendar 1月から12月（令和9年）",
    )
    contact: OptionalText = Field(default=None, description="担当課（課、内線など）")
    between: model.Between = Field(default=model.Between.NONE, description=_BETWEEN)
    attainment: model.Formula = Field(default=model.Formula.RATIO, description=_ATTAINMENT)
    records_from: Year | None = Field(
        default=None,
        description="実績を置く最初の年度。省くと、いちばん古い参考値の年度（例: R4）",
    )


class Grade(_Part):
    mark: Text = Field(description="達成度の記号（例: A）")
    label: Text = Field(description="達成度のことば（例: 達成）")
    at_least: Number = Field(description="この達成率（％）以上")


class Rating(_Part):
    scale: tuple[Grade, ...] = Field(min_length=1, description="達成度の区分。高い順")


class ReviewTrigger(_Part):
    low: Number = Field(description="達成率がこれ以下（％）")
    high: Number = Field(description="達成率がこれ以上（％）")
    years: Integer = Field(default=2, ge=1, description="続いた年数")


class Initiative(_Part):
    id: Identifier = Field(description="取組の識別名（半角英数字）")
    mark: OptionalText = Field(default=None, description="計画書の記号（例: ア）")
    name: Text = Field(description="取組の名称")
    target_group: OptionalText = Field(default=None, description="主な対象区分")
    operation: OptionalText = Field(default=None, description="運営形態")
    departments: tuple[Text, ...] = Field(default=(), description="所管部署・事業者")
    operators: tuple[Text, ...] = Field(default=(), description="事業者・事業所")


class Indicator(_Part):
    id: Identifier = Field(description="指標の識別名（例: sodan-1）")
    label: Text = Field(description="計画書の番号（例: ①）")
    name: Text = Field(description="指標の名称（計画書のまま）")
    unit: OptionalText = Field(default=None, description="単位（例: 件、％）。なければ省く")
    decimals: Integer = Field(default=0, le=6, description="小数点以下の桁数")
    measure: model.Measure = Field(
        description="数え方: flow 年間の数、stock 年度末時点、cumulative 累計、rate 率、"
        "unconfirmed 集計方法を確認中"
    )
    direction: model.Direction = Field(
        description="よい方向: up 多いほどよい、down 少ないほどよい、keep 維持、none なし（計画量）"
    )
    tolerance: Number = Field(default=Decimal(0), description="keep で目標どおりとみなす幅")
    baseline: OptionalBaseline = Field(default=None, description="参考値。計画書の「—」は null")
    targets: Targets = Field(description="年度ごとの目標値。なければ null")
    reporter: OptionalText = Field(default=None, description="照会先（1つの部署）")
    definition: OptionalText = Field(default=None, description="数え方の定義")
    note: OptionalText = Field(default=None, description="計画書の※")
    rationale: OptionalText = Field(default=None, description="目標値の考え方（市が書く）")
    acknowledged: Acknowledged = Field(
        default=(), description="この指標で確かめた、jusou check のお知らせ"
    )
    kind: model.IndicatorKind | None = Field(
        default=None, description="指標の種類: output 活動指標、outcome 成果指標"
    )
    source: OptionalText = Field(default=None, description="データの出典")
    former_ids: tuple[Identifier, ...] = Field(
        default=(), description="前の id。id を変えたとき、記録とつなぐために書く"
    )
    between: model.Between | None = Field(
        default=None, description=f"{_BETWEEN}。省くと計画のとおり"
    )
    measured: tuple[Year, ...] = Field(
        default=(), description="調べる年度（例: [R8, R12]）。毎年度なら省く"
    )
    since: Year | None = Field(
        default=None, alias="from", description="途中から加わる指標の、最初の年度"
    )
    per: Annotated[int, _read_with(read_per), WithJsonSchema({"enum": PERS})] | None = Field(
        default=None, description="率の分母の数（人口10万対なら 100000）。％は 100、‰は 1000"
    )
    maximum: Number | None = Field(
        default=None, description="上限。率の％は、省くと 100。なければ null"
    )
    signed: Flag = Field(default=False, description="負の数になる指標であれば true")
    attainment: model.Formula | None = Field(
        default=None, description=f"{_ATTAINMENT}。省くと計画のとおり"
    )


class Programme(_Part):
    id: Identifier = Field(description="事業の識別名（例: sodan）")
    number: ProgrammeNumber = Field(description="計画書の番号（例: 1、1-2、基本目標1）")
    name: Text = Field(description="事業の名称")
    law: OptionalText = Field(default=None, description="根拠法令")
    operation: OptionalText = Field(default=None, description="運営形態")
    departments: tuple[Text, ...] = Field(default=(), description="所管部署")
    partners: tuple[Text, ...] = Field(default=(), description="連携先")
    initiatives: tuple[Initiative, ...] = Field(default=(), description="数値目標のない取組")
    indicators: tuple[Indicator, ...] = Field(description="指標")


class Plan(_Part):
    """A plan with its rating scale, courses and programmes."""

    plan: PlanInfo = Field(description="計画の名称と期間")
    rating: Rating = Field(description="達成度の区分")
    review_trigger: ReviewTrigger | None = Field(default=None, description="見直し候補の参考基準")
    courses: tuple[Text, ...] = Field(default=(), description="今後の方向性の選択肢")
    programmes: tuple[Programme, ...] = Field(min_length=1, description="事業")


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``targets.yaml``, for editors."""
    schema = Plan.model_json_schema()
    for part in schema["$defs"].values():
        part.pop("description", None)  # the words of a class are for developers
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


class PlanError(Exception):
    """A plan is not as it should be. Carries every mistake of its shape, or else of its sense."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(findings)
        self.findings = findings


def read_plan(raw: Any) -> model.Plan:
    """Return the plan that plain lists, dicts and texts mean, as they stand in the YAML.

    Raises PlanError: with the contradictions only when every part has its shape, because they
    are read from the finished plan.
    """
    try:
        shape = Plan.model_validate(raw)
    except ValidationError as error:
        raise PlanError(list(_mistakes(error))) from error
    plan = model.Plan(
        info=_plain(shape.plan, shape.plan),
        scale=_plain(shape.rating.scale, shape.plan),
        review_trigger=_plain(shape.review_trigger, shape.plan),
        courses=shape.courses,
        programmes=_plain(shape.programmes, shape.plan),
    )
    if findings := list(contradictions(plan)):
        raise PlanError(findings)
    return plan


def _plain(part: Any, info: PlanInfo) -> Any:
    """Return a part as the object of ``model`` with its name, the parts within it likewise.

    What the plan says for all stands in each: its years are those that the plan counts in.
    """
    if isinstance(part, FiscalYear):
        return part._replace(calendar=info.period is model.Period.CALENDAR)
    if type(part) is tuple:  # a list in the YAML; a NamedTuple would be a value
        return tuple(_plain(each, info) for each in part)
    if type(part) is dict:
        return {_plain(key, info): _plain(each, info) for key, each in part.items()}
    if not isinstance(part, _Part):
        return part
    fields = _resolved(part, info) if isinstance(part, Indicator) else dict(part)
    return getattr(model, type(part).__name__)(
        **{name: _plain(each, info) for name, each in fields.items()}
    )


def _resolved(part: Indicator, info: PlanInfo) -> dict[str, Any]:
    """Return the fields of an indicator with what it leaves to the plan, or to its unit."""
    baseline = part.baseline or Baseline.model_construct(value=None)
    own = baseline.years or (baseline.year,)
    years = own if own != (None,) else (info.baseline_year,)
    unit = part.unit or ""
    highest = model.usual_maximum(part.measure, unit)
    formula = info.attainment if part.direction in _BETTER else model.Formula.RATIO
    return {
        **dict(part),
        "unit": unit,
        "baseline": baseline.value,
        "baseline_years": tuple(filter(None, years)),
        "between": part.between or info.between,
        "per": part.per or model.usual_per(part.measure, unit),
        "maximum": part.maximum if "maximum" in part.model_fields_set else highest,
        "attainment": part.attainment or (model.Formula.PROGRESS if part.signed else formula),
    }


def _mistakes(error: ValidationError) -> Iterator[Finding]:
    """Yield what pydantic found, in our words."""
    for detail in error.errors(include_url=False):
        found, context = detail["input"], detail.get("ctx", {})
        if detail["type"] == "too_short" and len(found) >= context["min_length"]:
            continue  # an echo: to pydantic a list with mistakes inside is also too short
        loc = tuple(part for part in detail["loc"] if part != "[key]")
        name = next((part for part in reversed(loc) if isinstance(part, str)), "ファイル全体")
        if loc != detail["loc"]:
            unread = context["error"]
            hint = _year_hint(name, unread.hint)
            yield Finding(loc, f"targets: 項目{unread.message}", hint)
        else:
            yield Finding(loc, *_words(detail["type"], name, found, context))


def _words(kind: str, name: str, found: Any, context: dict[str, Any]) -> tuple[str, str]:
    """Return message and hint for one of pydantic's kinds of error at the part ``name``."""
    match kind:
        case "jusou":
            return f"{name}: {context['error'].message}", context["error"].hint
        case "missing":
            return f"必要な項目 {name} がありません。", f"「{name}:」を書いてください。"
        case "extra_forbidden":
            return f"項目{quote(name)}は使えません。", _unknown_key_hint(name)
        case "enum":
            words = "・".join(re.findall(r"'(\w+)'", context["expected"]))
            return f"{name}: {describe(found)}は使えません。", f"{words} のどれかを書いてください。"
        case "string_pattern_mismatch":
            hint = _PATTERN_HINTS[context["pattern"]]
            return f"{name}: {quote(found)}は使えない書き方です。", hint
        case "less_than_equal":
            hint = f"{context['le']} 以下の数を書いてください。"
            return f"{name}: {describe(found)}は大きすぎます。", hint
        case "greater_than_equal":
            hint = f"{context['ge']} 以上の数を書いてください。"
            return f"{name}: {describe(found)}は小さすぎます。", hint
        case "tuple_type" | "too_short":
            wanted, hint = "一覧", "「- 」で始まる行か [ ] の中に、1つ以上並べてください。"
        case "model_type" | "dict_type":
            wanted = "「項目名: 値」の形"
            hint = "字下げと「項目名: 値」の形を確かめてください。"
        case _:
            wanted, hint = "文字", "文字を書いてください。"
    if isinstance(found, str) and "：" in found:
        hint = FULL_WIDTH_COLON_HINT
    what = describe(found)
    instead = "" if what == EMPTY else f"{wanted}ではなく、"
    return f"{name}: {instead}{what}になっています。", hint


def _year_hint(key: str, otherwise: str) -> str:
    """Return the remedy for what people commonly mistype among the targets."""
    if re.fullmatch(r"\d{1,3}", key):
        return "2,600 のような桁区切りのカンマは使えません。2600 のように書いてください。"
    if re.match(r"[RH]\d+:", key):
        return "「:」の後に半角の空白を1つ入れてください。"
    return otherwise


def _unknown_key_hint(key: str) -> str:
    if "：" in key:
        return FULL_WIDTH_COLON_HINT
    parts = (Plan, PlanInfo, Rating, Grade, ReviewTrigger, Programme, Initiative, Indicator)
    known = [field.alias or name for part in parts for name, field in part.model_fields.items()]
    near = difflib.get_close_matches(key, known, 1, 0.6)
    perhaps = f"{near[0]} ではありませんか。" if near else ""
    return f"{perhaps}使える項目は docs/formats.md にあります。"
