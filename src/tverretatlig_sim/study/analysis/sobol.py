"""Sobol indices: which share of the variance each factor brings, alone and with its interactions.

The estimators are those of SALib (Saltelli et al. 2010 for the first order, Jansen 1999 for the total), and
without luck they give the same numbers. SALib has none that remove luck from numerator and denominator, so
the formulas stand here once more, over products of true means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import ndtri

from tverretatlig_sim.arrays import Floats, Integers
from tverretatlig_sim.i18n import _
from tverretatlig_sim.study.analysis.response import Response, response

RESAMPLES = 1000
GROUPS = 20
"""Groups of runs of the jackknife, at most."""

Pieces = tuple[Floats, Floats, Floats, Floats]
"""What indices are made of: first, total (both (base, factor)), square and mean (both (base,))."""


@dataclass(frozen=True)
class Saltelli:
    """Positions of points in a Saltelli design.

    Attributes:
        a, b: the two base samples, shape (base,).
        mixed: ``a`` with one factor from ``b``, shape (factor, base).
    """

    a: Integers
    b: Integers
    mixed: Integers


def sobol(
    table: pd.DataFrame, factors: Sequence[str], outcome: str, *, level: float = 0.95, seed: int = 1
) -> pd.DataFrame:
    """First- and total-order indices with intervals.

    The intervals are those of a bootstrap over the base sample, widened by a jackknife over runs if single
    runs were kept, at least three: luck that points share does not average out over points.

    Args:
        table: of one arrangement, of points or of runs, a whole Saltelli design; see ``response.response``.
        factors: names of the columns that vary.
        outcome: to look at.
        level: of the intervals.
        seed: of the bootstrap.

    Returns:
        Two rows a factor: ``factor``, ``order`` (``first`` or ``total``), ``index``, ``low``, ``high``,
        ``uncorrected`` (luck not removed). An index can come out a little below 0 or above 1.

    Raises:
        ValueError: see ``response.response``; also if the points are no Saltelli design, or the outcome is
            undefined at some, or does not vary.
    """
    found = response(table, factors, outcome)
    places = saltelli_places(found.points)
    undefined = int(np.isnan(found.means).sum())
    if undefined:
        raise ValueError(
            _(
                "{outcome} is undefined at {undefined} of {number} points, and Sobol indices need "
                "them all; take more runs or months, or an outcome that is always defined",
                outcome=outcome,
                undefined=undefined,
                number=len(found.means),
            )
        )
    pieces = _pieces(found, places)
    estimate, uncorrected = _estimate(pieces), _estimate(_pieces(_without_runs(found), places))
    if np.isnan(estimate).any():
        raise ValueError(
            _(
                "nothing to share out: between points, {outcome} differs by no more than luck",
                outcome=outcome,
            )
        )
    ends = _bootstrapped(pieces, level, seed)
    margin = ndtri((1 + level) / 2) * _error_by_runs(found, places)
    low = estimate - np.hypot(estimate - ends[0], margin)
    high = estimate + np.hypot(ends[1] - estimate, margin)
    rows = [
        {
            "factor": name,
            "order": order,
            "index": estimate[kind, k],
            "low": low[kind, k],
            "high": high[kind, k],
            "uncorrected": uncorrected[kind, k],
        }
        for k, name in enumerate(found.names)
        for kind, order in enumerate(("first", "total"))
    ]
    return pd.DataFrame(rows)


def saltelli_places(points: Floats) -> Saltelli:
    """Find the samples of a Saltelli design, in SALib's order.

    Args:
        points: shape (point, factor).

    Raises:
        ValueError: it is none.
    """
    size, factors = points.shape
    for step in (factors + 2, 2 * factors + 2):
        if size and size % step == 0:
            first = np.arange(0, size, step)
            places = Saltelli(first, first + step - 1, np.stack([first + 1 + k for k in range(factors)]))
            if _is_saltelli(points, places):
                return places
    raise ValueError(
        _(
            "these {size} points are no whole Saltelli design of {factors} factors; "
            'a study with [design] kind = "saltelli" makes one',
            size=size,
            factors=factors,
        )
    )


def _is_saltelli(points: Floats, places: Saltelli) -> bool:
    for k, mixed in enumerate(places.mixed):
        expected = points[places.a].copy()
        expected[:, k] = points[places.b, k]
        if not np.array_equal(points[mixed], expected):
            return False
    return True


def _without_runs(found: Response) -> Response:
    return Response(found.names, found.points, found.means, np.full(len(found.means), np.nan))


def _pieces(found: Response, places: Saltelli) -> Pieces:
    a, b = places.a, places.b
    found = found.centred(np.arange(len(found.means)))
    squares = found.product(a, a)
    first = [found.product(b, mixed) - found.product(b, a) for mixed in places.mixed]
    total = [(squares + found.product(mixed, mixed)) / 2 - found.product(a, mixed) for mixed in places.mixed]
    mean = (found.means[a] + found.means[b]) / 2
    return np.column_stack(first), np.column_stack(total), (squares + found.product(b, b)) / 2, mean


def _estimate(pieces: Pieces) -> Floats:
    """Indices of the whole sample. Shape (order, factor)."""
    return np.asarray(_indices(pieces, np.ones((1, len(pieces[2]))))[:, 0])


def _bootstrapped(pieces: Pieces, level: float, seed: int) -> Floats:
    """Ends of percentile intervals. Shape (end, order, factor)."""
    base = len(pieces[2])
    weights = np.random.default_rng(seed).multinomial(base, np.full(base, 1 / base), RESAMPLES)
    indices = _indices(pieces, weights.astype(np.float64))
    return np.nanquantile(indices, [(1 - level) / 2, (1 + level) / 2], axis=1)


def _error_by_runs(found: Response, places: Saltelli) -> Floats:
    """Standard errors of the indices by the choice of runs: a jackknife that leaves out groups of them."""
    if found.runs is None or found.runs.shape[1] < 3:
        return np.zeros((2, len(found.names)))
    groups = min(found.runs.shape[1], GROUPS)
    member = np.arange(found.runs.shape[1]) % groups
    without = [replace(found, runs=found.runs[:, member != group]) for group in range(groups)]
    indices = np.stack([_estimate(_pieces(fewer, places)) for fewer in without])
    return np.asarray(np.sqrt((groups - 1) * np.var(indices, axis=0)))


def _indices(pieces: Pieces, weights: Floats) -> Floats:
    """Indices of weighted base samples: weights (sample, base) give shape (order, sample, factor)."""
    first, total, square, mean = pieces
    weights = weights / weights.sum(axis=1, keepdims=True)
    variance = weights @ square - (weights @ mean) ** 2
    shares = np.stack([weights @ first, weights @ total])
    return np.asarray(shares / np.where(variance > 0, variance, np.nan)[:, None])
