"""How the texts and cells of an Excel workbook look: struck, raised, invisible, as a date.

What people see is what is taken. Here is found out what of a text or a number they do not see, or
see otherwise than it is stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple
from xml.etree.ElementTree import Element

from jusou.values.text import plain_breaks, quote, visible

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'General|"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
# What a format puts beside a figure, and the place of the figure.
_PIECE = re.compile(
    r'"(?P<words>[^"]*)"|\\(?P<sign>.)|_.|\*.|\[[^\]]*\]|(?P<figure>General|[0#?@][0#?.,]*)'
)
_FIRST_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;])*')
_CONDITION = re.compile(r"\[[<>=]")
_OF_MONEY = "¥￥"  # a figure with it is read as one without
_BUILT_IN: Mapping[int, str] = {
    9: "0%", 10: "0.00%", 20: "h:mm", 21: "h:mm:ss", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss",
    **dict.fromkeys((*range(14, 20), 22, *range(27, 37), *range(50, 59)), "yyyy/m/d"),
}  # fmt: skip
_WHITE, _BLACK = "FFFFFF", "000000"
_RGB = re.compile("[0-9A-F]{6}")
_COLOURS = {
    ("theme", "0"): _WHITE, ("theme", "1"): _BLACK,
    ("indexed", "1"): _WHITE, ("indexed", "9"): _WHITE, ("indexed", "65"): _WHITE,
    ("indexed", "0"): _BLACK, ("indexed", "8"): _BLACK, ("indexed", "64"): _BLACK,
}  # fmt: skip
_LONGEST_CODE = 255  # in Excel
_LEAST_TYPE = 4.0  # points: nobody reads smaller type
_NEARLY = 16  # of 255: colours that differ by less look the same
_STRUCK = "に取り消し線があります"
_RAISED = "が上付きか下付きの文字です"
_FAINT = "が白い文字か、読めないほど小さい文字です"


class Words(NamedTuple):
    """A text of the workbook, and which of it is struck, raised or hardly seen.

    ``bare`` is what takes its look from the cell; ``unseen`` tells of characters that were dropped.
    """

    text: str
    struck: str = ""
    raised: str = ""
    faint: str = ""
    bare: str = ""
    unseen: bool = False

    def doubt(self, *, is_struck: bool) -> str:
        """Return what a person would ask about the text in a cell that may be struck itself."""
        struck = self.struck + (self.bare if is_struck else "")
        if struck:
            return _STRUCK if struck == self.text else f"の{quote(struck)}{_STRUCK}"
        if self.raised:
            return f"の{quote(self.raised)}{_RAISED}"
        return f"の{quote(self.faint)}{_FAINT}" if self.faint else ""


def read_words(item: Element | None) -> Words:
    """Return a text with its runs; what is read out over it (phonetic runs) is no part of it."""
    if item is None:
        return Words("")
    own = "".join(each.text or "" for each in item.iterfind("t"))
    runs = [(run.find("rPr"), run.findtext("t") or "") for run in item.iterfind("r")]
    if not runs:
        return plain_words(own)
    return plain_words(own + "".join(text for _, text in runs))._replace(
        struck=seen("".join(text for look, text in runs if _is_struck(look))),
        raised=seen("".join(text for look, text in runs if _is_raised(look))),
        faint=seen("".join(text for look, text in runs if _is_faint(look))),
        bare=seen(own + "".join(text for look, text in runs if look is None)),
    )


def plain_words(text: str) -> Words:
    """Return a text that takes its whole look from its cell."""
    decoded = _decoded(text)
    shown = visible(decoded)
    return Words(shown.strip(), bare=shown.strip(), unseen=shown != decoded)


def seen(text: str) -> str:
    """Return what people see of a text as the XML holds it."""
    return visible(_decoded(text)).strip()


def _decoded(text: str) -> str:
    """Return a text without the escapes of what XML cannot hold: ``_x000D_`` is a line break."""
    return plain_breaks(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text))


def _is_struck(look: Element | None) -> bool:
    found = None if look is None else look.find("strike")
    return found is not None and found.get("val", "1") not in ("0", "false")


def _is_raised(look: Element | None) -> bool:
    found = None if look is None else look.find("vertAlign")
    return found is not None and found.get("val") != "baseline"


def _is_faint(look: Element | None) -> bool:
    return look is not None and (_is_tiny(look) or _colour(look.find("color"), "") == _WHITE)


def _is_tiny(font: Element | None) -> bool:
    size = None if font is None else font.find("sz")
    return size is not None and float(size.get("val", _LEAST_TYPE)) < _LEAST_TYPE


class Format(Enum):
    """What a number format makes of a number, as far as it is another figure to the eye."""

    PLAIN = "plain"
    DATE = "date"
    ELAPSED = "elapsed"  # hours beyond a day
    PERCENT = "percent"
    THOUSANDS = "thousands"


class Appearance(NamedTuple):
    """What a style does to the cells that have it.

    ``unseen`` is why nobody sees what stands in them (empty if one does). ``blank`` tells of the
    sections of its number format (for numbers above 0, below 0 and 0, and for texts) which of them
    show nothing. ``beside`` is what it shows for a number above 0, with NUL in its place: 約2618 of
    ``"約"0``, 26180 of ``0"0"``, 済 of ``"済"``.
    """

    is_struck: bool = False
    unseen: str = ""
    format: Format = Format.PLAIN
    blank: tuple[bool, ...] = ()
    beside: str = "\0"

    def as_seen(self, text: str) -> str:
        """Return a figure above 0 with the words that its format puts beside it."""
        return self.beside.replace("\0", text, 1).replace("\0", "")

    def hides(self, number: float | None) -> str:
        """Return why a number, or a text (None), is not seen though it is there."""
        if self.unseen:
            return self.unseen
        at = 3 if number is None else 0 if number > 0 else 1 if number < 0 else 2
        if number is not None and at >= len(self.blank):
            at = 0
        return "が、何も表示しない書式です" if any(self.blank[at : at + 1]) else ""


_MARKS: Mapping[Format, re.Pattern[str]] = {
    Format.ELAPSED: re.compile(r"\[[hms]+\]", re.IGNORECASE),
    Format.DATE: re.compile("[ymdhsg]", re.IGNORECASE),
    Format.PERCENT: re.compile("%"),
    Format.THOUSANDS: re.compile(r"[0#?],+(?![0#?,])"),
}


def read_looks(root: Element) -> list[Appearance]:
    """Return the looks of a workbook's styles, as its cells count them."""
    codes = dict(_BUILT_IN)
    for each in root.iterfind("numFmts/numFmt"):
        codes[int(each.get("numFmtId", 0))] = each.get("formatCode", "")[:_LONGEST_CODE]
    fonts, fills = root.findall("fonts/font"), root.findall("fills/fill")
    looks = []
    for style in root.iterfind("cellXfs/xf"):
        font, fill = (
            known[int(style.get(key, 0))] if known else None
            for known, key in ((fonts, "fontId"), (fills, "fillId"))
        )
        code = codes.get(int(style.get("numFmtId", 0)), "General")
        struck, unseen = _is_struck(font), _unseen(font, fill)
        looks.append(Appearance(struck, unseen, _format(code), _blank(code), _beside(code)))
    return looks


def read_conditional(dxf: Element) -> str:
    """Return why one may not read a cell to which a conditional format is applied (mostly empty).

    Whether it is applied hangs on formulas and on what is looked at when; the doubt is enough.
    """
    font, code = dxf.find("font"), dxf.find("numFmt")
    if _is_struck(font):
        return "に、条件によって取り消し線の付く書式（条件付き書式）があります"
    hides = code is not None and any(_blank(code.get("formatCode", "")[:_LONGEST_CODE]))
    if hides or _unseen(font, dxf.find("fill")):
        return "に、条件によって文字が見えなくなる書式（条件付き書式）があります"
    return ""


def _unseen(font: Element | None, fill: Element | None) -> str:
    """Return why nobody sees a text in a font on a fill (empty if one does)."""
    if _is_tiny(font):
        return "の文字が、読めないほど小さいです"
    ink, paper = _colour(None if font is None else font.find("color"), _BLACK), _paper(fill)
    return "の文字が、背景と同じ色です" if _is_alike(ink, paper) else ""


def _is_alike(ink: str, paper: str) -> bool:
    """Tell whether two colours look the same; of those of a theme the names are compared."""
    if ink == paper or not (_RGB.fullmatch(ink) and _RGB.fullmatch(paper)):
        return ink == paper
    pairs = zip(bytes.fromhex(ink), bytes.fromhex(paper), strict=True)
    return all(abs(one - other) < _NEARLY for one, other in pairs)


def _format(code: str) -> Format:
    shown = _LITERAL.sub("", code).partition(";")[0]
    return next((each for each, mark in _MARKS.items() if mark.search(shown)), Format.PLAIN)


def _blank(code: str) -> tuple[bool, ...]:
    sections = code.split(";")
    return tuple(not each.strip(' "') for each in sections) if len(sections) > 1 else ()


def _beside(code: str) -> str:
    section = _FIRST_SECTION.match(code)
    if section is None or _CONDITION.search(code):
        return "\0"
    pieces = _PIECE.finditer(section[0])
    shown = ("\0" if each["figure"] else each["words"] or each["sign"] or "" for each in pieces)
    return "".join(shown).strip(f"{_OF_MONEY} ") or "\0"


def _colour(color: Element | None, default: str) -> str:
    """Return a colour so that two that look the same are the same."""
    if color is None:
        return default
    for key in ("rgb", "theme", "indexed"):
        if (value := color.get(key)) is not None:
            known = value[-6:].upper() if key == "rgb" else _COLOURS.get((key, value))
            return f"{known or (key, value)}{color.get('tint', '')}"
    return default


def _paper(fill: Element | None) -> str:
    """Return the colour that is behind the text of a cell.

    A conditional format names no pattern where it means a plain colour, and has it as ``bgColor``.
    """
    pattern = None if fill is None else fill.find("patternFill")
    if pattern is None:
        return "" if fill is not None and fill.find("gradientFill") is not None else _WHITE
    match pattern.get("patternType"):
        case None if pattern.find("bgColor") is not None:
            return _colour(pattern.find("bgColor"), "")
        case None | "none":
            return _WHITE
        case "solid":
            return _colour(pattern.find("fgColor"), "")
    return ""
