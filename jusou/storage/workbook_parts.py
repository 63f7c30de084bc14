"""Looks into the XML of an xlsx file for what the reader of values does not tell."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree import ElementTree

from jusou.errors import JusouError

MAX_UNPACKED = 300_000_000
MAX_ROWS, MAX_COLUMNS = 5_000, 200
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
Position = tuple[int, int]
Oddities = dict[str, dict[Position, str]]


def find_oddities(content: bytes) -> Oddities:
    """Return, by sheet and position, why a cell's value cannot be taken: an error, no result.

    A reader of values shows such cells as blank. Raises JusouError for a workbook that would
    take all memory, and whatever zipfile and ElementTree raise for a broken one.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(each.file_size for each in archive.infolist()) > MAX_UNPACKED:
            raise _too_large("中身が大きすぎます。")
        found: Oddities = {}
        for name, part in _parts(archive):
            with archive.open(part) as file:
                found[name] = _sheet_oddities(name, file)
    return found


def _too_large(message: str) -> JusouError:
    hint = "そのセルを消すか、送ったときの照会票に入力し直してもらってください。"
    return JusouError(message, hint)


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet and its part of the archive."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    for sheet in workbook.iter():
        if _local(sheet.tag) == "sheet":
            identifier = next(value for key, value in sheet.items() if key.endswith("}id"))
            target = targets[identifier]
            part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            if part in archive.namelist():  # a chart sheet may have none
                yield sheet.get("name", ""), part


def _sheet_oddities(name: str, file: IO[bytes]) -> dict[Position, str]:
    found = {}
    for _, element in ElementTree.iterparse(file):
        if _local(element.tag) == "c":
            children = {_local(child.tag): child for child in element}
            if children and (address := element.get("r")):
                position = _position(name, address)
                if why := _why_unusable(element.get("t"), children):
                    found[position] = why
            element.clear()
    return found


def _local(tag: str) -> str:
    """Return a tag without its namespace: strict and transitional workbooks differ in it."""
    return tag.rpartition("}")[2]


def _position(sheet: str, address: str) -> Position:
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(address)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(match[2])
    if row > MAX_ROWS or column > MAX_COLUMNS:
        raise _too_large(f"表から離れたセル {sheet}!{address} に何かが入っています。")
    return row - 1, column - 1


def _why_unusable(kind: str | None, children: dict[str, ElementTree.Element]) -> str:
    value = children.get("v")
    if kind == "e":
        return f"エラー値 {value.text if value is not None else ''} です"
    computed = value is not None and (value.text or kind == "str")
    if "f" in children and not computed:
        return "計算結果のない数式です"
    return ""
