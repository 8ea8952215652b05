"""Sobol indices: which share of the variance each factor brings, alone and with its interactions.

The estimators are those of SALib (Saltelli et al. 2010 for the first order, Jansen 1999 for the total), and
without luck they give the same numbers. SALib has none that remove luck from numerator and denominator, so
the formulas stand here once more, over products of true means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tverretatlig_sim.study.analysis.response import Response, response
from tverretatlig_sim.world.sparse import Floats, Integers

RESAMPLES = 1000


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
    """First- and total-order indices with bootstrap intervals over the base sample.

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
            f"{outcome} is undefined at {undefined} of {len(found.means)} points, and Sobol indices need "
            "them all; take more runs or months, or an outcome that is always defined"
        )
    pieces, plain = _pieces(found, places), _pieces(_without_runs(found), places)
    every = np.ones((1, len(places.a)))
    estimate, uncorrected = _indices(pieces, every), _indices(plain, every)
    if np.isnan(estimate).any():
        raise ValueError(f"nothing to share out: between points, {outcome} differs by no more than luck")
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(len(places.a), np.full(len(places.a), 1 / len(places.a)), RESAMPLES)
    ends = (1 - level) / 2, (1 + level) / 2
    low, high = np.nanquantile(_indices(pieces, weights.astype(np.float64)), ends, axis=1)
    rows = [
        {
            "factor": name,
            "order": order,
            "index": estimate[kind, 0, k],
            "low": low[kind, k],
            "high": high[kind, k],
            "uncorrected": uncorrected[kind, 0, k],
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
        f"these {size} points are no whole Saltelli design of {factors} factors; "
        'a study with [design] kind = "saltelli" makes one'
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


def _pieces(found: Response, places: Saltelli) -> tuple[Floats, Floats, Floats, Floats]:
    """What indices are made of: first, total (both (base, factor)), square and mean (both (base,))."""
    a, b = places.a, places.b
    found = found.centred(np.concatenate([a, b]))
    squares = found.product(a, a)
    first = [found.product(b, mixed) - found.product(b, a) for mixed in places.mixed]
    total = [(squares + found.product(mixed, mixed)) / 2 - found.product(a, mixed) for mixed in places.mixed]
    mean = (found.means[a] + found.means[b]) / 2
    return np.column_stack(first), np.column_stack(total), (squares + found.product(b, b)) / 2, mean


def _indices(pieces: tuple[Floats, Floats, Floats, Floats], weights: Floats) -> Floats:
    """Indices of weighted base samples: weights (sample, base) give shape (order, sample, factor)."""
    first, total, square, mean = pieces
    weights = weights / weights.sum(axis=1, keepdims=True)
    variance = weights @ square - (weights @ mean) ** 2
    shares = np.stack([weights @ first, weights @ total])
    return np.asarray(shares / np.where(variance > 0, variance, np.nan)[:, None])
