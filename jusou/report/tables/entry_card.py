"""What ``enter`` shows: before it asks, which figure is meant; and what can be typed."""

from __future__ import annotations

from jusou.logs.dataset import Dataset
from jusou.logs.schema import Actual
from jusou.plan.model import Indicator
from jusou.report import words
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear

HELP = """\
数値: 2655　2,655　２６５５件。率は 20/38（分子/分母）でもかまいません。
区分: 速報 2655　見込 2700　中間 1300　取消　（付けないと確定です）
数値がないとき: 未確定 7月に確定予定　該当なし 理由　測定不能 理由
b=戻る（数値の後の質問では、数値からやり直し）
s=とばす　q=終了（記録した分は保存されています）"""


def entry_card(dataset: Dataset, year: FiscalYear, indicator: Indicator, progress: str) -> str:
    """Return the card of one indicator: name, unit, definition, and the figures around it."""
    plan = dataset.plan
    target = dataset.targets(indicator, year).get(year)
    standing = dataset.standing(year, indicator)
    lines = [
        f"[{progress}] {words.bracketed(words.subject_name(plan, indicator.id), indicator.unit)}",
        f"  数え方: {indicator.definition or words.MEASURES[indicator.measure]}",
        *([f"  ※{indicator.note}"] if indicator.note else []),
        f"  {words.baseline_title(plan)} {words.number(indicator.baseline, indicator).text}"
        f"　前年度（{year.previous}） {_last_year(dataset, year, indicator)}"
        f"　{year}の目標 {words.number(target, indicator).text}",
        *(f"  今の記録: {_row(row, indicator)}" for row in standing.rows),
    ]
    return "\n".join(lines)


def _last_year(dataset: Dataset, year: FiscalYear, indicator: Indicator) -> str:
    row = dataset.standing(year.previous, indicator).closing
    if row is None or row.value is None:
        return str(row.basis) if row else words.NO_FIGURE.text
    return words.number(row.value, indicator).text


def _row(row: Actual, indicator: Indicator) -> str:
    amount = "" if row.value is None else f" {words.amount(row.value, indicator).text}"
    with_parts = words.bracketed(f"{row.basis}{amount}", words.parts(row, "/"))
    day = f"{wareki(row.as_of)}現在" if row.as_of else ""
    remark = f"　{row.remark}" if row.remark else ""
    return f"{words.bracketed(with_parts, day)}{remark}"
