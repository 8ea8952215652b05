"""The Mesa model has no rules of its own: it gives what the ensemble gives, bit for bit, as live agents."""

import doctest
import inspect
import math
import subprocess
import sys

import mesa
import numpy as np
import pandas as pd
import pytest

import tverretatlig_sim as ts
from tverretatlig_sim import mesa_model as module
from tverretatlig_sim.mesa_model import AgencyAgent, MinistryAgent

VARIABLES = ("ownership", "inclusion", "load", "effort", "meeting_time")
MONTHS = 4


@pytest.fixture
def model():
    return ts.CoordinationModel("0-24-2018", rng=1)


def after(months: int, *args, **kwargs) -> ts.CoordinationModel:
    model = ts.CoordinationModel(*args, **kwargs)
    for _ in range(months):
        model.step()
    return model


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, check_exact=True)


@pytest.mark.parametrize("scenario", ["0-24-2018", "pure-hierarchy"])
def test_outcomes_and_trace_are_those_of_one_run(scenario):
    model = ts.CoordinationModel(scenario, rng=1)
    for length in (1, 7, 40):
        while model.month < length:
            model.step()
        ensemble = ts.simulate(scenario, runs=1, seed=1, months=length, series="none")
        same(model.outcomes(), ensemble.outcomes)
        same(model.trace(), ensemble.trace())


def test_it_is_the_first_of_many_runs():
    outcomes = ts.simulate("0-24-2015", runs=3, seed=2**64 - 1, months=12, series="none").outcomes
    same(after(12, "0-24-2015", rng=2**64 - 1).outcomes(), outcomes.iloc[[0]])


def test_parameters_and_rules_reach_the_kernel():
    changes, rules = {"friction": 0.9, "trust_growth": 0.01}, ts.RULES.without("renew")
    ensemble = ts.simulate("0-24-2018", 1, 3, 9, changes, rules=rules, series="none")
    same(after(9, "0-24-2018", rng=3, rules=rules, **changes).outcomes(), ensemble.outcomes)
    assert not ensemble.outcomes.equals(after(9, "0-24-2018", rng=3).outcomes())


def test_it_stops_running_at_its_length_but_can_go_on(model):
    assert model.months == model.resolved_scenario.default_months
    model = ts.CoordinationModel("0-24-2018", rng=1, months=3)
    model.run_model()
    assert (model.month, model.running) == (3, False)
    model.step()
    assert (model.month, model.running) == (4, False)
    same(model.outcomes(), ts.simulate("0-24-2018", runs=1, seed=1, months=4).outcomes)


def test_before_the_first_month(model):
    outcomes, start = model.outcomes(), model.datacollector.get_model_vars_dataframe().iloc[0]
    assert outcomes["drafted"].item() == 0
    assert model.trace().empty
    assert start["date"] == "2018-04"
    assert start[list(module.OF_A_MONTH)].isna().all()
    assert start["recommendations_planned"] == len(model.world.recommendations.names)
    assert start["understanding_gap"] == outcomes["understanding_gap"].item()


def test_mesa_numbers_change_nothing():
    one, other = after(5, rng=1), ts.CoordinationModel(rng=1)
    for _ in range(5):
        other.random.random()
        other.rng.random()
        other.agents.shuffle_do("step")
        other.step()
    same(one.outcomes(), other.outcomes())


def test_collected_data_are_the_monthly_series():
    model = ts.CoordinationModel("0-24-2018", rng=4, months=8)
    model.run_model()
    collected = model.datacollector.get_model_vars_dataframe()
    series = ts.simulate("0-24-2018", runs=1, seed=4, months=8, series="runs").series.isel(run=0)
    assert collected["month"].tolist() == list(range(9))
    assert collected["date"].tolist()[1:] == series["date"].values.tolist()
    for name in [name for name, values in series.items() if values.dims == ("month",)]:
        np.testing.assert_array_equal(collected[name].to_numpy()[1:], series[name].values)
    for stage in series["stage"].values:
        expected = series["recommendations"].sel(stage=stage).values
        np.testing.assert_array_equal(collected[f"recommendations_{stage}"].to_numpy()[1:], expected)
    agencies = model.datacollector.get_agenttype_vars_dataframe(AgencyAgent)
    ministries = model.datacollector.get_agenttype_vars_dataframe(MinistryAgent)
    views = [(agencies, "agency", name) for name in VARIABLES] + [(ministries, "ministry", "attention")]
    for frame, kind, name in views:
        wide = frame.reset_index().pivot_table(index="Step", columns="name", values=name)
        assert wide.columns.tolist() == series[kind].values.tolist()
        np.testing.assert_array_equal(wide.to_numpy()[1:], series[name].transpose("month", kind).values)


def test_agents_are_live_views_of_the_scenario_s_actors(model):
    scenario, agents = model.resolved_scenario, list(model.agents)
    for _ in range(3):
        model.step()
    assert list(model.agents) == agents
    assert model.agents_by_type[AgencyAgent].get("name") == list(model.world.agencies.own_names)
    for given in scenario.everyone:
        agent, row = model.agency(given.name), model.world.agencies.names.index(given.name)
        assert agent.ministry == given.ministry
        assert given.name in model.ministry(given.ministry).agencies
        assert agent.core == (given.name in scenario.core)
        seats = [forum.name for forum in scenario.forums if given.name in forum.seats]
        assert agent.seats == tuple(sorted(seats))
        assert [getattr(agent, name) for name in VARIABLES] == [
            getattr(model.state, name)[row, 0] for name in VARIABLES
        ]
        assert list(agent.understanding.values()) == model.state.understanding[:, row, 0].tolist()
    for row, name in enumerate(model.world.ministries.names):
        assert model.ministry(name).attention == model.state.attention[row, 0]


def test_agents_are_read_only(model):
    for name in (*VARIABLES, "name", "ministry", "core", "seats", "understanding"):
        with pytest.raises(AttributeError):
            setattr(model.agency("Udir"), name, 1.0)
    with pytest.raises(AttributeError):
        model.ministry("KD").attention = 1.0


def test_trust_and_space(model):
    model.step()
    world, names = model.world, model.world.agencies.names
    seated = names[len(world.agencies.own_names) :]
    for tie in world.rows["tie"]:  # ministries that sit in forums are no agents there
        i, j = world.ties.source[tie], world.ties.target[tie]
        source, target = model.agency(names[i]), model.agency(names[j])
        assert source.trust(target) == source.trust(target.name) == model.state.trust[tie, 0]
    udir = model.agency("Udir")
    assert math.isnan(udir.trust(udir))
    trusted = {cell.agents[0].name for cell in udir.cell.connections.values()}
    assert trusted == {names[j] for j in world.ties.target[world.ties.source == udir.row]} - {*seated}
    assert udir.mean_trust == pytest.approx(model.state.trust[world.ties.source == udir.row].mean())
    assert [cell.agents[0].name for cell in model.space.all_cells] == list(world.agencies.own_names)
    assert model.space.G.number_of_edges() == len(world.rows["tie"])


def test_unknown_actors(model):
    for find in (model.agency, model.ministry):
        with pytest.raises(ts.ScenarioError, match=f"there is no such {find.__name__}"):
            find("nobody")
    with pytest.raises(ts.ScenarioError, match='did you mean "Udir"'):
        model.agency("Hdir").trust("udir")


def test_every_argument_has_a_default_and_a_scenario_comes_in_any_form():
    parameters = inspect.signature(ts.CoordinationModel).parameters.values()
    assert [p.name for p in parameters if p.default is p.empty] == ["kwargs"]
    assert ts.CoordinationModel().resolved_scenario.name == ts.list_scenarios()[0]
    assert ts.CoordinationModel("pure-network").scenario is None  # Mesa's app would hand its own on
    scenario = ts.load_scenario("pure-network")
    for given in ("pure-network", scenario.path, str(scenario.path), scenario):
        assert ts.CoordinationModel(given).resolved_scenario == scenario


@pytest.mark.parametrize("seed", [0, np.int64(5), 2**64 - 1])
def test_whole_numbers_are_seeds(seed):
    for model in (ts.CoordinationModel(rng=seed), ts.CoordinationModel(seed=seed)):
        assert model.seed_used == seed
        assert type(model.seed_used) is int


@pytest.mark.parametrize(
    "make", [np.random.default_rng, np.random.PCG64, np.random.SeedSequence, lambda seed: [seed, 1]]
)
def test_sources_of_random_numbers_give_seeds(make):
    seeds = [ts.CoordinationModel(rng=make(seed)).seed_used for seed in (1, 1, 2)]
    assert seeds[0] == seeds[1] != seeds[2]
    assert ts.CoordinationModel().seed_used != ts.CoordinationModel().seed_used


@pytest.mark.parametrize(
    ("given", "error", "match"),
    [
        ({"rng": -1}, ValueError, "-1"),
        ({"rng": 2**64}, ValueError, "whole number from 0"),
        ({"rng": True}, ValueError, "True"),
        ({"rng": "1"}, TypeError, "1"),
        ({"rng": 1.5}, TypeError, "1.5"),
        ({"rng": 1, "seed": 1}, ValueError, "two names of one thing"),
        ({"months": 0}, ValueError, "months = 0"),
        ({"scenario": "0-24-2019"}, ts.ScenarioError, "did you mean"),
        ({"fricton": 0.1}, ts.ScenarioError, 'did you mean "friction"'),
        ({"friction": "much"}, ts.ScenarioError, "friction"),
        ({"friction": [0.1, 0.2]}, ValueError, "friction has 2 values"),
    ],
)
def test_refusals(given, error, match):
    with pytest.raises(error, match=match):
        ts.CoordinationModel(**given)


@pytest.mark.parametrize("processes", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_batch_run(processes):
    """One row a scenario, seed and parameter, with the numbers of ``simulate``, in every version of Mesa."""
    parameters = {"scenario": "pure-network", "friction": [0.1, 0.9], "rng": [1, 2, 2], "months": 9}
    rows = mesa.batch_run(
        ts.CoordinationModel, parameters, processes, max_steps=MONTHS, display_progress=False
    )
    one_a_run = pd.DataFrame(rows).drop_duplicates("RunId")
    assert sorted(zip(one_a_run["rng"], one_a_run["friction"], strict=True)) == [
        (1, 0.1), (1, 0.9), (2, 0.1), (2, 0.1), (2, 0.9), (2, 0.9)
    ]  # fmt: skip
    for _, row in one_a_run.iterrows():
        outcomes = ts.simulate("pure-network", 1, row["rng"], MONTHS, {"friction": row["friction"]}).outcomes
        assert (row["month"], row["trust_mean"]) == (MONTHS, outcomes["trust_mean"].item())


@pytest.mark.skipif("rng" not in inspect.signature(mesa.batch_run).parameters, reason="Mesa 3.3")
def test_seeds_that_batch_run_takes_itself():
    rows = mesa.batch_run(
        ts.CoordinationModel, {"months": 2}, max_steps=2, display_progress=False, rng=[1, 1, 5]
    )
    assert pd.DataFrame(rows).drop_duplicates("RunId")["rng"].to_list() == [1, 1, 5]


def test_later_versions_of_mesa_add_an_empty_seed():
    """From 3.4 on, batch runs give None to ``seed`` where a model has one, and to ``rng`` else."""
    assert "seed" in inspect.signature(ts.CoordinationModel).parameters
    assert ts.CoordinationModel(rng=3, seed=None).seed_used == 3


def test_batch_run_collects_every_month():
    parameters = {"scenario": ts.load_scenario("pure-network"), "rng": 1}
    rows = mesa.batch_run(
        ts.CoordinationModel, parameters, data_collection_period=1, max_steps=MONTHS, display_progress=False
    )
    assert sorted({row["month"] for row in rows}) == list(range(MONTHS + 1))


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


@pytest.mark.slow
def test_mesa_is_imported_late_and_nothing_warns():
    subprocess.run([sys.executable, "-W", "error", "-c", STORY], check=True, timeout=60)
