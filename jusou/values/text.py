"""Texts as people and programs leave them: cleaned, brought together, quoted."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

QUOTE_LIMIT = 40
_BREAKS = str.maketrans(dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"))
_CONTROLS = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0))))
_CIRCLED = {
    first + index: f"-{number + index}"
    for first, number, count in ((ord("①"), 1, 20), (ord("㉑"), 21, 15), (ord("㊱"), 36, 15))
    for index in range(count)
}
_KEY_NOISE = str.maketrans({**dict.fromkeys("ー－−–—―‐‑", "-"), "(": "", ")": "-", " ": ""})


def fold(text: str) -> str:
    """Return a text with full and half width brought together (NFKC), without outer spaces."""
    return unicodedata.normalize("NFKC", text).strip()


def squeeze(text: str) -> str:
    """Return a folded text without any spaces or line breaks, as labels are compared."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def plain_breaks(text: str) -> str:
    """Return a text in which every kind of line break is a newline, as a log keeps it."""
    return text.replace("\r\n", "\n").translate(_BREAKS)


def without_controls(text: str, kept: str = "\n") -> str:
    """Return a text with a space for every control character but those ``kept``.

    A terminal would obey it, a browser or a spreadsheet refuse it.
    """
    return text.translate(_spaces(kept))


@cache
def _spaces(kept: str) -> dict[int, str]:
    return {ord(char): " " for char in _CONTROLS if char not in kept}


def plain_text(text: str) -> str:
    """Return a text as it comes back from a spreadsheet: no controls, no spaces around it."""
    return without_controls(plain_breaks(text)).strip()


def quote(text: str) -> str:
    """Return the text found, in 「」, on one line, at most 40 characters, without control codes."""
    shown = "".join(map(_visible, plain_breaks(text[: QUOTE_LIMIT + 1])))
    return f"「{shown[:QUOTE_LIMIT]}…」" if len(text) > QUOTE_LIMIT else f"「{shown}」"


def _visible(char: str) -> str:
    if char in "\n\t":
        return " "
    return "?" if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char


def normalise_key(text: str) -> str:
    """Bring the spellings of a subject together: ``(1)①``, ``1①``, ``1-1`` and ``１－１``."""
    plain = fold(text.strip().translate(_CIRCLED)).translate(_KEY_NOISE).lower()
    return re.sub(r"-+", "-", plain).strip("-")
