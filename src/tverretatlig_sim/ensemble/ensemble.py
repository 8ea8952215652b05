"""Many runs of one scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from tverretatlig_sim.ensemble.funnel import funnel
from tverretatlig_sim.ensemble.precision import (
    HEADLINE,
    LOOK,
    Precision,
    check_until,
    half_width,
    most_runs,
)
from tverretatlig_sim.ensemble.readouts import readouts
from tverretatlig_sim.ensemble.run import Block, Moments, SeriesKind, begin, run_block
from tverretatlig_sim.ensemble.statistics import summary
from tverretatlig_sim.ensemble.tables import merged, outcome_table, series_dataset
from tverretatlig_sim.ensemble.trace import trace
from tverretatlig_sim.i18n import _
from tverretatlig_sim.kernel import RULES, RuleSet
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.errors import no_outcome, out_of_range
from tverretatlig_sim.scenario.parameters import check_parameters, parameter_specs
from tverretatlig_sim.world import World, build_world

BLOCK = 2048
"""Runs simulated together in double precision: enough to share out a month's fixed cost, few enough for the
cache."""
LARGEST_ARRAY = 4_000_000
"""Ties × runs of a block at most, so that memory does not grow with the runs of a large world."""

RUNS = 1000
"""Usual number of runs."""
MOST_MONTHS = 600
GIB = 2**30
MOST_MEMORY = 64
"""GiB that the outcomes of one ensemble may take."""

ParameterValue = float | Sequence[float] | NDArray[np.float64]
Report = Callable[[int], None]
"""Called with the number of runs finished since the last call."""


@dataclass(frozen=True)
class Ensemble:
    """Results of many runs of one scenario.

    Attributes:
        scenario: what was run.
        seed, runs, months: how.
        outcomes: one row a run (index ``run``), one column an outcome; NaN where undefined.
        series: monthly series, dims ``month``, entities where there are any, and ``statistic`` or ``run``.
        parameters: parameter values of each run, scalar or one a run.
        precision: what was asked for and reached, if runs went on until a mean was known.
        complete: whether all outcomes were kept.
    """

    scenario: Scenario
    seed: int
    runs: int
    months: int
    outcomes: pd.DataFrame
    series: xr.Dataset
    parameters: Mapping[str, ParameterValue]
    rules: RuleSet = RULES
    precision: Precision | None = None
    complete: bool = True

    def summary(self, level: float = 0.95) -> pd.DataFrame:
        """One row an outcome: n, missing, mean, sd, 5/50/95 % quantiles and the interval of the mean."""
        return summary(self.outcomes, level, anytime=self.precision is not None)

    def funnel(self, level: float = 0.95) -> pd.DataFrame:
        """Stage by stage: how many recommendations get there, how many are lost on the way, and why.

        Raises:
            ValueError: if only some outcomes were kept.
        """
        return funnel(self._all_outcomes(), level, anytime=self.precision is not None)

    def frameworks(self, level: float = 0.95) -> pd.DataFrame:
        """The sources' frameworks: what the scenario gives and what the runs reached; see ``readouts``.

        Raises:
            ValueError: if only some outcomes were kept.
        """
        self._all_outcomes()
        return readouts(self, level)

    def _all_outcomes(self) -> pd.DataFrame:
        if not self.complete:
            raise ValueError(_("this needs all outcomes; simulate without the argument “outcomes”"))
        return self.outcomes

    def trace(self, run: int = 0) -> pd.DataFrame:
        """Life cycle of every recommendation in one run: one row a transition.

        Args:
            run: number of the run, 0 … runs − 1; it is simulated again, on the same draws.

        Raises:
            ValueError: if there is no such run.
        """
        check_whole("run", run, 0, self.runs - 1)
        world = build_world(self.scenario, self.months)
        parameters = resolve_parameters(self.scenario, self.parameters, self.runs).block(run, run + 1)
        return trace(world, parameters, self.seed, run, self.rules)


def resolve_parameters(
    scenario: Scenario, overrides: Mapping[str, ParameterValue] | None, runs: int
) -> Parameters:
    """Defaults, then the scenario's values, then overrides.

    Raises:
        ScenarioError: if an override is unknown or outside its hard bounds.
        ValueError: if a vector has another length than the number of runs.
    """
    overrides = dict(overrides or {})
    check_parameters(overrides)
    values: dict[str, ParameterValue] = {name: spec.value for name, spec in parameter_specs().items()}
    values.update({name: quantity.value for name, quantity in scenario.parameters.items()})
    values.update(overrides)
    for name, value in values.items():
        if np.ndim(value) and len(np.atleast_1d(value)) not in (1, runs):
            raise ValueError(
                _(
                    "parameter {name} has {number} values; allowed: 1, or one a run ({runs})",
                    name=name,
                    number=len(np.atleast_1d(value)),
                    runs=runs,
                )
            )
    return Parameters.of(values)


def outcome_names(world: World, values: Parameters) -> tuple[str, ...]:
    """Names of the outcomes, in the order of the ODD document."""
    return tuple(begin(world, values.block(0, 1), Draws(0, np.arange(1)), 1).outcomes(world))


def block_of(world: World) -> int:
    """Runs of a world to simulate together, fewer where there are more than some 2 000 ties."""
    return max(1, min(BLOCK, LARGEST_ARRAY // max(1, len(world.ties.source))))


class Simulation:
    """Runs of one scenario, of which more can be added.

    Args:
        scenario: a loaded scenario.
        runs: number of runs at most.
        seed, months, parameters, series, rules, block, outcomes, report: as ``simulate``.

    Raises:
        ScenarioError, ValueError: as ``simulate``.
    """

    def __init__(
        self,
        scenario: Scenario,
        runs: int,
        seed: int,
        months: int,
        parameters: Mapping[str, ParameterValue] | None = None,
        *,
        series: SeriesKind = "moments",
        rules: RuleSet = RULES,
        block: int | None = None,
        outcomes: Sequence[str] | None = None,
        report: Report | None = None,
    ) -> None:
        check_size(runs, seed, months, BLOCK if block is None else block)
        check_kinds(parameters, series, rules, outcomes, report)
        self.scenario, self.seed, self.months = scenario, seed, months
        self.series, self.rules, self.report = series, rules, report
        self.parameters = dict(parameters or {})
        self.world = build_world(scenario, months)
        self.block = block_of(self.world) if block is None else block
        self.values = resolve_parameters(scenario, parameters, runs)
        self.runs = 0
        self.kept, self.complete = self._checked(outcomes), outcomes is None
        self.blocks: list[Block] = []
        self.moments: dict[str, Moments] = {}

    def grow(self, runs: int) -> None:
        """Simulate until there are so many runs.

        Raises:
            ValueError: their outcomes do not fit into the memory of any machine that this may run on.
        """
        check_memory(runs, len(self.kept))
        for first in range(self.runs, runs, self.block):
            numbers = np.arange(first, min(first + self.block, runs))
            values = self.values.block(first, first + len(numbers))
            self._keep(run_block(self.world, values, self.seed, numbers, self.series, self.rules))
            self.runs += len(numbers)
            if self.report is not None:
                self.report(len(numbers))

    def _checked(self, outcomes: Sequence[str] | None) -> tuple[str, ...]:
        """Outcomes to keep; the headline always is one."""
        known = outcome_names(self.world, self.values)
        for name in outcomes or ():
            if name not in known:
                raise ValueError(no_outcome(name, known))
        return known if outcomes is None else tuple(dict.fromkeys((HEADLINE, *outcomes)))

    def _keep(self, block: Block) -> None:
        """Hold on to what was asked for, so that memory grows with the runs no more than it must."""
        self.moments = merged(self.moments, block.moments)
        kept = {name: block.outcomes[name] for name in self.kept}
        self.blocks.append(replace(block, outcomes=kept, moments={}))

    def outcome(self, name: str) -> NDArray[np.float64]:
        """One outcome of the runs so far. Shape (run,)."""
        return np.concatenate([block.outcomes[name] for block in self.blocks])

    def ensemble(self, precision: Precision | None = None) -> Ensemble:
        """The runs so far, and how precise they were to be."""
        return Ensemble(
            scenario=self.scenario,
            seed=self.seed,
            runs=self.runs,
            months=self.months,
            outcomes=outcome_table(self.blocks),
            series=series_dataset(self.blocks, self.moments, self.world, self.series),
            parameters=self.parameters,
            rules=self.rules,
            precision=precision,
            complete=self.complete,
        )


def simulate(
    scenario: Scenario | str | Path,
    runs: int | None = None,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
    *,
    until: float | None = None,
    series: SeriesKind = "moments",
    rules: RuleSet = RULES,
    block: int | None = None,
    outcomes: Sequence[str] | None = None,
    report: Report | None = None,
) -> Ensemble:
    """Simulate a scenario many times.

    Args:
        scenario: a loaded scenario, the name of a shipped one, or a path.
        runs: number of runs, at least 1; default 1000. With ``until``: at most so many; default 100 000.
        seed: 0 … 2**64 − 1; the same seed gives the same bits, whatever the block size.
        months: length of a run; default: the scenario's.
        parameters: values that replace the defaults; a scalar, or one value a run.
        until: stop when the half width of the 95 % interval of the mean implemented rate is at most this,
            e.g. 0.01. It is looked at after every 256 runs; intervals then hold at every look.
        series: keep the monthly series as moments over runs, for every run, or not at all.
        rules: the rules, in order; default: the model's.
        block: runs simulated together; changes speed and memory only. Default: 2048, fewer in large worlds.
        outcomes: names of the outcomes to keep of every run; default: all. All of them take about 0.4 KiB a
            run; of a million runs keep those you need. Funnel and frameworks need all.
        report: called as runs finish.

    Raises:
        ScenarioError: if the scenario or a parameter is not valid.
        ValueError: if runs, seed, months, until, series or block are out of range, or there is no
            such outcome.
        TypeError: if an argument is of another kind.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    months = scenario.default_months if months is None else months
    most = most_runs(runs, until, RUNS)
    simulation = Simulation(
        scenario,
        most,
        seed,
        months,
        parameters,
        series=series,
        rules=rules,
        block=block,
        outcomes=outcomes,
        report=report,
    )
    precision = grow_until([simulation], most, until, lambda: [simulation.outcome(HEADLINE)])
    return simulation.ensemble(precision)


def grow_until(
    simulations: Sequence[Simulation],
    most: int,
    until: float | None,
    watched: Callable[[], Sequence[NDArray[np.float64]]],
) -> Precision | None:
    """Simulate all runs, or with ``until`` as many as it takes to know every mean that is watched.

    Args:
        simulations: they grow alike.
        most: runs of each at most.
        until: largest half width of an interval; None: do all runs.
        watched: values whose means are to be known, of the runs so far.

    Raises:
        ValueError: ``until`` is out of range.
    """
    if until is None:
        for simulation in simulations:
            simulation.grow(most)
        return None
    check_until(until)
    for look, runs in enumerate([*range(LOOK, most, LOOK), most], start=1):
        for simulation in simulations:
            simulation.grow(runs)
        widest = float(np.max([half_width(values) for values in watched()]))
        precision = Precision(HEADLINE, float(until), widest, look)
        # An outcome that none of so many runs has will not be known after more of them.
        if precision.reached or np.isnan(widest):
            break
    return precision


def check_kinds(
    parameters: object, series: object, rules: object, outcomes: object = None, report: object = None
) -> None:
    """Refuse what is of the wrong kind, before anything is run."""
    if parameters is not None and not isinstance(parameters, Mapping):
        raise TypeError(
            _("parameters: must map names to values, as in {example}", example="{'turnover': 0.02}")
        )
    if series not in get_args(SeriesKind):
        known = ", ".join(get_args(SeriesKind))
        raise ValueError(_("series = {series!r}; allowed: {known}", series=series, known=known))
    if not isinstance(rules, RuleSet):
        raise TypeError(_("rules: must be a set of rules, such as RULES or what its methods return"))
    if outcomes is not None and (isinstance(outcomes, str) or not isinstance(outcomes, Iterable)):
        raise TypeError(_("outcomes: must be a list of names, as in {example}", example=f"['{HEADLINE}']"))
    if report is not None and not callable(report):
        raise TypeError(_("report: must be a function of the number of runs finished"))


def check_size(runs: int, seed: int, months: int, block: int = BLOCK) -> None:
    """Refuse sizes that cannot be run, with what is allowed."""
    limits = {
        "runs": (runs, 1, 10**9),
        "seed": (seed, 0, 2**64 - 1),
        "months": (months, 1, MOST_MONTHS),
        "block": (block, 1, 10**6),
    }
    for name, (value, low, high) in limits.items():
        check_whole(name, value, low, high)


def check_whole(name: str, value: object, low: int, high: int) -> None:
    """Refuse what is no whole number within its limits."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
        raise ValueError(out_of_range(name, value, low, high))


def check_memory(runs: int, outcomes: int) -> None:
    """Refuse runs of which so many outcomes each would be kept that it could only end in a lack of memory."""
    needed = runs * outcomes * np.dtype(np.float64).itemsize / GIB
    if needed > MOST_MEMORY:
        raise ValueError(
            _(
                "{runs} runs with {outcomes} outcomes each need {needed:.0f} GiB of memory; "
                "allowed: {most} GiB. Ask for fewer runs, or keep fewer outcomes",
                runs=runs,
                outcomes=outcomes,
                needed=needed,
                most=MOST_MEMORY,
            )
        )
