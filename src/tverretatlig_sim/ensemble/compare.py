"""Paired comparison of scenarios under common random numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.display import Plotted
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.batch import ParameterValue, rules_of
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.ensemble.series import SeriesKind
from tverretatlig_sim.ensemble.simulate import (
    ReportProgress,
    RunOptions,
    Simulation,
    grow,
    grow_until,
)
from tverretatlig_sim.ensemble.statistics import StoppingRule, check_level, paired_difference
from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.inputs import FrozenDict, Whole, another_kind, check_table
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.errors import check_named, given_twice
from tverretatlig_sim.scenario.load import ScenarioLike
from tverretatlig_sim.workers import sharing


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Plotted):
    """Ensembles of several scenarios on the same draws. Its tables are copies.

    Attributes:
        ensembles: by scenario name, in the order asked for.
        seed, runs, months: how they were run.
        stopping_rule: what was asked for and reached, if runs went on until every mean difference was known.
    """

    ensembles: Mapping[str, Ensemble]
    seed: int
    runs: int
    months: int
    stopping_rule: StoppingRule | None = None
    _differences: dict[tuple[str, str, str, float], dict[str, float]] = field(
        default_factory=dict, init=False
    )

    def table(
        self, outcome: str | None = None, level: float = 0.95, *, simultaneous: bool = False
    ) -> pd.DataFrame:
        """Paired differences a − b for every pair of scenarios and every outcome (or one).

        Args:
            outcome: the one to tell of; default: all.
            level: of each interval, so that of many some miss by chance; or of all rows together.
            simultaneous: whether all intervals of the table are to hold together at that level (Bonferroni).

        Returns:
            Columns ``a``, ``b``, ``outcome``, ``n`` (runs in which both are defined), ``mean``, ``low``,
            ``high`` (interval of the mean difference), ``share_a_above_b``, ``share_equal``, ``correlation``
            of the pairs, ``variance_reduction``: variance if independent over that of the pairs, and
            ``few_differ``: whether the interval is hardly known, because (nearly) all runs agree.

        Raises:
            ValueError: if there is no such outcome.
        """
        check_level(level)
        known = list(next(iter(self.ensembles.values())).values)
        pairs = list(combinations(self.ensembles, 2))
        names = known if outcome is None else [outcome]
        if simultaneous:
            level = 1 - (1 - level) / (len(pairs) * len(names))
        if outcome is not None:
            check_named("outcome", outcome, known)
        return pd.DataFrame(
            [
                {"a": a, "b": b, "outcome": name, **self._difference(a, b, name, level)}
                for a, b in pairs
                for name in names
            ]
        )

    def summary(self, level: float = 0.95) -> pd.DataFrame:
        """The summaries of all ensembles below each other, with index ``scenario``, ``outcome``."""
        tables = {name: ensemble.summary(level) for name, ensemble in self.ensembles.items()}
        return pd.concat(tables, names=["scenario"])

    def frame(self) -> pd.DataFrame:
        """The frames of all ensembles below each other, with index ``scenario``, ``run``."""
        given = dict.fromkeys(name for it in self.ensembles.values() for name in it.given)
        return pd.concat({name: it.frame(given) for name, it in self.ensembles.items()}, names=["scenario"])

    def _difference(self, a: str, b: str, outcome: str, level: float) -> dict[str, float]:
        """The difference in one outcome, computed when it is first asked for."""
        key = (a, b, outcome, level)
        if key not in self._differences:
            first, second = (self.ensembles[name].values[outcome] for name in (a, b))
            self._differences[key] = paired_difference(first, second, level)
        return self._differences[key]

    def _heading(self) -> str:
        heading = _(
            "Comparison of {names}: runs {runs}, months {months}, seed {seed}",
            names=", ".join(self.ensembles),
            runs=self.runs,
            months=self.months,
            seed=self.seed,
        )
        return str(heading)

    def _preview(self) -> pd.DataFrame:
        return self.table(HEADLINE)[["a", "b", "outcome", "mean", "low", "high"]]


@sharing
def compare(
    scenarios: Iterable[ScenarioLike] | Mapping[str, ScenarioLike],
    runs: Whole | None = None,
    seed: Whole = 1,
    months: Whole | None = None,
    parameters: Mapping[str, ParameterValue] | Mapping[str, Mapping[str, ParameterValue]] | None = None,
    *,
    half_width: float | None = None,
    series: SeriesKind | Iterable[str] = "moments",
    rules: RuleSet | None = None,
    batch_size: Whole | None = None,
    outcomes: Iterable[str] | None = None,
    progress: ReportProgress | None = None,
    workers: int | None = None,
) -> Comparison:
    """Simulate several scenarios on the same draws and over the same number of months.

    Args:
        scenarios: two or more, with different names; or a table that names them, in which one scenario may
            stand twice.
        runs: number of runs of each scenario; default 1000. With ``half_width``: at most so many; default
            100 000.
        seed: of the draws, the same for all.
        months: common length; default: the longest of the scenarios' own.
        parameters: values that replace the defaults, in all scenarios; or such values by name of scenario.
        half_width: stop when the half width of the 95 % interval of every mean difference in implemented rate
            is at most this, e.g. 0.01; at least 256 runs are done.
        series: what to keep of the monthly series, as for ``simulate``.
        rules: what happens in a month.
        batch_size: runs simulated together.
        outcomes: names of the outcomes to keep of every run; default: all.
        progress: called as runs finish, of all scenarios together.
        workers: processes, as for ``simulate``.

    Raises:
        ScenarioError, ValueError, TypeError: as ``simulate``; also for fewer than two scenarios or equal
            names.
    """
    loaded = told_apart(scenarios)
    given = parameters_of(parameters, loaded)
    common = max(scenario.default_months for scenario in loaded) if months is None else months
    how: Any = (
        runs,
        seed,
        common,
        None,
        half_width,
        series,
        rules_of(rules),
        batch_size,
        outcomes,
        progress,
    )
    options = RunOptions(*how)
    simulations = [
        Simulation(scenario, replace(options, parameters=own))
        for scenario, own in zip(loaded, given, strict=True)
    ]

    def differences() -> list[Floats]:
        rates = [simulation.outcome(HEADLINE) for simulation in simulations]
        return [a - b for a, b in combinations(rates, 2)]

    stopping_rule = grow_until(partial(grow, simulations), options.most, half_width, differences)
    ensembles = FrozenDict({item.scenario.name: item.ensemble(stopping_rule) for item in simulations})
    return Comparison(ensembles, options.seed, simulations[0].runs, options.months, stopping_rule)


def parameters_of(
    given: Mapping[str, ParameterValue] | Mapping[str, Mapping[str, ParameterValue]] | None,
    scenarios: Sequence[Scenario],
) -> list[Mapping[str, ParameterValue] | None]:
    """Parameter values of each scenario, where they are given for all or by name of scenario."""
    if not (isinstance(given, Mapping) and any(isinstance(own, Mapping) for own in given.values())):
        return [given] * len(scenarios)  # type: ignore[list-item]
    names = [scenario.name for scenario in scenarios]
    for name, own in given.items():
        check_named("scenario", name, names)
        check_table(f"parameters[{name!r}]", own, "{'turnover': 0.02}")
    return [given.get(name) for name in names]  # type: ignore[misc]


def told_apart(scenarios: object) -> list[Scenario]:
    """The scenarios, loaded; two or more, with different names; those of a table have its names."""
    if isinstance(scenarios, Mapping) and not {"arrangement", "name"} & scenarios.keys():  # no table of one
        found = {name: load_scenario(scenario) for name, scenario in scenarios.items()}
        scenarios = [it if it.name == name else replace(it, name=name) for name, it in found.items()]
    if isinstance(scenarios, str | Path | Scenario | Mapping):  # a lone one would be taken letter by letter
        scenarios = [scenarios]
    if isinstance(scenarios, set | frozenset):  # which a − b there is must not depend on where things lie
        scenarios = sorted(scenarios, key=str)
    try:
        each = [*scenarios]  # type: ignore[misc]
    except TypeError:
        raise another_kind(_("a comparison is given a list of scenarios"), scenarios) from None
    loaded = [load_scenario(scenario) for scenario in each]
    names = [scenario.name for scenario in loaded]
    if len(names) < 2:
        raise ValueError(_("a comparison needs at least two scenarios; given: {number}", number=len(names)))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        what = _("scenarios to compare must have different names")
        raise ValueError(joined("; ", (what, given_twice(twice))))
    return loaded
