"""All read-outs in one table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from tverretatlig_sim.ensemble.readouts import (
    chain,
    distances,
    instruments,
    ladder,
    matrix,
    mechanisms,
    roles,
)
from tverretatlig_sim.ensemble.readouts.setting import Setting
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble.ensemble import Ensemble

FRAMEWORKS: Mapping[str, ModuleType] = {
    "ladder": ladder,
    "distances": distances,
    "matrix": matrix,
    "mechanisms": mechanisms,
    "roles": roles,
    "instruments": instruments,
    "chain": chain,
}
"""The seven frameworks and what reads each, in the order of the tables."""

COLUMNS = ("framework", "kind", "mean", "low", "high", "n", "missing")
Rows = dict[str, tuple[str, str, float, float, float, int, int]]
"""Rows of the table by measure, in the order of ``COLUMNS``."""


def frameworks(
    scenario: Scenario | str | Path,
    months: int | None = None,
    parameters: Mapping[str, ArrayLike] | None = None,
) -> pd.DataFrame:
    """What a scenario is in terms of the sources' frameworks, without running it.

    Args:
        scenario: a loaded scenario, the name of a shipped one, or a path.
        months: length of a run; default: the scenario's.
        parameters: values that replace the defaults.

    Returns:
        One row a measure (index ``measure``): ``framework``, ``kind`` (here always ``given``), ``mean``, and
        ``low``, ``high``, ``n`` and ``missing``, which tell something of runs only. NaN where a measure does
        not apply.

    Raises:
        ScenarioError: if the scenario is not valid.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    return _table(given(Setting.of(scenario, months, parameters)))


def readouts(ensemble: Ensemble, level: float = 0.95) -> pd.DataFrame:
    """What runs reached in terms of the frameworks, beside what the scenario gives.

    Args:
        ensemble: runs of one scenario.
        level: of the interval.

    Returns:
        As ``frameworks``, with rows of kind ``reached``: mean over the ``n`` runs in which the measure
        applies, its interval, and the number of runs in which it is ``missing``.
    """
    setting = Setting.of(ensemble.scenario, ensemble.months, ensemble.parameters)
    return readouts_of(
        given(setting), reached(ensemble.outcomes, setting), level, anytime=ensemble.precision is not None
    )


def readouts_of(
    rows: Rows, runs: Mapping[str, pd.DataFrame], level: float = 0.95, *, anytime: bool = False
) -> pd.DataFrame:
    """The table of ``readouts`` from its two halves.

    Args:
        rows: as ``given`` gives them.
        runs: as ``reached`` gives them.
        level: of the interval.
        anytime: whether intervals must hold at every look.
    """
    found = dict(rows)
    for name, values in runs.items():
        for measure in values:
            mean = mean_interval(values[measure].to_numpy(), level, anytime=anytime)
            missing = int(values[measure].isna().sum())
            found[str(measure)] = (name, "reached", mean.mean, mean.low, mean.high, mean.n, missing)
    return _table(found)


def reached(outcomes: pd.DataFrame, setting: Setting) -> dict[str, pd.DataFrame]:
    """What each run reached, by framework: one row a run, one column a measure.

    Args:
        outcomes: of runs, as ``Ensemble.outcomes``.
        setting: in which they were made.
    """
    return {
        name: pd.DataFrame(module.reached(outcomes, setting), index=outcomes.index)
        for name, module in FRAMEWORKS.items()
    }


def given(setting: Setting) -> Rows:
    """Rows of the table for what a scenario gives, by measure."""
    return {
        measure: (name, "given", value, np.nan, np.nan, 0, 0)
        for name, module in FRAMEWORKS.items()
        for measure, value in module.given(setting).items()
    }


def _table(rows: Rows) -> pd.DataFrame:
    order = list(FRAMEWORKS)
    ordered = dict(sorted(rows.items(), key=lambda row: order.index(row[1][0])))
    return pd.DataFrame.from_dict(ordered, orient="index", columns=list(COLUMNS)).rename_axis("measure")
