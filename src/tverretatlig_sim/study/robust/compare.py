"""Does one arrangement beat another in all parameter sets that agree with the evidence?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.simulate import simulate
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.study.patterns.evaluation import wilson
from tverretatlig_sim.study.patterns.sample import mean_known
from tverretatlig_sim.study.robust.flips import Split, best_split
from tverretatlig_sim.study.sampling import ParameterSets


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
            (a, b): best_split(self.sets, self.difference(a, b, outcome))
            for a, b in combinations(self.outcomes, 2)
        }


def over_sets(difference: Floats) -> dict[str, float]:
    """Statistics of a difference over sets, NaN left out; columns of ``RobustComparison.table``."""
    known = difference[~np.isnan(difference)]
    above, interval = int(np.count_nonzero(known > 0)), mean_interval(known)
    low, high = wilson(above, len(known))
    ends = np.quantile(known, [0.05, 0.95]) if len(known) else (np.nan, np.nan)
    return {
        "sets": len(known),
        "share_a_above_b": above / len(known) if len(known) else np.nan,
        "share_low": low,
        "share_high": high,
        "share_equal": float(np.mean(known == 0)) if len(known) else np.nan,
        "mean": interval.mean,
        "low": interval.low,
        "high": interval.high,
        "q05": float(ends[0]),
        "q95": float(ends[1]),
    }


def drawn_for(scenario: Scenario, sets: ParameterSets, runs: int) -> dict[str, Floats]:
    """Parameter values of every run; what a scenario sets itself is part of what it describes."""
    return {name: values for name, values in sets.by_run(runs).items() if name not in scenario.parameters}


def compare_robustly(
    scenarios: Sequence[Scenario],
    sets: ParameterSets,
    runs: int = 4,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    report: Callable[[int], None] | None = None,
) -> RobustComparison:
    """Simulate several scenarios in every parameter set, one batch a scenario.

    Args:
        scenarios: two or more, with different names.
        sets: parameter sets.
        runs: of each set, at least 1.
        seed: of the draws, the same for all.
        months: common length; default: the longest of the scenarios' own.
        parameters: values that replace those of every set.
        report: called as runs finish.

    Raises:
        ScenarioError, ValueError: as ``simulate``.
    """
    common = max(scenario.default_months for scenario in scenarios) if months is None else months
    outcomes = {}
    for scenario in scenarios:
        ensemble = simulate(
            scenario,
            len(sets) * runs,
            seed,
            common,
            {**drawn_for(scenario, sets, runs), **(parameters or {})},
            series="none",
            progress=report,
        )
        outcomes[scenario.name] = {
            str(name): column.to_numpy(dtype=np.float64).reshape(len(sets), runs)
            for name, column in ensemble.outcomes.items()
        }
    return RobustComparison(outcomes, sets, tuple(scenarios), seed, runs, common)
