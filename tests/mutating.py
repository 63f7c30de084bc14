"""Ways to spoil what a person hands to the program, each by chance: bytes, texts, tables, trees."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from jusou.logs.schema import NOTE_FIELDS, Basis
from tests.filled_forms import csv_text

Chance = random.Random
WORDS: tuple[str, ...] = (
    *map(str, Basis), *NOTE_FIELDS.values(), *"ABC", "R8", "R9", "R10", "令和元年度", "R99", "2027",
    "mado-1", "mado-2", "machi-2", "mado-ini-1", "(1)①", "1-2", "mado", "（削除）", "拡充",
    "目標値", "2027-09-30", "R9.9.30", "令和9年9月30日", "2027-02-30", "9999-12-31", "0001-01-01",
    "H31.4.30", "2026-99", "0", "-1", "1", "0.1", "0.000001", "100", "999999999999999",
    "99999999.9999999", "1/3", "3/0", "9" * 40, "9" * 5000, "1e999", "NaN", "-Infinity", "0x10",
    "1_000", "１２，３", "26,50", "½", "①", "五", "٣", "\u202e521", "\u200b", "𠮷", "\U0002f862",
    "\uf862", "e\u0301", "👨\u200d👩", "\ufffe", "\x00", "\x1b[31m", "\x7f", "\x85", "\u2028", "\r",
    "\n", "\t", "　", '"', "'", ",", "=1+1", "'=1", "@", "#REF!", "<b>&amp;", "<<<<<<< HEAD", "|",
    "`", "\\", "long " * 3000, "長" * 40_000, "", "up", "down", "keep", "flow", "stock", "rate",
    "true", "null", "~", "con", "overview", "％", "件",
)  # fmt: skip
SYNTAX = (
    "&a ", "*a", "<<: *a", "!!python/object:os.system ", "!x ", "? ", "- ", ": ", ":", "|\n",
    ">-\n", "---\n", "...\n", "%YAML 1.1\n", "{", "}", "[", "]", "#", "@", "`", '"', "'",
    '"\\0"', '"\\ud800"', '"\\e[31m"', '"\\u202e"', "[" * 2000, "{a: " * 500, "- " * 500, "\t",
    "\ufeff", "：", "\x00", "a: b\n", "  ",
)  # fmt: skip
FIGURES = (
    "0", "1", "2", "10", "11", "99", "100", "109", "110", "120", "999", "1200", "99999999999999",
    "999999999999999",
)  # fmt: skip
LIKELY: dict[Any, Sequence[Any]] = {  # what a key of a plan may well hold
    "measure": ("flow", "stock", "cumulative", "rate", "unconfirmed"),
    "direction": ("up", "down", "keep"),
    "decimals": tuple("0123456"),
    "tolerance": FIGURES,
    "baseline": (*FIGURES, None, "0.000001"),
    **dict.fromkeys(("R8", "R9", "R10"), (*FIGURES, None, "0.000001", "12.5")),
    "unit": ("％", "%", "件", "人/日", "1", "-", "𠮷"),
    "at_least": ("100", "99.99", "50", "0", "0.000001", "1000"),
    "end": ("R9", "R11", "R99"),
    "name": WORDS,
    "label": WORDS,
}
_OTHER_XML = (
    "", '"-1"', '"4294967296"', '"A1:XFD1048576"', '"ZZZZ99999999"', "&#0;", "&#xD800;", "&x;",
    "<!DOCTYPE x [<!ENTITY x 'y'>]>", '"s"', '"e"', '"b"', '"d"', '"inlineStr"', "<v>9e999</v>",
    '<?xml version="1.0" encoding="x"?>', "<x>" * 3000,
)  # fmt: skip


def times(chance: Chance) -> range:
    """Return how often to spoil something: mostly once."""
    return range(chance.choice((1, 1, 1, 2, 4)))


def mutated_bytes(content: bytes, chance: Chance) -> bytes:
    """Spoil a file as a disk, a mail program or an editor does."""
    at = chance.randrange(len(content) + 1)
    end = min(len(content), at + chance.choice((1, 1, 2, 10, 100, 1000)))
    before, part, behind = content[:at], content[at:end], content[end:]
    match chance.randrange(10):
        case 0:
            return before + chance.randbytes(chance.choice((1, 3, 50))) + behind
        case 1:
            return before
        case 2:
            return before + behind
        case 3:
            return before + part * chance.choice((2, 3, 300)) + behind
        case 4:
            return before + chance.randbytes(chance.choice((1, 2, 20))) + part + behind
        case 5:
            mark = chance.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0", b"\x1a"))
            return chance.choice((mark + content, content + mark, before + mark + part + behind))
        case 6:
            newline = chance.choice((b"\r", b"\n", b"\r\n", b"\r\r\n", b"\n\r"))
            return content.replace(b"\r\n", b"\n").replace(b"\n", newline)
        case 7:
            encoding = chance.choice(("utf-16", "utf-16-le", "utf-32", "cp932", "euc_jp", "utf-7"))
            return content.decode("utf-8", "replace").encode(encoding, "replace")
        case 8:
            return content.replace(part or b"\n", chance.randbytes(1))
        case _:
            flipped = bytearray(content)
            for _ in range(chance.choice((1, 1, 3, 20)) if content else 0):
                flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
            return bytes(flipped)


def mutated_text(text: str, chance: Chance, strange: Sequence[str]) -> str:
    """Spoil a text as a person does: lines moved, doubled, gone, strange words among others."""
    lines = text.split("\n")
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(7):
        case 0:
            lines[at], lines[other] = lines[other], lines[at]
        case 1:
            lines.insert(other, lines[at])
        case 2:
            del lines[at]
        case 3:
            lines[at] = chance.choice(("  ", " ", "\t", "　", "")) + lines[at].lstrip(" ")
        case _:
            parts = re.split(r"([,:\s{}\[\]/]+)", lines[at])
            here, word = chance.randrange(len(parts)), chance.choice(strange)
            parts[here] = chance.choice((word, parts[here] + word, word + parts[here]))
            lines[at] = "".join(parts)
    return "\n".join(lines)


def mutate_cells(rows: list[list[Any]], chance: Chance) -> None:
    """Spoil a table as a spreadsheet does: cells, rows and columns."""
    row, other = chance.choice(rows), chance.choice(rows)
    if not row or not other:
        return
    here, there = chance.randrange(len(row)), chance.randrange(len(other))
    match chance.randrange(7):
        case 0:
            row[here], other[there] = other[there], row[here]
        case 1:
            rows.insert(chance.randrange(len(rows) + 1), list(row))
        case 2:
            for each in rows:
                del each[here : here + 1]
        case 3:
            chance.shuffle(row)
        case _:
            row[here] = chance.choice(WORDS)


def mutated_table(content: bytes, chance: Chance) -> bytes:
    """Spoil a CSV file on any level."""
    text = content.decode("utf-8-sig")
    encoding = chance.choice(("utf-8-sig", "utf-8-sig", "utf-8", "cp932"))
    match chance.randrange(4):
        case 0:
            return mutated_bytes(content, chance)
        case 1:
            for _ in times(chance):
                text = mutated_text(text, chance, WORDS)
        case _:
            rows: list[list[Any]] = list(csv.reader(io.StringIO(text)))
            for _ in times(chance):
                mutate_cells(rows, chance)
            text = csv_text(rows)
    return text.encode(encoding, "replace")


def mutate_tree(root: Any, chance: Chance) -> None:
    """Give one part of a plan another value, kind, name or place, or take it away."""
    places = list(_places(root))
    if not places:
        return
    holder, key = chance.choice(places)
    value = holder[key]
    match chance.randrange(12):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[chance.choice(WORDS)] = holder.pop(key)
        case 2 if isinstance(holder, list):
            holder.insert(key, value)
        case 3:
            other, there = chance.choice(places)
            holder[key] = json.loads(json.dumps(other[there]))
        case 4:
            holder[key] = chance.choice((None, [], {}, [value], {"id": value}, [[]] * 3, [None]))
        case 5:
            holder[key] = chance.choice(WORDS)
        case _:
            likely = [(each, at) for each, at in places if at in LIKELY]
            if likely:
                holder, key = chance.choice(likely)
                holder[key] = chance.choice(LIKELY[key])


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    for key in list(node) if isinstance(node, dict) else range(len(node)):
        yield node, key
        if isinstance(node[key], dict | list):
            yield from _places(node[key])


def mutated_archive(content: bytes, chance: Chance) -> bytes:
    """Spoil a workbook inside: a part's bytes, its XML, its name, or that it is there."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    name, other = chance.choice(list(parts)), chance.choice(list(parts))
    match chance.randrange(6):
        case 0:
            del parts[name]
        case 1:
            parts[other] = parts[name]
        case 2:
            parts[name] = mutated_bytes(parts[name], chance)
        case 3:
            parts[name.upper()] = parts.pop(name)
        case _:
            parts[name] = _mutated_xml(parts[name].decode(), chance).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, part in parts.items():
            archive.writestr(each, part)
    return made.getvalue()


def _mutated_xml(text: str, chance: Chance) -> str:
    """Spoil XML: a name, a value or a tag is gone, doubled, or another's."""
    pieces = re.split(r'(<[^>]*>|"[^"]*")', text)
    for _ in times(chance):
        at, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        pieces[at] = chance.choice((*_OTHER_XML, pieces[other], pieces[at] * 2))
    return "".join(pieces)
