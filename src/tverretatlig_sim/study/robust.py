"""Comparisons and explanations over all parameter sets that agree with the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Flags, Floats, Integers
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.compare import told_apart
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.load import ScenarioLike
from tverretatlig_sim.study.discovery import halves
from tverretatlig_sim.study.explain import ProgressOfTotal, SharedOut, shared_out
from tverretatlig_sim.study.sampling import ParameterSets, Progress, mean_known, outcomes_over, wilson

THRESHOLDS = np.arange(1, 20) / 20
"""Candidate thresholds of a parameter: its quantiles in steps of 5 %."""
SMALLEST = 0.1
"""Smallest side of a split, as a share of the sets."""


def over_sets(difference: Floats) -> dict[str, float]:
    """What the sets say about a difference: the one place where shares over sets are estimated.

    Args:
        difference: mean difference of each set, NaN where undefined; shape (set,).

    Returns:
        Columns of ``RobustComparison.table`` from ``sets`` on.
    """
    known = difference[~np.isnan(difference)]
    above, n, interval = int(np.count_nonzero(known > 0)), len(known), mean_interval(known)
    low, high = wilson(above, n)
    ends = np.quantile(known, [0.05, 0.95]) if n else (np.nan, np.nan)
    return {
        "sets": n,
        "share_a_above_b": above / n if n else np.nan,
        "share_low": low,
        "share_high": high,
        "share_equal": float(np.mean(known == 0)) if n else np.nan,
        "mean": interval.mean,
        "low": interval.low,
        "high": interval.high,
        "q05": float(ends[0]),
        "q95": float(ends[1]),
    }


# --- does one arrangement beat another?


@dataclass(frozen=True)
class RobustComparison:
    """Outcomes of several scenarios in the same parameter sets, on the same draws.

    Attributes:
        outcomes: by scenario and outcome, shape (set, run); NaN where undefined.
        sets: the parameter sets.
        scenarios: as asked for, in order.
        seed, runs, months: how: runs of each set.
    """

    outcomes: Mapping[str, Mapping[str, Floats]]
    sets: ParameterSets
    scenarios: tuple[Scenario, ...]
    seed: int
    runs: int
    months: int

    def difference(self, a: str, b: str, outcome: str) -> Floats:
        """Mean paired difference a − b of each set. Shape (set,)."""
        return mean_known(self.outcomes[a][outcome] - self.outcomes[b][outcome])

    def table(self, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
        """Over sets, for every pair of scenarios and every outcome.

        Args:
            outcomes: those to tell of; default: all.

        Returns:
            Columns ``a``, ``b``, ``outcome``, ``sets`` (in which both are defined), ``share_a_above_b`` with
            its Wilson interval ``share_low``, ``share_high``, ``share_equal``, ``mean``, ``low``, ``high``
            (mean difference over sets, with interval), ``q05``, ``q95`` (over sets).
        """
        names = list(next(iter(self.outcomes.values()))) if outcomes is None else list(outcomes)
        return pd.DataFrame(
            [
                {"a": a, "b": b, "outcome": name, **over_sets(self.difference(a, b, name))}
                for a, b in combinations(self.outcomes, 2)
                for name in names
            ]
        )

    def flips(self, outcome: str) -> dict[tuple[str, str], Split | None]:
        """For every pair, the split of one parameter that best tells where the first is above the second."""
        return {
            (a, b): best_split(self.sets, self.difference(a, b, outcome), self.seed)
            for a, b in combinations(self.outcomes, 2)
        }


def compare_robustly(
    scenarios: Iterable[ScenarioLike],
    sets: ParameterSets,
    runs: int = 4,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    progress: Progress | None = None,
) -> RobustComparison:
    """Simulate several scenarios in every parameter set, one ensemble a scenario.

    Args:
        scenarios: two or more, with different names.
        sets: parameter sets.
        runs: of each set, at least 1.
        seed: of the draws, the same for all.
        months: common length; default: the longest of the scenarios' own.
        parameters: values that replace those of every set.
        progress: called as runs finish.

    Raises:
        ScenarioError, ValueError: as ``simulate``.
    """
    loaded = told_apart(scenarios)
    common = max(scenario.default_months for scenario in loaded) if months is None else months
    outcomes = {
        scenario.name: outcomes_over(scenario, sets, runs, seed, common, parameters, progress=progress)
        for scenario in loaded
    }
    return RobustComparison(outcomes, sets, tuple(loaded), seed, runs, common)


# --- what is the difference made of?


@dataclass(frozen=True)
class RobustExplanation(SharedOut):
    """A difference shared out set by set; index ``set``. See ``SharedOut``.

    Attributes:
        sets: the parameter sets. A row is the mean over the runs of a set in which all is defined.
    """

    sets: ParameterSets

    def total(self) -> dict[str, float]:
        """The difference over sets, as a row of ``table``."""
        return _shares(self.difference.to_numpy(dtype=np.float64))

    def table(self) -> pd.DataFrame:
        """One row a part, the largest mean contribution first.

        Returns:
            Columns ``part``, ``differs``, ``sets`` (in which all is defined), ``share_above`` (of these, the
            share in which the part favours a) with its Wilson interval ``share_low``, ``share_high``,
            ``share_below`` (the same for b);
            ``mean``, ``low``, ``high`` (contribution over sets, with interval), ``q05``, ``q95`` (over sets).
        """
        return self.by_part(_shares)


def _shares(values: Floats) -> dict[str, float]:
    found = over_sets(values)
    above, equal = found.pop("share_a_above_b"), found.pop("share_equal")
    return {"sets": found.pop("sets"), "share_above": above, "share_below": 1 - above - equal, **found}


def explain_robustly(
    a: Scenario,
    b: Scenario,
    sets: ParameterSets,
    outcome: str = HEADLINE,
    runs: int = 1,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    progress: ProgressOfTotal | None = None,
) -> RobustExplanation:
    """Share out the difference in an outcome among the parts of two scenarios, in every parameter set.

    Args:
        a: a scenario.
        b: the other.
        sets: parameter sets.
        outcome: name of the outcome.
        runs: of each set and hybrid, at least 1; there are up to 2ᵏ hybrids, k being the number of differing
            parts.
        seed: of the draws.
        months: length of all runs; default: the longer of the scenarios' own.
        parameters: values that replace those of every set.
        progress: called as runs finish.

    Raises:
        ScenarioError, ValueError: as ``explain``.
    """
    shared = shared_out(a, b, sets, outcome, runs, seed, months, parameters, progress)
    for name in ("contributions", "difference"):
        shared[name] = shared[name].groupby(level="set").mean()
    return RobustExplanation(sets=sets, **shared)


# --- where does an ordering flip?


@dataclass(frozen=True)
class Split:
    """The threshold on one parameter that best tells where a is above b.

    Shares are of the half of the sets that the threshold was not chosen on.

    Attributes:
        parameter, threshold: the rule: sets at or below the threshold against sets above it.
        below, above: share of the sets on each side in which a is above b.
        below_interval, above_interval: their Wilson intervals.
        below_sets, above_sets: sets on each side.
    """

    parameter: str
    threshold: float
    below: float
    above: float
    below_interval: tuple[float, float]
    above_interval: tuple[float, float]
    below_sets: int
    above_sets: int

    @property
    def separates(self) -> bool:
        """Whether the two sides differ beyond their intervals."""
        (low, high), (other_low, other_high) = self.below_interval, self.above_interval
        return high < other_low or other_high < low


def best_split(sets: ParameterSets, difference: Floats, seed: int = 1) -> Split | None:
    """Search all parameters and thresholds for the split that best separates the sign of a difference.

    It is found on one half of the sets, drawn at random with the same share of signs, and checked on the
    other.

    Args:
        sets: parameter sets.
        difference: a − b of each set, NaN where undefined.
        seed: of the halves.

    Returns:
        The split; None if there is nothing to separate.
    """
    known, sign = np.flatnonzero(~np.isnan(difference)), difference > 0
    first, second = (known[half] for half in halves(sign[known], seed))
    gain, column, threshold = max(
        (
            (_gain(values <= threshold, sign[first]), column, float(threshold))
            for column, values in enumerate(sets.values[first].T)
            if len(values) > 1
            for threshold in np.unique(np.quantile(values, THRESHOLDS, method="lower"))
        ),
        default=(0.0, 0, 0.0),
    )
    if gain <= 0:
        return None
    side = sets.values[second, column] <= threshold
    (below, low, low_sets), (above, high, high_sets) = (
        _side(sign, second[chosen]) for chosen in (side, ~side)
    )
    return Split(sets.names[column], threshold, below, above, low, high, low_sets, high_sets)


def _side(sign: Flags, chosen: Integers) -> tuple[float, tuple[float, float], int]:
    """Share of sets in which a is above b, its interval, and the number of sets."""
    right, n = int(sign[chosen].sum()), len(chosen)
    return right / n if n else float("nan"), wilson(right, n), n


def _gain(side: Flags, sign: Flags) -> float:
    """Drop in Gini impurity; nothing for sides that are too small."""
    share = side.mean()
    if not SMALLEST <= share <= 1 - SMALLEST:
        return 0.0
    return _gini(sign) - float(share * _gini(sign[side]) + (1 - share) * _gini(sign[~side]))


def _gini(sign: Flags) -> float:
    share = float(sign.mean())
    return 2.0 * share * (1.0 - share)
