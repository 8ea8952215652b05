"""Scenario discovery: under which conditions does A lose to B?

The conditions are a box in the space of factors, found by PRIM, the patient rule induction method (Friedman
and Fisher 1999). Of the libraries that have it, EMA Workbench brings scikit-learn, statsmodels, seaborn and
platypus with it, and PRIM is under the GPL; a classification tree gives many leaves where one sentence is
wanted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.i18n import _
from tverretatlig_sim.study.response import base_points, paired, response
from tverretatlig_sim.study.sampling import wilson

ENOUGH = 40
"""Points needed."""
PEEL = 0.05
"""Share of the points inside that a step may take away: patience."""
SMALLEST = 0.05
"""Smallest box, as a share of all points; and in points."""
FEWEST = 10
FALSE_ALARM = 0.01
"""Chance that conditions are said to be found where there are none, at most."""

Truths = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Discovery:
    """The conditions under which one arrangement loses to another.

    The points are dealt at random into three parts with the same share of losses. On the first, half of them,
    the conditions are found; on the second, a quarter, it is tested whether losing is more frequent under
    them; on the third what holds under them is counted. So neither choice nor test flatters what is counted.

    Attributes:
        a, b: names of the arrangements; a loses at a point where its mean over the runs there is below that
            of b.
        outcome: in which it loses.
        points: counted on.
        losses: of these, points where a loses.
        limits: columns ``factor``, ``low``, ``high`` (infinite: no limit), ``range_low``, ``range_high`` (of
            the design); empty if no conditions were found.
        inside: points under the conditions, of those counted on.
        inside_losses: of these, points where a loses.
        base_rate: share of all points, of all parts, where a loses.
        all_points: number of these.
        found: whether losing was more frequent under the conditions than elsewhere, on the points for the
            test (Fisher's exact test, one-sided, at 1 %).
    """

    a: str
    b: str
    outcome: str
    points: int
    losses: int
    limits: pd.DataFrame
    inside: int
    inside_losses: int
    base_rate: float
    all_points: int
    found: bool

    @property
    def density(self) -> float:
        """Share of points where a loses, of those under the conditions that they were not found on.

        An estimate of that share over the region of factors, for points that are drawn and run as these were.
        """
        return self.inside_losses / self.inside if self.inside else float("nan")

    @property
    def density_interval(self) -> tuple[float, float]:
        """Its 95 % Wilson interval."""
        return wilson(self.inside_losses, self.inside)

    @property
    def coverage(self) -> float:
        """Share of all points where a loses that are under the conditions."""
        return self.inside_losses / self.losses if self.losses else float("nan")


def discover(
    table: pd.DataFrame, factors: Sequence[str], outcome: str, a: str, b: str, *, seed: int = 1
) -> Discovery:
    """Find the conditions under which a loses to b.

    Args:
        table: with both arrangements, of points or of runs; see ``response.response``.
        factors: names of the columns that vary.
        outcome: in which a loses or wins.
        a: name of the arrangement that loses or wins.
        b: name of the other.
        seed: of the choice of the points on which conditions are found.

    Raises:
        ValueError: see ``response.response``; also with too few points.
    """
    found = base_points(response(paired(table, outcome, a, b), factors, outcome)).defined()
    if len(found.means) < ENOUGH:
        raise ValueError(
            _(
                "{number} points are too few to find conditions; needed: {fewest}",
                number=len(found.means),
                fewest=ENOUGH,
            )
        )
    points, losses = found.points, found.means < 0
    first, second, third = dealt(losses, (2, 1, 1), seed)
    box = best_box(points[first], losses[first])
    inside = third[box.holds(points[third])] if box is not None else third[:0]
    limits = (
        [
            (found.names[k], box.low[k], box.high[k], points[:, k].min(), points[:, k].max())
            for k in box.restricted
        ]
        if box is not None
        else []
    )
    return Discovery(
        a=a,
        b=b,
        outcome=outcome,
        points=len(third),
        losses=int(losses[third].sum()),
        limits=pd.DataFrame(limits, columns=["factor", "low", "high", "range_low", "range_high"]),
        inside=len(inside),
        inside_losses=int(losses[inside].sum()),
        base_rate=float(losses.mean()),
        all_points=len(losses),
        found=box is not None and _clear(box.holds(points[second]), losses[second]),
    )


def _clear(inside: Truths, losses: Truths) -> bool:
    """Whether losses are more frequent inside than outside, beyond chance."""
    from scipy.stats import fisher_exact  # slow to import

    counts = [
        [int(np.sum((inside == here) & (losses == lost))) for lost in (True, False)] for here in (True, False)
    ]
    return bool(fisher_exact(np.array(counts), alternative="greater").pvalue < FALSE_ALARM)


def dealt(cases: Truths, sizes: Sequence[int], seed: int) -> list[NDArray[np.intp]]:
    """Positions of some points in parts, drawn at random, with the same share of cases in each.

    Points of a design must not be dealt out in their order: every second point of a grid or a Sobol sequence
    can hold a factor wholly in one part of its range.

    Args:
        cases: whether each point is a case.
        sizes: of the parts, relative to each other.
        seed: of the draw.
    """
    shuffled = np.random.default_rng(seed).permutation(len(cases))
    ordered = shuffled[np.argsort(cases[shuffled], kind="stable")]
    part = np.resize(np.repeat(np.arange(len(sizes)), sizes), len(cases))
    return [np.sort(ordered[part == k]) for k in range(len(sizes))]


@dataclass(frozen=True, eq=False)
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
