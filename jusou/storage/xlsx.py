"""Reads an Excel workbook as a person sees it: values, and what keeps one from trusting them.

One bounded reader of the XML. Struck-through text, hidden sheets, rows and columns, comments and
text boxes are all part of what is read, for a figure that nobody sees must not pass for one that
was reported. Written for what Excel, LibreOffice and Google Sheets save (ECMA-376, transitional
and strict): names are compared without their namespace, what is optional may be missing.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from xml.etree.ElementTree import Element

from jusou.errors import JusouError
from jusou.storage.xlsx_looks import (
    Appearance,
    Format,
    Words,
    plain_words,
    read_conditional,
    read_looks,
    read_words,
    seen,
)
from jusou.storage.xlsx_parts import Parts, Relations, too_large
from jusou.values.text import visible
from jusou.values.workbook import FoundCell, Remark, Sheet

# A form has 500 cells and 20,000 characters. These limits, too, are over the whole file.
MAX_AREA, MAX_TEXT = 100_000, 1_000_000
MAX_ROWS, _MAX_COLUMNS = 5_000, 200
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LEAST_HEIGHT, _LEAST_WIDTH = 3.0, 0.5  # points; characters
_PADDING = 0.5  # characters: what a column is surely wider than the digits it shows
_YEAR_10000 = 2_958_466  # days
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
        parts = Parts(archive)
        start = _related(parts.relations(""), "officeDocument") or "xl/workbook.xml"
        root = parts.tree(start)
        if root.tag != "workbook":
            raise ValueError(root.tag)
        book = _Book(name, parts, start, root)
        return tuple(book.sheets())


class _Read(NamedTuple):
    """A cell, and whether it had characters that nobody sees."""

    cell: FoundCell
    unseen: bool = False


class _Book:
    """A workbook on the way to its sheets: its texts, its styles, and how much may still come."""

    def __init__(self, name: str, parts: Parts, part: str, root: Element) -> None:
        self._name, self._parts, self._root = name, parts, root
        self._relations = parts.relations(part)
        self._area, self._text = MAX_AREA, MAX_TEXT
        properties = root.find("workbookPr")
        is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self._first_day = date(1904, 1, 1) if is_1904 else date(1899, 12, 30)

    def sheets(self) -> Iterator[Sheet]:
        """Yield the worksheets; a sheet that is a chart has no cells."""
        for each in self._root.iterfind("sheets/sheet"):
            kind, part = self._relations[each.get("id", "")]
            if kind == "worksheet":
                hidden = _SHEETS.get(each.get("state", ""), "")
                yield self._sheet(visible(each.get("name", "")), part, hidden)

    def _part(self, kind: str) -> Element:
        """Return a part that a workbook has once; an empty one where it has none."""
        part = _related(self._relations, kind)
        return self._parts.tree(part) if part else Element(kind)

    @cached_property
    def _texts(self) -> Sequence[Words]:
        return [read_words(each) for each in self._part("sharedStrings").iterfind("si")]

    @cached_property
    def _styles(self) -> Element:
        return self._part("styles")

    @cached_property
    def _looks(self) -> Sequence[Appearance]:
        return read_looks(self._styles)

    @cached_property
    def _conditional(self) -> Sequence[str]:
        return [read_conditional(each) for each in self._styles.iterfind("dxfs/dxf")]

    def _sheet(self, name: str, part: str, hidden: str) -> Sheet:
        root = self._parts.tree(part)
        found: dict[tuple[int, int], FoundCell] = {}
        widths = {at: width for columns, width in _widths(root) for at in columns}
        views = root.iterfind("sheetViews/sheetView")
        no_zeros = any(view.get("showZeros") in ("0", "false") for view in views)
        unseen = ""
        for row, column, out_of_sight, cell in _cells(root):
            address = f"{_letters(column)}{row + 1}"
            wide = widths.get(column, math.inf)
            out = hidden or out_of_sight or ("" if wide else "が非表示の列にあります")
            place = f"{self._name} {name}!{address}"
            read = self._cell(cell, place, out, wide, no_zeros=no_zeros)
            if not read.cell:
                continue
            if row >= MAX_ROWS or column >= _MAX_COLUMNS:
                raise _far_away(name, address)
            if (row, column) in found:
                raise ValueError(address)
            found[row, column] = read.cell
            if len(found) > self._area:
                raise too_large()
            unseen = unseen or (place if read.unseen else "")
            self._text -= len(read.cell.text)
            if self._text < 0:
                raise too_large()
        height = max((row + 1 for row, _ in found), default=0)
        width = max((column + 1 for _, column in found), default=0)
        self._area -= height * width
        if self._area < 0:
            raise _far_away(name, f"{_letters(width - 1)}{height}")
        for perhaps, where in self._rules(root):
            for at in self._covered(where.split(), height, width):
                if at in found:
                    found[at] = found[at]._replace(hidden=found[at].hidden or perhaps)
        letters = [_letters(column) for column in range(width)]
        rows = tuple(
            tuple(
                found.get((row, column))
                or FoundCell("", f"{self._name} {name}!{letters[column]}{row + 1}")
                for column in range(width)
            )
            for row in range(height)
        )
        ranges = (each.get("ref", "") for each in root.iterfind("mergeCells/mergeCell"))
        merged = frozenset(self._covered(ranges, height, width))
        return Sheet(name, rows, merged, tuple(self._remarks(name, part)), unseen)

    def _cell(
        self, cell: Element, place: str, hidden: str, wide: float, *, no_zeros: bool
    ) -> _Read:
        """Return a cell as a person sees it; ``hidden`` is why its row, column or sheet is not."""
        kind, value = cell.get("t", "n"), cell.findtext("v")
        if refused := _without_value(cell, kind, value):
            return _Read(FoundCell("", place, refused, "", hidden))
        style = _count(cell.get("s", "0"))
        look = self._looks[style] if style < len(self._looks) else Appearance()
        words, number = Words(""), None
        match kind:
            case "s":
                words = self._texts[_count(value)]
            case "inlineStr":
                words = read_words(cell.find("is"))
            case "str":
                words = plain_words(value or "")
            case "d":
                words = plain_words((value or "").removesuffix("T00:00:00").replace("T", " "))
            case "b":
                words = plain_words("FALSE" if value in ("0", "false") else "TRUE")
                refused = f"「{words.text}」になっています"
            case _ if value:
                number = float(value)
                text, refused = self._number(number, look)
                words = Words(text, bare=text)
        if not (hidden or refused) and words.text:
            hidden = look.hides(number) or (_NO_ZEROS if no_zeros and number == 0 else "")
            if number is not None and len(f"{abs(number):.0f}") > wide - _PADDING:
                hidden = hidden or "が、列の幅が狭いため # で表示されています"
        doubt = words.doubt(is_struck=look.is_struck)
        return _Read(FoundCell(words.text, place, refused, doubt, hidden), words.unseen)

    def _number(self, number: float, look: Appearance) -> tuple[str, str]:
        """Return a number as a person sees it, and why it cannot be taken (empty if it can).

        Excel computes in binary and shows 15 digits: 0.1 + 0.2 is 0.3 there, and so it is here.
        """
        if not math.isfinite(number):
            raise ValueError(number)
        text = f"{Decimal(f'{number:.15g}'):f}"
        match look.format:
            case Format.DATE | Format.ELAPSED if 0 <= number < _YEAR_10000:
                return self._clock(number, look.format)
            case Format.PERCENT:
                percent = f"{Decimal(f'{number * 100:.15g}'):f}"
                return text, (
                    f"％の書式（{percent}%）になっています。"
                    f"表示形式を「標準」にして {percent} と入力してください"
                )
            case Format.THOUSANDS:
                return text, f"千単位で表示する書式（値は {text}）になっています"
        return look.as_seen(text) if number > 0 else text, ""

    def _clock(self, number: float, shown: Format) -> tuple[str, str]:
        """Return days as the date they are, and why it is none: less than a day is a time."""
        days, seconds = divmod(round(number * 86_400), 86_400)
        clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        if number < 1 or shown is Format.ELAPSED:
            return clock, f"時刻（{clock}）になっています"
        # Excel has a 29 February 1900: before it, days are counted from one day later.
        early = number < 60 and self._first_day.year == 1899
        day = self._first_day + timedelta(days + early)
        return f"{day} {clock}" if seconds else f"{day}", ""

    def _covered(self, ranges: Iterable[str], height: int, width: int) -> Iterator[tuple[int, int]]:
        """Yield the positions in ranges such as ``A1:B3``, as far as the sheet holds something."""
        for each in ranges:
            first, _, last = each.partition(":")
            (top, left), (bottom, right) = _position(first), _position(last or first)
            rows = range(top, min(bottom + 1, height))
            columns = range(left, min(right + 1, width))
            self._area -= len(rows) * len(columns)
            if self._area < 0:
                raise too_large("結合したセルか、条件付き書式が多すぎます。")
            yield from ((row, column) for row in rows for column in columns)

    def _rules(self, root: Element) -> Iterator[tuple[str, str]]:
        """Yield why cells may not be seen as they stand, by conditional formats, and which cells.

        Excel writes the newer ones apart, with their own look and their cells as elements.
        """
        for each in root.iter("conditionalFormatting"):
            for rule in each.iterfind("cfRule"):
                own, number = rule.find("dxf"), rule.get("dxfId", "")
                perhaps = "" if own is None else read_conditional(own)
                if number:
                    perhaps = self._conditional[_count(number)]
                if perhaps:
                    yield perhaps, each.get("sqref") or each.findtext("sqref") or ""

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
                    said.setdefault(each.get("ref", ""), [read_words(each.find("text")).text])
            elif kind == "drawing":
                yield from _drawn(self._parts.tree(target), place)
        for address, texts in said.items():
            text = "\n".join(map(seen, texts))
            yield Remark("コメント", text, f"{place}!{address}")


def _related(relations: Relations, wanted: str) -> str:
    """Return the first part of a kind; empty if there is none."""
    return next((part for kind, part in relations.values() if kind == wanted), "")


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
        row = _count(line.get("r", f"{row + 2}")) - 1
        if row < 0:
            raise ValueError(row)
        height = float(line.get("ht", _LEAST_HEIGHT))
        gone = line.get("hidden") in ("1", "true") or height < _LEAST_HEIGHT
        column = -1
        for cell in line.iterfind("c"):
            address = cell.get("r")
            own, column = _position(address) if address else (row, column + 1)
            if len(cell):
                yield own, column, "が非表示の行にあります" if gone else "", cell


def _count(text: str | None) -> int:
    """Read a number that counts something; raises ValueError for any other."""
    number = int(text or "")
    if number < 0:
        raise ValueError(text)
    return number


def _widths(root: Element) -> Iterator[tuple[range, float]]:
    """Yield the columns that have a width of their own, in characters: 0 for those not seen."""
    for each in root.iterfind("cols/col"):
        width = float(each.get("width", math.inf))
        is_hidden = each.get("hidden") in ("1", "true") or width < _LEAST_WIDTH
        last = min(int(each.get("max", 0)), _MAX_COLUMNS)
        yield range(int(each.get("min", 1)) - 1, last), 0 if is_hidden else width


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


def _drawn(root: Element, place: str) -> Iterator[Remark]:
    """Yield the texts and pictures on a sheet, each at the cell it begins in."""
    for choice in root.iter("AlternateContent"):  # the same again, for older programs
        choice[:] = [each for each in choice if each.tag != "Fallback"]
    for anchor in (each for each in root.iter() if each.tag.endswith("Anchor")):
        at = f"{place}!{address}" if (address := _corner(anchor, "from")) else place
        pieces = (
            "\n" if each.tag == "p" else each.text or ""
            for each in anchor.iter()
            if each.tag in ("p", "t")
        )
        if text := seen("".join(pieces)):
            yield Remark("図形の文字", text, at)
        if anchor.find(".//pic") is not None:
            yield Remark("画像", "", at)
        elif not text:  # a line, perhaps through a figure
            end = _corner(anchor, "to")
            yield Remark("線などの図形", "", f"{at}:{end}" if end and not at.endswith(end) else at)


def _corner(anchor: Element, corner: str) -> str:
    """Return the address of the cell in which a drawing begins or ends; empty if there is none."""
    row, column = anchor.findtext(f"{corner}/row"), anchor.findtext(f"{corner}/col")
    return f"{_letters(_count(column))}{_count(row) + 1}" if row and column else ""


def _far_away(sheet: str, address: str) -> JusouError:
    return too_large(f"表から離れたセル {sheet}!{address} に何かが入っています。")
