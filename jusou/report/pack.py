"""The meeting pack: which files there are, and what each is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from jusou.errors import UsageError, quote
from jusou.report.document import Document
from jusou.review import Review

Part = Callable[[Review, Document, Mapping[str, str]], bytes]


def _markdown(review: Review, document: Document, inputs: Mapping[str, str]) -> bytes:
    from jusou.report.markdown import render_markdown

    return render_markdown(document).encode()


def _text(review: Review, document: Document, inputs: Mapping[str, str]) -> bytes:
    from jusou.report.text import render_text

    # Windows' Notepad and screen readers take the BOM as the sign of UTF-8.
    return render_text(document).replace("\n", "\r\n").encode("utf-8-sig")


def _json(review: Review, document: Document, inputs: Mapping[str, str]) -> bytes:
    from jusou.report.json import dump, review_json

    return dump({**review_json(review), "inputs": inputs}).encode()


PARTS: Mapping[str, tuple[str, Part]] = {
    "md": ("review.md", _markdown),
    "txt": ("review.txt", _text),
    "json": ("review.json", _json),
}


def read_parts(only: str | None) -> Sequence[str]:
    """Return the parts named by ``--only``, all of them without it. Raises UsageError."""
    if only is None:
        return tuple(PARTS)
    names = [name.strip().lower() for name in only.split(",")]
    for name in names:
        if name not in PARTS:
            raise UsageError(
                f"--only の形式{quote(name)}はありません。",
                f"{'、'.join(PARTS)} から選んでください。",
            )
    return [name for name in PARTS if name in names]


def build_pack(
    review: Review, document: Document, inputs: Mapping[str, str], parts: Sequence[str]
) -> dict[str, bytes]:
    """Return the chosen files of the pack, by name; ``review.json`` is the last."""
    files = {}
    for part in parts:
        name, build = PARTS[part]
        files[name] = build(review, document, inputs)
    return files
