"""The meeting pack: which files there are, and what each is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from jusou.report.document import Document
from jusou.report.fonts import Replaced, printable
from jusou.review.build import Review

if TYPE_CHECKING:
    from jusou.report.charts.content import Illustrated
    from jusou.report.charts.draw import Picture

Files = dict[str, bytes]


@dataclass(frozen=True)
class Source:
    """What a pack is made of; ``inputs`` are the sha256 of the files read, by path."""

    review: Review
    document: Document
    inputs: Mapping[str, str]

    @cached_property
    def illustrated(self) -> Illustrated:
        """The document with its charts."""
        from jusou.report.charts.series import illustrate

        return illustrate(self.review, self.document)

    @cached_property
    def printed(self) -> tuple[Illustrated, tuple[Replaced, ...]]:
        """The document as the font can print it, and where it cannot."""
        return printable(self.illustrated)

    @cached_property
    def pictures(self) -> dict[str, Picture]:
        """The charts, drawn once for all the files that hold them."""
        from jusou.report.charts.draw import draw_all

        return draw_all(self.printed[0])

    @property
    def drawings(self) -> dict[str, bytes]:
        """The charts as SVG."""
        return {key: picture.svg for key, picture in self.pictures.items()}


def _markdown(source: Source) -> Files:
    from jusou.report.writers.markdown import render_markdown

    return {"review.md": render_markdown(source.document).encode()}


def _text(source: Source) -> Files:
    from jusou.report.writers.text import render_text

    # Windows' Notepad and screen readers take the BOM as the sign of UTF-8.
    text = render_text(source.document).replace("\n", "\r\n")
    return {"review.txt": text.encode("utf-8-sig")}


def _html(source: Source) -> Files:
    from jusou.report.writers.html import render_html

    return {"review.html": render_html(source.illustrated, source.drawings).encode()}


def _pdf(source: Source) -> Files:
    from jusou.report.charts.draw import without_heads
    from jusou.report.writers.pdf import render_pdf

    document, _ = source.printed
    pictures = without_heads(document, source.drawings)
    return {"review.pdf": render_pdf(document, pictures, source.review.today)}


def _xlsx(source: Source) -> Files:
    from jusou.report.workbook.live import workbook_document
    from jusou.report.workbook.writer import render_xlsx

    document = workbook_document(source.review, source.document, source.inputs)
    return {"review.xlsx": render_xlsx(document, source.review.today)}


def _svg(source: Source) -> Files:
    return {f"charts/{key}.svg": picture.svg for key, picture in source.pictures.items()}


def _png(source: Source) -> Files:
    return {f"charts/{key}.png": picture.png for key, picture in source.pictures.items()}


def _json(source: Source) -> Files:
    from jusou.report.writers.json import dump, review_json

    return {"review.json": dump({**review_json(source.review), "inputs": source.inputs}).encode()}


# In the order in which they are put in place: review.json last, the sign that all are there.
_PARTS: Mapping[str, Callable[[Source], Files]] = {
    "pdf": _pdf,
    "xlsx": _xlsx,
    "html": _html,
    "png": _png,
    "svg": _svg,
    "md": _markdown,
    "txt": _text,
    "json": _json,
}
PARTS = tuple(_PARTS)
_WITH_CHARTS = {"html", "png", "svg"}


def build_pack(source: Source, parts: Sequence[str], progress: Callable[[str], None]) -> Files:
    """Return the chosen files of the pack by name, in the order to put them in place.

    ``progress`` is told each part before it is made.
    """
    files: Files = {}
    for part in parts:
        progress(part)
        files |= _PARTS[part](source)
    return files


def replaced_texts(source: Source, parts: Sequence[str]) -> tuple[Replaced, ...]:
    """Return the texts in which the chosen files print 〓: any in the PDF, else the charts'."""
    if "pdf" in parts:
        return source.printed[1]
    if _WITH_CHARTS & set(parts):
        return printable(replace(source.illustrated, sections=()))[1]
    return ()
