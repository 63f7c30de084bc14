"""How people write the number of an indicator, programme or initiative, brought together."""

from __future__ import annotations

import re
import unicodedata

_CIRCLED = {ord("①") + index: f"-{index + 1}" for index in range(20)}
_KEY_NOISE = str.maketrans({**dict.fromkeys("ー－−–—―‐‑", "-"), "(": "", ")": "-", " ": ""})


def normalise_key(text: str) -> str:
    """Bring the spellings of a subject together: ``(1)①``, ``1①``, ``1-1`` and ``１－１``."""
    plain = text.strip().translate(_CIRCLED)
    plain = unicodedata.normalize("NFKC", plain).translate(_KEY_NOISE).lower()
    return re.sub(r"-+", "-", plain).strip("-")
