"""Comparisons and explanations over all parameter sets that agree with the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Flags, Floats
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.compare import told_apart
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.inputs import given_names
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.errors import at_least, check_named
from tverretatlig_sim.scenario.load import ScenarioLike
from tverretatlig_sim.study.discovery import dealt
from tverretatlig_sim.study.explain import ProgressOfTotal, SharedOut, shared_out
from tverretatlig_sim.study.robust_shares import Expected, expected, means_of, robust_shares, smallest_of
from tverretatlig_sim.study.sampling import ParameterSets, Progress, mean_known, outcomes_over

THRESHOLDS = np.arange(1, 20) / 20
"""Candidate thresholds of a parameter: its quantiles in steps of 5 %."""
SMALLEST_SIDE = 0.1
"""Smallest side of a split, as a share of the sets."""
LEAST_RUNS = 2
"""Runs of each set without which noise cannot be told from what sets disagree on."""


# --- does one arrangement beat another?


@dataclass(frozen=True, eq=False)
class RobustComparison:
    """Outcomes of several scenarios in the same parameter sets, on the same draws.

    Attributes:
        outcomes: by scenario and outcome, shape (set, run); NaN where undefined.
        sets: the parameter sets.
        scenarios: as asked for, in order.
        seed, runs, months: how: runs of each set.
        smallest: smallest difference of interest in outcomes with the unit of the headline; see
            ``smallest_of``.
    """

    outcomes: Mapping[str, Mapping[str, Floats]]
    sets: ParameterSets
    scenarios: tuple[Scenario, ...]
    seed: int
    runs: int
    months: int
    smallest: float | None = None

    def differences(self, a: str, b: str, outcome: str) -> Floats:
        """Paired differences a − b. Shape (set, run).

        Raises:
            ValueError: there is no such scenario or outcome, with what is allowed.
        """
        for name in (a, b):
            check_named("scenario", name, self.outcomes)
        check_named("outcome", outcome, self.outcomes[a])
        return self.outcomes[a][outcome] - self.outcomes[b][outcome]

    def difference(self, a: str, b: str, outcome: str) -> Floats:
        """Mean paired difference a − b of each set, with the noise of its runs. Shape (set,)."""
        return mean_known(self.differences(a, b, outcome))

    def expected(self, a: str, b: str, outcome: str) -> Expected:
        """What is known of the expected difference a − b in each set."""
        return expected(*means_of(self.differences(a, b, outcome)), self.sets.values)

    def table(self, outcomes: Sequence[str] | None = None, level: float = 0.95) -> pd.DataFrame:
        """Over sets, for every pair of scenarios and every outcome.

        Args:
            outcomes: those to tell of; default: all.
            level: of each interval.

        Returns:
            Columns ``a``, ``b``, ``outcome``, ``smallest`` (difference of interest), and those of
            ``robust_shares`` for the expected difference a − b: *better* is that a is above b.
        """
        kept = next(iter(self.outcomes.values())) if outcomes is None else outcomes
        names = given_names("outcomes", kept, HEADLINE)
        return pd.DataFrame(
            [
                {"a": a, "b": b, "outcome": name, **self._row(a, b, name, level)}
                for a, b in combinations(self.outcomes, 2)
                for name in names
            ]
        )

    def _row(self, a: str, b: str, outcome: str, level: float) -> dict[str, float]:
        found = means_of(self.differences(a, b, outcome))
        smallest = smallest_of(outcome, self.smallest)
        return {"smallest": smallest, **robust_shares(*found, self.sets.values, smallest, level)}

    def flips(self, outcome: str) -> dict[tuple[str, str], Split | None]:
        """For every pair, the split of one parameter that best tells where the first is above the second."""
        apart = {(a, b): self.differences(a, b, outcome) for a, b in combinations(self.outcomes, 2)}
        smallest = smallest_of(outcome, self.smallest)
        return {pair: best_split(self.sets, values, smallest, self.seed) for pair, values in apart.items()}


def compare_robustly(
    scenarios: Iterable[ScenarioLike],
    sets: ParameterSets,
    runs: int = 8,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    smallest: float | None = None,
    progress: Progress | None = None,
) -> RobustComparison:
    """Simulate several scenarios in every parameter set, one ensemble a scenario.

    Args:
        scenarios: two or more, with different names.
        sets: parameter sets.
        runs: of each set, at least 2.
        seed: of the draws, the same for all.
        months: common length; default: the longest of the scenarios' own.
        parameters: values that replace those of every set.
        smallest: smallest difference of interest in shares such as the headline; default 0.01, one percentage
            point.
        progress: called as runs finish.

    Raises:
        ScenarioError, ValueError: as ``simulate``; also for a single run a set.
    """
    check_robust(runs, smallest)
    loaded = told_apart(scenarios)
    common = max(scenario.default_months for scenario in loaded) if months is None else months
    outcomes = {
        scenario.name: outcomes_over(scenario, sets, runs, seed, common, parameters, progress=progress)
        for scenario in loaded
    }
    return RobustComparison(outcomes, sets, tuple(loaded), seed, runs, common, smallest)


def check_robust(runs: int, smallest: float | None) -> None:
    """Refuse runs that show no noise, and a smallest difference that is none."""
    if runs < LEAST_RUNS:
        raise ValueError(at_least("runs", runs, LEAST_RUNS))
    smallest_of(HEADLINE, smallest)


# --- what is the difference made of?


@dataclass(frozen=True, eq=False)
class RobustExplanation(SharedOut):
    """A difference shared out in every parameter set; index ``set``, ``run``. See ``SharedOut``.

    Attributes:
        sets: the parameter sets.
        smallest: smallest contribution of interest, in the unit of the outcome.
    """

    sets: ParameterSets
    smallest: float

    def total(self) -> dict[str, float]:
        """The difference over sets, as a row of ``table``."""
        return self._over_sets(self.difference.to_numpy(dtype=np.float64))

    def table(self) -> pd.DataFrame:
        """One row a part, the largest mean contribution first.

        Returns:
            Columns ``part``, ``differs``, and those of ``robust_shares`` for the expected contribution:
            *better* is that the part favours a.
        """
        return self.by_part(self._over_sets)

    def _over_sets(self, values: Floats) -> dict[str, float]:
        by_set = np.full((len(self.sets), self.runs), np.nan)
        by_set[tuple(map(self.difference.index.get_level_values, ("set", "run")))] = values
        return robust_shares(*means_of(by_set), self.sets.values, self.smallest)


def explain_robustly(
    a: ScenarioLike,
    b: ScenarioLike,
    sets: ParameterSets,
    outcome: str = HEADLINE,
    runs: int = 2,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    smallest: float | None = None,
    progress: ProgressOfTotal | None = None,
) -> RobustExplanation:
    """Share out the difference in an outcome among the parts of two scenarios, in every parameter set.

    Args:
        a: a scenario.
        b: the other.
        sets: parameter sets.
        outcome: name of the outcome.
        runs: of each set and hybrid, at least 2; there are up to 2ᵏ hybrids, k being the number of differing
            parts.
        seed: of the draws.
        months: length of all runs; default: the longer of the scenarios' own.
        parameters: values that replace those of every set.
        smallest: smallest contribution of interest, if the outcome has the unit of the headline; see
            ``smallest_of``.
        progress: called as runs finish.

    Raises:
        ScenarioError, ValueError: as ``explain``; also for a single run a set.
    """
    check_named("outcome", outcome, OUTCOMES)
    check_robust(runs, smallest)
    both = load_scenario(a), load_scenario(b)
    shared = shared_out(*both, sets, outcome, runs, seed, months, parameters, progress)
    return RobustExplanation(sets=sets, smallest=smallest_of(outcome, smallest), **shared)


# --- where does an ordering flip?


@dataclass(frozen=True)
class Split:
    """The threshold on one parameter that best tells where a is above b.

    Shares are of the half of the sets that the threshold was not chosen on.

    Attributes:
        parameter, threshold: the rule: sets at or below the threshold against sets above it.
        below, above: share of the sets on each side in which a is expected above b by more than the smallest
            difference of interest; NaN of a side without sets.
        below_interval, above_interval: their intervals; see ``robust_shares``.
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


def best_split(sets: ParameterSets, differences: Floats, smallest: float, seed: int = 1) -> Split | None:
    """Search all parameters and thresholds for the split that best tells where a difference matters.

    It is found on one half of the sets, drawn at random with the same share of positive means as the other,
    and checked on the other. Either half is estimated without the other.

    Args:
        sets: parameter sets.
        differences: a − b, NaN where undefined; shape (set, run).
        smallest: difference of interest.
        seed: of the halves.

    Returns:
        The split; None if there is nothing to separate.
    """
    means, variances = means_of(differences)
    known = np.flatnonzero(~np.isnan(means))
    first, second = (known[part] for part in dealt(means[known] > 0, (1, 1), seed))
    found = expected(means[first], variances[first], sets.values[first])
    above = found.mean > smallest
    gain, column, threshold = max(
        (
            (_gain(values <= threshold, above), column, float(threshold))
            for column, values in enumerate(sets.values[first].T)
            if len(values) > 1
            for threshold in np.unique(np.quantile(values, THRESHOLDS, method="lower"))
        ),
        default=(0.0, 0, 0.0),
    )
    if gain <= 0:
        return None
    side = sets.values[second, column] <= threshold
    low, high = (
        robust_shares(means[half], variances[half], sets.values[half], smallest)
        for half in (second[side], second[~side])
    )
    return Split(
        sets.names[column],
        threshold,
        low["better"],
        high["better"],
        (low["better_low"], low["better_high"]),
        (high["better_low"], high["better_high"]),
        int(low["sets"]),
        int(high["sets"]),
    )


def _gain(side: Flags, above: Flags) -> float:
    """Drop in Gini impurity; nothing for sides that are too small."""
    share = side.mean()
    if not SMALLEST_SIDE <= share <= 1 - SMALLEST_SIDE:
        return 0.0
    return _gini(above) - float(share * _gini(above[side]) + (1 - share) * _gini(above[~side]))


def _gini(above: Flags) -> float:
    share = float(above.mean())
    return 2.0 * share * (1.0 - share)
