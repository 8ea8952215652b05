"""Which scenarios a test takes in the fast part, and scenarios loaded once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest

from tverretatlig_sim import Scenario, load_scenario

FAST = {"0-24-2018", "etatssamarbeidet-2023"}
OTHERS = ("etatssamarbeidet-history", "integration-goals-2006", "labour-crime-2015", "pure-hierarchy")
KINDS = (*sorted(FAST), *OTHERS)
"""Scenarios that differ in kind: with and without vetted mandates, joint bodies, changes at dates,
secretariats, ties in both directions, forums. For what numbers of a scenario cannot change."""


def mostly_slow(names: Iterable[str], fast: Iterable[str] = FAST) -> list[Any]:
    """Scenarios as parameters of a test; all but two are left to the full suite."""
    return [name if name in set(fast) else pytest.param(name, marks=pytest.mark.slow) for name in names]


@cache
def shipped(name: str) -> Scenario:
    """A shipped scenario, loaded once."""
    return load_scenario(name)
