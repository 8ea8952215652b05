"""The package still does what was last stored; ``freeze.py`` beside says what, and how to look closer."""

from __future__ import annotations

import pytest

from frozen import documents
from frozen.kernel import SCENARIOS, TOLERANCE, kernel_deviations


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_kernel(scenario: str) -> None:
    found = kernel_deviations((scenario,))
    assert {key: apart for key, apart in found.items() if not apart <= TOLERANCE} == {}


LONG = ("explain 0-24-2018", "explain pure-network")
"""Documents of half a minute each, which ``freeze.py --check json`` looks at too."""


@pytest.mark.slow
@pytest.mark.parametrize("part", ["json", "app"])
def test_documents(part: str) -> None:
    """If only sentences are to be others: ``freeze.py --texts json app``."""
    found = documents.differences(part, left_out=LONG)
    for kind in ("numbers", "codes", "texts"):
        changed = {name: getattr(one, kind) for name, one in found.items() if getattr(one, kind)}
        assert changed == {}, kind
