"""What the frameworks' read-outs are read from: a scenario, its world, and parameter values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.world import World, build_world

Numbers: TypeAlias = dict[str, float]
"""Measures that a scenario gives, by name; NaN where one does not apply."""
Columns: TypeAlias = dict[str, Floats]
"""Measures of each run, arrays of shape (run,), by name; NaN where one does not apply."""


@dataclass(frozen=True)
class Setting:
    """Where a measure is taken.

    Attributes:
        scenario: the arrangement with its portfolio and letters.
        world: the same, indexed.
        parameters: one value of each parameter; the mean, where runs differ.
    """

    scenario: Scenario
    world: World
    parameters: Mapping[str, float]

    @classmethod
    def of(
        cls, scenario: Scenario, months: int | None = None, parameters: Mapping[str, ArrayLike] | None = None
    ) -> Setting:
        """The setting of a run.

        Args:
            scenario: what is run.
            months: length of a run; default: the scenario's.
            parameters: values that replace the defaults; a scalar, or one value a run.
        """
        values: dict[str, float] = {name: spec.value for name, spec in parameter_specs().items()}
        values |= {name: float(quantity) for name, quantity in scenario.parameters.items()}
        values |= {
            name: float(np.mean(np.asarray(given, dtype=np.float64)))
            for name, given in (parameters or {}).items()
        }
        return cls(
            scenario, build_world(scenario, scenario.default_months if months is None else months), values
        )


Given = Callable[[Setting], Numbers]
"""Reads measures off a scenario."""
Reached = Callable[[pd.DataFrame, Setting], Columns]
"""Reads measures off the outcomes of runs."""


def mean(values: Floats, weights: Floats | None = None) -> float:
    """Weighted mean; NaN where there is nothing to average."""
    heavy = np.ones(len(values)) if weights is None else weights
    total = float(heavy.sum())
    return float((values * heavy).sum()) / total if total > 0 else np.nan


def column(outcomes: pd.DataFrame, name: str) -> Floats:
    """An outcome of each run."""
    return outcomes[name].to_numpy(dtype=np.float64)
