"""評価の方法: how the figures were computed, in words, as printed at the end of every pack."""

from __future__ import annotations

from collections.abc import Iterator

from jusou.plan.model import Between, Direction, Formula, Plan
from jusou.report import words
from jusou.report.document import METHOD, Bullets, Section
from jusou.review.flags import Flag
from jusou.values.numbers import HUNDRED


def method_section(plan: Plan) -> Section:
    """Return the method: formulas and rounding."""
    return Section(METHOD, "評価の方法", (Bullets(formulas(plan)),))


def attainment_formulas(plan: Plan) -> list[str]:
    """Return how attainment is computed, for the directions of this plan."""
    directions = {each.direction for each in plan.indicators.values()}
    by_direction = {
        Direction.UP: "達成率 = 実績 ÷ その年度の目標 × 100（上限なし）。",
        Direction.DOWN: "少ないほどよい指標: 達成率 = 目標 ÷ 実績 × 100（実績0は100％）。",
        Direction.KEEP: "維持する指標: 許容範囲内は100％。外れた場合は目標との比。",
        Direction.NONE: "計画量: 対計画比 = 実績 ÷ 計画 × 100。評価はしません。",
    }
    return [text for direction, text in by_direction.items() if direction in directions]


def formulas(plan: Plan) -> tuple[str, ...]:
    """Return the sentences of the method, only those that this plan needs."""
    base = plan.baseline_name
    return (
        *attainment_formulas(plan),
        *_own_formulas(plan),
        "率の実績は 分子 ÷ 分母 × 100 を公表する桁に四捨五入した値です。",
        "達成率は小数第1位に四捨五入して示し、達成度は四捨五入前の値で決めます。"
        "四捨五入で区分の境目や100％に届く場合は、届かない値で示します。",
        "達成: 達成率100％以上。",
        f"速報は達成度と集計に含めます。見込は「{plan.scale[0].mark}（見込）」のように示し、"
        "達成数・達成度の数・平均に含めません。",
        "中間は達成度を付けません。年間の数の指標（多いほどよく、目標が10を超えるもの）は、"
        "年間目標に対する中間進捗率を示します。",
        f"{base}差: {base}の値との差（10を超える件数などは増減率も）と、その向き。"
        "達成度には使いません。",
        f"{base}からの進捗率: 年度末時点・累計・率の指標の、"
        f"（実績 － {base}）÷（目標 － {base}）× 100。"
        f"{base}から目標までの差が小さい指標（件数なら10件未満、小数第1位までの値なら1.0未満）には付けません。",
        "計画期間累計: 年間の数の指標の、計画初年度からの実績の合計 ÷ 目標の合計"
        "（少ないほどよい指標は 目標の合計 ÷ 実績の合計）。",
        "平均達成率（各指標100％上限・参考）: 評価した指標の達成率を100％までとした、"
        "指標の単純平均。評価した指標が、対象外を除く指標の半数に満たないときは示しません。",
        "目標は、その年度の末日までに決定した変更を含みます。「8（当初10）」は、計画で10だった目標です。"
        "その年度の中で引き下げた目標には、変更前の目標による達成率も示します。",
    )


def _own_formulas(plan: Plan) -> Iterator[str]:
    """Yield what holds only where a plan uses it: other formulas, targets of years between."""
    base, indicators = plan.baseline_name, plan.indicators.values()
    if any(each.attainment is Formula.PROGRESS for each in indicators):
        yield (
            f"参考値からの進みで評価する指標: 達成率 =（実績 − {base}）÷（目標 − {base}）× 100。"
            f"{base}より悪くなれば負の数になり、いちばん下の達成度です。"
            f"目標が{base}よりよい側にないときは、目標に届けば100％、届かなければ算定不能です。"
            f"平均達成率では、負の達成率を0％とします。「{words.FLAGS[Flag.FAR_ABOVE_TARGET]}」は、"
            f"目標と{base}の差が最後の桁の10きざみ以上のものだけに付けます。"
        )
    between = {each.between for each in indicators}
    if Between.NEXT in between:
        yield "目標のない年度は、次の目標と比べます（「R12の目標」のように示します）。"
    if Between.LINEAR in between:
        yield (
            "目標のない年度は、前の目標（なければ参考値）から次の目標までを按分した値と比べます。"
            "計画にある目標ではないので「目安（按分）」と示します。"
        )
    if pers := sorted({each.per for each in indicators if each.per} - {int(HUNDRED)}):
        said = "、".join(f"{per:,}" for per in pers)
        yield f"％ でない率の実績は、分子 ÷ 分母 × {said} です。"
    if any(each.redefined for each in indicators):
        yield (
            "集計方法を変えた指標では、前の集計方法の値（数え直していない参考値を含む）とは比べず、"
            "計画期間累計も計算しません。"
        )
