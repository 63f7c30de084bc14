"""Document → one self-contained HTML page: style and pictures inside, no script, no network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from jusou.report.charts.content import Illustrated
from jusou.report.document import (
    PDCA_TITLES,
    Bullets,
    Cell,
    Facts,
    Item,
    Kind,
    Pdca,
    Table,
    programme_key,
)
from jusou.values.text import without_controls

_FOLDABLE = Markup("{}<wbr/>{}")
_UNDERLINED = Markup("<u>{}</u>")
_ALOUD = Markup('<span aria-hidden="true">{}</span><span class="aloud">{}</span>')
_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"


def render_html(document: Illustrated, pictures: Mapping[str, bytes]) -> str:
    """Return the document as a page. ``pictures`` are the SVGs of its charts, by key."""
    template = _environment().get_template("review.html.j2")
    page = template.render(
        document=document,
        pictures={key: Markup(inline_svg(svg, f"{key}--")) for key, svg in pictures.items()},
        pdca_titles=PDCA_TITLES,
    )
    return without_controls(page, "\t\n\r")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("jusou.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {"zip": zip, "programme_key": programme_key}
    environment.filters |= {"css": css_string, "by_label": by_label, "said": said}
    environment.tests.update(
        {kind.__name__.lower(): _is(kind) for kind in (Table, Pdca, Facts, Bullets)}
    )
    return environment


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda block: isinstance(block, kind)


def by_label(items: Iterable[Item]) -> Iterator[tuple[bool, list[Item]]]:
    """Split items where labelled ones and ones without a label meet: only the former are a dl."""
    for labelled, run in groupby(items, key=lambda item: bool(item.label)):
        yield labelled, list(run)


def said(cell: Cell, kind: str = "") -> Markup:
    """Return a cell as it is seen and, where that differs, as it is read aloud.

    What was changed is underlined. A narrow column of differences may break a figure before its
    unit: 「+23.6｜ポイント」.
    """
    if kind == Kind.DIFFERENCE and cell.unit:
        seen = _FOLDABLE.format(cell.text.removesuffix(cell.unit), cell.unit)
    else:
        seen = _UNDERLINED.format(cell.text) if cell.underlined else escape(cell.text)
    return seen if cell.aloud == cell.text else _ALOUD.format(seen, cell.aloud)


def css_string(text: str) -> Markup:
    """Quote a text for CSS: nothing in it can end the string or the style element."""
    escaped = re.sub(r"\W", lambda found: f"\\{ord(found.group()):06x}", text)
    return Markup(f'"{escaped}"')


def inline_svg(svg: bytes, prefix: str) -> str:
    """Return an SVG as it stands inside HTML: no prolog, no metadata, no namespaces.

    Every id, and every reference to one, gets ``prefix``: several pictures share the page.
    The size is left to the page's style.
    """
    root = ElementTree.fromstring(svg)
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    for metadata in root.findall(f"{_SVG}metadata"):
        root.remove(metadata)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        for name, value in element.items():
            if name == "id":
                element.set(name, prefix + value)
            elif name in ("href", _LINK) and value.startswith("#"):
                element.attrib.pop(name)
                element.set("href", f"#{prefix}{value[1:]}")
            elif "url(#" in value:
                element.set(name, value.replace("url(#", f"url(#{prefix}"))
    return ElementTree.tostring(root, encoding="unicode")
