"""Our scenarios in the tools of others: EMA Workbench, SALib, Optuna, and Mesa's batch runner.

Nothing of theirs is imported before it is needed.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tverretatlig_sim.arrays import Floats, quotient
from tverretatlig_sim.ensemble.ensemble import MOST_MONTHS, simulate
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.parameters import ParameterSpec, check_parameters, parameter_specs
from tverretatlig_sim.study.sampling import ParameterSets, uncertain_parameters
from tverretatlig_sim.study.search.dials import dials_of, turned

if TYPE_CHECKING:
    from ema_workbench import Model

Source = Scenario | str | Path
"""A scenario, the name of one that comes with the package, or the path of a scenario file."""

HEADLINE = "implemented_rate"


def means(
    scenario: Source,
    outcomes: Sequence[str],
    runs: int,
    seed: int,
    months: int | None,
    parameters: Mapping[str, float],
) -> dict[str, float]:
    """Means of some outcomes over runs; NaN where an outcome is undefined in every run.

    Raises:
        ScenarioError: if the scenario or a parameter is not valid.
        ValueError: if there is no such outcome, or a number is out of range.
    """
    table = simulate(scenario, runs, seed, months, parameters, series="none").outcomes
    if unknown := [name for name in outcomes if name not in table]:
        raise ValueError(f"no outcome {unknown[0]!r}; allowed: {', '.join(map(str, table))}")
    return {name: float(table[name].mean()) for name in outcomes}


def salib_problem(names: Sequence[str] = ()) -> dict[str, Any]:
    """Parameters and their evidence ranges as SALib reads them: ``num_vars``, ``names`` and ``bounds``.

    Args:
        names: of parameters; default: every parameter whose evidence range has a width.

    Raises:
        ScenarioError: if there is no such parameter.
    """
    specs = _ranges(names)
    return {
        "num_vars": len(specs),
        "names": list(specs),
        "bounds": [[spec.low, spec.high] for spec in specs.values()],
    }


def salib_function(
    scenario: Source,
    names: Sequence[str] = (),
    outcome: str = HEADLINE,
    runs: int = 100,
    seed: int = 1,
    months: int | None = None,
) -> Callable[[Floats], Floats]:
    """A function of SALib samples: one batch for all points, whatever their number.

    Args:
        scenario: what to simulate.
        names: the parameters of the columns, as in ``salib_problem``.
        outcome: whose mean over runs is returned.
        runs: of each point.
        seed: of the draws; every run of every point has luck of its own.
        months: length of a run; default: the scenario's.

    Returns:
        Takes an array of shape (point, parameter), gives one of shape (point,). What must be a whole number
        is rounded. It raises ValueError where the outcome is undefined in every run of a point.
    """
    specs = _ranges(names)
    chosen = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)

    def evaluated(points: Floats) -> Floats:
        columns = [np.round(x) if s.whole else x for x, s in zip(points.T, specs.values(), strict=True)]
        values = ParameterSets(tuple(specs), np.column_stack(columns)).by_run(runs)
        table = simulate(chosen, len(points) * runs, seed, months, values, series="none").outcomes
        found = _means_of(table[outcome].to_numpy(dtype=np.float64).reshape(len(points), runs))
        if not np.isfinite(found).all():
            raise ValueError(f"{outcome} is undefined in every run of a point; try more runs or months")
        return found

    return evaluated


def ema_model(
    scenarios: Sequence[str],
    names: Sequence[str] = (),
    outcomes: Sequence[str] = (HEADLINE,),
    runs: int = 100,
    seed: int = 1,
    months: int | None = None,
) -> Model:
    """A model for the EMA Workbench: parameters as uncertainties, scenarios as the lever ``arrangement``.

    EMA Workbench 2.5.3 passes on the results of the run before if a run fails with its ``CaseError``. This
    model never raises that, so a run that fails ends the experiment with an error instead.

    Args:
        scenarios: names of shipped scenarios, or paths of files; a single one is a constant, not a lever.
        names: parameters, as in ``salib_problem``; sampled from their evidence ranges.
        outcomes: whose means over runs are the outcomes.
        runs: of each experiment, all on the same draws.
        seed: of the draws.
        months: length of a run; default: the scenario's.

    Raises:
        ScenarioError: if there is no such parameter or scenario.
    """
    with warnings.catch_warnings():
        # What it says of its own optional parts is no news to our users.
        warnings.filterwarnings("ignore", message="ipyparallel not installed", category=UserWarning)
        from ema_workbench import (
            CategoricalParameter,
            Constant,
            IntegerParameter,
            Model,
            RealParameter,
            ScalarOutcome,
        )

    for name in scenarios:
        load_scenario(name)
    model = Model("tverretatlig", function=partial(_experiment, tuple(outcomes), runs, seed, months))
    model.uncertainties = [
        IntegerParameter(name, int(spec.low), int(spec.high))
        if spec.whole
        else RealParameter(name, spec.low, spec.high)
        for name, spec in _ranges(names).items()
    ]
    if len(scenarios) > 1:
        model.levers = [CategoricalParameter("arrangement", list(scenarios))]
    else:
        model.constants = [Constant("arrangement", scenarios[0])]
    model.outcomes = [ScalarOutcome(name) for name in outcomes]
    return model


def _experiment(
    outcomes: tuple[str, ...], runs: int, seed: int, months: int | None, arrangement: str, **parameters: float
) -> dict[str, float]:
    """One experiment; a function of the module, so that it can travel to other processes."""
    try:
        return means(arrangement, outcomes, runs, seed, months, parameters)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        # A CaseError, which is no Exception, would be swallowed and the last run's results taken for these.
        raise RuntimeError(f"experiment with {arrangement}, {parameters}: {error}") from error


def optuna_objective(
    scenario: Source,
    outcomes: Sequence[str] = (HEADLINE,),
    dials: Sequence[str] = (),
    runs: int = 100,
    seed: int = 1,
    months: int | None = None,
) -> Callable[[Any], float | tuple[float, ...]]:
    """An objective for Optuna: dials of the structure as suggestions, means of outcomes as values.

    All trials have the same draws. Where an outcome is undefined in every run, the value is NaN and Optuna
    counts the trial as failed. The command ``search`` does this and takes the winner's luck out again.

    Args:
        scenario: whose structure to vary.
        outcomes: one for one objective, more for several.
        dials: names of those to turn, see ``study.search.dials_of``; default: all.
        runs: of each trial.
        seed: of the draws.
        months: length of a run; default: the scenario's.

    Raises:
        ScenarioError: if the scenario cannot be loaded.
        ValueError: if the scenario has no such dial.
    """
    chosen = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    known = {dial.name: dial.levels for dial in dials_of(chosen)}
    if unknown := [name for name in dials if name not in known]:
        raise ValueError(f"{chosen.name} has no dial {unknown[0]}; allowed: {', '.join(known)}")

    def objective(trial: Any) -> float | tuple[float, ...]:  # noqa: ANN401 - Optuna need not be there
        settings = {name: trial.suggest_categorical(name, known[name]) for name in dials or known}
        found = means(turned(chosen, settings), outcomes, runs, seed, months, {})
        values = tuple(found[name] for name in outcomes)
        return values if len(values) > 1 else values[0]

    return objective


def mesa_batch(
    scenarios: Sequence[str], seeds: Sequence[int], months: int, **parameters: float | Sequence[float]
) -> dict[str, Any]:
    """Arguments for ``mesa.batch_run`` whose last row is the state after exactly so many months.

    ``batch_run`` of Mesa 3.3 makes one step more than ``max_steps`` and shows the last row but one.

    Args:
        scenarios: names of shipped scenarios, or paths of files.
        seeds: of the runs.
        months: at least 1.
        **parameters: behavioural parameters, one value or several each.

    Returns:
        Keyword arguments, the model class among them.

    Raises:
        ScenarioError: if there is no such parameter, or a value is not allowed.
        ValueError: if the months are out of range.
    """
    from tverretatlig_sim.mesa_model import CoordinationModel

    check_parameters(parameters)
    if not 1 <= months < MOST_MONTHS:
        raise ValueError(f"months = {months}: must be a whole number from 1 to {MOST_MONTHS - 1}")
    values = {"scenario": list(scenarios), "rng": list(seeds), "months": months + 1, **parameters}
    return {
        "model_cls": CoordinationModel,
        "parameters": values,
        "max_steps": months,
        "display_progress": False,
    }


def _ranges(names: Sequence[str]) -> dict[str, ParameterSpec]:
    """Parameters with their evidence ranges, in the order of the names."""
    if not names:
        return uncertain_parameters()
    specs = parameter_specs()
    check_parameters({name: specs[name].value if name in specs else 0.0 for name in names})
    return {name: specs[name] for name in names}


def _means_of(values: Floats) -> Floats:
    """Means of the rows, NaN left out. Shape (row,)."""
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return quotient(total, count.astype(np.float64), np.nan)
