"""Partial dependence: the outcome along each factor, averaged over all others.

It is read off the points themselves, in bins. In our designs factors vary independently, so the mean of the
points in a bin is the partial dependence there, with an interval that needs no model. A fitted surrogate
(scikit-learn's ``partial_dependence``) would put its own errors between runs and reader, and its intervals do
not cover these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.study.analysis.response import Response, response
from tverretatlig_sim.study.analysis.sobol import saltelli_places

BINS = 8


def dependence(
    table: pd.DataFrame, factors: Sequence[str], outcome: str, *, bins: int = BINS, level: float = 0.95
) -> pd.DataFrame:
    """The mean outcome in bins of each factor.

    Args:
        table: of one arrangement, of points or of runs; see ``response.response``.
        factors: names of the columns that vary, independently of each other. Of a Saltelli design only
            the two base samples are read, since the other points repeat their values.
        outcome: to look at.
        bins: number of bins with equally many points; fewer if a factor has fewer values.
        level: of the intervals.

    Returns:
        One row a factor and bin: ``factor``, ``from``, ``to``, ``at`` (mean value of the factor), ``points``,
        ``mean``, ``low``, ``high``. The interval covers the spread of the other factors and the luck of each
        point; luck that all points share moves all bins alike.

    Raises:
        ValueError: see ``response.response``.
    """
    found = base_points(response(table, factors, outcome)).defined()
    rows = [
        {"factor": name, **row}
        for k, name in enumerate(found.names)
        for row in _binned(found.points[:, k], found.means, bins, level)
    ]
    return pd.DataFrame(rows)


def base_points(found: Response) -> Response:
    """The base samples of a Saltelli design; all points of any other."""
    try:
        places = saltelli_places(found.points)
    except ValueError:
        return found
    return found.chosen(np.concatenate([places.a, places.b]))


def _binned(values: Floats, means: Floats, bins: int, level: float) -> Iterator[dict[str, float]]:
    different = np.unique(values)
    if len(different) <= bins:
        member = np.searchsorted(different, values)
    else:
        edges = np.unique(np.quantile(values, np.linspace(0, 1, bins + 1)))
        member = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    for place in np.unique(member):
        inside = member == place
        interval = mean_interval(means[inside], level)
        yield {
            "from": float(values[inside].min()),
            "to": float(values[inside].max()),
            "at": float(values[inside].mean()),
            "points": int(inside.sum()),
            "mean": interval.mean,
            "low": interval.low,
            "high": interval.high,
        }
