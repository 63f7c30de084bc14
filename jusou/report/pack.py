"""The meeting pack: which files there are, and what each is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jusou.logs.dataset import Dataset
from jusou.report.document import Document
from jusou.report.fonts import Replaced, printable
from jusou.report.sections.assembly import (
    NO_OCCASION,
    Occasion,
    build_document,
    build_half_year_document,
)
from jusou.review.build import Review, build_review
from jusou.review.half_year import HalfYear, build_half_year
from jusou.values.fiscal_year import FiscalYear

if TYPE_CHECKING:
    from jusou.handouts.changes import Change
    from jusou.handouts.manifest import Handout
    from jusou.report.charts.content import Illustrated
    from jusou.report.writers.pdf import Pages

# In the order in which they are put in place: review.json last, the sign that all are there.
PARTS = ("pdf", "xlsx", "html", "png", "svg", "md", "txt", "json")
PDF = "review.pdf"
HALF_YEAR_PARTS = tuple(part for part in PARTS if part not in ("png", "svg"))
_WITH_CHARTS = {"html", "png", "svg"}
_SET_BY_TYPST = {"pdf", "png"}


@dataclass(frozen=True)
class Source:
    """What a pack is made of; ``inputs`` are the sha256 of the files read, by path.

    The papers for the half of a year have a ``half`` too, and no charts. ``occasion`` is printed,
    and the ``changes`` since a ``handout``. ``state`` is what else it was made from, as
    ``review.json`` says it, ``earlier`` the ``review.json`` that it takes the place of.
    """

    review: Review
    inputs: Mapping[str, str]
    half: HalfYear | None = None
    occasion: Occasion = NO_OCCASION
    handout: Handout | None = None
    changes: Sequence[Change] = ()
    state: Mapping[str, Any] = field(default_factory=dict)
    earlier: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def document(self) -> Document:
        """All of it in words."""
        if self.half:
            return build_half_year_document(self.half, self.occasion)
        return build_document(self.review, self.occasion, self.handout, self.changes)

    @cached_property
    def illustrated(self) -> Illustrated:
        """The document with its charts."""
        from jusou.report.charts.series import illustrate, without_charts

        if self.half:
            return without_charts(self.document)
        return illustrate(self.review, self.document)

    @property
    def json(self) -> dict[str, Any]:
        """All that was computed, for programs."""
        from jusou.report.writers.json import half_year_json, review_json

        return half_year_json(self.half) if self.half else review_json(self.review)

    @cached_property
    def printed(self) -> tuple[Illustrated, tuple[Replaced, ...]]:
        """The document as the font can print it, and where it cannot."""
        return printable(self.illustrated)

    @cached_property
    def drawings(self) -> dict[str, bytes]:
        """The charts as SVG, drawn once for all the files that hold them."""
        from jusou.report.charts.draw import draw_all

        return draw_all(self.printed[0])

    @cached_property
    def pdf(self) -> tuple[bytes, Pages]:
        """The handout, and on which of its pages what stands."""
        from jusou.report.charts.draw import without_heads
        from jusou.report.writers.pdf import render_pdf

        printed, _ = self.printed
        return render_pdf(printed, without_heads(printed, self.drawings), self.review.today)


def source_of(dataset: Dataset, year: FiscalYear, today: date, *, interim: bool = False) -> Source:
    """Return what the pack of a year, or of its half, is made of.

    Raises JusouError for a year outside the plan.
    """
    half = build_half_year(dataset, year, today) if interim else None
    review = half.review if half else build_review(dataset, year, today)
    return Source(review, dataset.digests, half)


def build_pack(
    source: Source, parts: Sequence[str], progress: Callable[[str], None]
) -> dict[str, bytes]:
    """Return the chosen files of the pack by name, in the order to put them in place.

    ``review.json`` is always among them, the last. ``progress`` is told each part before it is
    made.
    """
    from concurrent.futures import ThreadPoolExecutor

    from jusou.handouts.manifest import REVIEW

    parts = [each for each in parts if each != "json"]
    made: dict[str, Mapping[str, bytes]] = {part: {} for part in parts}
    # typst needs no Python to set pages and pictures: on a second core they take no time of their
    # own. One after another, for what is set meanwhile would drop what it remembers.
    with ThreadPoolExecutor(1) as beside:
        try:
            waiting = {}
            for part in parts:
                progress(part)
                if part in _SET_BY_TYPST:
                    source.drawings  # noqa: B018 (drawn here, for both use them)
                    waiting[part] = beside.submit(_files, source, part)
                else:
                    made[part] = _files(source, part)
            made |= {part: files.result() for part, files in waiting.items()}
        except BaseException:  # Ctrl-C waits for what is being set, not for what would come after
            beside.shutdown(cancel_futures=True)
            raise
    progress("json")
    files = {name: content for files in made.values() for name, content in files.items()}
    return {**files, REVIEW: _review_json(source, files)}


def _review_json(source: Source, files: Mapping[str, bytes]) -> bytes:
    """Return the review for programs, with the state it was made from and the files made of it.

    A file carries the digest of all that stands here beside the files: so it can be told later
    whether files belong together, and whether one was edited. Those of an earlier pack that are
    not made anew stay in the list.
    """
    from jusou.handouts.manifest import state_of
    from jusou.report.writers.json import dump, plain

    body = plain({**source.json, "inputs": source.inputs, "source": source.state})
    state = state_of(body)
    made: dict[str, Any] = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "state": state}
        for name, content in files.items()
    }
    if PDF in made:
        _, made[PDF]["pages"] = source.pdf
    return dump({**body, "files": {**source.earlier.get("files", {}), **made}}).encode()


def _files(source: Source, part: str) -> dict[str, bytes]:
    """Return the files of a part by name; the libraries that make it load only here."""
    review, document = source.review, source.document
    match part:
        case "pdf":
            content, _ = source.pdf
            return {PDF: content}
        case "xlsx":
            from jusou.report.workbook.live import half_year_workbook, workbook_document
            from jusou.report.workbook.writer import render_xlsx

            whole = (
                half_year_workbook(source.half, document, source.inputs)
                if source.half
                else workbook_document(review, document, source.inputs)
            )
            return {"review.xlsx": render_xlsx(whole, review.today)}
        case "html":
            from jusou.report.charts.draw import without_heads
            from jusou.report.writers.html import render_html

            pictures = without_heads(source.printed[0], source.drawings)
            page = render_html(source.illustrated, pictures)
            return {"review.html": page.encode()}
        case "png":
            from jusou.report.charts.png import render_pngs

            pngs = render_pngs(source.drawings)
            return {f"charts/{key}.png": png for key, png in pngs.items()}
        case "svg":
            return {f"charts/{key}.svg": svg for key, svg in source.drawings.items()}
        case "md":
            from jusou.report.writers.markdown import render_markdown

            return {"review.md": render_markdown(document).encode()}
        case "txt":
            from jusou.report.writers.text import render_text

            # Windows' Notepad and screen readers take the BOM as the sign of UTF-8.
            text = render_text(document).replace("\n", "\r\n")
            return {"review.txt": text.encode("utf-8-sig")}
    raise ValueError(part)


def paper_files(
    name: str, document: Document, parts: Sequence[str], today: date
) -> dict[str, bytes]:
    """Return the files of a paper without charts: ``pdf``, ``xlsx``, ``html``, ``md``."""
    from jusou.report.charts.series import without_charts

    files = {}
    for part in parts:
        match part:
            case "pdf":
                from jusou.report.writers.pdf import render_pdf

                printed, _ = printable(without_charts(document))
                content, _ = render_pdf(printed, {}, today)
            case "html":
                from jusou.report.writers.html import render_html

                content = render_html(without_charts(document), {}).encode()
            case "xlsx":
                from jusou.report.workbook.writer import render_xlsx

                content = render_xlsx(document, today)
            case "md":
                from jusou.report.writers.markdown import render_markdown

                content = render_markdown(document).encode()
            case _:
                raise ValueError(part)
        files[f"{name}.{part}"] = content
    return files


def replaced_texts(source: Source, parts: Sequence[str]) -> tuple[Replaced, ...]:
    """Return the texts in which the chosen files print 〓: any in the PDF, else the charts'."""
    if "pdf" in parts:
        return source.printed[1]
    if _WITH_CHARTS & set(parts):
        return printable(replace(source.illustrated, sections=()))[1]
    return ()
