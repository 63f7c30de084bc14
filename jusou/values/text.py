"""Texts as people and programs leave them: cleaned, brought together, quoted."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from functools import cache
from typing import Literal

QUOTE_LIMIT = 40
# Unicode's Default_Ignorable_Code_Point but the variation selectors, which choose a glyph. What
# the group holds stays: a joiner inside an emoji or a script that needs it, the tags of a flag.
_JOINED = "\u0600-\u1cff\u2190-\u2bff\U0001f000-\U0001faff"
_INVISIBLE = (
    f"((?<=[{_JOINED}\ufe0f])[\u200c\u200d](?=[{_JOINED}])|\U0001f3f4[\U000e0020-\U000e007f]+)"
    "|[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff"
    "\U000e01f0-\U000e0fff]"
)
_UNSEEN_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # which Unicode calls printable
_LEAST_PILE = 200
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NO_CP932 = re.compile("[\x80\xa0\uf8f1-\uf8f3]")  # what Python makes of bytes it does not have
SEPARATORS = {
    "\t": "タブ",
    ";": "セミコロン",
    "；": "全角のセミコロン",
    "，": "全角のカンマ",
    "、": "読点",
    "|": "縦線",
    "｜": "全角の縦線",
}
"""What stands between the columns of a CSV file in place of a comma, and how it is called."""
_BREAKS = str.maketrans(dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"))
_CONTROLS = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0))))
_CIRCLED = {
    first + index: f"-{number + index}"
    for first, number, count in ((ord("①"), 1, 20), (ord("㉑"), 21, 15), (ord("㊱"), 36, 15))
    for index in range(count)
}
_KEY_NOISE = str.maketrans({**dict.fromkeys("ー－−–—―‐‑", "-"), "(": "", ")": "-", " ": ""})


def visible(text: str) -> str:
    """Return a text without the characters that nobody sees and that carry nothing.

    They come along from web pages and other programs, and a font prints a mark for each.
    """
    return text if _is_plain(text) else re.sub(_INVISIBLE, r"\1", text)


def _is_plain(text: str) -> bool:
    """Tell of most texts that they hold nothing invisible.

    A fifth of what it takes to search them, and nothing is to be compiled.
    """
    return text.isascii() or (
        "".join(text.split()).isprintable() and not any(map(text.__contains__, _UNSEEN_LETTERS))
    )


def fold(text: str) -> str:
    """Return a text with full and half width brought together (NFKC), without outer spaces.

    What cannot be seen is gone: nobody can know that it keeps a figure or a name from being read.
    """
    return normalised(visible(text)).strip()


def decoded(content: bytes) -> str | None:
    """Return the text of bytes, in UTF-8 with or without a BOM or in CP932; None if in neither."""
    if is_utf16(content):
        return None
    with contextlib.suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig")
    with contextlib.suppress(UnicodeDecodeError):
        text = content.decode("cp932")
        return None if _NO_CP932.search(text) else text
    return None


def is_utf16(content: bytes) -> bool:
    """Tell whether bytes begin as UTF-16 does, or hold a NUL, as its ASCII characters do."""
    return content.startswith(UTF16_MARKS) or b"\0" in content


def normalised(text: str, form: Literal["NFC", "NFKC"] = "NFKC") -> str:
    """Return a text in a form of Unicode.

    One with marks piled up as no script needs them stays as it is: it takes the square of their
    number to sort them.
    """
    run = 0
    for char in text if len(text) > _LEAST_PILE and not text.isascii() else "":
        run = run + 1 if unicodedata.combining(char) else 0
        if run > _LEAST_PILE:
            return text
    return unicodedata.normalize(form, text)


def squeeze(text: str) -> str:
    """Return a folded text without any spaces or line breaks, as labels are compared."""
    return re.sub(r"\s", "", fold(text))


def plain_breaks(text: str) -> str:
    """Return a text in which every kind of line break is a newline, as a log keeps it."""
    return text.replace("\r\n", "\n").translate(_BREAKS)


def without_controls(text: str, kept: str = "\n") -> str:
    """Return a text with a space for every control character but those ``kept``.

    A terminal would obey it, a browser or a spreadsheet refuse it.
    """
    return _controls_but(kept).sub(" ", text)


@cache
def _controls_but(kept: str) -> re.Pattern[str]:
    """Return what finds control characters: in a page at 25 times the speed of ``translate``."""
    return re.compile(f"[{''.join(char for char in _CONTROLS if char not in kept)}]")


def plain_text(text: str) -> str:
    """Return a text as it comes back from a spreadsheet: no controls, no spaces around it."""
    return without_controls(plain_breaks(text)).strip()


def unkeepable(text: str) -> str:
    """Return what no log can keep of a text: a control code, half a character, a conflict's mark.

    Empty if there is nothing of the kind.
    """
    strange = "[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]|^(?:<<<<<<<|>>>>>>>) "
    found = re.search(strange, text, re.MULTILINE)
    return found[0] if found else ""


def quote(text: str, limit: int = QUOTE_LIMIT) -> str:
    """Return the text found, in 「」, on one line, cut at a limit, without control codes."""
    shown = "".join(map(_visible, plain_breaks(text[: limit + 1])))
    return f"「{shown[:limit]}…」" if len(text) > limit else f"「{shown}」"


def _visible(char: str) -> str:
    if char in "\n\t":
        return " "
    return "?" if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char


def normalise_key(text: str) -> str:
    """Bring the spellings of a subject together: ``(1)①``, ``1①``, ``1-1`` and ``１－１``."""
    plain = fold(text.strip().translate(_CIRCLED)).translate(_KEY_NOISE).lower()
    return re.sub(r"-+", "-", plain).strip("-")
