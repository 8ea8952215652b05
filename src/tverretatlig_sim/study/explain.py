"""The difference between two scenarios shared out among the parts in which they differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.batch import ParameterValue, check_size
from tverretatlig_sim.ensemble.simulate import simulate
from tverretatlig_sim.ensemble.statistics import MeanInterval, mean_interval
from tverretatlig_sim.i18n import joined
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.errors import did_you_mean, no_outcome
from tverretatlig_sim.scenario.fit import PARTS, Part, by_rule
from tverretatlig_sim.study.lattice import Lattice, lattice
from tverretatlig_sim.study.shapley import shapley

RUNS = 250
"""Default number of runs of each hybrid: two large scenarios take about a minute."""

Report = Callable[[int, int], None]
"""Called with the number of runs finished since the last call, and that of all runs to be done."""


@dataclass(frozen=True)
class Explanation:
    """How much each part contributes to the difference a − b in one outcome.

    Attributes:
        a, b: names of the scenarios.
        outcome: name of the outcome, in whose unit everything is.
        seed, runs, months: how the hybrids were run, all on the same draws.
        differing: parts whose swap changes a scenario at all.
        hybrids: how many different scenarios were run, the two themselves among them.
        contributions: Shapley values, one row a run in which the outcome is defined in every hybrid (index
            ``run``), one column a part; exactly 0 for parts that do not differ.
        difference: outcome of ``a`` minus that of ``b`` in the same runs; what the contributions sum to.
        notes: names of what each rule of hybrids was used on, by rule; see ``scenario.fit.RULES``.
    """

    a: str
    b: str
    outcome: str
    seed: int
    runs: int
    months: int
    differing: tuple[Part, ...]
    hybrids: int
    contributions: pd.DataFrame
    difference: pd.Series
    notes: Mapping[str, tuple[str, ...]]

    @property
    def missing(self) -> int:
        """Runs left out because the outcome is undefined in some hybrid."""
        return self.runs - len(self.difference)

    def total(self, level: float = 0.95) -> MeanInterval:
        """Mean difference a − b over runs, with its t interval."""
        return mean_interval(self.difference.to_numpy(dtype=float), level)

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """One row a part, the largest contribution first.

        Returns:
            Columns ``part``, ``differs``, ``n`` (runs), ``mean``, ``sd``, ``low`` and ``high`` (t interval).
        """
        intervals = {
            part: mean_interval(self.contributions[part].to_numpy(dtype=float), level) for part in PARTS
        }
        sizes = {part: abs(float(np.nan_to_num(interval.mean))) for part, interval in intervals.items()}
        order = sorted(PARTS, key=lambda part: (part not in self.differing, -sizes[part]))
        return pd.DataFrame(
            [{"part": part, "differs": part in self.differing, **intervals[part]._asdict()} for part in order]
        )


def explain(
    a: Scenario | str | Path,
    b: Scenario | str | Path,
    outcome: str = "implemented_rate",
    runs: int = RUNS,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
    *,
    report: Report | None = None,
) -> Explanation:
    """Share out the difference in an outcome among the parts in which two scenarios differ.

    Every hybrid of the two is run on the same draws. A part's contribution is its Shapley value: what
    swapping it changes, averaged over every order in which the parts can be swapped.

    Args:
        a: a loaded scenario, the name of a shipped one, or a path.
        b: the other.
        outcome: name of the outcome.
        runs: runs of each hybrid; there are up to 2ᵏ hybrids, k being the number of differing parts.
        seed: of the draws.
        months: length of all runs; default: the longer of the scenarios' own.
        parameters: values that replace the defaults, in all hybrids.
        report: called as runs finish.

    Raises:
        ScenarioError: if a scenario or a parameter is not valid.
        ValueError: if there is no such outcome, or runs, seed or months are out of range.
    """
    first, second = (s if isinstance(s, Scenario) else load_scenario(s) for s in (a, b))
    length = max(first.default_months, second.default_months) if months is None else months
    check_size(runs, seed, length)
    check_outcome(first, outcome)
    swaps = lattice(first, second)
    total = runs * len(swaps.scenarios)
    say = None if report is None else partial(tell, report, total)
    results = {
        key: simulate(scenario, runs, seed, length, parameters, series="none", progress=say)
        for key, scenario in swaps.scenarios.items()
    }
    worth = {key: ensemble.outcomes[outcome].to_numpy(dtype=float) for key, ensemble in results.items()}
    contributions, difference = shared_out(swaps, np.array([worth[key] for key in swaps.keys.values()]))
    return Explanation(
        a=first.name,
        b=second.name,
        outcome=outcome,
        seed=seed,
        runs=runs,
        months=length,
        differing=swaps.differing,
        hybrids=len(swaps.scenarios),
        contributions=contributions,
        difference=difference,
        notes=by_rule(swaps.fittings),
    )


def tell(report: Report, total: int, finished: int) -> None:
    """Report runs of a total that is known."""
    report(finished, total)


def check_outcome(scenario: Scenario, outcome: str) -> None:
    """Refuse an outcome that there is not.

    Raises:
        ValueError: with what is allowed.
    """
    known = [str(name) for name in simulate(scenario, runs=1, months=1, series="none").outcomes]
    if outcome not in known:
        raise ValueError(joined("; ", (no_outcome(outcome, known), did_you_mean(outcome, known))))


def shared_out(swaps: Lattice, worth: Floats) -> tuple[pd.DataFrame, pd.Series]:
    """Contributions and difference a − b in the runs in which every hybrid has the outcome.

    Args:
        swaps: the hybrids.
        worth: outcome of each subset's hybrid, shape (subset, run).
    """
    defined = ~np.isnan(worth).any(axis=0)
    runs = pd.Index(np.flatnonzero(defined), name="run")
    known = worth[:, defined]
    columns = dict(zip(swaps.differing, -shapley(known), strict=True))
    nothing = np.zeros(len(runs))
    contributions = pd.DataFrame({part: columns.get(part, nothing) for part in PARTS}, index=runs)
    return contributions, pd.Series(known[0] - known[-1], index=runs, name="difference")
