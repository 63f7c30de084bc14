"""Reads the targets of a row as plans print them: 80%以上, 10〜15, 現状維持, and plain numbers.

A word counts where it can mean one thing only; of what the targets say about the direction and the
tolerance of their indicator, the row itself must not say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from jusou.errors import JusouError
from jusou.plan.model import Direction
from jusou.plan_table.columns import DIRECTIONS, is_dash, read_amount
from jusou.values.text import fold, quote, squeeze

_BOUND = re.compile(r"(.+?)(以上|以下|超|未満|を超える|を上回る|を下回る)")
_SPAN = re.compile(r"(.+?)[~〜～](.+)")
_AROUND = re.compile(r"(.+?)±(.+)")
_NOT_SET = ("未定", "未設定", "設定なし", "目標なし", "検討中", "調整中")
_SIDES = {
    "以上": Direction.UP, "超": Direction.UP, "を超える": Direction.UP, "を上回る": Direction.UP,
    "以下": Direction.DOWN, "未満": Direction.DOWN, "を下回る": Direction.DOWN,
}  # fmt: skip
_INCLUSIVE = ("以上", "以下")
_KEPT = re.compile(r"(現状|現状値|基準値|参考値)?(を)?(維持|維持する)")
_WORDS_ONLY = re.compile(r"[^\d]+")


class Aim(NamedTuple):
    """What a target says: its ``value``, a side or a tolerance; what is to be confirmed about it.

    ``amount`` is the value in plain digits as it was typed. Where the baseline ``is_kept`` it is
    that, and None before it is known.
    """

    text: str
    amount: str | None
    side: Direction | None = None
    tolerance: Decimal | None = None
    doubt: str = ""
    is_kept: bool = False


def read_aim(heading: str, text: str, unit: str) -> Aim | None:
    """Return what a target says; None for a dash, or one that is not set yet.

    Raises JusouError for what means too much.
    """
    plain = squeeze(text)
    if is_dash(text) or plain in _NOT_SET:
        return None
    if _KEPT.fullmatch(plain):
        doubt = f"{quote(text)}を、参考値と同じ目標としました"
        return Aim(text, None, doubt=doubt, is_kept=True)
    if bound := _BOUND.fullmatch(plain):
        amount, side = read_amount(heading, bound[1], unit, signed=True), _SIDES[bound[2]]
        strict = f"{quote(text)}です。ちょうど {amount} も達成になります"
        return Aim(text, amount, side, doubt="" if bound[2] in _INCLUSIVE else strict)
    if span := _SPAN.fullmatch(plain):
        ends = [Decimal(read_amount(heading, each, unit, signed=True)) for each in span.groups()]
        if ends[0] >= ends[1]:
            message = f"{heading}{quote(text)}は、幅として読めません。"
            raise JusouError(message, "小さいほうの数を先に書いてください。")
        half = (ends[1] - ends[0]) / 2
        doubt = f"{quote(text)}を、中央の値と許容幅にしました"
        return Aim(text, f"{ends[0] + half:f}", Direction.KEEP, half, doubt)
    if around := _AROUND.fullmatch(plain):
        middle, width = (read_amount(heading, each, unit, signed=True) for each in around.groups())
        return Aim(text, middle, Direction.KEEP, Decimal(width))
    try:
        return Aim(text, read_amount(heading, text, unit, signed=True))
    except JusouError as error:
        if not _WORDS_ONLY.fullmatch(fold(text)):
            raise
        hint = (
            "数値のない目標は、この欄を空けて指標名か「計画書の※」に書くか、"
            "表から除いて、後で取組（targets.yaml の initiatives）に書いてください。"
        )
        raise JusouError(error.message, hint) from None


def direction_said(aims: Sequence[Aim], stated: str | None) -> Direction | None:
    """Return which way is better as the targets say it. Raises JusouError if ``stated`` differs."""
    sides = {each.side: each for each in aims if each.side}
    if len(sides) > 1:
        both = "と".join(quote(each.text) for each in sides.values())
        message = f"目標の{both}は、よい方向が違います。"
        raise JusouError(message, "向きの違う目標は、別の指標（別の行）にしてください。")
    for side, aim in sides.items():
        if stated and side != stated:
            words = DIRECTIONS[stated][0]
            message = f"目標{quote(aim.text)}が、よい方向{quote(words)}と合いません。"
            hint = f"よい方向を「{DIRECTIONS[side][0]}」にするか、目標を数だけにしてください。"
            raise JusouError(message, hint)
        return side
    return None


def tolerance_said(aims: Sequence[Aim], stated: str | None) -> Decimal | None:
    """Return the tolerance that the targets have; all of them, or none. Raises JusouError."""
    widths = {each.tolerance: each for each in aims}
    if widths.keys() <= {None}:
        return None
    if stated is not None:
        widths.setdefault(Decimal(stated), Aim(f"許容幅{stated}", stated))
    if len(widths) > 1:
        both = "と".join(quote(each.text) for each in [*widths.values()][:2])
        message = f"目標の幅が同じではありません（{both}）。"
        hint = "目標は中央の値だけにし、「許容幅」の列に幅の半分を書いてください。"
        raise JusouError(message, hint)
    return next(iter(widths))


def most_decimals(amounts: Sequence[str]) -> int:
    """Return how many decimals figures have that are written in plain digits."""
    return max((len(each.partition(".")[2]) for each in amounts), default=0)
