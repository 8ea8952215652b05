"""The kernel equals the scalar reference, written from the ODD document alone, on the same draws."""

from __future__ import annotations

import numpy as np
import pytest

import tverretatlig_sim as ts
from reference import default_parameters, run_reference
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.parameters import parameter_specs

RUNS = 3
TOLERANCE = 1e-9

SERIES_IN_HISTORY = {
    "attention": "attention",
    "ownership": "ownership",
    "inclusion": "inclusion",
    "effort": "effort",
    "load": "load",
    "service_quality": "quality",
    "backlog": "backlog",
    "progress": "progress",
}


def assert_agrees(
    scenario: Scenario, overrides: dict[str, float], seed: int, months: int, runs: int = RUNS
) -> None:
    ensemble = ts.simulate(scenario, runs=runs, seed=seed, months=months, parameters=overrides, series="runs")
    for run in range(runs):
        parameters = {**default_parameters(scenario), **overrides}
        reference = run_reference(scenario, seed=seed, run=run, months=months, parameters=parameters)
        own = ensemble.outcomes.loc[run].to_dict()
        assert own.keys() == reference.outcomes.keys()
        for name, value in reference.outcomes.items():
            np.testing.assert_allclose(
                own[name], value, rtol=TOLERANCE, atol=TOLERANCE, err_msg=f"{name}, run {run}"
            )
        assert_same_paths(ensemble, reference.history, run)


def assert_same_paths(ensemble: Ensemble, history: list[dict], run: int) -> None:
    for series, key in SERIES_IN_HISTORY.items():
        if series not in ensemble.series:
            continue
        values = ensemble.series[series].isel(run=run)
        dim = values.dims[1]
        for month, snapshot in enumerate(history):
            expected = [snapshot[key][name] for name in values[dim].values]
            np.testing.assert_allclose(
                values.isel(month=month),
                expected,
                rtol=TOLERANCE,
                atol=TOLERANCE,
                err_msg=f"{series}, month {month}",
            )


@pytest.mark.parametrize("name", ts.list_scenarios())
def test_shipped_scenarios(name: str) -> None:
    scenario = ts.load_scenario(name)
    assert_agrees(scenario, {}, seed=7, months=scenario.default_months)


@pytest.mark.parametrize("seed", range(6))
def test_random_parameters(seed: int) -> None:
    random = np.random.default_rng(seed)
    overrides = {
        name: float(np.round(value)) if spec.whole else float(value)
        for name, spec in parameter_specs().items()
        for value in [random.uniform(spec.low, spec.high)]
    }
    names = ts.list_scenarios()
    assert_agrees(ts.load_scenario(names[seed % len(names)]), overrides, seed=seed, months=50, runs=2)


def test_trace_agrees() -> None:
    scenario = ts.load_scenario("0-24-2018")
    reference = run_reference(scenario, seed=3, run=1, months=48, parameters=default_parameters(scenario))
    trace = ts.simulate(scenario, runs=2, seed=3, months=48).trace(run=1)
    own = sorted(
        zip(trace["month"], trace["recommendation"], trace["to_stage"], trace["reason"], strict=True)
    )
    expected = sorted(
        (t["month"], t["recommendation"], str(t["to_stage"]), t["reason"]) for t in reference.transitions
    )
    assert len(own) > 0
    assert [row[:2] for row in own] == [row[:2] for row in expected]
    assert [row[3] for row in own] == [row[3] for row in expected]
