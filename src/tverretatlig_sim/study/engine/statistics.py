"""Statistics over the runs of a point, as columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tverretatlig_sim.arrays import Floats, Integers
from tverretatlig_sim.ensemble.run import Moments

Part = dict[str, NDArray[Any]]
"""Columns of equal length, by name."""


def statistics(
    points: Integers, first_run: int, values: Mapping[str, Floats], quantiles: tuple[float, ...] = ()
) -> Part:
    """Statistics over the runs of each point.

    Args:
        points: numbers of the points, shape (point,).
        first_run: number of the first run.
        values: by outcome, shape (point, run).
        quantiles: as shares.

    Returns:
        Columns ``point``, ``first_run``, and for each outcome NAME its mean ``NAME``, ``NAME_squares`` (sum
        of squared deviations), ``NAME_runs`` (runs in which it is defined) and quantiles ``NAME_q05``, …
    """
    part: Part = {"point": np.asarray(points), "first_run": np.full(len(points), first_run)}
    for name, column in values.items():
        moments = Moments.of(np.ascontiguousarray(column))
        part[name], part[f"{name}_squares"] = moments.mean, moments.squares
        part[f"{name}_runs"] = moments.count.astype(np.int64)
        part.update({f"{name}_{label_of(q)}": quantile(column, q) for q in quantiles})
    return part


def label_of(share: float) -> str:
    """A quantile in the name of a column: ``q05`` for 0.05, ``q97.5`` for 0.975."""
    whole, point, rest = f"{100 * share:g}".partition(".")
    return f"q{whole.zfill(2)}{point}{rest}"


def quantile(values: Floats, share: float) -> Floats:
    """Quantile over the last axis, NaN left out; NaN where nothing is known."""
    found = np.full(len(values), np.nan)
    known = ~np.isnan(values)
    for k in np.flatnonzero(known.any(axis=-1)):
        found[k] = np.quantile(values[k, known[k]], share)
    return found
