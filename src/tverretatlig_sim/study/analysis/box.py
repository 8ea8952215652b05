"""PRIM, the patient rule induction method (Friedman and Fisher 1999): a box in which something is frequent.

Of the libraries that have it, EMA Workbench brings scikit-learn, statsmodels, seaborn and platypus with it,
and PRIM is under the GPL; a classification tree gives many leaves where one sentence is wanted. The method is
short, so it stands here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tverretatlig_sim.arrays import Floats

PEEL = 0.05
"""Share of the points inside that a step may take away: patience."""
SMALLEST = 0.05
"""Smallest box, as a share of all points; and in points."""
FEWEST = 10

Truths = np.ndarray


@dataclass(frozen=True)
class Box:
    """Limits of every factor; both ends belong to the box.

    Attributes:
        low, high: shape (factor,); infinite where there is no limit.
    """

    low: Floats
    high: Floats

    @property
    def restricted(self) -> list[int]:
        """Positions of the factors with a limit."""
        return [int(k) for k in np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high))]

    def holds(self, points: Floats) -> Truths:
        """Whether each point is inside. Shape (point,)."""
        return np.asarray(((points >= self.low) & (points <= self.high)).all(axis=1))

    def freed(self, factor: int) -> Box:
        """Without the limits of a factor."""
        low, high = self.low.copy(), self.high.copy()
        low[factor], high[factor] = -np.inf, np.inf
        return Box(low, high)


def best_box(points: Floats, cases: Truths) -> Box | None:
    """The box to tell of: the one with most cases beyond those that a box of its size holds by chance.

    That surplus (weighted relative accuracy, Lavrač, Flach and Zupan 1999) weighs density against size, so a
    box need not be tuned. Limits that it can do without, by the same measure, are lifted.

    Args:
        points: shape (point, factor).
        cases: whether the point is one of the cases, shape (point,).

    Returns:
        None if no box is better than the whole.
    """
    worth = cases - cases.mean()

    def surplus(box: Box) -> float:
        return float(worth[box.holds(points)].sum())

    box = max(peeled(points, cases), key=surplus)
    for factor in box.restricted:
        if surplus(box.freed(factor)) >= surplus(box):
            box = box.freed(factor)
    return box if box.restricted else None


def peeled(points: Floats, cases: Truths) -> Iterator[Box]:
    """Boxes, each a little smaller than the one before: each step takes the slice that leaves most cases."""
    factors = points.shape[1]
    box = Box(np.full(factors, -np.inf), np.full(factors, np.inf))
    yield box
    while True:
        inside = box.holds(points)
        candidates = [
            (float(cases[rest].mean()), int(rest.sum()), smaller)
            for smaller in _slices(box, points[inside])
            if (rest := smaller.holds(points)).sum() >= max(SMALLEST * len(points), FEWEST)
        ]
        if not candidates:
            return
        box = max(candidates, key=lambda found: found[:2])[2]
        yield box


def _slices(box: Box, inside: Floats) -> Iterator[Box]:
    """The box with a slice less at either end of each factor."""
    for k in range(inside.shape[1]):
        values = np.unique(inside[:, k])
        if len(values) < 2:
            continue
        lower, upper = np.quantile(inside[:, k], [PEEL, 1 - PEEL])
        low, high = box.low.copy(), box.high.copy()
        low[k] = values[max(1, np.searchsorted(values, lower))]
        high[k] = values[min(len(values) - 2, np.searchsorted(values, upper, side="right") - 1)]
        yield replace(box, low=low)
        yield replace(box, high=high)
