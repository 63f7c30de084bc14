"""Ids and numbers that a plan's table does not give: made from the numbers that it prints."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jusou.values.text import fold, normalise_key

_NUMBERED = (
    re.compile(r"[(（]\s*(?P<number>\d+)\s*[)）]\s*(?P<name>\D.*)", re.DOTALL),
    re.compile(r"(?P<number>\d+(?:-\d+)*)[\s.．、:：]+(?P<name>\D.*)", re.DOTALL),
    re.compile(
        r"(?P<number>(?:基本目標|重点目標|基本方針|基本施策|施策|政策|目標|柱|方針)\s*\d+(?:-\d+)*)"
        r"[\s.．、:：]+(?P<name>.+)",
        re.DOTALL,
    ),
)
_SLUG = re.compile(r"[a-z0-9_]+(-[a-z0-9_]+)*")


def split_numbers(names: Sequence[str]) -> list[tuple[int | str, str]]:
    """Return number and name of each programme; one that is printed before the name is its own.

    Where not every name begins with a number of its own, they are counted.
    """
    found = [_split(each) for each in names]
    split = [each for each in found if each]
    if len(split) == len(names) == len({number for number, _ in split}):
        return split
    return [*enumerate(names, 1)]


def _split(name: str) -> tuple[int | str, str] | None:
    for pattern in _NUMBERED:
        if match := pattern.fullmatch(name):
            number = re.sub(r"\s", "", fold(match["number"]))
            return (int(number) if number.isdigit() else number), match["name"].strip()
    return None


def programme_ids(numbers: Sequence[int | str]) -> list[str]:
    """Return ``k1`` for (1); programmes that have no plain numbers are counted."""
    plain = all(isinstance(each, int) for each in numbers) and len({*numbers}) == len(numbers)
    return [f"k{number if plain else order}" for order, number in enumerate(numbers, 1)]


def split_labels(labels: Sequence[str], number: int | str) -> list[str]:
    """Return the labels without the programme's number, where each begins with it: ``1-2``."""
    begun = f"{number}-"
    keys = [normalise_key(each) for each in labels]
    if isinstance(number, int) and all(re.fullmatch(rf"{begun}\d+", each) for each in keys):
        return [each.removeprefix(begun) for each in keys]
    return [*labels]


def indicator_ids(programme: str, labels: Sequence[str]) -> list[str]:
    """Return ``k1-2`` for ②; where a label of the programme gives no id, they are counted."""
    keys = [normalise_key(each) for each in labels]
    plain = all(map(_SLUG.fullmatch, keys)) and len({*keys}) == len(keys)
    return [f"{programme}-{key if plain else order}" for order, key in enumerate(keys, 1)]
