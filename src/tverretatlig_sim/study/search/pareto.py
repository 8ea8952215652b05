"""Which points no other point beats on both gain and cost, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.statistics import paired_difference


def nondominated(gain: Floats, cost: Floats) -> NDArray[np.bool_]:
    """Points such that no other has at least the gain at no more cost, and one of the two better.

    Args:
        gain: shape (point,); more is better; NaN is never on the front.
        cost: shape (point,); less is better.
    """
    known = ~(np.isnan(gain) | np.isnan(cost))
    order = np.lexsort((-gain, cost))
    front = np.zeros(len(gain), dtype=bool)
    best, at = -np.inf, np.inf
    for point in order[known[order]]:
        if gain[point] > best or (gain[point] == best and cost[point] == at):
            front[point] = True
            best, at = gain[point], cost[point]
    return front


def rivals(gains: Sequence[Floats], costs: Sequence[Floats], level: float = 0.95) -> list[list[int]]:
    """For each point, the others that may dominate it for all that the runs say.

    A point is safe from another if it is clearly better in gain or clearly cheaper (the interval of the
    paired difference excludes 0), or if the two are the same in every run. Intervals
    hold for one pair at a time.

    Args:
        gains: one array of shape (run,) a point, all on the same draws.
        costs: likewise.
        level: of the intervals.
    """
    points = range(len(gains))
    return [
        [other for other in points if other != point and not _safe(point, other, gains, costs, level)]
        for point in points
    ]


def _safe(point: int, other: int, gains: Sequence[Floats], costs: Sequence[Floats], level: float) -> bool:
    if all(np.array_equal(side[point], side[other], equal_nan=True) for side in (gains, costs)):
        return True  # the same in every run, so neither beats the other
    better = paired_difference(gains[point], gains[other], level)["low"] > 0
    return better or paired_difference(costs[point], costs[other], level)["high"] < 0
