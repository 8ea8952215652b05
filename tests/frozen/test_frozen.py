"""The package still does what 0.1.0 did; ``freeze.py`` beside says what is stored, and how to look closer."""

from __future__ import annotations

import pytest

from . import freeze


@pytest.mark.parametrize("scenario", freeze.SCENARIOS)
def test_kernel(scenario: str) -> None:
    found = freeze.kernel_deviations((scenario,))
    assert {key: apart for key, apart in found.items() if not apart <= freeze.TOLERANCE} == {}
