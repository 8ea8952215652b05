"""Where an ordering flips: one readable rule, found on one half of the sets and checked on the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.study.patterns.evaluation import wilson
from tverretatlig_sim.study.sampling import ParameterSets

THRESHOLDS = 19
"""Candidate thresholds of a parameter: its quantiles in steps of 5 %."""
SMALLEST = 0.1
"""Smallest side of a split, as a share of the sets."""


@dataclass(frozen=True)
class Split:
    """The threshold on one parameter that best tells where a is above b.

    Shares are of the half of the sets that the threshold was not chosen on.

    Attributes:
        parameter, threshold: the rule: sets at or below the threshold against sets above it.
        below, above: share of the sets on each side in which a is above b.
        below_interval, above_interval: their Wilson intervals.
        below_sets, above_sets: sets on each side.
    """

    parameter: str
    threshold: float
    below: float
    above: float
    below_interval: tuple[float, float]
    above_interval: tuple[float, float]
    below_sets: int
    above_sets: int

    @property
    def separates(self) -> bool:
        """Whether the two sides differ beyond their intervals."""
        (low, high), (other_low, other_high) = self.below_interval, self.above_interval
        return high < other_low or other_high < low


def best_split(sets: ParameterSets, difference: Floats) -> Split | None:
    """Search all parameters and thresholds for the split that best separates the sign of a difference.

    Args:
        sets: parameter sets.
        difference: a − b of each set, NaN where undefined.

    Returns:
        The split; None if there is nothing to separate.
    """
    known = np.flatnonzero(~np.isnan(difference))
    first, second = known[::2], known[1::2]
    sign = difference > 0
    candidates = [
        (_gain(sets.values[first, column], sign[first], threshold), column, threshold)
        for column in range(len(sets.names))
        for threshold in _thresholds(sets.values[first, column])
    ]
    if not candidates:
        return None
    gain, column, threshold = max(candidates)
    return _checked(sets, column, threshold, sign, second) if gain > 0 else None


def _thresholds(values: Floats) -> list[float]:
    if len(values) < 2:
        return []
    found = np.quantile(values, np.arange(1, THRESHOLDS + 1) / (THRESHOLDS + 1), method="lower")
    return [float(value) for value in np.unique(found)]


def _gain(values: Floats, sign: np.ndarray, threshold: float) -> float:
    """Drop in Gini impurity; nothing for sides that are too small."""
    side = values <= threshold
    share = side.mean()
    if not SMALLEST <= share <= 1 - SMALLEST:
        return 0.0
    mixed = share * _gini(sign[side]) + (1 - share) * _gini(sign[~side])
    return float(_gini(sign) - mixed)


def _gini(sign: np.ndarray) -> float:
    share = float(sign.mean())
    return 2.0 * share * (1.0 - share)


def _checked(
    sets: ParameterSets, column: int, threshold: float, sign: np.ndarray, held_out: np.ndarray
) -> Split:
    side = sets.values[held_out, column] <= threshold
    (low, n_low), (high, n_high) = (
        (int(sign[held_out][chosen].sum()), int(chosen.sum())) for chosen in (side, ~side)
    )
    return Split(
        parameter=sets.names[column],
        threshold=threshold,
        below=low / n_low if n_low else float("nan"),
        above=high / n_high if n_high else float("nan"),
        below_interval=wilson(low, n_low),
        above_interval=wilson(high, n_high),
        below_sets=n_low,
        above_sets=n_high,
    )
