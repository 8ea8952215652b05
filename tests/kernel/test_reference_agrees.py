"""The kernel equals the scalar reference, written from the ODD document alone, on the same draws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import pytest

import tverretatlig_sim as ts
from reference import default_parameters, run_reference
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.scenario.schema import Project, Table, given

T = TypeVar("T", bound=Table)

RUNS = 2
TOLERANCE = 1e-9

SERIES_IN_HISTORY = {
    "attention": "attention",
    "ownership": "ownership",
    "confidence": "confidence",
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


def random_parameters(seed: int) -> dict[str, float]:
    random = np.random.default_rng(seed)
    return {
        name: float(np.round(value)) if spec.whole else float(value)
        for name, spec in parameter_specs().items()
        for value in [random.uniform(spec.low, spec.high)]
    }


@pytest.mark.parametrize("name", ts.list_scenarios())
def test_shipped_scenarios(name: str) -> None:
    scenario = ts.load_scenario(name)
    assert_agrees(scenario, {}, seed=7, months=scenario.default_months)


@pytest.mark.parametrize("seed", range(6))
def test_random_parameters(seed: int) -> None:
    overrides = random_parameters(seed)
    names = ts.list_scenarios()
    assert_agrees(ts.load_scenario(names[seed % len(names)]), overrides, seed=seed, months=50, runs=2)


MECHANISMS = [
    "wait_and_see",
    "interdependence",
    "lead_push",
    "dominance",
    "round_trip",
    "ambition_weight",
    "signal_loss",
]
"""The switches of the seven mechanisms, but for the municipal chain, which has none."""


def changed(tables: Iterable[T], fields: dict[str, list[Any]]) -> list[T]:
    """Give each table its next value of every field, going round."""
    return [
        table.model_copy(update={name: values[n % len(values)] for name, values in fields.items()})
        for n, table in enumerate(tables)
    ]


def shares(*values: float) -> list[Any]:
    return [given(value) for value in values]


def chain(projects: list[Project], agencies: list[str]) -> list[str]:
    """The member of most municipal projects that is not in all of them, and the one that is in fewest."""
    groups = [project.members for project in projects if project.municipal]
    counts = {name: sum(name in members for members in groups) for name in agencies}
    partly = [name for name in agencies if counts[name] < len(groups)] or agencies
    most, fewest = max(partly, key=counts.__getitem__), min(partly, key=counts.__getitem__)
    return [most, fewest if fewest != most else next(name for name in agencies if name != most)]


def with_all_mechanisms(name: str, **arrangement: Any) -> Scenario:
    """A shipped scenario in which all seven mechanisms bite; its first forum opens every route."""
    scenario = ts.load_scenario(name)
    fields = {"municipal": [True, False], "rung": shares(3.0, 4.0, 4.0)}
    projects = changed(scenario.portfolio.project, fields)
    own = scenario.arrangement
    bodies = [*own.route, *(forum.name for forum in own.forum)]
    first = next((body for body in bodies if body != "line"), "line")
    rules = {
        "forum": changed(own.forum, {"rank": shares(0.3)}),
        "coordinator": own.coordinator or scenario.agencies[0].name,
        "lead_authority": given(0.5),
        "department_link": given(0.4),
        "programme_resources": given(0.3),
        "municipal_chain": chain(projects, [agency.name for agency in scenario.agencies]),
        "route": [first, "line"],
    }
    people = {"dependence": shares(0.1, 0.9, 0.5, 0.7), "ambition": shares(1.0, 3.0, 2.0, 4.0, 1.0)}
    return replace(
        scenario,
        agencies=tuple(changed(scenario.agencies, people)),
        arrangement=own.model_copy(update=rules | arrangement),
        portfolio=scenario.portfolio.model_copy(update={"project": projects}),
    )


@pytest.mark.parametrize("name", ts.list_scenarios())
def test_all_mechanisms_with_random_parameters(name: str) -> None:
    seed = ts.list_scenarios().index(name)
    scenario = with_all_mechanisms(name)
    assert_agrees(scenario, random_parameters(100 + seed), seed=seed, months=scenario.default_months)


@pytest.mark.parametrize("name", ["0-24-2018", "pure-network"])
@pytest.mark.parametrize(
    "arrangement", [{"delivery": "increments"}, {"coordinator": None}, {"project_groups": False}]
)
def test_all_mechanisms_in_other_arrangements(name: str, arrangement: dict[str, Any]) -> None:
    scenario = with_all_mechanisms(name, **arrangement)
    assert_agrees(scenario, {}, seed=5, months=scenario.default_months)


def test_all_mechanisms_bite() -> None:
    def outcomes(**off: float) -> dict[str, float]:
        scenario = with_all_mechanisms("0-24-2018")
        parameters = {"acceptance_intercept": 4.0, **off}
        table = ts.simulate(scenario, runs=40, seed=2, parameters=parameters).outcomes
        return dict(table.mean())

    usual = outcomes()
    for name in MECHANISMS:
        assert outcomes(**{name: 0.0})["fte_spent"] != usual["fte_spent"], name
    assert usual["round_trips"] > 0.0
    assert usual["lost_municipalities"] > 0.0
    assert usual["reached_municipalities"] > 0.0
    assert usual["carried_out"] > usual["implemented"]


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
