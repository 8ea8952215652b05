"""Many runs of one scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from tverretatlig_sim.ensemble.funnel import funnel
from tverretatlig_sim.ensemble.observe import SERIES, labels
from tverretatlig_sim.ensemble.run import Block, Moments, SeriesKind, run_block
from tverretatlig_sim.ensemble.statistics import summary
from tverretatlig_sim.ensemble.trace import trace
from tverretatlig_sim.kernel.month import PHASES, Phase
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.parameters import check_parameters, parameter_specs
from tverretatlig_sim.world import World, build_world

BLOCK = 256
"""Runs simulated together; fits the processor's cache."""

MOST_MONTHS = 600

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
    """

    scenario: Scenario
    seed: int
    runs: int
    months: int
    outcomes: pd.DataFrame
    series: xr.Dataset
    parameters: Mapping[str, ParameterValue]
    phases: tuple[Phase, ...] = PHASES

    def summary(self, level: float = 0.95) -> pd.DataFrame:
        """One row an outcome: n, missing, mean, sd, 5/50/95 % quantiles and the interval of the mean."""
        return summary(self.outcomes, level)

    def funnel(self, level: float = 0.95) -> pd.DataFrame:
        """Stage by stage: how many recommendations get there, how many are lost on the way, and why."""
        return funnel(self.outcomes, level)

    def trace(self, run: int = 0) -> pd.DataFrame:
        """Life cycle of every recommendation in one run: one row a transition.

        Args:
            run: number of the run, 0 … runs − 1; it is simulated again, on the same draws.

        Raises:
            ValueError: if there is no such run.
        """
        if not 0 <= run < self.runs:
            raise ValueError(f"run {run} is not one of this ensemble; allowed: 0 to {self.runs - 1}")
        world = build_world(self.scenario, self.months)
        parameters = resolve_parameters(self.scenario, self.parameters, self.runs).block(run, run + 1)
        return trace(world, parameters, self.seed, run, self.phases)


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
                f"parameter {name} has {len(np.atleast_1d(value))} values; allowed: 1, or one a run ({runs})"
            )
    return Parameters.of(values)


def simulate(
    scenario: Scenario | str | Path,
    runs: int = 1000,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
    *,
    series: SeriesKind = "moments",
    phases: tuple[Phase, ...] = PHASES,
    block: int = BLOCK,
    report: Report | None = None,
) -> Ensemble:
    """Simulate a scenario many times.

    Args:
        scenario: a loaded scenario, the name of a shipped one, or a path.
        runs: number of runs, at least 1.
        seed: 0 … 2**64 − 1; the same seed gives the same bits, whatever the block size.
        months: length of a run; default: the scenario's.
        parameters: values that replace the defaults; a scalar, or one value a run.
        series: keep the monthly series as moments over runs, for every run, or not at all.
        phases: the rules, in order; default: the model's eight.
        block: runs simulated together; changes speed only.
        report: called as runs finish.

    Raises:
        ScenarioError: if the scenario or a parameter is not valid.
        ValueError: if runs, seed, months or block are out of range.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    months = scenario.default_months if months is None else months
    check_size(runs, seed, months, block)
    world = build_world(scenario, months)
    values = resolve_parameters(scenario, parameters, runs)
    blocks = []
    for first in range(0, runs, block):
        numbers = np.arange(first, min(first + block, runs))
        blocks.append(
            run_block(world, values.block(first, first + len(numbers)), seed, numbers, series, phases)
        )
        if report is not None:
            report(len(numbers))
    return Ensemble(
        scenario=scenario,
        seed=seed,
        runs=runs,
        months=months,
        outcomes=_outcome_table(blocks),
        series=_dataset(blocks, world, series),
        parameters=dict(parameters or {}),
        phases=phases,
    )


def check_size(runs: int, seed: int, months: int, block: int = BLOCK) -> None:
    """Refuse sizes that cannot be run, with what is allowed."""
    limits = {
        "runs": (runs, 1, 10**9),
        "seed": (seed, 0, 2**64 - 1),
        "months": (months, 1, MOST_MONTHS),
        "block": (block, 1, 10**6),
    }
    for name, (value, low, high) in limits.items():
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
            raise ValueError(f"{name} = {value!r}: must be a whole number from {low} to {high}")


def _outcome_table(blocks: list[Block]) -> pd.DataFrame:
    names = list(blocks[0].outcomes)
    columns = {name: np.concatenate([block.outcomes[name] for block in blocks]) for name in names}
    return pd.DataFrame(columns).rename_axis("run")


def _dataset(blocks: list[Block], world: World, kind: SeriesKind) -> xr.Dataset:
    variables: dict[str, Any] = {}
    for name in blocks[0].series if kind == "runs" else blocks[0].moments:
        middle = ("month", *SERIES[name][0])
        if kind == "runs":
            variables[name] = (
                (*middle, "run"),
                np.concatenate([block.series[name] for block in blocks], axis=-1),
            )
        else:
            variables[name] = (
                ("statistic", *middle),
                _merged([block.moments[name] for block in blocks]).statistics(),
            )
    used = {dim for dims, _ in variables.values() for dim in dims}
    coordinates: dict[str, Any] = {dim: names for dim, names in labels(world).items() if dim in used}
    if variables:
        coordinates["month"] = np.arange(world.months)
        coordinates["date"] = ("month", [world.calendar.date(month) for month in range(world.months)])
    if "statistic" in used:
        coordinates["statistic"] = ["mean", "sd"]
    return xr.Dataset(variables, coordinates)


def _merged(moments: list[Moments]) -> Moments:
    total = moments[0]
    for other in moments[1:]:
        total = total.merge(other)
    return total
