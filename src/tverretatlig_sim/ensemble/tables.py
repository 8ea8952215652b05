"""Results of blocks of runs, put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from tverretatlig_sim.ensemble.observe import SERIES, labels
from tverretatlig_sim.ensemble.run import Block, Moments, SeriesKind
from tverretatlig_sim.world import World


def outcome_table(blocks: list[Block]) -> pd.DataFrame:
    """Outcomes of all runs: one row a run, one column an outcome."""
    names = list(blocks[0].outcomes)
    columns = {name: np.concatenate([block.outcomes[name] for block in blocks]) for name in names}
    return pd.DataFrame(columns).rename_axis("run")


def merged(one: Mapping[str, Moments], other: Mapping[str, Moments]) -> dict[str, Moments]:
    """Moments of the runs of both; ``one`` may be empty."""
    return {name: one[name].merge(moments) if one else moments for name, moments in other.items()}


def series_dataset(
    blocks: list[Block], moments: Mapping[str, Moments], world: World, kind: SeriesKind
) -> xr.Dataset:
    """Monthly series of all runs, or their mean and standard deviation."""
    variables: dict[str, Any] = {}
    for name in blocks[0].series if kind == "runs" else moments:
        middle = ("month", *SERIES[name][0])
        if kind == "runs":
            runs = np.concatenate([block.series[name] for block in blocks], axis=-1)
            variables[name] = ((*middle, "run"), runs)
        else:
            variables[name] = (("statistic", *middle), moments[name].statistics())
    used = {dim for dims, _ in variables.values() for dim in dims}
    coordinates: dict[str, Any] = {dim: names for dim, names in labels(world).items() if dim in used}
    if variables:
        coordinates["month"] = np.arange(world.months)
        coordinates["date"] = ("month", [world.calendar.date(month) for month in range(world.months)])
    if "statistic" in used:
        coordinates["statistic"] = ["mean", "sd"]
    return xr.Dataset(variables, coordinates)
