"""PAWN: how far the distribution of the outcome moves when a factor is held in a part of its range."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.i18n import _
from tverretatlig_sim.study.analysis.dependence import base_points
from tverretatlig_sim.study.analysis.response import response

SLICES = 10
DUMMIES = 40
"""Factors without any effect, to see how large an index comes about by chance."""


def pawn(
    table: pd.DataFrame, factors: Sequence[str], outcome: str, *, slices: int = SLICES, seed: int = 1
) -> pd.DataFrame:
    """PAWN indices, by SALib, with the index that factors without effect have.

    The index of a factor without effect is not 0: a slice of the points differs from all of them by chance.
    Luck in the means adds to that and to the index of no factor, so it is judged against ``floor``. Of a
    Saltelli design only the base samples are used: its other points repeat values.

    Args:
        table: of one arrangement, of points or of runs; see ``response.response``.
        factors: names of the columns that vary, independently of each other.
        outcome: to look at.
        slices: parts of a factor's range.
        seed: of the factors without effect.

    Returns:
        One row a factor: ``factor``, ``index`` (median over slices of the Kolmogorov–Smirnov distance),
        ``low`` and ``high`` (NaN: resampled points repeat, which moves the distance itself), ``largest``
        (over slices), ``floor`` (95 % quantile of indices without effect), ``matters`` (index above floor).

    Raises:
        ValueError: see ``response.response``; also with fewer than 10 points a slice.
    """
    found = base_points(response(table, factors, outcome)).defined()
    if len(found.means) < 10 * slices:
        raise ValueError(
            _(
                "{number} points are too few for {slices} slices; needed: {needed}",
                number=len(found.means),
                slices=slices,
                needed=10 * slices,
            )
        )
    rng = np.random.default_rng(seed)
    dummies = np.column_stack([rng.permutation(len(found.means)) for __ in range(DUMMIES)])
    floor = float(np.quantile(_analyzed(dummies.astype(np.float64), found.means, slices)["median"], 0.95))
    indices = _analyzed(found.points, found.means, slices)
    median = np.asarray(indices["median"])
    return pd.DataFrame(
        {
            "factor": list(found.names),
            "index": median,
            "low": np.nan,
            "high": np.nan,
            "largest": np.asarray(indices["maximum"]),
            "floor": floor,
            "matters": median > floor,
        }
    )


def _analyzed(points: Floats, means: Floats, slices: int) -> dict[str, Floats]:
    from SALib.analyze.pawn import analyze

    names = [str(k) for k in range(points.shape[1])]
    bounds = np.stack([points.min(axis=0), points.max(axis=0)], axis=1).tolist()
    problem = {"num_vars": len(names), "names": names, "bounds": bounds}
    return dict(analyze(problem, points, means, S=slices))
