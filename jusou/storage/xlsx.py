"""Reads an Excel workbook as a person sees it: values, and what keeps one from trusting them.

One bounded reader of the XML. Struck-through text, hidden sheets, rows and columns, comments and
text boxes are all part of what is read, for a figure that nobody sees must not pass for one that
was reported. Written for what Excel, LibreOffice and Google Sheets save (ECMA-376, transitional
and strict): names are compared without their namespace, what is optional may be missing.
"""

from __future__ import annotations

import io
import math
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from jusou.errors import JusouError
from jusou.values.text import plain_breaks, quote, visible
from jusou.values.workbook import FoundCell, Remark, Sheet

# A form has 2,000 elements and 500 cells. All limits are over the whole file.
_MAX_UNPACKED, _MAX_ELEMENTS = 16_000_000, 500_000
_MAX_AREA, _MAX_TEXT = 200_000, 10_000_000
_MAX_ROWS, _MAX_COLUMNS = 5_000, 200
_MAX_PARTS = 10_000
BROKEN = (
    zipfile.BadZipFile, zlib.error, ElementTree.ParseError, OverflowError,
    LookupError, ValueError, EOFError, OSError, RuntimeError,
)  # fmt: skip
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'General|"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_DATE_LETTERS = re.compile("[ymdhsg]", re.IGNORECASE)
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_IN_THOUSANDS = re.compile(r"[0#?],+(?![0#?,])")
_BUILT_IN: Mapping[int, str] = {
    9: "0%", 10: "0.00%", 20: "h:mm", 21: "h:mm:ss", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss",
    **dict.fromkeys((*range(14, 20), 22, *range(27, 37), *range(50, 59)), "yyyy/m/d"),
}  # fmt: skip
_WHITE, _BLACK = "FFFFFF", "000000"
_COLOURS = {
    ("theme", "0"): _WHITE, ("theme", "1"): _BLACK,
    ("indexed", "1"): _WHITE, ("indexed", "9"): _WHITE, ("indexed", "65"): _WHITE,
    ("indexed", "0"): _BLACK, ("indexed", "8"): _BLACK, ("indexed", "64"): _BLACK,
}  # fmt: skip
_LEAST_HEIGHT, _LEAST_WIDTH = 3.0, 0.5  # points; characters
_LONGEST_CODE = 255
_YEAR_10000 = 2_958_466  # days
_STRUCK = "に取り消し線があります"
_NO_FORMAT = "が、何も表示しない書式です"
_NO_ZEROS = "が、0 を表示しない設定です"
_SHEETS = {
    "hidden": "が非表示のシートにあります",
    "veryHidden": "が、Excel の「再表示」にも出ない非表示のシートにあります",
}


def read_xlsx(name: str, content: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook, its places under ``name``.

    Raises JusouError for one that exceeds the limits, and one of ``BROKEN`` for one that is none.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = _Parts(archive)
        start = next(parts.related("", "officeDocument"), "xl/workbook.xml")
        root = parts.tree(start)
        if root.tag != "workbook":
            raise ValueError(root.tag)
        book = _Book(name, parts, start, root)
        return tuple(book.sheets())


class _Tree(ElementTree.TreeBuilder):
    """Builds elements without namespaces, so many and no more.

    A document type is refused: no workbook has one, and its entities may grow without end.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.left = limit

    def doctype(self, *_: object) -> None:
        raise ValueError("DOCTYPE")

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.left -= 1
        if self.left < 0:
            raise _too_large("中身が大きすぎます。")
        for key in [each for each in attrs if each[0] == "{"]:
            attrs[key.rpartition("}")[2]] = attrs[key]
        return super().start(tag.rpartition("}")[2], attrs)


class _Parts:
    """The XML files in a workbook, read one by one within limits over all of them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._bytes, self._elements = _MAX_UNPACKED, _MAX_ELEMENTS
        entries = archive.infolist()
        if len(entries) > _MAX_PARTS:
            raise _too_large("中身が大きすぎます。")
        self._entries = {each.filename.replace("\\", "/").lower(): each for each in entries}

    def tree(self, part: str) -> Element:
        """Return a part; raises KeyError where it is missing."""
        entry = self._entries[part.lower()]
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(entry.compress_type)
        with self._archive.open(entry) as file:
            content = file.read(self._bytes + 1)
        self._bytes -= len(content)
        if self._bytes < 0:
            raise _too_large("中身が大きすぎます。")
        target = _Tree(self._elements)
        parser: ElementTree.XMLParser[Element] = ElementTree.XMLParser(target=target)
        parser.feed(content)
        root = parser.close()
        self._elements = target.left
        return root

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return by id what other parts a part names: the kind of each, and the part."""
        folder, _, file = part.rpartition("/")
        rels = posixpath.join(folder, "_rels", f"{file}.rels")
        if rels.lower() not in self._entries:
            return {}
        found = {}
        for each in self.tree(rels).iter("Relationship"):
            if each.get("TargetMode") != "External":
                target = posixpath.join("/", folder, each.get("Target", ""))
                kind = each.get("Type", "").rpartition("/")[2]
                found[each.get("Id", "")] = (kind, posixpath.normpath(target).lstrip("/"))
        return found

    def related(self, part: str, wanted: str) -> Iterator[str]:
        """Yield the parts of a kind that a part names."""
        return (target for kind, target in self.relations(part).values() if kind == wanted)


class _Words(NamedTuple):
    """A text of the workbook, and which of it is struck or raised.

    ``bare`` is what takes its look from the cell; ``unseen`` tells of characters that were dropped.
    """

    text: str
    struck: str = ""
    raised: str = ""
    bare: str = ""
    unseen: bool = False

    def doubt(self, *, is_struck: bool) -> str:
        """Return what a person would ask about the text in a cell that may be struck itself."""
        struck = self.struck + (self.bare if is_struck else "")
        if struck:
            return _STRUCK if struck == self.text else f"の{quote(struck)}{_STRUCK}"
        return f"の{quote(self.raised)}が上付きか下付きの文字です" if self.raised else ""


def _words(item: Element | None) -> _Words:
    """Return a text with its runs; what is read out over it (phonetic runs) is no part of it."""
    if item is None:
        return _Words("")
    own = "".join(each.text or "" for each in item.iterfind("t"))
    runs = [(run.find("rPr"), run.findtext("t") or "") for run in item.iterfind("r")]
    if not runs:
        return _plain(own)
    return _plain(own + "".join(text for _, text in runs))._replace(
        struck=_seen("".join(text for look, text in runs if _is_on(look, "strike"))),
        raised=_seen("".join(text for look, text in runs if _is_raised(look))),
        bare=_seen(own + "".join(text for look, text in runs if look is None)),
    )


def _plain(text: str) -> _Words:
    """Return a text that takes its whole look from its cell."""
    decoded = _decoded(text)
    seen = visible(decoded)
    return _Words(seen.strip(), bare=seen.strip(), unseen=seen != decoded)


def _seen(text: str) -> str:
    return visible(_decoded(text)).strip()


def _decoded(text: str) -> str:
    """Return a text without the escapes of what XML cannot hold: ``_x000D_`` is a line break."""
    return plain_breaks(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text))


def _is_on(look: Element | None, tag: str) -> bool:
    found = None if look is None else look.find(tag)
    return found is not None and found.get("val", "1") not in ("0", "false")


def _is_raised(look: Element | None) -> bool:
    found = None if look is None else look.find("vertAlign")
    return found is not None and found.get("val") != "baseline"


class _Look(NamedTuple):
    """What a style does to the cells that have it; ``code`` is its number format."""

    is_struck: bool = False
    is_invisible: bool = False
    code: str = ""

    @property
    def sections(self) -> list[str]:
        return _LITERAL.sub("", self.code).split(";")

    @property
    def is_date(self) -> bool:
        return bool(_DATE_LETTERS.search(self.sections[0]))

    def hides(self, number: float | None) -> str:
        """Return why a number, or a text (None), is not seen though it is there."""
        if self.is_invisible:
            return "の文字が、背景と同じ色です"
        sections = self.code.split(";")
        at = 3 if number is None else 0 if number > 0 else 1 if number < 0 else 2
        if number is not None and at >= len(sections):
            at = 0
        return _NO_FORMAT if 1 < len(sections) > at and not sections[at].strip(' "') else ""


class _Read(NamedTuple):
    """A cell, and whether it had characters that nobody sees."""

    cell: FoundCell
    unseen: bool = False


class _Book:
    """A workbook on the way to its sheets: its texts, its styles, and how much may still come."""

    def __init__(self, name: str, parts: _Parts, part: str, root: Element) -> None:
        self._name, self._parts, self._root = name, parts, root
        self._relations = parts.relations(part)
        self._area, self._text = _MAX_AREA, _MAX_TEXT
        properties = root.find("workbookPr")
        is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self._first_day = date(1904, 1, 1) if is_1904 else date(1899, 12, 30)

    def sheets(self) -> Iterator[Sheet]:
        """Yield the worksheets; a sheet that is a chart has no cells."""
        for each in self._root.iterfind("sheets/sheet"):
            kind, part = self._relations[each.get("id", "")]
            if kind == "worksheet":
                hidden = _SHEETS.get(each.get("state", ""), "")
                yield self._sheet(each.get("name", ""), part, hidden)

    def _own(self, kind: str) -> Element | None:
        parts = (target for each, target in self._relations.values() if each == kind)
        part = next(parts, None)
        return None if part is None else self._parts.tree(part)

    @cached_property
    def _texts(self) -> Sequence[_Words]:
        root = self._own("sharedStrings")
        return [] if root is None else [_words(each) for each in root.iterfind("si")]

    @cached_property
    def _looks(self) -> Sequence[_Look]:
        root = self._own("styles")
        if root is None:
            return []
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
            ink = _colour(None if font is None else font.find("color"), _BLACK)
            code = codes.get(int(style.get("numFmtId", 0)), "General")
            looks.append(_Look(_is_on(font, "strike"), ink == _paper(fill), code))
        return looks

    def _sheet(self, name: str, part: str, hidden: str) -> Sheet:
        root = self._parts.tree(part)
        found: dict[tuple[int, int], FoundCell] = {}
        columns: set[int] = set()
        columns.update(*_hidden_columns(root))
        views = root.iterfind("sheetViews/sheetView")
        no_zeros = any(view.get("showZeros") in ("0", "false") for view in views)
        unseen = ""
        for row, column, out_of_sight, cell in _cells(root):
            address = f"{_letters(column)}{row + 1}"
            out = hidden or out_of_sight or ("が非表示の列にあります" if column in columns else "")
            place = f"{self._name} {name}!{address}"
            read = self._cell(cell, place, out, no_zeros=no_zeros)
            if not read.cell:
                continue
            if row >= _MAX_ROWS or column >= _MAX_COLUMNS:
                raise _far_away(name, address)
            if (row, column) in found:
                raise ValueError(address)
            found[row, column] = read.cell
            unseen = unseen or (place if read.unseen else "")
            self._text -= len(read.cell.text)
            if self._text < 0:
                raise _too_large("中身が大きすぎます。")
        height = max((row + 1 for row, _ in found), default=0)
        width = max((column + 1 for _, column in found), default=0)
        self._area -= height * width
        if self._area < 0:
            raise _far_away(name, f"{_letters(width - 1)}{height}")
        letters = [_letters(column) for column in range(width)]
        rows = tuple(
            tuple(
                found.get((row, column))
                or FoundCell("", f"{self._name} {name}!{letters[column]}{row + 1}")
                for column in range(width)
            )
            for row in range(height)
        )
        merged = frozenset(self._covered(root, height, width))
        return Sheet(name, rows, merged, tuple(self._remarks(name, part)), unseen)

    def _cell(self, cell: Element, place: str, hidden: str, *, no_zeros: bool) -> _Read:
        """Return a cell as a person sees it; ``hidden`` is why its row, column or sheet is not."""
        kind, value = cell.get("t", "n"), cell.findtext("v")
        if refused := _without_value(cell, kind, value):
            return _Read(FoundCell("", place, refused))
        style = int(cell.get("s", 0))
        look = self._looks[style] if style < len(self._looks) else _Look()
        words, number = _Words(""), None
        match kind:
            case "s":
                words = self._texts[int(value or "")]
            case "inlineStr":
                words = _words(cell.find("is"))
            case "str":
                words = _plain(value or "")
            case "d":
                words = _plain((value or "").removesuffix("T00:00:00").replace("T", " "))
            case "b":
                words = _plain("FALSE" if value in ("0", "false") else "TRUE")
                refused = f"「{words.text}」になっています"
            case _ if value:
                number = float(value)
                text, refused = self._number(number, look)
                words = _plain(text)
        if not (hidden or refused) and words.text:
            hidden = look.hides(number) or (_NO_ZEROS if no_zeros and number == 0 else "")
        doubt = words.doubt(is_struck=look.is_struck)
        return _Read(FoundCell(words.text, place, refused, doubt, hidden), words.unseen)

    def _number(self, number: float, look: _Look) -> tuple[str, str]:
        """Return a number as a person sees it, and why it cannot be taken (empty if it can).

        Excel computes in binary and shows 15 digits: 0.1 + 0.2 is 0.3 there, and so it is here.
        """
        if not math.isfinite(number):
            raise ValueError(number)
        if look.is_date and 0 <= number < _YEAR_10000:
            days, seconds = divmod(round(number * 86_400), 86_400)
            clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
            if number < 1 or _ELAPSED.search(look.code):
                return clock, f"時刻（{clock}）になっています"
            # Excel has a 29 February 1900: before it, days are counted from one day later.
            early = number < 60 and self._first_day.year == 1899
            day = self._first_day + timedelta(days + early)
            return f"{day} {clock}" if seconds else f"{day}", ""
        text = f"{Decimal(f'{number:.15g}'):f}"
        shown = look.sections[0]
        if "%" in shown:
            percent = f"{Decimal(f'{number * 100:.15g}'):f}"
            return text, f"％の書式（{percent}%）になっています"
        if _IN_THOUSANDS.search(shown):
            return text, f"千単位で表示する書式（値は {text}）になっています"
        return text, ""

    def _covered(self, root: Element, height: int, width: int) -> Iterator[tuple[int, int]]:
        for each in root.iterfind("mergeCells/mergeCell"):
            first, _, last = each.get("ref", "").partition(":")
            (top, left), (bottom, right) = _position(first), _position(last or first)
            rows = range(top, min(bottom + 1, height))
            columns = range(left, min(right + 1, width))
            self._area -= len(rows) * len(columns)
            if self._area < 0:
                raise _too_large("結合したセルが多すぎます。")
            yield from ((row, column) for row in rows for column in columns)

    def _remarks(self, sheet: str, part: str) -> Iterator[Remark]:
        """Yield what is stuck on a sheet: comments and notes, text boxes, pictures.

        Of a thread Excel keeps a note with the same words, for programs that know no threads.
        """
        place = f"{self._name} {sheet}"
        relations = [*self._parts.relations(part).values()]
        threads = [target for kind, target in relations if kind == "threadedComment"]
        said: dict[str, list[str]] = {}
        for target in threads:
            for each in self._parts.tree(target).iter("threadedComment"):
                said.setdefault(each.get("ref", ""), []).append(each.findtext("text") or "")
        for kind, target in relations:
            if kind == "comments":
                for each in self._parts.tree(target).iter("comment"):
                    said.setdefault(each.get("ref", ""), [_words(each.find("text")).text])
            elif kind == "drawing":
                yield from _drawn(self._parts.tree(target), place)
        for address, texts in said.items():
            text = "\n".join(map(_seen, texts))
            yield Remark("コメント", text, f"{place}!{address}")


def _without_value(cell: Element, kind: str, value: str | None) -> str:
    """Return why a cell that is not blank has no value (empty if it has one)."""
    if kind == "e":
        return f"エラー値 {value or ''} です"
    computed = value or (kind == "str" and value is not None)
    return "" if computed or cell.find("f") is None else "計算結果のない数式です"


def _cells(root: Element) -> Iterator[tuple[int, int, str, Element]]:
    """Yield the cells of a sheet that hold something: row and column from 0, why the row is hidden.

    A cell without an address stands behind the one before it, a row without a number below.
    """
    row = -1
    for line in root.iterfind("sheetData/row"):
        row = int(line.get("r", row + 2)) - 1
        height = float(line.get("ht", _LEAST_HEIGHT))
        gone = line.get("hidden") in ("1", "true") or height < _LEAST_HEIGHT
        column = -1
        for cell in line.iterfind("c"):
            address = cell.get("r")
            own, column = _position(address) if address else (row, column + 1)
            if len(cell):
                yield own, column, "が非表示の行にあります" if gone else "", cell


def _hidden_columns(root: Element) -> Iterator[range]:
    for each in root.iterfind("cols/col"):
        width = float(each.get("width", _LEAST_WIDTH))
        if each.get("hidden") in ("1", "true") or width < _LEAST_WIDTH:
            last = min(int(each.get("max", 0)), _MAX_COLUMNS)
            yield range(int(each.get("min", 1)) - 1, last)


def _position(address: str) -> tuple[int, int]:
    """Return row and column from 0 of ``B3``."""
    match = _ADDRESS.fullmatch(address.replace("$", "").upper())
    if match is None:
        raise ValueError(address)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _letters(column: int) -> str:
    """Return ``A`` for 0, ``AA`` for 26."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


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
    """Return the colour that is behind the text of a cell."""
    pattern = None if fill is None else fill.find("patternFill")
    if pattern is None or pattern.get("patternType", "none") == "none":
        return "" if fill is not None and fill.find("gradientFill") is not None else _WHITE
    return _colour(pattern.find("fgColor"), "") if pattern.get("patternType") == "solid" else ""


def _drawn(root: Element, place: str) -> Iterator[Remark]:
    """Yield the texts and pictures on a sheet, each at the cell it begins in."""
    for choice in root.iter("AlternateContent"):  # the same again, for older programs
        choice[:] = [each for each in choice if each.tag != "Fallback"]
    for anchor in root:
        row, column = anchor.findtext("from/row"), anchor.findtext("from/col")
        at = f"{place}!{_letters(int(column))}{int(row) + 1}" if row and column else place
        pieces = (
            "\n" if each.tag == "p" else each.text or ""
            for each in anchor.iter()
            if each.tag in ("p", "t")
        )
        if text := _seen("".join(pieces)):
            yield Remark("図形の文字", text, at)
        if anchor.find(".//pic") is not None:
            yield Remark("画像", "", at)


def _far_away(sheet: str, address: str) -> JusouError:
    return _too_large(f"表から離れたセル {sheet}!{address} に何かが入っています。")


def _too_large(message: str) -> JusouError:
    hint = "そのセルを消すか、送ったときの照会票に入力し直してもらってください。"
    return JusouError(message, hint)
