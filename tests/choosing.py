"""Which scenarios a test takes in the fast part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

FAST = {"0-24-2018", "etatssamarbeidet-2023"}


def mostly_slow(names: Iterable[str], fast: Iterable[str] = FAST) -> list[Any]:
    """Scenarios as parameters of a test; all but two are left to the full suite."""
    return [name if name in set(fast) else pytest.param(name, marks=pytest.mark.slow) for name in names]
