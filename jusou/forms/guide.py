"""How a form is filled in, in words, for an officer who sees it for the first time."""

from __future__ import annotations

from collections.abc import Iterator

from jusou.forms.layout import (
    FORECAST_TITLE,
    HALF_YEAR,
    TEXTS,
    WISHED_LENGTH,
    Label,
    interim_title,
)
from jusou.logs.schema import CLEAR, LAST_ACTION, LAST_OPINION, FormKind
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear

PRIVACY = "個人が特定される内容は書かないこと"
SAMPLE = "架空データ: この照会票の数値は架空のもので、市の実績ではありません。"
SHORT_GUIDE = (
    f"・指標ごとに、どの欄も{WISHED_LENGTH}字程度で入力してください。"
    "書くことがない欄は空欄でかまいません。"
)
_RETURN = (
    f"・記入したら「{Label.FILLED_BY}」を入力し、所属長の確認を受けて、「{Label.DUE}」までに"
    f"「{Label.CONTACT}」へこのファイルを返送してください。"
)


def notices(*, sample: bool) -> tuple[str, ...]:
    """Return what stands on every sheet."""
    return (f"【{PRIVACY}】", *((f"【{SAMPLE}】",) if sample else ()))


def form_title(kind: FormKind, year: FiscalYear) -> str:
    """``令和9年度 実績等照会票``."""
    return f"{year.long_name} {kind}"


def guide(kind: FormKind, year: FiscalYear, *, one_table: bool) -> tuple[str, ...]:
    """Return the sentences that stand above the table; a CSV file has but one."""
    keep = f"行や列の追加・削除{'' if one_table else '、セルの結合'}はしないでください。"
    match kind:
        case FormKind.INTERIM:
            return (*_interim(year, one_table=one_table), _RETURN + keep)
        case FormKind.CLOSING:
            return (*_closing(year, one_table=one_table), _RETURN + keep)
    return (*_everything(year), f"・{keep}")


def printed_lines(kind: FormKind, year: FiscalYear, *, sample: bool) -> set[str]:
    """Return every line that a form may have been sent out with above a table."""
    return {
        form_title(kind, year),
        SHORT_GUIDE,
        *notices(sample=sample),
        *guide(kind, year, one_table=False),
        *guide(kind, year, one_table=True),
    }


def _interim(year: FiscalYear, *, one_table: bool) -> Iterator[str]:
    yield (
        f"・{wareki(year.interim_day)}までの実績を「{interim_title(year)}」に、{year.long_name}の年度末の"
        f"見込みを「{FORECAST_TITLE}」に、数字だけで入力してください（単位は不要）。"
    )
    yield (
        "・実績がないときは 0 です。まだ分からないときは空欄のままにしてください。"
        "数値についての補足は、備考に書いてください。"
    )
    yield (
        f"・{_place_of(HALF_YEAR, one_table=one_table)}には、指標ごとに、上半期の取組状況、"
        f"下半期の対応、次年度への反映（予算・事業）を{WISHED_LENGTH}字程度で入力してください。"
        "年度末に目標を下回る見込みのときは、その要因も入力してください。"
    )


def _closing(year: FiscalYear, *, one_table: bool) -> Iterator[str]:
    yield (
        f"・{year.long_name}（{_period(year)}）の実績を、「実績値」から右の列に入力してください。"
        "数字だけを入力します（単位は不要）。実績がないときは 0 です。"
    )
    others = "ほかの指標では、分子と分母は空欄のままです。"
    yield (
        "・率の指標は、分子と分母を入力してください（実績値は空欄でかまいません）。"
        f"{others if one_table else '灰色のセルは入力不要です。'}"
    )
    yield (
        "・数値を入力できないときは、実績値を空欄にして「区分」を選び、備考に書いてください。"
        "未確定＝まだ出ていない（備考に、いつ出るか）／該当なし＝数える対象がなかった（備考に理由）／"
        "測定不能＝数えられなかった（備考に理由）。"
    )
    yield (
        "・区分は、空欄なら「確定」です。数値が後で変わるかもしれないときは、数値を入力して"
        "「速報」を選んでください。"
    )
    yield (
        f"・{_place_of(TEXTS, one_table=one_table)}には、指標ごとに、"
        f"実施状況・要因・課題・改善策を{WISHED_LENGTH}字程度で入力し、方向性を選んでください。書くことがない欄は空欄でかまいません。"
        f"「{LAST_ACTION}」と「{LAST_OPINION}」の列があれば、"
        "その後どうなったかを、すぐ右の欄に入力してください。"
    )


def _place_of(sheet: str, *, one_table: bool) -> str:
    return "右のほうの列" if one_table else f"2枚目のシート「{sheet}」"


def _everything(year: FiscalYear) -> Iterator[str]:
    yield (
        f"・{year.long_name}（{_period(year)}）の今の記録が入っています。書き足したり直したりして、"
        "jusou import で取り込みます。"
    )
    yield (
        f"・空欄にしても今の記録は消えません。文章を消すときは {CLEAR} と入力します。"
        "評価を入力するときは、評価理由も入力してください。"
    )


def _period(year: FiscalYear) -> str:
    return f"{wareki(year.first_day)}から{wareki(year.last_day)}まで"
