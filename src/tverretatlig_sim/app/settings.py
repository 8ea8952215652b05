"""Dials as the app offers them: a number on a slider, written in the address as ``matrix=0.8``."""

from __future__ import annotations

import re

from tverretatlig_sim.scenario.levers import Dial

WRITTEN = re.compile(r"([a-z-]{1,40})=([+-]?[0-9]{1,6}(?:\.[0-9]{0,12})?)")
"""A dial's setting; neither exponents nor very long numbers."""
DECIMALS = 2
"""Decimals of a setting that are kept, so that an address cannot ask for endlessly many arrangements."""
STEP = 0.05
"""Step of a slider whose dial is not a whole number."""


def dial_of(written: str) -> str:
    """The name of the dial that a setting is of; empty for a lever."""
    name, sign, _ = written.partition("=")
    return name if sign else ""


def setting(dial: Dial, value: float) -> str:
    """How the setting of a dial to a value within its limits is written."""
    return f"{dial.name}={round(value, 0 if dial.bounds.whole else DECIMALS) + 0.0:g}"


def step(dial: Dial) -> float:
    """Step of its slider."""
    return 1.0 if dial.bounds.whole else STEP
