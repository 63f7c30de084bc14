"""How many columns of a terminal a text takes: what wcwidth says, whoever counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from jusou.values.columns import columns

CHARS = [*"aあ亜―①ｱ゙゚\u0301\u200d\ufe0f👍🏽🇯🇵𠮷\u3164가　（）"]


def test_every_character_is_as_wide_as_wcwidth_says() -> None:
    for code in range(0x20000):
        assert columns(chr(code)) == wcswidth(chr(code)) or chr(code).isascii(), hex(code)


@given(st.text(st.sampled_from(CHARS) | st.characters()))
def test_a_text_is_as_wide_as_wcwidth_says(text: str) -> None:
    assert columns(text) == wcswidth(text) or text.isascii()
