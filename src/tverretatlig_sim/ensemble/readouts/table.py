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
    return _table(_given(Setting.of(scenario, months, parameters)))


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
    rows = _given(setting)
    for name, module in FRAMEWORKS.items():
        for measure, values in module.reached(ensemble.outcomes, setting).items():
            found = mean_interval(values, level, anytime=ensemble.precision is not None)
            missing = int(np.isnan(values).sum())
            rows[measure] = (name, "reached", found.mean, found.low, found.high, found.n, missing)
    return _table(rows)


Rows = dict[str, tuple[str, str, float, float, float, int, int]]


def _given(setting: Setting) -> Rows:
    return {
        measure: (name, "given", value, np.nan, np.nan, 0, 0)
        for name, module in FRAMEWORKS.items()
        for measure, value in module.given(setting).items()
    }


def _table(rows: Rows) -> pd.DataFrame:
    order = list(FRAMEWORKS)
    ordered = dict(sorted(rows.items(), key=lambda row: order.index(row[1][0])))
    return pd.DataFrame.from_dict(ordered, orient="index", columns=list(COLUMNS)).rename_axis("measure")
