"""A short slice of :mod:`tests.mutations`: whatever is handed in, there is a result or a reason."""

from __future__ import annotations

import pytest

from tests.mutations import KINDS, outcome


@pytest.mark.parametrize("kind", range(len(KINDS)), ids=[kind.__name__ for kind in KINDS])
def test_a_mutant_gives_a_result_or_says_what_is_wrong(kind: int) -> None:
    found = {outcome(2, number) for number in range(kind, 25 * len(KINDS), len(KINDS))}
    assert len(found) == 2  # some are taken and some refused, or nothing would be tried
