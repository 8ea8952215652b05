"""Intervals, summaries and paired differences of outcomes over runs, and the rule for when to stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from tverretatlig_sim.arrays import Flags, Floats
from tverretatlig_sim.i18n import _
from tverretatlig_sim.inputs import shown

FIRST_LOOK = 256
"""Runs before the stopping rule looks for the first time."""
FEW = 5
"""Runs that differ from all the others, below which an interval cannot be trusted."""
MOST_RUNS = 100_000
"""Runs at most under a stopping rule, unless told otherwise."""


class MeanInterval(NamedTuple):
    """A mean over runs with its interval; NaN where there are too few runs."""

    n: int
    mean: float
    sd: float
    low: float
    high: float


@dataclass(frozen=True)
class StoppingRule:
    """Runs that went on until a mean was known well enough, and whether it was.

    Attributes:
        outcome: whose mean, or mean difference, is to be known.
        asked: largest half width of its 95 % interval, in the outcome's unit.
        half_width: at the end; of several, the largest; NaN if nothing is known.
        looks: how often it was looked at.
    """

    outcome: str
    asked: float
    half_width: float
    looks: int

    @property
    def reached(self) -> bool:
        """Whether the interval is narrow enough."""
        return self.half_width <= self.asked


def mean_interval(values: Floats, level: float = 0.95) -> MeanInterval:
    """Mean, standard deviation and t interval of the mean, missing values left out.

    Where hardly any run differs from the others the interval is too narrow, if it has any width: see
    ``few_differ``.

    Args:
        values: one a run, NaN where undefined.
        level: of the interval.

    Raises:
        ValueError: the level is not between 0 and 1.
    """
    check_level(level)
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


def interval_half_width(values: Floats, level: float = 0.95) -> float:
    """Half width of the interval of a mean; NaN if unknown."""
    interval = mean_interval(values, level)
    return (interval.high - interval.low) / 2


def few_differ(values: Floats) -> bool:
    """Whether all runs, or all but fewer than five, have the same value.

    The spread of the others, and so the interval of the mean, is then hardly known: that none of ten runs
    differs leaves room for one in four that does.
    """
    counts = np.unique(values[~np.isnan(values)], return_counts=True)[1]
    most, n = int(counts.max(initial=0)), int(counts.sum())
    return n > 1 and n - most < min(FEW, n / 2)


def summary(outcomes: Mapping[str, Floats] | pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """One row an outcome.

    Returns:
        Index ``outcome``; columns ``n`` (runs in which it is defined), ``missing``, ``mean``, ``sd``,
        ``q05``, ``q50``, ``q95`` (quantiles over runs), ``low`` and ``high`` (interval of the mean),
        ``few_differ`` (whether that is hardly known).
    """
    rows = {}
    for name, column in outcomes.items():
        values = np.asarray(column, dtype=np.float64)
        n, mean, sd, low, high = mean_interval(values, level)
        known = values[~np.isnan(values)]
        q05, q50, q95 = np.quantile(known, [0.05, 0.5, 0.95]) if n else np.full(3, np.nan)
        rows[name] = (n, len(values) - n, mean, sd, q05, q50, q95, low, high, few_differ(values))
    columns = ["n", "missing", "mean", "sd", "q05", "q50", "q95", "low", "high", "few_differ"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("outcome")


def paired_difference(first: Floats, second: Floats, level: float = 0.95) -> dict[str, float]:
    """Statistics of the difference first − second of paired runs; runs in which one is missing are left out.

    Returns:
        ``n`` (pairs), ``mean``, ``low``, ``high`` (interval of the mean difference), ``share_a_above_b``,
        ``share_equal``, ``correlation`` of the pairs, and ``variance_reduction``: variance if independent
        over that of the pairs; NaN where there are too few pairs, or nothing varies. ``few_differ``: whether
        the interval is hardly known.
    """
    known = ~(np.isnan(first) | np.isnan(second))
    first, second = first[known], second[known]
    difference = first - second
    interval = mean_interval(difference, level)
    n, correlation, reduction = interval.n, np.nan, np.nan
    if n > 1 and first.std() > 0 and second.std() > 0:
        correlation = float(np.corrcoef(first, second)[0, 1])
    if n > 1 and (paired := float(np.var(difference, ddof=1))) > 0:
        reduction = float((np.var(first, ddof=1) + np.var(second, ddof=1)) / paired)
    return {
        "n": n,
        "mean": interval.mean,
        "low": interval.low,
        "high": interval.high,
        "share_a_above_b": float(np.mean(difference > 0)) if n else np.nan,
        "share_equal": float(np.mean(difference == 0)) if n else np.nan,
        "correlation": correlation,
        "variance_reduction": reduction,
        "few_differ": few_differ(difference),
    }


def check_level(level: float) -> None:
    """Refuse the level of an interval that is none.

    Raises:
        ValueError: it is not between 0 and 1.
    """
    if not between(level, 1):
        raise ValueError(_("level = {level}: must be a number between 0 and 1", level=shown(level)))


def check_half_width(width: float) -> None:
    """Refuse the half width of an interval that cannot be asked for.

    Raises:
        ValueError: it is not a number above 0 and below 0.5, which a share cannot be off by.
    """
    if not between(width, 0.5):
        said = shown(width)
        raise ValueError(_("half_width = {width}: must be a number above 0 and below 0.5", width=said))


def between(value: object, high: float) -> bool:
    """Whether it is a number above 0 and below a limit."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    return number and bool(0 < value < high)  # type: ignore[operator]


def nondominated(gain: Floats, cost: Floats) -> Flags:
    """Points such that no other has at least the gain at no more cost, and one of the two better.

    Args:
        gain: shape (point,); more is better; NaN is never on the front.
        cost: shape (point,); less is better.
    """
    at_least = (gain[:, None] >= gain) & (cost[:, None] <= cost)
    better = (gain[:, None] > gain) | (cost[:, None] < cost)
    return np.asarray(~(np.isnan(gain) | np.isnan(cost)) & ~(at_least & better).any(axis=0))


def rivals(gains: Sequence[Floats], costs: Sequence[Floats], level: float = 0.95) -> list[list[int]]:
    """For each point, the others that may dominate it for all that the runs say.

    A point is safe from another if it is clearly better in gain or clearly cheaper (the interval of the
    paired difference excludes 0), or the same in every run. Intervals hold for one pair at a time.

    Args:
        gains: one array of shape (run,) a point, all on the same draws.
        costs: likewise.
        level: of the intervals.
    """

    def safe(point: int, other: int) -> bool:
        if all(np.array_equal(side[point], side[other], equal_nan=True) for side in (gains, costs)):
            return True  # the same in every run, so neither beats the other
        better = paired_difference(gains[point], gains[other], level)["low"] > 0
        return better or paired_difference(costs[point], costs[other], level)["high"] < 0

    points = range(len(gains))
    return [[other for other in points if other != point and not safe(point, other)] for point in points]
