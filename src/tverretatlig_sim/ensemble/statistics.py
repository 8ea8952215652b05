"""Intervals and summaries of outcomes over runs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.i18n import _


class MeanInterval(NamedTuple):
    """A mean over runs with its t interval; NaN where there are too few runs."""

    n: int
    mean: float
    sd: float
    low: float
    high: float


TUNED = 1024
"""Number of runs at which intervals that hold at every look are narrowest, relative to those of one look."""


def mean_interval(values: Floats, level: float = 0.95, *, anytime: bool = False) -> MeanInterval:
    """Mean, standard deviation and interval of the mean, missing values left out.

    Args:
        values: one a run, NaN where undefined.
        level: of the interval.
        anytime: whether to give the interval for somebody who looks again and again and stops when it suits;
            see ``anytime_factor``. Else it is the t interval, for a number of runs fixed beforehand.

    Raises:
        ValueError: the level is not between 0 and 1.
    """
    if isinstance(level, bool) or not isinstance(level, int | float | np.number) or not 0 < level < 1:
        raise ValueError(_("level = {level!r}: must be a number between 0 and 1", level=level))
    known = values[~np.isnan(values)]
    n = len(known)
    if n == 0:
        return MeanInterval(0, np.nan, np.nan, np.nan, np.nan)
    mean = float(known.mean())
    if n == 1:
        return MeanInterval(1, mean, np.nan, np.nan, np.nan)
    sd = float(known.std(ddof=1))
    factor = anytime_factor(n, level) if anytime else float(stdtrit(n - 1, (1 + level) / 2))
    half = factor * sd / np.sqrt(n)
    return MeanInterval(n, mean, sd, mean - half, mean + half)


def anytime_factor(n: int, level: float = 0.95) -> float:
    """Half width of an interval that holds at every look, in standard errors of the mean.

    The interval is an asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024,
    Annals of Statistics 52, 2613–2640; Robbins' normal mixture): the chance that the mean ever lies outside,
    at any look whatever, is at most 1 − level, if there are enough runs at the first look for the central
    limit theorem. About one and a half times as wide as the interval of a single look.

    Args:
        n: number of runs, at least 1.
        level: of the interval.
    """
    error = -2.0 * np.log(1.0 - level)
    mixture = (error + np.log(error + 1.0)) / TUNED
    spread = n * mixture + 1.0
    return float(np.sqrt(spread / (n * mixture) * (np.log(spread) + error)))


def summary(outcomes: pd.DataFrame, level: float = 0.95, *, anytime: bool = False) -> pd.DataFrame:
    """One row an outcome: n, missing, mean, sd, q05, q50, q95, low, high."""
    rows = {}
    for name, column in outcomes.items():
        values = column.to_numpy(dtype=float)
        interval = mean_interval(values, level, anytime=anytime)
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
