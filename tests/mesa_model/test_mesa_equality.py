"""The Mesa model has no rules of its own: it gives what the ensemble gives, bit for bit."""

import doctest
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import tverretatlig_sim as ts
from tverretatlig_sim.mesa_model import model as module

SCENARIOS = ("0-24-2018", "etatssamarbeidet-2022", "pure-hierarchy")
LENGTHS = (1, 7, 40)
THIS_MONTH = ("structure_share", "coherence", "attendance_core", "attendance_periphery")


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def after(months: int, *args, **kwargs) -> ts.CoordinationModel:
    model = ts.CoordinationModel(*args, **kwargs)
    for _ in range(months):
        model.step()
    return model


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_outcomes_are_those_of_one_run(scenario):
    model = ts.CoordinationModel(scenario, rng=1)
    for length in LENGTHS:
        while model.month < length:
            model.step()
        ensemble = ts.simulate(scenario, runs=1, seed=1, months=length, series="none")
        same(model.outcomes(), ensemble.outcomes)
        same(model.trace(), ensemble.trace())


def test_it_is_the_first_of_many_runs():
    outcomes = ts.simulate("0-24-2015", runs=3, seed=2**64 - 1, months=12, series="none").outcomes
    same(after(12, "0-24-2015", rng=2**64 - 1).outcomes(), outcomes.iloc[[0]])


def test_parameters_and_phases_reach_the_kernel():
    changes = {"friction": 0.9, "trust_growth": 0.01}
    phases = tuple(phase for phase in ts.PHASES if phase.__name__ != "renew")
    ensemble = ts.simulate(
        "0-24-2018", runs=1, seed=3, months=9, parameters=changes, rules=phases, series="none"
    )
    same(after(9, "0-24-2018", rng=3, rules=phases, **changes).outcomes(), ensemble.outcomes)
    assert not ensemble.outcomes.equals(after(9, "0-24-2018", rng=3).outcomes())


def test_it_stops_running_at_its_length_but_can_go_on():
    model = ts.CoordinationModel("0-24-2018", rng=1, months=3)
    model.run_model()
    assert (model.month, model.running) == (3, False)
    model.step()
    assert (model.month, model.running) == (4, False)
    same(model.outcomes(), ts.simulate("0-24-2018", runs=1, seed=1, months=4).outcomes)


def test_default_length_is_that_of_the_scenario():
    scenario = ts.load_scenario("0-24-2018")
    assert ts.CoordinationModel(scenario).months == scenario.default_months


def test_outcomes_and_trace_before_the_first_month():
    model = ts.CoordinationModel("0-24-2018", rng=1)
    outcomes = model.outcomes()
    assert list(outcomes.columns) == list(after(1, rng=1).outcomes().columns)
    assert outcomes["drafted"].item() == 0
    assert np.isnan(outcomes["structure_share"].item())
    assert model.trace().empty


def test_mesa_numbers_change_nothing():
    one, other = after(5, rng=1), ts.CoordinationModel(rng=1)
    for _ in range(5):
        other.random.random()
        other.rng.random()
        other.agents.shuffle_do("step")
        other.step()
    same(one.outcomes(), other.outcomes())


def test_collected_data_are_the_monthly_series():
    collected = after(8, "0-24-2018", rng=4).datacollector.get_model_vars_dataframe()
    series = ts.simulate("0-24-2018", runs=1, seed=4, months=8, series="runs").series.isel(run=0)
    assert collected["month"].tolist() == list(range(9))
    assert collected["date"].tolist()[1:] == series["date"].values.tolist()
    for name in [name for name, values in series.items() if values.dims == ("month",)]:
        np.testing.assert_array_equal(collected[name].to_numpy()[1:], series[name].values)
    for stage in series["stage"].values:
        expected = series["recommendations"].sel(stage=stage).values
        np.testing.assert_array_equal(collected[f"recommendations_{stage}"].to_numpy()[1:], expected)


def test_collected_start():
    model = ts.CoordinationModel("0-24-2018", rng=1)
    start = model.datacollector.get_model_vars_dataframe().iloc[0]
    assert start["date"] == "2018-04"
    assert start[list(THIS_MONTH)].isna().all()
    assert start["recommendations_planned"] == len(model.world.recommendations.names)
    assert start["understanding_gap"] == model.outcomes()["understanding_gap"].item()


def test_example_of_the_docstring():
    results = doctest.testmod(module)
    assert results.attempted > 5
    assert results.failed == 0


STORY = """
import sys
import tverretatlig_sim as ts
assert "mesa" not in sys.modules
model = ts.CoordinationModel("pure-network", rng=1, months=2)
model.run_model()
model.outcomes(), model.trace(), model.datacollector.get_model_vars_dataframe()
"""


def test_mesa_is_imported_late_and_nothing_warns():
    subprocess.run([sys.executable, "-W", "error", "-c", STORY], check=True, timeout=60)
