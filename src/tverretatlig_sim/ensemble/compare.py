"""Paired comparison of scenarios under common random numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.ensemble import (
    RUNS,
    Ensemble,
    ParameterValue,
    Report,
    Simulation,
    grow_until,
)
from tverretatlig_sim.ensemble.precision import HEADLINE, Precision, most_runs
from tverretatlig_sim.ensemble.run import SeriesKind
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.kernel import RULES, RuleSet
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.errors import given_twice, no_outcome


@dataclass(frozen=True)
class Comparison:
    """Ensembles of several scenarios on the same draws, by scenario name, in the order asked for.

    With a ``precision``, runs went on until every mean difference was known so well.
    """

    ensembles: Mapping[str, Ensemble]
    seed: int
    runs: int
    months: int
    precision: Precision | None = None

    def table(self, outcome: str | None = None, level: float = 0.95) -> pd.DataFrame:
        """Paired differences a − b for every pair of scenarios and every outcome (or one).

        Returns:
            Columns ``a``, ``b``, ``outcome``, ``n`` (runs in which both are defined), ``mean``, ``low``,
            ``high`` (interval of the mean difference), ``share_a_above_b``, ``share_equal``, ``correlation``
            of the pairs, and ``variance_reduction``: variance if independent over that of the pairs.

        Raises:
            ValueError: if there is no such outcome.
        """
        known = [str(name) for name in next(iter(self.ensembles.values())).outcomes]
        if outcome is not None and outcome not in known:
            raise ValueError(no_outcome(outcome, known))
        names = known if outcome is None else [outcome]
        rows = [
            {"a": a, "b": b, "outcome": name, **self._difference(a, b, name, level)}
            for a, b in combinations(self.ensembles, 2)
            for name in names
        ]
        return pd.DataFrame(rows)

    def _difference(self, a: str, b: str, outcome: str, level: float) -> dict[str, float]:
        first, second = (self.ensembles[name].outcomes[outcome].to_numpy(dtype=float) for name in (a, b))
        return paired_difference(first, second, level, anytime=self.precision is not None)


def paired_difference(
    first: Floats, second: Floats, level: float = 0.95, *, anytime: bool = False
) -> dict[str, float]:
    """Statistics of the difference of paired runs; runs in which one is missing are left out."""
    known = ~(np.isnan(first) | np.isnan(second))
    first, second = first[known], second[known]
    difference = first - second
    interval = mean_interval(difference, level, anytime=anytime)
    n = interval.n
    return {
        "n": n,
        "mean": interval.mean,
        "low": interval.low,
        "high": interval.high,
        "share_a_above_b": float(np.mean(difference > 0)) if n else np.nan,
        "share_equal": float(np.mean(difference == 0)) if n else np.nan,
        "correlation": _correlation(first, second),
        "variance_reduction": _variance_reduction(first, second),
    }


def _correlation(first: Floats, second: Floats) -> float:
    if len(first) < 2 or first.std() == 0 or second.std() == 0:
        return np.nan
    return float(np.corrcoef(first, second)[0, 1])


def _variance_reduction(first: Floats, second: Floats) -> float:
    if len(first) < 2:
        return np.nan
    paired = float(np.var(first - second, ddof=1))
    return float((np.var(first, ddof=1) + np.var(second, ddof=1)) / paired) if paired > 0 else np.nan


def compare(
    scenarios: Sequence[Scenario | str | Path],
    runs: int | None = None,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
    *,
    until: float | None = None,
    series: SeriesKind = "moments",
    rules: RuleSet = RULES,
    report: Report | None = None,
) -> Comparison:
    """Simulate several scenarios on the same draws and over the same number of months.

    Args:
        scenarios: two or more, with different names.
        runs: number of runs of each scenario; default 1000. With ``until``: at most so many; default 100 000.
        seed: of the draws, the same for all.
        months: common length; default: the longest of the scenarios' own.
        parameters: values that replace the defaults, in all scenarios.
        until: stop when the half width of the 95 % interval of every mean difference in implemented rate is
            at most this, e.g. 0.01. It is looked at after every 256 runs; intervals then hold at every look.
        series: what to keep of the monthly series.
        rules: the rules, in order.
        report: called as runs finish, of all scenarios together.

    Raises:
        ScenarioError, ValueError, TypeError: as ``simulate``; also for fewer than two scenarios or equal
            names.
    """
    loaded = _told_apart(scenarios)
    common = max(scenario.default_months for scenario in loaded) if months is None else months
    most = most_runs(runs, until, RUNS)
    simulations = [
        Simulation(
            scenario,
            most,
            seed,
            common,
            parameters,
            series=series,
            rules=rules,
            report=report,
        )
        for scenario in loaded
    ]

    def differences() -> list[Floats]:
        rates = [simulation.outcome(HEADLINE) for simulation in simulations]
        return [a - b for a, b in combinations(rates, 2)]

    precision = grow_until(simulations, most, until, differences)
    ensembles = {item.scenario.name: item.ensemble(precision) for item in simulations}
    return Comparison(ensembles, seed, simulations[0].runs, common, precision)


def _told_apart(scenarios: object) -> list[Scenario]:
    """The scenarios, loaded; two or more, with different names."""
    if isinstance(scenarios, str | Path | Scenario):  # a lone one would be taken letter by letter
        scenarios = [scenarios]
    if not isinstance(scenarios, Iterable):
        what = _("a comparison is given a list of scenarios")
        raise TypeError(joined("; ", (what, _("given: {given!r}", given=scenarios))))
    loaded = [s if isinstance(s, Scenario) else load_scenario(s) for s in scenarios]
    names = [scenario.name for scenario in loaded]
    if len(names) < 2:
        raise ValueError(_("a comparison needs at least two scenarios; given: {number}", number=len(names)))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        what = _("scenarios to compare must have different names")
        raise ValueError(joined("; ", (what, given_twice(twice))))
    return loaded
