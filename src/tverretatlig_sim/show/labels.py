"""Units of outcomes, and which outcomes are shown."""

from __future__ import annotations

from typing import Literal

from tverretatlig_sim.ensemble import HEADLINE

__all__ = ["HEADLINE", "Unit", "unit"]

Unit = Literal["share", "level", "count", "months", "fte", "number"]
"""Share of a whole (shown in per cent), level from 0 to 1, count, months, FTE-months, any other number."""


def unit(outcome: str) -> Unit:
    """Unit of an outcome; a number, if it is another measure."""
    from tverretatlig_sim.ensemble.outcomes import OUTCOMES  # numerical libraries are slow to import

    return OUTCOMES[outcome].unit if outcome in OUTCOMES else "number"
