"""Intervals and summaries of outcomes over runs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from tverretatlig_sim.world.sparse import Floats


class MeanInterval(NamedTuple):
    """A mean over runs with its t interval; NaN where there are too few runs."""

    n: int
    mean: float
    sd: float
    low: float
    high: float


def mean_interval(values: Floats, level: float = 0.95) -> MeanInterval:
    """Mean, standard deviation and interval of the mean, missing values left out."""
    known = values[~np.isnan(values)]
    n = len(known)
    if n == 0:
        return MeanInterval(0, np.nan, np.nan, np.nan, np.nan)
    mean = float(known.mean())
    if n == 1:
        return MeanInterval(1, mean, np.nan, np.nan, np.nan)
    sd = float(known.std(ddof=1))
    half = float(stdtrit(n - 1, (1 + level) / 2)) * sd / np.sqrt(n)
    return MeanInterval(n, mean, sd, mean - half, mean + half)


def summary(outcomes: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """One row an outcome: n, missing, mean, sd, q05, q50, q95, low, high."""
    rows = {}
    for name, column in outcomes.items():
        values = column.to_numpy(dtype=float)
        interval = mean_interval(values, level)
        known = values[~np.isnan(values)]
        quantiles = np.quantile(known, [0.05, 0.5, 0.95]) if len(known) else np.full(3, np.nan)
        rows[name] = {
            "n": interval.n,
            "missing": len(values) - interval.n,
            "mean": interval.mean,
            "sd": interval.sd,
            "q05": quantiles[0],
            "q50": quantiles[1],
            "q95": quantiles[2],
            "low": interval.low,
            "high": interval.high,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("outcome")
