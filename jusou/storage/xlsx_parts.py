"""The XML files in an Excel workbook: read one by one, within limits over all of them.

A workbook is a zip archive that anybody may have made. So nothing of it is unpacked or parsed
without a bound, and what costs more than a form ever does is refused.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from jusou.errors import JusouError

# A form has 30 kB, 2,000 elements and 15 parts.
_MAX_UNPACKED, _MAX_ELEMENTS, _MAX_PARTS = 16_000_000, 500_000, 10_000
BROKEN = (
    zipfile.BadZipFile, zlib.error, ElementTree.ParseError, OverflowError,
    LookupError, ValueError, EOFError, OSError, RuntimeError,
)  # fmt: skip

Relations = dict[str, tuple[str, str]]


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
            raise too_large()
        for key in [each for each in attrs if each[0] == "{"]:
            attrs[key.rpartition("}")[2]] = attrs[key]
        return super().start(tag.rpartition("}")[2], attrs)


class Parts:
    """The XML files in a workbook, read one by one within limits over all of them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._bytes, self._elements = _MAX_UNPACKED, _MAX_ELEMENTS
        entries = archive.infolist()
        if len(entries) > _MAX_PARTS:
            raise too_large()
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
            raise too_large()
        target = _Tree(self._elements)
        parser: ElementTree.XMLParser[Element] = ElementTree.XMLParser(target=target)
        parser.feed(content)
        root = parser.close()
        self._elements = target.left
        return root

    def relations(self, part: str) -> Relations:
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


def too_large(message: str = "中身が大きすぎます。") -> JusouError:
    """Return what to say of a workbook that holds more than any form."""
    hint = "そのセルを消すか、送ったときの照会票に入力し直してもらってください。"
    return JusouError(message, hint)
