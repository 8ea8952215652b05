"""Stopping when a mean is known well enough, with intervals that stay honest however often one looks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.i18n import _

LOOK = 256
"""Runs between two looks."""
MOST_RUNS = 100_000
"""Runs at most, unless told otherwise."""
HEADLINE = "implemented_rate"
"""The outcome whose precision is asked for."""


@dataclass(frozen=True)
class Precision:
    """The precision that was asked for, and whether it was reached.

    Attributes:
        outcome: whose mean, or mean difference, is to be known.
        asked: largest half width of its 95 % interval, in the outcome's unit.
        half_width: at the end; of several, the largest; NaN if nothing is known.
        looks: how often it was looked at.
    """

    outcome: str
    asked: float
    half_width: float
    looks: int

    @property
    def reached(self) -> bool:
        """Whether the interval is narrow enough."""
        return self.half_width <= self.asked


def half_width(values: Floats, level: float = 0.95) -> float:
    """Half width of the interval of a mean that may be looked at after any number of runs; NaN if unknown."""
    interval = mean_interval(values, level, anytime=True)
    return (interval.high - interval.low) / 2


def check_until(until: float) -> None:
    """Refuse a precision that cannot be asked for.

    Raises:
        ValueError: it is not a number above 0.
    """
    if isinstance(until, bool) or not isinstance(until, int | float | np.number) or not 0 < until < np.inf:
        raise ValueError(_("until = {until!r}: must be a number above 0", until=until))


def most_runs(runs: int | None, until: float | None, usual: int) -> int:
    """Runs to do: as asked, else the usual number; with a precision to reach, at most so many."""
    if runs is not None:
        return runs
    return usual if until is None else MOST_RUNS
