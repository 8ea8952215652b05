"""Results that fit other tools: one frame, xarray with attributes, netCDF, chosen series, named scenarios."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import tverretatlig_sim as ts
from tverretatlig_sim.scenario.overlay import fingerprint

NAME, MONTHS = "0-24-2018", 6
TURNOVER = pd.Series([0.01, 0.02, 0.03])


def test_parameters_stand_beside_outcomes() -> None:
    ensemble = ts.simulate(NAME, np.int64(3), months=np.int16(MONTHS), parameters={"turnover": TURNOVER})
    frame = ensemble.frame()
    assert frame["turnover"].tolist() == TURNOVER.tolist()
    assert frame.drop(columns="turnover").equals(ensemble.outcomes)
    assert ensemble.frame(["line_drop"])["line_drop"].nunique() == 1
    with pytest.raises(ValueError, match="no parameter 'line_dorp'"):
        ensemble.frame(["line_dorp"])


def test_datasets_say_what_they_hang_on_also_as_netcdf(tmp_path: Path) -> None:
    ensemble = ts.simulate(NAME, 3, seed=2**64 - 1, months=MONTHS, parameters={"turnover": TURNOVER})
    for name, dataset in {"runs": ensemble.to_xarray(), "series": ensemble.series}.items():
        dataset.to_netcdf(tmp_path / f"{name}.nc")
        with xr.open_dataset(tmp_path / f"{name}.nc") as read:
            assert read.attrs["scenario_sha256"] == fingerprint(ensemble.scenario)
            assert read.attrs["seed"] == str(2**64 - 1)
            assert read.attrs["source"] == f"tverretatlig-sim {ts.__version__}"
            assert all("units" in read[it].attrs for it in read.data_vars)
            assert set(read.data_vars) == set(dataset.data_vars)
    assert ensemble.to_xarray()["fte_spent"].attrs["units"] == "fte"
    assert ensemble.series["effort"].attrs["units"] == "FTE"


def test_every_run_of_some_series_only() -> None:
    every = ts.simulate(NAME, 3, months=MONTHS, series="runs").series
    some = ts.simulate(NAME, 3, months=MONTHS, series=iter(["trust_mean", "effort"])).series
    assert list(some.data_vars) == ["trust_mean", "effort"]
    xr.testing.assert_equal(some, every[["trust_mean", "effort"]])
    with pytest.raises(ValueError, match="no series 'truts'"):
        ts.simulate(NAME, 3, months=MONTHS, series=["truts"])


def test_scenarios_compared_under_names_with_parameters_of_their_own() -> None:
    named = {"as it is": NAME, "calm": NAME}
    found = ts.compare(
        named, 3, months=MONTHS, parameters={"calm": {"turnover": 0.0}}, outcomes=["trust_mean"]
    )
    assert list(found.ensembles) == ["as it is", "calm"]
    calm = ts.simulate(NAME, 3, months=MONTHS, parameters={"turnover": 0.0}).outcomes["trust_mean"]
    assert found.ensembles["calm"].outcomes["trust_mean"].equals(calm)
    frame = found.frame()
    assert frame.loc["calm", "turnover"].tolist() == [0.0] * 3
    assert (frame.loc["as it is", "turnover"] > 0).all()
    with pytest.raises(ValueError, match="no scenario 'clam'"):
        ts.compare(named, 3, parameters={"clam": {"turnover": 0.0}})
    found.plot()  # with one outcome of those that are usually shown
