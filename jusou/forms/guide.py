"""How a form is filled in, in words, for an officer who sees it for the first time."""

from __future__ import annotations

from collections.abc import Iterator

from jusou.dates import wareki
from jusou.fiscal_year import FiscalYear
from jusou.forms.shape import FormKind, Label, interim_day

PRIVACY = "個人が特定される内容は書かないこと。"
SAMPLE = "架空データ: この照会票の数値は架空のもので、市の実績ではありません。"


def guide(kind: FormKind, year: FiscalYear, *, sample: bool) -> tuple[str, ...]:
    """Return the sentences that stand above the table."""
    return tuple(_sentences(kind, year, sample))


def _sentences(kind: FormKind, year: FiscalYear, sample: bool) -> Iterator[str]:
    if sample:
        yield SAMPLE
    yield f"【重要】{PRIVACY}"
    period = f"{wareki(year.first_day)}から{wareki(year.last_day)}まで"
    match kind:
        case FormKind.INTERIM:
            yield (
                f"・{wareki(interim_day(year))}までの実績を「9月末実績」に、{year.long_name}の"
                "年度末の見込みを「年度末見込」に入力してください。"
            )
            yield (
                "・数字だけを入力してください（単位は不要）。実績がないときは 0、まだ分からないときは"
                "空欄のままで、数値についての補足は備考に書いてください。"
            )
        case FormKind.CLOSING:
            yield (
                f"・{year.long_name}（{period}）の実績を、黄色の見出しの列に入力してください。"
                "数字だけを入力します（単位は不要）。"
            )
            yield "・実績がないときは 0 です。率の指標は、分子と分母を入力すれば実績値は空欄でかまいません。"
            yield (
                "・数値を入力できないときは、実績値を空欄にして「区分」を選び、備考に書いてください。"
                "未確定＝まだ出ていない（備考に、いつ出るか）。該当なし＝数える対象がなかった"
                "（備考に理由）。測定不能＝数えられなかった（備考に理由）。"
            )
            yield (
                "・「区分」が空欄なら確定です。後で変わるかもしれない数値は、数値を入力して"
                "「速報」を選んでください。"
            )
            yield (
                "・シート「取組の記述」にも、指標ごとに150字程度で入力してください"
                "（方向性は一覧から選びます。書くことがなければ空欄でかまいません）。"
            )
        case FormKind.ALL:
            yield (
                f"・{year.long_name}（{period}）の、今の記録が入っています。書き足したり直したりして、"
                "jusou import で取り込んでください。"
            )
            yield (
                "・空欄にしても今の記録は消えません。文章を消すときは（削除）と入力します。"
                "評価には評価理由が必要です。"
            )
    yield (
        "・行や列の追加・削除、セルの結合はせず、Excel ブック（.xlsx）のまま保存してください。"
        + _return(kind)
    )


def _return(kind: FormKind) -> str:
    if kind is FormKind.ALL:
        return ""
    return (
        f"「{Label.FILLED_BY}」を入力し、所属長の確認を受けて、"
        f"「{Label.DUE}」までに「{Label.CONTACT}」へ、このファイルを返送してください。"
    )
