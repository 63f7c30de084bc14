"""Reads the project's documents: fenced blocks, sections, tables, code spans."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.support import REPOSITORY

README = REPOSITORY / "README.md"
FORMATS = REPOSITORY / "docs" / "formats.md"
FORMULAS = REPOSITORY / "docs" / "formulas.md"
DOCUMENTS = (
    *sorted(REPOSITORY.glob("*.md")),
    *sorted((REPOSITORY / "docs").glob("*.md")),
    REPOSITORY / "data" / "actuals" / "README.md",
    REPOSITORY / "reports" / "README.md",
    REPOSITORY / "sample" / "README.md",
)
_FENCE = re.compile(r"^```(\S*) ?(.*)\n((?:.*\n)*?)```$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of a document: its language, what stands behind it, its lines."""

    path: Path
    language: str
    info: str
    text: str


def blocks(path: Path, language: str) -> list[Block]:
    found = (Block(path, *parts) for parts in _FENCE.findall(path.read_text(encoding="utf-8")))
    return [block for block in found if block.language == language]


def prose(path: Path) -> str:
    """Return a document without its fenced blocks."""
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def spans(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def section(path: Path, heading: str) -> str:
    """Return what stands below a heading, up to the next one."""
    _, found, rest = prose(path).partition(f"\n{heading}\n")
    assert found, heading
    return re.split(r"\n#+ ", rest)[0]


def table(text: str) -> list[list[str]]:
    """Return the rows of the first table in a text, without its heading."""
    lines = re.search(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    assert lines, text
    rows = lines[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
