"""The pictures of the README are those that its script makes from the sample."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.documents import README, prose
from tests.packs import Pack
from tests.support import REPOSITORY

pytestmark = pytest.mark.slow

DOCS = REPOSITORY / "docs"
RENEW = "run docs/pictures.py and look at what it makes"


@pytest.fixture(scope="module")
def made(pack: Callable[[str], Pack], tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("pdftoppm"):
        pytest.skip("pdftoppm is missing (Debian: poppler-utils)")
    folder = tmp_path_factory.mktemp("pictures")
    subprocess.run([sys.executable, DOCS / "pictures.py", folder, pack("R9").folder], check=True)
    return folder


def pixels(path: Path) -> tuple[tuple[int, int], bytes]:
    """Return size and colours of a picture: how it is compressed depends on the platform."""
    with Image.open(path) as picture:
        return picture.size, picture.convert("RGB").tobytes()


def test_readme_shows_every_picture_and_tells_it_in_words(made: Path) -> None:
    shown = re.findall(r"!\[([^\]]*)\]\(docs/pictures/([^)]+)\)", prose(README))
    names = {path.name for path in made.iterdir()}
    assert {name for _, name in shown} == names
    assert {path.name for path in (DOCS / "pictures").iterdir()} == names
    assert all(len(text) > 20 for text, _ in shown)


def test_the_chart_is_what_the_sample_gives(made: Path) -> None:
    kept, new = (pixels(folder / "chart.png") for folder in (DOCS / "pictures", made))
    assert kept == new, RENEW


def test_the_page_has_the_size_it_is_made_in(made: Path) -> None:
    kept, new = (pixels(folder / "page.png") for folder in (DOCS / "pictures", made))
    assert kept[0] == new[0], RENEW


def test_pictures_are_small() -> None:
    assert all(path.stat().st_size < 300_000 for path in (DOCS / "pictures").iterdir())
