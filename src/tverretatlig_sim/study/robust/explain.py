"""What a difference is made of, in all parameter sets that agree with the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from tverretatlig_sim.ensemble.batch import ParameterValue, check_size
from tverretatlig_sim.ensemble.simulate import simulate
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.fit import PARTS, Part, by_rule
from tverretatlig_sim.study.explain import Report, check_outcome, shared_out, tell
from tverretatlig_sim.study.lattice import lattice
from tverretatlig_sim.study.robust.compare import drawn_for, over_sets
from tverretatlig_sim.study.sampling import ParameterSets


@dataclass(frozen=True)
class RobustExplanation:
    """How much each part contributes to the difference a − b in one outcome, in every parameter set.

    Attributes:
        a, b: names of the scenarios.
        outcome: name of the outcome, in whose unit everything is.
        sets: the parameter sets.
        seed, runs, months: how: runs of each set and hybrid, all on the same draws.
        differing: parts whose swap changes a scenario at all.
        hybrids: how many different scenarios were run, the two themselves among them.
        contributions: Shapley values, one row a set in which the outcome is defined in every hybrid in some
            run (index ``set``), one column a part; exactly 0 for parts that do not differ.
        difference: outcome of ``a`` minus that of ``b`` in the same sets; what the contributions sum to.
        notes: names of what each rule of hybrids was used on, by rule; see ``scenario.fit.RULES``.
    """

    a: str
    b: str
    outcome: str
    sets: ParameterSets
    seed: int
    runs: int
    months: int
    differing: tuple[Part, ...]
    hybrids: int
    contributions: pd.DataFrame
    difference: pd.Series
    notes: Mapping[str, tuple[str, ...]]

    def total(self) -> dict[str, float]:
        """The difference over sets, as a row of ``table``."""
        return _row(self.difference)

    def table(self) -> pd.DataFrame:
        """One row a part, the largest mean contribution first.

        Returns:
            Columns ``part``, ``differs``, ``sets`` (in which all is defined), ``share_above`` (of these, the
            share in which the part favours a) with its Wilson interval ``share_low``, ``share_high``,
            ``share_below`` (the same for b);
            ``mean``, ``low``, ``high`` (contribution over sets, with interval), ``q05``, ``q95`` (over sets).
        """
        rows = {part: _row(self.contributions[part]) for part in PARTS}
        order = sorted(
            PARTS, key=lambda part: (part not in self.differing, -abs(np.nan_to_num(rows[part]["mean"])))
        )
        return pd.DataFrame(
            [{"part": part, "differs": part in self.differing, **rows[part]} for part in order]
        )


def _row(values: pd.Series) -> dict[str, float]:
    found = over_sets(values.to_numpy(dtype=np.float64))
    above, equal = found.pop("share_a_above_b"), found.pop("share_equal")
    return {"sets": found.pop("sets"), "share_above": above, "share_below": 1 - above - equal, **found}


def explain_robustly(
    a: Scenario,
    b: Scenario,
    sets: ParameterSets,
    outcome: str = "implemented_rate",
    runs: int = 1,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    report: Report | None = None,
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
        report: called as runs finish.

    Raises:
        ScenarioError, ValueError: as ``explain``.
    """
    length = max(a.default_months, b.default_months) if months is None else months
    check_size(runs, seed, length)
    check_outcome(a, outcome)
    swaps, size = lattice(a, b), len(sets) * runs
    say = None if report is None else partial(tell, report, size * len(swaps.scenarios))
    worth = {}
    for key, scenario in swaps.scenarios.items():
        values: dict[str, ParameterValue] = {**drawn_for(scenario, sets, runs), **(parameters or {})}
        found = simulate(scenario, size, seed, length, values, series="none", progress=say)
        worth[key] = found.outcomes[outcome].to_numpy(dtype=np.float64)
    contributions, difference = shared_out(swaps, np.array([worth[key] for key in swaps.keys.values()]))
    number = pd.Index(contributions.index // runs, name="set")
    return RobustExplanation(
        a=a.name,
        b=b.name,
        outcome=outcome,
        sets=sets,
        seed=seed,
        runs=runs,
        months=length,
        differing=swaps.differing,
        hybrids=len(swaps.scenarios),
        contributions=contributions.groupby(number).mean(),
        difference=difference.groupby(number).mean(),
        notes=by_rule(swaps.fittings),
    )
